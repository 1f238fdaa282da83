"""What becomes of a decision, record by record."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from reader.records.decisions import Decision, as_made
from reader.records.edit import Change, Clash, inverse
from reader.records.record import Record, State

from .journal import How


class Became(enum.StrEnum):
    """What became of a decision on one record."""

    DONE = "done"
    ALREADY = "already"
    REFUSED = "refused"
    CLASH = "clash"
    """Someone else has changed the same field."""
    FAILED = "failed"
    """The file is gone, or cannot be written."""


@dataclass(frozen=True, slots=True)
class Target:
    """A record that something is decided about, and what the decider saw of it."""

    path: bytes
    """Relative to the collection."""
    key: int | None = None
    """As the reader's own state knows it; None: whatever is at the path."""
    seen: Record | None = None
    """The whole record as it was seen, or at least:"""
    state: State | None = None
    quality: float | None = None
    id: int = 0
    """The record's in the index; 0: not known."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one record. `reason` is a sentence; empty when it was done."""

    path: bytes
    became: Became
    title: str = ""
    reason: str = ""
    clash: Clash | None = None
    was: State | None = None
    """The record's state before."""
    moved_from: bytes = b""
    """The path it was looked for at, when it was found elsewhere."""
    changes: tuple[Change, ...] = ()
    """What was changed in its file."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a step. `step` is None when nothing was changed."""

    step: int | None
    decision: Decision
    how: How
    results: tuple[Result, ...]
    cancelled: bool = False
    of: int | None = None
    """The step that it took back, or was to."""

    def count(self, became: Became) -> int:
        """Return of how many records this became."""
        return sum(result.became is became for result in self.results)

    def made(self, result: Result) -> Decision:
        """Return the decision as far as it changed this record, where that is known."""
        if not result.changes:
            return self.decision
        is_undo = self.how is How.UNDO
        return as_made(self.decision, map(inverse, result.changes) if is_undo else result.changes)


def summed_up(outcome: Outcome) -> str:
    """Return what became of a step, as one sentence."""
    results = outcome.results
    done = outcome.count(Became.DONE)
    what = outcome.decision.label
    if len(results) == 1 and done:
        word = {"undo": "Undone", "redo": "Redone"}.get(outcome.how, "Done")
        return f"{word}: {outcome.made(results[0]).label} “{results[0].title}”."
    if len(results) == 1 and outcome.how is How.UNDO and outcome.count(Became.ALREADY):
        return f"Nothing undone: {what} “{results[0].title}” has been set back already."
    were = "was" if outcome.count(Became.ALREADY) == 1 else "were"
    names = {
        Became.ALREADY: f"{were} {'set back' if outcome.how is How.UNDO else 'so'} already",
        Became.REFUSED: "refused",
        Became.CLASH: "changed by others",
        Became.FAILED: "failed",
    }
    counts = [
        f"{count:,} {name}" for became, name in names.items() if (count := outcome.count(became))
    ]
    how = {"undo": "undone", "redo": "redone"}.get(outcome.how, "done")
    stopped = ", stopped" if outcome.cancelled else ""
    text = f"{what}: {', '.join([f'{done:,} {how}', *counts])}{stopped}."
    return text[:1].upper() + text[1:]
