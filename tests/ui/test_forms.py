"""The forms, driven by keys: fields, the changes before they are saved, and topics."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import cycle

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from reader.records.front_matter import read_record
from reader.records.query import Count
from reader.records.record import Record
from reader.records.values import ABSENT
from reader.ui.diff import diff_lines
from reader.ui.glyphs import ASCII, UNICODE, Glyphs
from reader.ui.keys_in_order import KeysInOrder
from reader.ui.screens.field_row import FieldRow
from reader.ui.screens.fields import LEAVE_AGAIN, Asked, FieldsForm, KnownValues
from reader.ui.screens.review import Review
from reader.ui.screens.topics import TopicsForm
from reader.ui.styles import style_sheet
from reader.ui.themes import DARK, stand_ins
from reader.ui.widgets.pieces import Line
from tests.until import until

FILE = """---
category: news
title: "The tide mill turns again"
excerpt: "What the harbour said of it, at some length, so that not all of it fits on a line."
publishedDateTime: 2020-06-12T16:05:00Z
type: article
quality: 56
heat: -1
published: false
topics:
  - Tides
  - "Bread, butter"
---
"""
KNOWN = (
    Count("tides", "Tides", 3, 12),
    Count("tide mills", "Tide mills", 0, 1200),
    Count("bread", "Bread", 0, 7),
    Count("low tide", "Low tide", 0, 2),
)

SIZES = [(80, 24), (200, 50), (40, 12)]
NOT_LEFT = object()
Preview = Callable[[dict[str, object]], Sequence[Line] | str]


class FormApp(KeysInOrder):
    """One form, and what it ended with."""

    CSS_PATH = [style_sheet("desk.tcss"), style_sheet("forms.tcss")]  # noqa: RUF012

    def __init__(self, make: Callable[[], Screen[object]]) -> None:
        super().__init__()
        self._make = make
        self.result: object = NOT_LEFT
        self.animation_level = "none"
        self.register_theme(DARK)
        self.theme = DARK.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return stand_ins(self.current_theme)

    def on_mount(self) -> None:
        self.push_screen(self._make(), self.end)

    def end(self, result: object) -> None:
        self.result = result


def record_of(text: str) -> Record:
    record = read_record(text.encode(), "a.md")
    assert isinstance(record, Record)
    return record


def picture(app: App[None]) -> str:
    """What the screen shows, as text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


class Fields:
    """A fields form in a running app."""

    def __init__(self, app: FormApp, form: FieldsForm, pilot: Pilot[None]) -> None:
        self.app, self.form, self.pilot = app, form, pilot
        self.asked: list[dict[str, object]] = []

    def row(self, name: str) -> FieldRow:
        return next(row for row in self.form.rows if row.field.name == name)

    async def type(self, name: str, text: str) -> None:
        """Replace what stands in a field."""
        field = self.row(name).input
        field.focus()
        await self.pilot.press("end", "ctrl+u")
        if text:
            field.post_message(events.Paste(text))
        await until(lambda: field.value == text)
        await self.pilot.pause()


@asynccontextmanager
async def fields_of(
    text: str = FILE,
    *,
    size: tuple[int, int] = (80, 24),
    preview: Preview | None = None,
    glyphs: Glyphs = UNICODE,
) -> AsyncIterator[Fields]:
    asked: list[dict[str, object]] = []

    def shown(changes: dict[str, object]) -> Sequence[Line] | str:
        asked.append(changes)
        if preview is not None:
            return preview(changes)
        return diff_lines(FILE.encode(), FILE.replace("heat: -1", "heat: 12").encode())

    known = KnownValues(KNOWN, (Count("article", "article", 0, 3),), (Count("news", "news", 0, 9),))
    record = record_of(text)

    def make() -> Screen[object]:
        return FieldsForm(record, record.title or "", known, shown, glyphs)

    app = FormApp(make)
    async with app.run_test(size=size) as pilot:
        await until(lambda: isinstance(app.screen, FieldsForm) and app.screen.focused is not None)
        assert isinstance(app.screen, FieldsForm)
        fields = Fields(app, app.screen, pilot)
        fields.asked = asked
        yield fields


@pytest.mark.parametrize("size", SIZES)
async def test_changed_fields_alone_are_saved(size: tuple[int, int]) -> None:
    async with fields_of(size=size) as fields:
        await fields.type("title", "Ebb [b]x[/b]")
        await fields.type("heat", "12")
        await fields.type("quality", "")
        await fields.pilot.press("ctrl+s")
        await until(lambda: isinstance(fields.app.screen, Review))
        await fields.pilot.pause()
        assert "+ heat: 12" in picture(fields.app)
        await fields.pilot.press("enter")
        await until(lambda: fields.app.result is not NOT_LEFT)
        assert fields.app.result == {"title": "Ebb [b]x[/b]", "heat": 12, "quality": ABSENT}
        assert fields.asked == [fields.app.result]


async def test_every_kind_of_field() -> None:
    typed = {
        "excerpt": "Short.",
        "quality": "7.5",
        "type": "video",
        "category": "learning",
        "published": "yes",
        "publishedDateTime": "2021-01-02",
        "topics": 'Tides, Power Apps, "a, b"',
    }
    async with fields_of() as fields:
        for name, text in typed.items():
            await fields.type(name, text)
        await fields.pilot.press("ctrl+s")
        await until(lambda: isinstance(fields.app.screen, Review))
        await fields.pilot.press("y")
        await until(lambda: fields.app.result is not NOT_LEFT)
        assert fields.app.result == {
            "excerpt": "Short.",
            "quality": 7.5,
            "type": "video",
            "category": "learning",
            "published": True,
            "publishedDateTime": datetime(2021, 1, 2, tzinfo=UTC),
            "topics": ("Tides", "Power Apps", "a, b"),
        }


async def test_yes_or_no_is_set_by_one_key() -> None:
    async with fields_of() as fields:
        row = fields.row("published")
        row.input.focus()
        press = fields.pilot.press
        assert row.input.value == "no"
        for keys, value in (
            (["y"], "yes"),
            (["y", "e", "s"], "yes"),
            (["space"], "no"),
            (["space"], "yes"),
            (["n", "o"], "no"),
            (["backspace"], ""),
            (["backspace"], ""),
            (["space"], "no"),
            (["Y"], "yes"),
        ):
            await press(*keys)
            assert row.input.value == value, keys
        assert row.note.endswith("y, n or Space sets it.")
        await fields.type("published", "maybe")
        assert row.note == "! write yes or no"
        await press("space", "ctrl+s")
        await until(lambda: isinstance(fields.app.screen, Review))
        assert fields.asked == [{"published": True}]


async def test_all_fields_are_seen_and_tab_and_arrows_move() -> None:
    async with fields_of() as fields:
        shown = picture(fields.app)
        for row in fields.form.rows:
            assert row.field.label in shown
        assert 'Tides, "Bread, butter"' in shown
        rows = fields.form.rows
        assert fields.form.focused is rows[0].input
        await fields.pilot.press("tab", "down", "enter")
        assert fields.form.focused is rows[3].input
        await until(lambda: rows[3].note == rows[3].field.help and not rows[0].note)
        await fields.pilot.press("up", "shift+tab")
        assert fields.form.focused is rows[1].input
        await fields.pilot.press("up", "up")
        assert fields.form.focused is rows[-1].input


async def test_a_filled_title_is_not_said_to_be_empty() -> None:
    async with fields_of() as fields:
        assert fields.form.rows[0].note == "What the record is called."
        await fields.type("title", "")
        assert "cannot be empty" in fields.form.rows[0].note


async def test_enter_on_the_last_field_goes_on() -> None:
    async with fields_of() as fields:
        await fields.type("topics", "Tides")
        await fields.pilot.press("enter")
        await until(lambda: isinstance(fields.app.screen, Review))


async def test_what_is_wrong_is_said_at_once_and_not_saved() -> None:
    async with fields_of() as fields:
        await fields.type("quality", "many")
        row = fields.row("quality")
        assert row.note == "! write a number as 56 or 56.5"
        fields.row("title").input.focus()
        await fields.pilot.press("ctrl+s")
        await until(lambda: fields.form.focused is row.input)
        assert "write a number" in fields.form.footer.said
        assert fields.app.screen is fields.form
        await fields.type("quality", "9")
        assert row.note == row.field.help
        await fields.type("title", "")
        assert fields.row("title").note == "! cannot be empty"


async def test_back_from_the_changes_all_is_still_there() -> None:
    async with fields_of() as fields:
        await fields.type("title", "Ebb")
        await fields.pilot.press("ctrl+s")
        await until(lambda: isinstance(fields.app.screen, Review))
        await fields.pilot.press("j", "k", "pagedown", "pageup", "escape")
        await until(lambda: fields.app.screen is fields.form)
        assert fields.row("title").input.value == "Ebb"
        assert fields.app.result is NOT_LEFT
        await fields.pilot.press("ctrl+s", "enter")
        await until(lambda: fields.app.result == {"title": "Ebb"})


async def test_what_cannot_be_done_is_said_and_not_saved() -> None:
    async with fields_of(preview=lambda _: "The title is an alias: [b]edit\x1b it[/b].") as fields:
        await fields.type("title", "Ebb")
        await fields.pilot.press("ctrl+s")
        await until(lambda: isinstance(fields.app.screen, Review))
        await fields.pilot.press("enter", "y")
        assert "The title is an alias: [b]edit␛ it[/b]." in picture(fields.app)
        assert "save" not in picture(fields.app).splitlines()[-1]
        await fields.pilot.press("escape")
        await until(lambda: fields.app.screen is fields.form)


async def test_no_change_is_no_change() -> None:
    async with fields_of() as fields:
        await fields.pilot.press("ctrl+s")
        assert fields.form.footer.said == "Nothing is changed."
        await fields.type("title", "Ebb")
        await fields.type("title", "The tide mill turns again")
        await fields.type("publishedDateTime", "2020-06-12 18:05 +02:00")  # the same moment
        await fields.type("quality", "056")
        await fields.pilot.press("ctrl+s")
        assert fields.form.footer.said == "Nothing is changed."
        assert not fields.asked


HOSTILE = """---
title: "a\\u202eb\\e[31m [red]c[/]"
excerpt: |
  two
  lines
type: [a, b]
category: 7
quality: "56"
heat: .inf
published: "no"
publishedDateTime: soon
topics: [Tides, 5, "x\\u200by"]
---
"""


@pytest.mark.parametrize("size", SIZES)
async def test_odd_values_are_shown_safely_and_are_no_changes(size: tuple[int, int]) -> None:
    async with fields_of(HOSTILE, size=size) as fields:
        shown = picture(fields.app)
        assert "ab␛[31m [red]c[/]" in shown
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        notes = {row.field.name: row.note for row in fields.form.rows}
        assert notes["title"] == "! not all of it can be shown; a change replaces it"
        assert notes["excerpt"] == notes["title"]
        assert notes["quality"] == "! is a text, not a number"
        assert notes["topics"] == "! [1] is a number, not a text"
        assert notes["type"] == "! is a list, not a text; Ctrl+E opens the file"
        assert fields.row("type").input.disabled
        assert fields.row("quality").input.value == '"56"'
        for _ in fields.form.rows:
            await fields.pilot.press("down", "end")
        await fields.pilot.press("ctrl+s")
        assert fields.form.footer.said == "Nothing is changed."
        await fields.type("quality", "56")
        await fields.pilot.press("ctrl+s", "enter")
        await until(lambda: fields.app.result == {"quality": 56})


async def test_a_name_in_the_place_of_a_title() -> None:
    async with fields_of("---\nname: Menders\n---\n") as fields:
        await fields.type("name", "Darners")
        await fields.pilot.press("ctrl+s", "enter")
        await until(lambda: fields.app.result == {"name": "Darners"})


async def test_a_text_too_long_for_a_line_is_left_to_the_editor() -> None:
    async with fields_of(f"---\ntitle: a\nexcerpt: {'word ' * 5000}\n---\n") as fields:
        assert fields.row("excerpt").note == "! too long to edit here; Ctrl+E opens the file"
        await fields.pilot.press("down")
        assert fields.form.focused is fields.row("quality").input


async def test_leaving_asks_once_when_something_is_typed() -> None:
    async with fields_of() as fields:
        await fields.type("title", "Ebb")
        await fields.pilot.press("escape")
        assert fields.form.footer.said == LEAVE_AGAIN
        await fields.pilot.press("x")
        await until(lambda: not fields.form.footer.said)
        await fields.pilot.press("escape", "escape")
        await until(lambda: fields.app.result is None)


async def test_leaving_asks_nothing_when_nothing_is_typed() -> None:
    async with fields_of() as fields:
        await fields.pilot.press("escape")
        await until(lambda: fields.app.result is None)


async def test_the_editor() -> None:
    async with fields_of() as fields:
        await fields.pilot.press("x", "ctrl+e")
        assert fields.form.footer.said == "Ctrl+E again opens the file without saving."
        await fields.pilot.press("ctrl+e")
        await until(lambda: fields.app.result is Asked.EDITOR)


async def test_pasted_text_is_one_safe_line() -> None:
    async with fields_of() as fields:
        await fields.type("title", "")
        fields.app.post_message(events.Paste("one\r\ntwo\x1b[31m\u202e [b]"))
        await until(lambda: fields.row("title").input.value == "one two␛[31m [b]")
        fields.app.post_message(events.Paste("word " * 100_000))
        await until(lambda: "too long" in fields.row("title").note)


def at_once(app: App[None], *keys: str) -> None:
    """Send keys as a slow line delivers them: all before the first is acted on."""
    for key in keys:
        character = {"space": " ", "backspace": "\x7f"}.get(key, key if len(key) == 1 else None)
        app.post_message(events.Key(key, character))


async def test_keys_that_come_at_once_keep_their_order() -> None:
    async with fields_of() as fields:
        await fields.type("title", "")
        await fields.type("heat", "")
        fields.row("title").input.focus()
        at_once(
            fields.app,
            *("E", "x", "backspace", "b", "b", "home", "delete", "D", "tab", "enter", "down"),
            *("1", "3", "backspace", "2", "ctrl+s"),
        )
        await until(lambda: isinstance(fields.app.screen, Review))
        assert fields.asked == [{"title": "Dbb", "heat": 12}]


async def test_a_key_to_leave_waits_for_what_is_typed() -> None:
    async with fields_of() as fields:
        at_once(fields.app, "x", "escape")
        await until(lambda: fields.row("title").touched)
        await fields.pilot.pause()
        assert fields.app.result is NOT_LEFT


async def test_topics_that_come_at_once_keep_their_order() -> None:
    async with topics_of() as (app, _, _):
        at_once(app, *"breax", "backspace", "enter", *"ti", "down", "enter", "enter")
        await until(lambda: app.result == (("Bread", "Tide mills"), ()))


async def test_known_values_complete() -> None:
    async with fields_of() as fields:
        await fields.type("topics", "Bread, ti")
        topics = fields.row("topics").input
        await until(lambda: topics._suggestion == "Bread, Tides")
        await fields.pilot.press("right", "comma", "t")
        await until(lambda: topics._suggestion == "Bread, Tides,Tide mills")
        await fields.type("type", "a")
        await until(lambda: fields.row("type").input._suggestion == "article")
        await fields.type("category", "q")
        assert not fields.row("category").input._suggestion


@pytest.mark.parametrize(
    ("size", "colours"), list(zip(SIZES, cycle(["", "NO_COLOR"]), strict=False))
)
async def test_ascii_alone(
    size: tuple[int, int], colours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if colours:
        monkeypatch.setenv(colours, "1")
    async with fields_of(size=size, glyphs=ASCII) as fields:
        await fields.type("title", "Ebb")
        await fields.type("title", "")
        for row in fields.form.rows:
            shown = picture(fields.app)
            assert f"{fields.form.rows.index(row) + 1} of 10" in shown
            assert row.field.label in shown
            assert shown.isascii()
            await fields.pilot.press("down")
            await fields.pilot.pause()
        await fields.type("title", "Ebb")
        await until(lambda: ">*Title" in picture(fields.app))
        await fields.pilot.press("ctrl+s")
        await until(lambda: isinstance(fields.app.screen, Review))
        assert picture(fields.app).isascii()


# -- topics -----------------------------------------------------------------------------------


@asynccontextmanager
async def topics_of(
    topics: Sequence[str] = ("tides ", "Weirs"),
    known: Sequence[Count] = KNOWN,
    *,
    size: tuple[int, int] = (80, 24),
    glyphs: Glyphs = UNICODE,
) -> AsyncIterator[tuple[FormApp, TopicsForm, Pilot[None]]]:
    app = FormApp(lambda: TopicsForm("The tide mill", topics, known, glyphs))
    async with app.run_test(size=size) as pilot:
        await until(lambda: isinstance(app.screen, TopicsForm) and app.screen.focused is not None)
        assert isinstance(app.screen, TopicsForm)
        await pilot.pause()
        yield app, app.screen, pilot


def labels(form: TopicsForm) -> list[str]:
    return [topic.label for topic in form.pane.shown]


@pytest.mark.parametrize("size", SIZES)
async def test_topics_are_added_and_taken_away(size: tuple[int, int]) -> None:
    async with topics_of(size=size) as (app, form, pilot):
        assert labels(form) == ["Tides", "Weirs", "Tide mills", "Bread", "Low tide"]
        assert "1,200" in picture(app)
        await pilot.press(*"brea", "enter")
        assert form.footer.said == "Bread: added"
        assert form.input.value == ""
        await pilot.press("down", "enter")
        assert form.footer.said == "Tides: taken away"
        await pilot.press("enter")
        await until(lambda: app.result == (("Bread",), ("tides ",)))


async def test_what_matches_is_listed_prefixes_first() -> None:
    async with topics_of(("Weirs",)) as (app, form, pilot):
        await pilot.press(*"TID")
        await pilot.pause()
        assert labels(form) == ["TID", "Tides", "Tide mills", "Low tide"]
        assert form.pane.current is form.pane.shown[1]
        assert "new topic" in picture(app)
        await pilot.press("e", "s")
        await pilot.pause()
        assert labels(form) == ["Tides"]  # known already, whatever the case


async def test_a_new_topic() -> None:
    async with topics_of() as (app, form, pilot):
        await pilot.press(*"Tid", "space", "e", "up", "enter")
        assert form.footer.said == "Tid e: added as a new topic"
        await pilot.press("enter")
        await until(lambda: app.result == (("Tid e",), ()))


async def test_several_in_a_row_and_back_again() -> None:
    async with topics_of() as (app, form, pilot):
        await pilot.press("down", "enter", "down", "enter", "down", "enter")
        assert form.pane.result == (("Tide mills",), ("tides ", "Weirs"))
        await pilot.press("up", "enter", "up", "enter")
        assert form.pane.result == (("Tide mills",), ())
        await pilot.press("ctrl+s")
        await until(lambda: app.result == (("Tide mills",), ()))


async def test_both_spellings_go_together() -> None:
    async with topics_of(("Tides", "tides")) as (app, form, pilot):
        assert labels(form)[:2] == ["Tides", "Tide mills"]
        await pilot.press("down", "enter", "enter")
        await until(lambda: app.result == ((), ("Tides", "tides")))


async def test_nothing_changed_and_text_not_taken_are_not_saved() -> None:
    async with topics_of() as (app, form, pilot):
        await pilot.press("enter")
        assert form.footer.said == "Nothing is changed."
        await pilot.press("x", "ctrl+s")
        assert "Enter takes" in form.footer.said
        await pilot.press("escape")
        assert form.footer.said == LEAVE_AGAIN
        await pilot.press("escape")
        await until(lambda: app.result is None)


async def test_hostile_topics_are_shown_safely() -> None:
    hostile = ("a\u202eb\x1b[31m", "[red]c[/]")
    async with topics_of(hostile, (Count("x", "x\x9b\u202e", 0, 1),)) as (app, _, pilot):
        shown = picture(app)
        assert "ab␛[31m" in shown
        assert "[red]c[/]" in shown
        assert not {"\x1b", "\x9b", "\u202e"} & set(shown)
        await pilot.press("down", "enter", "ctrl+s")
        await until(lambda: app.result == ((), hostile[:1]))


async def test_the_mouse_chooses_and_toggles() -> None:
    async with topics_of() as (_, form, pilot):
        await pilot.click(form.pane, offset=(5, 1))
        assert form.pane.current is form.pane.shown[0]
        assert not any(form.pane.result)
        await pilot.click(form.pane, offset=(5, 1))
        await until(lambda: form.pane.result == ((), ("tides ",)))
        assert form.focused is form.input


@pytest.mark.parametrize("size", SIZES)
async def test_topics_in_ascii(size: tuple[int, int]) -> None:
    async with topics_of(size=size, glyphs=ASCII) as (app, _, pilot):
        await pilot.press(*"tid", "down", "enter", "x")
        assert picture(app).isascii()


async def test_five_thousand_topics_are_instant() -> None:
    many = [Count(f"topic {n}", f"Topic {n}", 0, 9000 - n) for n in range(5000)]
    async with topics_of(known=many) as (_, form, pilot):
        for text in ("t", "to", "pic 49", "zzz", ""):
            start = time.process_time()
            form.pane.find(text)
            assert time.process_time() - start < 0.1
        await pilot.press(*"c", "space", *"4999", "enter")
        assert form.pane.result == (("Topic 4999",), ())
        await pilot.press("pagedown", "pagedown", "enter")
        assert len(form.pane.result[0]) == 2
