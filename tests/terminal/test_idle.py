"""Where nothing is to move, nothing at all is sent while nobody types: in each pane, and where one types.

For some seconds by default; READER_IDLE=60 waits a minute in each place, with both outputs.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.terminal import processes
from tests.terminal.conftest import RECORDS, Start
from tests.terminal.terminal import Terminal

SECONDS = float(os.environ.get("READER_IDLE", "1.2"))
"""A cursor that blinks does so twice a second."""
WAYS: tuple[dict[str, tuple[tuple[str, ...], str]], ...] = (
    {
        "list": ((), "ARTICLES"),
        "detail": (("l",), "DETAIL"),
        "sidebar": (("h", "h"), "VIEWS"),
        "topics": (("l", "t"), "Topics › "),
    },
    {
        "filter line": (("/",), "Esc as it was"),
        "filter line, typed": (("t", "o"), " / to"),
        "marking": (("escape", "escape", "*"), "MARK"),
        "fields": (("escape", "e"), "Fields › "),
    },
    {
        "palette": ((":",), "COMMANDS"),
        "palette, typed": (("s", "t", "a"), " : sta"),
        "a day, typed": (("escape", "escape", "z", "2"), "DEFER"),
    },
)
"""Keys that lead from the list and then from each place to the next one, and what is to be seen
there; each way is gone in a terminal of its own, and all are watched at once."""


@pytest.mark.long
@pytest.mark.parametrize("output", ["lean", "stock"] if SECONDS >= 60 else ["lean"])
def test_nothing_is_sent(start: Start, collection: Path, output: str) -> None:
    env = {"READER_MOTION": "none", "READER_OUTPUT": output}
    terminals = []
    for _ in WAYS:  # one after the other: the first one makes the index
        terminals.append(start(collection, env=env))
        terminals[-1].wait_for(f"1 of {RECORDS}")
    for terminal in terminals:
        terminal.wait_quiet(2.5)  # the record counts as read two seconds later
    for step in range(max(map(len, WAYS))):
        watched = {}
        for terminal, way in zip(terminals, WAYS, strict=True):
            if step < len(way):
                place = list(way)[step]
                lead(terminal, *way[place])
                watched[place] = terminal
        for terminal in watched.values():
            come_to_rest(terminal)
            terminal.begin()
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            for terminal in watched.values():
                terminal.pump(0.02)
        for place, terminal in watched.items():
            terminal.pump(0.0)
            assert terminal.output.bytes == 0, (place, bytes(terminal.output_bytes[-200:]))


def come_to_rest(terminal: Terminal) -> None:
    """Wait until nothing comes any more and the program has nothing to do: what a key has begun may
    be long in coming on a busy machine."""
    deadline = time.monotonic() + 20
    idle = 0
    while idle < 3 and time.monotonic() < deadline:
        terminal.wait_quiet(0.3, first=0.3, timeout=10)
        idle = 0 if processes.is_busy(terminal.pid) else idle + 1
        terminal.pump(0.2)


def lead(terminal: Terminal, keys: tuple[str, ...], seen: str) -> None:
    for key in keys:
        press(terminal, key)
    terminal.wait_for(seen)


def press(terminal: Terminal, key: str) -> None:
    terminal.begin()
    terminal.press(key)
    terminal.wait_quiet(0.15, first=1.0)
