"""Dates and durations as records write them, and as a person reads them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

_DATE = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?"
    r"[ \t]*(Z|z|UTC|[+-]\d{1,2}(?::?\d{2})?)?)?",
    re.ASCII,
)
_DURATION = re.compile(
    r"P(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})(?:[.,]\d{1,9})?S)?)?",
    re.ASCII | re.IGNORECASE,
)
MINUTE, HOUR, DAY, WEEK = 60, 3600, 86400, 7 * 86400
_EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
_LATEST = datetime(9999, 12, 30, tzinfo=UTC)


def parse_date(value: object) -> datetime | None:
    """Return an aware datetime for a YAML date, datetime or string in the site generator's forms
    (`2020-01-02`, `2020-01-02 03:04:05 -0500`, ISO 8601), or None. Without a zone it is UTC."""
    if isinstance(value, datetime):
        moment = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day, tzinfo=UTC)
    elif isinstance(value, str) and len(value) <= 64:
        found = _parse_text(value.strip())
        if found is None:
            return None
        moment = found
    else:
        return None
    # A zone can carry the first and last day of the calendar over its edge.
    return moment if _EARLIEST <= moment <= _LATEST else None


def _parse_text(text: str) -> datetime | None:
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    try:
        return datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            int((fraction or "0").ljust(6, "0")[:6]),
            tzinfo=_zone(zone),
        )
    except ValueError:
        return None


def _zone(text: str | None) -> timezone:
    """Return a zone. Raises ValueError for an impossible one."""
    if text is None or text in ("Z", "z", "UTC"):
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def parse_duration(value: object) -> int | None:
    """Return the seconds of an ISO 8601 duration (`PT13M57S`), or None."""
    if not isinstance(value, str) or len(value) > 64:
        return None
    found = _DURATION.fullmatch(value.strip())
    if found is None or not any(found.groups()):
        return None
    sizes = (WEEK, DAY, HOUR, MINUTE, 1)
    return sum(int(part or 0) * size for part, size in zip(found.groups(), sizes, strict=True))


def age(seconds: int, now: int, *, to_month: bool = False) -> str:
    """Return a short age at most 5 cells wide: `now`, `5 m`, `3 h`, `2 d`, `5 w`, then the year;
    `to_month`: at most 7, at last year and month (`2021-06`).

    A moment in the future has a plus: `+3 h`.
    """
    past = now - seconds
    sign, past = ("+", -past) if past < 0 else ("", past)
    if past < MINUTE:
        return "now"
    for size, letter, most in ((MINUTE, "m", HOUR), (HOUR, "h", DAY), (DAY, "d", 14 * DAY)):
        if past < most:
            return f"{sign}{past // size} {letter}"
    if past < 52 * WEEK:
        return f"{sign}{past // WEEK} w"
    try:
        day = datetime.fromtimestamp(seconds)
    except (OverflowError, OSError, ValueError):
        return "?"
    return f"{day.year:04}-{day.month:02}" if to_month else f"{day.year:04}"


_UNITS = {"m": "minute", "h": "hour", "d": "day", "w": "week"}


def age_in_words(seconds: int, now: int) -> str:
    """Return an age in words: `now`, `5 minutes`, `3 days`, `in 2 weeks`, then the year."""
    short = age(seconds, now)
    number, _, unit = short.lstrip("+").partition(" ")
    if unit not in _UNITS:
        return short
    words = f"{number} {_UNITS[unit]}{'' if number == '1' else 's'}"
    return f"in {words}" if short.startswith("+") else words


def duration(seconds: int) -> str:
    """Return a duration as `13:57` or `1:02:03`."""
    hours, rest = divmod(seconds, HOUR)
    minutes, seconds = divmod(rest, MINUTE)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
