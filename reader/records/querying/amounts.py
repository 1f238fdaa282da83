"""Numbers, lengths and dates of a query, as the stretches they name.

A value names a stretch from its first to just before its last: 2020-06 is all of June, 70 only
itself. Comparisons and ranges are cut at the ends of such stretches.
"""

from __future__ import annotations

import calendar
import math
import re
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from ..dates import HOUR, MINUTE, parse_duration

_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?", re.ASCII)
_LENGTH = re.compile(r"(?:(\d{1,5})h)?(?:(\d{1,6})m(?:in)?)?(?:(\d{1,7})s)?", re.ASCII)
_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[t ](\d{1,2}):(\d{2})(?::(\d{2}))?)?)?)?", re.ASCII
)
_AGO = re.compile(r"(\d{1,6})(min|h|d|w|m|y)", re.ASCII)
_NAMED = {"today": 0, "yesterday": 1}
_FIRST_YEAR, _LAST_YEAR = 1000, 9000


class Stretch(NamedTuple):
    """From `first` to `after`; of a number both are the same, and it is part of the stretch."""

    first: float
    after: float

    @property
    def is_point(self) -> bool:
        """Whether it is one value, as a number is, and no span of time."""
        return self.first == self.after


class NotUnderstood(ValueError):  # noqa: N818  never leaves the package
    """A text that names no value; the message says how to write one."""


def number(text: str) -> Stretch:
    """Return what a number names. Raises NotUnderstood."""
    if not _NUMBER.fullmatch(text):
        raise NotUnderstood("write a number, as in 70, >=70 or 40..80")
    value = float(text)
    return Stretch(value, value)


def length(text: str) -> Stretch:
    """Return what a length names, in seconds. Raises NotUnderstood."""
    seconds = parse_duration(text)
    if seconds is None:
        found = _LENGTH.fullmatch(text.lower())
        if found is None or not any(found.groups()):
            raise NotUnderstood("write a length, as in PT10M, 10m, <1h30m or 5m..10m")
        hours, minutes, rest = (int(part or 0) for part in found.groups())
        seconds = hours * HOUR + minutes * MINUTE + rest
    return Stretch(seconds, seconds)


def moments(text: str, now: float, zone: tzinfo | None) -> Stretch:
    """Return what a date names, in seconds since 1970: a year, month, day or minute in the zone
    (None: the system's); `today`, `yesterday`; `7d`, `2w`, `3m`, `1y`: the day so long ago; `5h`
    and `30min`: that moment.

    Raises NotUnderstood.
    """
    text = text.lower()
    try:
        here = datetime.fromtimestamp(now, zone)
        if text in _NAMED:
            return _day(here.date() - timedelta(days=_NAMED[text]), zone)
        if text == "now":
            return Stretch(math.floor(now), math.floor(now))
        if found := _AGO.fullmatch(text):
            count, unit = int(found[1]), found[2]
            if unit in ("h", "min"):
                then = math.floor(now) - count * (HOUR if unit == "h" else MINUTE)
                return Stretch(then, then)
            return _day(_before(here.date(), count, unit), zone)
        if found := _DATE.fullmatch(text):
            return _written(found, zone)
    except (ValueError, OverflowError, OSError):
        raise NotUnderstood("there is no such date") from None
    raise NotUnderstood("write a date, as in 2020, 2020-06, 2020-06-12, today or 7d..")


def _written(found: re.Match[str], zone: tzinfo | None) -> Stretch:
    year, month, day, hour, minute, second = (
        None if part is None else int(part) for part in found.groups()
    )
    assert year is not None
    if month is None:
        return Stretch(_start(date(year, 1, 1), zone), _start(date(year + 1, 1, 1), zone))
    if day is None:
        after = date(year + month // 12, month % 12 + 1, 1)
        return Stretch(_start(date(year, month, 1), zone), _start(after, zone))
    if hour is None or minute is None:
        return _day(date(year, month, day), zone)
    moment = datetime(year, month, day, hour, minute, second or 0, tzinfo=zone)
    _check(year)
    first = math.floor(moment.timestamp())
    return Stretch(first, first + (MINUTE if second is None else 1))


def _day(day: date, zone: tzinfo | None) -> Stretch:
    return Stretch(_start(day, zone), _start(day + timedelta(days=1), zone))


def _start(day: date, zone: tzinfo | None) -> int:
    _check(day.year)
    return math.floor(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def _check(year: int) -> None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError


def _before(today: date, count: int, unit: str) -> date:
    if unit in "dw":
        return today - timedelta(days=count * (7 if unit == "w" else 1))
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))
