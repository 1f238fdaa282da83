"""What the desk shows is what is in force: labels after undo and changes elsewhere, what a key
repeats, the numbers while one reads, and the cursor's row in a window that got lower."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reader.library.collection import Collection
from reader.records.query import Query, View
from reader.records.record import State
from reader.ui import reading
from reader.ui.glyphs import UNICODE
from reader.ui.hints import Hints
from reader.ui.screens.preview import Preview

from .test_triage import article, current, desk_on, lines_of, settled, shown, until

Open = Callable[..., Collection]


def label(row: str) -> str:
    """The last word of a row."""
    return row.split()[-1]


async def test_a_decided_row_follows_what_is_changed_elsewhere(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("p", "p")
        await settled(desk, pilot)
        assert label(shown(desk, 0)) == label(shown(desk, 3)) == "published"
        path = article(folder, 0)
        path.write_text(path.read_text().replace("published: true", "removed: true"))
        await until(lambda: "published" not in shown(desk, 0))
        assert shown(desk, 0).lstrip("▌ ").startswith(UNICODE.state(State.REJECTED))
        assert label(shown(desk, 3)) == "published"


async def test_labels_agree_with_what_is_in_force_after_undo(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("p", "d", "g")
        await settled(desk, pilot)
        await pilot.press("V", "d")
        await until(lambda: isinstance(desk.app.screen, Preview))
        await pilot.press("y")
        await until(lambda: label(shown(desk, 1)) == "rejected")
        assert label(shown(desk, 0)) == label(shown(desk, 3)) == "rejected"
        await settled(desk, pilot)
        await pilot.press("u")
        await until(lambda: label(shown(desk, 0)) == "published")
        assert label(shown(desk, 3)) == "rejected"
        assert not shown(desk, 1).rstrip().endswith("rejected")
        await pilot.press("u")
        await settled(desk, pilot)
        await until(lambda: not shown(desk, 3).rstrip().endswith("rejected"))
        assert label(shown(desk, 0)) == "published"
        await pilot.press("g", "plus")
        await settled(desk, pilot)
        await until(lambda: label(shown(desk, 0)) == "published")


async def test_what_was_undone_is_not_repeated(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("p", "d")
        await settled(desk, pilot)
        await pilot.press("u")
        await settled(desk, pilot)
        assert current(desk) == "Article 03"
        await pilot.press("full_stop")  # the last one in force: publish
        await settled(desk, pilot)
        assert "published: true" in lines_of(article(folder, 3))
        await pilot.press("u", "u")
        await settled(desk, pilot)
        await pilot.press("full_stop")
        assert "has been undone" in desk.footer.said
        await pilot.press("U")
        await settled(desk, pilot)
        await pilot.press("j", "full_stop")
        assert "already" in desk.footer.said or "Published" in desk.footer.said
        await settled(desk, pilot)


async def test_numbers_follow_what_is_read(
    folder: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "READ_AFTER", 0.3)
    collection = open_collection(folder)
    async with desk_on(collection) as (desk, pilot):

        def unread() -> int:
            counts = desk.sidebar.shown_counts.views
            return next(each.total for each in counts if each.key == View.UNREAD.value)

        await until(lambda: bool(desk.sidebar.shown_counts.views))
        await until(lambda: len(collection.ids(Query(View.UNREAD))) < 30)
        await until(lambda: unread() == 29)
        await pilot.press("j")
        await until(lambda: unread() == 28)
        assert len(collection.ids(Query(View.UNREAD))) == 28
        whole = {each.key: each.total for each in desk.sidebar.counts.views}
        assert whole[View.UNREAD.value] == 28


@pytest.mark.parametrize("size", [(60, 12), (40, 12), (60, 9)])
async def test_the_cursor_stays_in_sight_in_a_lower_window(
    folder: Path, open_collection: Open, size: tuple[int, int]
) -> None:
    async with desk_on(open_collection(folder), size=(60, 20)) as (desk, pilot):
        desk.own_keys.hints = Hints(("one", "two", "three"), UNICODE, lambda: None)
        desk.own_keys.show_hints()
        await pilot.pause()
        for _ in range(10):
            await pilot.press("j")
        await pilot.resize_terminal(*size)
        await until(lambda: desk.list.size.height == size[1] - 2)
        await pilot.pause()
        drawn = [desk.list.render_line(y).text for y in range(desk.list.size.height - 3)]
        assert any("▌" in line and "Article 10" in line for line in drawn)
        await pilot.press("G")
        assert desk.list.cursor_place.y < size[1] - 1 - 3
        await pilot.press(*"kkkk")
        assert desk.own_keys.hints.is_over
        assert desk.list.page == size[1] - 3
