"""What may be completed at a place in a query's text, and how it is then written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..text import clean, encodable
from ..verdicts import Verdict
from . import fields
from .cursor import is_space
from .nodes import Sort
from .outline import FIELD, WEB, WITH_URLS
from .patterns import folded
from .plain import sorted_by
from .rewriting import quoted
from .views import VIEWS

VALUED = (*fields.VALUES, "folder")
"""Fields whose values are taken from the collection."""
_DATES = {
    "today": "today",
    "yesterday": "yesterday",
    "7d..": "the last seven days",
    "30d..": "the last thirty days",
    "1y..": "the last year",
}


@dataclass(frozen=True, slots=True)
class Completion:
    """Text to put in place of the characters from `start` to `end` of the query."""

    text: str
    start: int
    end: int
    label: str
    """What it is, in a few words; of a value the value itself, safe to show."""
    count: int | None = None
    """The records that have this value, where it is one."""


@dataclass(frozen=True, slots=True)
class Place:
    """What stands at a place in the text: the beginning of a field's name (`field` is empty), or
    of a field's value."""

    field: str
    typed: str
    """What has been typed of it, without quotation marks."""
    start: int
    end: int


def place_at(text: str, at: int) -> Place | None:
    """Return what could be completed with the cursor before character `at`; None where nothing
    can, as within a regular expression. Any text will do."""
    at = max(0, min(at, len(text)))
    here = 0
    while True:
        while here < at and (is_space(text[here]) or text[here] in "()"):
            here += 1
        if text[here : here + 1] == "-" and here < at:
            here += 1
            continue
        found, after = _within(text, here, at)
        if after >= at or after <= here:
            return found
        here = after


def _within(text: str, start: int, at: int) -> tuple[Place | None, int]:
    """Return what stands at `at` if the term that begins at `start` reaches so far, and where
    that term ends."""
    if text[start : start + 1] in ('"', "/"):
        return None, _end_of_value(text, start)
    if WEB.match(text, start):
        return None, _end(text, start, "")
    field = FIELD.match(text, start)
    if field is None or field.end() > at:
        end = _end(text, start, '()"')
        return Place("", text[start:at], start, end if field is None else field.end()), end
    name = field[1].lower()
    name = fields.ALIASES.get(name, name)
    here = field.end()
    while True:
        if name in WITH_URLS and WEB.match(text, here):
            return None, _end(text, here, "")
        end = _end_of_value(text, here)
        if end >= at or text[end : end + 1] != ",":
            return _value(text, name, here, end, at), end
        here = end + 1


def _value(text: str, field: str, start: int, end: int, at: int) -> Place | None:
    char = text[start : start + 1]
    if char == "/":
        return None
    typed = text[start:at]
    if char == '"':
        typed = typed[1:]
        if end == at and len(typed) > 0 and text[end - 1] == '"' and end - 1 > start:
            typed = typed[:-1]
        typed = typed.replace('\\"', '"').replace("\\*", "*").replace("\\\\", "\\")
    return Place(field, typed, start, end)


def _end(text: str, at: int, ends: str) -> int:
    while at < len(text) and not is_space(text[at]) and text[at] not in ends:
        at += 2 if text[at] == "\\" and at + 1 < len(text) and text[at + 1] in '"*\\(),' else 1
    return at


def _end_of_value(text: str, at: int) -> int:
    char = text[at : at + 1]
    if char not in ('"', "/") or not char:
        return _end(text, at, '(),"')
    at += 1
    while at < len(text) and text[at] != char:
        at += 2 if text[at] == "\\" else 1
    return min(at + 1, len(text))


def words_for(place: Place, views: Mapping[str, str], limit: int) -> list[Completion]:
    """Return the completions that need no look at the collection."""
    if not place.field:
        named = {f"{name}:": help for name, help in fields.FIELDS.items()}
        return _begun(place, named, limit)
    if place.field == "is":
        return _begun(place, fields.IS, limit)
    if place.field in ("has", "no"):
        return _begun(place, dict.fromkeys((*fields.HAS, fields.CHECKED), ""), limit)
    if place.field in fields.LINKS:
        return _begun(place, dict.fromkeys(Verdict, ""), limit)
    if place.field in fields.DATES:
        return _begun(place, _DATES, limit)
    if place.field == "view":
        return _begun(place, dict(views) | VIEWS, limit)
    if place.field == "sort":
        falling = place.typed.startswith("-")
        orders = [Sort(name, falling) for name in fields.SORTS]
        names = {f"{'-' * falling}{order.field}": sorted_by((order,)) for order in orders}
        return _begun(place, names, limit)
    return []


def values_for(place: Place, values: Iterable[tuple[str, int]], limit: int) -> list[Completion]:
    """Return completions from a collection's values, each with its number of records: those that
    begin with what was typed come first, then those with a word that does, then those that hold
    it; the most frequent first."""
    typed = folded(place.typed).strip()
    ranked: list[tuple[int, int, str, str]] = []
    for value, count in values:
        at = folded(value).find(typed)
        if at < 0:
            continue
        rank = 0 if at == 0 else 1 if f" {typed}" in folded(value) else 2
        ranked.append((rank, -count, folded(value), value))
    ranked.sort()
    return [
        Completion(quoted(value), place.start, place.end, encodable(clean(value)), -negative)
        for _, negative, _, value in ranked[:limit]
    ]


def _begun(place: Place, names: Mapping[str, str], limit: int) -> list[Completion]:
    typed = folded(place.typed)
    found = [name for name in names if folded(name).startswith(typed)]
    if typed:
        found += [name for name in names if typed in folded(name) and name not in found]
    return [
        Completion(
            name if place.field not in ("view",) else quoted(name),
            place.start, place.end, names[name],
        )
        for name in found[:limit]
    ]  # fmt: skip
