"""Columns stay straight, whatever a terminal makes of joined signs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from reader.library.collection import Collection
from reader.records.text import display
from reader.ui.app import ReaderApp
from reader.ui.steady import steady
from tests.ui.conftest import write_record

Opening = Callable[[Path], Collection]
TITLES = (
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 family",
    "\U0001f1ec\U0001f1e7\U0001f1eb\U0001f1f7 flags",
    "\u2764\ufe0f heart and \u2764 text",
    "\U0001f44d\U0001f3fd tone",
    "1\ufe0f\u20e3 keycap",
    "e\u0301 combining n\u0303\u0323",
    "\u6f6e\u306e\u6e80\u3061\u5f15\u304d wide",
    "\uff21\uff22 fullwidth \uff76\uff85 half",
    "\u2460\u00bd\u00a7\u2606 ambiguous",
    "\ud55c\uad6d\uc5b4",
    "\U0001f3f4\u200d\u2620\ufe0f pirate",
)


@pytest.mark.parametrize("title", TITLES, ids=ascii)
def test_a_text_takes_the_cells_it_took(title: str) -> None:
    assert cell_len(steady(title)) == cell_len(title)


@given(st.text(alphabet=st.sampled_from("".join(TITLES)), max_size=20))
def test_any_text_takes_the_cells_it_took(text: str) -> None:
    drawn = steady(text)
    assert cell_len(drawn) == cell_len(text)
    assert steady(drawn) == drawn


def test_what_is_drawn() -> None:
    assert steady(TITLES[0]) == "\U0001f468 family"
    assert steady(TITLES[1]) == "GBFR flags"
    assert steady("\u2764\ufe0f!") == "\u2764 !"
    assert steady("plain \u201cquotes\u201d") == "plain \u201cquotes\u201d"


async def test_columns_stay_straight_in_a_terminal_that_counts_code_points(
    tmp_path: Path, open_collection: Opening
) -> None:
    root = tmp_path / "odd"
    for number, title in enumerate(TITLES):
        write_record(root, f"r{number:02}", title, days=number + 1)
    app = ReaderApp(open_collection(root))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.pause()
        rules = [app.desk.query_one(f"#rule-{side}").region.x for side in ("left", "right")]
        strips = app.screen._compositor.render_strips()
        screen = pyte.Screen(120, 24)
        stream = pyte.Stream(screen)
        for y, strip in enumerate(strips):
            stream.feed(f"\x1b[{y + 1};1H{strip.text}")
        rows = [y for y, strip in enumerate(strips) if display(TITLES[5])[:5] in strip.text]
        assert rows
        for y in range(1, 23):
            assert [screen.buffer[y][x].data for x in rules] == ["\u2502", "\u2502"], y
