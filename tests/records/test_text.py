"""The one door: nothing that a terminal acts on comes through."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.records.text import (
    MAX_MARKS,
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
        ("x" + "".join(map(chr, range(0xE0100, 0xE01F0))), "x"),  # bytes hidden in selectors
        ("🙂" + "\ufe0f\U000e0101" * 100, "🙂\ufe0f"),
        ("葛\U000e0100", "葛\U000e0100"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
        ("a\u034fb\u115fc\u1160d\u17b4e\u3164f\uffa0g\u180eh", "abcdefgh"),
        ("a\u2800b", "a b"),
        ("\u0338x", "x"),  # it would strike through what stands before the text
        ("क" + "\u094d\u200d" * 500, "क\u094d\u200d\u094d\u200d\u094d\u200d\u094d"),
        ("👨" + "\u200d👩" * 10, "👨" + "\u200d👩" * 8 + "👩\u200d👩"),
        ("ᄀ" + "\u1161" * 100, "ᄀ" + "\u1161" * 4),
        ("한국어", "한국어"),
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


SHOWN = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe",
         "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Cn"}  # fmt: skip
TRICKY = st.text(
    st.sampled_from(
        "aक葛ᠠ👨ᄀم1 \n\u0301\u0338\u094d\u20e3\u1161\u200b\u200c\u200d\ufe0e\ufe0f\U000e0101\u180b"
        "\u180f\u034f\u3164\u2800\u202e\u2066\U000e0041\ud800\udc80\x1b\x9b\u2028"
    ),
    max_size=60,
)


@given(TRICKY)
@settings(deadline=None, max_examples=500)
def test_nothing_hides_in_clean_text(text: str) -> None:
    for whole in (clean(text), clean_lines(text)):
        assert clean_lines(whole) == whole
        for shown in whole.split("\n"):
            on_one = 0  # what stands in the cell of one letter, without a cell of its own
            for at, character in enumerate(shown):
                if (
                    unicodedata.category(character) in ("Mn", "Me")
                    or "\u1160" <= character <= "\u11ff"
                ):
                    on_one += 1
                    assert at, "a mark without a letter"
                elif character not in "\u200c\u200d":
                    on_one = 0
                assert on_one <= MAX_MARKS
            assert not re.search("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u180b-\u180f]{2}", shown)
            assert not re.search("[\u200c\u200d]{2}|^[\u200c\u200d]|[\u200c\u200d]$", shown)
            assert not set("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800") & set(shown)


def test_every_character_in_numbers_is_bounded() -> None:
    for start in (*range(0, 0x20000, 0x2000), 0xE0000):  # the planes between hold ideographs only
        shown = clean_lines("\n".join("x" + chr(start + each) * 9 for each in range(0x2000)))
        assert clean_lines(shown) == shown
        assert set(map(unicodedata.category, shown.replace("\n", ""))) <= SHOWN
        for line in shown.split("\n"):
            if not line.isascii():
                marks = sum(unicodedata.category(each) in ("Mn", "Me") for each in line)
                assert marks <= MAX_MARKS


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
