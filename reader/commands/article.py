"""A record as lines of text to read: every field in reading order, safe to show."""

from __future__ import annotations

import contextlib
import html
import re
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from datetime import datetime

from reader.records import hosts
from reader.records.dates import duration
from reader.records.numbers import written
from reader.records.record import Body, Record, Related
from reader.records.text import display, display_lines
from reader.records.when import say_deferred

from .output import is_terminal, width
from .template import value_text

_LABEL = 10  # columns
_MAX_WRAPPED = 100_000  # characters; what is longer is left to the terminal
_TOLD = frozenset((
    "title", "name", "excerpt", "publishedDateTime", "updatedDateTime", "webUrl", "originalUrl",
    "ampWebUrl", "cdnAmpWebUrl", "type", "category", "quality", "heat", "published", "removed",
    "provider", "topics", "images", "related", "length", "price", "ratings", "levels", "actions",
    "featuredContent", "secured",
))  # fmt: skip
# Possessive, so that a tag which never ends costs its length, not the square of it.
_TAG = re.compile(r"<(/?+)([a-zA-Z][a-zA-Z0-9]*+)?+[^<>]*+>")
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figure", "footer",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section", "table",
    "td", "th", "tr", "ul",
))  # fmt: skip


def article_lines(
    record: Record,
    resolve: Callable[[str], str | None],
    *,
    until: int | None = None,
    columns: int | None = None,
) -> Iterator[str]:
    """Yield the lines; `resolve` returns the path of the record with a URL, where there is one;
    `until`: when a deferral of the record ends, in seconds since 1970.

    They are wrapped at `columns` (0: not at all; by default as the terminal is wide)."""
    if columns is None:
        columns = width() - 1 if is_terminal(sys.stdout) else 0
    yield from _wrapped(display(record.title or "(no title)"), "", columns)
    yield from _facts(record, until, columns)
    if record.excerpt:
        yield ""
        yield from _wrapped(display_lines(record.excerpt), "", columns)
    body = body_text(record)
    if body:
        yield ""
        yield from _wrapped(body, "", columns)
    yield from _links(record)
    for image in record.images:
        if image.url:
            size = f" {image.width}x{image.height}" if image.width and image.height else ""
            title = f" {display(image.title)}" if image.title else ""
            yield f"{'image':<{_LABEL}}{_url(image.url)}{size}{title}"
    if record.related:
        yield ""
        yield "related"
        for number, related in enumerate(record.related, 1):
            yield from _related(number, related, resolve, columns)
    if record.warnings:
        yield ""
        yield "warnings"
        for warned in record.warnings:
            yield from _wrapped(f"{display(warned.field)} {display(warned.reason)}", "  ", columns)


def _facts(record: Record, until: int | None, columns: int) -> Iterator[str]:
    provider = record.provider
    rated = "" if record.rating is None else f"{record.rating:g}"
    if rated and record.rating_count is not None:
        rated += f" ({record.rating_count})"
    state = record.state.name.lower()
    if until is not None:
        state += f" · {say_deferred(until, time.time())}"
    facts = [
        ("provider", " · ".join(part for part in (provider.name, provider.domain) if part)),
        ("authors", ", ".join(provider.authors)),
        ("published", _moment(record.published_at)),
        ("updated", _moment(record.updated_at)),
        ("state", state),
        ("type", record.type or ""),
        ("category", record.category or ""),
        ("topics", ", ".join(record.topics)),
        ("quality", "" if record.quality is None else written(record.quality)),
        ("heat", "" if record.heat is None else written(record.heat)),
        ("length", "" if record.length_seconds is None else duration(record.length_seconds)),
        ("price", record.price or ""),
        ("rated", rated),
        ("levels", ", ".join(record.levels)),
    ]
    facts += [
        (display(str(key)), value_text(value)[:2000])
        for key, value in record.data.items()
        if key not in _TOLD and value not in (None, "", [], {})
    ]
    for label, value in facts:
        if value:
            yield from _wrapped(display(value), f"{label:<{_LABEL - 1}} ", columns)


def _links(record: Record) -> Iterator[str]:
    links = [
        ("web", record.web_url),
        ("original", record.original_url),
        ("amp", record.amp_url),
        ("cdn-amp", record.cdn_amp_url),
        *((action.title or action.type or "action", action.url) for action in record.actions),
        ("embed", _embedded(record.featured_content or "")),
    ]
    if any(url for _, url in links):
        yield ""
    for role, url in links:
        if url:
            yield f"{display(role):<{_LABEL - 1}} {_url(url)}"


def _url(url: str) -> str:
    """Return a URL as it is, with its host in ASCII beside it where that may pass for another."""
    return display(f"{url} {hosts.warning(url)}".rstrip())


def _embedded(source: str) -> str:
    """Return the page that a piece of HTML embeds, else its text."""
    found = re.search(r"""src=["']([^"'<>]+)["']""", source[:10_000])
    return html.unescape(found[1]) if found else " ".join(text_of_html(source).split())


def _related(
    number: int, related: Related, resolve: Callable[[str], str | None], columns: int
) -> Iterator[str]:
    yield from _wrapped(
        display(related.title or related.url or "(no title)"), f"{number:>3}  ", columns
    )
    parts = [
        related.provider.name or related.provider.domain or "",
        _moment(related.published_at),
        "" if related.quality is None else f"quality {written(related.quality)}",
    ]
    said = " · ".join(display(part) for part in parts if part)
    if said:
        yield f"     {said}"
    if related.url:
        yield f"     {_url(related.url)}"
        path = resolve(related.url)
        if path is not None:
            yield f"     → {display(path)}"


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return ""
    with contextlib.suppress(OverflowError, ValueError, OSError):  # at the calendar's edge
        moment = moment.astimezone()
    return moment.strftime("%Y-%m-%d %H:%M %z").replace(" +0000", " UTC")


def body_text(record: Record) -> str:
    """Return the body as text, safe to show, its lines kept."""
    if record.body_kind is Body.HTML:
        return display_lines(text_of_html(record.body)).strip("\n")
    return display_lines(record.body).strip("\n")


def text_of_html(source: str) -> str:
    """Return the text of HTML: tags dropped, a line for each block, scripts and styles left out.

    In time linear in its length, whatever it is.
    """
    parts: list[str] = []
    at = 0
    while (found := _TAG.search(source, at)) is not None:
        parts.append(source[at : found.start()])
        at = found.end()
        name = (found[2] or "").lower()
        if name in _BLOCKS:
            parts.append("\n")
        elif name in ("script", "style") and not found[1]:
            end = re.compile(f"</{name}", re.IGNORECASE).search(source, at)
            at = len(source) if end is None else end.start()
    parts.append(source[at:])
    lines = (" ".join(line.split()) for line in html.unescape("".join(parts)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _wrapped(text: str, first: str, columns: int) -> Iterator[str]:
    """Yield lines no wider than `columns` (0: whatever their width), the later ones indented as wide as `first`."""
    indent = " " * len(first)
    if not columns or len(text) > _MAX_WRAPPED:
        for number, line in enumerate(text.split("\n")):
            yield (indent if number else first) + line
        return
    for number, line in enumerate(text.split("\n")):
        start = indent if number else first
        yield from textwrap.wrap(
            line, columns, initial_indent=start, subsequent_indent=indent,
            break_on_hyphens=False,
        ) or [start.rstrip()]  # fmt: skip
