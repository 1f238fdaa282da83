"""The terminal's own cursor stands where one is: what reads a screen aloud or in braille goes by it."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tests.corpus import heads
from tests.terminal.conftest import RECORDS, Start
from tests.terminal.terminal import Terminal


def wait_at_cursor(
    terminal: Terminal,
    after: str,
    before: str = "",
    row: int | None = None,
    left_of_it: str = "",
) -> None:
    """Wait until on the cursor's row `before` ends left of it, `left_of_it` stands there, and
    `after` from it on."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        terminal.pump(0.05)
        at, column = terminal.emulator.cursor
        line = terminal.lines[at]
        left = line[:column]
        if (
            after in line[column:]
            and left.endswith(before)
            and left_of_it in left
            and row in (None, at)
        ):
            return
    raise TimeoutError(f"{before!r}|{after!r} is not at the cursor, {at}, {column}: {line!r}")


def test_it_follows_the_rows_of_every_pane(start: Start, collection: Path) -> None:
    first, second, third = (head.title[:20] for head in heads(RECORDS, 3))
    terminal = start(collection)
    terminal.wait_for(re.compile(rf"\b1 of {RECORDS}\b"))
    wait_at_cursor(terminal, first)
    assert 25 in terminal.emulator.modes
    for key, title in (("j", second), ("j", third), ("k", second)):
        terminal.press(key)
        wait_at_cursor(terminal, title)
    terminal.press("G")
    wait_at_cursor(terminal, list(heads(RECORDS, RECORDS))[-1].title[:20], row=38)
    terminal.press("h")
    wait_at_cursor(terminal, "All")
    assert terminal.emulator.cursor[1] == 0
    terminal.press("j")
    wait_at_cursor(terminal, "Unpublished")
    terminal.press("k", "l", "g", "l")
    # In the article: what stands left of the cursor is the list's line, which has the title too.
    wait_at_cursor(terminal, first, left_of_it=first)


def test_it_stands_where_text_is_typed(start: Start, collection: Path) -> None:
    terminal = start(collection)
    terminal.wait_for(re.compile(rf"\b1 of {RECORDS}\b"))
    terminal.wait_quiet(0.3)
    terminal.press("*")
    terminal.wait_for("MARK")
    terminal.press(*"abc")
    wait_at_cursor(terminal, " ", before="abc")
    terminal.press("left")
    wait_at_cursor(terminal, "c ", before="ab")
    terminal.press("escape")
    wait_at_cursor(terminal, next(heads(RECORDS, 1)).title[:20])
    terminal.press("/")
    terminal.wait_for("Enter keep")
    terminal.press(*"ab")
    wait_at_cursor(terminal, " ", before="/ ab")
    terminal.press("escape")
    wait_at_cursor(terminal, next(heads(RECORDS, 1)).title[:20])


@pytest.mark.parametrize("size", [(60, 24), (80, 24)])
def test_narrow_screens(start: Start, collection: Path, size: tuple[int, int]) -> None:
    _, second = (head.title[:15] for head in heads(RECORDS, 2))
    terminal = start(collection, size=size)
    terminal.wait_for(re.compile(rf"\b1 of {RECORDS}\b"))
    terminal.press("j")
    wait_at_cursor(terminal, second)
    terminal.resize(50, 20)
    wait_at_cursor(terminal, second)
