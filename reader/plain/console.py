"""Lines in and lines out: what the line mode has of a terminal."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TextIO

from reader.records.text import clean, clean_lines

LONGEST_LINE = 5000
"""Characters of a line that is read; a query may have 4,000."""
LONGEST_PART = 1000
"""Characters of a line that is said; what is longer goes on in the next one."""
PAGE_LINES, PAGE_CHARACTERS = 10, 1500
"""After so much the console waits to be asked for more."""
YES_OR_NO = {"y": "yes", "yes": "yes", "n": "no", "no": "no", "": "no"}
"""The answers to a question, and what each stands for: nothing typed is no."""

_ASCII = {
    "“": '"', "”": '"', "‘": "'", "’": "'", "„": '"', "«": '"', "»": '"', "…": "...", "–": "-",
    "—": "-", "·": "-", "→": ">", "−": "-", "×": "x", "€": "EUR", "£": "GBP", "ß": "ss", "æ": "ae",
    "ø": "o", "œ": "oe", "ł": "l", "␛": "^[",
}  # fmt: skip


class Console:
    """Reads commands and says what became of them, in a terminal or between pipes."""

    def __init__(
        self, source: TextIO | None = None, sink: TextIO | None = None, *, ascii_only: bool = False
    ) -> None:
        self._source = source if source is not None else sys.stdin
        self._sink = sink if sink is not None else sys.stdout
        self._ascii_only = ascii_only
        self._rest: Iterator[str] | None = None
        self.wrap_at = 0
        """After how many columns lines are broken; 0: that is left to the terminal."""
        self.can_ask = self._source.isatty()
        """Whether somebody types: else the next line is a command, and never an answer."""
        self.is_interactive = self.can_ask and self._sink.isatty()
        """Whether somebody sits there: else nothing is asked for in pieces, and no prompt is said."""
        self._readline = _line_editor() if self.is_interactive else None

    # -- saying -----------------------------------------------------------------------------------
    def say(self, text: str) -> None:
        """Say one line (or the lines that a text has), whatever its length."""
        for line in clean_lines(text).split("\n"):
            for part in self._wrapped(line):
                self._put(part)

    def page(self, lines: Iterable[str]) -> None:
        """Say lines, to somebody at a terminal a few at a time; `more` says the next ones."""
        self._rest = (
            part for line in lines for each in _parts(line) for part in self._wrapped(each)
        )
        self.more()

    @property
    def has_more(self) -> bool:
        """Whether lines are waiting."""
        return self._rest is not None

    def forget_rest(self) -> None:
        self._rest = None

    def more(self) -> None:
        """Say the next of the lines that wait."""
        rest, self._rest = self._rest, None
        if rest is None:
            return
        said = 0
        for count, line in enumerate(rest):
            if self.is_interactive and count and (count >= PAGE_LINES or said > PAGE_CHARACTERS):
                self._rest = chain([line], rest)
                self._put("More: Enter.")
                return
            self._put(line)
            said += len(line)

    def _wrapped(self, line: str) -> list[str]:
        """Return a line in pieces, broken between words: a link stays whole."""
        if not self.wrap_at or len(line) <= self.wrap_at:
            return [line]
        import textwrap

        return textwrap.wrap(
            line, self.wrap_at, break_long_words=False, break_on_hyphens=False
        ) or [""]

    def _put(self, line: str) -> None:
        if self._ascii_only and not line.isascii():
            line = in_ascii(line)
        try:
            print(line, file=self._sink, flush=self.is_interactive)
        except UnicodeEncodeError:
            print(in_ascii(line), file=self._sink, flush=self.is_interactive)

    # -- reading ----------------------------------------------------------------------------------
    def read(self, prompt: str = "> ", *, remember: bool = True) -> str | None:
        """Return the next line typed, without its end; None at the end of the input (Ctrl+D).

        Raises KeyboardInterrupt (Ctrl+C)."""
        if self.is_interactive:
            try:
                line = input(in_ascii(prompt))
            except EOFError:
                self._put("")
                return None
            except UnicodeDecodeError:
                return "\ufffd"
            if remember and self._readline is not None and line.strip():
                self._readline.add_history(line)
            return line
        line = self._source.readline(LONGEST_LINE + 1)
        if not line:
            return None
        if len(line) > LONGEST_LINE:
            while line and not line.endswith("\n"):
                line = self._source.readline(LONGEST_LINE)
            return "\ufffd" * LONGEST_LINE  # no command; said to be none
        return line.rstrip("\r\n")

    def ask(self, question: str, answers: Mapping[str, str], *, instead: str) -> str | None:
        """Ask until one of the answers is typed, and return what it stands for; None at the end of
        the input and on Ctrl+C. Where nobody types nothing is asked or read: it is None, and said
        what to write `instead`."""
        if not self.can_ask:
            self.say(f"A pipe is not asked “{question}”: {instead}")
            return None
        while True:
            self.forget_rest()
            if not self.is_interactive:
                self.say(question)
            try:
                line = self.read(f"{clean(question)} ", remember=False)
            except KeyboardInterrupt:
                self._put("")
                return None
            if line is None:
                return None
            found = answers.get(line.strip().casefold())
            if found is not None:
                return found
            self.say(f"Answer {' or '.join(filter(None, answers))}.")

    def complete_with(self, words: Iterable[str]) -> None:
        """Have Tab complete the first word of a line."""
        if self._readline is None:
            return
        known = sorted(words)

        def complete(text: str, state: int) -> str | None:
            found = [word for word in known if word.startswith(text)]
            return found[state] if state < len(found) else None

        self._readline.set_completer(complete)
        self._readline.parse_and_bind("tab: complete")


class _LineEditor:
    """The system's line editing with a history, kept from sending escape sequences: it takes the
    terminal for a dumb one."""

    def __init__(self) -> None:
        import readline

        readline.parse_and_bind("set enable-bracketed-paste off")
        readline.parse_and_bind("set enable-meta-key off")
        readline.parse_and_bind("set bell-style none")
        readline.parse_and_bind("set show-all-if-ambiguous on")
        readline.set_auto_history(False)
        readline.set_completer_delims(" ")
        self.add_history = readline.add_history
        self.set_completer = readline.set_completer
        self.parse_and_bind = readline.parse_and_bind


def _line_editor() -> _LineEditor | None:
    term = os.environ.get("TERM")
    os.environ["TERM"] = "dumb"  # it looks once, when it is loaded
    try:
        return _LineEditor()
    except ImportError:  # a Python without it: the terminal's own editing of a line remains
        return None
    finally:
        if term is None:
            del os.environ["TERM"]
        else:
            os.environ["TERM"] = term


def in_ascii(text: str) -> str:
    """Return a text as it can be said without Unicode: quotes straight, accents dropped, `?` for
    what has no such form."""
    if text.isascii():
        return text
    found = []
    for char in text:
        said = _ASCII.get(char) if not char.isascii() else char
        if said is None:
            plain = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
            said = plain or ("" if unicodedata.combining(char) else "?")
        found.append(said)
    return "".join(found)


def _parts(line: str) -> Iterator[str]:
    """Yield the lines of a text, the very long ones in pieces."""
    for each in clean_lines(line).split("\n"):
        rest = each
        while len(rest) > LONGEST_PART:
            at = rest.rfind(" ", 1, LONGEST_PART) + 1 or LONGEST_PART
            yield rest[:at].rstrip()
            rest = rest[at:]
        yield rest
