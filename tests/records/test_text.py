"""The one door: nothing that a terminal acts on comes through."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.records.text import (
    clean,
    clean_lines,
    display,
    display_lines,
    encodable,
    fold,
    repair,
)

ALL = st.text(st.characters(), max_size=200)  # lone surrogates too


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("café 日本 🙂", "café 日本 🙂"),
        ("a\tb\nc\r\nd", "a b c d"),
        ("\x1b[31mred", "␛[31mred"),
        ("\x07\x7f", "␇␡"),
        ("\x9b31m", "\\x9b31m"),
        ("a\u202eb\u2066c\u200bd\u200ee\ufefff\u00adg", "abcdefg"),
        ("\U000e0041x", "x"),
        ("a\u2028b\u2029c\u0085d", "a b c d"),
        ("\ud800", "\\ud800"),
        ("\ue000", "\ufffd"),
        ("a\u00a0b", "a b"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("pass\u200dword", "password"),
        ("e" + "\u0301" * 50, "e" + "\u0301" * 4),
        ("❤\ufe0f", "❤\ufe0f"),
        ("[red]markup[/]", "[red]markup[/]"),
    ],
)
def test_clean(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(ALL)
def test_clean_text_holds_nothing_a_terminal_acts_on(text: str) -> None:
    for shown in (clean(text), *clean_lines(text).split("\n")):
        for character in shown:
            category = unicodedata.category(character)
            assert category not in ("Cc", "Cs", "Co", "Zl", "Zp")
            # A picture or an ideograph newer than this Python's tables is shown.
            assert category != "Cn" or 0x1F000 <= ord(character) < 0x3FFFE
            assert category != "Cf" or character in "\u200c\u200d"
        assert len(shown) <= 6 * len(text)


@given(ALL)
@settings(deadline=None)  # the first suspicious text imports ftfy
def test_clean_is_at_rest(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert display(text).encode().decode() == display(text)


def test_clean_lines_keeps_the_lines() -> None:
    assert clean_lines("a\r\nb\rc\u2028d\n\x1be") == "a\nb\nc\nd\n␛e"


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("US governmentâ€™s tracking", "US government’s tracking"),
        ("cafÃ©", "café"),
        ("naïve café", "naïve café"),
        ("“quoted” – fine…", "“quoted” – fine…"),
        ("Â© 2020", "© 2020"),
    ],
)
def test_repair(text: str, mended: str) -> None:
    assert repair(text) == mended
    assert display_lines(text) == mended


def test_long_words_take_no_time() -> None:
    start = time.perf_counter()
    clean("x" * 200_000 + "\x1b")
    display("Ã©" * 100_000)
    assert time.perf_counter() - start < 5


@given(ALL)
def test_encodable_can_be_encoded(text: str) -> None:
    assert encodable(text).encode().decode() == encodable(text)


def test_fold_makes_spellings_one() -> None:
    assert fold("  Power   APPS ") == fold("power apps") == "power apps"
