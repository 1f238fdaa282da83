"""The key help, why a command can do nothing now, and the first lines of help."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reader.config import load
from reader.library.collection import Collection
from reader.library.rules import Rules
from reader.ui.app import ReaderApp
from reader.ui.commands import BY_ID
from reader.ui.hints import AFTER, MARKER, Hints, is_first, lines_of
from reader.ui.keymap import Keymap, keymap
from reader.ui.screens.keys import Keys
from reader.ui.screens.messages import MessagesSoFar
from tests.until import until

Opening = Callable[[Path], Collection]


def text_of(app: ReaderApp) -> list[str]:
    return ["".join(piece.text for piece in line) for line in app.screen.pane._lines]


def bottom(app: ReaderApp) -> str:
    return app.screen._compositor.render_strips()[-1].text


# -- the key help -------------------------------------------------------------------------------
async def test_what_can_be_done_here_comes_first(folder: Path, open_collection: Opening) -> None:
    app = ReaderApp(open_collection(folder))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press("question_mark")
        assert isinstance(app.screen, Keys)
        assert text_of(app)[0].strip() == "IN THE LIST"
        assert "Publish" in text_of(app)[1]
        await pilot.press("escape", "l", "question_mark")
        assert text_of(app)[0].strip() == "IN THE ARTICLE"


async def test_words_are_found(folder: Path, open_collection: Opening) -> None:
    app = ReaderApp(open_collection(folder))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press("question_mark", "slash", *"quality", "enter")
        assert len(text_of(app)) == 2
        assert all("quality" in line for line in text_of(app))
        await pilot.press("escape")
        assert len(text_of(app)) > 40
        await pilot.press("slash", *"zzz", "enter")
        assert "No command" in text_of(app)[0]
        await pilot.press("escape", "escape")
        assert app.screen is app.desk


# -- on the screens beside the desk ---------------------------------------------------------------
@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
@pytest.mark.parametrize(
    ("key", "heading", "own"),
    [
        ("w", "ON A PAGE", ""),
        ("O", "ON A LINK'S PAGE", "Copy the link"),
        ("f3", "IN THE EXPLANATION", "W"),
    ],
)
async def test_pages_have_help_and_messages(
    folder: Path,
    open_collection: Opening,
    key: str,
    heading: str,
    own: str,
    size: tuple[int, int],
) -> None:
    app = ReaderApp(open_collection(folder))
    async with app.run_test(size=size) as pilot:
        await until(lambda: app.desk.reading.opened is not None)
        await pilot.press(key)
        await until(lambda: app.screen is not app.desk)
        page = app.screen
        await until(lambda: "? help" in bottom(app))
        assert "Esc back" in bottom(app)
        assert ("m messages" in bottom(app)) is (size[0] == 80)
        await pilot.press("question_mark")
        await until(lambda: isinstance(app.screen, Keys))
        assert text_of(app)[0].strip() == heading
        assert own in "".join(text_of(app)[1:3])
        await pilot.press("question_mark", "m")  # there is no help of the help
        await pilot.press("escape")
        assert app.screen is page
        await pilot.press("m")
        await until(lambda: isinstance(app.screen, MessagesSoFar))
        await pilot.press("escape")
        assert app.screen is page
        await pilot.press("escape")
        await until(lambda: app.screen is app.desk)


async def test_ones_own_key_for_help_works_on_pages(
    folder: Path, open_collection: Opening, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[keys]\nhelp = "f9"\n')
    app = ReaderApp(open_collection(folder), settings=load(file, environ={}))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: app.desk.reading.opened is not None)
        await pilot.press("w")
        await until(lambda: "F9 help" in bottom(app))
        await pilot.press("f9")
        await until(lambda: isinstance(app.screen, Keys))


# -- why not ------------------------------------------------------------------------------------
async def test_what_cannot_be_done_says_why(folder: Path, open_collection: Opening) -> None:
    rules = Rules(False, "--read-only", "mark", "_archive")
    app = ReaderApp(open_collection(folder), rules=rules)
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.pause()
        why_not = app.desk.own_keys.why_not
        assert "(--read-only)" in why_not(BY_ID["decide.publish"])
        assert why_not(BY_ID["move.down"]) == ""
        assert "no git work tree" in why_not(BY_ID["git.commit"])
        assert "no earlier marks" in why_not(BY_ID["mark.again"])
        assert "where you began" in why_not(BY_ID["trail.back"])
        await pilot.press("question_mark")
        (line,) = [line for line in text_of(app) if "Back to Unpublished" in line]
        assert "(--read-only)" in line


async def test_a_place_without_a_record_says_so(tmp_path: Path, open_collection: Opening) -> None:
    (tmp_path / "none").mkdir()
    app = ReaderApp(open_collection(tmp_path / "none"))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.pause()
        assert "no record under" in app.desk.own_keys.why_not(BY_ID["link.open"])


# -- a file that is no record -------------------------------------------------------------------
def detail_of(app: ReaderApp) -> str:
    lines = ("".join(piece.text for piece in line) for line in app.desk.detail._lines)
    return " ".join(" ".join(lines).split())


async def test_on_a_problem_the_keys_are_those_that_work_there(
    folder: Path, open_collection: Opening
) -> None:
    with open(folder / "_news" / "huge.md", "wb") as file:  # nothing of it is read
        file.write(b"---\ntitle: Huge\n")
        file.truncate(1 << 30)
    app = ReaderApp(open_collection(folder))
    async with app.run_test(size=(120, 24)) as pilot:
        await until(lambda: "publish" in bottom(app))
        app.desk.listing.ask("view:problems")
        await until(lambda: "E edit file  w raw file  u undo" in bottom(app))
        assert not {"publish", "reject", "defer", "star"}.intersection(bottom(app).split())
        await until(lambda: "line 2" in detail_of(app))
        assert detail_of(app).endswith(
            "E opens the file in your editor. Once it is mended, it is a record and no problem any"
            " more."
        )
        assert app.desk.own_keys.why_not(BY_ID["undo"]) == ""
        await pilot.press("j")
        await until(lambda: "MiB" in detail_of(app))
        await until(lambda: "E edit" not in bottom(app))
        assert "editor" not in detail_of(app)
        app.desk.listing.ask("")
        await until(lambda: "publish" in bottom(app))


async def test_reading_only_a_problem_names_no_key_that_edits(
    folder: Path, open_collection: Opening
) -> None:
    rules = Rules(False, "--read-only", "mark", "_archive")
    app = ReaderApp(open_collection(folder), rules=rules)
    async with app.run_test(size=(120, 24)):
        await until(lambda: app.desk.is_read_only)
        app.desk.listing.ask("view:problems")
        await until(lambda: "w raw file" in bottom(app))
        assert "E edit" not in bottom(app)
        await until(lambda: "Once it is mended" in detail_of(app))
        assert "your editor" not in detail_of(app)


# -- a first start ------------------------------------------------------------------------------
async def test_three_lines_go_by_themselves(
    folder: Path, open_collection: Opening, tmp_path: Path
) -> None:
    state = tmp_path / "own state"
    app = ReaderApp(open_collection(folder))
    app.hinting = state
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        lines = [strip.text for strip in app.screen._compositor.render_strips()]
        assert "p publishes, d rejects" in lines[-3]
        assert "? all keys" in lines[-2]
        height = app.desk.list.size.height
        await pilot.press(*"j" * (AFTER - 1))
        assert app.desk.query(Hints)
        await pilot.press("j")
        await pilot.pause()
        assert not app.desk.query(Hints)
        assert app.desk.list.size.height == height
    assert not is_first(state)
    assert (state / MARKER).exists()


async def test_help_takes_them_away(folder: Path, open_collection: Opening, tmp_path: Path) -> None:
    app = ReaderApp(open_collection(folder))
    app.hinting = tmp_path / "s"
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark", "escape")
        assert not app.desk.query(Hints)


def test_they_name_the_keys_in_force(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[keys]\npreset = "emacs"\nhelp = "f1"\n')
    text = " ".join(lines_of(keymap(load(file, environ={})), ascii_only=True))
    assert "Ctrl+N Ctrl+P move" in text
    assert "F1 all keys" in text


@pytest.mark.parametrize("line", lines_of(Keymap(), ascii_only=True))
def test_they_fit(line: str) -> None:
    assert len(line) < 80
