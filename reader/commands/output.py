"""Writing to the user: exact when piped, safe for a terminal, and fitted to its width."""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from typing import TextIO

from reader.records.text import clean, clean_lines, encodable
from reader.terminal.charset import ERRORS, is_c, prepare_errors


def prepare() -> None:
    """Set the streams up: pipes carry UTF-8 and the exact bytes of file names, and a terminal
    that cannot show a character shows its nearest in ASCII, or `?`."""
    prepare_errors()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)  # tests may have put others there
        if reconfigure is None:
            continue
        if stream.isatty():
            # In the C locale Python writes UTF-8, and hardly any terminal of it shows that.
            reconfigure(encoding="ascii" if is_c() else None, errors=ERRORS)
        else:
            reconfigure(encoding="utf-8", errors="surrogateescape")


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether the stream is a terminal; it is None when it was closed before the start."""
    return stream is not None and stream.isatty()


def write(text: str) -> None:
    """Write `text`, made safe where it goes to a terminal, and a newline, to standard output."""
    if is_terminal(sys.stdout):
        text = clean_lines(text)
    print(text)


def write_exact(text: str) -> None:
    """Write `text` to standard output as it is; on a terminal without the NULs meant for xargs.

    For what is safe by itself: JSON has its controls escaped."""
    if is_terminal(sys.stdout) and "\0" in text:
        text = clean_lines(text.replace("\0", "\n"))
    print(text, end="")


def note(message: str) -> None:
    """Write one line for the user to standard error."""
    if sys.stderr is not None:
        print(f"reader: {clean(message)}", file=sys.stderr, flush=True)


def width() -> int:
    """Return the columns of the terminal; at least 20, so that something can be shown."""
    return max(20, shutil.get_terminal_size().columns)


def cells(text: str) -> int:
    """Return how many columns a terminal takes for `text`, which is safe to show."""
    if text.isascii():
        return len(text)
    return sum(map(_cells_of, text))


def _cells_of(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fit(text: str, columns: int, *, pad: bool = True) -> str:
    """Return `text` in exactly `columns` columns (at most, without `pad`): cut with `…`."""
    taken = cells(text)
    if taken > columns:
        kept, taken = [], 0
        for character in text:
            taken += _cells_of(character)
            if taken >= columns:
                break
            kept.append(character)
        text = "".join(kept) + "…"
        taken = cells(text)
    return text + " " * (columns - taken) if pad else text


def exact_path(path: str) -> str:
    """Return a path as it is written to a pipe: its own bytes, whatever they are."""
    try:
        path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return encodable(path)
    return path


class ProgressLine:
    """One line on a terminal's standard error that tells how far a reconcile is."""

    def __init__(self, doing: str = "reading") -> None:
        self._doing = doing
        self._shown = 0
        self._is_wanted = is_terminal(sys.stderr)

    def update(self, done: int, total: int) -> None:
        if self._is_wanted:
            text = f"{self._doing} {done:,} of {total:,} files" if total else "looking for records"
            self._put(fit(text, width() - 1, pad=False))

    def show(self, text: str) -> None:
        """Put this in place of what the line says."""
        if self._is_wanted:
            self._put(fit(clean(text), width() - 1, pad=False))

    def clear(self) -> None:
        if self._shown:
            self._put("")
            self._shown = 0

    def _put(self, text: str) -> None:
        # Spaces, not an escape sequence: this works on every terminal there is.
        blank = " " * max(0, self._shown - len(text))
        end = "\r" if not text else ""
        print(f"\r{text}{blank}{end}", end="", file=sys.stderr, flush=True)
        self._shown = len(text)


def discard_output() -> None:
    """Point standard output at nothing, so that the interpreter's last flush has no one to tell
    that the reader of the pipe has gone."""
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
    except (OSError, ValueError, AttributeError):  # not a file at all: nothing to flush
        pass
