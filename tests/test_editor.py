"""The user's own editor: how it is called, and what becomes of what is typed into it."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from reader.terminal.editor import copied, find_editor, kept


def program(folder: Path, name: str) -> Path:
    """Write an editor that notes what it is called with."""
    path = folder / name
    path.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "$0.called"\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def state(tmp_path: Path) -> str:
    (tmp_path / "state").mkdir()
    return str(tmp_path / "state" / "feed.sqlite")


def test_the_editor_that_is_set() -> None:
    assert find_editor({"VISUAL": "'my vim' -n", "EDITOR": "ed"}) == ["my vim", "-n"]
    assert find_editor({"VISUAL": "'", "EDITOR": "ed"}) == ["ed"]
    assert find_editor({"PATH": ""}) is None


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("vi", ["-x", "+7", "FILE"]),
        ("nvim", ["-x", "+7", "FILE"]),
        ("nano", ["-x", "+7", "FILE"]),
        ("emacs", ["-x", "+7", "FILE"]),
        ("micro", ["-x", "+7", "FILE"]),
        ("hx", ["-x", "FILE:7"]),
        ("helix", ["-x", "FILE:7"]),
        ("code", ["-x", "--goto", "FILE:7"]),
        ("my-own", ["-x", "FILE"]),
    ],
)
def test_an_editor_is_told_the_line_where_it_is_known_how(
    tmp_path: Path, state: str, name: str, called: list[str]
) -> None:
    editor = program(tmp_path, name)
    for line in (7, 0):
        copy = copied("_news/a.md", b"text", state)
        assert copy.edit([str(editor), "-x"], line) == ""
        said = Path(f"{editor}.called").read_text().split("\n")[:-1]
        expected = called if line else ["-x", "FILE"]
        assert said == [each.replace("FILE", str(copy.path)) for each in expected]
        copy.remove()


def test_a_colon_in_a_name_is_not_taken_for_a_line(tmp_path: Path, state: str) -> None:
    editor = program(tmp_path, "code")
    copy = copied("_news/a:3.md", b"text", state)
    copy.edit([str(editor)], 7)
    assert Path(f"{editor}.called").read_text() == f"{copy.path}\n"


def test_why_an_editor_could_not_edit(tmp_path: Path, state: str) -> None:
    copy = copied("a.md", b"text", state)
    assert "could not be started" in copy.edit([str(tmp_path / "none")])
    assert "ended with 3" in copy.edit([sys.executable, "-c", "exit(3)"])


def test_a_text_is_found_again_until_it_is_removed(state: str) -> None:
    copy = copied("_news/a.md", b"text", state)
    copy.path.write_bytes(b"typed")
    assert kept("_news/a.md", state) is None  # it is in an editor
    copy.keep()
    assert kept("_learning/a.md", state) is None
    assert kept("_news/a.md", f"{state}-other") is None
    assert kept("_news/a.md", None) is None
    found = kept("_news/a.md", state)
    assert found is not None
    assert found.read() == b"typed"
    assert found.is_of(b"text")
    assert not found.is_of(b"another")
    assert stat.S_IMODE(found.path.parent.stat().st_mode) == 0o700
    found.remove()
    assert kept("_news/a.md", state) is None


def test_of_several_texts_the_latest_comes_first(state: str) -> None:
    for at, typed in enumerate((b"one", b"two", b"three")):
        copy = copied("a.md", b"text", state)
        copy.path.write_bytes(typed)
        os.utime(copy.path.parent, (at, at))
        copy.keep()
    for expected in (b"three", b"two", b"one"):
        found = kept("a.md", state)
        assert found is not None
        assert found.read() == expected
        found.remove()


def test_where_nothing_was_typed_nothing_is_kept(state: str) -> None:
    copied("a.md", b"text", state).keep()
    gone = copied("a.md", b"text", state)
    gone.path.unlink()
    gone.keep()
    assert kept("a.md", state) is None
    assert list((Path(state).parent / "edited").iterdir()) == []


def test_without_a_state_folder_it_is_a_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    copy = copied("a.md", b"text", None)
    assert copy.path.parent.parent == tmp_path
    assert not copy.is_of(b"text")
    copy.remove()
