"""A value as it is told to a person."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from reader.records.shown_value import shown_value
from reader.records.values import ABSENT


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (False, "false"),
        (None, "null"),
        (86.0, "86"),
        (86.5, "86.5"),
        (math.nan, "null"),
        (date(2020, 6, 12), "2020-06-12"),
        (datetime(2020, 6, 12, 16, 5, tzinfo=UTC), "2020-06-12T16:05:00Z"),
        (
            datetime(2020, 6, 12, 16, 5, tzinfo=timezone(timedelta(hours=2))),
            "2020-06-12T16:05:00+02:00",
        ),
        (["AI", True], "AI, true"),
        ([], ""),
        ({"name": "a", "on": date(2020, 6, 12)}, '{"name": "a", "on": "2020-06-12"}'),
        ([["a"]], '[["a"]]'),
        ("two\nlines\x1b[31m", "two lines␛[31m"),
        ("x" * 301, "x" * 300 + "…"),
        (ABSENT, "(absent)"),
    ],
)
def test_a_value_is_told_as_its_file_has_it(value: object, expected: str) -> None:
    assert shown_value(value) == expected


def test_what_is_secured_is_never_told() -> None:
    assert shown_value("QUJD", ("secured",)) == "(not shown)"
    assert shown_value(ABSENT, ("secured",), absent="none") == "none"
