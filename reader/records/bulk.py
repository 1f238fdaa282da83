"""What a decision on many records would do, before it is done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from .decisions import Decision
from .record import State

ASKED_OVER = 20
"""Up to so many records, the key that began a decision confirms it too."""


class Planned(NamedTuple):
    """A record that a decision was meant for."""

    id: int
    title: str
    path: str
    state: State | None = None
    """What it is now, where that is known."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Who changes, who does not and why."""

    decision: Decision
    key: str
    """The key that began it, as Textual names it."""
    changing: tuple[Planned, ...] = ()
    already: tuple[Planned, ...] = ()
    """Those that are so already."""
    refused: tuple[tuple[Planned, str], ...] = ()
    """Those that cannot be changed, each with the reason."""
    hidden: int = 0
    """How many of them all are marked but not shown under the filter."""

    @property
    def heading(self) -> str:
        """The decision with the number of records it changes: `publish 214 records`."""
        return self.decision.about(len(self.changing))

    @property
    def states(self) -> str:
        """What those are now that change, where not all are the same: `28 unpublished, 2 published`;
        otherwise nothing."""
        counts = Counter(planned.state for planned in self.changing)
        if len(counts) < 2:
            return ""
        return ", ".join(f"{counts[each]:,} {each.name.lower()}" for each in State if counts[each])

    @property
    def confirming(self) -> tuple[str, ...]:
        """The keys that confirm it, the one to show first; none where nothing changes.

        For many records it is never the key that began it: held down or pressed twice by a slip,
        that one must not do it.
        """
        if not self.changing:
            return ()
        if len(self.changing) > ASKED_OVER:
            return ("y",) if self.key != "y" else ("enter",)
        return tuple(dict.fromkeys(("y", self.key)))

    def refused_by_reason(self) -> dict[str, list[Planned]]:
        """Return the refused records under their reasons, in the order met."""
        groups: dict[str, list[Planned]] = {}
        for planned, reason in self.refused:
            groups.setdefault(reason, []).append(planned)
        return groups
