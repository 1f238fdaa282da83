"""Which records, in which order: the views and what narrows them."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import NamedTuple


class View(enum.StrEnum):
    """The built-in views, in the sidebar's order."""

    ALL = "all"
    UNPUBLISHED = "unpublished"
    PUBLISHED = "published"
    REJECTED = "rejected"
    TODAY = "today"
    THIS_WEEK = "week"
    UNREAD = "unread"
    STARRED = "starred"
    DEFERRED = "deferred"
    PROBLEMS = "problems"


VIEW_LABELS = {
    View.ALL: "All",
    View.UNPUBLISHED: "Unpublished",
    View.PUBLISHED: "Published",
    View.REJECTED: "Rejected",
    View.TODAY: "Today",
    View.THIS_WEEK: "This week",
    View.UNREAD: "Unread",
    View.STARRED: "Starred",
    View.DEFERRED: "Deferred",
    View.PROBLEMS: "Problems",
}
"""What a person calls them."""


class Facet(enum.StrEnum):
    """A property whose values the sidebar lists."""

    TOPIC = "topic"
    FOLDER = "folder"
    TYPE = "type"
    PROVIDER = "provider"


SORTS = (
    "date", "updated", "changed", "seen", "title", "provider", "type", "category", "domain",
    "quality", "heat", "rating", "length", "path", "rank",
)  # fmt: skip
"""Everything that records can be sorted by."""

SORT_FIELDS = ("date", "title", "provider", "quality", "heat", "path")
"""Those of `SORTS` that a `Query` knows: a start sorts by them without the query language."""


@dataclass(frozen=True, slots=True)
class Query:
    """A view, narrowed by at most one facet value, in an order.

    `facet_key` is the folded value (`reader.records.text.fold`) for topics, and the exact
    value for the others. A folder means that folder and all below it. `sort` is one of
    `SORT_FIELDS`, a leading `-` for descending.
    """

    view: View = View.ALL
    facet: Facet | None = None
    facet_key: str = ""
    sort: str = "-date"
    also: tuple[int, ...] = ()
    """Ids of records that stay listed, in their place, though they have left the view."""


_PLAIN = re.compile(r"\s*(?:view:([a-z]+))?\s*(?:(?<!\S)sort:(-?[a-z]+))?\s*")


def plain_query(text: str) -> Query | None:
    """Return what a text of the query language asks for where it is no more than a built-in view
    and one thing to sort by, so that a start need not load the language. None: it is more."""
    found = _PLAIN.fullmatch(text)
    if found is None:
        return None
    view, sort = found[1] or View.ALL.value, found[2] or "-date"
    if view not in VIEW_LABELS or sort.removeprefix("-") not in SORT_FIELDS:
        return None
    return Query(View(view), sort=sort)


class Count(NamedTuple):
    """A row of the sidebar: what it is called, and how many records it holds."""

    key: str
    label: str
    unpublished: int
    total: int


@dataclass(frozen=True, slots=True)
class Counts:
    """All the sidebar's numbers at one moment."""

    views: tuple[Count, ...] = ()
    topics: tuple[Count, ...] = ()
    folders: tuple[Count, ...] = ()
    types: tuple[Count, ...] = ()
    providers: tuple[Count, ...] = ()
