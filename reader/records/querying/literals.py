"""What a text must hold for a pattern to match it: so that most texts need not be looked at.

In the manner of codesearch. An answer may ask for too little, never for too much: whatever is not
understood here asks for nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from .nodes import Pieces
from .patterns import folded, without_accents

SIZE = 3
"""Characters of the pieces that are looked up."""
_DEEP = 10  # groups within each other: of deeper ones nothing is asked, so that questions stay flat

_COUNTED = re.compile(r"\{(\d+)(?:,\d*)?\}")
_CLASS_NAME = re.compile(r"\[:\^?\w+:\]")
_ESCAPE = re.compile(
    r"\\(?:[pP](?:\{[^}]*\}|.)|x(?:\{[^}]*\}|[0-9A-Fa-f]{0,2})|[0-7]{1,3}|.)", re.DOTALL
)
_IN_A_LINE = re.compile(
    r"(?:[^\\\[\](){}.^$|*+?\s]|[ .^$|*+?)]|\((?:\?:|(?!\?))|\\(?:[wdb]|p[LN]|[!-/:-@\[-`{-~])"
    r"|\[(?!\^)[\w -]*\]|\{\d+(?:,\d*)?\})*"
)
_GROUP = re.compile(r"\((?:\?(?:P?<\w+>|[a-zA-Z-]*:))?")


@dataclass(frozen=True, slots=True)
class Needs:
    """All of these (`every`), or any of them."""

    parts: tuple[Need, ...]
    every: bool


Need: TypeAlias = str | Needs
"""A text that has to be in there, or several."""


def of_words(pieces: Pieces) -> Need | None:
    """Return what a folded text must hold for words with stars in them (`patterns.word_pattern`)
    to be in it; None: nothing that is known."""
    words = [word for piece in pieces for word in folded(piece).split() if len(word) >= SIZE]
    return _all(list(words))


def of_regex(pattern: str) -> Need | None:
    """Return what a folded text must hold for a regular expression (`patterns.compiled`) to match
    it; None: nothing that is known."""
    if "\\Q" in pattern:  # all that follows is meant as it is
        return None
    return _Reader(without_accents(pattern)).whole()


def stays_in_a_line(pattern: str) -> bool:
    """Return whether no match of a regular expression can hold a line's end, as far as that can be
    seen: it may then be looked for in several texts at once, one below the other."""
    return _IN_A_LINE.fullmatch(pattern) is not None


def trigrams(need: Need) -> str:
    """Return the question to a full-text table of trigrams for texts that may hold it."""
    if isinstance(need, str):
        found = dict.fromkeys(need[at : at + SIZE] for at in range(len(need) - SIZE + 1))
        return " AND ".join('"' + each.replace('"', '""') + '"' for each in found)
    word = " AND " if need.every else " OR "
    return word.join(f"({trigrams(part)})" for part in need.parts)


def _all(needs: list[Need]) -> Need | None:
    if len(needs) < 2:
        return needs[0] if needs else None
    return Needs(tuple(needs), True)


class _Reader:
    """Reads a pattern that RE2 has understood, once through."""

    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self._at = 0
        self._depth = 0
        self._is_understood = True

    def whole(self) -> Need | None:
        need = self._either()
        return need if self._at == len(self._text) and self._is_understood else None

    def _either(self) -> Need | None:
        """What is needed by any of the branches, up to a parenthesis or the end."""
        needs = [self._branch()]
        while self._char == "|":
            self._at += 1
            needs.append(self._branch())
        known = [need for need in needs if need is not None]
        if len(known) < len(needs):
            return None
        return known[0] if len(known) == 1 else Needs(tuple(known), False)

    def _branch(self) -> Need | None:
        needs: list[Need] = []
        run = ""

        def end() -> None:
            nonlocal run
            literal = folded(run)
            if len(literal) >= SIZE:
                needs.append(literal)
            run = ""

        while (char := self._char) and char not in "|)":
            literal = ""
            inner: Need | None = None
            if char == "(":
                inner = self._group()
            elif char == "[":
                self._class()
            elif char == "\\":
                literal = self._escaped()
            else:
                self._at += 1
                literal = char if char not in ".^$" else ""
            times = self._times()
            if times is None:  # just once
                if literal:
                    run += literal
                    continue
                end()
            elif times > 0 and literal:
                run += literal
                end()
            else:
                end()
            if inner is not None and times != 0:
                needs.append(inner)
        end()
        return _all(needs)

    @property
    def _char(self) -> str:
        return self._text[self._at : self._at + 1]

    def _group(self) -> Need | None:
        found = _GROUP.match(self._text, self._at)
        assert found is not None
        self._at = found.end()
        if self._char == "?":  # flags for what follows: nothing is asked for
            end = self._text.find(")", self._at)
            self._at = len(self._text) if end < 0 else end + 1
            if self._times() is not None:  # of what stands before the flags
                self._is_understood = False
            return None
        self._depth += 1
        need = self._either()
        self._depth -= 1
        self._at += 1
        return need if self._depth < _DEEP else None

    def _class(self) -> None:
        text = self._text
        self._at += 1
        if self._char == "^":
            self._at += 1
        first = True
        while self._char and (self._char != "]" or first):
            first = False
            found = (
                _ESCAPE.match(text, self._at)
                if self._char == "\\"
                else _CLASS_NAME.match(text, self._at)
            )
            self._at = found.end() if found else self._at + 1
        self._at += 1

    def _escaped(self) -> str:
        """Read what begins with a backslash; return the character it means, if that is plain."""
        found = _ESCAPE.match(self._text, self._at)
        if found is None:
            self._at += 1
            return ""
        self._at = found.end()
        char = found[0][1:]
        return char if len(char) == 1 and char.isascii() and not char.isalnum() else ""

    def _times(self) -> int | None:
        """Read how often what stands before may come; return the least, None where nothing is
        said. Several signs in a row (`+?`) are taken for the least of them."""
        least: int | None = None
        while True:
            found = _COUNTED.match(self._text, self._at)
            if found is not None:
                count = int(found[1])
                self._at = found.end()
            elif self._char and self._char in "*+?":
                count = int(self._char == "+")
                self._at += 1
            else:
                return least
            least = count if least is None else min(least, count)
