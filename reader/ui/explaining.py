"""Explaining at the desk: what each part of the query does, and why a record is not listed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from reader.records.counting import counted
from reader.records.text import display

from .jobs.asking import Explained, Reasoned
from .widgets.cells import fit_right
from .widgets.pieces import Line, Piece

if TYPE_CHECKING:
    from reader.records.querying.explained import Explanation, Part, Reason

    from .glyphs import Glyphs
    from .screens.desk import Desk


class Explaining:
    """What keys explain at one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._wanted: str | None = None
        """The query that is being explained on asking."""

    def do_explain(self) -> None:
        filtering = self._desk.filtering
        text = filtering.typed_text if filtering.is_open else self._desk.listing.text
        self._wanted = text
        self._desk.asks.explain(text)

    def explained(self, message: Explained) -> None:
        """Show an explanation that was asked for."""
        if message.text != self._wanted:
            return
        self._wanted = None
        if message.explanation is None:
            if message.error is not None:
                self._desk.footer.say(display(message.error.reason))
            return
        from .screens.explain import Explain

        lines = list(lines_of(message.explanation))
        self._desk.app.push_screen(Explain("EXPLAIN", lines, self._desk.glyphs), self._explain_left)

    def _explain_left(self, why_not: bool | None) -> None:
        if why_not:
            self.do_why_not()

    def do_why_not(self) -> None:
        from .screens.prompt import Prompt

        listing = self._desk.listing
        text = listing.text
        missed = listing.missed_id
        path = self._desk.collection.path(missed) if missed is not None else None

        def answered(given: str | None) -> None:
            if given and given.strip():
                self._desk.asks.why_not(text, given.strip())

        self._desk.app.push_screen(
            Prompt("WHY NOT", "a record by its path or URL", self._desk.glyphs, path or ""),
            answered,
        )

    def reasoned(self, message: Reasoned) -> None:
        """Show why a record is not listed."""
        if message.path is None:
            self._desk.footer.say(f"There is no record at {display(message.given)}.")
        elif message.error is not None:
            self._desk.footer.say(display(message.error.reason))
        else:
            from .screens.explain import Explain

            lines = list(reason_lines(message, self._desk.glyphs))
            self._desk.app.push_screen(
                Explain("WHY NOT", lines, self._desk.glyphs), self._explain_left
            )


def lines_of(found: Explanation) -> Iterator[Line]:
    """Yield an explanation as lines: of each part how many records it asks for by itself, and how
    many are left after it and those before."""
    parts = list(found.root.walk())
    if len(parts) > 1 and found.root.words in ("all of these", "any of these"):
        parts = [(depth - 1, part) for depth, part in parts[1:]]
    wide = max(5, *(len(f"{part.count:,}") for _, part in parts))
    chain = any(part.left is not None for _, part in parts)
    yield (Piece(f" {counted(found.count, 'record')}, {found.order}", "pane--strong"),)
    if found.text.strip():
        yield (Piece(f" {display(found.text)}", "pane--dim"),)
    yield ()
    left = f"{fit_right('left', wide)}  " if chain else ""
    yield (Piece(f" {fit_right('alone', wide)}  {left}", "pane--heading"),)
    for depth, part in parts:
        yield _part_line(part, depth, wide, chain, found.text)
    if not found.count and found.droppable and found.droppable[0].count:
        yield ()
        yield (Piece(" NOTHING IS FOUND: LEAVE OUT", "pane--heading"),)
        for drop in found.droppable:
            written = " and ".join(
                display(found.text[part.start : part.end].strip() or part.words)
                for part in drop.parts
            )
            number = fit_right(f"{drop.count:,}", wide)
            yield (Piece(f" {number}  ", "pane--accent"), Piece(f"without {written}"))


def _part_line(part: Part, depth: int, wide: int, chain: bool, text: str) -> Line:
    alone = fit_right(f"{part.count:,}", wide)
    left = "" if part.left is None else f"{part.left:,}"
    written = display(text[part.start : part.end].strip())
    role = "pane--bad" if part.left == 0 or part.count == 0 else ""
    return (
        Piece(f" {alone}  ", "pane--dim" if part.count else "pane--bad"),
        Piece(f"{fit_right(left, wide)}  " if chain else "", role),
        Piece(f"{'  ' * depth}{display(part.words)}"),
        Piece(f"   {written}" if not depth else "", "pane--dim"),
    )


def reason_lines(message: Reasoned, glyphs: Glyphs) -> Iterator[Line]:
    """Yield what each part of a query says of a record."""
    accepted = all(reason.accepts for reason in message.reasons)
    yield (Piece(f" {display(message.path or '')}", "pane--strong"),)
    said = "is listed: every part of the query holds." if accepted else "is left out by"
    yield (Piece(f" {said}", "pane--dim"),)
    yield ()
    yield from _reasons(message.reasons, 0, glyphs)


def _reasons(reasons: Sequence[Reason], depth: int, glyphs: Glyphs) -> Iterator[Line]:
    for reason in reasons:
        sign, role = (
            (glyphs.states[1], "pane--good") if reason.accepts else (glyphs.states[2], "pane--bad")
        )
        has = f"   it has {display(reason.has)}" if reason.has and not reason.accepts else ""
        yield (
            Piece(f" {'  ' * depth}{sign} ", role),
            Piece(display(reason.words), "" if reason.accepts else "pane--strong"),
            Piece(has, "pane--dim"),
        )
        yield from _reasons(reason.parts, depth + 1, glyphs)
