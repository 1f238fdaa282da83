"""A query explained: its parts in plain words, and what each of them does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a query. `start` and `end` count characters of the query's text, its field and
    negation with it; inside a view they are the view's place."""

    words: str
    start: int
    end: int
    count: int
    """Records that this part alone asks for."""
    left: int | None = None
    """Where all parts side by side must hold: the records left after it and those before it."""
    parts: tuple[Part, ...] = ()

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Part]]:
        """Yield this part and all within it, each with how deep it lies."""
        yield depth, self
        for part in self.parts:
            yield from part.walk(depth + 1)


@dataclass(frozen=True, slots=True)
class Drop:
    """What to leave out of a query that finds nothing."""

    parts: tuple[Part, ...]
    count: int
    """Records found without them."""
    text: str
    """The query without them."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a query asks for, and how many records that is."""

    text: str
    count: int
    root: Part
    order: str
    """In plain words."""
    droppable: tuple[Drop, ...] = ()
    """Where nothing is found: one of these has to go; the one that leaves most records first."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What one part of a query says of one record."""

    words: str
    start: int
    end: int
    accepts: bool
    has: str = ""
    """What the record has there, where that can be told in a few words."""
    parts: tuple[Reason, ...] = ()
