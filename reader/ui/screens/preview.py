"""Before a decision on many records: who changes, who does not and why."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding

from reader.records.bulk import ASKED_OVER, Plan, Planned
from reader.records.text import clean, display, encodable
from reader.ui.bindings import bindings_for
from reader.ui.commands import BY_ID, shown_key
from reader.ui.glyphs import Glyphs
from reader.ui.widgets.cells import fit, width_of, wrap
from reader.ui.widgets.passage import Passage
from reader.ui.widgets.pieces import Line, Piece

from .panel import MOVES, Asking, move_pane

LEAST_PATH = 24
"""Columns from which what is left beside a title says something of its path."""


class _Section(NamedTuple):
    """Lines above, then a line for each record; `start` is the number of the first."""

    start: int
    above: tuple[Line, ...]
    records: Sequence[Planned]


class PlanPane(Passage):
    """A plan as lines; those of records are made when they are drawn."""

    def __init__(self, plan: Plan, glyphs: Glyphs) -> None:
        super().__init__(glyphs=glyphs, id="plan")
        self.heading = display(plan.heading)
        self._plan = plan
        self._sections: list[_Section] = []
        self._starts: list[int] = []
        self._count = 0

    @property
    def line_count(self) -> int:
        return self._count

    def on_resize(self) -> None:
        self._sections.clear()
        self._count = 0
        self._add(self._summary(), ())
        refused = self._plan.refused_by_reason()
        if refused:
            self._add(_heading("REFUSED"), ())
        for number, (reason, records) in enumerate(refused.items()):
            apart: tuple[Line, ...] = ((),) if number else ()
            self._add((*apart, *self._wrapped(display(reason), "pane--bad")), records)
        if self._plan.changing:
            self._add(_heading("CHANGES"), self._plan.changing)
        if self._plan.already:
            self._add(_heading("SO ALREADY"), self._plan.already)
        self._starts = [section.start for section in self._sections]
        self.redraw()

    def _add(self, above: tuple[Line, ...], records: Sequence[Planned]) -> None:
        self._sections.append(_Section(self._count, above, records))
        self._count += len(above) + len(records)

    def _summary(self) -> tuple[Line, ...]:
        plan = self._plan
        now = f": {plan.states} now" if plan.states else ""
        groups = [
            (len(plan.changing), f"will change{now}", "pane--good"),
            (len(plan.already), "so already", ""),
            (len(plan.refused), "refused, for reasons below", "pane--bad"),
            (
                plan.hidden,
                f"of them {'is' if plan.hidden == 1 else 'are'} marked but hidden by the filter",
                "pane--warning",
            ),
        ]
        counted = [(f"{count:,}", text, role) for count, text, role in groups if count]
        room = max((len(count) for count, _, _ in counted), default=0)
        lines: list[Line] = [()]
        if not plan.changing:
            lines.append((Piece(" Nothing to change.", "pane--strong"),))
        for count, text, role in counted:
            for number, part in enumerate(wrap(text, self.size.width - room - 3)):
                shown = "" if number else count
                lines.append((Piece(f" {shown:>{room}} ", role or "pane--strong"), Piece(part)))
        if len(plan.changing) > ASKED_OVER:
            key = shown_key(plan.confirming[0])
            began = shown_key(plan.key)
            text = f"More than {ASKED_OVER}: {key} confirms, {began} does not."
            lines += [(), *self._wrapped(text, "pane--warning")]
        return tuple(lines)

    def _wrapped(self, text: str, role: str) -> tuple[Line, ...]:
        return tuple((Piece(f" {line}", role),) for line in wrap(text, self.size.width - 2))

    def line(self, index: int, width: int, *, at_cursor: bool) -> Line:
        section = self._sections[bisect_right(self._starts, index) - 1]
        at = index - section.start
        if at < len(section.above):
            return section.above[at]
        planned = section.records[at - len(section.above)]
        # The title has what it needs, and the path what is left.
        title = display(planned.title)
        aligned = max(width_of(title), width * 3 // 5 - 4)
        room = width - aligned - 6
        if room < LEAST_PATH:
            return (Piece(f"   {fit(title, width - 4, self.glyphs.ellipsis)} "),)
        path = clean(encodable(planned.path))
        return (
            Piece(f"   {fit(title, aligned)} "),
            Piece(fit(path, room, self.glyphs.ellipsis), "pane--dim"),
        )


def _heading(text: str) -> tuple[Line, ...]:
    return ((), (Piece(f" {text}", "pane--heading"),))


class Preview(Asking[bool]):
    """Shows a plan; True if it was confirmed. Esc and q leave: nothing happens.

    Which keys confirm is `Plan.confirming`.
    """

    takes_early_keys = False
    """Nobody answers what was not there yet to be read."""
    BINDINGS: ClassVar[list[Binding]] = [
        *MOVES,
        *bindings_for((BY_ID["leave"],)),
    ]

    def __init__(self, plan: Plan, glyphs: Glyphs) -> None:
        super().__init__(glyphs)
        self._plan = plan
        self.pane = PlanPane(plan, glyphs)

    def compose(self) -> ComposeResult:
        yield self.pane
        yield self.footer

    def on_mount(self) -> None:
        confirming = self._plan.confirming
        keys = [("Esc", "leave", True)]
        if confirming:
            key = shown_key(confirming[0], ascii_only=self.ascii_only)
            keys.insert(0, (key, display(self._plan.heading), True))
        self.footer.show_keys(keys)

    def on_key(self, event: events.Key) -> None:
        """Confirm; before the bindings, because the key may be one of theirs too."""
        if event.key in self._plan.confirming:
            event.stop()
            self.answer(True)

    def action_run(self, command_id: str, key: str = "") -> None:
        """Move, as a command of the registry says; or leave: nothing happens."""
        if command_id == "leave":
            self.answer(None)
        else:
            move_pane(self.pane, command_id)
