"""What a key costs: time and bytes of `j` inside a page, at its edge, in bursts, and held."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.benchmarks import noise, subjects
from tests.benchmarks.results import Results
from tests.benchmarks.subjects import SIZE, Subject
from tests.terminal.regions import bytes_by_region
from tests.terminal.terminal import Terminal

TABLE = "a key in the list"
KEY_MS = "j, ms"
SETTLED_MS = "j until it rests, ms"
BYTES = "bytes a j"
LIST_BYTES = "of them list"
DETAIL_BYTES = "detail"
EDGE_BYTES = "at the edge"
BURST_MS = "100 j at once, ms"
HELD_MS = "held 5 s: lag, ms"
ANSWERED = "answered, %"
MEMORY = "resident MiB"

_GAP = 0.04  # silence after which the answer to a key is complete, in seconds
_REST = 0.35  # silence after which nothing more is expected (the detail may follow late)
_INSIDE = 24  # presses that stay inside a page
_HELD_RATE = 30
_HELD_SECONDS = 5


def measure(results: Results, sizes: list[int], reps: int) -> None:
    """Press keys in each program in turn, `reps` times over (at least 60 single presses)."""
    compared = [*map(subjects.reader, sizes), subjects.newsboat(sizes[1])]
    for _ in range(max(reps, 3)):
        with noise.watched(results, "keys"):
            for subject in filter(None, compared):
                _session(results, subject)
    _targets(results, sizes)


def _targets(results: Results, sizes: list[int]) -> None:
    small = subjects.reader_name(sizes[0])
    for size in sizes[1:]:
        ours = subjects.reader_name(size)
        ratio = results.ratio(TABLE, (ours, KEY_MS), (small, KEY_MS))
        results.target(f"j, {ours} by {small}", ratio, 1.3)
        for text, column, limit, unit in (
            ("j, key to last byte", KEY_MS, 10, " ms"),
            ("100 j at once, last frame", BURST_MS, 250, " ms"),
            (f"j held at {_HELD_RATE}/s, lag of the last frame", HELD_MS, 250, " ms"),
            ("bytes a j, list alone", LIST_BYTES, 900, ""),
        ):
            results.target(f"{text}, {ours}", results.median(TABLE, ours, column), limit, unit)
        if size <= 100_000:
            memory = results.median(TABLE, ours, MEMORY)
            results.target(f"resident memory, {ours}", memory, 120, " MiB")
        answered = results.median(TABLE, ours, ANSWERED)
        results.target(f"j held, answered before the next, {ours}", answered, 95, " %", True)


def _session(results: Results, subject: Subject) -> None:
    def add(column: str, *values: float) -> None:
        results.add(TABLE, subject.name, column, *values)

    with subject.start(keep_output=True) as terminal:
        terminal.wait_for(subject.ready, 60)
        if subject.listed:
            terminal.press(*subject.opening)
            terminal.wait_for(subject.listed, 60)
        terminal.wait_quiet(1.5, first=3.0)  # the reconcile in the background is over
        add(MEMORY, terminal.resident_mib)
        region = regions(terminal.lines)
        to_top(terminal)
        for _ in range(_INSIDE):
            press = press_once(terminal)
            add(KEY_MS, press.seconds * 1e3)
            add(SETTLED_MS, press.settled_seconds * 1e3)
            add(BYTES, len(press.output))
            counts = bytes_by_region(press.output, region)
            add(DETAIL_BYTES, counts["detail"])
            add(LIST_BYTES, counts.total() - counts["detail"])
        edge = [len(press_once(terminal, rest=_GAP).output) for _ in range(SIZE[1] - _INSIDE)]
        add(EDGE_BYTES, max(edge))
        to_top(terminal)
        terminal.begin()
        terminal.press(*"j" * 100)
        terminal.wait_quiet(_REST)
        add(BURST_MS, terminal.output.seconds_to_last * 1e3)
        to_top(terminal)
        lag, answered = _held(terminal)
        add(HELD_MS, lag * 1e3)
        add(ANSWERED, answered * 100)
        subject.leave(terminal)


@dataclass
class Press:
    """What followed one key: seconds to the last byte of the answer, and of all there was."""

    seconds: float
    settled_seconds: float
    output: bytes


def press_once(terminal: Terminal, rest: float = _REST) -> Press:
    """Press `j` and wait for what follows."""
    start = len(terminal.output_bytes)
    output = terminal.begin()
    terminal.press("j")
    terminal.wait_quiet(_GAP)
    seconds = output.seconds_to_last
    terminal.wait_quiet(rest)
    return Press(seconds, output.seconds_to_last, bytes(terminal.output_bytes[start:]))


def to_top(terminal: Terminal) -> None:
    """Bring the cursor to the first row (Home: newsboat knows no `g`), and wait for rest."""
    terminal.begin()
    terminal.press("home")
    terminal.wait_quiet(_REST)


def _held(terminal: Terminal) -> tuple[float, float]:
    """Hold `j` down; return the last frame's lag in seconds, the share of keys answered in time."""
    presses = _HELD_RATE * _HELD_SECONDS
    answered = 0
    begun = time.perf_counter()
    for number in range(presses):
        output = terminal.begin()
        terminal.press("j")
        due = begun + (number + 1) / _HELD_RATE
        while number < presses - 1 and (left := due - time.perf_counter()) > 0:
            terminal.pump(left)
        if number == presses - 1:
            terminal.wait_quiet(_REST)
        answered += output.first is not None and output.first <= due
    return output.seconds_to_last, answered / presses


def regions(lines: list[str]) -> Callable[[int, int], str]:
    """Return which pane a cell is in, by the rules that stand between the panes.

    Without two rules all is the list.
    """
    tall = len(lines) * 2 // 3
    rules = [
        column for column in range(SIZE[0]) if sum(line[column] in "│|" for line in lines) >= tall
    ]

    def region(row: int, column: int) -> str:
        if row in (0, len(lines) - 1):
            return "bars"
        return "detail" if len(rules) > 1 and column > rules[-1] else "list"

    return region
