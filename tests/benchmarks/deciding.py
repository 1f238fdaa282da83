"""A bulk decision on many files, each synced to the disk, and its undo."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path

from tests.benchmarks import noise, places
from tests.benchmarks.results import Results

TABLE = "bulk decision with fsync, s"
COUNT = 10_000
_PUBLISH, _UNDO = "publish", "undo of it"
_ENVIRONMENT = "deciding"


def measure(results: Results, reps: int) -> None:
    """Publish 10,000 unpublished records in one step, and take it back."""
    name = places.name_of(COUNT)
    environment = places.environment(_ENVIRONMENT)
    source = places.collection(COUNT)
    folder = source.with_name(f"{source.name}-deciding")
    for _ in range(reps):
        with noise.watched(results, "triage"):
            places.forget(_ENVIRONMENT)
            _copy_unpublished(source, folder)
            _run(["index", str(folder)], environment)
            publish = ["triage", "publish", "--where", "all", "--json", "-C", str(folder)]
            for measured, argv in (
                (_PUBLISH, publish),
                (_UNDO, ["undo", "--json", "-C", str(folder)]),
            ):
                seconds, out = _run(argv, environment)
                done = [each for each in json.loads(out)["results"] if each["became"] == "done"]
                if len(done) != COUNT:
                    raise RuntimeError(f"{measured}: {len(done)} of {COUNT} records were changed")
                results.add(TABLE, name, measured, seconds)
    shutil.rmtree(folder)
    for measured in (_PUBLISH, _UNDO):
        results.target(
            f"bulk publish of {name}: {measured}", results.median(TABLE, name, measured), 60, " s"
        )


def _copy_unpublished(source: Path, folder: Path) -> None:
    """Copy a collection with every record unpublished, so that each file is to be edited."""
    shutil.rmtree(folder, ignore_errors=True)
    for path in source.rglob("*.md"):
        text = path.read_text()
        for decided in ("published: false\nremoved: true\n", "published: true\n"):
            text = text.replace(f"\n{decided}", "\npublished: false\n", 1)
        copy = folder / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text)


def _run(argv: list[str], environment: dict[str, str]) -> tuple[float, bytes]:
    begun = time.perf_counter()
    done = subprocess.run(
        [places.program(), *argv],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=argv[0] != "index",
    )
    return time.perf_counter() - begun, done.stdout
