"""Where nothing is to move, nothing at all is sent while nobody types: in each pane, and where one types.

For some seconds by default; READER_IDLE=60 waits a minute in each place, with both outputs.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.terminal.conftest import RECORDS, Start
from tests.terminal.terminal import Terminal

SECONDS = float(os.environ.get("READER_IDLE", "1.2"))
"""A cursor that blinks does so twice a second."""
PLACES: dict[str, tuple[tuple[str, ...], str]] = {
    "list": ((), "ARTICLES"),
    "detail": (("l",), "DETAIL"),
    "sidebar": (("h", "h"), "VIEWS"),
    "filter line": (("l", "/"), "Esc as it was"),
    "filter line, typed": (("t", "o"), " / to"),
    "marking": (("escape", "escape", "*"), "MARK"),
    "fields": (("escape", "e"), "Fields › "),
    "topics": (("escape", "t"), "Topics › "),
    "a day, typed": (("escape", "z", "2"), "DEFER"),
    "palette": (("escape", "escape", ":"), "COMMANDS"),
    "palette, typed": (("s", "t", "a"), " : sta"),
}
"""Keys that lead from each place to the next one, and what is to be seen there."""


@pytest.mark.parametrize("output", ["lean", "stock"] if SECONDS >= 60 else ["lean"])
def test_nothing_is_sent(start: Start, collection: Path, output: str) -> None:
    env = {"READER_MOTION": "none", "READER_OUTPUT": output}
    terminal = start(collection, env=env)
    terminal.wait_for(f"1 of {RECORDS}")
    terminal.wait_quiet(2.5)  # the record counts as read two seconds later
    for place, (keys, seen) in PLACES.items():
        for key in keys:
            press(terminal, key)
        terminal.wait_for(seen)
        terminal.wait_quiet(0.3, first=0.3, timeout=10)
        terminal.begin()
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            terminal.pump(0.1)
        assert terminal.output.bytes == 0, (place, bytes(terminal.output_bytes[-200:]))


def press(terminal: Terminal, key: str) -> None:
    terminal.begin()
    terminal.press(key)
    terminal.wait_quiet(0.15, first=1.0)
