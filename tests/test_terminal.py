"""What a terminal answers is told from what is typed; what the environment tells of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.terminal.answers import Answers
from reader.terminal.surroundings import look_around

ANSWERS = [
    "\x1b[?62;22c",
    "\x1b[?6c",
    "\x1b[>1;10;0c",
    "\x1b[?0u",
    "\x1b[?2026;2$y",
    "\x1b[12;40R",
    "\x1bP>|XTerm(370)\x1b\\",
    "\x1bP>|tmux 3.4\x07",
    "\x1bP!|00000000\x1b\\",
    "\x1bP1$r0m\x1b\\",
    "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
    "\x1b]10;rgb:ffff/ffff/ffff\x07",
]
KEYS = [
    "j",
    "\x1b[A",
    "\x1bOB",
    "é",
    "\x1b[<0;3;4M",
    "\x1b[27u",
    "\x1b[200~x\x1b[201~",
    "\r",
    "\x1b[I",
]


@given(
    st.lists(st.one_of(st.sampled_from(ANSWERS), st.sampled_from(KEYS)), max_size=12),
    st.lists(st.integers(1, 6), max_size=60),
)
def test_answers_are_taken_out_wherever_the_pieces_end(parts: list[str], cuts: list[int]) -> None:
    whole = "".join(parts)
    answers = Answers()
    got, at = "", 0
    for cut in [*cuts, len(whole) or 1]:
        got += answers.feed(whole[at : at + cut])
        at += cut
    got += answers.release()
    assert got == "".join(part for part in parts if part in KEYS)
    assert (answers.attributes is not None) == any(re.match(r"\x1b\[\?[\d;]*c", p) for p in parts)
    assert len(answers.places) == parts.count("\x1b[12;40R")


@given(st.text(max_size=40), st.text("\x1b[]P?>;$0123456789cRuy\\|", max_size=40))
def test_nothing_that_is_typed_is_lost_while_nothing_is_asked(typed: str, odd: str) -> None:
    answers = Answers(expected=False)
    data = typed + odd
    got = answers.feed(data) + answers.release()
    assert got == data or any(char in data for char in "\x1b")
    assert Answers(expected=False).feed("\x1b[1;2R") == "\x1b[1;2R"  # F3 with Shift


def test_a_name_is_kept_without_what_could_disturb() -> None:
    answers = Answers()
    answers.feed("\x1bP>|XTerm\x01\u202e(370)\x1b\\\x1b[?62c")
    assert answers.name == "XTerm(370)"
    assert answers.attributes == "62"


@pytest.mark.parametrize(
    ("environ", "remote", "inside", "links", "erases"),
    [
        ({"TERM": "xterm-256color"}, "", "", False, True),
        ({"TERM": "xterm-256color", "SSH_TTY": "/dev/pts/1"}, "ssh", "", False, True),
        ({"TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1"}, "", "", True, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7006"}, "", "", True, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "4600"}, "", "", False, True),
        (
            {
                "TERM": "screen-256color",
                "TMUX": "/tmp/x,1,0",
                "TERM_PROGRAM": "tmux",
                "TERM_PROGRAM_VERSION": "3.4",
            },
            "",
            "tmux",
            True,
            True,
        ),
        (
            {
                "TERM": "tmux-256color",
                "TMUX": "/tmp/x,1,0",
                "TERM_PROGRAM": "tmux",
                "TERM_PROGRAM_VERSION": "3.3a",
            },
            "",
            "tmux",
            False,
            True,
        ),
        ({"TERM": "screen", "STY": "1.pts"}, "", "screen", False, False),
        ({"TERM": "linux"}, "", "", False, True),
        ({"TERM": "vt100"}, "", "", False, False),
        ({"TERM": "dumb"}, "", "", False, False),
        ({}, "", "", False, False),
    ],
)
def test_what_the_environment_tells(
    environ: dict[str, str], remote: str, inside: str, links: bool, erases: bool
) -> None:
    around = look_around(environ)
    assert around.remote == remote
    assert around.inside == inside
    assert around.understands_links() is links
    assert around.erases_in_colour is erases
    assert around.is_old == (environ.get("TERM") in ("vt100", "dumb"))


@pytest.mark.parametrize(
    ("ancestors", "inside"),
    [
        (["sh", "screen", "screen", "sh", "tmux: server"], "screen"),
        (["bash", "tmux: server", "sh", "SCREEN", "sshd"], "tmux"),
        ([], "tmux"),
    ],
)
def test_one_inside_the_other(
    ancestors: list[str], inside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMUX", "/tmp/x,1,0")
    monkeypatch.setenv("STY", "1.pts")
    monkeypatch.setattr("reader.terminal.surroundings._ancestors", lambda: ancestors)
    assert look_around().inside == inside


def test_what_the_terminal_calls_itself_counts_more() -> None:
    around = look_around({"TERM": "xterm-256color", "SSH_TTY": "/dev/pts/1"})
    assert around.understands_links("WezTerm 20240203")
    assert around.understands_links("tmux 3.4")
    assert not around.understands_links("tmux 3.3a")
    assert not around.understands_links("XTerm(370)")
