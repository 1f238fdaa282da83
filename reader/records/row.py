"""What the article list shows of a record."""

from __future__ import annotations

from typing import NamedTuple

from .record import State
from .verdicts import Verdict


class Row(NamedTuple):
    """One line of the list. Strings are safe to show (repaired and cleaned)."""

    id: int
    state: State
    read: bool
    starred: bool
    date: int | None
    """publishedDateTime, seconds since 1970."""
    quality: float | None
    heat: float | None
    provider: str
    title: str
    type: str
    warned: bool
    deferred_until: int | None = None
    """Seconds since 1970; a time that has passed: it is due."""
    link: Verdict | None = None
    """The worst of what checking says of its links, where that is one of `verdicts.WORST`."""
    topics: tuple[str, ...] = ()
    """Filled where they are listed (`Collection.rows_with_topics`)."""
