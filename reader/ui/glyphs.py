"""The few signs the interface draws, for terminals with Unicode and without."""

from __future__ import annotations

import locale
import os
from dataclasses import dataclass

from reader.records.record import State


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One sign each, all one cell wide."""

    states: tuple[str, str, str, str]
    """By `State`: unpublished, published, rejected, problem."""
    cursor: str
    unread: str
    star: str
    marked: str
    deferred: str
    warned: str
    flawed: str
    """In the list: a field that could not be used."""
    links: tuple[str, ...]
    """By `verdicts.WORST`: gone, suspect, failing, flaky, blocked, moved."""
    rule: str
    ellipsis: str
    here: str
    """A related link that resolves to a record of the collection."""
    folded: str
    unfolded: str
    chosen: str
    crumb: str
    dot: str
    filled: str
    empty: str

    def state(self, state: State) -> str:
        return self.states[state]


UNICODE = Glyphs(
    states=("●", "✓", "✗", "▲"),
    cursor="▌",
    unread="•",
    star="*",
    marked="+",
    deferred="◷",
    warned="!",
    flawed="w",
    links=("!", "?", "%", "%", "#", "~"),
    rule="│",
    ellipsis="…",
    here="→",
    folded="+",
    unfolded="-",
    chosen="›",
    crumb="›",
    dot="·",
    filled="━",
    empty="─",
)
ASCII = Glyphs(
    states=("o", "+", "x", "?"),
    cursor=">",
    unread="'",
    star="*",
    marked="+",
    deferred="z",
    warned="!",
    flawed="w",
    links=("!", "?", "%", "%", "#", "~"),
    rule="|",
    ellipsis="~",
    here=">",
    folded="+",
    unfolded="-",
    chosen=">",
    crumb=">",
    dot="-",
    filled="=",
    empty="-",
)


def choose() -> Glyphs:
    """Return the set that this process's locale and terminal can show."""
    encoding = locale.getpreferredencoding(False).lower().replace("-", "")
    if encoding != "utf8" or os.environ.get("TERM") in {"dumb", "vt100"}:
        return ASCII
    return UNICODE
