"""Records, steps and lists in words, one thing a line."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from reader.library.journal import Step
from reader.records.counting import counted
from reader.records.dates import age_in_words
from reader.records.numbers import written
from reader.records.query import Count
from reader.records.querying import QueryError
from reader.records.record import State
from reader.records.row import Row
from reader.records.text import clean, display, encodable
from reader.records.when import say_deferred

STATE_WORDS = {
    State.UNPUBLISHED: "unpublished",
    State.PUBLISHED: "published",
    State.REJECTED: "rejected",
    State.PROBLEM: "cannot be read",
}


def record_line(row: Row, now: float, *, number: int = 0, marked: bool = False) -> str:
    """Return a record as one line: `unpublished, 3 days, quality 86: title`."""
    parts = [_state(row, now)]
    if row.state is not State.PROBLEM:
        if row.date is not None:
            parts.append(age_in_words(row.date, int(now)))
        if row.quality is not None:
            parts.append(f"quality {written(row.quality)}")
        if row.starred:
            parts.append("starred")
        if row.read:
            parts.append("read")
        if row.warned:
            parts.append("with warnings")
        if row.link is not None:
            parts.append(f"a link is {row.link}")
    if marked:
        parts.insert(0, "marked")
    begun = f"{number:,}. " if number else ""
    return f"{begun}{', '.join(parts)}: {row.title}"


def _state(row: Row, now: float) -> str:
    if row.state is State.UNPUBLISHED and row.deferred_until is not None:
        said = say_deferred(row.deferred_until, now)
        return f"unpublished, {said}" if row.deferred_until <= now else said
    return STATE_WORDS[row.state]


def count_line(number: int, count: Count) -> str:
    """Return a view, topic or folder with its numbers: `2. Unpublished, 60 records`."""
    waiting = f", {count.unpublished:,} unpublished" if count.unpublished else ""
    return f"{number}. {display(count.label)}, {counted(count.total, 'record')}{waiting}"


def step_line(step: Step, now: float) -> str:
    """Return a step of the history."""
    what = step.decision.label if step.of is None else f"{step.how} of step {step.of}"
    age = age_in_words(int(step.at), int(now))
    when = age if age == "now" or age.isdigit() else f"{age} ago"
    about = step.title if step.entries == 1 else f"{step.entries:,} records"
    back = ", taken back" if (step.taken_back_by or 0) > 0 else ""
    return f"Step {step.id}, {when}: {what}, {about}{back}"


def path_shown(path: bytes | str) -> str:
    """Return a path that is safe to say."""
    return encodable(clean(os.fsdecode(path)))


def file_lines(data: bytes) -> Iterator[str]:
    """Yield the lines of a file as it is, without what is never shown."""
    from reader.records.history import without_secured

    lines = data[: 1 << 20].decode("utf-8", "replace").splitlines()
    yield from (encodable(clean(line)) for line in without_secured(lines))


def and_more(lines: Sequence[str], most: int) -> Iterator[str]:
    """Yield the first lines, and how many more there are."""
    yield from lines[:most]
    if len(lines) > most:
        yield f"and {len(lines) - most:,} more"


def wrong(text: str, error: QueryError) -> str:
    """Return what is wrong with a query, and where."""
    part = clean(text[error.start : error.end])[:60]
    at = f" at “{part}”" if part.strip() else ""
    reason, meant = clean(error.reason).rstrip("."), ""
    if error.suggestion:
        reason = reason.partition(": did you mean")[0]  # said once, and as it is written
        meant = f" Did you mean {clean(error.suggestion)[:60]}?"
    end = "" if reason.endswith("?") else "."
    return f"The query is wrong{at}: {reason}{end}{meant}"
