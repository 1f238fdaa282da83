"""The commands: one module each, loaded when it is the one asked for.

A command's module has `SUMMARY`, `EXAMPLES`, `add_arguments(parser)` and `run(args) -> int`.
"""

from __future__ import annotations

MODULES = {
    "list": "list",
    "count": "count",
    "views": "views",
    "explain": "explain",
    "show": "show",
    "topics": "topics",
    "problems": "problems",
    "index": "index",
    "star": "marks",
    "unstar": "marks",
    "read": "marks",
    "unread": "marks",
    "triage": "triage",
    "edit": "edit",
    "log": "log",
    "undo": "undo",
    "redo": "undo",
    "commit": "commit",
    "sync": "sync",
    "check": "check",
    "links": "links",
    "sample": "sample",
    "config": "reader.own.config",
    "keys": "reader.own.keys",
    "doctor": "doctor",
    "completion": "reader.own.completion",
    "manual": "reader.own.manual",
}
"""Which module of this package, or of another, holds which command; in the order that help names them."""

DONE, FOUND, USAGE, FAILED, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes: done; done, and something was found wrong; wrong usage or configuration; could not
be done; stopped by Ctrl+C."""


class CommandError(Exception):
    """A command that ends without having done its work: one line for the user, and an exit code."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        self.code = code
        super().__init__(message)


def nearest(word: str, words: list[str]) -> str:
    """Return `; did you mean “…”?` naming the word most like this one, or `.` when none is."""
    import difflib  # here: only a mistake needs it

    folded = {each.casefold(): each for each in words}
    near = difflib.get_close_matches(word.casefold(), folded, n=1)
    return f"; did you mean “{folded[near[0]]}”?" if near else "."
