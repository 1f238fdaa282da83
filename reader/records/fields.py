"""The fields of a record, out of parsed front matter: typed where they can be, warned of where not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .dates import parse_date, parse_duration
from .record import Action, Body, Image, Provider, Record, Related, State, Warned

MAX_ENTRIES = 1000
"""Entries of one list that are looked at."""
_LARGEST = 1e15
_NO_PROVIDER = Provider()


def build_record(
    values: Mapping[Any, Any], body: str, body_kind: Body, warnings: list[Warned]
) -> Record:
    """Return the record. A field of the wrong type counts as absent and adds to `warnings`."""
    fields = _Fields(values, "", warnings)
    data = dict(values)
    data.pop("secured", None)
    rating = fields.mapping("ratings")
    heat = fields.number("heat")
    published = fields.flag("published")
    removed = fields.flag("removed")
    if removed:
        state = State.REJECTED
    else:
        state = State.UNPUBLISHED if published is False else State.PUBLISHED
    title = fields.text("title")
    if title is None:
        title = fields.text("name")
    return Record(
        data=data,
        title=title,
        excerpt=fields.text("excerpt"),
        published_at=fields.date("publishedDateTime"),
        updated_at=fields.date("updatedDateTime"),
        web_url=fields.text("webUrl"),
        original_url=fields.text("originalUrl"),
        amp_url=fields.text("ampWebUrl"),
        cdn_amp_url=fields.text("cdnAmpWebUrl"),
        category=fields.text("category"),
        type=fields.text("type"),
        quality=fields.number("quality"),
        heat=None if heat == -1 else heat,
        state=state,
        provider=_provider(fields),
        topics=fields.texts("topics"),
        images=_images(fields),
        related=_related(fields),
        actions=_actions(fields),
        length_seconds=fields.length("length"),
        price=fields.price("price"),
        rating=rating.number("average") if rating is not None else None,
        rating_count=rating.whole("count") if rating is not None else None,
        levels=fields.texts("levels"),
        featured_content=fields.text("featuredContent"),
        body=body,
        body_kind=body_kind,
        warnings=tuple(warnings),
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

    def entries(self, name: str) -> list[Any]:
        value = self.values.get(name)
        if value is None:
            return []
        if isinstance(value, list):
            if len(value) > MAX_ENTRIES:
                self.warn(name, f"has over {MAX_ENTRIES:,} entries; the rest is left out")
                return value[:MAX_ENTRIES]
            return value
        self.warn(name, f"is {_kind(value)}, not a list")
        return []

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
    given = fields.mapping("provider")
    if given is None:
        return _NO_PROVIDER
    authors = given.entries("authors") if "authors" in given.values else ()
    names: list[str] = []
    for index, author in enumerate(authors):
        name = author.get("name") if isinstance(author, dict) else author
        if isinstance(name, str):
            names.append(name)
        elif author is not None:
            given.warn(f"authors[{index}]", "is no name")
    return Provider(given.text("name"), given.text("domain"), tuple(names))


def _images(fields: _Fields) -> tuple[Image, ...]:
    return tuple(
        Image(image.text("url"), image.whole("width"), image.whole("height"), image.text("title"))
        for image in fields.groups("images")
    )


def _related(fields: _Fields) -> tuple[Related, ...]:
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
    return "a date" if isinstance(value, datetime) else "something else"
