"""Deciding in a real terminal: quickly, with an editor, on paste, and when it ends abruptly."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import time
from pathlib import Path

import pytest

from tests.corpus import write_collection
from tests.terminal.conftest import RECORDS, Start

RATE = 20  # keys a second
ALL = re.compile(r"\b\d+ of 100\b")
"""All records are listed. Not always at the first one: beside a busy disk they come in parts, and the cursor
stays on its record."""
DISK = 120.0
"""Seconds in which what was decided is written: each decision waits six times for the disk, and a busy one
may take a second for each."""


def states(folder: Path) -> dict[str, str]:
    """What each file says of its state."""
    found = {}
    for path in folder.rglob("*.md"):
        text = path.read_text()
        state = "rejected" if "\nremoved: true\n" in text else "unpublished"
        found[path.name] = "published" if "\npublished: true\n" in text else state
    return found


def unpublish_all(folder: Path) -> None:
    for path in folder.rglob("*.md"):
        data = path.read_bytes().replace(b"\npublished: true\n", b"\npublished: false\n")
        path.write_bytes(re.sub(rb"\nremoved: true\n", b"\n", data))


@pytest.fixture
def many(tmp_path: Path) -> Path:
    folder = tmp_path / "many"
    write_collection(folder, 100)
    unpublish_all(folder)
    return folder


@pytest.mark.long
def test_quick_decisions_all_arrive(start: Start, many: Path) -> None:
    before = {path: path.read_bytes() for path in many.rglob("*.md")}
    terminal = start(many, size=(80, 24))
    terminal.wait_for(ALL)
    terminal.wait_quiet(0.5)
    begun = time.monotonic()
    for number in range(100):
        terminal.press("pd"[number % 2])
        while (left := begun + (number + 1) / RATE - time.monotonic()) > 0:
            terminal.pump(left)
    terminal.wait_for("All here is decided")
    terminal.press("q")
    assert terminal.wait_exit(DISK) == 0
    found = list(states(many).values())
    assert found.count("published") == 50
    assert found.count("rejected") == 50
    terminal = start(many, size=(80, 24))  # the way back outlasts the program
    terminal.wait_for(ALL)
    for number in range(100):
        terminal.press("u")
        if number % 10 == 9:
            terminal.wait_for("Undone: ")
    terminal.press("u")
    terminal.wait_for("nothing to undo")
    assert {path: path.read_bytes() for path in many.rglob("*.md")} == before


def test_quitting_at_once_loses_no_decision(start: Start, many: Path) -> None:
    terminal = start(many)
    terminal.wait_for(ALL)
    terminal.wait_quiet(0.5)
    for _ in range(5):
        terminal.press("p")
        terminal.pump(0.06)
    terminal.press("ctrl+q")
    assert terminal.wait_exit(DISK) == 0
    assert list(states(many).values()).count("published") == 5


def test_a_killed_reader_leaves_whole_files(
    start: Start, many: Path, program: Path, isolated: dict[str, str]
) -> None:
    terminal = start(many)
    terminal.wait_for(ALL)
    terminal.wait_quiet(0.5)
    for _ in range(8):
        terminal.press("p")
        terminal.pump(0.05)
    os.kill(terminal.pid, signal.SIGKILL)
    terminal.wait_exit()
    log = subprocess.run(
        [program, "log", "-C", many],
        env={**os.environ, **isolated},
        capture_output=True,
        text=True,
        check=True,
    )
    published = list(states(many).values()).count("published")
    assert len(log.stdout.splitlines()) == published
    assert not list(many.rglob(".reader-*"))


def test_pasted_text_decides_nothing(start: Start, many: Path) -> None:
    before = states(many)
    terminal = start(many)
    terminal.wait_for(ALL)
    terminal.wait_quiet(0.5)
    place = ALL.findall(terminal.text)
    terminal.send(b"\x1b[200~pdpdpdpd\x1b[201~")  # bracketed: nothing at all
    terminal.wait_quiet(0.5)
    assert ALL.findall(terminal.text) == place
    terminal.send(b"published by the editor")  # by a terminal that does not bracket
    terminal.wait_for("PASTED?")
    terminal.wait_quiet(0.8)
    terminal.press("n")
    terminal.wait_for("Nothing was written")
    terminal.press("ctrl+q")
    terminal.wait_exit()
    assert states(many) == before


@pytest.mark.parametrize("valid", [True, False])
def test_the_users_editor_makes_one_edit(
    start: Start, collection: Path, tmp_path: Path, isolated: dict[str, str], valid: bool
) -> None:
    editor = tmp_path / "editor"
    line = "quality: 7" if valid else "quality: [7"
    editor.write_text(f"#!/bin/sh\nsed -i 's/^quality: .*/{line}/' \"$1\"\n")
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    before = {path: path.read_bytes() for path in collection.rglob("*.md")}
    terminal = start(collection, env={"EDITOR": str(editor)})
    terminal.wait_for(re.compile(rf"\b1 of {RECORDS}\b"))
    terminal.wait_quiet(0.5)
    terminal.press("E")
    if valid:
        terminal.wait_for("Edited: ")
        changed = [path for path in before if path.read_bytes() != before[path]]
        assert len(changed) == 1
        assert "\nquality: 7\n" in changed[0].read_text()
        terminal.press("u")
        terminal.wait_for("Undone: edit file")
    else:
        terminal.wait_for("NO RECORD")
        terminal.press("x")
        terminal.wait_for("dropped")
    assert {path: path.read_bytes() for path in collection.rglob("*.md")} == before
    assert not kept_texts(isolated)


def kept_texts(isolated: dict[str, str]) -> list[Path]:
    """The texts of the editor that lie in the state folder."""
    return list(Path(isolated["READER_STATE_DIR"]).rglob("edited/*/*"))


def test_a_text_that_is_kept_lies_in_the_state_folder_for_its_owner_alone(
    start: Start, collection: Path, tmp_path: Path, isolated: dict[str, str]
) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nprintf 'quality: [7 of mine' > \"$1\"\n")
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    terminal = start(collection, env={"EDITOR": str(editor)}, size=(200, 40))
    terminal.wait_for(re.compile(rf"\b1 of {RECORDS}\b"))
    terminal.wait_quiet(0.5)
    terminal.press("E")
    terminal.wait_for("NO RECORD")
    terminal.press("escape")
    terminal.wait_for("your text is kept in")
    (kept,) = kept_texts(isolated)
    terminal.wait_for(str(kept))
    assert kept.read_text() == "quality: [7 of mine"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("term", ["xterm-256color", "screen-256color", "linux"])
def test_decisions_show_in_any_terminal(start: Start, many: Path, term: str) -> None:
    terminal = start(many, size=(80, 24), term=term, env={"NO_COLOR": "1"})
    terminal.wait_for(ALL)
    terminal.wait_quiet(0.5)
    terminal.press("p")
    terminal.wait_for(re.compile(r"published *[│|]"))
    terminal.press("z")
    terminal.wait_for("DEFER 1 RECORD")
    terminal.press("t")
    terminal.wait_for(re.compile(r"deferred *[│|]"))
