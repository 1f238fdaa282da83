"""The settings: file, environment, options, and what is wrong with them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.config import MAX_WRONG, Config, Wrong, load, table, unknown_variables
from reader.config.document import default_file
from reader.config.places import line_of, places


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def read(file: Path, text: str | bytes, *options: str, **environ: str) -> Config:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(file, options, environ)


def wrong(file: Path, text: str | bytes) -> Wrong:
    chosen = read(file, text)
    (found,) = chosen.wrong
    assert "\n" not in str(found)
    assert str(file) in str(found)
    return found


def is_default(chosen: Config) -> bool:
    return not chosen.wrong and all(value.source == "default" for _, value in chosen)


def test_no_file_means_the_defaults(file: Path) -> None:
    assert is_default(load(file, environ={}))
    assert is_default(load(file / "below" / "a file", environ={}))
    assert not load(file).read


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "[list]\n"])
def test_an_empty_file_means_the_defaults(file: Path, text: str) -> None:
    assert is_default(read(file, text))


def test_values_and_where_they_are_set(file: Path) -> None:
    chosen = read(
        file,
        b'\xef\xbb\xbfcollection = "/srv/feed"\r\nexclude = ["drafts", "*.bak.md"]\r\n'
        b"edit = false\r\n[list]\r\nlines = 2\r\n",
    )
    assert chosen.wrong == ()
    assert chosen[table.COLLECTION] == Path("/srv/feed")
    assert chosen[table.EXCLUDE] == ("drafts", "*.bak.md")
    assert chosen[table.EDIT] is False
    assert chosen[table.LIST_LINES] == 2
    assert chosen.value(table.LIST_LINES).where == f"{file}:5"
    assert chosen.value(table.THEME).source == "default"


def test_an_option_beats_a_variable_beats_the_file(file: Path) -> None:
    text = "[list]\nlines = 2\n"
    assert read(file, text)[table.LIST_LINES] == 2
    chosen = read(file, text, READER_LIST_LINES="1")
    assert (chosen[table.LIST_LINES], chosen.value(table.LIST_LINES).where) == (
        1,
        "$READER_LIST_LINES",
    )
    chosen = read(file, text, "list.lines=2", READER_LIST_LINES="1")
    assert (chosen[table.LIST_LINES], chosen.value(table.LIST_LINES).source) == (2, "option")


def test_values_as_text(file: Path) -> None:
    chosen = read(
        file,
        "",
        "edit=off",
        READER_EXCLUDE="drafts, *.tmp.md",
        READER_COLLECTION="feed",
        READER_THEME="nord",
    )
    assert not chosen.wrong
    assert chosen[table.EDIT] is False
    assert chosen[table.EXCLUDE] == ("drafts", "*.tmp.md")
    assert chosen[table.COLLECTION] == Path.cwd() / "feed"
    assert chosen[table.THEME] == "nord"


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("edit", "NAME=VALUE"),
        ("list.lines=3", "a whole number from 1 to 2"),
        ("list.lins=2", "did you mean “list.lines”?"),
        ("list.lines=" + "9" * 10_000, "a whole number"),
        ("keys=j", "only be set in the file"),
        ("theme=nrod", "did you mean “nord”?"),
    ],
)
def test_a_wrong_option_says_so(file: Path, option: str, said: str) -> None:
    (found,) = read(file, "", option).wrong
    assert found.where == "--setting"
    assert said in found.reason


def test_a_wrong_variable_is_left_out(file: Path) -> None:
    chosen = read(file, "[list]\nlines = 2\n", READER_LIST_LINES="many")
    assert chosen[table.LIST_LINES] == 2
    assert str(chosen.wrong[0]).startswith("$READER_LIST_LINES: “list.lines” has to be")


def test_a_relative_collection_is_beside_the_file(file: Path, tmp_path: Path) -> None:
    assert read(file, 'collection = "../feed"\n')[table.COLLECTION] == tmp_path.parent / "feed"


def test_a_tilde_is_the_home(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert read(file, 'collection = "~/feed"\n')[table.COLLECTION] == tmp_path / "home" / "feed"


def test_an_unknown_home_is_wrong(file: Path) -> None:
    assert "~nobody-of-that-name" in wrong(file, 'collection = "~nobody-of-that-name/f"').reason


def test_an_unknown_key_names_the_nearest_and_the_rest_holds(file: Path) -> None:
    chosen = read(file, '# mine\n\ncolection = "x"\ntheme = "nord"\n')
    (found,) = chosen.wrong
    assert (found.line, found.key, found.meant) == (3, "colection", "collection")
    assert "did you mean “collection”?" in found.reason
    assert str(found).startswith(f"{file}:3: ")
    assert chosen[table.THEME] == "nord"
    assert chosen.wrong_of(table.COLLECTION) is found
    assert chosen.wrong_of(table.THEME) is None


def test_an_unknown_table_has_its_line(file: Path) -> None:
    found = wrong(file, 'exclude = []\n[ui]\ntheme = "x"\n')
    assert (found.line, found.key) == (2, "ui")


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("[list]\n\nlines = 3\n", 3, "list.lines"),
        ('x = """\n[list]\nlines = 9\n"""\n[list]\nlines = true', 6, "list.lines"),
        ("list.lines = 3\n", 1, "list.lines"),
        ("theme = 'nord'\nlist = {lines = 3}\n", 2, "list.lines"),
        ("\nlist = 3\n", 2, "list"),
        ("[list]\nlinse = 2\n", 2, "list.linse"),
        ('[keys]\n"a.b" = "c"\n# [list]\npreset = "emcas"\n', 4, "keys.preset"),
        ('exclude = [\n  "a",\n  # lines\n]\n[ "list" ]\n"lines" = 0', 6, "list.lines"),
    ],
)
def test_lines_are_right_in_tables_too(file: Path, text: str, line: int, key: str) -> None:
    found = [each for each in read(file, text).wrong if each.key != "x"]
    assert [(each.line, each.key) for each in found] == [(line, key)]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("collection = 3", "collection"),
        ('collection = ""', "collection"),
        ('collection = "a\\u0000b"', "collection"),
        ('exclude = "drafts"', "exclude"),
        ('exclude = ["drafts", 1]', "exclude"),
        ("[exclude]\na = 1", "exclude"),
        ("edit = 1", "edit"),
        ('reject = "trahs"', "reject"),
        ('archive = "../away"', "archive"),
        ("keys = 1", "keys"),
        ("[view]\na = 1", "view"),
    ],
)
def test_a_wrong_value_says_what_is_allowed(file: Path, text: str, key: str) -> None:
    found = wrong(file, f"\n{text}\n")
    assert (found.line, found.key) == (2, key)
    assert "has to be" in found.reason


def test_what_is_not_toml_has_its_line(file: Path) -> None:
    assert wrong(file, "exclude = []\ncollection = here\n").line == 2
    assert wrong(file, "exclude = [\n\n").line == 3


def test_what_is_not_utf8_has_its_line(file: Path) -> None:
    found = wrong(file, b'exclude = []\ncollection = "\xff"\n')
    assert found.line == 2
    assert "UTF-8" in found.reason


def test_hostile_files(file: Path) -> None:
    assert "1 MiB" in wrong(file, b"#" * (2 << 20)).reason
    wrong(file, "exclude = " + "[" * 100_000)
    wrong(file, "list.lines = " + "9" * 100_000)
    many = read(file, "".join(f"k{index} = 1\n" for index in range(50_000)))
    assert len(many.wrong) == MAX_WRONG + 1
    assert many[table.EDIT] is False
    read(file, ".".join("a" * 50_000) + " = 1")
    read(file, f"[{'.'.join('a' * 50_000)}]\n" + "a.b = 1\n")


def test_a_folder_is_wrong(file: Path) -> None:
    file.mkdir()
    assert "cannot be read" in load(file).wrong[0].reason


# -- what protects ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        'edit = "no"',
        "edti = false",
        "edit = false\n[[[",
        "edit = false\n\xff".encode("latin-1"),
        b"#" * (2 << 20),
        "edit = false\nexclude = " + "[" * 100_000,
    ],
)
def test_what_protects_is_on_where_its_value_is_wrong(file: Path, text: str | bytes) -> None:
    chosen = read(file, text)
    assert chosen[table.EDIT] is False
    assert chosen.wrong_of(table.EDIT) is not None


def test_a_broken_file_that_does_not_protect_leaves_the_default(file: Path) -> None:
    assert read(file, 'theme = "nord\n')[table.EDIT] is True


def test_a_wrong_variable_protects_too(file: Path) -> None:
    assert read(file, "", READER_EDIT="nope")[table.EDIT] is False
    assert read(file, "", "edit=nope")[table.EDIT] is False


def test_an_unknown_variable_is_told_with_the_nearest() -> None:
    environ = {"READER_EDTI": "false", "READER_CONFIG": "x", "READER_LIST_LINES": "2", "HOME": "/"}
    (found,) = unknown_variables(environ)
    assert found.is_warning
    assert str(found).startswith("$READER_EDTI: warning: ")
    assert "did you mean “READER_EDIT”?" in found.reason


# -- tables of the user's own -------------------------------------------------------------------
def test_keys_are_taken_with_quotes_or_without(file: Path) -> None:
    chosen = read(
        file,
        '[keys]\npreset = "vim"\n"decide.publish" = ["p", "f6"]\ndecide.reject = "x"\nraw = ""\n',
    )
    assert not chosen.wrong
    assert chosen[table.PRESET] == "vim"
    assert [(each.name, each.value, each.where) for each in chosen[table.KEYS]] == [
        ("decide.publish", ["p", "f6"], f"{file}:3"),
        ("decide.reject", "x", f"{file}:4"),
        ("raw", "", f"{file}:5"),
    ]


def test_views_keep_their_order_and_lines(file: Path) -> None:
    chosen = read(file, '[[view]]\nname = "a"\n\n[[view]]\nname = "b"\nquery = "x"\n')
    first, second = chosen[table.VIEWS]
    assert (first.value, first.where) == ({"name": "a"}, f"{file}:1")
    assert second.inner == {"name": f"{file}:5", "query": f"{file}:6"}


# -- the default file ---------------------------------------------------------------------------
def test_the_default_file_changes_nothing(file: Path) -> None:
    assert is_default(read(file, default_file()))


def test_each_line_of_the_default_file_can_be_taken(file: Path) -> None:
    text = re.sub(r"^#(?=[a-z\"\[])", "", default_file(), flags=re.MULTILINE)
    chosen = read(file, text)
    assert not chosen.wrong
    for setting, value in chosen:
        assert value.source == "file", setting.name
        if not setting.example:
            assert value.value == setting.default
    assert max(map(len, default_file().splitlines())) <= 100


# -- any file -----------------------------------------------------------------------------------
@given(st.binary(max_size=200))
def test_no_bytes_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    read(tmp_path_factory.getbasetemp() / "any.toml", data)


_KEYS = st.sampled_from(
    ["a", "list", "lines", "keys", "preset", "view", "edit", '"a.b"', "'c d'", '"\\u00e9"', '""']
)
_VALUES = st.recursive(
    st.sampled_from(
        ["1", "true", '"x # y"', "'''\n[a]\nb = 1\n'''", '"""\n\\"""\n"""""', "1979-05-27", "nan"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda them: "[\n" + ", # [x\n".join(them) + "\n]"),
        st.dictionaries(_KEYS, inner, max_size=2).map(
            lambda them: "{" + ", ".join(f"{key} = {value}" for key, value in them.items()) + "}"
        ),
    ),
    max_leaves=4,
)
_DOTTED = st.lists(_KEYS, min_size=1, max_size=3).map(" . ".join)
_LINES = st.one_of(
    st.tuples(_DOTTED, _VALUES).map(lambda pair: f"{pair[0]} = {pair[1]}"),
    _DOTTED.map(lambda name: f"[ {name} ] # [no]"),
    _DOTTED.map(lambda name: f"[[{name}]]"),
    st.just("# a comment"),
    st.just(""),
)


@given(st.lists(_LINES, max_size=8).map("\n".join))
def test_no_toml_raises_and_every_key_has_its_line(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    read(tmp_path_factory.getbasetemp() / "any.toml", text)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    found = places(text)
    lines = text.split("\n")
    for key, value in values.items():
        line = line_of((key,), found)
        assert line > 0
        assert key in tomllib.loads(_start(lines[line - 1]))
        if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            for index in range(len(value)):
                assert line_of((key, index), found) > 0


def _start(line: str) -> str:
    """A line of TOML with its value left out."""
    if line.startswith("["):
        return line
    quoted = r"""("[^"]*"|'[^']*'|[^=])*="""
    found = re.match(quoted, line)
    assert found, line
    return f"{found[0]} 1"
