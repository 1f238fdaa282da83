"""A record: one file with front matter, as a value."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


class State(enum.IntEnum):
    """What has been decided about a record. The numbers are stored in the index."""

    UNPUBLISHED = 0
    PUBLISHED = 1
    REJECTED = 2
    PROBLEM = 3
    """Not a record's state: the row of a file that should be a record and cannot be read."""


class Body(enum.StrEnum):
    """How the text after the front matter is written."""

    NONE = "none"
    MARKDOWN = "markdown"
    HTML = "html"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file that should be a record cannot be read. `line` counts from 1; 0: the whole file."""

    reason: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Warned:
    """A field that was given and could not be used; it counts as absent."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Provider:
    """Who publishes the record, as far as it says."""

    name: str | None = None
    domain: str | None = None
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """An entry of `images`; width and height in pixels."""

    url: str | None = None
    width: int | None = None
    height: int | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """An entry of `related`."""

    title: str | None = None
    excerpt: str | None = None
    published_at: datetime | None = None
    url: str | None = None
    type: str | None = None
    provider: Provider = Provider()
    quality: float | None = None
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """An entry of `actions`: something one can do with the article (enrol, download)."""

    url: str | None = None
    type: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One record. Strings are the file's own, neither repaired nor made safe to show:
    whatever shows them passes them through `reader.records.text` first.

    Datetimes are always aware (a date without a zone is UTC). Numbers are finite.
    """

    data: Mapping[str, Any]
    """All front matter as parsed, without `secured`."""
    title: str | None
    excerpt: str | None
    published_at: datetime | None
    updated_at: datetime | None
    web_url: str | None
    original_url: str | None
    amp_url: str | None
    cdn_amp_url: str | None
    category: str | None
    type: str | None
    quality: float | None
    heat: float | None  # -1 in the file means not known and is None here
    state: State
    provider: Provider
    topics: tuple[str, ...]
    images: tuple[Image, ...]
    related: tuple[Related, ...]
    actions: tuple[Action, ...]
    length_seconds: int | None
    price: str | None
    rating: float | None
    rating_count: int | None
    levels: tuple[str, ...]
    featured_content: str | None
    body: str
    body_kind: Body
    warnings: tuple[Warned, ...]

    @property
    def url(self) -> str | None:
        """The link a reader opens: `webUrl`, else `originalUrl`."""
        return self.web_url or self.original_url
