"""Copying at the desk: what is offered, what is said of it, and links shown in full."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from reader.library.collection import Collection
from reader.records.pasting import markdown_link
from reader.terminal.surroundings import look_around
from reader.ui.app import ReaderApp
from reader.ui.glyphs import UNICODE
from reader.ui.hyperlinks import link_style
from reader.ui.output.abilities import Output
from reader.ui.screens.desk_rooms import DeskRooms
from reader.ui.screens.link import LinkShown, Sent, TextShown
from reader.ui.screens.question import Choice, Question
from tests.until import until

from .conftest import write_record
from .test_keys_in_order import send

Open = Callable[[Path], Collection]
URL = "https://harbour.example/_news/article-00"


def app_on(collection: Collection, **environ: str) -> ReaderApp:
    around = look_around({"TERM": "xterm-256color"} | environ)
    return ReaderApp(collection, output=Output("stock", around=around))


async def test_over_ssh_it_is_sent_and_no_more_is_claimed(
    folder: Path, open_collection: Open
) -> None:
    app = app_on(open_collection(folder), SSH_TTY="/dev/pts/0")
    async with app.run_test(size=(160, 40)) as pilot:
        await until(lambda: app.desk.reading.opened is not None)
        await pilot.press("y")
        await until(lambda: app.desk.footer.said != "")
        assert app.desk.footer.said == f"Sent to your terminal (it does not confirm): {URL}"


async def test_where_there_is_no_way_the_text_is_shown(folder: Path, open_collection: Open) -> None:
    app = app_on(open_collection(folder), TERM="linux")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: app.desk.reading.opened is not None)
        await pilot.press("y")
        await until(lambda: isinstance(app.screen, TextShown))
        screen = app.screen
        assert isinstance(screen, TextShown)
        shown = ["".join(piece.text for piece in line) for line in screen.shown_lines(80, 20)]
        assert URL in shown
        assert any("no way to a clipboard" in line for line in shown)
        await pilot.press("escape")
        assert app.screen is app.desk


async def test_a_question_is_not_covered_by_what_was_copied(
    folder: Path, open_collection: Open
) -> None:
    app = app_on(open_collection(folder), TERM="linux")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: app.desk.reading.opened is not None)
        question = Question[bool]((), [Choice("n", "no", False)], app.desk.glyphs, "WELL?")
        app.push_screen(question)
        await until(lambda: app.screen is question)
        app.desk.copying.copy(URL)
        await until(lambda: app.desk.footer.said != "")
        assert app.screen is question
        await pilot.pause()  # it is put together: what was pressed before that is no answer
        await pilot.press("n")
        await until(lambda: app.screen is app.desk)


async def test_the_menu_offers_what_there_is(
    folder: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    monkeypatch.setattr(
        DeskRooms, "on_copy_done", lambda desk, message: copied.append(message.text)
    )
    app = app_on(open_collection(folder))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: app.desk.reading.opened is not None)
        for key in "utmpj":
            await pilot.press("Y")
            await until(lambda: isinstance(app.screen, Question))
            await pilot.press(key)
            await until(lambda: app.screen is app.desk)
            await until(lambda: len(copied) == "utmpj".index(key) + 1)  # noqa: B023  awaited here
    assert copied[:4] == [
        URL,
        "Article 00",
        f"[Article 00]({URL})",
        str(folder / "_news/article-00.md"),
    ]
    fields = json.loads(copied[4])
    assert (fields["title"], fields["path"]) == ("Article 00", "_news/article-00.md")
    assert "secured" not in fields


@pytest.mark.parametrize("key", ["y", "O", "w"])
async def test_a_key_after_quick_moves_is_about_the_record_under_the_cursor(
    folder: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    copied: list[str] = []
    monkeypatch.setattr(
        DeskRooms, "on_copy_done", lambda desk, message: copied.append(message.text)
    )
    app = app_on(open_collection(folder))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: app.desk.reading.opened is not None)
        await pilot.press("j")
        send(app, "j", "j", key)
        await until(lambda: bool(copied) or app.screen is not app.desk)
        assert app.desk.going.current_url() == URL.replace("00", "03")
        assert key != "y" or copied == [URL.replace("00", "03")]


async def test_o_shows_a_code_that_fits_or_why_not(folder: Path, open_collection: Open) -> None:
    app = app_on(open_collection(folder))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: app.desk.reading.opened is not None)
        await pilot.press("O")
        await until(lambda: isinstance(app.screen, LinkShown))
        screen = app.screen
        assert isinstance(screen, LinkShown)
        lines = screen.shown_lines(80, 22)
        assert "█" in "".join(piece.text for line in lines for piece in line)
        small = screen.shown_lines(30, 8)
        text = "\n".join("".join(piece.text for piece in line) for line in small)
        assert "there is room for 30 and 8" in text
        assert URL in text.replace("\n", "")
        await pilot.press("O")
        assert "█" not in "".join(p.text for line in screen.shown_lines(80, 22) for p in line)
        await pilot.press("y")
        await until(lambda: "Sent to your terminal" in app.desk.footer.said)


async def test_a_link_is_copied_from_its_own_screen_as_from_the_list(
    folder: Path, open_collection: Open
) -> None:
    copied: list[str] = []
    app = app_on(open_collection(folder))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(
            LinkShown("https://a.example/\u202e\U0001ffff", copied.append, UNICODE)
        )
        await pilot.press("y")
        assert copied == ["https://a.example/%E2%80%AE%F0%9F%BF%BF"]


@pytest.mark.parametrize("size", [(80, 24), (60, 12)])
async def test_a_link_too_long_for_the_footer_is_sent_and_shown_with_why(
    tmp_path: Path, open_collection: Open, size: tuple[int, int]
) -> None:
    root = tmp_path / "long"
    path = write_record(root, "a", "A title")
    long = f"https://a.example/{'x' * 200}"
    text = re.sub("webUrl: .*", f"webUrl: {long}", path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    app = app_on(open_collection(root))
    async with app.run_test(size=size) as pilot:
        await until(lambda: app.desk.reading.opened is not None)
        await pilot.press("y")
        await until(lambda: isinstance(app.screen, Sent) and bool(app.screen.pane.line_count))
        shown = [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]
        assert long in "".join(shown)
        words = " ".join(" ".join(shown).split())
        assert "Sent to your terminal (it does not confirm). If it is not there when" in words
        assert "select it here with the mouse." in words
        await pilot.press("space")
        await until(lambda: app.screen is app.desk)


async def test_a_record_without_a_link_says_so(tmp_path: Path, open_collection: Open) -> None:
    root = tmp_path / "one"
    path = write_record(root, "a", "A title")
    text = path.read_text(encoding="utf-8")
    path.write_text("".join(x for x in text.splitlines(True) if not x.startswith("webUrl")))
    app = app_on(open_collection(root))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: app.desk.reading.opened is not None)
        for key in ("y", "O"):
            await pilot.press(key)
            assert "This record has no" in app.desk.footer.said


def test_markdown_links_are_escaped() -> None:
    title, url = r"A [b] \c", "https://a.example/x_(y)"
    assert markdown_link(title, url) == r"[A \[b\] \\c](https://a.example/x_%28y%29)"


@pytest.mark.parametrize(
    ("environ", "name", "clickable"),
    [
        ({}, "", False),
        ({}, "WezTerm 20240203", True),
        ({"KITTY_WINDOW_ID": "1"}, "", True),
        ({"STY": "1.pts", "KITTY_WINDOW_ID": "1"}, "", False),
    ],
)
async def test_links_can_be_clicked_where_they_are_understood(
    folder: Path,
    open_collection: Open,
    environ: dict[str, str],
    name: str,
    clickable: bool,
) -> None:
    app = app_on(open_collection(folder), **environ)
    async with app.run_test(size=(120, 40)):
        await until(lambda: app.desk.reading.opened is not None)
        app.terminal_named(name)
        found = {
            piece.style.link
            for line in app.desk.reading.article.lines
            for piece in line
            if piece.style is not None and piece.style.link
        }
        assert (URL in found) is clickable
        assert not clickable or "https://elsewhere.example/far" in found


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://a.example/\x1b\\x",
        "https://é.example/",
    ],
)
def test_nothing_but_plain_web_links_is_clickable(url: str) -> None:
    assert link_style(url) is None


def test_a_link_longer_than_terminals_take_is_not_clickable() -> None:
    assert link_style("https://a.example/" + "x" * 2065) is not None
    assert link_style("https://a.example/" + "x" * 2066) is None
