"""A record given to another program: what would be run is shown first, and its output is shown safely.

The words of the line are the program's arguments; there is no shell unless the line asks for one.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from reader.records.json_fields import record_fields, to_json
from reader.records.record import Record
from reader.records.text import clean, clean_lines, encodable
from reader.records.urls import is_web_url

from .widgets.line_pane import Line, Piece

if TYPE_CHECKING:
    from .screens.desk import Desk

MOST = 1 << 20
"""Bytes of a program's output that are shown."""
_NAME = re.compile(r"\{(?:path|url)\}")
SYNTAX = "{path} {url}: its path or link; else it reads JSON. ! first: with the terminal. $ first: a shell"


@dataclass(frozen=True, slots=True)
class Given:
    """What of a record can be given."""

    path: str
    """Absolute."""
    url: str
    """Empty where it has none that is well-formed."""
    json: str


@dataclass(frozen=True, slots=True)
class Run:
    """What would be run."""

    argv: tuple[str, ...]
    reads: str
    """What is on its standard input: JSON, or nothing."""
    in_terminal: bool = False
    """Whether it has the terminal to itself, and its output is not ours to show."""
    shell: str = ""
    """The line, where a shell is to read it."""


def planned(line: str, given: Given) -> Run | str:
    """Return what a line asks to run, or a sentence that says why it cannot be."""
    line = line.strip()
    in_terminal = line.startswith("!")
    line = line.removeprefix("!").lstrip()
    if line.startswith("$"):
        line = line[1:].strip()
        if not line:
            return "There is nothing to run."
        # Path and link are arguments of the shell, never part of what it reads as its language.
        argv: tuple[str, ...] = ("sh", "-c", line, "reader", given.path, given.url)
        return Run(argv, "" if in_terminal else given.json, in_terminal, line)
    try:
        words = shlex.split(line)
    except ValueError:
        return "A quotation mark is never closed."
    if not words:
        return "There is nothing to run."
    if any("{url}" in word for word in words) and not given.url:
        return "This record has no http or https link."
    if any("\0" in word for word in words):
        return "An argument cannot hold a NUL character."
    values = {"{path}": given.path, "{url}": given.url}
    argv = tuple(_NAME.sub(lambda found: values[found[0]], word) for word in words)
    named = any(_NAME.search(word) for word in words)
    return Run(argv, "" if named or in_terminal else given.json, in_terminal)


def run(what: Run) -> tuple[str, bytes]:
    """Run it until it ends; return what to say of it, and its output, as far as it is shown."""
    data = what.reads.encode("utf-8")
    if what.in_terminal:
        try:
            code = subprocess.run(what.argv, check=False).returncode
        except (OSError, ValueError) as error:
            return _not_started(what, error), b""
        return _ended(what, code), b""
    # Output goes to a file: a program that writes without end fills neither memory nor a pipe.
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as source:
        source.write(data)
        source.seek(0)
        try:
            process = subprocess.Popen(
                what.argv, stdin=source, stdout=output, stderr=subprocess.STDOUT
            )
        except (OSError, ValueError) as error:
            return _not_started(what, error), b""
        try:
            code = process.wait()
        except KeyboardInterrupt:
            process.terminate()
            with contextlib.suppress(KeyboardInterrupt, subprocess.TimeoutExpired):
                process.wait(3)
            code = process.poll() or -2
        output.seek(0)
        return _ended(what, code), output.read(MOST + 1)


def _not_started(what: Run, error: Exception) -> str:
    reason = getattr(error, "strerror", None) or error
    return f"{clean(encodable(what.argv[0]))} could not be started: {reason}."


def _ended(what: Run, code: int) -> str:
    name = clean(encodable(what.argv[0]))
    if code < 0:
        return f"{name} was stopped by signal {-code}."
    return f"{name} ended with {code}." if code else f"{name} has ended."


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
    size = len(what.reads.encode())
    reads = (
        f"the record as JSON, {size:,} bytes"
        if what.reads
        else "the terminal"
        if what.in_terminal
        else "nothing"
    )
    lines.append((Piece("Reads ", "pane--dim"), Piece(reads)))
    if what.shell:
        lines.append(
            (Piece("A shell reads the line: $1 is the path, $2 the link.", "pane--warning"),)
        )
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

        given = self._given()
        if given is None:
            return
        what = planned(line, given)
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
            app.push_screen(Pager(f"OUTPUT - {said}", shown(output), self._desk.glyphs))

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
        fields = record_fields(opened.path, opened.record)
        fields.pop("secured", None)
        url = opened.record.url or ""
        root = desk.collection.root
        base = os.path.dirname(root) if os.path.isfile(root) else root
        return Given(
            os.path.join(os.path.abspath(base), opened.path),
            url if is_web_url(url) else "",
            to_json(fields, indent=1) + "\n",
        )
