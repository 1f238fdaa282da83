"""What is pressed while a list is looked up is about the list that comes, not the one that goes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reader.library.collection import Collection
from reader.library.places import Place, place_file, write_place
from reader.ui import waiting
from reader.ui.app import ReaderApp
from reader.ui.jobs import upkeep
from reader.ui.jobs.asking import Asking
from reader.ui.screens.defer import DeferChooser
from reader.ui.screens.desk import Desk
from reader.ui.screens.keys import Keys
from reader.ui.screens.palette import Palette
from reader.ui.screens.question import Question

from .conftest import Slow
from .test_keymap import settings
from .test_keys_in_order import send
from .test_triage import article, current, desk_on, lines_of, settled, until

Open = Callable[..., Collection]


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no reason to give up here."""
    monkeypatch.setattr(waiting, "LONGEST", 60.0)


FILTER = ("/", *"article-12", "enter")


def app_of(desk: Desk) -> ReaderApp:
    assert isinstance(desk.app, ReaderApp)
    return desk.app


async def answered(desk: Desk) -> None:
    """Wait until every key that can be was answered."""
    done = threading.Event()
    await until(lambda: not app_of(desk)._message_queue.qsize())
    app_of(desk).call_later(done.set)
    await until(done.is_set)


def changed(before: dict[Path, bytes]) -> list[str]:
    return sorted(path.stem for path in before if path.read_bytes() != before[path])


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*.md")}


async def test_a_decision_after_enter_is_about_what_was_asked_for(
    folder: Path, open_collection: Open, slow: Slow
) -> None:
    before = contents(folder)
    async with desk_on(open_collection(folder)) as (desk, pilot):
        app = app_of(desk)
        slow.stop()
        send(app, *FILTER, "p")
        await until(lambda: desk.awaiting.is_waiting)
        assert not desk.edits.waiting
        assert not desk.list.decided
        slow.go()
        await until(lambda: desk.listing.shown == "article-12" and not desk.awaiting.is_waiting)
        await settled(desk, pilot)
        assert changed(before) == ["article-12"]
        assert "published: true" in lines_of(article(folder, 12))
        assert "Article 12" in desk.footer.said
    assert not app.are_waiting  # it is asked while the program ends, too


async def test_all_that_follows_keeps_its_order(
    folder: Path, open_collection: Open, slow: Slow
) -> None:
    before = contents(folder)
    async with desk_on(open_collection(folder)) as (desk, pilot):
        slow.stop()
        send(app_of(desk), "/", *"article 1", "enter", "n", "p", "d", "k", "k")
        await until(lambda: desk.awaiting.is_waiting)
        slow.go()
        await until(lambda: current(desk) == "Article 16")
        await settled(desk, pilot)
        assert changed(before) == ["article-12", "article-15"]
        assert "published: true" in lines_of(article(folder, 12))
        assert "removed: true" in lines_of(article(folder, 15))


@pytest.mark.parametrize("key", ["F", "a", "x", "escape"])
async def test_a_key_that_changes_the_query_has_the_next_ones_wait(
    folder: Path, open_collection: Open, slow: Slow, key: str
) -> None:
    before = contents(folder)
    async with desk_on(open_collection(folder)) as (desk, pilot):
        text = "article-12 nowhere" if key == "x" else "article-15"
        desk.listing.ask(text)
        await until(lambda: desk.listing.shown == text and not desk.listing.is_explaining)
        drops = desk.listing.drop_text
        slow.stop()
        send(app_of(desk), key, "g", "p")
        await until(lambda: desk.awaiting.is_waiting)
        slow.go()
        await until(lambda: not desk.awaiting.is_waiting and bool(desk.list.decided))
        await settled(desk, pilot)
        wanted = {"a": "article-15", "x": "article-12"}.get(key, "article-00")
        assert drops == ("article-12" if key == "x" else None)
        assert changed(before) == [wanted]


async def test_an_order_and_a_view_do_too(folder: Path, open_collection: Open, slow: Slow) -> None:
    before = contents(folder)
    async with desk_on(open_collection(folder)) as (desk, pilot):
        for keys, query in (
            (("S", "d", "g", "k", "j", "j", "p"), "sort:date"),
            (("f", "u", "g", "d"), "view:unpublished"),
        ):
            slow.stop()
            send(app_of(desk), *keys[:2])
            await until(lambda query=query: desk.listing.text == query)  # type: ignore[misc]
            send(app_of(desk), *keys[2:])
            await until(lambda: desk.awaiting.is_waiting)
            slow.go()
            await until(lambda: not desk.awaiting.is_waiting)
            await settled(desk, pilot)
        assert changed(before) == ["article-00", "article-27"]
        assert "published: true" in lines_of(article(folder, 27))


async def test_what_the_sidebars_cursor_has_just_come_to_is_what_a_decision_is_about(
    folder: Path, open_collection: Open, slow: Slow
) -> None:
    before = contents(folder)
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("G", "h")
        slow.stop()
        send(app_of(desk), "j", "l", "g", "p")
        await until(lambda: desk.awaiting.is_waiting)
        assert desk.listing.text == "view:unpublished"
        slow.go()
        await until(lambda: not desk.awaiting.is_waiting)
        await settled(desk, pilot)
        assert desk.listing.shown == "view:unpublished"
        assert changed(before) == ["article-00"]


async def test_the_cursor_keeps_its_record_beyond_the_first_screen(
    folder: Path, open_collection: Open, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "FIRST", 5)
    before = contents(folder)
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await until(lambda: desk.listing.complete)
        await pilot.press("G", "k", "k")
        assert current(desk) == "Article 27"
        shows: list[int] = []
        put_near = desk.list.show_near

        def noted(ids: Any, *rest: Any) -> None:
            put_near(ids, *rest)
            shows.append(len(ids))
            assert not desk.list.decided

        monkeypatch.setattr(desk.list, "show_near", noted)
        slow.stop()
        send(app_of(desk), "/", *"article", "enter", "p")
        await until(lambda: desk.awaiting.is_waiting)
        slow.go()
        await until(lambda: not desk.awaiting.is_waiting)
        await settled(desk, pilot)
        assert shows == [5, 30]
        assert changed(before) == ["article-27"]


async def test_keys_that_are_not_about_the_list_are_answered_at_once(
    folder: Path, open_collection: Open, slow: Slow
) -> None:
    async with desk_on(open_collection(folder)) as (desk, _pilot):
        app = app_of(desk)
        slow.stop()
        send(app, *FILTER, "?")
        await until(lambda: isinstance(app.screen, Keys))
        send(app, "escape", ":")
        await until(lambda: isinstance(app.screen, Palette))
        send(app, *"publish", "enter")  # by its name: it waits, too
        await until(lambda: desk.awaiting.is_waiting)
        desk.awaiting.forget()
        send(app, "h", "j")
        await until(lambda: desk.focused is desk.sidebar and desk.sidebar.cursor == 1)
        send(app, "h", "l", "/")
        await until(lambda: desk.filtering.is_open)
        send(app, "escape")  # back to what was being looked up, not to what is still listed
        await until(lambda: not desk.filtering.is_open)
        await answered(desk)
        assert not desk.list.decided
        send(app, "q")
        await until(lambda: app._exit)
        slow.go()


async def test_escape_gives_up_a_filter_that_is_looked_up(
    folder: Path, open_collection: Open, slow: Slow
) -> None:
    async with desk_on(open_collection(folder)) as (desk, _pilot):
        slow.stop()
        send(app_of(desk), *FILTER, "/", *"x", "escape")
        await answered(desk)
        assert not desk.filtering.is_open
        assert desk.listing.text == "article-12"
        send(app_of(desk), "escape")
        await until(lambda: desk.listing.text == "")
        assert desk.footer.said == "All records."
        slow.go()


async def test_a_list_that_does_not_come_has_nothing_done(
    folder: Path, open_collection: Open, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "LONGEST", 0.05)
    before = contents(folder)
    async with desk_on(open_collection(folder)) as (desk, pilot):
        slow.stop()
        send(app_of(desk), *FILTER, "p", "e", "q", "d")
        await until(lambda: "still being looked up" in desk.footer.said)
        assert desk.footer.said == "Not done: publish. The list is still being looked up."
        slow.go()
        await until(lambda: desk.listing.shown == "article-12")
        await answered(desk)
        await settled(desk, pilot)
        assert desk.app.screen is desk
        assert changed(before) == []
        await pilot.press("p")  # now it is there
        await settled(desk, pilot)
        assert changed(before) == ["article-12"]


async def test_what_is_no_query_has_nothing_done_and_nothing_typed(
    folder: Path, open_collection: Open, slow: Slow
) -> None:
    before = contents(folder)
    async with desk_on(open_collection(folder)) as (desk, pilot):
        slow.stop()
        send(app_of(desk), "/", *"topik:x", "enter", "p", "d")
        await until(lambda: desk.awaiting.is_waiting)
        slow.go()
        await until(lambda: desk.filtering.is_open)
        await answered(desk)
        assert desk.query_line.line.text == "topik:x"
        assert "no field topik" in desk.under_line.said
        await settled(desk, pilot)
        assert changed(before) == []


async def test_a_macro_waits_in_its_middle(
    folder: Path, open_collection: Open, slow: Slow, tmp_path: Path
) -> None:
    before = contents(folder)
    text = '[macros]\n"f9" = ["filter.clear", "move.first", "decide.publish"]\n'
    app = ReaderApp(open_collection(folder), settings=settings(tmp_path, text))
    async with app.run_test(size=(120, 40)) as pilot:
        desk = app.desk
        desk.listing.ask("article-15")
        await until(lambda: desk.listing.shown == "article-15")
        slow.stop()
        send(app, "f9", "d")
        await until(lambda: desk.awaiting.is_waiting)
        slow.go()
        await until(lambda: len(desk.list.decided) == 2)
        await settled(desk, pilot)
        assert changed(before) == ["article-00", "article-03"]
        assert "published: true" in lines_of(article(folder, 0))
        assert "removed: true" in lines_of(article(folder, 3))
        desk.edits.finish()
        desk.editing.close()


async def test_the_second_of_two_keys_follows_the_first_that_waited(
    folder: Path, open_collection: Open, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_on(open_collection(folder)) as (desk, _pilot):
        slow.stop()
        send(app_of(desk), *FILTER, "g", "1")
        await until(lambda: desk.awaiting.is_waiting)
        before, at = desk.own_keys._before
        desk.own_keys._before = before, at - 10  # long ago
        slow.go()
        await until(lambda: "No view has the key 1" in desk.footer.said)


async def test_a_key_before_the_first_screen_is_about_the_record_one_was_at(
    folder: Path, open_collection: Open
) -> None:
    before = contents(folder)
    collection = open_collection(folder)
    assert collection.state_path is not None
    place = Place("", "_news/article-27.md")
    write_place(place_file(collection.state_path), collection.root, place)
    app = ReaderApp(collection, resumes=True)
    send(app, "p")
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: bool(app.desk.list.decided))
        await settled(app.desk, pilot)
        assert changed(before) == ["article-27"]
        app.desk.edits.finish()
        app.desk.editing.close()


async def test_what_is_dropped_waits_until_it_is_known(
    folder: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    late: list[tuple[Asking, str]] = []
    explain = Asking.explain
    monkeypatch.setattr(Asking, "explain", lambda *asked: late.append(asked))
    async with desk_on(open_collection(folder)) as (desk, _pilot):
        send(app_of(desk), "/", *"article-12 nowhere", "enter", "x")
        await until(lambda: desk.awaiting.is_waiting and bool(late))
        explain(*late.pop())
        await until(lambda: desk.listing.shown == "article-12")


async def test_pasted_text_decides_nothing_while_a_list_is_looked_up(
    folder: Path, open_collection: Open, slow: Slow
) -> None:
    before = contents(folder)
    async with desk_on(open_collection(folder)) as (desk, pilot):
        slow.stop()
        send(app_of(desk), *FILTER)
        await until(lambda: not desk.filtering.is_open)
        send(app_of(desk), *"pjdukpjd")
        await until(lambda: desk.awaiting.is_waiting)
        await pilot.pause(0.3)  # longer than it is looked for decisions
        slow.go()
        await until(lambda: isinstance(desk.app.screen, Question))
        assert changed(before) == []


async def test_a_program_may_end_while_a_key_waits(
    folder: Path, open_collection: Open, slow: Slow
) -> None:
    before = contents(folder)
    async with desk_on(open_collection(folder)) as (desk, _pilot):
        app = app_of(desk)
        slow.stop()
        send(app, *FILTER, *"pjdukp")  # as pasted text: it is looked for decisions, too
        await until(lambda: desk.awaiting.is_waiting and app.are_waiting)
        app.exit()
        slow.go()
    assert changed(before) == []


async def test_a_day_is_chosen_for_the_record_it_was_asked_for(
    folder: Path, open_collection: Open
) -> None:
    before = contents(folder)
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("z")
        await until(lambda: isinstance(desk.app.screen, DeferChooser))
        desk.list.move_to(3)  # the list was renewed
        await pilot.press("t")
        await settled(desk, pilot)
        assert "Article 00" in desk.footer.said
        assert len(desk.list.decided) == 1
        assert changed(before) == []
