"""Keys from what a terminal sends, however it is cut into reads."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import constants, events
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.message import Message

from reader.ui.output.key_parser import KeyParser

LATER = constants.ESCAPE_DELAY * 2
SENT = {
    "\x1b[A": "up",
    "\x1bOB": "down",
    "\x1b[1;3A": "alt+up",
    "\x1b[3~": "delete",
    "\x1b[Z": "shift+tab",
    "\x1b\t": "shift+tab",
    "\x1b\x7f": "ctrl+w",
    "\x1bOP": "f1",
    "\x1b[17~": "f6",
    "\x1b[106;3u": "alt+j",
    "\x1b[27u": "escape",
    "\x1b[I": "AppFocus",
    "\x1b[<0;5;6M": "MouseDown",
    "\x1b[200~one\x1btwo\x1bO\x1b[A\r\x1b[201~": "Paste",
    "\x1b[200~\x1b[201~": "Paste",
    "\x1bj": "alt+j j",
    "\x1bd": "alt+d d",
    "\x1bb": "alt+b b",
    "\x1bA": "alt+A A",
    "\x1b?": "alt+question_mark ?",
    "\x1b<": "alt+less_than_sign <",
    "\x1b1": "alt+1 1",
    "\x1bé": "alt+é é",
    "\x1b\r": "alt+enter \r",
    "\x1b\x01": "alt+ctrl+a \x01",
    "\x1b_": "alt+underscore _",
    "j": "j j",
    "A": "A A",
    "\r": "enter \r",
    "\t": "tab \t",
}
"""What is sent, and what it is; with the character, where it is Esc and a key, or a key alone."""


def name_of(message: Message) -> str:
    if not isinstance(message, events.Key):
        return type(message).__name__
    is_one = message.character is not None and message.key not in ("escape", "shift+tab", "ctrl+w")
    return f"{message.key} {message.character}" if is_one else message.key


def read(*pieces: str) -> list[Message]:
    """What comes of reads that follow each other at once, without any wait after them."""
    parser = KeyParser()
    return [message for piece in pieces for message in parser.feed(piece)]


def cut(text: str, places: set[int]) -> list[str]:
    ends = [0, *sorted(place for place in places if place < len(text)), len(text)]
    return [text[start:end] for start, end in pairwise(ends)]


def waited(parser: XTermParser, monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """What comes when nothing more is read for a while."""
    with monkeypatch.context() as patch:
        now = get_time()
        patch.setattr("reader.ui.output.key_parser.time.monotonic", lambda: now + LATER)
        patch.setattr("textual._parser.get_time", lambda: now + LATER)
        return list(parser.tick())


@given(st.lists(st.sampled_from(sorted(SENT)), max_size=8), st.sets(st.integers(0, 60)))
def test_keys_are_the_same_however_they_are_cut(sent: list[str], cuts: set[int]) -> None:
    text = "".join(sent)
    assert [name_of(message) for message in read(*cut(text, cuts))] == [SENT[each] for each in sent]


@pytest.mark.parametrize("sent", sorted(SENT))
def test_esc_before_it_is_esc(sent: str) -> None:
    found = [name_of(message) for message in read("\x1b" + sent)]
    wanted = SENT[sent]
    if sent[0] == "\x1b":
        assert found == ["escape", wanted]
    elif sent == "\t":
        assert found == ["shift+tab"]
    else:
        assert found == [f"alt+{wanted}"]


@given(st.text("\x1bOPj[]_\r\x01é1~AM<;0u", max_size=12), st.sets(st.integers(1, 11)))
def test_nothing_depends_on_cuts(text: str, cuts: set[int]) -> None:
    assert [*map(name_of, read(*cut(text, cuts)))] == [*map(name_of, read(text))]


@pytest.mark.parametrize(
    ("pieces", "at_once", "after"),
    [
        (["\x1b"], [], ["escape"]),
        (["\x1b", "\x1b"], ["escape"], ["escape"]),
        (["\x1bO"], [], ["alt+O O"]),
        (["\x1b", "P"], [], ["alt+P P"]),
        (["\x1bO", "\x1b[A"], ["alt+O O", "up"], []),
        (["\x1bO\r"], ["alt+O O", "enter \r"], []),
        (["\x1bPj"], ["alt+P P", "j j"], []),
        (["\x1b]j"], ["alt+right_square_bracket ]", "j j"], []),
        (["\x1b[\x1bj"], ["alt+left_square_bracket [", "alt+j j"], []),
        (["\x1b", "j\x1b", "[A"], ["alt+j j", "up"], []),
    ],
)
def test_esc_waits_only_for_what_may_follow(
    pieces: list[str], at_once: list[str], after: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    parser = KeyParser()
    found = [name_of(message) for piece in pieces for message in parser.feed(piece)]
    assert found == at_once
    assert [*map(name_of, waited(parser, monkeypatch))] == after
    assert not waited(parser, monkeypatch)


def test_what_is_pasted_is_whole_and_keys_go_on_after_it() -> None:
    text = "one\x1bj two\x1b[Athree \x1b[20"
    pasted, *rest = read("\x1b[200~" + text + "\x1b[201~\x1bj")
    assert isinstance(pasted, events.Paste)
    assert pasted.text == text
    assert [*map(name_of, rest)] == ["alt+j j"]


def test_a_sequence_that_breaks_off_takes_no_key_with_it() -> None:
    found = [name_of(message) for message in read("\x1b[12\x1bj\x1b[A")]
    assert found[-2:] == ["alt+j j", "up"]
