"""Values of front matter as JSON and back: dates, and the absence of a field, included."""

from __future__ import annotations

from datetime import date, datetime

from .values import ABSENT


def dumped(value: object) -> object:
    """Return a value as what JSON can hold; `loaded` gives it back, equal and of the same type.

    A tuple comes back as a list. Raises TypeError for a value that is no data (bytes, a set)."""
    if value is ABSENT:
        return {"$": "absent"}
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, datetime):
        return {"$": "datetime", "is": value.isoformat()}
    if isinstance(value, date):
        return {"$": "date", "is": value.isoformat()}
    if isinstance(value, list | tuple):
        return [dumped(each) for each in value]
    if isinstance(value, dict):
        return {"$": "map", "is": [[dumped(key), dumped(each)] for key, each in value.items()]}
    raise TypeError(f"a {type(value).__name__} cannot be kept")


def told(value: object) -> object:
    """Return a value as plain JSON for whoever reads it: dates as texts, what is absent as null."""
    if isinstance(value, dict):
        return {str(key): told(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [told(each) for each in value]
    if value is ABSENT:
        return None
    return value.isoformat() if isinstance(value, date) else value


def loaded(value: object) -> object:
    """Return the value that `dumped` made this of."""
    if isinstance(value, list):
        return [loaded(each) for each in value]
    if not isinstance(value, dict):
        return value
    kind, what = value.get("$"), value.get("is")
    if kind == "absent":
        return ABSENT
    if kind == "datetime":
        return datetime.fromisoformat(str(what))
    if kind == "date":
        return date.fromisoformat(str(what))
    if kind == "map" and isinstance(what, list):
        return {loaded(key): loaded(each) for key, each in what}
    raise ValueError("this was not made by dumped()")
