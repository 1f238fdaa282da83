"""A decided row stays where it is until its view is left, whatever the index says meanwhile, and
whenever it says so."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reader.library.collection import Collection
from reader.library.editing import Editing
from reader.library.outcome import Outcome
from reader.library.rules import Rules
from reader.records.query import Query, View
from reader.ui.screens.desk import Desk
from reader.ui.screens.preview import Preview
from reader.ui.widgets.article_list import ArticleList

from .conftest import Slow
from .test_triage import current, desk_on, settled, until

Open = Callable[..., Collection]


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch) -> list[array[int]]:
    """Every list that took the place of one of the same view."""
    shown: list[array[int]] = []
    renew = ArticleList.renew

    def renewed(articles: ArticleList, ids: array[int], **how: Any) -> None:
        renew(articles, ids, **how)
        shown.append(array("q", articles.ids))

    monkeypatch.setattr(ArticleList, "renew", renewed)
    return shown


async def listed_anew(desk: Desk) -> None:
    """Wait until no list is on its way any more."""
    await until(lambda: not desk.listing._renewing and not desk.listing._renewal_due)


def labels(desk: Desk) -> list[str]:
    width = desk.list.size.width
    lines = [desk.list.line(at, width, at_cursor=False) for at in range(len(desk.list.ids))]
    return ["".join(piece.text for piece in line).split()[-1] for line in lines]


@pytest.mark.parametrize(("key", "label"), [("p", "published"), ("d", "rejected")])
async def test_a_list_asked_for_before_the_decision_does_not_take_its_row_away(
    folder: Path, open_collection: Open, slow: Slow, lists: list[array[int]], key: str, label: str
) -> None:
    async with desk_on(open_collection(folder), view=View.UNPUBLISHED) as (desk, pilot):
        were = array("q", desk.list.ids)
        await listed_anew(desk)
        lists.clear()
        slow.stop()
        desk.listing.ask_renewal()
        await pilot.press(key, key)
        await settled(desk, pilot)
        slow.go()
        await listed_anew(desk)
        assert lists
        assert all(each == were for each in lists)
        assert labels(desk)[:2] == [label, label]


@pytest.mark.parametrize(("key", "label"), [("p", "published"), ("d", "rejected")])
async def test_nor_do_the_rows_of_many_go(
    folder: Path, open_collection: Open, slow: Slow, lists: list[array[int]], key: str, label: str
) -> None:
    async with desk_on(open_collection(folder), view=View.UNPUBLISHED) as (desk, pilot):
        were = array("q", desk.list.ids)
        await listed_anew(desk)
        lists.clear()
        slow.stop()
        desk.listing.ask_renewal()
        await pilot.press("V", key)
        await until(lambda: isinstance(desk.app.screen, Preview))
        await pilot.press("y")
        await until(lambda: len(desk.list.decided) == len(were))
        slow.go()
        await listed_anew(desk)
        assert lists
        assert all(each == were for each in lists)
        assert set(labels(desk)) == {label}


async def test_a_view_chosen_again_is_not_left(
    folder: Path, open_collection: Open, slow: Slow
) -> None:
    async with desk_on(open_collection(folder), view=View.UNPUBLISHED) as (desk, pilot):
        were = array("q", desk.list.ids)
        await pilot.press("p")
        await settled(desk, pilot)
        slow.stop()
        await pilot.press("f", "u", "p")  # the second one while the view is looked up
        await settled(desk, pilot)
        slow.go()
        await listed_anew(desk)
        assert desk.list.ids == were
        assert labels(desk)[:2] == ["published", "published"]
        slow.stop()
        desk.listing.ask("article")  # another one on its way is given up
        await pilot.press("f", "u")
        slow.go()
        await until(lambda: not desk.listing.is_asking)
        await listed_anew(desk)
        assert desk.list.ids == were
        await pilot.press("f", "a")
        await until(lambda: desk.listing.shown == "")
        await pilot.press("f", "u")
        await until(lambda: desk.list.ids == were[2:])


async def test_nor_those_of_many_that_the_index_knows_of_before_it_is_told(
    folder: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection = open_collection(folder)
    async with desk_on(collection, view=View.UNPUBLISHED) as (desk, pilot):
        were = array("q", desk.list.ids)
        seen: list[array[int]] = []
        decide = Editing.decide

        async def renewed() -> None:
            assert not collection.ids(Query(View.UNPUBLISHED))
            await listed_anew(desk)
            desk.listing.ask_renewal()  # as for what was seen to change on the disk
            await listed_anew(desk)
            seen.append(array("q", desk.list.ids))

        def decided(*asked: Any, **how: Any) -> Outcome:
            outcome = decide(*asked, **how)
            desk.app.call_from_thread(renewed)
            return outcome

        monkeypatch.setattr(Editing, "decide", decided)
        await pilot.press("V", "p")
        await until(lambda: isinstance(desk.app.screen, Preview))
        await pilot.press("y")
        await until(lambda: bool(desk.list.decided))
        await listed_anew(desk)
        assert seen == [were]
        assert desk.list.ids == were
        assert set(labels(desk)) == {"published"}
        assert not desk.list.deciding


async def test_rows_of_a_view_that_was_left_meanwhile_do_not_come_along(
    folder: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection = open_collection(folder)
    async with desk_on(collection, view=View.UNPUBLISHED) as (desk, pilot):
        decide = Editing.decide

        async def left() -> None:
            desk.listing.ask("article-01")
            await until(lambda: desk.listing.shown == "article-01")

        def decided(*asked: Any, **how: Any) -> Outcome:
            outcome = decide(*asked, **how)
            desk.app.call_from_thread(left)
            return outcome

        monkeypatch.setattr(Editing, "decide", decided)
        await pilot.press("V", "p")
        await until(lambda: isinstance(desk.app.screen, Preview))
        await pilot.press("y")
        await until(lambda: "10 done" in desk.footer.said)
        desk.listing.ask_renewal()
        await listed_anew(desk)
        assert desk.list.ids == collection.find("article-01")


async def test_esc_brings_back_the_view_with_what_is_being_decided(
    folder: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_on(open_collection(folder), view=View.UNPUBLISHED) as (desk, pilot):
        were = array("q", desk.list.ids)
        decide = Editing.decide

        async def there_and_back() -> None:
            was = desk.listing.snapshot()
            desk.listing.ask("article-01")
            await until(lambda: desk.listing.shown == "article-01")
            desk.listing.restore(was)
            await listed_anew(desk)

        def decided(*asked: Any, **how: Any) -> Outcome:
            outcome = decide(*asked, **how)
            desk.app.call_from_thread(there_and_back)
            return outcome

        monkeypatch.setattr(Editing, "decide", decided)
        await pilot.press("V", "p")
        await until(lambda: isinstance(desk.app.screen, Preview))
        await pilot.press("y")
        await until(lambda: bool(desk.list.decided))
        assert desk.list.ids == were
        assert set(labels(desk)) == {"published"}


@pytest.mark.parametrize("reject", ["archive", "trash"])
async def test_a_record_whose_file_is_back_has_the_cursor_again(
    folder: Path, open_collection: Open, slow: Slow, reject: str
) -> None:
    rules = Rules(True, "", reject, ".archive")
    async with desk_on(open_collection(folder), rules, size=(80, 16)) as (desk, pilot):
        await pilot.press("d")
        await settled(desk, pilot)
        await until(lambda: desk.list.line_count == 29)
        assert current(desk) != "Article 00"
        slow.stop()
        await pilot.press("u")
        await until(lambda: desk.listing.is_asking)
        await pilot.press("s")  # about the record that is back, though it is still looked up
        assert desk.awaiting.is_waiting
        slow.go()
        await until(lambda: "tarred" in desk.footer.said)
        assert current(desk) == "Article 00"
        assert desk.list.top == 0
        await settled(desk, pilot)
        row = desk.list.current
        assert row is not None
        assert row.starred
