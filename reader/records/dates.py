"""Dates and durations as records write them, and as a person reads them."""

from __future__ import annotations

from datetime import datetime


def parse_date(value: object) -> datetime | None:
    """Return an aware datetime for a YAML date, datetime or string in the site generator's forms
    (`2020-01-02`, `2020-01-02 03:04:05 -0500`, ISO 8601), or None. Without a zone it is UTC."""
    raise NotImplementedError


def parse_duration(value: object) -> int | None:
    """Return the seconds of an ISO 8601 duration (`PT13M57S`), or None."""
    raise NotImplementedError


def age(seconds: int, now: int) -> str:
    """Return a short age at most 5 cells wide: `now`, `5 m`, `3 h`, `2 d`, `5 w`, then the year.

    A moment in the future is shown as `in 3 h`-like short form: `+3 h`.
    """
    raise NotImplementedError


def duration(seconds: int) -> str:
    """Return a duration as `13:57` or `1:02:03`."""
    raise NotImplementedError
