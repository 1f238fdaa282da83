"""In the C locale nothing but ASCII is sent: every screen, the line mode and commands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.link_site import write_record
from tests.terminal.conftest import Start
from tests.terminal.terminal import Terminal
from tests.terminal.test_hostile import (
    PROBE,
    screens_there_are,
    settle,
    show_all_screens,
    wait_prompt,
)

C = {"LC_ALL": "C", "LANG": "C", "READER_HINTS": "true"}
WORDS = "“Café” 漢字 \u0301 🙂 ┌─┐ ● … naïve Ω µ ½ ™"

WANTED = screens_there_are() - {"Unfinished"}
"""The one left out comes where edits fail, which takes hostile files; it is drawn as the others are."""


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    """Records with letters and signs of all kinds in every text, in a git work tree."""
    folder = tmp_path / "café"
    for number in range(12):
        path = write_record(
            folder,
            f"_naïve/{number:02}-é.md",
            title=f"To {number} {WORDS}",
            excerpt=WORDS,
            publishedDateTime=f"2026-06-{number + 1:02}T10:00:00Z",
            webUrl=f"https://bücher.example/é/{number}",
            ampWebUrl=f"https://bücher.example/é/{number}/amp",
            type="añadido",
            quality=number * 8,
        )
        text = path.read_text().replace(
            "published: false\n",
            f"published: false\nprovider:\n  name: Ünï {WORDS}\ntopics:\n  - Été\n  - Shared\n"
            f'related:\n  - title: "{WORDS}"\n    webUrl: "https://bücher.example/é/{(number + 1) % 12}"\n',
        )
        body = f"# {WORDS}\n\n* {WORDS}\n\n> {WORDS}\n\n| é | ö |\n|---|---|\n| a | ü |\n\n---\n"
        path.write_text(text + body)
    (folder / "kaputt-é.md").write_text(f'---\ntitle: "{WORDS}\n---\n')
    for command in (("init", "-q", "-b", "für-alle"), ("add", "-A"), ("commit", "-qm", "Été")):
        subprocess.run(
            ["git", "-c", "user.name=É", "-c", "user.email=e@example.com", *command],
            cwd=folder,
            check=True,
            capture_output=True,
        )
    return folder


def is_ascii(sent: bytes) -> None:
    found = re.search(rb"[^\x00-\x7f]+", sent)
    assert found is None, sent[max(0, found.start() - 60) : found.end() + 60]


@pytest.mark.long
def test_every_screen(isolated: dict[str, str], feed: Path, tmp_path: Path) -> None:
    noted = tmp_path / "screens"
    env = isolated | C | {"READER_OUTPUT": "lean", "EDITOR": "true", "READER_DEBUG": "1"}
    command: list[str | Path] = [sys.executable, PROBE, noted, feed]
    with Terminal(command, env=env, cwd=tmp_path, size=(100, 30), keep_output=True) as terminal:
        terminal.wait_for(re.compile(r"\b1 of \d+\b"), 60)
        settle(terminal, 0.5)
        show_all_screens(terminal, noted, WANTED)
        is_ascii(bytes(terminal.output_bytes))
        assert b"Cafe" in terminal.output_bytes  # nothing is lost of what has a letter in ASCII
    shown = set(noted.read_text().split())
    assert shown >= WANTED, f"never shown: {WANTED - shown}"


def test_the_line_mode(start: Start, feed: Path) -> None:
    terminal = start("--plain", feed, env=C)
    wait_prompt(terminal)
    lines = ("list", "show", "", "", "links", "w", "", "f", "topics", "folder", "type", "provider",
             "f problems", "show", "i", "help", "", "help p", "p", "log", "u")  # fmt: skip
    for line in lines:
        terminal.send(line.encode() + b"\r")
        wait_prompt(terminal)
    is_ascii(bytes(terminal.output_bytes))
    assert b"Cafe" in terminal.output_bytes


@pytest.mark.parametrize(
    "command",
    [
        ("list",),
        ("show", "_naïve/03-é.md"),
        ("topics",),
        ("views",),
        ("problems",),
        ("explain", "quality:>5 é"),
        ("links",),
        ("triage", "publish", "--where", "all", "--dry-run"),
        ("commit", "--dry-run"),
        ("doctor",),
        ("keys",),
        ("nosuchcommand-é",),
    ],
    ids=lambda command: command[0],
)
def test_a_command(start: Start, feed: Path, command: tuple[str, ...]) -> None:
    where = () if command[0] in ("doctor", "keys", "nosuchcommand-é") else ("-C", feed)
    terminal = start(*command, *where, env=C, cwd=feed)
    terminal.wait_exit(30)
    assert terminal.output_bytes or command[0] == "links"  # none was checked yet
    assert b"Traceback" not in terminal.output_bytes
    is_ascii(bytes(terminal.output_bytes))
