"""Text from files that tries to drive the terminal: none of it arrives there as more than text."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from tests.terminal.conftest import Start
from tests.terminal.terminal import Terminal

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
ATTACK = (
    "\x1b]0;PWNED\x07\x1b]52;c;UFdORUQ=\x07\x1b[5;7;35m\x1b[2J\x1b[777;1H\x1bP+qPWNED\x1b\\"
    "\x9b5;7;35m\x9d0;PWNED\x9c\x90PWNED\x9c\x07\x08\x7f\x0e" + BIDI
)
QUOTED = "".join(f"\\U{ord(character):08x}" for character in ATTACK)
"""The same as YAML's double quotes take it."""
BLINKING = "[blink]not markup[/blink][link='x']"


def hostile_record() -> bytes:
    """A record every field of which attacks, each with a word of its own to find it by."""

    def field(word: str) -> str:
        return f'"{word}{QUOTED}{BLINKING}"'

    return f"""---
category: {field("Acategory")}
title: {field("Atitle")}
excerpt: {field("Aexcerpt")}
publishedDateTime: 2026-06-30T10:00:00Z
webUrl: "https://example.com/Aweb{QUOTED}"
originalUrl: "https://example.com/Aoriginal{QUOTED}"
ampWebUrl: "https://example.com/Aamp{QUOTED}"
cdnAmpWebUrl: "https://example.com/Acdn{QUOTED}"
type: {field("Atype")}
quality: 5
price: {field("Aprice")}
levels: [{field("Alevel")}]
provider: {{name: {field("Aprovider")}, domain: {field("Adomain")}, authors: [{field("Aauthor")}]}}
topics: [{field("Atopic")}]
images: [{{url: "https://example.com/Aimage{QUOTED}", width: 1, height: 1, title: {field("Ai")}}}]
actions: [{{url: "https://example.com/Aaction{QUOTED}", type: enrol, title: {field("Aact")}}}]
related:
  - {{title: {field("Arelated")}, excerpt: {field("Arx")}, webUrl: "https://example.com/r{QUOTED}"}}
featuredContent: "<p>Afeatured{QUOTED}&#27;[5;7;35m&#x9b;5m&#x202e;</p>"
{field("Akey")}: {field("Avalue")}
---
# Abody

Text {ATTACK} `code {ATTACK}` [link{ATTACK}](https://example.com/{ATTACK}) &#27;[5;7;35m {BLINKING}
""".encode()


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder with that record, its name an attack too, and a broken file of the same kind."""
    folder = tmp_path / "hostile"
    below = folder / "_news\x1b[5;7;35m\u202e"
    below.mkdir(parents=True)
    (below / "a\x1b]0;PWNED\x07\x9b5m.md").write_bytes(hostile_record())
    (below / "b\x1b]0;PWNED\x07.md").write_bytes(b'---\ntitle: "\x1b]0;PWNED\x07\n: [\n---\n')
    return folder


def assert_harmless(terminal: Terminal) -> None:
    """No byte sent to the terminal is one of the attack's own."""
    sent = terminal.output_bytes.decode()
    assert "\x1b]0;PWNED" not in sent
    assert "\x1b]52;" not in sent
    assert "\x1b[5;7;35m" not in sent
    assert "\x1b[777;1H" not in sent
    assert "\x1bP+q" not in sent
    assert not set(BIDI) & set(sent)
    controls = {character for character in sent if unicodedata.category(character) == "Cc"}
    assert controls <= {"\x1b", "\r", "\n", "\t", "\x08", "\x0e", "\x0f"} | _bells(sent)
    assert not re.search(r"[\x80-\x9f]", sent)


def _bells(sent: str) -> set[str]:
    """BEL is allowed where it ends an OSC of the program's own, and nowhere else."""
    rest = re.sub(r"\x1b\][0-9]+;[^\x07\x1b]*\x07", "", sent)
    return set() if "\x07" in rest else {"\x07"}


def test_nothing_of_a_file_drives_the_interface(start: Start, hostile: Path) -> None:
    terminal = start(hostile, size=(160, 50))
    terminal.wait_for("Atitle")
    terminal.wait_for("Aexcerpt")
    terminal.wait_quiet(0.3)
    seen = terminal.text
    for key in ("enter", "pagedown", "pagedown", "pagedown", "1", "backspace", "w", "pagedown"):
        terminal.begin()
        terminal.press(key)
        terminal.wait_quiet(0.2, first=0.5)
        seen += terminal.text
    for word in ("Aprovider", "Atopic", "Aweb", "Aimage", "Arelated", "Afeatured", "Abody"):
        assert word in seen, f"{word} was never shown: the test has lost its subject"
    assert "Atitle" in seen
    assert_harmless(terminal)


def test_the_problem_of_a_hostile_file_is_shown_harmlessly(start: Start, hostile: Path) -> None:
    terminal = start(hostile, size=(160, 50))
    terminal.wait_for("Atitle")
    terminal.press("G")
    terminal.wait_quiet(0.3)
    terminal.press("w")
    terminal.wait_quiet(0.3)
    assert_harmless(terminal)


@pytest.mark.parametrize(
    "arguments",
    [("list",), ("list", "--json"), ("show", "Atitle"), ("topics",), ("problems",)],
    ids=" ".join,
)
def test_nothing_of_a_file_drives_the_terminal_from_a_command(
    start: Start, hostile: Path, arguments: tuple[str, ...]
) -> None:
    if arguments[0] == "show":
        file = next(path for path in hostile.rglob("*.md") if path.name.startswith("a"))
        terminal = start("show", file)
    else:
        terminal = start(arguments[0], hostile, *arguments[1:])
    assert terminal.wait_exit() in (0, 1)
    words = {"topics": "Atopic", "problems": "PWNED"}
    assert words.get(arguments[0], "Atitle") in terminal.output_bytes.decode()
    assert_harmless(terminal)


def test_the_check_notices_text_that_is_passed_on_raw(hostile: Path) -> None:
    with Terminal(["cat", *hostile.rglob("a*.md")], keep_output=True) as terminal:
        terminal.wait_exit()
        with pytest.raises(AssertionError):
            assert_harmless(terminal)
