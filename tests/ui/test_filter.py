"""The filter line, driven by keys on a real collection."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from reader.library import query_running
from reader.library.collection import Collection
from reader.library.query_running import QueryCancelled
from reader.records.querying import Parsed
from reader.ui.screens.desk import Desk
from tests.library.test_query_running import Stuck

from .conftest import write_record
from .test_desk import current, desk_on, text_of, titles, until

Open = Callable[..., Collection]


async def typed(desk: Desk, pilot: Pilot[None], text: str) -> None:
    """Open the line, empty it, and type; wait until what it says is listed."""
    names = {" ": "space", ":": "colon", ",": "comma", '"': "quotation_mark", "-": "minus"}
    await pilot.press("slash", "ctrl+u", *(names.get(each, each) for each in text))
    await until(lambda: desk.listing.shown == text.strip())


async def test_the_list_narrows_while_one_types(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await typed(desk, pilot, "article 0")
        assert len(desk.list.ids) == 10
        assert desk.query_line.line.text == "article 0"
        await pilot.press("5")
        await until(lambda: titles(desk) == ["Article 05"])
        assert desk.filtering.is_open
        assert desk.under_line.said == ""


async def test_escape_restores_query_cursor_and_scroll(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder), (120, 16)) as (desk, pilot):
        desk.listing.ask("view:published")
        await until(lambda: len(desk.list.ids) == 20)
        await pilot.press("G", "k", "k")
        cursor, top, was = desk.list.cursor, desk.list.top, list(desk.list.ids)
        assert top
        await typed(desk, pilot, "topic:bread article")
        assert list(desk.list.ids) != was
        await pilot.press("escape")
        await until(lambda: desk.listing.shown == "view:published")
        await pilot.pause()
        assert (desk.list.cursor, desk.list.top, list(desk.list.ids)) == (cursor, top, was)
        assert desk.focused is desk.list


async def test_enter_keeps_and_the_line_stays_in_sight(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        assert not desk.query_line.display
        await typed(desk, pilot, "topic:bread")
        await pilot.press("enter")
        assert desk.focused is desk.list
        assert desk.query_line.display
        assert desk.query_line.line.text == "topic:bread"
        await pilot.press("F")
        await until(lambda: desk.listing.shown == "" and len(desk.list.ids) == 30)
        assert not desk.query_line.display


async def test_an_error_stands_in_place_and_the_list_stays(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await typed(desk, pilot, "topic:bread")
        listed = list(desk.list.ids)
        desk.query_line.post_message(events.Paste(" topik:x"))
        await until(lambda: "no field topik: did you mean topic?" in desk.under_line.said)
        assert list(desk.list.ids) == listed
        assert desk.under_line.column == desk.query_line.cell_of(len("topic:bread "))
        await pilot.press("enter")  # stays: it is no query
        assert desk.filtering.is_open
        await pilot.press("escape")
        await until(lambda: len(desk.list.ids) == 30)


async def test_tab_completes_fields_and_values_with_counts(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("slash", *"topi", "tab")
        await until(lambda: desk.query_line.line.text == "topic:")
        await pilot.press("tab")
        await until(lambda: desk.query_line.line.text == "topic:Tides")
        assert desk.candidates.display
        assert [(each.label, each.count) for each in desk.candidates.found] == [
            ("Tides", 30),
            ("Bread", 15),
        ]
        await pilot.press("tab")
        assert desk.query_line.line.text == "topic:Bread"
        await until(lambda: len(desk.list.ids) == 15)
        await pilot.press("tab")
        assert desk.query_line.line.text == "topic:Tides"
        await pilot.press("escape")  # at once: all is as it was
        assert not desk.candidates.display
        assert not desk.filtering.is_open
        await until(lambda: len(desk.list.ids) == 30)


async def test_earlier_queries_come_back_after_a_new_start(
    folder: Path, open_collection: Open
) -> None:
    collection = open_collection(folder)
    async with desk_on(collection) as (desk, pilot):
        for text in ("article 05", "topic:bread"):
            await typed(desk, pilot, text)
            await pilot.press("enter")
        await until(lambda: desk.filtering.history._stored() == ["article 05", "topic:bread"])
    async with desk_on(collection) as (desk, pilot):
        await pilot.press("slash", "u", "up", "up")
        await until(lambda: desk.query_line.line.text == "article 05")
        await until(lambda: titles(desk) == ["Article 05"])
        await pilot.press("down", "down")
        assert desk.query_line.line.text == "u"
        await pilot.press("escape")
        await until(lambda: len(desk.list.ids) == 30)


async def test_the_cursor_stays_on_its_record_or_the_nearest(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press(*"jjjjj", "space", "k")
        assert current(desk) == "Article 05"
        await typed(desk, pilot, "topic:bread")
        assert current(desk) == "Article 05"
        await pilot.press("ctrl+u", *"is", "colon", *"unpublished")
        await until(lambda: len(desk.list.ids) == 10)
        assert current(desk) in ("Article 03", "Article 06")
        await pilot.press("ctrl+u")
        await until(lambda: len(desk.list.ids) == 30)
        assert current(desk) == "Article 05"
        assert len(desk.list.marked) == 1


async def test_words_stand_out_in_list_and_detail(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await typed(desk, pilot, "strong")
        assert titles(desk) == ["Article 01"]
        await pilot.press("enter")

        def found() -> list[str]:
            lines = [
                desk.detail.line(at, 60, at_cursor=False) for at in range(len(desk.detail._lines))
            ]
            return [piece.text for line in lines for piece in line if piece.role == "pane--found"]

        await until(lambda: found() == ["strong"])
        await typed(desk, pilot, "article")
        line = desk.list.line(0, 60, at_cursor=True)
        assert [piece.text for piece in line if piece.role == "pane--found"] == ["Article"]


async def test_what_a_query_asks_for_stands_out_in_the_lines_below_the_title(
    folder: Path, open_collection: Open
) -> None:
    write_record(
        folder,
        "_news/odd",
        "Odd one",
        days=0.1,
        topics=("Bread", "Open Data, and more", "Open Bread"),
        extra="ratings: {average: 4}",
    )
    file = folder / "_news" / "odd.md"
    file.write_text(
        file.read_text()
        .replace("quality: 56", "quality: 89.5")
        .replace("  domain:", "  authors: [Ana Ruiz, Élodie Ng]\n  domain:")
    )
    async with desk_on(open_collection(folder), (160, 40)) as (desk, pilot):

        def found() -> list[str]:
            pane = desk.detail
            lines = [pane.line(at, 60, at_cursor=False) for at in range(pane.line_count)]
            return [piece.text for line in lines for piece in line if piece.role == "pane--found"]

        for query, marked in (
            ("weekly topic:bread", ["Weekly", "Bread"]),
            ("open", ["Open", "Open"]),
            ("author:elodie* type:article", ["article", "Élodie Ng"]),
        ):
            await typed(desk, pilot, f"{query} odd")
            await until(lambda marked=marked: [each for each in found() if each != "Odd"] == marked)
        assert "Bread, Open Data, and more, Open Bread · quality 89.5" in text_of(desk)
        assert "rated 4 · Ana Ruiz, Élodie Ng" in text_of(desk)
        assert " 89 " in "".join(piece.text for piece in desk.list.line(0, 60, at_cursor=True))
        await pilot.press("ctrl+u", *"quality", "colon", *">=90")
        await until(lambda: desk.listing.shown == "quality:>=90")
        assert not desk.list.ids


async def test_a_newer_key_takes_the_place_of_the_older_query(
    folder: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query_running, "_STEPS", 1)
    stuck = Stuck(monkeypatch, "article")
    ended: list[tuple[str, str]] = []
    under_way: list[Callable[[], bool]] = []
    left_over: list[str] = []
    find = Collection.find

    def noted(self: Collection, query: Parsed, *rest: object, **options: Any) -> object:
        left_over.extend(query.text for cancelled in under_way if not cancelled())
        under_way.append(options["cancelled"])
        try:
            found = find(self, query, *rest, **options)  # type: ignore[arg-type]  # passed on
        except QueryCancelled:
            ended.append((query.text, "cancelled"))
            raise
        finally:
            under_way.remove(options["cancelled"])
        ended.append((query.text, "done"))
        return found

    monkeypatch.setattr(Collection, "find", noted)
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("slash", "slash", *"article", "slash")
        await until(stuck.begun.is_set)
        await pilot.press("ctrl+u", *"bread")
        await until(lambda: desk.listing.shown == "bread")  # while the older one is still at it
        assert ("/article/", "cancelled") not in ended
        listed = list(desk.list.ids)
        assert len(listed) == 15
        stuck.go_on.set()
        await until(lambda: ("/article/", "cancelled") in ended)
        await pilot.pause()
        assert list(desk.list.ids) == listed
        assert desk.listing.shown == "bread"
        assert stuck.looked == 1
        assert left_over == []  # none began while another one's answer was still wanted


async def test_keys_in_a_burst_after_the_slash_are_typed(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, _pilot):
        for key in ("slash", "p", "d", "x", "q"):
            character = "/" if key == "slash" else key
            desk.app.post_message(events.Key(key, character))
        await until(lambda: desk.query_line.line.text == "pdxq")
        assert not desk.list.decided


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (("ctrl+a", "x"), "xone two"),
        (("ctrl+w",), "one "),
        (("ctrl+a", "alt+f", "ctrl+k"), "one"),
        (("alt+b", "ctrl+u"), "two"),
        (("ctrl+u", "ctrl+y"), "one two"),
        (("alt+b", "alt+b", "ctrl+d", "end", "backspace"), "ne tw"),
    ],
)
async def test_readline_keys(
    folder: Path, open_collection: Open, keys: tuple[str, ...], text: str
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("slash", *"one", "space", *"two", *keys)
        assert desk.query_line.line.text == text


async def test_where_nothing_is_found_it_says_what_to_drop(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await typed(desk, pilot, "topic:bread quality:>90")
        await until(lambda: any("quality:>90" in line for line in desk.list.said))
        desk.listing.say_why_empty()  # as when the folder has been looked through, after a start
        assert any("quality:>90" in line for line in desk.list.said)
        keys = "x drops it, F clears all"  # which are typed into the line while it is open
        assert desk.list.said[-1] == f" Enter keeps the query; then {keys}. F3 explains."
        await pilot.press("enter")
        assert desk.list.said[-1] == " x drops it. F clears all, F3 explains."
        await pilot.press("slash")
        assert desk.list.said[-1].startswith(" Enter keeps the query")
        await pilot.press("enter", "1")
        assert desk.footer.said == "There is no record here."
        await pilot.press("x")
        await until(lambda: desk.listing.shown == "topic:bread")
        assert len(desk.list.ids) == 15


async def test_counts_in_the_sidebar_follow(folder: Path, open_collection: Open) -> None:
    write_record(folder, "_news/radio", "On the radio", topics=("Radio",))
    async with desk_on(open_collection(folder)) as (desk, pilot):

        def numbers() -> dict[str, int]:
            entries = desk.sidebar._entries
            return {each.count.label: each.count.total for each in entries if each.count}

        await until(lambda: numbers().get("Radio") == 1)
        await typed(desk, pilot, "is:unpublished")
        await until(lambda: numbers().get("Bread") == 5)
        assert "Radio" not in numbers()
        assert numbers()["All"] == 10


async def test_counts_follow_where_the_list_comes_in_two_parts(
    folder: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reader.ui.jobs.upkeep.FIRST", 5)
    async with desk_on(open_collection(folder)) as (desk, pilot):

        def unpublished() -> int:
            return next(each.count.total for each in desk.sidebar._entries if each.count)

        await typed(desk, pilot, "topic:bread")
        await until(lambda: len(desk.list.ids) == 15 and unpublished() == 15)
        desk.query_line.post_message(events.Paste(" topik:x"))
        await until(lambda: "no field topik" in desk.under_line.said)
        await until(lambda: len(desk.list.ids) == 15 and desk.listing.complete)
        await pilot.press("escape", "F")
        await until(lambda: len(desk.list.ids) == 30 and unpublished() == 30)


async def test_selecting_in_the_sidebar_writes_the_query(
    folder: Path, open_collection: Open
) -> None:
    write_record(folder, "_news/radio", "On the radio", topics=("Radio",))
    async with desk_on(open_collection(folder)) as (desk, pilot):

        async def onto(label: str) -> None:
            while (entry := desk.sidebar.current) and not (
                entry.count and entry.count.label == label
            ):
                await pilot.press("j" if label != "All" else "k")

        await pilot.press("h")
        await onto("Bread")
        await until(lambda: desk.listing.shown == "topic:Bread")
        await onto("Radio")
        await until(lambda: desk.listing.shown == "topic:Radio")
        await pilot.press("enter")
        assert desk.query_line.line.text == "topic:Radio"
        await pilot.press("h", "k")
        await until(lambda: desk.listing.shown == "topic:Bread")
        await pilot.press("l", "h", "j", "space")
        await until(lambda: desk.listing.shown == "topic:Bread,Radio")
        assert len(desk.list.ids) == 16
        await pilot.press("space")
        await until(lambda: desk.listing.shown == "topic:Bread")
        await pilot.press("ampersand")
        await until(lambda: desk.listing.shown == "topic:Bread topic:Radio")
        await pilot.press("l", "h", "enter")
        await pilot.pause()


async def test_selecting_what_is_selected_takes_it_out(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        desk.listing.ask("article topic:Bread")
        await until(lambda: len(desk.list.ids) == 15)
        await pilot.press("h")
        entry = desk.sidebar.current
        assert entry is not None
        assert entry.count is not None
        assert entry.count.label == "Bread"
        await pilot.press("enter")
        await until(lambda: desk.listing.shown == "article")


async def test_a_wrong_query_from_elsewhere_is_said(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, _):
        desk.listing.ask("topic:nowhere")
        await until(lambda: "no record has the topic nowhere" in desk.footer.said)
        assert desk.listing.text == ""
        assert len(desk.list.ids) == 30


@pytest.mark.parametrize("size", [(80, 24), (60, 24), (40, 20), (200, 50)])
async def test_any_size(folder: Path, open_collection: Open, size: tuple[int, int]) -> None:
    async with desk_on(open_collection(folder), size) as (desk, pilot):
        await typed(desk, pilot, "topic:bread article 0")
        assert desk.query_line.size.height == 1
        assert desk.under_line.size.height == 1
        await pilot.press("enter")
        assert desk.footer.display
