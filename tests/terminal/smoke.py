"""Start an installed `reader` outside any checkout, move, and quit.

    python -m tests.terminal.smoke PROGRAM

Proves that the program's wheel holds all it needs: entry point, styles, sample.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.terminal.terminal import Terminal


def main(program: Path) -> None:
    """Drive `program`; an error that says what is wrong ends the script otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        env = {"HOME": folder} | {
            f"READER_{kind}_DIR": os.path.join(folder, kind.lower())
            for kind in ("CACHE", "STATE", "DATA")
        }
        env["READER_CONFIG"] = os.path.join(folder, "config.toml")
        cwd = Path(folder, "elsewhere")
        cwd.mkdir()
        title = _newest_title(program, env, cwd)
        with Terminal([program], env=env, cwd=cwd) as terminal:
            terminal.wait_for(re.compile(r"\b1 of \d+"))
            terminal.wait_for(title[:16])
            terminal.wait_for("VIEWS")  # styles are there: at 120 columns all panes show
            terminal.press("j")
            terminal.wait_for(re.compile(r"\b2 of \d+"))
            terminal.press("ctrl+q")
            code = terminal.wait_exit()
            if code != 0 or terminal.emulator.modes != {7, 25}:
                raise SystemExit(f"left with {code}, modes {terminal.emulator.modes}")
    print(f"started, showed {title!r}, moved, quit: all well")


def _newest_title(program: Path, env: dict[str, str], cwd: Path) -> str:
    """The title of the first record that `reader list` gives for the sample."""
    listed = subprocess.run(
        [program, "list", "--limit", "1", "--jsonl"],
        env=os.environ | env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if listed.returncode not in (0, 1):
        raise SystemExit(f"reader list ended with {listed.returncode}")
    record = json.loads(listed.stdout.splitlines()[0])
    return str(record.get("title") or record.get("name"))


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
