"""A query in plain words."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from . import fields, nodes
from .errors import shown

_IS = {
    "read": "read here",
    "unread": "not read here",
    "starred": "starred",
    "deferred": "deferred",
    "due": "deferred until now",
    "decided": "decided here",
    "problem": "a file that cannot be read",
    "warning": "has a field that could not be used",
}
_WHEN = {
    "date": "published",
    "updated": "updated",
    "changed": "decided here",
    "seen": "first indexed here",
    "checked": "one of its links last checked",
}


def described(node: nodes.Node, zone: tzinfo | None = None) -> str:
    """Return what a part of a query asks for, in plain words, safe to show. Days are those of
    `zone` (None: the system's)."""
    match node:
        case nodes.Every():
            return "every record"
        case nodes.And():
            return "all of these"
        case nodes.Or():
            return "any of these"
        case nodes.Not():
            return f"not: {described(node.part, zone)}"
        case nodes.Included():
            return f"the view “{shown(node.name)}”"
        case nodes.Text():
            return _words(node)
        case nodes.Value() if node.field in fields.LINKS:
            role = node.field.partition(".")[2] or "link"
            words = role if role == "link" else f"{role} link"
            return f"one {words} of it is {_pieces(node.pieces)}"
        case nodes.Value(field="host"):
            return f"one of its links leads to “{_pieces(node.pieces)}”"
        case nodes.Value():
            return f"{node.field} is “{_pieces(node.pieces)}”"
        case nodes.Place():
            word = "is or lies in" if node.field == "folder" else "holds"
            return f"{node.field} {word} “{_pieces(node.pieces)}”"
        case nodes.Regex():
            return f"{node.field or 'the text'} matches /{shown(node.pattern)}/"
        case nodes.Page():
            return f"its page is {shown(node.url)}"
        case nodes.RelatedTo():
            return f"names {shown(node.target)} among its related links"
        case nodes.Between():
            return _between(node, zone)
        case nodes.Is():
            return _IS.get(node.what, node.what)
        case nodes.Has(what="checked"):
            return "one of its links has been checked"
        case nodes.Has():
            return f"has {_article(node.what)}"
    raise AssertionError(node)


def sorted_by(sort: tuple[nodes.Sort, ...]) -> str:
    """Return the order in plain words."""
    if not sort:
        return "newest first"
    first = sort[0]
    if len(sort) == 1 and first.field == "rank":
        return "the worst match first" if first.descending else "the best match first"
    return "by " + ", then ".join(
        f"{key.field}, {'falling' if key.descending else 'rising'}" for key in sort
    )


def _words(node: nodes.Text) -> str:
    where = f"in {node.field}" if node.field else "somewhere"
    words = _pieces(node.pieces)
    if len(node.pieces) > 1:
        return f"“{words}” {where}"
    if len(words.split()) > 1:
        return f"the words “{words}…” in a row {where}"
    return f"a word that begins “{words}” {where}"


def _pieces(pieces: nodes.Pieces) -> str:
    return shown("*".join(pieces))


def _article(what: str) -> str:
    return f"an {what}" if what[0] in "aeiou" else f"a {what}"


def _between(node: nodes.Between, zone: tzinfo | None) -> str:
    if node.field in fields.DATES:
        return f"{_WHEN[node.field]} {_when(node, zone)}"
    low, high = amount(node.field, node.low), amount(node.field, node.high)
    if node.low is not None and node.low == node.high:
        return f"{node.field} is {low}"
    if node.high is None:
        return f"{node.field} {'at least' if node.includes_low else 'over'} {low}"
    if node.low is None:
        return f"{node.field} {'at most' if node.includes_high else 'below'} {high}"
    return f"{node.field} from {low} to {high}"


def amount(field: str, value: float | None) -> str:
    """Return a number, or a length in seconds, as a person writes it; empty for none."""
    if value is None:
        return ""
    if field != fields.LENGTH:
        return f"{value:g}"
    hours, rest = divmod(int(value), 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [
        f"{count} {unit}"
        for count, unit in zip((hours, minutes, seconds), ("h", "min", "s"), strict=True)
        if count
    ]
    return " ".join(parts) or "0 s"


def _when(node: nodes.Between, zone: tzinfo | None) -> str:
    low = moment(node.low, zone)
    if node.high is None:
        return f"from {low} on"
    last = _last(node, zone)
    if node.low is None:
        return f"until {last}"
    return f"on {low}" if last == low else f"from {low} to {last}"


def _last(node: nodes.Between, zone: tzinfo | None) -> str:
    """The end of a stretch is the moment after it: a day is named by itself, not by the next."""
    assert node.high is not None
    if node.includes_high:
        return moment(node.high, zone)
    at = _at(node.high, zone)
    if at is not None and (at.hour, at.minute, at.second) == (0, 0, 0):
        return (at - timedelta(days=1)).date().isoformat()
    return moment(node.high, zone)


def moment(seconds: float | None, zone: tzinfo | None = None) -> str:
    """Return a moment, in seconds since 1970, as day and minute in the zone (None: the system's);
    the day alone where it is its beginning, and nothing for none."""
    at = None if seconds is None else _at(seconds, zone)
    if at is None:
        return ""
    if (at.hour, at.minute, at.second) == (0, 0, 0):
        return at.date().isoformat()
    return f"{at:%Y-%m-%d %H:%M}"


def _at(seconds: float, zone: tzinfo | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, zone)
    except (ValueError, OverflowError, OSError):
        return None
