"""After a lost line, and at any start: the query, the record and the marks are those that were left."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from reader.library.places import SUFFIX, read_place
from tests.terminal.conftest import RECORDS, Start
from tests.terminal.terminal import Terminal

FIRST = re.compile(rf"\b1 of {RECORDS}\b")


def narrowed(terminal: Terminal) -> str:
    """List the unpublished, mark two of them, stand on the fourth; return its line's title."""
    terminal.wait_for(FIRST)
    terminal.wait_quiet(0.5)
    terminal.press("/", *"is:unpublished", "enter")
    terminal.wait_for(re.compile(r"\b1 of (?!60)\d+\b"))
    terminal.press("space", "space", "j")
    terminal.wait_for(re.compile(r"\b4 of \d+\b"))
    terminal.wait_for("2 marked")
    terminal.wait_quiet(0.2)
    return current(terminal)


def wait_kept(terminal: Terminal, state: Path) -> None:
    """Wait until the place is on the disk, which is a second later."""

    def is_kept() -> bool:
        places = [read_place(file) for file in state.glob(f"*{SUFFIX}")]
        return any(place and place.record and len(place.marks) == 2 for place in places)

    terminal.until(is_kept)


def current(terminal: Terminal) -> str:
    """The title on the cursor's line."""
    found = re.search(r"▌.{12}(.{20})", terminal.text)
    assert found, terminal.text
    return found[1]


@pytest.mark.parametrize("end", ["quit", "lost", "killed"])
def test_one_is_where_one_was(
    start: Start, collection: Path, isolated: dict[str, str], end: str
) -> None:
    terminal = start(collection, env={"READER_HINTS": "false"})
    title = narrowed(terminal)
    if end == "quit":
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    elif end == "lost":
        terminal.hang_up()
        assert terminal.wait_exit(15) == 128 + signal.SIGHUP
    else:
        wait_kept(terminal, Path(isolated["READER_STATE_DIR"]))
        os.kill(terminal.pid, signal.SIGKILL)
        terminal.wait_exit()
    again = start("resume") if end == "lost" else start(collection)
    again.wait_for(re.compile(r"\b4 of \d+\b"))
    again.wait_for("2 marked")
    again.wait_for("is:unpublished")
    assert current(again) == title


def test_fresh_begins_anew(start: Start, collection: Path) -> None:
    terminal = start(collection)
    narrowed(terminal)
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    fresh = start("--fresh", collection)
    fresh.wait_for(FIRST)
    fresh.wait_quiet(0.5)
    assert "marked" not in fresh.text


def test_nothing_to_resume(start: Start) -> None:
    terminal = start("resume")
    assert terminal.wait_exit() == 3
    assert "nothing to resume yet" in terminal.text
