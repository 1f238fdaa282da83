"""Themes, no colours, signs for terminals without Unicode, and two lines a row."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from reader.config import Config, load, table
from reader.library.collection import Collection
from reader.terminal.charset import PLAIN_SIGNS
from reader.ui.app import ReaderApp
from reader.ui.glyphs import ASCII, UNICODE, Glyphs, choose
from reader.ui.output.abilities import Output
from reader.ui.output.pens import pen_of
from reader.ui.screens.looks import Looks
from reader.ui.themes import OWN, SHORT, Attributes, theme_of
from reader.ui.widgets.cells import width_of
from tests.ui.conftest import write_record
from tests.until import until

Opening = Callable[[Path], Collection]


def settings(tmp_path: Path, text: str) -> Config:
    file = tmp_path / "config.toml"
    file.write_text(text)
    chosen = load(file, environ={})
    assert not chosen.wrong
    return chosen


def shown(app: ReaderApp) -> list[str]:
    return [strip.text for strip in app.screen._compositor.render_strips()]


def styles(app: ReaderApp) -> list[Style]:
    strips = app.screen._compositor.render_strips()
    return [segment.style for strip in strips for segment in strip if segment.style]


# -- themes -------------------------------------------------------------------------------------
def test_the_settings_name_the_themes_there_are() -> None:
    assert set(table.THEMES) == {*BUILTIN_THEMES, *(each.name for each in OWN)}


@pytest.mark.parametrize(
    ("text", "colours", "environ", "name"),
    [
        ("", 1 << 24, {}, "reader-dark"),
        ("", 16, {}, "ansi"),
        ('theme = "nord"', 16, {}, "nord"),
        ('theme = "nord"', 256, {"NO_COLOR": "1"}, "ansi"),
        ("", 256, {"NO_COLOR": ""}, "reader-dark"),
        ("", 16, {"TERM": "vt100"}, "ansi"),
    ],
)
def test_which_theme_a_terminal_gets(
    tmp_path: Path, text: str, colours: int, environ: dict[str, str], name: str
) -> None:
    assert theme_of(settings(tmp_path, text), colours, environ) == name


def _contrast(one: Color, other: Color) -> float:
    def light(colour: Color) -> float:
        parts = [value / 255 for value in colour.rgb]
        r, g, b = (
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    "theme", [each for each in (*OWN, *SHORT) if not each.ansi], ids=lambda each: each.name
)
def test_own_themes_can_be_read(theme: object) -> None:
    least = 7.0 if theme.name == "reader-contrast" else 4.5  # type: ignore[attr-defined]
    values = theme.variables  # type: ignore[attr-defined]
    grounds = [theme.background, theme.surface, values["cursor-row"], values["resting-row"]]  # type: ignore[attr-defined]
    texts = [theme.foreground, theme.accent, theme.success, theme.warning, theme.error]  # type: ignore[attr-defined]
    for ground in grounds:
        for text in [*texts, values["quiet"]]:
            assert _contrast(Color.parse(text), Color.parse(ground)) >= least, (text, ground)


@pytest.mark.parametrize("name", table.THEMES)
async def test_every_theme_draws_the_desk(
    name: str, folder: Path, open_collection: Opening, tmp_path: Path
) -> None:
    app = ReaderApp(open_collection(folder), settings=settings(tmp_path, f'theme = "{name}"'))
    async with app.run_test(size=(80, 12)) as pilot:
        await pilot.pause()
        assert app.theme == name
        assert "Article 00" in "".join(shown(app))


async def test_the_sixteen_colour_theme_draws_no_other_colour(
    folder: Path, open_collection: Opening, tmp_path: Path
) -> None:
    app = ReaderApp(open_collection(folder), settings=settings(tmp_path, 'theme = "ansi"'))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.pause()
        drawn = styles(app)
        for style in drawn:
            for colour in (style.color, style.bgcolor):
                assert colour is None or colour.triplet is None
        assert any(style.color is not None and style.color.number == 3 for style in drawn)
        assert any(style.reverse for style in drawn)


async def test_over_a_line_own_themes_are_drawn_in_short_colours(
    folder: Path, open_collection: Opening, tmp_path: Path
) -> None:
    chosen = settings(tmp_path, 'theme = "reader-dark"')
    app = ReaderApp(open_collection(folder), output=Output("lean"), settings=chosen)
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.pause()
        pens = [pen_of(style, ColorSystem.TRUECOLOR) for style in styles(app)]
        drawn = {code for pen in pens for code in (pen.foreground, pen.background) if code}
        assert len(drawn) > 5
        assert all(code.startswith(("38;5;", "48;5;")) for code in drawn), drawn


async def test_without_colours_attributes_say_it(
    folder: Path, open_collection: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = ReaderApp(open_collection(folder))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press("j")
        drawn = styles(app)
        assert all(style.color is None and style.bgcolor is None for style in drawn)
        assert any(style.reverse for style in drawn)
        await pilot.press("f2")
        assert "no colours" in app.desk.footer.said


def test_attributes_stay() -> None:
    style = Style.parse("bold reverse red on blue")
    (segment,) = Attributes().apply([Segment("x", style)], Color(0, 0, 0))
    assert segment.style == Style.parse("bold reverse")


async def test_a_theme_is_seen_before_it_is_chosen(folder: Path, open_collection: Opening) -> None:
    app = ReaderApp(open_collection(folder), settings=Config())
    app.theme = "reader-dark"
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press("f2")
        assert isinstance(app.screen, Looks)
        await pilot.press("j")
        assert app.theme == "reader-light"
        await pilot.press("escape")
        assert app.theme == "reader-dark"
        await pilot.press("f2", "j", "enter")
        assert app.theme == "reader-light"
        assert 'theme = "reader-light"' in app.desk.footer.said


@pytest.mark.parametrize("height", [40, 24, 12])
async def test_half_of_the_screen_is_left_to_see_a_theme_on(
    folder: Path, open_collection: Opening, height: int
) -> None:
    app = ReaderApp(open_collection(folder), settings=Config())
    app.theme = "reader-dark"
    async with app.run_test(size=(80, height)) as pilot:
        await until(lambda: "1 problem" in shown(app)[0])
        before = shown(app)
        await pilot.press("f2", "G")
        await pilot.pause()
        assert shown(app)[: height // 2] == before[: height // 2]
        chosen = app.theme
        assert any(chosen in line for line in shown(app)[height // 2 :])
        assert "scroll" in shown(app)[-1]


async def test_a_chosen_theme_is_written_into_the_settings(
    folder: Path, open_collection: Opening, tmp_path: Path
) -> None:
    chosen = settings(tmp_path, "# mine\nedit = false\n\n[list]\nlines = 1\n")
    app = ReaderApp(open_collection(folder), settings=chosen)
    app.theme = "reader-dark"
    async with app.run_test(size=(160, 24)) as pilot:
        await pilot.press("f2", "j", "enter")
        await until(lambda: "written to" in app.desk.footer.said)
        file = tmp_path / "config.toml"
        assert app.desk.footer.said == f"reader-light: written to {file}:3."
        text = '# mine\nedit = false\ntheme = "reader-light"\n\n[list]\nlines = 1\n'
        assert file.read_text() == text
        file.write_text("theme = [")
        await pilot.press("f2", "j", "enter")
        await until(lambda: "for now" in app.desk.footer.said)
        assert "is not TOML" in app.desk.footer.said
        assert file.read_text() == "theme = ["


async def test_a_theme_that_the_environment_sets_is_said_to_come_back(
    folder: Path, open_collection: Opening, tmp_path: Path
) -> None:
    chosen = load(tmp_path / "none.toml", environ={"READER_THEME": "reader-dark"})
    app = ReaderApp(open_collection(folder), settings=chosen)
    async with app.run_test(size=(160, 24)) as pilot:
        await pilot.press("f2", "j", "enter")
        await until(lambda: "written to" in app.desk.footer.said)
        assert "$READER_THEME says otherwise" in app.desk.footer.said


# -- signs --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TERM": "xterm", "LANG": "C.UTF-8"}, UNICODE),
        ({"TERM": "xterm", "LANG": "C", "LC_CTYPE": "C.UTF-8"}, ASCII),
        ({"TERM": "xterm", "LANG": "en_GB.UTF-8", "LC_ALL": "POSIX"}, ASCII),
        ({"TERM": "linux", "LANG": "C.UTF-8"}, ASCII),
        ({"TERM": "vt220", "LANG": "C.UTF-8"}, ASCII),
    ],
)
def test_which_signs_a_terminal_gets(
    environ: dict[str, str], expected: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANG", "LC_ALL", "LC_CTYPE", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("locale.getpreferredencoding", lambda _=False: "UTF-8")
    assert choose() is expected
    assert choose("unicode") is UNICODE
    assert choose("ascii") is ASCII


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_no_other_sign_of_a_row_is_that_of_marked_ones(glyphs: Glyphs) -> None:
    others = (*glyphs.states, *glyphs.links, glyphs.deferred, glyphs.unread, glyphs.star)
    assert glyphs.marked not in (*others, glyphs.flawed, glyphs.cursor)


def test_plain_signs_are_as_wide() -> None:
    for sign, plain in PLAIN_SIGNS.items():
        assert width_of(chr(sign)) == len(chr(plain)) == 1
        assert chr(plain).isascii()
    assert UNICODE.plain("a • “b”") == "a • “b”"
    assert ASCII.plain("a • “b”") == 'a * "b"'


async def test_where_there_is_only_ascii_nothing_else_is_drawn(
    folder: Path, open_collection: Opening, tmp_path: Path
) -> None:
    app = ReaderApp(open_collection(folder), settings=settings(tmp_path, 'glyphs = "ascii"'))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press("j")  # the one with a body
        await pilot.pause(0.5)
        assert "".join(shown(app)).isascii()
        await pilot.press("question_mark")
        assert "".join(shown(app)).isascii()


@pytest.mark.parametrize(
    ("columns", "shown_under"),
    [
        (160, "12 h · Harbour Weekly · quality 56 · Bread, Tides"),
        (90, "12 h · Harbour Weekly · quality 56"),
    ],
)
async def test_topics_stand_in_the_second_line(
    tmp_path: Path,
    open_collection: Opening,
    columns: int,
    shown_under: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("reader.ui.app.choose", lambda *_: UNICODE)
    root = tmp_path / "two"
    write_record(root, "a", "A title", days=0.51, topics=("Tides", "Bread"))
    chosen = settings(tmp_path, "[list]\nlines = 2")
    app = ReaderApp(open_collection(root), settings=chosen)
    async with app.run_test(size=(columns, 13)) as pilot:
        await pilot.pause()
        line = next(line for line in shown(app) if "quality 56" in line and "12 h" in line)
        under = re.split("│", line)[0 if columns < 110 else 1].strip()
        assert under == shown_under


# -- density ------------------------------------------------------------------------------------
async def test_two_lines_a_row(folder: Path, open_collection: Opening, tmp_path: Path) -> None:
    app = ReaderApp(open_collection(folder), settings=settings(tmp_path, "[list]\nlines = 2"))
    async with app.run_test(size=(80, 13)) as pilot:
        await pilot.pause()
        lines = shown(app)
        assert app.desk.list.page == 5
        assert "Article 00" in lines[2]
        assert "Harbour Weekly" in lines[3]
        assert "quality 56" in lines[3]
        assert "Tides" not in lines[3]  # there is no room for them, and for nothing of it
        await pilot.press("j", "j")
        assert app.desk.list.cursor_place.y == app.desk.list.region.y + 5
        await pilot.press(*"jjj")
        text = "\n".join(shown(app))
        assert re.search(r"Article 05\b", text)
        assert app.desk.list.top > 0
        await pilot.click("#list", offset=(5, 4))
        assert app.desk.list.cursor == app.desk.list.top + 1
