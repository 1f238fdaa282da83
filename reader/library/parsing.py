"""From a file's bytes to the rows the index keeps of it: plain tuples, cheap to send."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from hashlib import blake2b

from reader.records import front_matter, text, urls
from reader.records.links import places_of
from reader.records.querying.fields import HAS
from reader.records.querying.patterns import folded
from reader.records.record import Body, Problem, Record

from .files import read_file
from .schema import GONE, PROBLEM, RECORD, SKIPPED

MAX_WORDS = 1 << 18  # characters of a body that word search knows
MAX_VALUES = 1000  # topics, or related links, of one record that the index knows
BETWEEN = "\n\ue000\n"  # topics: a word of nobody's, so that no phrase runs from one into the next
MAX_LINE = 2000  # characters of one displayed value

Parsed = tuple[
    int,  # RECORD, PROBLEM, SKIPPED or GONE
    tuple[object, ...] | None,  # the columns of `records` after id
    tuple[tuple[str, str], ...],  # topics: key, label
    tuple[int, ...],  # keys of the record's own URLs
    tuple[int, ...],  # keys of its related links
    tuple[str, ...] | None,  # the columns of `words`
    tuple[int, str] | None,  # a problem's line and reason
    tuple[object, ...] | None,  # the columns of `details` between id and seen
    tuple[str, ...],  # authors
    str,  # the record's own URLs, one a line
    tuple[tuple[str, bool], ...],  # the hosts of its links, and whether the URLs are odd ones
    tuple[tuple[int, int, int], ...],  # links: the role's number, the URL's key, which host
]

KEY = 8  # which column of a record's is its key

_SKIPPED: Parsed = (SKIPPED, None, (), (), (), None, None, None, (), "", (), ())
_GONE: Parsed = (GONE, None, (), (), (), None, None, None, (), "", (), ())
_BITS = {name: 1 << place for place, name in enumerate(HAS)}
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
    """Return the row that the index keeps of a file that cannot be read."""
    where = (found.line, show(found.reason))
    return (PROBLEM, None, (), (), (), None, where, None, (), "", (), ())


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
        show(record.category),
        show(record.provider.domain),
    )
    words = (
        folded(title),
        folded(show(record.excerpt)),
        folded(provider),
        folded(BETWEEN.join(topics.values())),
        _body_words(record),
    )
    details = (
        _has(record),
        int(record.updated_at.timestamp()) if record.updated_at else None,
        record.rating,
        record.length_seconds,
    )
    authors = {show(author) for author in record.provider.authors[:MAX_VALUES]}
    authors.discard("")
    own = (record.web_url, record.original_url, record.amp_url)
    hosts, links = places_of(record)
    return (
        RECORD,
        row,
        tuple(topics.items()),
        _keys(own),
        _keys(each.url for each in record.related[:MAX_VALUES]),
        words,
        None,
        details,
        tuple(authors),
        "\n".join(dict.fromkeys(show(url) for url in own if url)),
        tuple([(text.encodable(host), odd) for host, odd in hosts]),
        links,
    )


def _has(record: Record) -> int:
    """Return which of `fields.HAS` are there, a bit each."""
    provider = record.provider
    there = {
        "title": record.title,
        "excerpt": record.excerpt,
        "date": record.published_at,
        "updated": record.updated_at,
        "url": record.url,
        "original": record.original_url,
        "amp": record.amp_url or record.cdn_amp_url,
        "category": record.category,
        "type": record.type,
        "quality": record.quality is not None,
        "heat": record.heat is not None,
        "provider": provider.name or provider.domain,
        "domain": provider.domain,
        "author": provider.authors,
        "topic": record.topics,
        "image": record.images,
        "related": record.related,
        "action": record.actions,
        "length": record.length_seconds is not None,
        "price": record.price,
        "rating": record.rating is not None,
        "level": record.levels,
        "item": record.data.get("items"),
        "featured": record.featured_content,
        "body": record.body and not record.body.isspace(),
    }
    return sum(_BITS[name] for name, value in there.items() if value)


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
    # A NUL would end the text for SQLite's LIKE and its trigrams, though not for its words.
    return folded(text.encodable(body).replace("\0", " "))
