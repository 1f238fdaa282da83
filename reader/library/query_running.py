"""A query under way: what it calls while SQLite runs it, and what ends it before it is done."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reader.records import text
from reader.records.querying import InvalidQuery, Parsed, QueryError, leaves
from reader.records.querying.nodes import Regex
from reader.records.querying.patterns import compiled, folded, is_part

REGEX_SECONDS = 5.0
"""For how long a query may look through texts before it is cut off."""
_STEPS = 20_000  # of SQLite's machine between two looks at `cancelled`: about a millisecond


class QueryCancelled(Exception):  # noqa: N818  its name says enough
    """The answer to a query is not wanted any more."""


@contextmanager
def running(
    connection: sqlite3.Connection, query: Parsed, cancelled: Callable[[], bool]
) -> Iterator[None]:
    """Give the connection what a query calls, and end it when it is cancelled or takes too long."""
    end = time.monotonic() + REGEX_SECONDS

    def matches(pattern: str, value: str | bytes) -> bool:
        if time.monotonic() > end:
            raise TimeoutError
        return compiled(pattern)(value)

    def path(pattern: str, value: bytes) -> bool:
        return matches(pattern, folded(text.encodable(os.fsdecode(value))))

    def lines(pattern: str, value: str) -> bool:
        return any(matches(pattern, folded(line)) for line in value.split("\n"))

    def part(pieces: str, value: str) -> bool:
        return any(is_part(tuple(json.loads(pieces)), line) for line in value.split("\n"))

    for function in (matches, path, lines, part):
        name = f"reader_{function.__name__}"
        connection.create_function(name, 2, function, deterministic=True)
    connection.set_progress_handler(cancelled, _STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise QueryCancelled from None
        if time.monotonic() <= end:
            raise
        found = (leaf for leaf in leaves(query.root) if isinstance(leaf, Regex))
        place = next(found, query.root)
        reason = f"this took over {REGEX_SECONDS:g} seconds and was given up: narrow it down"
        raise InvalidQuery(QueryError(reason, place.start, place.end)) from None
    finally:
        connection.set_progress_handler(None, 0)
