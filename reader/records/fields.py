"""The fields of a record, out of parsed front matter: typed where they can be, warned of where not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from .dates import parse_date, parse_duration
from .record import Action, Body, Image, Provider, Record, Related, State, Warned

MAX_ENTRIES = 1000
"""Entries of one list that are looked at."""
_LARGEST = 1e15
_NO_PROVIDER = Provider()
_PUBLISHED = State.PUBLISHED
_TEXTS = (
    "title",
    "name",
    "excerpt",
    "webUrl",
    "originalUrl",
    "ampWebUrl",
    "cdnAmpWebUrl",
    "category",
    "type",
    "featuredContent",
)


def build_record(
    values: dict[Any, Any], body: str, body_kind: Body, warnings: list[Warned]
) -> Record:
    """Return the record. A field of the wrong type counts as absent and adds to `warnings`.

    `values` becomes the record's own and loses `secured`.
    """
    values.pop("secured", None)
    fields = _Fields(values, "", warnings)
    title, name, excerpt, web, original, amp, cdn_amp, category, kind, featured = [
        value if type(value := values.get(key)) is str and value else fields.text(key)
        for key in _TEXTS
    ]
    heat = fields.number("heat")
    if fields.flag("removed"):
        state = State.REJECTED
    else:
        state = _PUBLISHED if fields.flag("published") is not False else State.UNPUBLISHED
    rating = fields.mapping("ratings")
    # By position: names cost twice as much here, and every file comes through.
    return Record(
        values,
        title if title is not None else name,
        excerpt,
        fields.date("publishedDateTime"),
        fields.date("updatedDateTime"),
        web,
        original,
        amp,
        cdn_amp,
        category,
        kind,
        fields.number("quality"),
        None if heat == -1 else heat,
        state,
        _provider(fields),
        fields.texts("topics"),
        _images(fields),
        _related(fields),
        _actions(fields),
        fields.length("length"),
        fields.price("price"),
        rating.number("average") if rating is not None else None,
        rating.whole("count") if rating is not None else None,
        fields.texts("levels"),
        featured,
        body,
        body_kind,
        tuple(warnings),
    )


class _Fields:
    """The fields of one mapping, with where it stands for the warnings."""

    __slots__ = ("prefix", "values", "warnings")

    def __init__(self, values: Mapping[Any, Any], prefix: str, warnings: list[Warned]) -> None:
        self.values = values
        self.prefix = prefix
        self.warnings = warnings

    def warn(self, name: str, reason: str) -> None:
        self.warnings.append(Warned(self.prefix + name, reason))

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        if type(value) is str:
            return value or None
        if value is None:
            return None
        self.warn(name, f"is {_kind(value)}, not a text: put it in quotation marks")
        return None

    def number(self, name: str) -> float | None:
        value = self.values.get(name)
        if type(value) is int and -_LARGEST <= value <= _LARGEST:
            return value
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.warn(name, f"is {_kind(value)}, not a number")
            return None
        if isinstance(value, float) and not math.isfinite(value):
            self.warn(name, "is no finite number")
            return None
        if not -_LARGEST <= value <= _LARGEST:
            self.warn(name, "is too large a number")
            return None
        return value

    def whole(self, name: str) -> int | None:
        value = self.number(name)
        return None if value is None else int(value)

    def flag(self, name: str) -> bool | None:
        value = self.values.get(name)
        if value is None or isinstance(value, bool):
            return value
        self.warn(name, f"is {_kind(value)}, neither true nor false")
        return None

    def date(self, name: str) -> datetime | None:
        value = self.values.get(name)
        if value is None:
            return None
        moment = parse_date(value)
        if moment is None:
            self.warn(name, "is no date: write it as 2020-06-12T16:05:00Z")
        return moment

    def length(self, name: str) -> int | None:
        value = self.values.get(name)
        if value is None:
            return None
        seconds = parse_duration(value)
        if seconds is None:
            self.warn(name, "is no duration: write it as PT13M57S")
        return seconds

    def price(self, name: str) -> str | None:
        value = self.values.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            number = self.number(name)
            return None if number is None else f"{number:g}"
        return self.text(name)

    def mapping(self, name: str) -> _Fields | None:
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, dict):
            return _Fields(value, f"{self.prefix}{name}.", self.warnings)
        self.warn(name, f"is {_kind(value)}, not a group of fields")
        return None

    def entries(self, name: str) -> Sequence[Any]:
        value = self.values.get(name)
        if value is None:
            return ()
        if isinstance(value, list):
            if len(value) > MAX_ENTRIES:
                self.warn(name, f"has over {MAX_ENTRIES:,} entries; the rest is left out")
                return value[:MAX_ENTRIES]
            return value
        self.warn(name, f"is {_kind(value)}, not a list")
        return ()

    def texts(self, name: str) -> tuple[str, ...]:
        entries = self.entries(name)
        if not entries:
            return ()
        kept: list[str] = []
        for index, entry in enumerate(entries):
            if type(entry) is str:
                if entry and not entry.isspace():
                    kept.append(entry)
            elif entry is not None:
                self.warn(f"{name}[{index}]", f"is {_kind(entry)}, not a text")
        return tuple(kept)

    def groups(self, name: str) -> list[_Fields]:
        """The entries of a list that are groups of fields."""
        kept: list[_Fields] = []
        for index, entry in enumerate(self.entries(name)):
            if isinstance(entry, dict):
                kept.append(_Fields(entry, f"{self.prefix}{name}[{index}].", self.warnings))
            elif entry is not None:
                self.warn(f"{name}[{index}]", f"is {_kind(entry)}, not a group of fields")
        return kept


def _provider(fields: _Fields) -> Provider:
    values = fields.values.get("provider")
    if type(values) is dict and "authors" not in values:
        name, domain = values.get("name"), values.get("domain")
        if type(name) is str and type(domain) is str and name and domain:
            return Provider(name, domain)  # what most records have
    given = fields.mapping("provider")
    if given is None:
        return _NO_PROVIDER
    names: list[str] = []
    for index, author in enumerate(given.entries("authors")):
        name = author.get("name") if isinstance(author, dict) else author
        if isinstance(name, str):
            names.append(name)
        elif author is not None:
            given.warn(f"authors[{index}]", "is no name")
    return Provider(given.text("name"), given.text("domain"), tuple(names))


def _images(fields: _Fields) -> tuple[Image, ...]:
    kept: list[Image] = []
    for index, entry in enumerate(fields.entries("images")):
        if not isinstance(entry, dict):
            if entry is not None:
                fields.warn(f"images[{index}]", f"is {_kind(entry)}, not a group of fields")
            continue
        url, title = entry.get("url"), entry.get("title")
        width, height = entry.get("width"), entry.get("height")
        if not (  # what most records have needs no closer look
            type(url) is str
            and type(width) is int
            and type(height) is int
            and (title is None or type(title) is str)
            and url
            and 0 <= width <= _LARGEST
            and 0 <= height <= _LARGEST
        ):
            image = _Fields(entry, f"{fields.prefix}images[{index}].", fields.warnings)
            url, title = image.text("url"), image.text("title")
            width, height = image.whole("width"), image.whole("height")
        kept.append(Image(url, width, height, title or None))
    return tuple(kept)


def _related(fields: _Fields) -> tuple[Related, ...]:
    if fields.values.get("related") is None:
        return ()
    return tuple(
        Related(
            title=entry.text("title"),
            excerpt=entry.text("excerpt"),
            published_at=entry.date("publishedDateTime"),
            url=entry.text("webUrl") or entry.text("originalUrl"),
            type=entry.text("type"),
            provider=_provider(entry),
            quality=entry.number("quality"),
            images=_images(entry),
        )
        for entry in fields.groups("related")
    )


def _actions(fields: _Fields) -> tuple[Action, ...]:
    if fields.values.get("actions") is None:
        return ()
    return tuple(
        Action(entry.text("url"), entry.text("type"), entry.text("title"))
        for entry in fields.groups("actions")
    )


def _kind(value: object) -> str:
    """Return what a value is, in plain words."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a group of fields"
    return "a date" if isinstance(value, date) else "of another kind"
