"""The line mode in real terminals, dumb ones too: prompts, Ctrl+C, Ctrl+D, history, and no escapes."""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path

import pytest

from tests.corpus import heads
from tests.terminal.conftest import RECORDS, Start
from tests.terminal.terminal import Terminal

TERMS = [
    ("dumb", {}),
    ("vt100", {}),
    ("xterm-256color", {}),
    ("vt100", {"LANG": "C", "LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
]


def enter(terminal: Terminal, line: str, wanted: str) -> None:
    """Type a line once there is a prompt, and wait for what it says."""
    wait_prompt(terminal)
    seen = len(terminal.output_bytes)
    terminal.send(f"{line}\r".encode())
    wait_said(terminal, wanted, seen)


def wait_prompt(terminal: Terminal) -> None:
    terminal.until(lambda: terminal.output_bytes.endswith(b"\n> "))


def wait_said(terminal: Terminal, wanted: str, seen: int = 0) -> None:
    found = re.compile(wanted.encode())
    terminal.until(lambda: found.search(terminal.output_bytes, seen) is not None)


def interrupt(terminal: Terminal, wanted: str) -> None:
    """Press Ctrl+C until it is answered, as one does: readline misses a signal that comes in the
    instant between its showing the prompt and its waiting for keys."""
    seen = len(terminal.output_bytes)
    found = re.compile(wanted.encode())
    for _ in range(20):
        terminal.send(b"\x03")
        end = time.monotonic() + 1
        while time.monotonic() < end:
            terminal.pump(0.05)
            if found.search(terminal.output_bytes, seen):
                return
    raise TimeoutError(f"{wanted} is not there:\n{terminal.output_bytes!r}")


@pytest.mark.parametrize(("term", "env"), TERMS)
def test_a_triage_without_any_escape(
    start: Start, collection: Path, term: str, env: dict[str, str]
) -> None:
    terminal = start("--plain", collection, term=term, env=env)
    first, second = (head.title for head in heads(RECORDS, 2))
    wait_said(terminal, rf"1\. [a-z]+, .*, quality \d+: {re.escape(first)}")
    enter(terminal, "j", rf"2\. .*{re.escape(second)}")
    enter(terminal, "f unpublished", r"Unpublished: \d+ records\.")
    enter(terminal, "p", r"1 published\.")
    enter(terminal, "z 3w", r"deferred until ")
    enter(terminal, "u", r"Undo of defer\.")
    enter(terminal, "u", r"Undo of publish\.")
    enter(terminal, "show", r"More: Enter\.")
    enter(terminal, "", r"More: Enter\.|file:")
    enter(terminal, "help", r"More: Enter\.")
    enter(terminal, "nonsense", r"There is no command")
    enter(terminal, "y", r"https://")
    wait_prompt(terminal)
    terminal.send(b"q\r")
    assert terminal.wait_exit() == 0
    said = bytes(terminal.output_bytes)
    assert b"\x1b" not in said
    assert not set(said) & (set(range(32)) - {8, 10, 13})
    if "LC_ALL" in env:
        assert said.isascii()


def test_a_dumb_terminal_gets_it_by_itself(start: Start, collection: Path) -> None:
    terminal = start(collection, term="dumb")
    wait_prompt(terminal)
    terminal.send(b"\x04")
    assert terminal.wait_exit() == 0
    assert b"\x1b" not in terminal.output_bytes
    assert b"60 records" in terminal.output_bytes


def test_history_ctrl_c_and_ctrl_d(start: Start, collection: Path) -> None:
    terminal = start("--plain", collection)
    enter(terminal, "go 7", r"7\. ")
    enter(terminal, "k", r"6\. ")
    wait_prompt(terminal)
    seen = len(terminal.output_bytes)
    terminal.press("up", "up")
    terminal.send(b"\r")
    wait_said(terminal, r"7\. ", seen)
    wait_prompt(terminal)
    seen = len(terminal.output_bytes)
    terminal.send(b"half a line")
    wait_said(terminal, r"half a line", seen)
    interrupt(terminal, r"q leaves\.")
    enter(terminal, "j", r"8\. ")
    wait_prompt(terminal)
    terminal.send(b"\x04")
    assert terminal.wait_exit() == 0
    assert b"\x1b" not in terminal.output_bytes
    assert b"Traceback" not in terminal.output_bytes


def test_tab_completes_a_command(start: Start, collection: Path) -> None:
    terminal = start("--plain", collection)
    wait_prompt(terminal)
    terminal.send(b"publ\t")
    wait_said(terminal, r"> publish")


def test_questions_are_no_history(start: Start, collection: Path) -> None:
    terminal = start("--plain", collection)
    enter(terminal, "mark all", r"60 marked\.")
    wait_prompt(terminal)
    terminal.send(b"d\r")
    wait_said(terminal, r"records\? yes or no: $")
    interrupt(terminal, r"Nothing was changed\.")
    wait_prompt(terminal)
    seen = len(terminal.output_bytes)
    terminal.press("up")
    terminal.send(b"\r")
    wait_said(terminal, r"records\? yes or no: $", seen)  # the line before was `d`
    terminal.send(b"no\r")
    wait_said(terminal, r"Nothing was changed\.", seen)


def test_the_users_editor(start: Start, collection: Path, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/^quality: .*/quality: 7/' \"$1\"\n")
    editor.chmod(0o755)
    terminal = start("--plain", collection, env={"EDITOR": str(editor)})
    enter(terminal, "E", r"Done: edit file")
    enter(terminal, "where", r"quality 7[,:]")
    enter(terminal, "u", r"Undo of edit file|edit file")


def test_commands_from_a_pipe(
    program: Path, isolated: dict[str, str], collection: Path, tmp_path: Path
) -> None:
    def piped(lines: str, **more: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [program, "--plain", collection],
            input=lines.encode(),
            env={"PATH": os.environ["PATH"], **isolated, **more},
            capture_output=True,
            check=False,
            timeout=60,
        )

    done = piped("f unpublished\np\nu\n")
    assert done.returncode == 0
    assert done.stderr == b""
    assert done.stdout.count(b"Undo of publish.") == 1
    assert b"> " not in done.stdout
    done = piped("nonsense\n")
    assert done.returncode == 1
    assert b"There is no command" in done.stdout
    assert piped("").returncode == 0
    assert b"Traceback" not in piped("\xff\xfe\n/\x00\n").stdout
    done = piped("help\n", LANG="C", LC_ALL="POSIX", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 0


def test_what_reads_the_pipe_may_leave(
    program: Path, isolated: dict[str, str], collection: Path
) -> None:
    command = f"yes list | '{program}' --plain '{collection}' 2>&1 | head -n 3"
    done = subprocess.run(
        ["sh", "-c", command],
        env={"PATH": os.environ["PATH"], **isolated},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.count(b"\n") == 3
    assert b"Traceback" not in done.stdout


def test_files_that_change_are_told_before_the_next_prompt(
    start: Start, collection: Path, tmp_path: Path
) -> None:
    terminal = start("--plain", collection)
    wait_prompt(terminal)
    terminal.send(b"go")  # a line half typed
    wait_said(terminal, r"> go$")
    seen = len(terminal.output_bytes)
    folder = next(path.parent for path in collection.rglob("*.md"))
    (folder / "brand-new.md").write_text(
        "---\ntitle: Brand new\npublishedDateTime: 2099-01-01T00:00:00Z\n---\n"
    )
    deadline = time.monotonic() + 40
    while True:  # the watch needs a moment; each line is a prompt of its own
        terminal.send(b" 2\r")
        wait_said(terminal, r"\n2\. |\n3\. ", seen)
        wait_prompt(terminal)
        if b"Files have changed" in terminal.output_bytes[seen:]:
            break
        assert time.monotonic() < deadline
        terminal.pump(0.3)
        seen = len(terminal.output_bytes)
        terminal.send(b"go")
        wait_said(terminal, r"> go$", seen - 10)
    said = bytes(terminal.output_bytes)
    assert re.search(rb"\r\nFiles have changed: 1 new, 61 records here\.\r\n> $", said)
    assert b"\ngo" not in said  # never in the midst of what is typed
    enter(terminal, "/ title:Brand", r"1\. published, .*Brand new")
    (folder / "brand-new.md").write_text(
        "---\ntitle: Brand newer\npublishedDateTime: 2099-01-01T00:00:00Z\n---\n"
    )
    while b"Brand newer" not in terminal.output_bytes:
        assert time.monotonic() < deadline + 20
        enter(terminal, "wrap", r"by the terminal\.")
        wait_prompt(terminal)
        terminal.pump(0.2)
    assert b"Files have changed: 1 changed, 1 record here." in terminal.output_bytes


def test_what_was_decided_here_keeps_its_number_and_is_no_news(
    start: Start, collection: Path
) -> None:
    terminal = start("--plain", collection)
    enter(terminal, "f unpublished", r"Unpublished: (\d+) records\.")
    said = re.search(rb"Unpublished: (\d+) records", terminal.output_bytes)
    assert said is not None
    waiting = int(said[1])
    enter(terminal, "p", r"1 published\.")
    enter(terminal, "go 1", r"1\. published, ")  # it is still listed, under its number
    folder = next(path.parent for path in collection.rglob("*.md"))
    (folder / "late.md").write_text(
        "---\ntitle: Late\npublished: false\npublishedDateTime: 1999-01-01\n---\n"
    )
    deadline = time.monotonic() + 20
    while b"Files have changed" not in terminal.output_bytes:
        assert time.monotonic() < deadline
        enter(terminal, "wrap", r"by the terminal\.")
        wait_prompt(terminal)
        terminal.pump(0.2)
    news = re.findall(rb"Files have changed: [^\r]*", terminal.output_bytes)
    assert news == [b"Files have changed: 1 new, %d records here." % (waiting + 1)]
    enter(terminal, "R", r"Looked through\. 0 new here")
    enter(terminal, "where", rf"Unpublished: {waiting} records\.")
