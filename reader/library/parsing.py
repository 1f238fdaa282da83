"""From a file's bytes to the rows the index keeps of it: plain tuples, cheap to send."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from hashlib import blake2b

from reader.records import front_matter, text, urls
from reader.records.record import Body, Problem, Record

from .files import read_file
from .schema import GONE, PROBLEM, RECORD, SKIPPED

MAX_WORDS = 1 << 18  # characters of a body that word search knows
MAX_VALUES = 1000  # topics, or related links, of one record that the index knows
MAX_LINE = 2000  # characters of one displayed value

Parsed = tuple[
    int,  # RECORD, PROBLEM, SKIPPED or GONE
    tuple[object, ...] | None,  # the columns of `records` after id
    tuple[tuple[str, str], ...],  # topics: key, label
    tuple[int, ...],  # keys of the record's own URLs
    tuple[int, ...],  # keys of its related links
    tuple[str, ...] | None,  # the columns of `words`
    tuple[int, str] | None,  # a problem's line and reason
]

KEY = 8  # which column of a record's is its key

_SKIPPED: Parsed = (SKIPPED, None, (), (), (), None, None)
_GONE: Parsed = (GONE, None, (), (), (), None, None)
_TAG = re.compile(r"<[^<>]*>")


def parse_file(root: bytes, path: bytes) -> Parsed:
    """Return what the index keeps of the file `path` below the real folder `root`."""
    data = read_file(root, path)
    if data is None:
        return _GONE
    if isinstance(data, Problem):
        return problem(data)
    return parse_bytes(data, path)


def parse_bytes(data: bytes, path: bytes) -> Parsed:
    """Return what the index keeps of a file called `path` with these bytes."""
    try:
        record = front_matter.read_record(data, os.fsdecode(os.path.basename(path)))
        if record is None:
            return _SKIPPED
        if isinstance(record, Problem):
            return problem(record)
        return _record(record, path)
    except Exception as error:  # noqa: BLE001  one hostile file is one Problem, never the end
        return problem(failed(error))


def failed(error: Exception) -> Problem:
    """Return the Problem of a file whose reading ended in an exception nobody foresaw."""
    return Problem(f"This file could not be read as a record ({type(error).__name__}).")


def problem(found: Problem) -> Parsed:
    return (PROBLEM, None, (), (), (), None, (found.line, show(found.reason)))


def path_key(path: bytes) -> int:
    """Return the key of a record without a URL: a signed 64-bit hash (BLAKE2b) of its path."""
    return int.from_bytes(blake2b(path, digest_size=8).digest(), "big", signed=True)


def record_key(record: Record, path: bytes) -> int:
    """Return the key under which the reader's own state knows this record."""
    url = record.url
    key = urls.url_key(url) if url else None
    return path_key(path) if key is None else key


def show(value: str | None) -> str:
    """Return the text safe to show, on one line, of a length a list can bear."""
    if not value:
        return ""
    return text.encodable(text.display(value[:MAX_LINE]))


def _record(record: Record, path: bytes) -> Parsed:
    title = show(record.title) or show(os.fsdecode(os.path.basename(path)))
    provider = show(record.provider.name) or show(record.provider.domain)
    topics: dict[str, str] = {}
    for topic in record.topics[:MAX_VALUES]:
        label = show(topic)
        key = text.fold(label)
        if key:
            topics.setdefault(key, label)
    row = (
        int(record.state),
        int(record.published_at.timestamp()) if record.published_at else None,
        record.quality,
        record.heat,
        provider,
        title,
        show(record.type),
        bool(record.warnings),
        record_key(record, path),
        os.path.dirname(path),
    )
    words = (
        title,
        show(record.excerpt),
        provider,
        "\n".join(topics.values()),
        _body_words(record),
    )
    return (
        RECORD,
        row,
        tuple(topics.items()),
        _keys((record.web_url, record.original_url, record.amp_url)),
        _keys(each.url for each in record.related[:MAX_VALUES]),
        words,
        None,
    )


def _keys(links: Iterable[str | None]) -> tuple[int, ...]:
    keys = {urls.url_key(link) for link in links if link}
    keys.discard(None)
    return tuple(key for key in keys if key is not None)


def _body_words(record: Record) -> str:
    body = record.body[:MAX_WORDS]
    if not body or body.isspace():
        return ""
    if record.body_kind is Body.HTML:
        body = _TAG.sub(" ", body)
    return text.encodable(body)
