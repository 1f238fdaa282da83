"""What is said of a link: one check, a history of them, and the user's own word."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.records.link_history import (
    CLEARING,
    DAY,
    GONE_DAYS,
    MAX_PAST,
    Override,
    Past,
    Said,
    failed_in_a_row,
    past_of,
    remembered,
    said_of,
)
from reader.records.verdicts import Check, Failure, Verdict

URL = "https://a.example/"
CHECKS = {
    "o": (Verdict.OK, None, 200),
    "m": (Verdict.MOVED, None, 301),
    "b": (Verdict.BLOCKED, None, 403),
    "g": (Verdict.GONE, None, 404),
    "s": (Verdict.SUSPECT, None, 200),
    "h": (Verdict.FAILING, Failure.HOST, None),
    "r": (Verdict.FAILING, Failure.REFUSED, None),
    "t": (Verdict.FAILING, Failure.TIMEOUT, None),
    "l": (Verdict.FAILING, Failure.TLS, None),
    "5": (Verdict.FAILING, Failure.SERVER, 503),
    "x": (Verdict.UNSAFE, None, None),
    "u": (Verdict.UNKNOWN, None, None),
}


def check(letter: str, at: float) -> Check:
    verdict, failure, status = CHECKS[letter]
    return Check(URL, verdict, "It was so.", at, status, failure)


def history(letters: str, every: float = DAY) -> tuple[Check, tuple[Past, ...]]:
    """Return the newest check and what is remembered; a space: a day without one."""
    past: tuple[Past, ...] = ()
    newest = None
    for at, letter in enumerate(letters):
        if letter != " ":
            newest = check(letter, at * every)
            past = remembered(past, newest)
    assert newest is not None
    return newest, past


def said(letters: str, every: float = DAY) -> Verdict:
    return said_of(*history(letters, every)).verdict


@pytest.mark.parametrize("letter", CHECKS)
def test_a_first_check_is_what_is_said(letter: str) -> None:
    assert said_of(*history(letter)) == Said(CHECKS[letter][0], "It was so.")


@pytest.mark.parametrize("letter", "hrtl")
def test_silence_on_three_days_is_gone(letter: str) -> None:
    assert said(letter) is Verdict.FAILING
    assert said(letter * 2) is Verdict.FAILING
    assert said(letter * 3) is Verdict.GONE
    assert said(f"oo{letter} {letter}  {letter}") is Verdict.GONE


def test_three_failures_on_one_day_are_not_gone() -> None:
    assert said("hhhhhhhh", every=600) is Verdict.FAILING
    assert said("hhhhhhhh", every=DAY / 4) is Verdict.FAILING
    assert said("hhhhhhhhh", every=DAY / 4) is Verdict.GONE


def test_other_failures_never_come_to_be_gone() -> None:
    assert said("5555555") is Verdict.FAILING
    assert said("hh5h") is Verdict.FAILING
    assert said("hh5hhh") is Verdict.GONE


@pytest.mark.parametrize(
    ("letters", "verdict"),
    [
        ("oh", Verdict.FAILING),
        ("ho", Verdict.FLAKY),
        ("hoh", Verdict.FLAKY),
        ("oho", Verdict.FLAKY),
        ("hoo", Verdict.OK),
        ("hom", Verdict.MOVED),
        ("hohoo", Verdict.OK),
        ("hoohh", Verdict.FAILING),
        ("hohhh", Verdict.GONE),
        ("hhho", Verdict.FLAKY),
        ("hhhoo", Verdict.OK),
        ("hb", Verdict.BLOCKED),
        ("hbh", Verdict.FLAKY),
        ("hbo", Verdict.OK),
        ("hg", Verdict.GONE),
        ("go", Verdict.OK),
        ("hs", Verdict.SUSPECT),
        ("5o", Verdict.FLAKY),
        ("o5", Verdict.FAILING),
    ],
)
def test_answers_in_between(letters: str, verdict: Verdict) -> None:
    assert said(letters) is verdict


def test_a_check_that_says_nothing_is_no_answer_and_no_failure() -> None:
    assert said("hhuh") is Verdict.GONE
    assert said("hhxh") is Verdict.GONE
    assert said("hx") is Verdict.UNSAFE
    assert [each.verdict for each in history("hu")[1]] == [Verdict.FAILING]


def test_the_reason_says_how_often() -> None:
    assert said_of(*history("hhh")).reason == "On 3 days nobody answered: it was so."
    assert said_of(*history("hoh")).reason == (
        "It answers now and then, 2 of 3 checks failed: it was so."
    )
    assert said_of(*history("hho")).reason == "It answers now, but 2 of the last 3 checks failed."
    assert failed_in_a_row(history("ohh")[1]) == 2
    assert failed_in_a_row(history("hho")[1]) == 0


# -- the user's word ------------------------------------------------------------------------------


def test_what_was_opened_works_until_a_check_finds_something_else() -> None:
    newest, past = history("bb")
    override = Override(2.5 * DAY, past[-1])
    assert said_of(newest, past, override) == Said(
        Verdict.OK, "You opened it and it worked; it was so.", 2.5 * DAY
    )
    for letter in "gohs5":
        other = check(letter, 3 * DAY)
        later = said_of(other, remembered(past, other), override)
        assert later.overridden_at is None
        assert later.verdict is CHECKS[letter][0]
    again = check("b", 3 * DAY)
    assert said_of(again, remembered(past, again), override).verdict is Verdict.OK


# -- whatever happens ---------------------------------------------------------------------------


_LETTERS = st.text(alphabet="".join(CHECKS), min_size=1, max_size=80)
_GAPS = st.sampled_from([60.0, DAY / 5, DAY / 2, DAY, 3 * DAY])


@given(_LETTERS, _GAPS)
def test_the_past_is_bounded_and_in_order(letters: str, every: float) -> None:
    newest, past = history(letters, every)
    assert len(past) <= MAX_PAST
    assert all(before.at < after.at for before, after in pairwise(past))
    if newest.verdict is not Verdict.UNKNOWN:
        assert past[-1] == past_of(newest)


@given(_LETTERS, _GAPS)
def test_bounding_the_past_changes_nothing_about_being_gone(letters: str, every: float) -> None:
    newest, past = history(letters, every)
    everything = [
        past_of(check(letter, at * every)) for at, letter in enumerate(letters) if letter != "u"
    ]
    whole = said_of(newest, everything).verdict
    assert (said_of(newest, past).verdict is Verdict.GONE) == (whole is Verdict.GONE)


@given(_LETTERS, _GAPS)
def test_verdicts_follow_from_the_rules(letters: str, every: float) -> None:
    newest, past = history(letters, every)
    verdict = said_of(newest, past).verdict
    telling = [each for each in past if each.verdict not in (Verdict.UNKNOWN, Verdict.UNSAFE)]
    if newest.verdict in (Verdict.UNKNOWN, Verdict.UNSAFE) or (
        len(telling) >= CLEARING and all(each.is_answer for each in telling[-CLEARING:])
    ):
        assert verdict is newest.verdict
    elif verdict is Verdict.GONE and newest.verdict is Verdict.FAILING:
        silent = [each for each in telling if each.is_silence]
        assert len({each.day for each in silent}) >= GONE_DAYS
    elif verdict is Verdict.FLAKY:
        assert any(each.is_failing for each in telling)
        assert any(each.is_answer for each in telling)
    else:
        assert verdict is newest.verdict
