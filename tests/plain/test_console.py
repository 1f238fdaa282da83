"""Lines in and out."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.plain.console import LONGEST_PART, Console, in_ascii
from reader.records.text import clean_lines


class Terminal(io.StringIO):
    """Where somebody sits."""

    def isatty(self) -> bool:
        return True


def test_a_page_waits_to_be_asked_for_more() -> None:
    said = Terminal()
    console = Console(io.StringIO(), said)
    console.is_interactive = True
    console.page(str(number) for number in range(25))
    assert said.getvalue().split() == [*map(str, range(10)), "More:", "Enter."]
    console.more()
    console.more()
    assert not console.has_more
    assert said.getvalue().split()[-1] == "24"


def test_very_long_lines_come_in_pieces() -> None:
    said = io.StringIO()
    Console(io.StringIO(), said).page(["word " * 1000, "x" * 5000])
    lines = said.getvalue().splitlines()
    assert max(map(len, lines)) <= LONGEST_PART
    assert "".join(lines[-5:]) == "x" * 5000


@pytest.mark.parametrize(
    ("text", "said"),
    [("“café” – naïve…", '"cafe" - naive...'), ("日本", "??"), ("a·b → c", "a-b > c"), ("", "")],
)
def test_in_ascii(text: str, said: str) -> None:
    assert in_ascii(text) == said


@given(st.text(st.characters(), max_size=200))
def test_nothing_but_text_is_said(text: str) -> None:
    for ascii_only in (False, True):
        said = io.StringIO()
        console = Console(io.StringIO(), said, ascii_only=ascii_only)
        console.say(text)
        console.page([text])
        assert clean_lines(said.getvalue()) == said.getvalue()
        assert not ascii_only or said.getvalue().isascii()


def test_an_answer_is_asked_for_until_there_is_one() -> None:
    answers = {"y": "yes", "n": "no"}
    for typed, expected in (("y\n", "yes"), ("what\ny\n", "yes"), ("what\n", None), ("", None)):
        console = Console(Terminal(typed), io.StringIO())
        assert console.ask("Sure?", answers, instead="n.") == expected


def test_a_pipe_is_not_asked_and_its_next_line_stays_a_command() -> None:
    said = io.StringIO()
    console = Console(io.StringIO("y\n"), said)
    assert console.ask("Sure?", {"y": "yes"}, instead="be sure.") is None
    assert said.getvalue() == "A pipe is not asked “Sure?”: be sure.\n"
    assert console.read() == "y"
