"""The forms in which `reader list` writes records: fitted lines, tabs, JSON, templates."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from reader.records.json_fields import problem_fields, record_fields, to_json
from reader.records.numbers import written
from reader.records.record import Problem, Record, State
from reader.records.row import Row

from .output import cells, exact_path, fit, width, write, write_exact
from .template import Template

if TYPE_CHECKING:
    from reader.library.collection import Collection

FLUSH_EVERY = 0.05  # seconds
_AT_ONCE = 500  # rows asked of the index at a time
_SIGNS = {
    State.UNPUBLISHED: ("●", "o"),
    State.PUBLISHED: ("✓", "+"),
    State.REJECTED: ("✗", "x"),
    State.PROBLEM: ("▲", "?"),
}
_DEFERRED = ("◷", "z")


def write_fitted(collection: Collection, ids: Sequence[int]) -> None:
    """Write aligned lines as wide as the terminal."""
    columns = width()
    ascii_only = int(not _can_show("●✓✗◷…"))
    provider = 18 if columns >= 100 else 12 if columns >= 60 else 0
    for row in _rows(collection, ids):
        deferred = row.deferred_until is not None and row.state is State.UNPUBLISHED
        sign = (_DEFERRED if deferred else _SIGNS[row.state])[ascii_only]
        parts = [sign, _local_day(row.date), f"{_number(row.quality):>4}"]
        if provider:
            parts.append(fit(row.provider, provider))
        line = " ".join(parts) + "  "
        write(line + fit(row.title, max(8, columns - 1 - cells(line)), pad=False))


def write_tabbed(collection: Collection, ids: Sequence[int]) -> None:
    """Write state, date, quality, provider, title and path with a tab between them."""
    for row in _rows(collection, ids):
        path = exact_path(collection.path(row.id) or "")
        date = "" if row.date is None else datetime.fromtimestamp(row.date, UTC).isoformat()
        parts = (
            row.state.name.lower(),
            date.replace("+00:00", "Z"),
            _number(row.quality),
            row.provider,
            row.title,
            path.replace("\t", " ").replace("\n", " "),
        )
        write("\t".join(parts))


def write_json(collection: Collection, ids: Sequence[int]) -> None:
    """Write one object with the records and, apart, the collection's problems; as they are read,
    so that a million records take no more memory than one."""
    problems = dict(collection.problems())
    deferrals = collection.deferrals()
    begun = False
    write_exact('{"records": [')
    for id, path, found in _read(collection, ids):
        if isinstance(found, Problem):
            problems[path] = found  # it broke just now
            continue
        fields = record_fields(path, found, until=deferrals.get(id))
        write_exact((",\n" if begun else "\n") + to_json(fields))
        begun = True
    write_exact('\n], "problems": [')
    write_exact(",".join("\n" + to_json(problem_fields(*each)) for each in problems.items()))
    write_exact("\n]}\n")


def write_json_lines(collection: Collection, ids: Sequence[int]) -> None:
    """Write a line of JSON for each record as soon as it is read: whoever reads the pipe waits for
    one record, not for all."""
    flushed = 0.0
    deferrals = collection.deferrals()
    for id, path, found in _read(collection, ids):
        if isinstance(found, Record):
            write_exact(to_json(record_fields(path, found, until=deferrals.get(id))) + "\n")
            if time.monotonic() - flushed > FLUSH_EVERY:
                sys.stdout.flush()
                flushed = time.monotonic()


def write_template(collection: Collection, ids: Sequence[int], template: Template) -> None:
    """Write what the template makes of each record."""
    if template.needs_record:
        for _, path, found in _read(collection, ids):
            state = found.state if isinstance(found, Record) else State.PROBLEM
            _write_line(template, template.line(path, state, found))
        return
    for row in _rows(collection, ids):
        where = collection.path(row.id)
        if where is not None:
            _write_line(template, template.line(where, row.state, None))


def _write_line(template: Template, line: str) -> None:
    if template.ends_itself:
        write_exact(line)
    else:
        write(line)


def _rows(collection: Collection, ids: Sequence[int]) -> Iterator[Row]:
    for start in range(0, len(ids), _AT_ONCE):
        yield from collection.rows(ids[start : start + _AT_ONCE])


def _read(
    collection: Collection, ids: Sequence[int]
) -> Iterator[tuple[int, str, Record | Problem]]:
    """Yield id, path and content of each record, read from its file just now."""
    for each in ids:
        opened = collection.open_record(each)
        if opened is None:  # gone since it was listed
            continue
        yield each, opened.path, opened.record


def _number(value: float | None) -> str:
    return "" if value is None else written(value)


def _local_day(seconds: int | None) -> str:
    if seconds is None:
        return " " * 10
    try:
        moment = datetime.fromtimestamp(seconds)
    except (OverflowError, ValueError, OSError):  # year 1 or 9999, pushed out by the time zone
        moment = datetime.fromtimestamp(seconds, UTC)
    return moment.date().isoformat()


def _can_show(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
