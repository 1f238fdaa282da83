"""What a pattern needs a text to hold: never more than it does."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reader.records.querying.literals import Need, Needs, of_regex, of_words, stays_in_a_line
from reader.records.querying.patterns import PatternError, compiled, folded, word_pattern


def both(*parts: Need) -> Needs:
    return Needs(parts, True)


def any_of(*parts: Need) -> Needs:
    return Needs(parts, False)


@pytest.mark.parametrize(
    ("pattern", "need"),
    [
        ("power", "power"),
        ("Pôwer", "power"),
        ("ab", None),
        ("pow.r apps", both("pow", "r apps")),
        ("powers?", "power"),
        ("powers*x", "power"),
        ("powers+x", "powers"),
        ("power{0,3}", "powe"),
        ("power{2}x", "power"),
        ("po{1}wer", "wer"),
        ("a{,3}bcd", "a{,3}bcd"),
        ("power|github", any_of("power", "github")),
        ("power|ab", None),
        ("(power|github) apps", both(any_of("power", "github"), " apps")),
        ("(power|github)? apps", " apps"),
        ("(?:power)+x", "power"),
        ("(?P<n>power)", "power"),
        ("(?i)power", "power"),
        ("(?i:power)abc", both("power", "abc")),
        (r"pow\.er\/", "pow.er/"),
        (r"foo\wbar\pLbaz\p{Greek}qux", both("foo", "bar", "baz", "qux")),
        (r"foo\x41bar\x{1F600}baz", both("foo", "bar", "baz")),
        ("foo[^]a]bar[[:alpha:]\\]]baz", both("foo", "bar", "baz")),
        ("^power$", "power"),
        (r"\Qa*b\E", None),
        ("((((((((((((power))))))))))))", None),
        ("power+?", "powe"),
        ("Straße", "strasse"),
        (".*", None),
    ],
)
def test_what_is_needed(pattern: str, need: Need | None) -> None:
    compiled(pattern)
    assert of_regex(pattern) == need


def test_words() -> None:
    assert of_words(("", "Flöw")) == "flow"
    assert of_words(("po", "r")) is None
    assert of_words(("pow", "apps de", "low-code")) == both("pow", "apps", "low-code")


def held(need: Need | None, text: str) -> bool:
    if need is None:
        return True
    if isinstance(need, str):
        return need in text
    return (all if need.every else any)(held(part, text) for part in need.parts)


_atom = st.sampled_from(
    ["a", "b", "c", "ab", "abc", "É", "ß", "K", "ſ", "İ", "ǆ", "Σ", "ς", "ﬁ", " ", r"\.", r"\|", r"\w", r"\d",
     r"\pL", r"\p{Lu}", r"\x61", r"\x{e9}", r"\141", ".", "[ab]", "[^c]", "[]a]", r"[\]a]", "[[:alpha:]]",
     r"\b", "^", "$", "(?i)", "(?s-m)", r"\n", "{", "}", "]", "-", '"', "'"]
)  # fmt: skip
_times = st.sampled_from(["", "", "", "?", "*", "+", "{0}", "{1,2}", "{0,1}", "{2}", "{1,}", "+?", "*?", "??", "{,2}"])  # fmt: skip
_regex = st.recursive(
    st.tuples(_atom, _times).map("".join),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map("".join),
        st.tuples(inner, inner).map("|".join),
        st.tuples(st.sampled_from(["(", "(?:", "(?i:", "(?P<x>"]), inner, _times).map(
            lambda parts: f"{parts[0]}{parts[1]}){parts[2]}"
        ),
    ),
    max_leaves=8,
)
_text = st.text(st.sampled_from("aAbBcCéÉßKkſsıİiǆσΣςf. |\n{}]-\"'1"), max_size=14).map(folded)


@settings(max_examples=500, deadline=None)
@given(_regex, st.lists(_text, min_size=8, max_size=8))
@example("(?i)|abc", ["x"] * 8)
@example("abc(?i)|x", ["x"] * 8)
@example("(abc)(?i)?", ["x"] * 8)
@example("abc(?i)(?s){0}", ["ab"] * 8)
def test_whatever_matches_holds_what_is_needed(pattern: str, texts: list[str]) -> None:
    try:
        search = compiled(pattern)
    except PatternError:
        return
    need = of_regex(pattern)
    for text in texts:
        if search(text):
            assert held(need, text), (pattern, need, text)


@settings(max_examples=500, deadline=None)
@given(_regex, st.lists(_text, min_size=2, max_size=5))
@example("(x|^$)", ["a", ""])
@example("a.b", ["a", "b"])
@example("^b$", ["a\nb", "c"])
def test_what_stays_in_a_line_is_found_in_one_text_below_another(
    pattern: str, texts: list[str]
) -> None:
    try:
        search = compiled(pattern)
    except PatternError:
        return
    if stays_in_a_line(pattern):
        assert search("\n".join(texts)) == any(map(search, texts)), (pattern, texts)


@pytest.mark.parametrize("pattern", [r"a\sb", "a[^b]c", "(?s)a.b", r"\Aa", r"a\z", "a\nb", r"\W", r"\x0a", r"\pC",
                                     r"a[\n]b", "(?P<n>a)", r"\012", "[[:space:]]"])  # fmt: skip
def test_what_may_hold_the_end_of_a_line(pattern: str) -> None:
    assert not stays_in_a_line(pattern)


@pytest.mark.parametrize(
    "pattern", ["pow.r", "g.rd[ae]n", "^a (b|c)+$", r"\bw\w*\d{2,3}", r"a\.b", "(?:é)?"]
)
def test_what_does_not(pattern: str) -> None:
    assert stays_in_a_line(pattern)


def test_a_text_is_found_as_its_bytes() -> None:
    for pattern in ("caf.", "é", "^x$", "日"):
        for text in ("un cafe", "café", "x\ny", "日本", ""):
            assert compiled(pattern)(text) == compiled(pattern)(text.encode())


_piece = st.text(st.sampled_from("abcABÉ -.\"'*"), max_size=5)


@settings(max_examples=300, deadline=None)
@given(st.lists(_piece, min_size=2, max_size=4), st.lists(_text, min_size=5, max_size=5))
def test_whatever_has_the_words_holds_what_is_needed(pieces: list[str], texts: list[str]) -> None:
    search = compiled(word_pattern(tuple(pieces)))
    for text in texts:
        if search(text):
            assert held(of_words(tuple(pieces)), text)


@given(st.text())
def test_any_text_can_be_looked_at(pattern: str) -> None:
    try:
        search = compiled(pattern)
    except PatternError:
        return
    need = of_regex(pattern)
    if search(folded(pattern)):  # many a text is a pattern for itself
        assert held(need, folded(pattern))
