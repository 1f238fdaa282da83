"""Triage at the desk, driven by keys, down to the bytes of the files."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from reader.library.collection import Collection
from reader.library.editing import Editing
from reader.library.outcome import Outcome
from reader.library.rules import Rules
from reader.records.query import Query, View
from reader.records.record import State
from reader.records.when import say_deferred
from reader.ui.app import ReaderApp
from reader.ui.burst import Burst
from reader.ui.jobs.edits import GRACE
from reader.ui.screens import desk as desk_module
from reader.ui.screens.defer import DeferChooser
from reader.ui.screens.desk import Desk
from reader.ui.screens.fields import FieldsForm
from reader.ui.screens.history import History
from reader.ui.screens.preview import Preview
from reader.ui.screens.query_prompt import QueryPrompt
from reader.ui.screens.question import Question
from reader.ui.screens.review import Review
from reader.ui.screens.topics import TopicsForm
from reader.ui.screens.unfinished import Unfinished
from reader.ui.triage import Triage
from tests.until import until

from .conftest import write_record

Open = Callable[..., Collection]


@asynccontextmanager
async def desk_on(
    collection: Collection,
    rules: Rules | None = None,
    size: tuple[int, int] = (120, 40),
    view: View = View.ALL,
) -> AsyncIterator[tuple[Desk, Pilot[None]]]:
    app = ReaderApp(collection, [], rules)
    async with app.run_test(size=size) as pilot:
        desk = app.screen
        assert isinstance(desk, Desk)
        await until(lambda: bool(desk.list.ids) and not desk.is_looking)
        if view is not View.ALL:
            desk.listing.ask(f"view:{view}")
            await until(lambda: desk.list.ids == collection.ids(Query(view)))
        await pilot.pause()
        yield desk, pilot
        desk.edits.finish()
        desk.editing.close()


async def settled(desk: Desk, pilot: Pilot[None]) -> None:
    """Wait until all that was decided has been written and told."""
    await until(lambda: not desk.edits.waiting)
    await pilot.pause()


def lines_of(path: Path) -> list[str]:
    return path.read_text().splitlines()


def article(folder: Path, number: int) -> Path:
    return folder / "_news" / f"article-{number:02}.md"


def article_text(desk: Desk) -> str:
    """All lines of the article, one after the other."""
    return "".join(piece.text for line in desk.reading.article.lines for piece in line)


def shown(desk: Desk, number: int) -> str:
    """A row of the list as it is drawn."""
    index = next(
        index
        for index in range(len(desk.list.ids))
        if (row := desk.list.row(index)) and row.title == f"Article {number:02}"
    )
    pieces = desk.list.line(index, desk.list.size.width, at_cursor=False)
    return "".join(piece.text for piece in pieces)


def current(desk: Desk) -> str:
    row = desk.list.current
    return row.title if row else ""


async def test_one_key_decides_and_goes_on(folder: Path, open_collection: Open) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.md")}
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("p")
        assert current(desk) == "Article 03"  # the next unpublished one
        assert shown(desk, 0).rstrip().endswith("published")
        assert desk.footer.said == "Published: “Article 00”."
        await pilot.press("d", "P")
        assert "already" in desk.footer.said
        await settled(desk, pilot)
        assert lines_of(article(folder, 0)) == [
            line.replace("published: false", "published: true")
            for line in before[article(folder, 0)].decode().splitlines()
        ]
        assert lines_of(article(folder, 3)) == [
            each
            for line in before[article(folder, 3)].decode().splitlines()
            for each in (["removed: true", line] if line == "published: false" else [line])
        ]
        row = desk.list.row(0)
        assert row is not None
        assert row.state is State.PUBLISHED
        await pilot.press("u")
        await settled(desk, pilot)
        assert "Undone: reject “Article 03”" in desk.footer.said
        assert current(desk) == "Article 03"
        await pilot.press("u")
        await settled(desk, pilot)
        assert {path: path.read_bytes() for path in folder.rglob("*.md")} == before
        await pilot.press("u")
        await settled(desk, pilot)
        assert desk.footer.said == "There is nothing to undo."
        await pilot.press("U")
        await settled(desk, pilot)
        assert "published: true" in lines_of(article(folder, 0))


async def test_function_keys_and_repeating(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("full_stop")
        assert "Nothing has been decided" in desk.footer.said
        await pilot.press("f8", "full_stop", "f6")
        await settled(desk, pilot)
        for number, line in ((0, "removed: true"), (3, "removed: true"), (6, "published: true")):
            assert line in lines_of(article(folder, number))
        await pilot.press("g", "D")
        await settled(desk, pilot)
        assert "removed: true" not in lines_of(article(folder, 0))
        assert "published: false" in lines_of(article(folder, 0))


async def test_decided_rows_stay_until_the_view_is_left(
    folder: Path, open_collection: Open
) -> None:
    collection = open_collection(folder)
    async with desk_on(collection, view=View.UNPUBLISHED) as (desk, pilot):
        listed = len(desk.list.ids)
        for _ in range(3):
            await pilot.press("p")
        await settled(desk, pilot)
        await until(lambda: len(collection.ids(Query(View.UNPUBLISHED))) == listed - 3)
        write_record(folder, "_news/new", "Brand new", days=0.1, published=False)
        await until(lambda: len(desk.list.ids) == listed + 1)
        assert "published" in shown(desk, 0)
        await pilot.press("R")
        await until(lambda: len(desk.list.ids) == listed - 2)


async def test_the_last_one_says_that_all_is_decided(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder), view=View.UNPUBLISHED) as (desk, pilot):
        await pilot.press("G", "p")
        assert "None further down." in desk.footer.said
        for _ in range(9):
            await pilot.press("d")
        assert "All here is decided." in desk.footer.said
        await settled(desk, pilot)


async def test_deferring_takes_a_record_out_until_its_day(
    folder: Path, open_collection: Open
) -> None:
    collection = open_collection(folder)
    async with desk_on(collection, view=View.UNPUBLISHED) as (desk, pilot):
        first = desk.list.ids[0]
        await pilot.press("z")
        assert isinstance(desk.app.screen, DeferChooser)
        await pilot.press("3")
        await settled(desk, pilot)
        assert "deferred" in shown(desk, 0)
        assert first not in collection.ids(Query(View.UNPUBLISHED))
        assert list(collection.ids(Query(View.DEFERRED))) == [first]
        until_when = say_deferred(collection.deferrals()[first], time.time())
        assert desk.footer.said == f"D{until_when[1:]}: “Article 00”."
        await pilot.press("g")
        assert f"◷ unpublished · {until_when}" in article_text(desk)
        await pilot.press("Z")
        await settled(desk, pilot)
        assert "● unpublished" in article_text(desk)
        assert "deferred" not in article_text(desk)
        assert first in collection.ids(Query(View.UNPUBLISHED))
        await pilot.press("u", "u")
        await settled(desk, pilot)
        assert not collection.ids(Query(View.DEFERRED))
        await pilot.press("j", "z", "escape")
        assert "Article 03" in current(desk)
        desk.listing.ask("view:published")
        await until(lambda: current(desk) == "Article 01")
        await pilot.press("z")
        assert "Only an unpublished record" in desk.footer.said


async def test_quality_topics_and_fields(folder: Path, open_collection: Open) -> None:
    path = article(folder, 0)
    before = path.read_bytes()
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("plus", "plus", "minus", "plus")
        assert " 58 " in shown(desk, 0)
        assert current(desk) == "Article 00"
        await settled(desk, pilot)
        assert "quality: 58" in lines_of(path)
        await pilot.press("t")
        assert isinstance(desk.app.screen, TopicsForm)
        await pilot.press(*"Bread", "enter", "ctrl+s")
        await settled(desk, pilot)
        assert "  - Bread" in lines_of(path)
        await pilot.press("e")
        form = desk.app.screen
        assert isinstance(form, FieldsForm)
        form.rows[0].query_one("FormInput").value = "Another title"  # type: ignore[attr-defined]
        await pilot.press("ctrl+s")
        await until(lambda: isinstance(desk.app.screen, Review))
        await pilot.press("y")
        await until(lambda: desk.app.screen is desk)
        await settled(desk, pilot)
        assert 'title: "Another title"' in lines_of(path)
        for _ in range(6):
            await pilot.press("u")
        await settled(desk, pilot)
        assert path.read_bytes() == before


async def test_mending_shows_the_difference_first(folder: Path, open_collection: Open) -> None:
    path = write_record(folder, "_news/broken-text", "The governmentâ€™s plan", days=0.1)
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("M")
        review = desk.app.screen
        assert isinstance(review, Review)
        shown = "\n".join(strip.text for strip in review._compositor.render_strips())
        assert "Changes › " in shown
        assert "Esc leave" in shown
        await pilot.press("y")
        await settled(desk, pilot)
        assert 'title: "The government’s plan"' in lines_of(path)
        await pilot.press("M")
        assert "need no mending" in desk.footer.said


async def test_many_at_once_with_a_look_before(folder: Path, open_collection: Open) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.md")}
    collection = open_collection(folder)
    async with desk_on(collection) as (desk, pilot):
        await pilot.press("space", "space", "j", "v", "j", "j", "v")
        assert len(desk.list.marked) == 5
        await pilot.press("escape")
        assert not desk.list.marked
        await pilot.press("g", "v")
        assert len(desk.list.marked) == 5
        assert current(desk) == "Article 05"  # where g was pressed
        await pilot.press("V")
        assert len(desk.list.marked) == 30
        await pilot.press("d")
        await until(lambda: isinstance(desk.app.screen, Preview))
        await pilot.press("d")  # for so many the key that began it does not do
        assert isinstance(desk.app.screen, Preview)
        await pilot.press("escape")
        assert desk.footer.said == "Nothing was changed."
        await pilot.press("d")
        await until(lambda: isinstance(desk.app.screen, Preview))
        await pilot.press("y")
        await until(lambda: not desk.list.marked)
        await settled(desk, pilot)
        assert len(collection.ids(Query(View.REJECTED))) == 30
        assert desk.footer.said == "Reject: 30 done."
        await pilot.press("u")
        await until(lambda: desk.footer.said == "Reject: 30 undone.")
        assert {path: path.read_bytes() for path in folder.rglob("*.md")} == before


async def test_marking_all_leaves_out_what_was_just_decided(
    folder: Path, open_collection: Open
) -> None:
    """It stands there still, dim; a decision for all the rest is none about it."""
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("p", "plus")
        await settled(desk, pilot)
        first, second = desk.list.ids[0], desk.list.ids[1]
        await pilot.press("V")
        assert len(desk.list.marked) == 29
        assert first not in desk.list.marked
        assert second in desk.list.marked  # another quality is no decision that is over
        assert "without the 1 decided here" in desk.footer.said
        await pilot.press("V")
        assert not desk.list.marked


async def test_few_marks_are_confirmed_by_the_same_key(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("space", "space", "p")
        await until(lambda: isinstance(desk.app.screen, Preview))
        await pilot.press("p")
        await until(lambda: not desk.list.marked)
        await settled(desk, pilot)
        assert "published: true" in lines_of(article(folder, 0))


async def test_marking_by_words(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("asterisk")
        assert isinstance(desk.app.screen, QueryPrompt)
        await pilot.press(*"bread", "enter")
        await until(lambda: len(desk.list.marked) == 15)
        await pilot.press("escape", "asterisk", *"nothing like it", "enter")
        await until(lambda: "No record listed here" in desk.footer.said)
        await pilot.press("asterisk", *"is:unpublishd", "enter")
        prompt = desk.app.screen
        assert isinstance(prompt, QueryPrompt)
        await until(lambda: "did you mean unpublished?" in prompt.said)
        await pilot.press("backspace", *"ed", "enter")
        await until(lambda: len(desk.list.marked) == 10)


async def test_marking_by_words_leaves_out_what_was_just_decided(
    folder: Path, open_collection: Open
) -> None:
    collection = open_collection(folder)
    async with desk_on(collection, view=View.UNPUBLISHED) as (desk, pilot):
        await pilot.press("p", "p")
        await settled(desk, pilot)
        published = set(desk.list.ids[:2])
        await pilot.press("asterisk", *"quality:>0", "enter")
        await until(lambda: len(desk.list.marked) == 8)
        assert not published & desk.list.marked
        assert "8 marked, without the 2 decided here" in desk.footer.said


async def test_what_is_marked_is_completed_as_in_the_filter_line(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("asterisk", *"topi", "tab")
        prompt = desk.app.screen
        assert isinstance(prompt, QueryPrompt)
        await until(lambda: prompt.text == "topic:")
        await pilot.press("tab")
        await until(lambda: prompt.text == "topic:Tides")
        assert prompt.has_class("-completing")
        await pilot.press("tab")
        assert prompt.text == "topic:Bread"
        await pilot.press(*["backspace"] * len("Bread"), *"br", "tab")
        await until(lambda: prompt.text == "topic:Bread")
        await pilot.press("tab")
        await until(lambda: prompt.said == "nothing to complete here")
        await pilot.press("enter")
        await until(lambda: len(desk.list.marked) == 15)
        await pilot.press("asterisk", *"zebra", "escape")
        assert desk.app.screen is desk
        assert len(desk.list.marked) == 15


async def test_what_many_could_not_do_is_told_by_record(
    folder: Path, open_collection: Open
) -> None:
    collection = open_collection(folder)
    odd = article(folder, 0)
    odd.write_text(odd.read_text().replace("published: false", "published: &x false\nother: *x"))
    async with desk_on(collection) as (desk, pilot):
        await until(lambda: collection.open_record(desk.list.ids[0]) is not None)
        await pilot.press("V", "p")
        await until(lambda: isinstance(desk.app.screen, Preview))
        screen = desk.app.screen
        assert isinstance(screen, Preview)
        assert len(screen._plan.refused) == 1
        os.remove(article(folder, 3))  # between the look and the deed
        await pilot.press("y")
        await until(lambda: isinstance(desk.app.screen, Unfinished))
        await pilot.press("escape")
        assert "8 done, 1 failed" in desk.footer.said


@pytest.mark.parametrize(("answer", "quality"), [("k", "90"), ("w", "89")])
async def test_others_change_the_same_field(
    folder: Path,
    open_collection: Open,
    answer: str,
    quality: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("reader.ui.triage.CALM", 60.0)  # however slow the machine is
    path = article(folder, 0)
    async with desk_on(open_collection(folder)) as (desk, pilot):
        path.write_text(path.read_text().replace("quality: 56", "quality: 90"))
        desk.triage.do_quality_down()  # at once, while the row shows 56 still
        await until(lambda: isinstance(desk.app.screen, Question))
        await pilot.press(answer)  # too soon to have been meant for the question
        question = desk.app.screen
        assert isinstance(question, Question)
        question._last_key -= 61  # as if that had been a minute ago
        await pilot.press(answer)
        await until(lambda: desk.app.screen is desk)
        await settled(desk, pilot)
        assert f"quality: {quality}" in lines_of(path)


async def test_undo_asks_where_others_changed_the_same_field(
    folder: Path, open_collection: Open
) -> None:
    path = article(folder, 0)
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("plus")
        await settled(desk, pilot)
        path.write_text(path.read_text().replace("quality: 57", "quality: 90"))
        await pilot.press("u")
        await until(lambda: isinstance(desk.app.screen, Question))
        await pilot.pause(0.6)
        await pilot.press("w")
        await settled(desk, pilot)
        assert "quality: 56" in lines_of(path)


async def test_what_is_redone_looks_decided_again(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("d")
        await settled(desk, pilot)
        record_id = desk.list.ids[0]
        assert desk.list.decided[record_id].word == "rejected"
        await pilot.press("u")
        await settled(desk, pilot)
        assert record_id not in desk.list.decided
        await pilot.press("U")
        await settled(desk, pilot)
        assert desk.list.decided[record_id].word == "rejected"
        assert desk.list.decided[record_id].state is State.REJECTED


async def test_a_published_record_with_a_warning_says_at_once_that_it_is(
    folder: Path, open_collection: Open
) -> None:
    write_record(folder, "_news/odd", "Odd", days=0.1, extra="ratings: many")
    async with desk_on(open_collection(folder)) as (desk, pilot):
        assert desk.list.current is not None
        assert desk.list.current.warned
        await pilot.press("p")
        assert desk.footer.said == "It is published already."
        assert desk.list.cursor == 0
        assert not desk.edits.waiting


async def test_where_nothing_may_be_edited_keys_say_so(folder: Path, open_collection: Open) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.md")}
    rules = Rules(False, "--read-only")
    async with desk_on(open_collection(folder), rules) as (desk, pilot):
        await until(lambda: ("read only", "warning") in desk.status._right)
        for key in ("p", "d", "z", "plus", "e", "t", "E", "M", "u", "full_stop"):
            desk.footer.say("")
            await pilot.press(key)
            assert "Decisions are off (--read-only)." in desk.footer.said, key
        await pilot.press("space", "p")
        assert "--read-only" in desk.footer.said
        await pilot.press("s")
        assert desk.list.marked
    assert {path: path.read_bytes() for path in folder.rglob("*.md")} == before


async def test_own_marks_need_no_folder_that_can_be_written(
    folder: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = os.access
    monkeypatch.setattr(
        "os.access",
        lambda path, mode: access(path, mode) and (str(path) != str(folder) or mode != os.W_OK),
    )
    collection = open_collection(folder)
    async with desk_on(collection) as (desk, pilot):
        for starred in (True, False):
            await pilot.press("s")
            await until(lambda: desk.list.current is not None)
            word = "Starred" if starred else "Star taken away"
            assert desk.footer.said == f"{word}: “Article 00”."
            assert len(collection.ids(Query(View.STARRED))) == starred
        await pilot.press("p")
        assert "may not be written" in desk.footer.said


async def test_what_one_key_decides_is_said_once(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        app = desk.app
        assert isinstance(app, ReaderApp)
        for key, word in (("s", "Starred"), ("s", "Star taken away"), ("plus", "Quality 57")):
            await pilot.press(key)
            await settled(desk, pilot)
            await until(lambda: desk.list.current is not None and not desk.edits.waiting)
            entry = app.messages.newest_first()[0]
            assert (entry.text, entry.times) == (f"{word}: “Article 00”.", 1)
        assert len(app.messages.newest_first()) == 3


async def test_how_far_a_decision_on_many_is_shows_from_its_beginning(
    folder: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    may = threading.Event()
    decide = Editing.decide

    def wait_and_decide(self: Editing, *args: Any, **options: Any) -> Outcome:
        may.wait(10)
        return decide(self, *args, **options)

    monkeypatch.setattr(Editing, "decide", wait_and_decide)
    async with desk_on(open_collection(folder), size=(80, 24)) as (desk, pilot):
        await pilot.press("V", "plus")
        await until(lambda: isinstance(desk.app.screen, Preview))
        await pilot.press("y")
        await until(lambda: "0 of 30" in desk.status.render_line(0).text)
        may.set()
        await until(lambda: "30 done" in desk.footer.said)
        assert "of 30" not in desk.status.render_line(0).text


async def test_history_shows_filters_and_undoes(folder: Path, open_collection: Open) -> None:
    collection = open_collection(folder)
    before = {path: path.read_bytes() for path in folder.rglob("*.md")}
    async with desk_on(collection) as (desk, pilot):
        await pilot.press("p", "d", "p")
        await settled(desk, pilot)
        await pilot.press("H")
        history = desk.app.screen
        assert isinstance(history, History)
        await until(lambda: len(history.steps.steps) == 3)
        text = "\n".join("".join(p.text for p in line) for line in history.changes._lines)
        assert "- published: false" in text
        assert "+ published: true" in text
        assert "Article 06" in text
        await pilot.press("j", "r")
        await until(lambda: len(history.steps.steps) == 1)
        await pilot.press("escape", "w")
        await until(lambda: len(history.steps.steps) == 3)
        await pilot.press("escape", "d", "escape", "j", "u")
        await until(lambda: desk.app.screen is desk)
        await settled(desk, pilot)
        assert article(folder, 3).read_bytes() == before[article(folder, 3)]
        assert "published: true" in lines_of(article(folder, 6))
        await pilot.press("H")
        history = desk.app.screen
        assert isinstance(history, History)
        await until(lambda: len(history.steps.steps) == 4)
        await pilot.press("G", "U")
        await until(lambda: isinstance(desk.app.screen, Question))
        await pilot.press("y")
        await until(lambda: desk.app.screen is desk)
        await settled(desk, pilot)
        assert {path: path.read_bytes() for path in folder.rglob("*.md")} == before


async def test_the_history_says_how_many_records_a_step_has_and_names_its_undo_alike(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder), size=(80, 24)) as (desk, pilot):
        await pilot.press("V", "plus")
        await until(lambda: isinstance(desk.app.screen, Preview))
        await pilot.press("y")
        await until(lambda: "done" in desk.footer.said)
        await pilot.press("u")
        await until(lambda: "undone" in desk.footer.said)
        await pilot.press("U")
        await until(lambda: "redone" in desk.footer.said)
        await pilot.press("H")
        history = desk.app.screen
        assert isinstance(history, History)
        await until(lambda: len(history.steps.steps) == 3)
        what = "quality +1 in 30 records: Article 00"
        for index, each in enumerate((f"redo {what}", f"undo {what}", what)):
            line = history.steps.line(index, 80, at_cursor=False)
            assert line[2].text.strip() == each
        text = "\n".join("".join(p.text for p in line) for line in history.changes._lines)
        assert "redo of step 2: quality +1 in 30 records" in text


async def test_pasted_text_decides_nothing(
    folder: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "reader.ui.jobs.edits.LATEST", 60.0
    )  # beside many other tests it takes long
    before = {path: path.read_bytes() for path in folder.rglob("*.md")}
    async with desk_on(open_collection(folder)) as (desk, pilot):
        keys = [events.Key(key, key) for key in "published"]
        for event in keys:  # at once, as the driver hands over what it has read
            event.time = keys[0].time
            desk.app.post_message(event)
        await until(lambda: isinstance(desk.app.screen, Question))
        await pilot.pause(0.6)
        await pilot.press("n")
        await until(lambda: desk.app.screen is desk)
        await settled(desk, pilot)
        assert desk.footer.said == "Nothing was written."
    assert {path: path.read_bytes() for path in folder.rglob("*.md")} == before


async def test_what_is_held_is_done_only_when_it_is_let_go(
    folder: Path, open_collection: Open
) -> None:
    before = lines_of(article(folder, 0))
    async with desk_on(open_collection(folder)) as (desk, pilot):
        desk.edits.hold()
        await pilot.press("p")
        decided = time.monotonic()
        await until(lambda: time.monotonic() > decided + 3 * GRACE)
        assert desk.edits.waiting
        assert lines_of(article(folder, 0)) == before
        desk.edits.release()
        await settled(desk, pilot)
        assert lines_of(article(folder, 0)) != before


async def test_pasted_text_decides_nothing_however_busy_the_machine_is(
    folder: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = Triage.do_decide_publish

    def slow(triage: Triage) -> None:
        publish(triage)
        time.sleep(3 * GRACE)  # it comes to the next keys only now

    monkeypatch.setattr(Triage, "do_decide_publish", slow)
    monkeypatch.setattr(
        "reader.ui.jobs.edits.LATEST", 60.0
    )  # beside many other tests it takes long
    before = lines_of(article(folder, 0))
    async with desk_on(open_collection(folder)) as (desk, pilot):
        for key in "published by the editor":  # as one read brings them
            desk.app.post_message(events.Key("space" if key == " " else key, key))
        await until(lambda: isinstance(desk.app.screen, Question))
        await settled(desk, pilot)
        assert isinstance(desk.app.screen, Question)
    assert lines_of(article(folder, 0)) == before


def test_a_burst_is_many_different_keys_within_a_moment() -> None:
    burst = Burst()
    assert not any(burst.saw("d", at / 1000) for at in range(100))  # a key that is held
    burst = Burst()
    assert not any(burst.saw("pjdkpjdk"[at % 8], at / 20) for at in range(100))  # a quick hand
    burst = Burst()
    assert [burst.saw(key, 0.001 * at) for at, key in enumerate("publish")][-1]


async def test_what_was_decided_is_written_when_one_quits(
    folder: Path, open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection(folder)
    app = ReaderApp(collection, [])
    async with app.run_test(size=(120, 40)) as pilot:
        desk = app.screen
        assert isinstance(desk, Desk)
        await until(lambda: bool(desk.list.ids))
        await pilot.press("p", "p", "q")
    desk.finish()
    assert "published: true" in lines_of(article(folder, 0))
    assert "published: true" in lines_of(article(folder, 3))
    editing = Editing(collection, Rules(), "command")
    assert [step.decision.id for step in editing.steps()] == ["publish", "publish"]
    editing.close()


async def test_it_is_told_when_what_was_decided_takes_a_while_to_write(
    folder: Path,
    open_collection: Open,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    may = threading.Event()
    monkeypatch.setattr(desk_module, "TOLD_AFTER", 0.01)
    decide = Editing.decide

    def late(*asked: Any, **options: Any) -> Outcome:
        may.wait()
        return decide(*asked, **options)

    monkeypatch.setattr(Editing, "decide", late)
    app = ReaderApp(open_collection(folder), [])
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: bool(app.desk.list.ids))
        await pilot.press("p")
    assert app.desk.edits.waiting
    leaving = threading.Thread(target=app.desk.finish)
    leaving.start()
    said = ""
    while not (said := said + capsys.readouterr().err):
        assert leaving.is_alive()
    assert said == "reader: writing what was decided.\n"
    may.set()
    leaving.join()
    assert "published: true" in lines_of(article(folder, 0))
    assert not capsys.readouterr().err


async def test_what_a_killed_reader_left_is_told(folder: Path, open_collection: Open) -> None:
    collection = open_collection(folder)
    code = (
        "import os, sys, signal\n"
        "from pathlib import Path\n"
        "from reader.library import replace, writer\n"
        "from reader.library.collection import Collection\n"
        "from reader.library.editing import Editing\n"
        "from reader.library.rules import Rules\n"
        "from reader.records.decisions import Decision\n"
        "from reader.records.query import Query\n"
        "root, state = sys.argv[1:]\n"
        "c = Collection.open(Path(root), cache_dir=Path(state) / 'c', state_dir=Path(state))\n"
        "c.reconcile()\n"
        "writer.sync_folder = lambda folder: os.kill(os.getpid(), signal.SIGKILL)\n"
        "e = Editing(c, Rules(), 'command')\n"
        "e.decide(Decision('reject'), c.targets(c.ids(Query())[:2]))\n"
    )
    state = Path(collection.state_path or "").parent
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", code, folder, state], check=False
    )
    assert done.returncode == -9
    async with desk_on(collection) as (desk, _):
        told = "“reject” of 2 records: 2 were done, and are kept ("
        await until(lambda: told in desk.footer.said)
        assert not collection.has_pending_edits()


@pytest.mark.parametrize("size", [(80, 24), (60, 18), (200, 50)])
async def test_decisions_work_at_any_size(
    folder: Path, open_collection: Open, size: tuple[int, int]
) -> None:
    async with desk_on(open_collection(folder), size=size) as (desk, pilot):
        await pilot.press("p", "space", "space", "d")
        await until(lambda: isinstance(desk.app.screen, Preview))
        await pilot.press("y")
        await until(lambda: not desk.list.marked)
        await settled(desk, pilot)
        await pilot.press("u", "u")
        await settled(desk, pilot)
        assert "published: false" in lines_of(article(folder, 0))


async def test_a_deferred_record_returns_when_it_is_due(
    folder: Path, tmp_path: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reader.ui import starting as module

    clock = [time.time()]
    collection = Collection.open(
        folder, cache_dir=tmp_path / "c", state_dir=tmp_path / "s", now=lambda: clock[0]
    )
    collection.reconcile()
    monkeypatch.setattr(module, "DUE_EVERY", 0.1)
    async with desk_on(collection, view=View.UNPUBLISHED) as (desk, pilot):
        await pilot.press("G", "z", "t")
        await settled(desk, pilot)
        await pilot.press("R")
        await until(lambda: len(desk.list.ids) == 9)
        clock[0] += 2 * 86400
        await until(lambda: len(desk.list.ids) == 10)
        row = desk.list.row(0)  # at the top, with its sign
        assert row is not None
        assert row.title == "Article 27"
        assert desk.list.line(0, 60, at_cursor=False)[1].text == "◷"
    collection.close()


async def test_what_was_undone_stays_listed(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder), view=View.UNPUBLISHED) as (desk, pilot):
        await pilot.press("d")
        await settled(desk, pilot)
        await pilot.press("g", "space", "space", "p")
        await until(lambda: isinstance(desk.app.screen, Preview))
        await pilot.press("enter")  # does not confirm
        assert isinstance(desk.app.screen, Preview)
        await pilot.press("p")
        await until(lambda: not desk.list.marked)
        await settled(desk, pilot)
        await pilot.press("u")
        await settled(desk, pilot)
        await pilot.pause(0.6)
        assert len(desk.list.ids) == 10  # the rejected one too, which has left the view
        await pilot.press("g", "j", "j", "Z")
        assert desk.footer.said == "It is not deferred."


async def test_published_by_someone_else_meanwhile_is_said(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        path = article(folder, 0)
        path.write_text(path.read_text().replace("published: false", "published: true"))
        desk.triage.do_decide_publish()
        await settled(desk, pilot)
        assert "Nothing was written" in desk.footer.said
        assert "published already" in desk.footer.said


async def test_a_field_someone_else_changed_meanwhile_is_told_before_mine_is_written(
    folder: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reader.ui.triage.CALM", 0)
    path = article(folder, 0)
    async with desk_on(open_collection(folder), size=(80, 24)) as (desk, pilot):
        await pilot.press("e")
        await until(lambda: isinstance(desk.app.screen, FieldsForm))
        await pilot.press("end", *" mine")
        path.write_text(path.read_text().replace("Article 00", "Theirs", 1))
        theirs = path.read_text()
        await pilot.press("ctrl+s")
        await until(lambda: isinstance(desk.app.screen, Review))
        said = " ".join(strip.text for strip in desk.app.screen._compositor.render_strips())
        assert "Someone has changed title meanwhile: it was Article 00 and is Theirs" in said
        assert "yours takes its place" in said
        assert "Article 00 mine" in said
        assert path.read_text() == theirs
        path.write_text(theirs.replace("Theirs", "Theirs again"))
        theirs = path.read_text()
        await pilot.press("enter")  # which is about what was shown, and not about this
        await until(lambda: isinstance(desk.app.screen, Question))
        assert path.read_text() == theirs
        await pilot.press("k")
        await until(lambda: desk.app.screen is desk)
        await pilot.press("e")
        await until(lambda: isinstance(desk.app.screen, FieldsForm))
        await pilot.press("end", *" mine")
        path.write_text(path.read_text().replace("Theirs again", "Theirs"))
        theirs = path.read_text()
        await pilot.press("ctrl+s")
        await until(lambda: isinstance(desk.app.screen, Review))
        await pilot.press("enter")
        await until(lambda: path.read_text() != theirs)
        await settled(desk, pilot)
        assert path.read_text() == theirs.replace("Theirs", "Theirs again mine")
        await pilot.press("u")
        await until(lambda: path.read_text() == theirs)


async def test_a_refused_edit_says_why_and_offers_the_editor(
    folder: Path, open_collection: Open
) -> None:
    path = article(folder, 0)
    odd = path.read_text().replace("published: false", "published: &x false\nother: *x")
    path.write_text(odd)
    async with desk_on(open_collection(folder), size=(80, 24)) as (desk, pilot):
        await pilot.press("p")
        await until(lambda: isinstance(desk.app.screen, Question))
        question = desk.app.screen
        assert isinstance(question, Question)
        said = "".join(piece.text for line in question._lines for piece in line)
        assert "anchor" in said
        assert [choice.key for choice in question._choices] == ["E", "l"]
        await pilot.press("escape")
        assert path.read_text() == odd
