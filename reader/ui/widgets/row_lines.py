"""The lines of the article list: what each shows of a record, and of what was decided about it.

Nothing of the toolkit is needed for them: the first of them are on the terminal before it is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from reader.records.dates import age
from reader.records.numbers import whole, written
from reader.records.record import State
from reader.records.row import Row
from reader.records.verdicts import WORST, Verdict
from reader.ui.glyphs import Glyphs

from .cells import fit, fit_right, width_of
from .pieces import Line, Piece

HEADING = "ARTICLES"
STATE_ROLES = {
    State.UNPUBLISHED: "pane--open",
    State.PUBLISHED: "pane--good",
    State.REJECTED: "pane--bad",
    State.PROBLEM: "pane--warning",
}
LINK_ROLES: dict[Verdict | None, str] = {
    Verdict.GONE: "pane--bad",
    Verdict.SUSPECT: "pane--bad",
    Verdict.MOVED: "pane--accent",
    Verdict.BLOCKED: "pane--dim",
}
"""The colours of what checking says; all else is a warning."""
_WITH_HEAT, _WITH_PROVIDER = 56, 72
"""Cells of the list from which these columns have room."""
_AGE, _AGE_TO_MONTH = 5, 7
"""Cells of an age; of one that tells the month, where the provider has room."""
_LEAST_TOPICS = 12
"""Cells of a second line below which a beginning of the topics would say nothing."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided here about a record, shown before (and after) its file tells."""

    word: str
    """At the end of its line; the whole line is dim. Empty: the line stays as it is."""
    state: State | None = None
    """The state it has by that; None: as it was."""
    deferred: bool = False
    quality: float | None = None
    """What it has by that; None: what it had."""
    written: bool = False
    """Whether it has been written: what the index says of the record counts from then on."""
    before: Decided | None = None
    """What was decided here about the record before, and counts again where this is undone."""

    def settled(self) -> Decided:
        """Return this, and what was before it, as written."""
        before = None if self.before is None else self.before.settled()
        return replace(self, written=True, before=before)

    def agrees(self, row: Row) -> bool:
        """Whether a row is still as this left it, as far as that can be told yet."""
        if not self.written:
            return True
        if self.deferred and row.deferred_until is None:
            return False
        return self.state is None or row.state is self.state


class RowLines:
    """Makes the lines of rows, in a set of signs."""

    def __init__(self, glyphs: Glyphs, clock: Callable[[], float]) -> None:
        self._glyphs = glyphs
        self._clock = clock

    def heading(self, heading: str, width: int, role: str) -> Line:
        """Return the heading, and over the columns whose numbers nobody could guess their names: the
        letters by which they are sorted."""
        names = "   q"
        if width >= _WITH_HEAT:
            names += "   h"
        if width >= _WITH_PROVIDER:
            names += "  provider"
        before = 5 + _age_cells(width)
        return (
            Piece(fit(f" {heading}", before), role),
            Piece(fit(names, width - before), "pane--dim"),
        )

    def one(
        self,
        row: Row | None,
        width: int,
        *,
        at_cursor: bool = False,
        is_marked: bool = False,
        decided: Decided | None = None,
        with_numbers: bool = True,
        title: Callable[[str, str], Sequence[Piece]] = lambda title, role: (Piece(title, role),),
    ) -> Line:
        """Return a row's line; None is a record that has gone. `title` cuts a title, as it fits, and
        its role into what stands out."""
        glyphs = self._glyphs
        mark = Piece(glyphs.cursor if at_cursor else " ", "pane--accent")
        if row is None:
            return (mark, Piece(" (gone)", "pane--dim"))
        word = "" if decided is None or not decided.word else f" {decided.word}"
        strong = "pane--dim" if word else "" if row.read else "pane--strong"
        meta = ""
        if row.state is not State.PROBLEM and with_numbers:
            cells, now = _age_cells(width), int(self._clock())
            when = "" if row.date is None else age(row.date, now, to_month=cells > _AGE)
            meta = f" {fit_right(when, cells)} {_number(_quality(row, decided))}"
            if width >= _WITH_HEAT:
                meta += f" {_number(row.heat)}"
            if width >= _WITH_PROVIDER:
                meta += f"  {fit(row.provider, min(24, width // 5), glyphs.ellipsis)}"
            meta += " "
        sign = glyphs.flawed if row.warned else ""
        link = "" if row.link is None else glyphs.links[WORST.index(row.link)]
        unread = " " if row.read else glyphs.unread
        if is_marked:
            unread = glyphs.marked
        room = width - 4 - width_of(meta) - (2 if sign else 0) - width_of(word)
        room -= 2 if link else 0
        return (
            mark,
            self._state(row, decided),
            Piece(unread, "pane--accent"),
            Piece(glyphs.star if row.starred else " ", "pane--warning"),
            Piece(meta, "pane--dim"),
            *title(fit(row.title, room, glyphs.ellipsis), strong),
            Piece(f" {link}" if link else "", LINK_ROLES.get(row.link, "pane--warning")),
            Piece(f" {sign}" if sign else "", "pane--warning"),
            Piece(word, "pane--dim"),
        )

    def second(self, row: Row | None, width: int, decided: Decided | None = None) -> Line:
        """Return what stands under a row's title where it takes two lines: the age, where it is from,
        its numbers and its topics."""
        if row is None or row.state is State.PROBLEM:
            return ()
        when = "" if row.date is None else age(row.date, int(self._clock()))
        quality = _quality(row, decided)
        dot, room = f" {self._glyphs.dot} ", width - 6
        text = dot.join(
            filter(
                None, (when, row.provider, "" if quality is None else f"quality {written(quality)}")
            )
        )
        heat = "" if row.heat is None else f"{dot}heat {written(row.heat)}"
        topics = f"{dot}{', '.join(row.topics)}" if row.topics else ""
        # Of two that do not fit both, the topics say more; a part that would be cut to nothing goes.
        if width_of(text + heat) + min(width_of(topics), _LEAST_TOPICS) <= room:
            text += heat
        if width_of(text) + min(width_of(topics), _LEAST_TOPICS) <= room:
            text += topics
        return (Piece(f"     {fit(text, room, self._glyphs.ellipsis)} ", "pane--dim"),)

    def _state(self, row: Row, decided: Decided | None) -> Piece:
        """The sign of a state. A deferral that is due has the colour of what waits."""
        state = row.state
        deferred = row.deferred_until is not None and state is State.UNPUBLISHED
        if decided is not None:
            state = decided.state if decided.state is not None else state
            deferred = decided.deferred
        if not deferred:
            return Piece(self._glyphs.state(state), STATE_ROLES[state])
        is_due = row.deferred_until is not None and row.deferred_until <= self._clock()
        return Piece(self._glyphs.deferred, "pane--open" if is_due else "pane--dim")


def _quality(row: Row, decided: Decided | None) -> float | None:
    """The quality a record has, by what was decided last."""
    return row.quality if decided is None or decided.quality is None else decided.quality


def _age_cells(width: int) -> int:
    """Return the cells that ages take in a list of so many."""
    return _AGE_TO_MONTH if width >= _WITH_PROVIDER else _AGE


def _number(value: float | None) -> str:
    """Return a quality or heat in three cells."""
    return "   " if value is None else fit_right(whole(value), 3)
