"""What the footer says: how long it stands, what of it is cut off, and where it is read whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reader.cli import main
from reader.config import load
from reader.library.collection import Collection
from reader.ui.app import ReaderApp
from reader.ui.messages import MOST, Messages
from reader.ui.screens.history import History
from reader.ui.screens.keys import Keys
from reader.ui.screens.messages import MessagesSoFar
from reader.ui.widgets.bars import FooterBar
from tests.until import until

Opening = Callable[[Path], Collection]

LONG = "The settings say something that they should not say: " + "word " * 40 + "and its end."


def lines(app: ReaderApp) -> list[str]:
    return [strip.text for strip in app.screen._compositor.render_strips()]


# -- what is kept ---------------------------------------------------------------------------------
def test_the_latest_come_first_and_the_same_twice_is_one() -> None:
    kept = Messages()
    for at, text in enumerate(("a", "b", "b")):
        kept.add(text, at)
    assert [(each.text, each.at, each.times) for each in kept.newest_first()] == [
        ("b", 2, 2),
        ("a", 0, 1),
    ]
    for number in range(2 * MOST):
        kept.add(str(number), number)
    assert len(kept.newest_first()) == MOST


async def test_a_message_that_is_cut_off_is_read_whole(
    folder: Path, open_collection: Opening
) -> None:
    app = ReaderApp(open_collection(folder), [LONG])
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: LONG.rstrip() in [each.text for each in app.messages.newest_first()])
        await pilot.pause()
        footer = lines(app)[-1]
        assert footer.startswith(f" {LONG[:70]}")  # it has the whole line
        assert footer.rstrip().endswith("… m more")
        await pilot.press("m")
        assert isinstance(app.screen, MessagesSoFar)
        text = " ".join(" ".join(line.split()) for line in lines(app))
        assert " ".join(LONG.split()) in text
        await pilot.resize_terminal(40, 24)
        await pilot.pause()
        text = " ".join(" ".join(line.split()) for line in lines(app))
        assert " ".join(LONG.split()) in text
        await pilot.press("escape")
        assert app.screen is app.desk


@pytest.mark.parametrize("width", [200, 80, 60, 40])
async def test_help_and_undo_stay_at_any_width_but_for_a_message_that_needs_their_place(
    width: int, folder: Path, open_collection: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FooterBar, "STANDS", 0.0)
    app = ReaderApp(open_collection(folder), [LONG])
    async with app.run_test(size=(width, 12)) as pilot:
        await until(lambda: app.desk.footer.said == LONG.strip())
        await pilot.pause()
        whole = LONG[: width - 10]
        assert lines(app)[-1].startswith(f" {whole}")
        for _ in range(3):
            await pilot.press("tab")
            for said in ("", "x" * (width - 22)):
                app.desk.footer.say(said)
                await pilot.pause()
                assert said in lines(app)[-1]
                assert "u undo" in lines(app)[-1], app.desk.pane.id
                assert "? help" in lines(app)[-1], app.desk.pane.id


async def test_a_message_that_fits_the_whole_line_is_not_cut(
    folder: Path, open_collection: Opening
) -> None:
    app = ReaderApp(open_collection(folder))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.desk.footer.say(f"{'x' * 77}.")
        await pilot.pause()
        assert lines(app)[-1] == f" {'x' * 77}. "
        app.desk.footer.say(f"{'x' * 65}.")  # beside it there is room for one of the two
        await pilot.pause()
        assert lines(app)[-1] == f" u undo  {' ' * 4}{'x' * 65}. "


async def test_a_message_makes_room_once_it_was_read(
    folder: Path, open_collection: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ReaderApp(open_collection(folder))
    async with app.run_test(size=(120, 24)) as pilot:
        app.desk.footer.say("It is so.")
        await pilot.press("j")
        assert app.desk.footer.said == "It is so."  # nobody can have read it
        monkeypatch.setattr(FooterBar, "STANDS", 0.0)
        await pilot.press("j")
        assert app.desk.footer.said == ""
        await pilot.press("x")
        assert "x drops a part" in app.desk.footer.said  # what a key says is not what it clears


async def test_what_was_said_of_a_list_goes_with_another_one(
    folder: Path, open_collection: Opening
) -> None:
    app = ReaderApp(open_collection(folder))
    async with app.run_test(size=(120, 24)) as pilot:
        desk = app.desk
        desk.listing.ask("view:published")
        await until(lambda: desk.listing.shown == "view:published")
        await pilot.press("F")
        await until(lambda: desk.listing.shown == "")
        assert desk.footer.said == "All records."
        await pilot.press("slash", "a")
        await until(lambda: desk.listing.shown == "a")
        assert desk.footer.said == ""
        await pilot.press("escape")
        desk.footer.say("It is so.")
        desk.listing.ask("view:published")
        assert desk.footer.said == "It is so."
        assert [each.text for each in app.messages.newest_first()][-1:] == ["All records."]


async def test_a_look_through_the_files_ends_with_what_it_found(
    folder: Path, open_collection: Opening
) -> None:
    app = ReaderApp(open_collection(folder))
    async with app.run_test(size=(120, 24)) as pilot:
        footer = app.desk.footer
        await until(lambda: not app.desk.is_looking)
        assert footer.said == ""  # nobody asked for that look
        await pilot.press("R")
        await until(lambda: footer.said == "Looked through the files: nothing has changed.")
        await pilot.press("R")
        footer.say("Something else.")
        await until(lambda: not app.desk.is_looking)
        assert footer.said == "Something else."


async def test_a_key_that_is_typed_takes_a_message_away_too(
    folder: Path, open_collection: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FooterBar, "STANDS", 0.0)
    app = ReaderApp(open_collection(folder))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press("slash")
        app.desk.footer.say("It is so.")
        await pilot.press("a")
        assert app.desk.footer.said == ""


async def test_the_history_has_help_and_messages_too(
    folder: Path, open_collection: Opening
) -> None:
    app = ReaderApp(open_collection(folder))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press("H")
        assert isinstance(app.screen, History)
        await pilot.press("question_mark")
        assert isinstance(app.screen, Keys)
        assert "IN THE HISTORY" in lines(app)[1]
        assert "Take the step under the cursor back." in "\n".join(lines(app))
        await pilot.press("escape", "m")
        assert isinstance(app.screen, MessagesSoFar)


# -- the first of two keys ------------------------------------------------------------------------
async def test_what_may_follow_a_key_is_shown_while_it_may(
    folder: Path, open_collection: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ReaderApp(open_collection(folder))
    monkeypatch.setattr("reader.ui.own_keys.WITHIN", 60.0)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g")
        await pilot.pause()
        assert "g…" in lines(app)[-1]
        assert "v last marks" in lines(app)[-1]
        assert "1-9 open view" in lines(app)[-1]
        await pilot.press("j")
        await pilot.pause()
        assert "g…" not in lines(app)[-1]
        monkeypatch.setattr("reader.ui.own_keys.WITHIN", 0.05)
        await pilot.press("g")
        await until(lambda: "g…" not in lines(app)[-1])


# -- a start with mistakes in the settings ---------------------------------------------------------
async def test_a_wrong_view_does_not_hide_how_many_settings_are_wrong(
    folder: Path,
    open_collection: Opening,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        'glyphs = "x"\n[list]\nlines = 9\n[keys]\nnosuch = "t"\n[[view]]\nname = "a"\nquery = "topik:x"\n'
    )
    monkeypatch.setenv("READER_CONFIG", str(file))
    assert main(["config", "check"]) == 2
    listed = capsys.readouterr().out.splitlines()
    assert len(listed) == 4
    assert main(["list", str(folder)]) == 0
    assert "And 3 more: `reader config check`." in capsys.readouterr().err
    main(["doctor"])
    assert f"4 mistakes, first {listed[0]}" in capsys.readouterr().out
    chosen = load(file, environ={})
    app = ReaderApp(open_collection(folder), settings=chosen)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: "settings are wrong" in app.desk.footer.said)
        said = app.desk.footer.said
        assert said.startswith("4 settings are wrong (`reader config check`). config.toml:1: ")
        await until(lambda: said in [each.text for each in app.messages.newest_first()])
        # All of them, each once, in the order of the file.
        told = [each.text for each in app.messages.newest_first()]
        assert told == [said, *listed]
        await pilot.press("m")
        await until(lambda: "topik" in "\n".join(lines(app)))


async def test_wrong_settings_without_views_are_told_at_once(
    folder: Path, open_collection: Opening, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    file.write_text('glyphs = "x"\n[keys]\nnosuch = "t"\n')
    app = ReaderApp(open_collection(folder), settings=load(file, environ={}))
    async with app.run_test(size=(80, 24)):
        await until(lambda: app.desk.footer.said.startswith("2 settings are wrong"))
        assert ["“glyphs”" in each.text for each in app.messages.newest_first()][-2:] == [
            True,
            False,
        ]


@pytest.mark.parametrize(
    ("text", "said", "told"),
    [
        (
            '[keys]\n"decide.publish" = ["d", "f8"]\n',
            "config.toml:2: warning: “decide.reject” has no key now:",
            0,
        ),
        (
            '[keys]\n"decide.publish" = ["d", "f8"]\n"decide.defer" = "s"\n',
            "2 warnings (`reader config check`). config.toml:2: warning: ",
            2,
        ),
        (
            '[keys]\n"decide.publish" = ["d", "f8"]\nnosuch = "t"\n',
            "1 setting is wrong, 1 warning (`reader config check`). config.toml:3: “nosuch” ",
            2,
        ),
    ],
)
async def test_warnings_are_told_at_the_start_too(
    folder: Path, open_collection: Opening, tmp_path: Path, text: str, said: str, told: int
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    app = ReaderApp(open_collection(folder), settings=load(file, environ={}))
    async with app.run_test(size=(80, 24)):
        await until(lambda: app.desk.footer.said.startswith(said))
        texts = [each.text for each in app.messages.newest_first()]
        assert sum(each.startswith(str(file)) for each in texts) == told
