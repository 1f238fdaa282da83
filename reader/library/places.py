"""Where one was in a collection: kept beside its state, so that a lost line loses nothing."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reader.records.query import plain_query

if TYPE_CHECKING:
    from reader.records.row import Row

    from .collection import Collection

SUFFIX = ".place.json"
MOST_MARKS = 5_000
_MOST_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class Place:
    """What was listed and where one stood. Paths are relative to the collection, as `Opened.path`."""

    query: str = ""
    record: str = ""
    """Empty: none."""
    marks: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    """The ids of the rows on the screen and below it, in their order, for the first moment of the next
    start; an index that was made anew has others."""


def place_file(state_path: str) -> Path:
    """Return the file for the place, by the file of the collection's state."""
    return Path(state_path).with_suffix(SUFFIX)


def read_place(file: Path) -> Place | None:
    """Return the place that was kept; None where there is none, or none that can be read."""
    values = _read(file)
    if values is None:
        return None
    query, record, marks = values.get("query"), values.get("record"), values.get("marks")
    if not (isinstance(query, str) and isinstance(record, str) and isinstance(marks, list)):
        return None
    rows = values.get("rows")
    ids = [each for each in rows if isinstance(each, int)] if isinstance(rows, list) else ()
    return Place(query, record, tuple(each for each in marks if isinstance(each, str)), tuple(ids))


def rows_left(
    place: Place, collection: Collection, *, with_topics: bool = False
) -> tuple[list[Row], int]:
    """Return the rows that were on the screen and are in their view still, as they are now, and which
    of them one was at; no rows where that is not among them."""
    current = collection.id_of_path(place.record) if place.rows else None
    if current not in place.rows:
        return [], 0
    plain = plain_query(place.query)
    ids = place.rows if plain is None else collection.still_in(plain.view, place.rows)
    rows = (collection.rows_with_topics if with_topics else collection.rows)(ids)
    at = next((at for at, row in enumerate(rows) if row.id == current), None)
    return ([], 0) if at is None else (rows, at)


def write_place(file: Path, root: Path, place: Place) -> None:
    """Keep a place, whole or not at all. Raises OSError."""
    values = {
        "root": str(root),
        "query": place.query,
        "record": place.record,
        "marks": list(place.marks[:MOST_MARKS]),
        "rows": list(place.rows),
    }
    # As escapes: file names that are no UTF-8 are lone surrogates here.
    data = json.dumps(values, ensure_ascii=True)
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        beside.write_text(data, encoding="ascii")
        os.replace(beside, file)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def last_root(state_dir: Path) -> Path | None:
    """Return the folder of the collection where a place was kept last."""
    newest: tuple[float, Path] | None = None
    try:
        files = [Path(each.path) for each in os.scandir(state_dir) if each.name.endswith(SUFFIX)]
    except OSError:
        return None
    for file in files:
        values = _read(file)
        root = None if values is None else values.get("root")
        if isinstance(root, str) and os.path.isdir(root):
            at = file.stat().st_mtime
            if newest is None or at > newest[0]:
                newest = at, Path(root)
    return None if newest is None else newest[1]


def _read(file: Path) -> dict[str, object] | None:
    try:
        with open(file, "rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
        values = json.loads(data) if len(data) <= _MOST_BYTES else None
    except (OSError, ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None
