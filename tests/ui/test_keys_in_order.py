"""What is typed is answered in its order, however the keys fall among the turns of the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual import events

from reader.library.collection import Collection
from reader.library.query_history import QueryHistory
from reader.ui import waiting
from reader.ui.app import ReaderApp
from reader.ui.screens.keys import Keys
from reader.ui.screens.palette import Palette
from reader.ui.screens.prompt import Prompt
from reader.ui.screens.query_prompt import QueryPrompt
from reader.ui.screens.question import Choice, Question

from .test_keymap import settings
from .test_triage import current, desk_on, until

Open = Callable[[Path], Collection]
WORD = "rows"
NAMES = {"/": "slash", ":": "colon", "*": "asterisk", "?": "question_mark"}
PAUSES = [(1, None), (2, None), (3, None), (3, 1), (6, 2)]
"""How many turns of the event loop there are between two keys, and after how many keys; None: each.
Opening a screen takes about ten of them."""


def send(app: ReaderApp, *keys: str | tuple[str, str]) -> None:
    """Send keys as the terminal's thread does; what is one character is typed. A pair is a key with
    its character: Esc and that, where its name begins with `alt+`."""
    for key in keys:
        if isinstance(key, tuple):
            app.post_message(events.Key(*key))
        else:
            app.post_message(events.Key(NAMES.get(key, key), key if len(key) == 1 else None))


def typed(app: ReaderApp) -> str:
    """What stands in the line that is open."""
    if isinstance(app.screen, Palette | Prompt):
        return app.screen.input.value
    if isinstance(app.screen, QueryPrompt):
        return app.screen.text
    return app.desk.query_line.line.text if app.desk.filtering.is_open else ""


@pytest.mark.parametrize("opening", ["/", ":", "*"])
async def test_letters_follow_the_key_that_opens_a_line(
    folder: Path, open_collection: Open, opening: str
) -> None:
    async with desk_on(open_collection(folder)) as (desk, _pilot):
        app = desk.app
        assert isinstance(app, ReaderApp)
        for turns, after in PAUSES:
            for number, key in enumerate([opening, *WORD], 1):
                send(app, key)
                for _ in range(turns if after in (None, number) else 0):
                    await asyncio.sleep(0)
            await until(lambda: typed(app) == WORD, 5)
            send(app, "escape")
            await until(lambda: app.screen is desk and not desk.filtering.is_open)


async def test_what_was_typed_before_the_first_screen_waits_for_it(
    folder: Path, open_collection: Open
) -> None:
    app = ReaderApp(open_collection(folder))
    send(app, "/", *WORD)
    async with app.run_test(size=(120, 30)):
        await until(lambda: typed(app) == WORD)


async def test_enter_typed_before_the_program_had_the_terminal_is_enter(
    folder: Path, open_collection: Open
) -> None:
    app = ReaderApp(open_collection(folder))
    send(app, "/", *"article", ("ctrl+j", "\n"), "j")
    async with app.run_test(size=(120, 30)):
        await until(lambda: current(app.desk) == "Article 01" and not app.desk.filtering.is_open)


async def test_a_line_in_another_screen_has_its_letters_too(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, _pilot):
        assert isinstance(desk.app, ReaderApp)
        send(desk.app, "?", "/", *WORD)
        await until(lambda: typed(desk.app) == WORD)
        assert isinstance(desk.app.screen_stack[-2], Keys)


async def test_what_closes_a_line_gives_the_next_key_to_the_list(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, _pilot):
        app = desk.app
        assert isinstance(app, ReaderApp)
        send(app, "/", "enter", "j", "j")
        await until(lambda: current(desk) == "Article 02")
        send(app, ":", *"move.down", "enter", "j")  # what it does comes before the last key
        await until(lambda: app.screen is desk and current(desk) == "Article 04")


async def test_a_key_is_for_the_line_that_was_clicked_before_it(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, _pilot):
        app = desk.app
        assert isinstance(app, ReaderApp)
        place = desk.list.region.offset.x + 5, desk.list.region.offset.y + 4
        for kind in (events.MouseDown, events.MouseUp):
            app.post_message(
                kind(None, *place, 0, 0, button=1, shift=False, meta=False, ctrl=False)
            )
        send(app, "j")
        await until(lambda: current(desk) == "Article 04")


async def test_no_key_answers_a_question_before_it_is_there(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        answers: list[bool | None] = []
        choices = [Choice("y", "yes", True)]
        question = Question([], choices, desk.glyphs, "SURE")
        desk.app.push_screen(question, answers.append)
        assert isinstance(desk.app, ReaderApp)
        send(desk.app, "y")
        await until(lambda: question.is_mounted)
        await pilot.pause()
        assert not answers
        send(desk.app, "y")
        await until(lambda: answers == [True])


async def test_esc_and_the_key_right_after_it_are_two_keys(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, _pilot):
        app = desk.app
        assert isinstance(app, ReaderApp)
        send(app, "?", ("alt+j", "j"), ("alt+j", "j"))
        await until(lambda: app.screen is desk and current(desk) == "Article 02")
        send(app, "/", *WORD, ("alt+k", "k"))
        await until(lambda: not desk.filtering.is_open and current(desk) == "Article 01")
        send(app, "/", *"one two", ("alt+b", "b"), "x")  # in a line it is one that lines have
        await until(lambda: typed(app) == "one xtwo")
        send(app, ("alt+k", "k"))
        await until(lambda: not desk.filtering.is_open and current(desk) == "Article 00")
        send(app, ":", *"one two", ("alt+b", "b"), "x", ("alt+d", "d"))
        await until(lambda: typed(app) == "one x")
        send(app, ("alt+j", "j"))
        await until(lambda: app.screen is desk and current(desk) == "Article 01")


async def test_before_a_question_esc_counts_and_the_key_after_it_does_not(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, _pilot):
        answers: list[bool | None] = []
        question = Question([], [Choice("y", "yes", True)], desk.glyphs, "SURE")
        desk.app.push_screen(question, answers.append)
        assert isinstance(desk.app, ReaderApp)
        send(desk.app, ("alt+y", "y"))
        await until(lambda: answers == [None])


async def test_a_key_with_alt_that_is_in_force_is_one_key(
    folder: Path, open_collection: Open, tmp_path: Path
) -> None:
    text = '[keys]\n"move.last" = "alt+j"\n"move.first" = "alt+A"\n'
    app = ReaderApp(open_collection(folder), settings=settings(tmp_path, text))
    async with app.run_test(size=(120, 40)):
        send(app, ("alt+j", "j"))
        await until(lambda: current(app.desk) == "Article 29")
        send(app, ("alt+A", "A"))
        await until(lambda: current(app.desk) == "Article 00")
        send(app, ":", *"pub", ("alt+j", "j"))  # not one of the line, but not Esc either
        await until(lambda: typed(app) == "pub" and not app.are_waiting)
        send(app, ("alt+x", "x"))
        await until(lambda: app.screen is app.desk)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """What is looked up for the line (completions, earlier queries, the records of a query) is not
    there until this is set."""
    may = threading.Event()

    def slowed(owner: type, name: str) -> None:
        look_up = getattr(owner, name)

        def looked_up(*asked: Any, **options: Any) -> Any:
            may.wait(30)
            return look_up(*asked, **options)

        monkeypatch.setattr(owner, name, looked_up)

    slowed(Collection, "completions")
    slowed(QueryHistory, "load")
    monkeypatch.setattr(waiting, "LONGEST", 60.0)
    yield may
    may.set()


async def test_what_is_typed_after_tab_waits_for_the_completion(
    folder: Path, open_collection: Open, slow: threading.Event
) -> None:
    async with desk_on(open_collection(folder)) as (desk, _pilot):
        app = desk.app
        assert isinstance(app, ReaderApp)
        send(app, "/", *"topi", "tab", *"Ti")
        await until(lambda: desk.is_waiting)
        assert typed(app) == "topi"
        slow.set()
        await until(lambda: typed(app) == "topic:Ti")
        slow.clear()
        send(app, "tab", "enter", "j")
        await until(lambda: desk.is_waiting)
        slow.set()
        await until(lambda: not desk.filtering.is_open and current(desk) == "Article 01")
        assert desk.listing.shown == "topic:Tides"


async def test_up_right_after_the_line_opens_waits_for_what_was_typed_before(
    folder: Path, open_collection: Open, slow: threading.Event
) -> None:
    async with desk_on(open_collection(folder)) as (desk, _pilot):
        app = desk.app
        assert isinstance(app, ReaderApp)
        send(app, "/", *"one", "enter", "/", "ctrl+u", *"two", "enter", "/", "up", "up", "x")
        await until(lambda: desk.is_waiting)
        assert typed(app) == "two "
        slow.set()
        await until(lambda: typed(app) == "onex")
        send(app, "down", "down", "escape")
        await until(lambda: not desk.filtering.is_open)


async def test_what_is_looked_up_for_too_long_takes_no_later_key_with_it(
    folder: Path, open_collection: Open, slow: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "LONGEST", 0.05)
    async with desk_on(open_collection(folder)) as (desk, _pilot):
        app = desk.app
        assert isinstance(app, ReaderApp)
        send(app, "/", *"topi", "tab", "enter", "p")
        await until(lambda: "still being looked up" in desk.under_line.said)
        await until(lambda: not app.are_waiting)
        assert typed(app) == "topi"
        assert not desk.list.decided
        send(app, "tab", "escape")
        await until(lambda: not desk.filtering.is_open)
        slow.set()  # the program's end waits for its threads


async def test_in_a_prompt_too(folder: Path, open_collection: Open, slow: threading.Event) -> None:
    async with desk_on(open_collection(folder)) as (desk, _pilot):
        app = desk.app
        assert isinstance(app, ReaderApp)
        send(app, "*", *"topic:Br", "tab", "enter", "j")
        await until(lambda: isinstance(app.screen, QueryPrompt) and app.screen.is_waiting)
        slow.set()
        await until(lambda: app.screen is desk and current(desk) == "Article 01")
        assert len(desk.list.marked) == 15


async def test_control_c_leaves_what_is_open_and_says_how_one_leaves(
    folder: Path, open_collection: Open
) -> None:
    interrupt = ("ctrl+c", "\x03")
    async with desk_on(open_collection(folder)) as (desk, _pilot):
        app = desk.app
        assert isinstance(app, ReaderApp)
        for opening in ("?", "/", "*", ":", "f", "t", "e", "z", "b"):
            send(app, opening, *("article" if opening == "/" else ""), interrupt, "j")
            await until(lambda: not app.are_waiting and app.screen is desk)
            await until(lambda: not desk.filtering.is_open and desk.listing.shown == "")
        await until(lambda: current(desk) == "Article 09")
        send(app, "/", *"article", "ctrl+g", "k")
        await until(lambda: not desk.filtering.is_open and current(desk) == "Article 08")
        send(app, interrupt)
        await until(lambda: desk.footer.said == "q leaves, Ctrl+Q at once.")
        assert not desk.list.decided
