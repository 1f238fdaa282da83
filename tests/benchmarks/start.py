"""From the start of the process to the list painted, index warm."""

from __future__ import annotations

from tests.benchmarks import noise, subjects
from tests.benchmarks.results import Results
from tests.benchmarks.subjects import Subject

TABLE = "start to list painted, ms"
PAINTED = "first screenful"
LISTED = "articles listed"
RATIO = "that, by the bare app"
_PAUSE = 0.03  # silence that ends a screenful, in seconds


def measure(results: Results, sizes: list[int], reps: int) -> None:
    """Start each program in turn, `reps` times over."""
    bare = subjects.hello()
    compared = [bare, *map(subjects.reader, sizes), subjects.newsboat(sizes[1])]
    for repetition in range(reps + 1):
        with noise.watched(results, "start"):
            for subject in filter(None, compared):
                painted, listed = _once(subject)
                if repetition:  # the first one only warms the caches of the system
                    results.add(TABLE, subject.name, PAINTED, painted * 1e3)
                    results.add(TABLE, subject.name, LISTED, listed * 1e3)
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


def _once(subject: Subject) -> tuple[float, float]:
    """Return the seconds to the first screenful, and those to the list of articles."""
    with subject.start() as terminal:
        terminal.wait_for(subject.ready, 60)
        terminal.wait_quiet(_PAUSE, timeout=1.0)
        painted = listed = terminal.output.seconds_to_last
        if subject.listed:
            terminal.begin()
            terminal.press(*subject.opening)
            terminal.wait_for(subject.listed, 60)
            terminal.wait_quiet(_PAUSE, timeout=1.0)
            listed += terminal.output.seconds_to_last
        subject.leave(terminal)
    return painted, listed
