"""What is wrong with a query, where, and what may have been meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..text import clean, encodable

_LOOKED_AT = 40  # characters of a name that is compared with others
_LIKENESS = 0.7  # of 1: below it, what is suggested looks made up
_COMPARED = 400  # names it is compared with


@dataclass(frozen=True, slots=True)
class QueryError:
    """Why a text is no query. `start` and `end` count characters of that text; `suggestion` is
    what could stand there instead."""

    reason: str
    start: int
    end: int
    suggestion: str | None = None


class InvalidQuery(ValueError):  # noqa: N818  its name says enough
    """A query was asked for that cannot be one; `error` says why."""

    def __init__(self, error: QueryError) -> None:
        super().__init__(error.reason)
        self.error = error


class Wrong(Exception):  # noqa: N818  never leaves the package
    """Ends the reading of a query; `parse` turns it into the error it holds."""

    def __init__(self, reason: str, start: int, end: int, suggestion: str | None = None) -> None:
        super().__init__(reason)
        self.error = QueryError(reason, start, end, suggestion)


def shown(text: str) -> str:
    """Return part of a query for an error: safe, on one line, short."""
    text = encodable(clean(text[:200]))
    return text if len(text) <= _LOOKED_AT else text[: _LOOKED_AT - 1] + "…"


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that `name` was most likely meant to be, or None."""
    wanted = name[:_LOOKED_AT].casefold()
    if not wanted:
        return None
    close: dict[str, str] = {}
    begun: list[str] = []
    for each in names:
        other = each[:_LOOKED_AT].casefold()
        if other.startswith(wanted):
            begun.append(each)
        elif abs(len(other) - len(wanted)) <= max(2, len(wanted) // 3) and len(close) < _COMPARED:
            close.setdefault(other, each)
    if begun:
        return min(begun, key=lambda each: (len(each), each))
    from difflib import get_close_matches  # here: most queries are right

    found = get_close_matches(wanted, close, 1, _LIKENESS)
    return close[found[0]] if found else None
