"""From the start of the process to the list painted, index warm."""

from __future__ import annotations

from tests.benchmarks import noise, subjects
from tests.benchmarks.results import Results
from tests.benchmarks.subjects import Subject

TABLE = "start to list painted, ms"
LISTED = "articles listed"
RATIO = "that, by the bare app"
WHOLE = "whole screen"
SETTLED = "at rest"
_PAUSE = 0.3  # silence after which the screen is at rest, in seconds


def measure(results: Results, sizes: list[int], reps: int) -> None:
    """Start each program in turn, `reps` times over."""
    bare = subjects.hello()
    compared = [bare, *map(subjects.reader, sizes), subjects.newsboat(sizes[1])]
    for repetition in range(reps + 1):
        with noise.watched(results, "start"):
            for subject in filter(None, compared):
                seconds = _once(subject)
                if repetition:  # the first one only warms the caches, of the system and our own
                    for measured, each in seconds.items():
                        results.add(TABLE, subject.name, measured, each * 1e3)
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


def _once(subject: Subject) -> dict[str, float]:
    """Return the seconds to the list of articles, to the whole screen, and to rest.

    Each is there when the last of its texts has come; of a whole screen, when the synchronized frame
    has ended that brought it.
    """
    with subject.start() as terminal:
        before = 0.0
        listed = terminal.wait_for(subject.ready, 60)
        if subject.listed:
            before = terminal.output.seconds_to_frame(listed)
            terminal.begin()
            terminal.press(*subject.opening)
            listed = terminal.wait_for(subject.listed, 60)
        seen = max(listed, terminal.wait_for(subject.whole, 60) if subject.whole else 0.0)
        terminal.wait_quiet(_PAUSE, timeout=5.0)
        whole = terminal.output.seconds_to_frame(seen)
        settled = terminal.output.seconds_to_last
        subject.leave(terminal)
    return {LISTED: before + listed, WHOLE: before + whole, SETTLED: before + settled}
