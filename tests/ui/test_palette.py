"""The commands by name: found by what one remembers of them, with keys and reasons."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reader.library.collection import Collection
from reader.library.rules import Rules
from reader.ui.app import ReaderApp
from reader.ui.commands import COMMANDS
from reader.ui.screens.messages import MessagesSoFar
from reader.ui.screens.palette import Entry, Palette, found

Opening = Callable[[Path], Collection]
ENTRIES = [Entry(command) for command in COMMANDS]


def lines(app: ReaderApp) -> list[str]:
    return [strip.text for strip in app.screen._compositor.render_strips()]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("undo", "undo"),
        ("redr", "redraw"),
        ("publish", "decide.publish"),
        ("messages", "messages"),
        ("next unp", "move.next_unpublished"),
        ("qr", "link.code"),
        ("mark m", "mark.matching"),
        ("telephone", "link.code"),
        ("histry", "history"),
        ("", "move.down"),
    ],
)
def test_the_likeliest_comes_first(text: str, first: str) -> None:
    assert found(ENTRIES, text)[0].command.id == first


def test_what_no_command_is_called() -> None:
    assert found(ENTRIES, "zzzz") == []


async def test_keys_and_reasons_are_shown(folder: Path, open_collection: Opening) -> None:
    rules = Rules(False, "--read-only", "mark", "_archive")
    app = ReaderApp(open_collection(folder), rules=rules)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("colon", *"reject")
        assert isinstance(app.screen, Palette)
        await pilot.pause()
        (line,) = [each for each in lines(app) if "d F8" in each]
        assert "not now: decisions are off (--read-only)" in line
        await pilot.press("enter")
        assert isinstance(app.screen, Palette)
        assert "Decisions are off" in app.screen.footer.said
        assert not any(each >= "\U0001f000" for line in lines(app) for each in line)
        await pilot.press("escape")
        assert app.screen is app.desk


async def test_a_command_is_run_by_its_name(folder: Path, open_collection: Opening) -> None:
    app = ReaderApp(open_collection(folder))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+p", *"messages", "enter")
        assert isinstance(app.screen, MessagesSoFar)
        await pilot.press("escape", "colon", "down", "down", "enter")  # half a page down
        assert app.screen is app.desk
        assert app.desk.list.cursor > 1


async def test_nothing_blinks(folder: Path, open_collection: Opening) -> None:
    app = ReaderApp(open_collection(folder))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("colon")
        assert isinstance(app.screen, Palette)
        assert not app.screen.input.cursor_blink
