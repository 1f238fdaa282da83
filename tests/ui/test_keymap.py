"""Which keys run what: presets, one's own, clashes; and at the desk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.keys import _character_to_key

from reader.config import Config, load
from reader.library.collection import Collection
from reader.ui.app import ReaderApp
from reader.ui.commands import BY_ID, COMMANDS, shown_key
from reader.ui.key_names import NoKey, key_of, sign_of
from reader.ui.keymap import Keymap, keymap
from reader.ui.panel_commands import SHARED
from reader.ui.presets import PRESETS
from reader.ui.screens.history import History
from reader.ui.screens.keys import Keys
from reader.ui.screens.pager import Pager
from reader.ui.screens.question import Question
from reader.ui.screens.review import Review

Opening = Callable[[Path], Collection]


def settings(tmp_path: Path, text: str) -> Config:
    file = tmp_path / "config.toml"
    file.write_text(text)
    chosen = load(file, environ={})
    assert not chosen.wrong
    return chosen


def keys(tmp_path: Path, text: str) -> Keymap:
    return keymap(settings(tmp_path, text))


def reasons(tmp_path: Path, text: str) -> str:
    (wrong,) = keys(tmp_path, text).wrong
    return str(wrong)


# -- names of keys ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("p", "p"),
        ("P", "P"),
        ("shift+p", "P"),
        ("?", "question_mark"),
        ("-", "minus"),
        ("+", "plus"),
        ("ctrl++", "ctrl+plus"),
        ("Ctrl+D", "ctrl+d"),
        ("F6", "f6"),
        ("Esc", "escape"),
        (" ", "space"),
        ("g v", "g v"),
        ("ctrl+x ctrl+c", "ctrl+x ctrl+c"),
        ("PgDn", "pagedown"),
        ("question_mark", "question_mark"),
        ("alt+<", "alt+less_than_sign"),
        ("é", "é"),
    ],
)
def test_keys_as_they_are_written(written: str, key: str) -> None:
    assert key_of(written) == key


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("ctrl+m", "is Enter"),
        ("ctrl+i", "is Tab"),
        ("pagedwon", "did you mean “pagedown”?"),
        ("a b c", "is no key"),
        ("hyper+x", "modifiers"),
        ("", "is no key"),
        ("\x01", "control character"),
    ],
)
def test_what_is_no_key(written: str, said: str) -> None:
    with pytest.raises(NoKey, match=said.replace("?", r"\?")):
        key_of(written)


@given(st.text(max_size=20))
def test_any_text_is_a_key_or_is_refused(text: str) -> None:
    try:
        key = key_of(text)
    except NoKey:
        return
    assert shown_key(key)
    if text.isascii():
        assert key_of(key) == key


@pytest.mark.parametrize("sign", "!\"#$%&'()*,./:;<=>?@[\\]^_`{|}~-+")
def test_signs_have_the_names_of_the_toolkit(sign: str) -> None:
    assert key_of(sign) == _character_to_key(sign)
    assert sign_of(_character_to_key(sign)) == sign


# -- presets -----------------------------------------------------------------------------------
@pytest.mark.parametrize("name", PRESETS)
def test_every_command_is_reachable_in_every_preset(name: str, tmp_path: Path) -> None:
    made = keys(tmp_path, f'[keys]\npreset = "{name}"\n')
    assert made.wrong == ()
    assert [each.id for each in made.commands] == [each.id for each in COMMANDS]
    single: dict[str, str] = {}
    for command in made.commands:
        assert command.keys, command.id
        for key in command.keys:
            if " " not in key:
                assert single.setdefault(key, command.id) == command.id
    for first, _ in made.pairs:
        assert single.get(first) in (None, "move.first")


def test_presets_name_commands_and_keys_that_there_are() -> None:
    for name, preset in PRESETS.items():
        for id, given_keys in preset.items():
            assert id in BY_ID, (name, id)
            assert [key_of(key) for key in given_keys] == list(given_keys)


def test_the_default_is_the_registry() -> None:
    assert keymap(Config()).is_default
    assert keymap(Config()).commands is COMMANDS


# -- one's own ---------------------------------------------------------------------------------
def test_own_keys_take_those_of_others(tmp_path: Path) -> None:
    made = keys(tmp_path, '[keys]\n"decide.publish" = ["x1", "f6"]\n'.replace("x1", "W"))
    assert made.keys_of("decide.publish") == ("W", "f6")
    assert "p" not in [key for each in made.commands for key in each.keys]
    made = keys(tmp_path, '[keys]\nraw = ""\n')
    assert made.keys_of("raw") == ()
    assert not made.wrong


def test_a_preset_and_own_keys(tmp_path: Path) -> None:
    made = keys(tmp_path, '[keys]\npreset = "vim"\n"decide.reject" = "d"\n')
    assert made.keys_of("decide.reject") == ("d",)
    assert made.keys_of("move.first") == ("g g", "home")


def test_a_command_whose_own_key_is_taken_keeps_the_ones_it_had(tmp_path: Path) -> None:
    own = keys(tmp_path, '[keys]\n"decide.publish" = "d"\n"decide.reject" = "d"\n')
    assert own.keys_of("decide.publish") == ("d",)
    assert own.keys_of("decide.reject") == ("f8",)
    assert [each.is_warning for each in own.wrong] == [False]
    own = keys(tmp_path, '[keys]\n"decide.publish" = ["d", "f8"]\n"decide.reject" = "d"\n')
    assert own.keys_of("decide.reject") == ()
    assert "“d” is “decide.publish” already" in str(own.wrong[0])
    assert "“decide.reject” has no key now" in str(own.wrong[1])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"decide.pubish" = "x"', "did you mean “decide.publish”?"),
        ('raw = "pagedwon"', "did you mean “pagedown”?"),
        ("raw = 3", "has to be a key, a list of keys"),
        ('raw = "ctrl+q"', "ctrl+q quits"),
        ('raw = "W"\nedit = "W"', "“W” is “raw” already"),
        ('undo = "p"\n"decide.publish" = "u"\nraw = "u"', "“u” is “decide.publish” already"),
        ('raw = "p x"', "“p x” begins with “p”, which is “decide.publish” by itself"),
        ('raw = "t"', "“topics” has no key now"),
        ('"related.open" = "k"', "can only be unbound"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    told = [str(each) for each in keys(tmp_path, f"[keys]\n{text}\n").wrong]
    assert any(said in each for each in told), told
    assert all("config.toml:" in each for each in told)


def test_quitting_cannot_be_taken_away(tmp_path: Path) -> None:
    assert keys(tmp_path, '[keys]\nquit = ""\n').keys_of("quit") == ("ctrl+q",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"f9" = ["star.tggle"]', "did you mean “star.toggle”?"),
        ('"f99" = ["star.toggle"]', "no key"),
        ('"f9" = []', "a list of commands"),
        ('"f9" = 1', "a list of commands"),
        ('"g x" = ["undo"]', "cannot be a macro's"),
        ('"," = []', "the macro of “,” has to be a list of commands"),
    ],
)
def test_a_wrong_macro_is_told(tmp_path: Path, text: str, said: str) -> None:
    assert said in reasons(tmp_path, f"[macros]\n{text}\n")


_NAMES = st.sampled_from([each.id for each in COMMANDS[:12]] + ["nothing", "quit"])
_WRITTEN = st.sampled_from(["p", "g", "g v", "x", "", "ctrl+q", "f6", "nope", "ctrl+x a", "1"])


@given(
    st.dictionaries(_NAMES, st.lists(_WRITTEN, max_size=3), max_size=5),
    st.sampled_from(sorted(PRESETS)),
)
def test_no_settings_make_two_commands_of_a_key(
    tmp_path_factory: pytest.TempPathFactory, given_keys: dict[str, list[str]], preset: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "keys.toml"
    lines = [f'"{id}" = {written}'.replace("'", '"') for id, written in given_keys.items()]
    file.write_text(f'[keys]\npreset = "{preset}"\n' + "\n".join(lines))
    made = keymap(load(file, environ={}))
    seen: dict[str, str] = {}
    for command in made.commands:
        for key in command.keys:
            assert seen.setdefault(key, command.id) == command.id
    assert "ctrl+q" in made.keys_of("quit")


# -- at the desk -------------------------------------------------------------------------------
def own(tmp_path: Path, text: str, collection: Collection) -> ReaderApp:
    return ReaderApp(collection, [], settings=settings(tmp_path, text))


async def test_own_keys_at_the_desk(folder: Path, open_collection: Opening, tmp_path: Path) -> None:
    app = own(tmp_path, '[keys]\n"move.down" = ["x"]\n', open_collection(folder))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press("j")
        assert app.desk.list.cursor == 0
        await pilot.press("x")
        assert app.desk.list.cursor == 1
        await pilot.press("question_mark")
        assert isinstance(app.screen, Keys)
        await pilot.press("x", "x")
        assert app.screen.pane.cursor >= 1
        await pilot.press("escape")
        assert "“x”" not in app.desk.footer.said


async def test_two_keys(folder: Path, open_collection: Opening, tmp_path: Path) -> None:
    app = own(tmp_path, '[keys]\npreset = "vim"\nraw = "ctrl+x r"\n', open_collection(folder))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press("j", "j", "g", "g")
        assert app.desk.list.cursor == 0
        await pilot.press("ctrl+x")
        assert app.desk.footer._pending[0] == ("Ctrl+X…", "")
        await pilot.press("r")
        assert isinstance(app.screen, Pager)


async def test_the_usual_two_keys_bring_marks_back(folder: Path, open_collection: Opening) -> None:
    app = ReaderApp(open_collection(folder), [])
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press("j", "space", "escape", "j", "g", "v")
        assert len(app.desk.list.marked) == 1
        assert app.desk.list.cursor == 3


async def test_a_macro_runs_its_commands(
    folder: Path, open_collection: Opening, tmp_path: Path
) -> None:
    app = own(tmp_path, '[macros]\n"f9" = ["mark.toggle", "move.down"]\n', open_collection(folder))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press("f9")
        assert (len(app.desk.list.marked), app.desk.list.cursor) == (1, 2)


async def test_a_macro_stops_at_a_question(
    folder: Path, open_collection: Opening, tmp_path: Path
) -> None:
    text = '[macros]\n"f9" = ["help", "move.down"]\n'
    app = own(tmp_path, text, open_collection(folder))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press("f9")
        assert isinstance(app.screen, Pager)
        assert app.desk.list.cursor == 0
        assert "stopped before “move.down”" in app.desk.footer.said


async def test_piping_shows_what_would_run_then_its_output(
    folder: Path, open_collection: Opening, tmp_path: Path
) -> None:
    app = own(tmp_path, '[macros]\n"f9" = "!cat"\n', open_collection(folder))
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("f9")
        assert isinstance(app.screen, Question)
        await pilot.press("y")
        assert isinstance(app.screen, Pager)
        shown = "\n".join("".join(piece.text for piece in line) for line in app.screen._lines)
        assert '"title": "Article 00"' in shown
        assert "secured" not in shown


# -- the screens beside the desk -----------------------------------------------------------------
def test_every_key_of_a_screen_is_one_commands(tmp_path: Path) -> None:
    for name in PRESETS:
        made = keys(tmp_path, f'[keys]\npreset = "{name}"\n')
        for screen in SHARED:
            single: dict[str, str] = {}
            for command in made.panels:
                if command.group == screen:
                    assert command.keys, command.id
                    for key in command.keys:
                        assert single.setdefault(key, command.id) == command.id


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"history.undoo" = "x"', "did you mean “history.undo”?"),
        ('"history.undo" = "x"\n"history.day" = "x"', "“x” is “history.undo” already"),
        ('"history.undo" = "g x"', "are for the desk alone"),
        ('"form.save" = "s"', "“s” types text in a form"),
        ('"history.undo" = "U"', "warning: “history.undo_since” has no key now"),
        ('"move.down" = "u"', "warning: “history.undo” has no key now"),
    ],
)
def test_keys_of_screens_are_checked_too(tmp_path: Path, text: str, said: str) -> None:
    told = [str(each) for each in keys(tmp_path, f"[keys]\n{text}\n").wrong]
    assert any(said in each for each in told), told
    assert all("config.toml:2: " in each or "config.toml:3: " in each for each in told)


def test_a_key_taken_from_a_default_is_no_clash(tmp_path: Path) -> None:
    made = keys(tmp_path, '[keys]\nraw = "F6"\n"history.day" = "j"\n"move.up" = "r"\n')
    assert [str(each) for each in made.wrong if not each.is_warning] == []
    assert made.keys_of("decide.publish") == ("p",)
    assert made.keys_of("move.down") == ("j", "down")  # that key is another one in the history only
    assert made.keys_of("history.record") == ()  # `r` moves there, too, as was asked for


async def test_own_keys_in_the_history(
    folder: Path, open_collection: Opening, tmp_path: Path
) -> None:
    text = '[keys]\n"history.undo" = "x"\n"leave" = "Q"\nback = ["f12", "escape"]\n'
    app = own(tmp_path, text, open_collection(folder))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press("p", "H")
        assert isinstance(app.screen, History)
        await pilot.pause()
        footer = app.screen._compositor.render_strips()[-1].text
        assert "x undo it" in footer
        assert "F12 leave" in footer
        await pilot.press("u", "q")
        assert isinstance(app.screen, History)
        await pilot.press("x")
        assert app.screen is app.desk


async def test_own_keys_in_a_form(folder: Path, open_collection: Opening, tmp_path: Path) -> None:
    app = own(tmp_path, '[keys]\n"form.save" = "f9"\n', open_collection(folder))
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("e", "x", "f9")
        await pilot.pause()
        assert isinstance(app.screen, Review)


OWN_KEYS = """[keys]
"mark.range" = "f11"
"mark.again" = "f12"
back = ["ctrl+g", "escape"]
"filter.drop" = "ctrl+y"
"select.and" = "ctrl+t"
"view.save" = "B"
filter = "ctrl+f"
"""


@pytest.mark.parametrize(
    ("pressed", "said"),
    [
        (("f11",), "Marking from here: F11 again marks up to the cursor, Ctrl+G does not."),
        (("space", "ctrl+g"), "Marks cleared; F12 brings them back."),
        (("space", "e"), "Forms are for one record; Ctrl+G clears the marks."),
        (("ctrl+y",), "This query finds records; Ctrl+Y drops a part of one that finds nothing."),
        (("ctrl+t",), "Ctrl+T adds what is under the sidebar's cursor to the query."),
        (("g", "7"), "No view has the key 7: B saves this query as one."),
    ],
)
async def test_what_is_said_names_the_keys_in_force(
    pressed: tuple[str, ...],
    said: str,
    folder: Path,
    open_collection: Opening,
    tmp_path: Path,
) -> None:
    app = own(tmp_path, OWN_KEYS, open_collection(folder))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press(*pressed)
        assert app.desk.footer.said == said
