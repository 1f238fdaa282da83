"""What asks for an answer: until when, a question, the preview of a bulk decision."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from reader.records.bulk import Plan, Planned
from reader.records.decisions import Decision
from reader.records.record import State
from reader.ui.glyphs import ASCII, UNICODE, Glyphs
from reader.ui.piping import SYNTAX
from reader.ui.screens.defer import DeferChooser
from reader.ui.screens.pager import Pager
from reader.ui.screens.pick import Pick, Row
from reader.ui.screens.preview import Preview
from reader.ui.screens.prompt import Prompt
from reader.ui.screens.question import Choice, Question
from reader.ui.styles import style_sheet
from reader.ui.themes import DARK
from reader.ui.widgets.pieces import Line, Piece
from tests.until import until

NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)  # a Monday
SIZES = [(80, 24), (200, 50)]
UNANSWERED = object()


class Behind(App[None]):
    """A screen of lines, and what is asked over it."""

    CSS_PATH: ClassVar = [style_sheet("desk.tcss"), style_sheet("panel.tcss")]

    def __init__(self) -> None:
        super().__init__()
        self.animation_level = "none"
        self.register_theme(DARK)
        self.theme = DARK.name
        self.answers: list[object] = []

    def get_default_screen(self) -> Screen[None]:
        return Pager("BEHIND", [(Piece(f" line {number}"),) for number in range(100)], UNICODE)

    @property
    def answer(self) -> object:
        """The one answer given, or `UNANSWERED`."""
        assert len(self.answers) <= 1
        return self.answers[0] if self.answers else UNANSWERED

    def shown(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


@asynccontextmanager
async def asked(
    screen: Screen[Any], size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Behind, Pilot[None]]]:
    app = Behind()
    async with app.run_test(size=size) as pilot:
        app.push_screen(screen, app.answers.append)
        await until(lambda: app.screen is screen and screen.is_mounted)
        await pilot.pause()
        yield app, pilot


# -- until when -------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_the_chooser_stands_at_the_bottom_and_what_was_there_stays(
    size: tuple[int, int],
) -> None:
    async with asked(DeferChooser(3, NOW, UNICODE), size) as (app, _):
        shown = app.shown()
        assert shown[0] == " BEHIND"
        assert shown[1] == " line 0"
        assert shown[-9] == "─" * size[0]
        assert shown[-8] == " DEFER 3 RECORDS UNTIL"
        assert shown[-7] == " t  tomorrow     Tue 24 Nov 2026, 06:00"
        assert shown[-1].startswith(" Esc leave")


@pytest.mark.parametrize(
    ("keys", "day"),
    [
        (["t"], "2026-11-24T06:00:00+00:00"),
        (["3"], "2026-11-26T06:00:00+00:00"),
        (["m"], "2026-11-30T06:00:00+00:00"),
        (["w"], "2026-11-30T06:00:00+00:00"),
        (["M"], "2026-12-23T06:00:00+00:00"),
        (["enter"], "2026-11-24T06:00:00+00:00"),
        (["down", "down", "up", "enter"], "2026-11-26T06:00:00+00:00"),
        ([*"2w", "enter"], "2026-12-07T06:00:00+00:00"),
        (["d", *"1", "space", *"DEC", "enter"], "2026-12-01T06:00:00+00:00"),
        (["up", *["down"] * 5, "enter", *"5d", "enter"], "2026-11-28T06:00:00+00:00"),
        ([*"2026-12-01", "space", *"14:30", "enter"], "2026-12-01T14:30:00+00:00"),
    ],
)
async def test_a_day_is_chosen_or_typed(keys: list[str], day: str) -> None:
    async with asked(DeferChooser(1, NOW, UNICODE)) as (app, pilot):
        await pilot.press(*keys)
        await until(lambda: app.answer is not UNANSWERED)
        assert app.answer == datetime.fromisoformat(day)


@pytest.mark.parametrize("size", [*SIZES, (40, 12)])
async def test_what_is_typed_is_interpreted_at_once(size: tuple[int, int]) -> None:
    async with asked(DeferChooser(1, NOW, UNICODE), size) as (app, pilot):
        await pilot.press("d", *"30")
        await until(lambda: "not understood: try tomorrow" in "\n".join(app.shown()))
        await pilot.press("enter")
        assert app.answer is UNANSWERED
        await pilot.press(*"nov")
        await until(lambda: "→ Mon 30 Nov 2026, 06:00" in "\n".join(app.shown()))
        await pilot.press("ctrl+u", *"2020-1-1", "enter")
        await until(lambda: "that is in the past" in "\n".join(app.shown()))
        assert app.answer is UNANSWERED
        await pilot.press("escape")
        assert app.answer is None


@pytest.mark.parametrize("size", [*SIZES, (40, 12)])
async def test_why_a_day_is_refused_is_said_once(size: tuple[int, int]) -> None:
    chooser = DeferChooser(1, NOW, UNICODE)
    async with asked(chooser, size) as (app, pilot):
        await pilot.press("d", *"yesterday")
        await until(lambda: "that is in the past" in "\n".join(app.shown()))
        await pilot.press("enter")
        await until(lambda: chooser.meaning.has_class("-refused"))
        assert "\n".join(app.shown()).count("that is in the past") == 1
        assert "not understood" not in "\n".join(app.shown())
        assert app.answer is UNANSWERED
        await pilot.press("backspace")
        await until(lambda: not chooser.meaning.has_class("-refused"))


async def test_keys_that_come_faster_than_the_line_opens_keep_their_order() -> None:
    chooser = DeferChooser(1, NOW, UNICODE)
    async with asked(chooser) as (app, _):
        for key in "2026-12-01":
            app.post_message(events.Key(key, key))
        app.post_message(events.Key("enter", "\r"))
        await until(lambda: app.answer is not UNANSWERED)
        assert app.answer == datetime(2026, 12, 1, 6, tzinfo=UTC)


async def test_only_letters_digits_and_stops_can_be_typed() -> None:
    chooser = DeferChooser(1, NOW, UNICODE)
    async with asked(chooser) as (_, pilot):
        await pilot.press("é", *"2w", "ß")
        assert chooser.input.value == "2w"
        chooser.input.post_message(events.Paste("\x1b[31m"))
        await pilot.pause()
        assert chooser.input.value == "2w"


async def test_text_pasted_onto_the_choices_does_nothing() -> None:
    chooser = DeferChooser(1, NOW, UNICODE)
    async with asked(chooser) as (app, pilot):
        chooser.days.post_message(events.Paste("t"))
        await pilot.pause()
        assert app.answer is UNANSWERED
        await pilot.press("escape")
        assert app.answer is None


async def test_a_click_on_the_day_under_the_cursor_chooses_it() -> None:
    chooser = DeferChooser(1, NOW, UNICODE)
    async with asked(chooser) as (app, pilot):
        await pilot.click(chooser.days, offset=(5, 2))
        await until(lambda: chooser.days.cursor == 1)
        assert app.answer is UNANSWERED
        await pilot.click(chooser.days, offset=(5, 2))
        await until(lambda: app.answer == datetime(2026, 11, 26, 6, tzinfo=UTC))


# -- one of several ---------------------------------------------------------------------------
async def test_a_list_that_goes_on_below_says_so_at_any_width() -> None:
    rows = [Row(key, f"View {key}", key) for key in "abcdefghiklm"]
    async with asked(Pick("VIEWS", rows, UNICODE), (40, 12)) as (app, pilot):
        assert "View m" not in "\n".join(app.shown())
        assert "↓ ↑ scroll" in app.shown()[-1]
        await pilot.resize_terminal(80, 24)
        await until(lambda: "View m" in "\n".join(app.shown()))
        await until(lambda: "↓ ↑ move" in app.shown()[-1])


# -- a line to type ---------------------------------------------------------------------------
@pytest.mark.parametrize("size", [(200, 50), (80, 24), (60, 24), (40, 12)])
async def test_what_the_line_to_pipe_to_may_hold_is_told_whole(size: tuple[int, int]) -> None:
    async with asked(Prompt("PIPE TO", SYNTAX, UNICODE), size) as (app, pilot):
        await pilot.press(*"jq")
        await until(lambda: any(line.strip() == "jq" for line in app.shown()))
        shown = app.shown()
        assert " ".join(" ".join(shown).split("PIPE TO")[1].split()).startswith(f"{SYNTAX} jq")
        assert shown[-1].startswith(" Enter go")


# -- a question -------------------------------------------------------------------------------

CHOICES = [Choice("y", "write yours", "yours"), Choice("F", "keep the file's", "the file's")]


def question(
    lines: Sequence[Line] = ((Piece("Two values."),),), glyphs: Glyphs = UNICODE, calm: float = 0
) -> Question[str]:
    return Question(lines, CHOICES, glyphs, "BOTH CHANGED", calm=calm)


@pytest.mark.parametrize("size", [*SIZES, (40, 8)])
async def test_a_question_shows_its_lines_and_choices(size: tuple[int, int]) -> None:
    async with asked(question(), size) as (app, _):
        assert app.shown()[-7:] == [
            "─" * size[0],
            " BOTH CHANGED",
            " Two values.",
            "",
            " y  write yours",
            " F  keep the file's",
            " Esc leave",
        ]
        assert app.shown()[0] == " BEHIND"


@pytest.mark.parametrize(("key", "answer"), [("y", "yours"), ("F", "the file's"), ("escape", None)])
async def test_a_key_answers(key: str, answer: str | None) -> None:
    async with asked(question()) as (app, pilot):
        await pilot.press("f", "Y", "q", "enter", "space", "tab", "j", "1")
        assert app.answer is UNANSWERED
        await pilot.press(key)
        await until(lambda: app.answer == answer)


async def test_only_the_first_answer_counts() -> None:
    asking = question()
    async with asked(asking) as (app, pilot):
        for key in "yFy":
            asking.post_message(events.Key(key, key))
        await until(lambda: app.screen is not asking)
        await pilot.pause()
        assert app.answer == "yours"
        assert len(app.screen_stack) == 1


async def test_text_pasted_answers_nothing() -> None:
    asking = question()
    async with asked(asking) as (app, pilot):
        asking.text.post_message(events.Paste("y"))
        await pilot.pause()
        assert app.answer is UNANSWERED


async def test_a_question_amid_a_burst_of_keys_waits_for_quiet() -> None:
    asking = question(calm=3600)
    async with asked(asking) as (app, pilot):
        await pilot.press("x", "y", "y")
        assert app.answer is UNANSWERED
        asking._last_key -= 3600
        await pilot.press("y")
        assert app.answer == "yours"


async def test_lines_are_wrapped_and_scroll_and_the_choices_stay() -> None:
    words = " ".join(f"word{number}" for number in range(300))
    lines = [(Piece("  file ", "pane--dim"), Piece(words, "pane--bad")), (Piece("the end"),)]
    async with asked(question(lines)) as (app, pilot):
        shown = app.shown()
        assert shown[2].startswith("   file word0 word1")
        assert shown[3].startswith("   word")
        assert shown[-3:] == [" y  write yours", " F  keep the file's", " Esc leave  ↓ ↑ scroll"]
        assert " the end" not in shown
        await pilot.press("j")
        await until(lambda: app.shown()[2] == shown[3])
        await pilot.press("G")
        await until(lambda: " the end" in app.shown())
        await pilot.press("pageup", "ctrl+u", "g")
        await until(lambda: app.shown()[2] == shown[2])
        await pilot.resize_terminal(40, 24)
        await until(lambda: app.shown()[-2] == " F  keep the file's")
        await until(lambda: all(len(line) <= 40 for line in app.shown()))


async def test_nothing_of_a_file_reaches_the_terminal_raw() -> None:
    hostile = [(Piece("\x1b[31m[red]\u202eevil\x07[/red]"),)]
    async with asked(question(hostile)) as (app, _):
        assert " ␛[31m[red]evil␇[/red]" in app.shown()


async def test_ascii_form() -> None:
    lines = [(Piece("word " * 500),)]
    async with asked(question(lines, ASCII)) as (app, _):
        assert "".join(app.shown()).isascii()
    async with asked(DeferChooser(1, NOW, ASCII)) as (app, pilot):
        await pilot.press(*"2w")
        await until(lambda: "> Mon 7 Dec 2026, 06:00" in "\n".join(app.shown()))
        assert "".join(app.shown()[10:]).isascii()


# -- the preview ------------------------------------------------------------------------------


def some(count: int, start: int = 0) -> tuple[Planned, ...]:
    return tuple(
        Planned(number, f"Title {number}", f"_news/{number:05}.md")
        for number in range(start, start + count)
    )


def plan(count: int, key: str = "p") -> Plan:
    one, two, three = some(3, 20_000)
    return Plan(
        Decision("publish"),
        key,
        some(count),
        already=some(2, 30_000),
        refused=((one, "read only"), (two, "the file is gone"), (three, "read only")),
        hidden=7,
    )


@pytest.mark.parametrize("size", SIZES)
async def test_the_preview_says_who_changes_and_who_does_not(size: tuple[int, int]) -> None:
    async with asked(Preview(plan(214), UNICODE), size) as (app, pilot):
        shown = [" ".join(line.split()) for line in app.shown()]
        assert shown[:10] == [
            "publish 214 records",
            "",
            "214 will change",
            "2 so already",
            "3 refused, for reasons below",
            "7 of them are marked but hidden by the filter",
            "",
            "More than 20: y confirms, p does not.",
            "",
            "REFUSED",
        ]
        assert shown[10:18] == [
            "read only",
            "Title 20000 _news/20000.md",
            "Title 20002 _news/20002.md",
            "",
            "the file is gone",
            "Title 20001 _news/20001.md",
            "",
            "CHANGES",
        ]
        assert shown[-1] == "y publish 214 records Esc leave"
        await pilot.press("G")
        await until(lambda: "Title 30001 _news/30001.md" in " ".join(app.shown()[-2].split()))


@pytest.mark.parametrize(
    ("count", "key", "pressed", "answer"),
    [
        (20, "p", "p", True),
        (20, "p", "y", True),
        (1, "d", "d", True),
        (20, "p", "escape", None),
        (20, "p", "q", None),
        (21, "p", "y", True),
        (21, "y", "enter", True),
        (21, "p", "escape", None),
        (0, "p", "q", None),
        (0, "p", "escape", None),
    ],
)
async def test_keys_that_end_the_preview(
    count: int, key: str, pressed: str, answer: bool | None
) -> None:
    async with asked(Preview(plan(count, key), UNICODE)) as (app, pilot):
        await pilot.press(pressed)
        await until(lambda: app.answer is answer)


@pytest.mark.parametrize(
    ("count", "key", "pressed"),
    [
        (20, "p", ["d", "P", "space", "Y", "j"]),
        (21, "p", ["p", "p", "enter", "P"]),
        (21, "y", ["y", "y"]),
        (0, "p", ["p", "y", "enter"]),
    ],
)
async def test_keys_that_do_not(count: int, key: str, pressed: list[str]) -> None:
    preview = Preview(plan(count, key), UNICODE)
    async with asked(preview) as (app, pilot):
        await pilot.press(*pressed)
        assert app.answer is UNANSWERED
        assert app.screen is preview


async def test_nothing_to_change() -> None:
    async with asked(Preview(plan(0), UNICODE)) as (app, _):
        assert " Nothing to change." in app.shown()
        assert app.shown()[-1] == " Esc leave"


async def test_the_titles_of_ten_thousand_are_made_when_they_are_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    preview = Preview(plan(10_000), UNICODE)
    made: list[int] = []
    line = preview.pane.line

    def counted(index: int, width: int, *, at_cursor: bool) -> Line:
        made.append(index)
        return line(index, width, at_cursor=at_cursor)

    monkeypatch.setattr(preview.pane, "line", counted)
    async with asked(preview) as (app, pilot):
        assert any("publish 10,000 records" in line for line in app.shown())
        await pilot.press("G")
        await until(lambda: "Title 30001" in "\n".join(app.shown()))
        assert len(set(made)) < 100


async def test_the_preview_of_one_record_gives_its_path_what_its_title_leaves() -> None:
    short = Planned(1, "Short", "_news/2026-11-22-the-bakery-that-keeps-hours.md")
    long = Planned(2, "T" * 60, "_news/long.md")
    made = Plan(Decision("quality", {"by": 1}), "plus", (short,), already=(long,))
    async with asked(Preview(made, UNICODE), (80, 24)) as (app, _):
        shown = app.shown()
        lines = [" ".join(line.split()) for line in shown]
        assert lines[:4] == ["quality +1 in 1 record", "", "1 will change", "1 so already"]
        path = "_news/2026-11-22-the-bakery-t…"
        assert f"   {'Short':<44} {path}" in shown
        assert f"   {'T' * 60}" in shown  # whole, and no beginning of a path


async def test_a_preview_says_what_they_are_now_where_not_all_are_the_same() -> None:
    changing = (
        Planned(1, "Decided", "a.md", State.PUBLISHED),
        Planned(2, "Undecided", "b.md", State.UNPUBLISHED),
    )
    async with asked(Preview(Plan(Decision("reject"), "d", changing), UNICODE), (80, 24)) as (
        app,
        _,
    ):
        assert "2 will change: 1 unpublished, 1 published now" in "\n".join(app.shown())


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
async def test_forty_columns(glyphs: Glyphs) -> None:
    async with asked(Preview(plan(10_000), glyphs), (40, 24)) as (app, _):
        shown = app.shown()
        assert all(len(line) <= 40 for line in shown)
        assert "      7 of them are marked but hidden" in shown
        assert "        by the filter" in shown
        assert shown[-1] == " y publish 10,000 records  Esc leave"
        assert glyphs is UNICODE or "".join(shown).isascii()


async def test_titles_reasons_and_paths_are_made_safe() -> None:
    hostile = Planned(1, "[b]\x1b[2J\u202e", "_news/\udc80\x9b.md")
    preview = Preview(
        Plan(Decision("publish"), "p", (hostile,), refused=((hostile, "\x1b]0;"),)), UNICODE
    )
    async with asked(preview) as (app, _):
        text = "\n".join(app.shown())
        assert "[b]␛[2J" in text
        assert "␛]0;" in text
        assert not {"\x1b", "\x9b", "\u202e"} & set(text)
