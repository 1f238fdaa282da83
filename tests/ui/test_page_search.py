"""Words looked for on a page of lines: the raw file, messages, and their like."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import ClassVar

import pytest
from textual.app import App
from textual.pilot import Pilot

from reader.ui.folding import broken, folded
from reader.ui.glyphs import UNICODE
from reader.ui.keys_in_order import KeysInOrder
from reader.ui.messages import Entry
from reader.ui.page_search import PageSearch
from reader.ui.screens.keys import Keys
from reader.ui.screens.messages import MessagesSoFar
from reader.ui.screens.pager import Pager
from reader.ui.screens.prompt import Prompt
from reader.ui.screens.raw import RawFile
from reader.ui.styles import style_sheet
from reader.ui.themes import DARK
from reader.ui.widgets.highlights import FOUND
from reader.ui.widgets.pieces import Line, Piece
from tests.until import until

TEXT = "\n".join(
    f"line {number}: {'Tide' if number % 10 == 5 else 'bread'}" for number in range(40)
)


def found(lines: Sequence[Line]) -> list[str]:
    return [piece.text for line in lines for piece in line if piece.role == FOUND]


def test_words_are_found_in_any_case_and_as_they_are_written() -> None:
    rows: list[list[Line]] = [[(Piece("The TIDE.mill, "), Piece("a tide"), Piece("xmill"))], [()]]
    lines, places = PageSearch("tide.MILL").found_in(rows)
    assert found(lines) == ["TIDE.mill"]
    assert places == [0]
    lines, places = PageSearch("tide").found_in(rows)
    assert found(lines) == ["TIDE", "tide"]
    assert places == [0]
    assert PageSearch("tidexmill").found_in(rows)[1] == [0]  # it is one text
    assert PageSearch("millstone").found_in(rows) == ([rows[0][0], ()], [])


@pytest.mark.parametrize("fold", [folded, lambda line, width: broken(line, width, 4)])
def test_words_are_found_across_the_end_of_a_line_that_goes_on(fold: object) -> None:
    line = (Piece("  1 ", "pane--dim"), Piece("some spring tides and aninterminableword"))
    for width in range(12, 60):
        parts = [*fold(line, width)]  # type: ignore[operator]  # one of the two above
        for words, begins in (("spring tides", "spring"), ("interminable", "in"), ("1 s", "1")):
            lines, places = PageSearch(words).found_in([[()], parts])
            assert "".join(found(lines)).replace(" ", "") == words.replace(" ", ""), (width, words)
            assert len(places) == 1
            assert begins[:1] in "".join(found([lines[places[0]]]))


class Shows(KeysInOrder):
    CSS_PATH: ClassVar = [style_sheet("desk.tcss")]

    def __init__(self, page: Pager) -> None:
        super().__init__()
        self.page = page
        self.register_theme(DARK)
        self.theme = DARK.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return DARK.variables

    def on_mount(self) -> None:
        self.push_screen(self.page)


@asynccontextmanager
async def shown(page: Pager, size: tuple[int, int] = (60, 14)) -> AsyncIterator[Pilot[None]]:
    app: App[None] = Shows(page)
    async with app.run_test(size=size) as pilot:
        await until(lambda: app.screen is page)
        await pilot.pause()
        yield pilot


async def test_the_raw_file_is_searched() -> None:
    page = RawFile("a.md", TEXT.encode(), UNICODE)
    async with shown(page, (40, 12)) as pilot:
        await pilot.press("n")
        assert page.footer.said == "/ looks for words."
        await pilot.press("slash", *"tide", "enter")
        await until(lambda: page.footer.said == "1 of 4")
        assert page.pane.cursor == 5
        assert found([page.pane.line(5, 40, at_cursor=True)]) == ["Tide"]
        shown_line = page.pane.render_line(5 - page.pane.top + 1)
        assert any(each.text == "Tide" and each.style.underline for each in shown_line)
        assert "1 of 4" in page.footer.render_line(0).text
        await pilot.press("n", "n")
        assert (page.footer.said, page.pane.cursor) == ("3 of 4", 25)
        await pilot.press("N")
        assert (page.footer.said, page.pane.cursor) == ("2 of 4", 15)
        await pilot.press("G", "n")
        assert (page.footer.said, page.pane.cursor) == ("1 of 4, from the top", 5)
        await pilot.press("N")
        assert (page.footer.said, page.pane.cursor) == ("4 of 4, from the end", 35)
        await pilot.resize_terminal(20, 12)  # lines go on below
        await until(lambda: len(page._places) == 4 and page.pane.line_count > 40)
        await pilot.press("g", "n")
        assert page.footer.said == "1 of 4"


async def test_the_line_is_left_corrected_and_emptied() -> None:
    page = RawFile("a.md", TEXT.encode(), UNICODE)
    async with shown(page) as pilot:
        await pilot.press("slash", "x", "escape")
        await until(lambda: pilot.app.screen is page)
        assert not page._places
        await pilot.press("slash", *"tide[", "enter")
        await until(lambda: page.footer.said == "Not here: tide[")
        await pilot.press("slash", "backspace", "enter")  # what was typed stands there
        await until(lambda: page.footer.said == "1 of 4")
        await pilot.press("slash")
        await until(lambda: isinstance(pilot.app.screen, Prompt))
        await pilot.press("ctrl+u", "enter")
        await until(lambda: page._search is None)
        assert found([page.pane.line(5, 60, at_cursor=False)]) == []
        await pilot.press("escape")
        await until(lambda: pilot.app.screen is not page)


async def test_messages_are_searched() -> None:
    entries = [Entry(number, f"Message {number} of what was said.") for number in range(20)]
    page = MessagesSoFar(entries, UNICODE)
    async with shown(page) as pilot:
        await pilot.press("slash", *"message 7", "enter")
        await until(lambda: page.footer.said == "1 of 1")
        assert page.pane.cursor == 7


async def test_the_page_of_keys_looks_among_all_commands_as_before() -> None:
    page = Keys(UNICODE, [], [])
    async with shown(page) as pilot:
        await pilot.press("n", "N", "slash", "x", "enter")
        await until(lambda: page.footer.said.startswith("0 found"))
