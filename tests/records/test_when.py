"""Moments to come, as people name them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.records.when import (
    CHOICES,
    NO_SUCH_DAY,
    NO_SUCH_TIME,
    NOT_UNDERSTOOD,
    PAST,
    TOO_FAR,
    When,
    Wrong,
    parse_when,
    say_when,
)

ZONE = timezone(timedelta(hours=2))
NOW = datetime(2026, 11, 23, 18, 30, tzinfo=ZONE)  # a Monday


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("today 19:00", "2026-11-23 19:00"),
        ("tomorrow", "2026-11-24 06:00"),
        ("  ToMorrow ", "2026-11-24 06:00"),
        ("tomorrow 14:30", "2026-11-24 14:30"),
        ("tomorrow at 7:05", "2026-11-24 07:05"),
        ("in 3 days", "2026-11-26 06:00"),
        ("3d", "2026-11-26 06:00"),
        ("3 d", "2026-11-26 06:00"),
        ("3   days", "2026-11-26 06:00"),
        ("1 day", "2026-11-24 06:00"),
        ("in3days 9:00", "2026-11-26 09:00"),
        ("2 weeks", "2026-12-07 06:00"),
        ("2w", "2026-12-07 06:00"),
        ("a week", "2026-11-30 06:00"),
        ("in a month", "2026-12-23 06:00"),
        ("1 month", "2026-12-23 06:00"),
        ("14 months", "2028-01-23 06:00"),
        ("monday", "2026-11-30 06:00"),  # never today
        ("mon", "2026-11-30 06:00"),
        ("next monday", "2026-11-30 06:00"),
        ("Next Tue", "2026-11-24 06:00"),
        ("thurs 08:00", "2026-11-26 08:00"),
        ("sunday", "2026-11-29 06:00"),
        ("2026-12-01", "2026-12-01 06:00"),
        ("2026-12-1", "2026-12-01 06:00"),
        ("2026-12-01 14:30", "2026-12-01 14:30"),
        ("2026-12-01T14:30", "2026-12-01 14:30"),
        ("2026-11-23 18:31", "2026-11-23 18:31"),
        ("1 dec", "2026-12-01 06:00"),
        ("1dec", "2026-12-01 06:00"),
        ("dec 1", "2026-12-01 06:00"),
        ("Dec 1 23:59", "2026-12-01 23:59"),
        ("1st December", "2026-12-01 06:00"),
        ("1. sept.", "2027-09-01 06:00"),  # the coming one
        ("23 nov", "2027-11-23 06:00"),
        ("23 nov 19:00", "2026-11-23 19:00"),
        ("29 feb", "2028-02-29 06:00"),
        ("3 mar 2028", "2028-03-03 06:00"),
        ("mar 3, 2028", "2028-03-03 06:00"),
    ],
)
def test_understood(text: str, moment: str) -> None:
    found = parse_when(text, NOW)
    assert found == datetime.fromisoformat(f"{moment}:00+02:00")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", NOT_UNDERSTOOD),
        ("later", NOT_UNDERSTOOD),
        ("3", NOT_UNDERSTOOD),
        ("3 months and a day", NOT_UNDERSTOOD),
        ("1 decade", NOT_UNDERSTOOD),
        ("next year", NOT_UNDERSTOOD),
        ("14:30", NOT_UNDERSTOOD),
        ("٣ days", NOT_UNDERSTOOD),
        ("x" * 100_000, NOT_UNDERSTOOD),
        ("yesterday", PAST),
        ("Yesterday 14:30", PAST),
        ("2 days ago", PAST),
        ("a week ago", PAST),
        ("last week", PAST),
        ("last fri", PAST),
        ("last resort", NOT_UNDERSTOOD),
        ("ago", NOT_UNDERSTOOD),
        ("today", PAST),
        ("2026-11-23", PAST),
        ("2026-11-23 18:30", PAST),
        ("2020-01-01", PAST),
        ("1 dec 2025", PAST),
        ("0 days", PAST),
        ("1000000000 days", TOO_FAR),
        (f"{10**50}w", TOO_FAR),
        (f"{10**50} months", TOO_FAR),
        ("11 dec 9026", TOO_FAR),
        ("2026-02-30", NO_SUCH_DAY),
        ("2026-13-01", NO_SUCH_DAY),
        ("0000-01-01", NO_SUCH_DAY),
        ("30 feb", NO_SUCH_DAY),
        ("0 dec", NO_SUCH_DAY),
        ("tomorrow 24:00", NO_SUCH_TIME),
        ("tomorrow 9:60", NO_SUCH_TIME),
    ],
)
def test_refused_with_the_reason(text: str, reason: Wrong) -> None:
    assert parse_when(text, NOW) == reason


def test_ten_years_ahead_and_the_end_of_the_calendar() -> None:
    assert isinstance(parse_when("521 weeks", NOW), datetime)
    assert parse_when("522 weeks", NOW) == TOO_FAR
    assert parse_when("521 weeks", NOW.replace(year=9995)) == TOO_FAR
    assert parse_when("100 months", NOW.replace(year=9995)) == TOO_FAR


def test_a_month_ends_where_the_shorter_one_does() -> None:
    found = parse_when("1 month", datetime(2026, 1, 31, 12, tzinfo=UTC))
    assert found == datetime(2026, 2, 28, 6, tzinfo=UTC)


def test_the_zone_is_that_of_now() -> None:
    paris = ZoneInfo("Europe/Paris")
    before_the_change = datetime(2026, 10, 24, 12, tzinfo=paris)
    found = parse_when("2 days", before_the_change)
    assert isinstance(found, datetime)
    assert found.isoformat() == "2026-10-26T06:00:00+01:00"


def test_an_hour_that_comes_twice_is_compared_by_what_it_is() -> None:
    paris = ZoneInfo("Europe/Paris")
    second_time = datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=paris)
    assert parse_when("2026-10-25 2:30", second_time) == PAST  # the first 2:30 is over


def test_the_choices_of_one_key() -> None:
    assert [choice.key for choice in CHOICES] == ["t", "3", "m", "w", "M"]
    days = [parse_when(choice.text, NOW) for choice in CHOICES]
    assert [said(day) for day in days] == [
        "Tue 24 Nov 2026, 06:00",
        "Thu 26 Nov 2026, 06:00",
        "Mon 30 Nov 2026, 06:00",
        "Mon 30 Nov 2026, 06:00",
        "Wed 23 Dec 2026, 06:00",
    ]


def said(found: When) -> str:
    return found.reason if isinstance(found, Wrong) else say_when(found)


WORDS = st.sampled_from(
    ["tomorrow", "in", "next", "at", "a", "1", "3", "31", "29", "1000000000", "2026", "9999", "-",
     ":", "d", "w", "days", "weeks", "month", "mon", "monday", "may", "dec", "feb", "2026-12-01",
     "2026-02-30", "06:00", "14:30", "24:61", "t", "th", ","]
)  # fmt: skip
TEXTS = st.text(max_size=80) | st.lists(WORDS, max_size=5).map(" ".join) | WORDS.map(str.upper)
MOMENTS = st.datetimes(timezones=st.timezones() | st.just(ZONE)) | st.sampled_from(
    [datetime.max.replace(tzinfo=ZONE), datetime.min.replace(tzinfo=ZONE)]
)


@given(TEXTS, MOMENTS)
def test_a_moment_after_now_or_a_reason(text: str, now: datetime) -> None:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    found = parse_when(text, now)
    if isinstance(found, Wrong):
        assert found.reason
    else:
        assert found - epoch > now - epoch
        assert found.tzinfo is now.tzinfo
        assert say_when(found)
