"""The way one came through related records, so that Backspace can return."""

from __future__ import annotations

from dataclasses import dataclass, field

from reader.records.record import Related


@dataclass(frozen=True, slots=True)
class Stop:
    """Where one was: with which query, on which record, at which card of a link from outside."""

    query: str
    record_id: int | None
    card: Related | None = None
    line: int | None = None
    """On which line of the list the record stood, from 0."""


@dataclass(slots=True)
class Trail:
    """The stops behind one, the last one last."""

    stops: list[Stop] = field(default_factory=list)
    longest: int = 1000

    def leave(self, stop: Stop) -> None:
        """Remember a stop on leaving it."""
        self.stops.append(stop)
        del self.stops[: -self.longest]

    def back(self) -> Stop | None:
        """Return the last stop and forget it; None at the beginning."""
        return self.stops.pop() if self.stops else None
