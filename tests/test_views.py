"""Views in the settings file: read, and changed without a byte beside them."""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reader import views
from reader.records.text import clean
from reader.records.views import SavedView, ViewRefused
from reader.toml_blocks import Kind, blocks_of, lines_of, written

FILE = """\
# Mine.
edit = true   # keep
exclude = [
  "drafts", # not a [[view]]
  "[[view]]",
]

# The good ones.
[[view]]
name = "Good"      # says it
query = 'quality:>70 topic:"Power Apps"'
key = 1

[[view]]
query = \"\"\"folder:_news \\
  -is:read\"\"\"
name="News"
# a thought

[theme]
accent = "red"

# The last one.
[[view]]
name = "Café"
query = "topic:coffee"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(FILE)
    return path


def test_reading(file: Path) -> None:
    loaded = views.load(file)
    assert loaded.wrong == ()
    assert loaded.views == (
        SavedView("Good", 'quality:>70 topic:"Power Apps"', 1),
        SavedView("News", "folder:_news -is:read"),
        SavedView("Café", "topic:coffee"),
    )
    assert loaded.queries["Café"] == "topic:coffee"


def test_no_file_has_no_views(tmp_path: Path) -> None:
    assert views.load(tmp_path / "none.toml") == views.Loaded()
    assert views.load(tmp_path / "none" / "none.toml") == views.Loaded()


@pytest.mark.parametrize(
    ("text", "line", "said", "kept"),
    [
        ("view = 1", 1, "[[view]] tables", 0),
        ("edit = true\n[view]\nname = 'a'", 2, "[[view]] tables", 0),
        ("[[view]]\nquery = 'a'", 1, "no name", 0),
        ("[[view]]\nname = 'a'", 1, "no query", 0),
        ("[[view]]\nname = 3\nquery = 'a'", 2, "“name” has to be", 0),
        ("[[view]]\nname = 'a'\nquery = ['x']", 3, "“query” has to be", 0),
        ("[[view]]\nname = 'a'\nquery = 'x'\nkey = '3'", 4, "number from 1 to 9", 1),
        ("[[view]]\nname = 'a'\nquery = 'x'\nkey = true", 4, "number from 1 to 9", 1),
        ("[[view]]\nname = 'a'\nquery = 'x'\nkey = 10", 4, "number from 1 to 9", 1),
        ("[[view]]\nname = 'a'\nqery = 'x'\nquery = ''", 3, "did you mean “query”?", 1),
        ("[[view]]\nname = 'a'\nquery = 'qualty:1'", 3, "“a”: there is no field qualty", 1),
        ("[[view]]\nname = 'unread'\nquery = 'x'", 2, "built-in", 1),
        ("[[view]]\nname='a'\nquery='x'\n[[view]]\nname='A'\nquery='x'", 5, "already", 2),
        ("[[view]]\nname='a'\nquery='x'\nkey=1\n\n[[view]]\nname='b'\nquery='x'\nkey=1", 9, "key 1", 2),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_the_rest_read(
    tmp_path: Path, text: str, line: int, said: str, kept: int
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        text + "\n[[view]]\nname = 'fine'\nquery = 'x'\n" * text.startswith("[[") + "\n"
    )
    loaded = views.load(file)
    (wrong,) = loaded.wrong
    assert str(wrong).startswith(f"{file}:{line}: ")
    assert said in wrong.reason
    assert len(loaded.views) == kept + text.startswith("[[")


@pytest.mark.parametrize("data", [b"= no toml", b"\xff[[view]]", b"view" * 300_000])
def test_what_is_no_settings_file_has_no_views(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(data)
    assert views.load(file) == views.Loaded()
    with pytest.raises(ViewRefused):
        views.add(file, SavedView("a", "b"))
    assert file.read_bytes() == data


# -- changing --------------------------------------------------------------------------------------


def test_adding_to_nothing(tmp_path: Path) -> None:
    file = tmp_path / "new" / "config.toml"
    views.add(file, SavedView("a", 'x "y"', 3))
    assert file.read_text() == '[[view]]\nname = "a"\nquery = \'x "y"\'\nkey = 3\n'
    assert views.load(file).views == (SavedView("a", 'x "y"', 3),)


def test_adding_keeps_all_else(file: Path) -> None:
    views.add(file, SavedView("new", "x"))
    assert file.read_text() == FILE + '\n[[view]]\nname = "new"\nquery = "x"\n'


def test_adding_before_other_tables(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[[view]]\nname = "a"\nquery = "x"\n\n[theme]\na = 1\n')
    views.add(file, SavedView("b", "y"))
    assert file.read_text() == (
        '[[view]]\nname = "a"\nquery = "x"\n\n[[view]]\nname = "b"\nquery = "y"\n\n[theme]\na = 1\n'
    )


def test_changing_changes_the_value_alone(file: Path) -> None:
    views.change(file, "good", SavedView("Better", 'quality:>70 topic:"Power Apps"', 2))
    expected = FILE.replace('"Good"      # says it', '"Better"      # says it')
    assert file.read_text() == expected.replace("key = 1", "key = 2")
    views.change(file, "Better", SavedView("Better", "quality:>80", None))
    expected = expected.replace("'quality:>70 topic:\"Power Apps\"'", '"quality:>80"')
    assert file.read_text() == expected.replace("key = 1\n", "")
    views.change(file, "news", SavedView("News", "folder:_news", 9))
    assert '"""' not in file.read_text()
    assert 'name="News"\nkey = 9\n# a thought\n' in file.read_text()


def test_deleting_takes_its_comment_with_it(file: Path) -> None:
    views.remove(file, "good")
    start, end = FILE.index("# The good"), FILE.index("[[view]]\nquery")
    assert file.read_text() == FILE[:start] + FILE[end:]
    views.remove(file, "café")
    views.remove(file, "news")
    assert file.read_text() == FILE[:start] + '[theme]\naccent = "red"\n\n'


def test_moving_takes_its_comment_with_it(file: Path) -> None:
    views.move(file, "café", 0)
    text = file.read_text()
    assert [view.name for view in views.load(file).views] == ["Café", "Good", "News"]
    assert '# The last one.\n[[view]]\nname = "Café"' in text
    assert sorted(text.splitlines()) == sorted(FILE.splitlines())
    views.move(file, "café", 9)
    assert file.read_text() == FILE


def test_line_ends_and_a_byte_order_mark_stay(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    before = b"\xef\xbb\xbf# x\r\n[[view]]\r\nname = 'a'\r\nquery = 'x'"
    file.write_bytes(before)
    views.add(file, SavedView("b", "y"))
    after = file.read_bytes()
    assert after == before + b'\r\n\r\n[[view]]\r\nname = "b"\r\nquery = "y"\r\n'
    views.remove(file, "b")
    assert file.read_bytes().startswith(before)


def test_a_link_stays_a_link_and_a_mode_the_mode(tmp_path: Path, file: Path) -> None:
    file.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    views.add(link, SavedView("new", "x"))
    assert link.is_symlink()
    assert "new" in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert sorted(os.listdir(tmp_path)) == ["config.toml", "link.toml"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("view = [{name = 'a', query = 'x'}]\n", "not written as"),
        ("[[view]]\nname = 'a'\n", "mend the views"),
        ("view = 3\n", "mend the views"),
    ],
)
def test_what_cannot_be_changed_here_is_left(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(ViewRefused, match=said):
        views.add(file, SavedView("b", "y"))
    assert file.read_text() == text


def test_a_wrong_query_can_be_mended(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[[view]]\nname = 'a'\nquery = 'qualty:1' # oops\n")
    assert views.change(file, "a", SavedView("a", "quality:1")).wrong == ()
    assert file.read_text() == "[[view]]\nname = 'a'\nquery = \"quality:1\" # oops\n"


def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    file = tmp_path / "file" / "config.toml"
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ViewRefused, match=r"config\.toml cannot be written"):
        views.add(file, SavedView("a", "b"))


# -- any file --------------------------------------------------------------------------------------

_filler = st.lists(
    st.sampled_from(
        ["# a comment", "", "  # [[view]]", "[table]", '["quoted.name"] # x', "[[other]]", "[a.b]",
         "[[view2]]"]
    ),
    max_size=4,
)  # fmt: skip
_plain = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp", "Cf", "Co", "Cn")),
                 min_size=1, max_size=8)  # fmt: skip
_view = st.builds(
    lambda query, key, quote, comment, order: (query, key, quote, comment, order),
    st.sampled_from(["x", "a  b", 'topic:"A B"', "is:read\ttitle:c"]),
    st.booleans(), st.sampled_from(['"""', "'''", "'"]), st.sampled_from(["", " # why = 1"]), st.booleans(),
)  # fmt: skip


@st.composite
def _files(draw: st.DrawFn) -> str:
    lines = ["first = [1, # ]", "  2]", 'key = "[[view]]"', *draw(_filler)]
    tables: set[str] = set()
    for number, (query, key, quote, comment, order) in enumerate(draw(st.lists(_view, max_size=4))):
        entries = [f'name = "v{number}"{comment}', f"query = {quote}{query}{quote}"]
        lines += ["[[view]]", *(entries if order else reversed(entries))]
        if key:
            lines.append(f"key = {number + 1}")
        lines += draw(_filler)
    kept = []
    for line in lines:  # no table twice
        if line.startswith("[") and not line.startswith("[["):
            if line in tables:
                continue
            tables.add(line)
        kept.append(line)
    return draw(st.sampled_from(["\n", "\r\n"])).join(kept) + draw(st.sampled_from(["", "\n"]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_files(), st.data())
def test_any_file_keeps_what_is_not_changed(tmp_path: Path, text: str, data: st.DataObject) -> None:
    file = tmp_path / "any.toml"
    file.write_bytes(text.encode())
    before = views.load(file)
    assert before.wrong == ()
    old = tomllib.loads(text.replace("\r\n", "\n"))
    what = data.draw(st.sampled_from(["add", "change", "remove", "move"]))
    names = [view.name for view in before.views]
    if what == "add" or not names:
        name = data.draw(_plain)
        try:
            views.add(file, SavedView(name, "is:read", None))
        except ViewRefused:  # a mark without its letter is shown as another text
            assert not name.strip() or name in names or clean(name) != name
            return
    else:
        name = data.draw(st.sampled_from(names))
        if what == "change":
            views.change(file, name, SavedView("neu", "x y", data.draw(st.none() | st.just(9))))
        elif what == "remove":
            views.remove(file, name)
        else:
            views.move(file, name, data.draw(st.integers(0, 5)))
    after = file.read_bytes().decode()
    new = tomllib.loads(after.replace("\r\n", "\n"))
    assert {**old, "view": 0} == {**new, "view": 0}
    lines = [line for line in text.splitlines() if line.strip()]
    left = [line for line in after.splitlines() if line.strip()]
    if what == "move" and names:
        assert sorted(left) == sorted(lines)
    elif what == "add" or not names:
        rest = iter(left)
        assert all(line in rest for line in lines)  # all of them, in their order
    elif what == "change":
        assert len([line for line in lines if line not in left]) <= 3


@given(st.text(st.characters(codec="utf-8")))
def test_a_string_is_written_as_it_is(text: str) -> None:
    assert tomllib.loads(f"a = {written(text)}")["a"] == text


@given(_files())
def test_every_character_is_in_one_line(text: str) -> None:
    lines = list(lines_of(text))
    assert [line.start for line in lines] == [0, *(line.end for line in lines)][: len(lines)]
    assert not lines or lines[-1].end == len(text)
    for line in lines:
        if line.kind is Kind.KEY:
            value = text[line.value[0] : line.value[1]].replace("\r\n", "\n")
            assert tomllib.loads(f"a = {value}")
    assert len(blocks_of(text, "view")) == text.count("\n[[view]]")
