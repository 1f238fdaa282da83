"""Views, order and explanations at the desk, driven by keys."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reader import views
from reader.library.collection import Collection
from reader.records.views import SavedView
from reader.ui.app import ReaderApp
from reader.ui.screens.desk import Desk
from reader.ui.screens.explain import Explain
from reader.ui.screens.pick import Pick
from reader.ui.screens.prompt import Prompt
from reader.ui.screens.question import Question
from reader.ui.screens.views import ViewForm, ViewPick
from reader.ui.widgets.words import Words

from .conftest import write_record
from .test_desk import current, desk_on, titles, until
from .test_filter import typed
from .test_keys_in_order import send

Open = Callable[..., Collection]


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings file of these tests."""
    file = tmp_path / "config.toml"
    monkeypatch.setenv("READER_CONFIG", str(file))
    return file


def shown(desk: Desk) -> list[str]:
    return [entry.count.label for entry in desk.sidebar._entries if entry.count]


def numbers(desk: Desk) -> dict[str, int]:
    return {entry.count.label: entry.count.total for entry in desk.sidebar._entries if entry.count}


async def test_f_lists_views_with_counts_and_picks_by_letter(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("f")
        await until(lambda: isinstance(desk.app.screen, ViewPick))
        pick = desk.app.screen
        assert isinstance(pick, ViewPick)
        assert [(row.key, row.label, row.number) for row in pick.pane.rows[:2]] == [
            ("a", "All", "30"),
            ("u", "Unpublished", "10"),
        ]
        await pilot.press("u")
        await until(lambda: desk.listing.shown == "view:unpublished")
        await pilot.press("f", "k", "enter")
        await until(lambda: desk.listing.shown == "")


async def test_a_name_typed_where_nothing_is_filtered_decides_nothing(
    folder: Path, open_collection: Open, settings: Path
) -> None:
    async with desk_on(open_collection(folder)) as (desk, _pilot):
        assert isinstance(desk.app, ReaderApp)
        send(desk.app, "b", *"pd", "enter")
        await until(lambda: "The view pd is saved" in desk.footer.said)
        assert views.load(settings).views == (SavedView("pd", "", 1),)
        assert not desk.list.decided
        send(desk.app, "g", "1")
        await until(lambda: desk.listing.shown == "view:pd")
        assert len(desk.list.ids) == 30
        send(desk.app, "F", "W", *"_news/article-03.md", "enter")
        await until(lambda: isinstance(desk.app.screen, Explain))
        assert not desk.list.decided


async def test_a_query_is_saved_and_reached_by_its_key(
    folder: Path, open_collection: Open, settings: Path
) -> None:
    settings.write_text("# mine\nexclude = []\n")
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await typed(desk, pilot, "topic:bread is:unpublished")
        await pilot.press("enter", "b")
        await until(lambda: isinstance(desk.app.screen, ViewForm))
        await pilot.press("enter")
        await until(lambda: "A view needs a name" in desk.app.screen.footer.said)  # type: ignore[attr-defined]
        await pilot.press(*"Loaves", "enter")
        await until(lambda: "Loaves" in shown(desk))
        assert "g 1 opens it" in desk.footer.said
        assert views.load(settings).views == (SavedView("Loaves", "topic:bread is:unpublished", 1),)
        assert settings.read_text().startswith("# mine\nexclude = []\n")
        await pilot.press("F")
        await until(lambda: desk.listing.shown == "")
        await pilot.press("j", "j", "g", "1")
        await until(lambda: desk.listing.shown == "view:Loaves")
        assert len(desk.list.ids) == 5
        assert desk.listing.place() == ["harbour", "Loaves"]
        await pilot.press("g", "2")
        await until(lambda: "No view has the key 2" in desk.footer.said)


async def test_a_key_that_was_taken_meanwhile_loses_nothing_that_was_typed(
    folder: Path, open_collection: Open, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may, add = threading.Event(), views.add

    def late(*given: Any) -> views.Loaded:
        may.wait(30)
        return add(*given)

    async with desk_on(open_collection(folder)) as (desk, pilot):
        await typed(desk, pilot, "topic:bread")
        await pilot.press("enter", "b")
        await until(lambda: isinstance(desk.app.screen, ViewForm))
        views.add(settings, SavedView("Good ones", "quality:>80", 1))  # another reader
        monkeypatch.setattr(views, "add", late)
        form = desk.app.screen
        assert isinstance(form, ViewForm)
        assert isinstance(desk.app, ReaderApp)
        await pilot.press(*"Loaves")
        send(desk.app, "enter", "j")  # `j` is not for the form
        await until(lambda: bool(desk.app._waiting))  # type: ignore[attr-defined]
        assert form.is_waiting
        may.set()
        await until(lambda: form.footer.said == "The key 1 opens “Good ones” already.")
        assert desk.app.screen is form
        assert form.name_input.value == "Loaves"
        assert form.name_input.has_focus
        assert "1-2, among" in form._place_note.text
        await pilot.press("tab", "tab", "backspace", "2")
        assert form.footer.said == ""
        await pilot.press("enter", "G")  # the list's again
        await until(lambda: "Loaves" in shown(desk) and desk.app.screen is desk)
        await until(lambda: desk.list.cursor == len(desk.list.ids) - 1)
        assert {each.name: each.key for each in views.load(settings).views} == {
            "Good ones": 1,
            "Loaves": 2,
        }


async def test_what_is_wrong_with_a_view_is_said_whole_on_a_narrow_screen(
    folder: Path, open_collection: Open, settings: Path
) -> None:
    views.add(settings, SavedView("My view", "quality:>80", 1))
    async with desk_on(open_collection(folder), size=(80, 24)) as (desk, pilot):
        await until(lambda: bool(desk.views.own))
        await typed(desk, pilot, "topic:bread")
        await pilot.press("enter", "b")
        await until(lambda: isinstance(desk.app.screen, ViewForm))
        form = desk.app.screen
        assert isinstance(form, ViewForm)
        await pilot.press(*"my", "space", *"view", "enter")
        wrong = "There is a view “My view” already: choose another name."
        reason = form.query_one(".reason", Words)
        await until(lambda: reason.size.height == 1 and wrong in reason.render_line(0).text)
        assert form.name_input.value == "my view"
        await pilot.press("2")
        await until(lambda: not reason.display)


async def test_views_of_the_settings_are_there_and_can_be_changed(
    folder: Path, open_collection: Open, settings: Path
) -> None:
    settings.write_text(
        '[[view]]\nname = "One"\nquery = "topic:bread"\nkey = 1\n\n'
        '[[view]]\nname = "Two"\nquery = "view:One is:published sort:title"\n'
    )
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await until(lambda: shown(desk)[10:12] == ["One", "Two"])
        await until(lambda: numbers(desk)["Two"] == 10)
        await pilot.press("f")
        await until(lambda: isinstance(desk.app.screen, ViewPick))
        await pilot.press("G", "K")  # Two moves up
        await until(lambda: [view.name for view in views.load(settings).views] == ["Two", "One"])
        await until(lambda: isinstance(desk.app.screen, ViewPick))
        await until(lambda: shown(desk)[10:12] == ["Two", "One"])
        await pilot.press("D")
        await until(lambda: isinstance(desk.app.screen, Question))
        await pilot.press("y")
        await until(lambda: [view.name for view in views.load(settings).views] == ["One"])
        await until(lambda: "Two" not in shown(desk))
        await pilot.press("f", "G", "E")
        await until(lambda: isinstance(desk.app.screen, ViewForm))
        await pilot.press("ctrl+u", *"Crumbs", "tab", "ctrl+u", *"article", "enter")
        await until(lambda: views.load(settings).views == (SavedView("Crumbs", "article", 1),))
        await until(lambda: "Crumbs" in shown(desk))
        await pilot.press("f", "D")
        assert "A built-in view stays" in desk.app.screen.footer.said  # type: ignore[attr-defined]


async def test_a_view_that_is_wrong_is_said(
    folder: Path, open_collection: Open, settings: Path
) -> None:
    settings.write_text('[[view]]\nname = "Bad"\nquery = "topik:x"\nkey = 3\n')
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await until(lambda: "there is no field topik" in desk.footer.said)
        await pilot.press("g", "3")
        await until(lambda: "in the view Bad" in desk.footer.said)
        assert len(desk.list.ids) == 30


async def test_a_switches_the_same_query_between_queue_and_all(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await typed(desk, pilot, "topic:bread")
        await pilot.press("enter", "a")
        await until(lambda: desk.listing.shown == "topic:bread view:unpublished")
        assert len(desk.list.ids) == 5
        await pilot.press("a")
        await until(lambda: desk.listing.shown == "topic:bread")


async def test_sort_by_a_column_and_again_turns_it_round(
    folder: Path, open_collection: Open
) -> None:
    write_record(folder, "_news/zebra", "Zebra crossing", days=99)
    async with desk_on(open_collection(folder)) as (desk, pilot):
        assert desk.listing.order() == "newest first"
        await pilot.press("S")
        await until(lambda: isinstance(desk.app.screen, Pick))
        await pilot.press("t")
        await until(lambda: desk.listing.shown == "sort:title")
        assert desk.listing.order() == "title ↑"
        assert titles(desk)[0] == "Article 00"
        await pilot.press("S", "t")
        await until(lambda: desk.listing.shown == "sort:-title")
        assert titles(desk)[0] == "Zebra crossing"
        await pilot.press("S", "d")
        await until(lambda: desk.listing.shown == "")
        await pilot.press("S", "d")
        await until(lambda: desk.listing.shown == "sort:date")
        assert desk.listing.order() == "oldest first"


async def test_sort_by_rank_where_there_are_words(folder: Path, open_collection: Open) -> None:
    write_record(folder, "_news/zebra", "Strong zebra", days=99)
    async with desk_on(open_collection(folder)) as (desk, pilot):

        async def offered() -> list[str]:
            await pilot.press("S")
            await until(lambda: isinstance(desk.app.screen, Pick))
            screen = desk.app.screen
            assert isinstance(screen, Pick)
            return [row.label for row in screen.pane.rows]

        assert "rank" not in await offered()
        await pilot.press("escape")
        await typed(desk, pilot, "strong")
        await pilot.press("enter")
        assert titles(desk) == ["Article 01", "Strong zebra"]
        assert "rank" in await offered()
        await pilot.press("w")
        await until(lambda: desk.listing.shown == "strong sort:rank")
        assert desk.listing.order() == "best match first"
        assert titles(desk) == ["Strong zebra", "Article 01"]
        await pilot.press("S", "w")
        await until(lambda: desk.listing.shown == "strong sort:-rank")
        assert titles(desk) == ["Article 01", "Strong zebra"]
        await pilot.press("F")
        await until(lambda: desk.listing.shown == "")


async def test_explain_says_what_each_part_does(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await typed(desk, pilot, "topic:bread is:unpublished quality:>90")
        await pilot.press("f3")
        await until(lambda: isinstance(desk.app.screen, Explain))
        lines = ["".join(piece.text for piece in line) for line in desk.app.screen.pane._lines]  # type: ignore[attr-defined]
        text = "\n".join(lines)
        assert "0 records" in lines[0]
        assert "quality over 90" in text
        assert any(line.split()[:2] == ["15", "15"] for line in lines)
        assert "without quality:>90" in text
        await pilot.press("escape")
        assert desk.filtering.is_open


async def test_why_not_this_one(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("j")
        assert current(desk) == "Article 01"
        await typed(desk, pilot, "is:unpublished topic:tides")
        await pilot.press("enter", "W")
        await until(lambda: isinstance(desk.app.screen, Prompt))
        assert desk.app.screen.input.value == "_news/article-01.md"  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until(lambda: isinstance(desk.app.screen, Explain))
        lines = ["".join(p.text for p in line) for line in desk.app.screen.pane._lines]  # type: ignore[attr-defined]
        assert any("✗ unpublished" in line for line in lines)
        assert any("✓ topic is" in line for line in lines)
        await pilot.press("W", "ctrl+u", *"nowhere", "enter")
        await until(lambda: desk.footer.said == "There is no record at nowhere.")
