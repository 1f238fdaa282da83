"""`reader edit`: the user's own editor on a record, as one edit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reader.cli import main
from tests.cli_support import run, run_in_terminal

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("config", "in_feed")


@pytest.fixture
def editor(tmp_path: Path) -> Path:
    """An editor that runs a line of sed on what it is given."""
    program = tmp_path / "editor"
    program.write_text('#!/bin/sh\nsed -i "$(cat "$0.sed")" "$1"\n')
    program.chmod(0o755)
    return program


def edited(editor: Path, sed: str, *options: str, answer: str = "") -> tuple[int, str]:
    """Run it; the `answer` is typed where a text is kept."""
    editor.with_name("editor.sed").write_text(sed)
    ran = run_in_terminal(
        *("edit", "_news/alpha.md", *options),
        columns=200,
        until=b"(d)? ",
        keys=answer.encode(),
        EDITOR=str(editor),
        VISUAL="",
    )
    return ran.code, ran.text


def test_an_edit_is_one_step_and_is_taken_back(feed: Path, editor: Path, capsys: Capture) -> None:
    alpha = feed / "_news" / "alpha.md"
    before = alpha.read_bytes()
    code, said = edited(editor, "s/quality: 30/quality: 31/")
    assert code == 0
    assert "edit file: 1 changed. Step 1; `reader undo` takes it back." in said
    assert alpha.read_bytes() == before.replace(b"quality: 30", b"quality: 31")
    assert main(["undo"]) == 0
    assert alpha.read_bytes() == before


def test_what_changes_nothing_and_what_would_be_no_record(
    feed: Path, editor: Path, tmp_path: Path
) -> None:
    alpha = feed / "_news" / "alpha.md"
    before = alpha.read_bytes()
    assert "nothing was changed." in edited(editor, "s/nosuch/x/")[1]
    code, said = edited(editor, "s/^title: Alpha/title: [Alpha/")
    assert code == 3
    assert "so it would be no record any more: line " in said
    kept = next((tmp_path / "own" / "state" / "edited").rglob("alpha.md"))
    assert b"title: [Alpha" in kept.read_bytes()
    assert str(kept) in said
    assert alpha.read_bytes() == before
    editor.write_text("#!/bin/sh\nexit 4\n")
    code, said = edited(editor, "", answer="d\n")
    assert code == 3
    assert "ended with 4" in said
    assert alpha.read_bytes() == before


def test_a_text_that_is_kept_is_offered(feed: Path, editor: Path, tmp_path: Path) -> None:
    alpha = feed / "_news" / "alpha.md"
    before = alpha.read_bytes()
    edited(editor, "s/^title: Alpha/title: [Mine/")
    code, said = edited(editor, "s/x/x/", answer="\x04")
    assert code == 3
    assert "is kept in " in said
    assert "changed since" not in said
    code, said = edited(editor, "s/quality: 30/quality: 31/", answer="f\n")
    assert code == 0
    now = alpha.read_bytes()
    assert now == before.replace(b"quality: 30", b"quality: 31")
    code, said = edited(editor, "s/[[]Mine/Mine/", answer="t\n")
    assert code == 0
    assert "the file has changed since" in said
    assert b"title: Mine" in alpha.read_bytes()
    assert not list((tmp_path / "own" / "state" / "edited").iterdir())
    assert "is kept" not in edited(editor, "s/x/x/")[1]


def test_as_json_and_without_a_terminal(editor: Path) -> None:
    code, said = edited(editor, "s/quality: 30/quality: 31/", "--json")
    assert code == 0
    assert json.loads(said[said.index("{") : said.rindex("}") + 1])["decision"] == "edit"
    code, said = edited(editor, "s/nosuch/x/", "--json")
    assert code == 0
    (result,) = json.loads(said[said.index("{") : said.rindex("}") + 1])["results"]
    assert result["became"] == "already"
    ran = run("edit", "_news/alpha.md", EDITOR=str(editor))
    assert ran.code == 2
    assert b"an editor needs a terminal" in ran.err
    assert run_in_terminal("edit", "_news/alpha.md", "--read-only").code == 3
