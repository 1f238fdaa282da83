"""The few signs the interface draws, for terminals with Unicode and without."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from reader.records.record import State
from reader.terminal.charset import PLAIN_SIGNS, shows_unicode


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
    """By `verdicts.WORST`: gone, suspect, failing, flaky, unsafe, blocked, moved."""
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
        """Return the sign of a record's state."""
        return self.states[state]

    @property
    def ascii_only(self) -> bool:
        """Whether the terminal has no other signs."""
        return self.rule == "|"

    def plain(self, text: str) -> str:
        """Return a text as it is drawn, as wide as it was: signs on whose width all terminals agree,
        and those of typography as this set has them."""
        if text.isascii():
            return text
        from .steady import steady

        return steady(text).translate(PLAIN_SIGNS) if self.ascii_only else steady(text)


UNICODE = Glyphs(
    states=("●", "✓", "✗", "▲"),
    cursor="▌",
    unread="•",
    star="*",
    marked="+",
    deferred="◷",
    warned="!",
    flawed="w",
    links=("!", "?", "%", "%", "u", "#", "~"),
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
ASCII = replace(
    UNICODE,
    states=("o", "+", "x", "?"),
    cursor=">",
    unread="'",
    marked="@",
    deferred="z",
    rule="|",
    ellipsis="~",
    here=">",
    chosen=">",
    crumb=">",
    dot="-",
    filled="=",
    empty="-",
)


def choose(wanted: str = "auto") -> Glyphs:
    """Return the set that the settings name: with `auto` the one that locale and terminal can show."""
    if wanted != "auto":
        return ASCII if wanted == "ascii" else UNICODE
    old = os.environ.get("TERM", "").startswith(("dumb", "vt1", "vt2", "linux"))
    return ASCII if old or not shows_unicode() else UNICODE
