"""A record given to another program: what would be run is shown first, and its output is shown safely.

The words of the line are the program's arguments; there is no shell unless the line asks for one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from reader.records.record import Record
from reader.records.text import clean, clean_lines, encodable
from reader.terminal.programs import (
    MOST,
    SHELL_READS,
    Given,
    Run,
    given,
    planned,
    reads_in_words,
    run,
)

from .widgets.pieces import Line, Piece

if TYPE_CHECKING:
    from .screens.desk import Desk

SYNTAX = "{path} {url}: its path or link; else it reads JSON. ! first: with the terminal. $ first: a shell"


def shown(output: bytes) -> list[Line]:
    """Return a program's output as lines that are safe to show."""
    text = clean_lines(output[:MOST].decode("utf-8", "replace").replace("\r\n", "\n"))
    lines: list[Line] = [(Piece(f" {line[:2000]}"),) for line in text.rstrip("\n").split("\n")]
    if len(output) > MOST:
        lines.append((Piece(f" The rest is not shown (over {MOST:,} bytes).", "pane--dim"),))
    return lines


def preview(what: Run) -> list[Line]:
    """Return what would be run, a line an argument, as it is shown before."""
    lines: list[Line] = [
        (Piece("Runs  ", "pane--dim"), Piece(clean(encodable(what.argv[0])), "pane--strong"))
    ]
    lines += [(Piece("      "), Piece(clean(encodable(word)) or '""')) for word in what.argv[1:]]
    lines.append((Piece("Reads ", "pane--dim"), Piece(reads_in_words(what))))
    if what.shell:
        lines.append((Piece(SHELL_READS, "pane--warning"),))
    return lines


class Piping:
    """Asks for a line, shows what it would run, runs it, and shows what it wrote."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ask(self) -> None:
        """Ask for the line."""
        from .screens.prompt import Prompt

        if self._given() is None:
            return

        def answered(line: str | None) -> None:
            if line and line.strip():
                self.last = line
                self.show(line)

        self._desk.app.push_screen(
            Prompt("PIPE TO", SYNTAX, self._desk.glyphs, self.last), answered
        )

    last = ""
    """The line typed last: it is there again, to be changed."""

    def show(self, line: str) -> None:
        """Show what a line would run, and run it when that is confirmed."""
        from .screens.question import Choice, Question

        record = self._given()
        if record is None:
            return
        what = planned(line, record)
        if isinstance(what, str):
            self._desk.footer.say(what)
            return
        choices = [Choice("y", "yes, run it", True), Choice("n", "no", False)]

        def answered(yes: bool | None) -> None:
            if yes:
                self._run(what)

        self._desk.app.push_screen(
            Question(preview(what), choices, self._desk.glyphs, "RUN THIS?"), answered
        )

    def _run(self, what: Run) -> None:
        from .screens.pager import Pager

        app = self._desk.app
        with self._suspended():
            if not app.is_headless:
                print(f"reader: running {clean(what.argv[0])}; Ctrl+C stops it.", flush=True)
            said, output = run(what)
        app.refresh()
        self._desk.footer.say(said)
        if output.strip():
            lines, glyphs = shown(output), self._desk.glyphs
            app.push_screen(Pager(f"OUTPUT - {said}", lines, glyphs, folds=True, margin=3))

    @contextlib.contextmanager
    def _suspended(self) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(SuspendNotSupported):
                stack.enter_context(self._desk.app.suspend())
            yield

    def _given(self) -> Given | None:
        desk = self._desk
        row = desk.list.current
        opened = None if row is None else desk.collection.open_record(row.id)
        if opened is None:
            desk.footer.say("There is no record here.")
            return None
        if not isinstance(opened.record, Record):
            desk.footer.say("This file cannot be read as a record.")
            return None
        return given(desk.collection.root, opened.path, opened.record)
