"""From the start of the process to the list painted, index warm."""

from __future__ import annotations

import re

from tests.benchmarks import noise, subjects
from tests.benchmarks.results import Results
from tests.benchmarks.subjects import Subject
from tests.terminal.terminal import Terminal

TABLE = "start to list painted, ms"
PAINTED = "first screenful"
LISTED = "articles listed"
RATIO = "that, by the bare app"
SETTLED = "at rest"
_PAUSE = 0.3  # silence after which the screen is at rest, in seconds


def measure(results: Results, sizes: list[int], reps: int) -> None:
    """Start each program in turn, `reps` times over."""
    bare = subjects.hello()
    compared = [bare, *map(subjects.reader, sizes), subjects.newsboat(sizes[1])]
    for repetition in range(reps + 1):
        with noise.watched(results, "start"):
            for subject in filter(None, compared):
                painted, listed, settled = _once(subject)
                if repetition:  # the first one only warms the caches of the system
                    results.add(TABLE, subject.name, PAINTED, painted * 1e3)
                    results.add(TABLE, subject.name, LISTED, listed * 1e3)
                    results.add(TABLE, subject.name, SETTLED, settled * 1e3)
    for subject in filter(None, compared):
        ratio = results.ratio(TABLE, (subject.name, LISTED), (bare.name, LISTED))
        results.add(TABLE, subject.name, RATIO, ratio or 0.0)
    for size in sizes[1:]:
        ours = subjects.reader_name(size)
        results.target(
            f"start, {ours} by bare Textual app",
            results.median(TABLE, ours, RATIO),
            4.0 if size >= 1_000_000 else 1.5,
        )


def _once(subject: Subject) -> tuple[float, float, float]:
    """Return the seconds to the first screenful, to the list of articles, and to rest.

    A screenful is painted when the frame ends in which its last text came.
    """
    with subject.start() as terminal:
        painted = listed = _painted(terminal, subject.ready)
        settled = terminal.output.seconds_to_last
        if subject.listed:
            terminal.begin()
            terminal.press(*subject.opening)
            listed += _painted(terminal, subject.listed)
            settled = painted + terminal.output.seconds_to_last
        subject.leave(terminal)
    return painted, listed, settled


def _painted(terminal: Terminal, shown: re.Pattern[str]) -> float:
    """Wait for a screenful, and for rest; return the seconds from `begin` to the screenful."""
    seen = terminal.wait_for(shown, 60)
    terminal.wait_quiet(_PAUSE, timeout=5.0)
    return terminal.output.seconds_to_frame(seen)
