"""Where the measurements keep what they make: collections, indexes, the rivals' own files.

All of it lives in `.bench/` of the checkout, or in $READER_BENCH_DIR, and can be thrown away.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests import corpus

CHECKOUT = Path(__file__).resolve().parents[2]
ROOT = Path(os.environ.get("READER_BENCH_DIR", CHECKOUT / ".bench")).resolve()


def name_of(count: int) -> str:
    """Return a count as people write it: 10k, 1M."""
    return f"{count // 1_000_000}M" if count >= 1_000_000 else f"{count // 1000}k"


def collection(count: int) -> Path:
    """Return the folder of the collection of `count` records, made now if it is not there."""
    folder = ROOT / f"collection-{name_of(count)}"
    stamp = folder.with_suffix(".json")
    made = json.dumps({"format": corpus.FILE_FORMAT, "count": count})
    if stamp.exists() and stamp.read_text() == made and folder.is_dir():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    started = time.perf_counter()
    corpus.write_collection(folder, count)
    stamp.write_text(made)
    print(f"made {count:,} records in {time.perf_counter() - started:.1f} s: {folder}")
    return folder


def program() -> Path:
    """Return the installed `reader`, the one beside this Python."""
    path = Path(sys.executable).parent / "reader"
    if not path.exists():
        raise SystemExit(f"{path} is missing: install the project there first (make bench does)")
    return path


def environment(name: str) -> dict[str, str]:
    """Return what keeps a `reader` to folders of its own below the bench folder."""
    home = ROOT / f"home-{name}"
    home.mkdir(parents=True, exist_ok=True)
    return {
        "READER_CACHE_DIR": str(home / "cache"),
        "READER_HINTS": "false",  # they would cover rows that are measured
        "READER_STATE_DIR": str(home / "state"),
        "READER_DATA_DIR": str(home / "data"),
        "READER_CONFIG": str(home / "config.toml"),
    }


def forget(name: str) -> None:
    """Throw away the index and the state of that environment."""
    shutil.rmtree(ROOT / f"home-{name}", ignore_errors=True)


def warm(count: int) -> dict[str, str]:
    """Return an environment whose index of the collection is up to date, with all that comes later."""
    env = environment(name_of(count))
    done = subprocess.run(
        [program(), "index", "--complete", collection(count)],
        env=os.environ | env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"reader index ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return env
