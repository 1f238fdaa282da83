"""What the desk shows is what is in force: labels after undo and changes elsewhere, what a key
repeats, the numbers while one reads, and the cursor's row in a window that got lower."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual import events

from reader.library.collection import Collection
from reader.records.decisions import Decision
from reader.records.query import Query, View
from reader.records.record import State
from reader.ui import reading
from reader.ui.glyphs import UNICODE
from reader.ui.hints import Hints
from reader.ui.jobs.checks import Planned
from reader.ui.screens import link
from reader.ui.screens.fields import FieldsForm
from reader.ui.screens.history import History
from reader.ui.screens.link import LinkShown
from reader.ui.screens.pager import Pager
from reader.ui.screens.preview import Preview
from reader.ui.screens.question import Question
from reader.ui.widgets.line_pane import LinePane, Piece

from .conftest import write_record
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
        await until(lambda: label(shown(desk, 0)) == label(shown(desk, 3)) == "published")
        path = article(folder, 0)
        path.write_text(path.read_text().replace("published: true", "removed: true"))
        await until(lambda: "published" not in shown(desk, 0))
        rejected = UNICODE.state(State.REJECTED)
        await until(lambda: shown(desk, 0).lstrip("▌ ").startswith(rejected))
        await until(lambda: label(shown(desk, 3)) == "published")


async def test_labels_agree_with_what_is_in_force_after_undo(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("p", "g")
        await settled(desk, pilot)
        await pilot.press("d")
        await settled(desk, pilot)
        await until(lambda: label(shown(desk, 0)) == "rejected")
        await pilot.press("u")
        await settled(desk, pilot)
        await until(lambda: label(shown(desk, 0)) == "published")


async def test_of_two_decisions_made_at_once_the_first_follows_what_is_changed_elsewhere_too(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        desk.triage.do_decide_publish()
        desk.list.move_to(0)
        desk.triage.do_decide_reject()
        await settled(desk, pilot)
        await pilot.press("u")
        await settled(desk, pilot)
        await until(lambda: label(shown(desk, 0)) == "published")
        path = article(folder, 0)
        path.write_text(path.read_text().replace("published: true", "published: false"))
        await until(lambda: "published" not in shown(desk, 0))


async def test_no_label_returns_with_the_list_when_it_was_undone_meanwhile(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        desk.triage.do_decide_publish()
        desk.taking_back.do_undo()
        await pilot.press("slash", "t")  # the line is opened before any of it is done
        await settled(desk, pilot)
        await until(lambda: desk.listing.shown == "t")
        await pilot.press("escape")
        await until(lambda: desk.listing.shown == "" and "published" not in shown(desk, 0))
        assert "published: false" in lines_of(article(folder, 0))


async def test_a_bulk_decision_that_is_undone_leaves_no_label(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("space", "j", "j", "space", "j", "j", "space", "p")
        await until(lambda: isinstance(desk.app.screen, Preview))
        for key in ("y", "u"):  # at once: the decision is made before it is taken back
            desk.app.post_message(events.Key(key, key))
        await until(lambda: "undone" in desk.footer.said)
        await settled(desk, pilot)
        assert not desk.list.decided
        assert not any("published" in shown(desk, number) for number in range(8))


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


async def test_a_long_value_is_shown_from_its_start_and_typed_on_at_its_end(
    folder: Path, open_collection: Open
) -> None:
    write_record(folder, "_news/article-00", "Low water " * 20, days=0.5)
    async with desk_on(open_collection(folder), size=(80, 24)) as (desk, pilot):
        await pilot.press("e")
        await until(lambda: isinstance(desk.app.screen, FieldsForm))
        form = desk.app.screen
        assert isinstance(form, FieldsForm)
        title = next(row.input for row in form.rows if row.field.name == "title")
        await until(lambda: title.size.width > 0)
        assert title.has_focus
        await pilot.press("x")
        assert title.value.endswith("Low water x")
        assert title.cursor_position == len(title.value)
        assert title.scroll_offset.x > 0
        await pilot.press("tab")
        await until(lambda: title.scroll_offset.x == 0)


async def test_what_is_typed_goes_after_the_value(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder), size=(80, 24)) as (desk, pilot):
        await pilot.press("e")
        await until(lambda: isinstance(desk.app.screen, FieldsForm))
        form = desk.app.screen
        assert isinstance(form, FieldsForm)
        first = form.rows[0].input
        await until(lambda: first.has_focus and first.size.width > 0)
        await pilot.press("x", "tab", "x")
        second = form.rows[1].input
        assert (first.value, second.value) == ("Article 00x", "What Article 00 is about.x")


async def test_a_message_takes_the_room_of_the_keys(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder), size=(80, 24)) as (desk, pilot):
        said = "Not opened: the file has been changed by someone else."
        desk.footer.say(said)
        await pilot.pause()
        drawn = desk.footer.render_line(0).text
        assert drawn.rstrip().endswith(said)
        assert "? help" in drawn
        assert len(drawn) == 80


async def test_one_question_is_not_drawn_over_another(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        first: Question[bool] = Question([], [], UNICODE, "NO RECORD")
        desk.app.push_screen(first)
        await until(lambda: first.is_current)
        message = Planned(
            SimpleNamespace(urls=3, recent=[]), (1,), SimpleNamespace(urls=3, hosts=1, unsafe=0)
        )
        desk.checking.planned(message)
        await pilot.pause()
        assert desk.app.screen is first
        assert "something else came up" in desk.footer.said
        await pilot.press("escape")
        desk.checking.planned(message)
        await until(lambda: isinstance(desk.app.screen, Question))


async def test_what_is_said_of_a_link_is_whole_at_80_columns(
    folder: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "browsers_here", lambda: ["lynx", "w3m"])
    async with desk_on(open_collection(folder), size=(80, 24)) as (desk, pilot):
        screen = LinkShown("https://harbour.example/a", lambda text: None, UNICODE)
        desk.app.push_screen(screen)
        await until(lambda: screen.is_current and screen.pane.size.width > 0)
        await pilot.pause()
        drawn = [screen.pane.render_line(y).text for y in range(12)]
        text = " ".join(" ".join(drawn).split())
        assert "lynx and w3m would work in this terminal." in text


async def test_what_is_long_goes_on_below(folder: Path, open_collection: Open) -> None:
    words = " ".join(f"word{number}" for number in range(40))

    def drawn(pane: LinePane) -> str:
        lines = [pane.render_line(y).text for y in range(pane.size.height)]
        return " ".join(" ".join(lines).split())

    async with desk_on(open_collection(folder), size=(60, 40)) as (desk, pilot):
        output = Pager("OUTPUT", [(Piece(f" {words}"),)], UNICODE, folds=True, margin=3)
        await desk.app.push_screen(output)
        await until(lambda: words in drawn(output.pane))
        await pilot.press("escape")
        targets = desk.collection.targets(desk.list.ids[:1])
        desk.edits.decide(Decision("set", {"fields": {"excerpt": words}}), targets)
        await until(lambda: not desk.edits.waiting)
        await pilot.press("H")
        history = desk.app.screen
        assert isinstance(history, History)
        await until(lambda: words in drawn(history.changes))
        await pilot.resize_terminal(50, 40)
        await until(lambda: words in drawn(history.changes) and history.changes.size.width == 50)


async def test_the_footer_of_a_code_says_what_its_key_does_there(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder), size=(80, 40)) as (desk, pilot):
        screen = LinkShown("https://harbour.example/a", lambda text: None, UNICODE)
        await desk.app.push_screen(screen)
        for said in ("O QR code", "O link", "O QR code"):
            await pilot.pause()
            assert said in screen.footer.render_line(0).text
            await pilot.press("O")
