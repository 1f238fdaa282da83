"""What the library reports: progress, summaries, opened files, errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from reader.records.record import Problem, Record


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reconcile is. `total` is 0 while the tree is still being walked."""

    done: int  # files looked at: read and parsed, or known to be unchanged
    total: int  # files found
    changed: bool  # rows were added, changed or removed since the last report, by whoever
    finished: bool = False


class Changes(NamedTuple):
    """The ids of records (or problems) that came, are others than before, and went. What a first
    reconcile finds has not come."""

    new: frozenset[int] = frozenset()
    rewritten: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()

    def then(self, later: Changes) -> Changes:
        """Return these and later ones as one: who came and is another since has come, who came and
        went was never there, who went and came is another."""
        return Changes(
            (self.new - later.gone) | (later.new - self.gone),
            (self.rewritten - later.gone) | (later.rewritten - self.new) | (self.gone & later.new),
            (self.gone - later.new) | (later.gone - self.new),
        )


_NONE = Changes()


@dataclass(frozen=True, slots=True)
class Summary:
    """What the index holds, and what the last reconcile did. Times in seconds."""

    records: int
    problems: int
    skipped: int  # files with a record's ending that are no records
    parsed: int
    removed: int
    seconds: float
    changes: Changes = _NONE


@dataclass(frozen=True, slots=True)
class Opened:
    """A record as read from its file just now."""

    id: int
    path: str
    """Relative to the collection, `/` between the parts, undecodable bytes as surrogates."""
    data: bytes
    record: Record | Problem


class CollectionError(Exception):
    """The path cannot be opened as a collection; the message says why and what to do."""


def never() -> bool:
    """The default of `cancelled`."""
    return False


def silent(done: int, total: int) -> None:
    """The default of the `progress` of edits."""
