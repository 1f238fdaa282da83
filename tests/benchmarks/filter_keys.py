"""What a key in the filter line costs: until the list is repainted, until the sidebar's numbers
stand, and until the list is in another order."""

from __future__ import annotations

import contextlib
import re

from tests.benchmarks import noise, subjects
from tests.benchmarks.results import Results
from tests.benchmarks.subjects import Subject
from tests.terminal.terminal import Terminal

TABLE = "a key in the filter line"
LISTED_MS = "key to list, ms"
SETTLED_MS = "until the numbers stand, ms"
SORTED_MS = "order by a column, ms"

QUERIES = ("robotics lan", "topic:Robotics", "quality:>=70", "is:unpublished heat:40..80")
ORDERS = "utpyqhla"
_TILL_KNOWN = 1.0  # seconds after which what was no query is taken to be none still
_REST = 0.35  # silence after which nothing more is expected


def measure(results: Results, sizes: list[int], reps: int) -> None:
    """Type queries a key at a time, each when the answer to the one before is there."""
    for _ in range(reps):
        with noise.watched(results, "filter"):
            for size in sizes:
                _session(results, subjects.reader(size))
    for size in sizes[1:]:
        name = subjects.reader_name(size)
        large = size > 100_000
        limit = 250 if large else 50
        results.target(
            f"key in the filter line to list, {name}",
            results.median(TABLE, name, LISTED_MS),
            limit,
            " ms",
        )
        if not large:
            settled = results.median(TABLE, name, SETTLED_MS)
            results.target(f"the numbers after the key, {name}", settled, limit + 200, " ms")
            results.target(
                f"order by a column, {name}", results.median(TABLE, name, SORTED_MS), 150, " ms"
            )


def _session(results: Results, subject: Subject) -> None:
    with subject.start() as terminal:
        terminal.wait_for(subject.ready, 60)
        terminal.wait_quiet(1.5, first=3.0)
        for query in QUERIES:
            terminal.begin()
            terminal.press("/")
            terminal.wait_for("Esc as it was")
            for at in range(1, len(query) + 1):
                _press(results, subject.name, terminal, query[at - 1], query[:at])
            terminal.begin()
            terminal.press("escape")
            terminal.wait_quiet(_REST)
        for letter in ORDERS:
            terminal.begin()
            terminal.press("S")
            terminal.wait_for("SORT BY")
            terminal.wait_quiet(0.1)
            terminal.begin()
            terminal.press(letter)
            seconds = terminal.wait_for(re.compile(r" / .* sort:|\b\w+ [↑↓] "))
            results.add(TABLE, subject.name, SORTED_MS, seconds * 1e3)
            terminal.wait_quiet(_REST)
            terminal.press("F")
            terminal.wait_for("newest first")
            terminal.wait_quiet(_REST)
        subject.leave(terminal)


def _press(results: Results, name: str, terminal: Terminal, key: str, typed: str) -> None:
    """Press one key and wait for the count beside the line, which comes with the list; nothing is
    counted where the text so far is no query."""
    count = re.compile(rf"^ / {re.escape(typed)} +\d[\d,]*\+? *$", re.MULTILINE)
    wrong_or_count = re.compile(rf"\^ |{count.pattern}", re.MULTILINE)
    was_wrong = _is_wrong(terminal)
    output = terminal.begin()
    terminal.press(key)
    seconds = 0.0
    if was_wrong:  # and the sign of it stays on the screen until there is a list again
        with contextlib.suppress(TimeoutError):
            seconds = terminal.wait_for(count, _TILL_KNOWN)
    else:
        seconds = terminal.wait_for(wrong_or_count)
    terminal.wait_quiet(_REST)
    if not _is_wrong(terminal) and not typed.endswith(" "):  # a space changes no list
        seconds = seconds or terminal.wait_for(count) or _TILL_KNOWN
        results.add(TABLE, name, LISTED_MS, seconds * 1e3)
        results.add(TABLE, name, SETTLED_MS, output.seconds_to_last * 1e3)


def _is_wrong(terminal: Terminal) -> bool:
    return "^" in terminal.lines[-1]
