"""What crosses the wire: bytes of a key by pane and kind of output, and how late a hundred keys end
over slow and distant lines, beside newsboat."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping

from tests.benchmarks import noise, subjects
from tests.benchmarks.keys import press_once, regions
from tests.benchmarks.results import Results
from tests.benchmarks.subjects import SIZE, Subject
from tests.terminal.line import DistantTerminal
from tests.terminal.regions import bytes_by_region
from tests.terminal.terminal import Terminal

TABLE = "over the wire"
FIRST = "first paint, bytes"
LIST = "j in the page, list, bytes"
DETAIL = "j, detail, bytes"
EDGE = "j through the edge, list, mean"
JUMP = "the jump at the edge, list"
IDLE = "idle, bytes"
_LINES = (
    ("32 kB/s", 32_000, 0.0),
    ("8 kB/s", 8_000, 0.0),
    ("56,000 bit/s, 200 ms", 5_600, 0.2),
    ("9,600 bit/s, 200 ms", 960, 0.2),
)
_KEYS = 100
_RATE = 30


def measure(results: Results, size: int, reps: int, idle: float) -> None:
    """Drive each program over each line, `reps` times over."""
    lean = _reader(size, "lean", {"READER_OUTPUT": "lean", "READER_MOTION": "none"})
    poor = {
        "READER_OUTPUT": "lean",
        "READER_MOTION": "none",
        "TERM": "xterm-16color",
        "COLORTERM": "",
    }
    compared = [
        lean,
        _reader(size, "lean, 16 colours", poor),
        _reader(size, "stock", {"READER_OUTPUT": "stock"}),
        subjects.newsboat(size),
    ]
    for rep in range(reps):
        with noise.watched(results, "wire"):
            for subject in filter(None, compared):
                _bytes(results, subject, idle if rep == 0 else 0)
                for name, rate, delay in _LINES if subject.name != "stock" else _LINES[:1]:
                    _late(results, subject, name, rate, delay)
    _targets(results, lean.name)


def _reader(size: int, kind: str, env: Mapping[str, str]) -> Subject:
    subject = subjects.reader(size)
    return Subject(kind, subject.argv, subject.ready, {**subject.env, **env, "LANG": "C.UTF-8"})


def _targets(results: Results, lean: str) -> None:
    for text, program, column, limit, unit in (
        ("bytes a j in the page, list alone", lean, LIST, 400, ""),
        ("bytes a j through the edge, list alone", lean, EDGE, 600, ""),
        ("bytes a j in the page, 16 colours", "lean, 16 colours", LIST, 300, ""),
        ("100 j over 32 kB/s, late", lean, f"{_KEYS} j late, 32 kB/s, s", 0.3, " s"),
        ("100 j over 8 kB/s, late", lean, f"{_KEYS} j late, 8 kB/s, s", 1.0, " s"),
        ("sent while idle", lean, IDLE, 0, ""),
    ):
        results.target(text, results.median(TABLE, program, column), limit, unit)


def _open(subject: Subject, terminal: Terminal) -> None:
    terminal.wait_for(subject.ready, 120)
    if subject.listed:
        terminal.press(*subject.opening)
        terminal.wait_for(subject.listed, 120)
    terminal.wait_quiet(2.0, first=3.0)


def _bytes(results: Results, subject: Subject, idle: float) -> None:
    def add(column: str, *values: float) -> None:
        results.add(TABLE, subject.name, column, *values)

    with subject.start(keep_output=True) as terminal:
        terminal.wait_for(subject.ready, 60)
        terminal.wait_quiet(2.5, first=3.0)
        add(FIRST, len(terminal.output_bytes))
        _open(subject, terminal)
        region = regions(terminal.lines)
        counts = []
        for _ in range(2 * SIZE[1]):
            output = press_once(terminal).output
            by_pane = bytes_by_region(output, region)
            counts.append((by_pane.total() - by_pane["detail"], by_pane["detail"]))
        inside = counts[: SIZE[1] // 2]
        add(LIST, *[shown for shown, _ in inside])
        add(DETAIL, *[detail for _, detail in inside])
        beyond = _beyond_the_edge([shown for shown, _ in counts])
        add(EDGE, sum(beyond) / len(beyond))
        add(JUMP, max(beyond))
        if idle:
            terminal.wait_quiet(2.5, first=2.5)  # the last record counts as read by then
            terminal.begin()
            end = time.perf_counter() + idle
            while time.perf_counter() < end:
                terminal.pump(0.5)
            add(IDLE, terminal.output.bytes)
        subject.leave(terminal)


def _beyond_the_edge(counts: list[int]) -> list[int]:
    """Return the keys of a way down beyond the page's edge: who jumps there, from one jump to the last,
    so that each counts once with all the keys that it is good for; who scrolls at each key, those."""
    usual = sorted(counts[: SIZE[1] // 2])[SIZE[1] // 4]
    jumps = [at for at, count in enumerate(counts) if count > 4 * usual]
    return counts[jumps[0] : jumps[-1]] if len(jumps) > 1 else counts[SIZE[1] :]


def _late(results: Results, subject: Subject, name: str, rate: float, delay: float) -> None:
    """Type a hundred keys over a line; how long after the last one its answer, and all, is there."""
    terminal = DistantTerminal(
        subject.argv, size=SIZE, env=subject.env, term=_term(subject), rate=rate, delay=delay
    )
    with terminal:
        _open(subject, terminal)
        terminal.begin()
        terminal.press("j")
        listed = terminal.wait_for(re.compile(r"\b2 of "), 60) if subject.listed is None else 0.0
        terminal.wait_quiet(max(1.2, 6 * delay), first=3.0)
        last = terminal.output.seconds_to_last
        results.add(TABLE, subject.name, f"one j, list, {name}, ms", (listed or last) * 1e3)
        results.add(TABLE, subject.name, f"one j, all there, {name}, ms", last * 1e3)
        begun = time.perf_counter()
        for number in range(_KEYS):
            terminal.press("j")
            due = begun + (number + 1) / _RATE
            while (left := due - time.perf_counter()) > 0:
                terminal.pump(left)
        last = due - 1 / _RATE
        terminal.begin()
        if subject.listed is None:  # ours says where the cursor is
            terminal.wait_for(re.compile(rf"\b{_KEYS + 2:,} of "), 120)
            seen = max(terminal._parsed_at, last)
        else:
            seen = 0.0
        terminal.wait_quiet(max(1.0, 5 * delay), first=2.0, timeout=180)
        end = terminal.output.last or last
        results.add(TABLE, subject.name, f"{_KEYS} j late, {name}, s", (seen or end) - last)
        results.add(TABLE, subject.name, f"{_KEYS} j, all there, {name}, s", end - last)
        subject.leave(terminal)


def _term(subject: Subject) -> str:
    return str(subject.env.get("TERM", "xterm-256color"))
