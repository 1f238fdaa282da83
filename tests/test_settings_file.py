"""One value of the settings file changed, and no byte beside it."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.config.document import default_file
from reader.settings_file import NotWritten, set_text


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "below" / "config.toml"


def put(file: Path, data: bytes) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (b"", b'theme = "nord"\n', 1),
        (b'theme = "ansi"\n', b'theme = "nord"\n', 1),
        (b"edit = false", b'edit = false\ntheme = "nord"\n', 2),
        (
            b"# mine\n\n  theme = 'ansi'   # dark\nedit = false\n",
            b"# mine\n\n  theme = \"nord\"   # dark\nedit = false\n",
            3,
        ),
        (
            b'\xef\xbb\xbfedit = true\r\n\r\n# a\r\n[list]\r\nlines = 2\r\n',
            b'\xef\xbb\xbfedit = true\r\ntheme = "nord"\r\n\r\n# a\r\n[list]\r\nlines = 2\r\n',
            2,
        ),
        (
            b"# about lists\n[list]\nlines = 2\ntheme = 1\n",
            b'theme = "nord"\n\n# about lists\n[list]\nlines = 2\ntheme = 1\n',
            1,
        ),
        (
            b'# colours\n#theme = "ansi"\n\nedit = true\n[list]\n',
            b'# colours\n#theme = "ansi"\ntheme = "nord"\n\nedit = true\n[list]\n',
            3,
        ),
        (b'[[view]]\nname = "a"\nquery = "b"', b'theme = "nord"\n\n[[view]]\nname = "a"\nquery = "b"', 1),
    ],
)  # fmt: skip
def test_where_it_is_written(file: Path, before: bytes, after: bytes, line: int) -> None:
    if before:
        put(file, before)
    assert set_text(file, "theme", "nord") == line
    assert file.read_bytes() == after
    assert set_text(file, "theme", "nord") == line
    assert file.read_bytes() == after


def test_in_the_default_file_it_stands_under_its_comment(file: Path) -> None:
    put(file, default_file().encode())
    set_text(file, "theme", "nord")
    assert '#theme = "reader-dark"\ntheme = "nord"\n' in file.read_text()
    assert tomllib.loads(file.read_text())["theme"] == "nord"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"theme = [", "is not TOML"),
        (b'theme = "\xff"', "is not UTF-8"),
        (b'theme.a = "b"\n', "only an editor"),
    ],
)
def test_what_cannot_be_changed_stays(file: Path, data: bytes, said: str) -> None:
    put(file, data)
    with pytest.raises(NotWritten, match=said):
        set_text(file, "theme", "nord")
    assert file.read_bytes() == data
    assert [each.name for each in file.parent.iterdir()] == ["config.toml"]


def test_a_folder_that_cannot_be_written_is_said(file: Path) -> None:
    file.parent.write_text("a file in the folder's place")
    with pytest.raises(NotWritten, match="cannot be written"):
        set_text(file, "theme", "nord")


def test_mode_and_link_stay(file: Path, tmp_path: Path) -> None:
    put(file, b"edit = true\n")
    file.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    set_text(link, "theme", "nord")
    assert link.is_symlink()
    assert os.stat(file).st_mode & 0o777 == 0o640
    assert b"nord" in file.read_bytes()


_LINES = st.sampled_from(
    [
        "", "# c", "#theme = 'x'", "edit = true", "theme = 'a # b'", "[list]", "lines = 2",
        'x = """\n[a]\ntheme = 1\n"""', "[[view]]", "theme = 2", "y = [\n1, # [\n]", "[keys.theme]",
    ]
)  # fmt: skip


@given(st.lists(_LINES, max_size=8), st.sampled_from(["\n", "\r\n"]), st.text(max_size=8))
def test_nothing_else_changes(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], newline: str, value: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    text = newline.join(lines).replace("\n", newline) if newline == "\n" else newline.join(lines)
    file.write_bytes(text.encode())
    try:
        before = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError:
        before = None
    if before is None or not value.isprintable():
        return
    try:
        set_text(file, "theme", value)
    except NotWritten:
        return
    after = file.read_bytes().decode()
    assert tomllib.loads(after.replace("\r\n", "\n")) == before | {"theme": value}
    for line in lines:
        if not line.startswith("theme"):
            assert line in after
