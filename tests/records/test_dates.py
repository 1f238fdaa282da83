"""Dates as records write them, ages as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.records.dates import age, duration, parse_date, parse_duration

NOW = int(datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp())
MINUTE, HOUR, DAY = 60, 3600, 86400


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2020-01-02", "2020-01-02T00:00:00+00:00"),
        ("2020-01-02 03:04:05 -0500", "2020-01-02T03:04:05-05:00"),
        ("2020-01-02 03:04:05 +05:30", "2020-01-02T03:04:05+05:30"),
        ("2020-01-02T03:04:05Z", "2020-01-02T03:04:05+00:00"),
        ("2020-01-02 03:04", "2020-01-02T03:04:00+00:00"),
        ("2020-01-02T03:04:05.5", "2020-01-02T03:04:05.500000+00:00"),
        (date(2020, 1, 2), "2020-01-02T00:00:00+00:00"),
        (datetime(2020, 1, 2, 3), "2020-01-02T03:00:00+00:00"),  # as YAML gives it
        (datetime(2020, 1, 2, 3, tzinfo=timezone(timedelta(hours=2))), "2020-01-02T03:00:00+02:00"),
    ],
)
def test_parse_date(value: object, moment: str) -> None:
    found = parse_date(value)
    assert found is not None
    assert found.isoformat() == moment


@pytest.mark.parametrize(
    "value",
    ["", "today", "2020-13-01", "2020-02-30", "0000-01-01", "2020-01-02 25:00", 5, None, True, [],
     "2020-01-02 03:04:05 +9999", "x" * 100_000, datetime.min, datetime.max, date.max],
)  # fmt: skip
def test_no_date(value: object) -> None:
    assert parse_date(value) is None


@given(st.datetimes(timezones=st.timezones()) | st.text(max_size=40) | st.dates())
def test_dates_can_always_be_shown(value: object) -> None:
    moment = parse_date(value)
    if moment is not None:
        age(int(moment.timestamp()), NOW)
        assert moment.astimezone(UTC)


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (0, "now"),
        (59, "now"),
        (MINUTE, "1 m"),
        (HOUR - 1, "59 m"),
        (23 * HOUR, "23 h"),
        (DAY, "1 d"),
        (13 * DAY, "13 d"),
        (14 * DAY, "2 w"),
        (363 * DAY, "51 w"),
        (5 * 365 * DAY, "2021"),
        (-3 * HOUR, "+3 h"),
    ],
)
def test_age(ago: int, shown: str) -> None:
    assert age(NOW - ago, NOW) == shown


def test_an_age_to_the_month() -> None:
    assert age(NOW - 363 * DAY, NOW, to_month=True) == "51 w"
    assert age(NOW - 5 * 365 * DAY, NOW, to_month=True) == "2021-11"


@given(st.integers(-(2**40), 2**40))
def test_an_age_has_at_most_five_cells(seconds: int) -> None:
    assert len(age(seconds, NOW)) <= 5
    assert len(age(seconds, NOW, to_month=True)) <= 7


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("PT13M57S", 837), ("PT1H2M3S", 3723), ("P1DT1S", 86401), ("P2W", 1209600), ("pt5m", 300)],
)
def test_parse_duration(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("value", ["", "P", "PT", "13:57", 837, None, "PT" + "9" * 100 + "S"])
def test_no_duration(value: object) -> None:
    assert parse_duration(value) is None


def test_duration() -> None:
    assert duration(837) == "13:57"
    assert duration(3723) == "1:02:03"
