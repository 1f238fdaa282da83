"""Finding in a real terminal: a query is typed, and the screen says what it finds."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest

from tests.terminal.conftest import Start

RECORD = """---
title: "{title}"
publishedDateTime: 2026-01-{day:02}T10:00:00Z
webUrl: "https://harbour.example/{day}"
quality: {day}
published: {published}
topics:
  - {topic}
---
"""
TITLES = (
    "The bakery opens",
    "A café by the quay",
    "Tides explained",
    "Bread from rye",
    "The last tide",
)


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    """Five records; two of them are about bread."""
    folder = tmp_path / "harbour"
    folder.mkdir()
    for day, title in enumerate(TITLES, 1):
        topic = "Bread" if "B" in title or "bakery" in title else "Tides"
        text = RECORD.format(title=title, day=day, topic=topic, published=str(day > 2).lower())
        (folder / f"{day}.md").write_text(text)
    return folder


@pytest.mark.parametrize("size", [(80, 24), (40, 20)])
def test_a_query_is_typed_and_the_screen_shows_what_it_finds(
    start: Start, harbour: Path, size: tuple[int, int]
) -> None:
    terminal = start(harbour, size=size)
    terminal.wait_for(re.compile(r"\b1 of 5\b"))
    terminal.press("/", *"cafe")
    terminal.wait_for(re.compile(r"^ / cafe +1 *$", re.MULTILINE))
    assert "A café by the quay" in terminal.text
    assert "The last tide" not in terminal.text
    terminal.press("escape")
    terminal.wait_for("? help")  # no line is typed into any more
    terminal.wait_for(re.compile(r"\b1 of 5\b"))
    terminal.press("/", *"topic:bre", "tab")
    terminal.wait_for(re.compile(r"^ / topic:Bread +2 *$", re.MULTILINE))
    terminal.press("enter")
    terminal.wait_for(re.compile(r"\b[12] of 2\b"))
    assert " / topic:Bread" in terminal.text
    terminal.press("S", "t")
    terminal.wait_for("title ↑")
    terminal.press("F")
    terminal.wait_for(re.compile(r"\b\d of 5\b"))
    terminal.press("/", *"topik:x")
    terminal.wait_for("^^^^^")
    terminal.wait_for(re.compile(r"there is no field topik: did you\s+mean\s+topic\?"))
    terminal.press("escape")
    terminal.wait_for("? help")
    terminal.press("q")
    assert terminal.wait_exit() == 0


def is_written(path: Path, text: str) -> bool:
    return path.read_text() == text


def test_a_decision_in_the_same_write_is_about_what_the_query_finds(
    start: Start, harbour: Path
) -> None:
    wanted = {path: path.read_text() for path in harbour.iterdir()}
    terminal = start(harbour)
    terminal.wait_for(re.compile(r"\b1 of 5\b"))
    terminal.wait_quiet(0.5)
    for number, word, key, said in (
        (2, "quay", "p", "Published: “A café by the quay”"),
        (4, "rye", "d", "Rejected: “Bread from rye”"),
        (1, "bakery", "p", "Published: “The bakery opens”"),
    ):
        terminal.send(f"/\x15{word}\r{key}".encode())  # Ctrl+U: without the word before
        terminal.wait_for(said)
        path = harbour / f"{number}.md"
        if key == "p":
            wanted[path] = wanted[path].replace("published: false", "published: true")
        else:
            rejected = "removed: true\npublished: false"
            wanted[path] = wanted[path].replace("published: true", rejected)
        # Keys that come sooner may be of a pasted text.
        terminal.until(partial(is_written, path, wanted[path]))
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert {path: path.read_text() for path in harbour.iterdir()} == wanted


def test_what_is_typed_at_once_is_answered_in_its_order(start: Start, harbour: Path) -> None:
    terminal = start(harbour)
    terminal.press("/", *"tide", "enter", "j")  # the program has not begun
    terminal.wait_for(re.compile(r"\b2 of 3\b"))
    terminal.wait_for(re.compile(r"^ / tide .*clears", re.MULTILINE))
    terminal.press("/", "up", "escape", "/", "ctrl+u", *"bread", "enter", "/", "up", "up", " ", "x")
    terminal.wait_for(re.compile(r"^ / tide x", re.MULTILINE))
    terminal.press("ctrl+u", *"topi", "tab", *"Br", "tab", "enter", "j")
    terminal.wait_for(re.compile(r"\b2 of 2\b"))
    terminal.wait_for(" / topic:Bread")
    terminal.wait_for("? help")


def test_keys_right_after_esc_are_keys(start: Start, harbour: Path) -> None:
    terminal = start(harbour)
    terminal.wait_for(re.compile(r"\b1 of 5\b"))
    terminal.press("?", "escape", "j", "?", "escape", "down", "/", "x", "escape", "j")  # one write
    terminal.wait_for(re.compile(r"\b4 of 5\b"))
    terminal.wait_for("? help")
    for piece in (b"\x1b", b"[A"):  # one key, cut
        terminal.send(piece)
        terminal.pump(0.01)
    terminal.wait_for(re.compile(r"\b3 of 5\b"))
    terminal.press("?")
    terminal.wait_for("KEYS")
    terminal.press("escape")
    terminal.pump(0.02)
    terminal.press("k")
    terminal.wait_for(re.compile(r"\b2 of 5\b"))
    terminal.wait_for("? help")
