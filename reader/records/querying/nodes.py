"""A query as a tree. Every node knows which characters of the query it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Pieces: TypeAlias = tuple[str, ...]
"""A value, split where a `*` stands for anything: `("power",)`, `("", "flow")` for `*flow`."""


@dataclass(frozen=True, slots=True)
class Every:
    """Every record."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class And:
    """What all parts ask for."""

    parts: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Or:
    """What any of the parts asks for."""

    parts: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Not:
    """What the part does not ask for."""

    part: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Text:
    """Words that follow each other, the last one perhaps longer. `field` is one of
    `fields.TEXTS`; None: any of them, the provider or a topic."""

    field: str | None
    pieces: Pieces
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Value:
    """The whole value of a field of `fields.VALUES`, whatever its case and accents; or what checking
    says of a link, with a field of `fields.LINKS`."""

    field: str
    pieces: Pieces
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """Part of a `path` or `url`, or a whole `folder` with what lies below it."""

    field: str
    pieces: Pieces
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression (`patterns.compiled`) that the field's text matches somewhere. A field
    of None: as of `Text`."""

    field: str | None
    pattern: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """A record's own page: its URLs, compared as `urls.normalise` does."""

    url: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RelatedTo:
    """Records whose related links name a page: that of a URL, or of the record at a path."""

    target: str
    start: int
    end: int

    @property
    def is_url(self) -> bool:
        """Whether the target is a URL, and no path."""
        return "://" in self.target


@dataclass(frozen=True, slots=True)
class Between:
    """A number, a length in seconds or a moment in seconds since 1970, within two bounds. What
    has no value lies within none."""

    field: str
    low: float | None
    high: float | None
    includes_low: bool
    includes_high: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Is:
    """One of `fields.IS`."""

    what: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Has:
    """One of `fields.HAS`, or `fields.CHECKED`."""

    what: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Included:
    """A saved view inside the query. The places inside `part` count in the view's own text."""

    name: str
    part: Node
    start: int
    end: int


Node: TypeAlias = (
    Every | And | Or | Not | Text | Value | Place | Regex | Page | RelatedTo | Between | Is | Has
    | Included
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sort:
    """One thing to sort by: `field` is one of `fields.SORTS`."""

    field: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query that was understood."""

    text: str
    root: Node
    sort: tuple[Sort, ...] = ()
    """Empty: nothing was said."""


def ranked_words(node: Node) -> list[Text]:
    """Return the words and phrases that records are ranked by: those asked for, in order, without
    those that are excluded and those with a `*`."""
    if isinstance(node, (And, Or)):
        return [word for part in node.parts for word in ranked_words(part)]
    if isinstance(node, Included):
        return ranked_words(node.part)
    return [node] if isinstance(node, Text) and len(node.pieces) == 1 else []


def leaves(node: Node) -> list[Node]:
    """Return the nodes without parts, in order; those of included views too."""
    if isinstance(node, (And, Or)):
        return [leaf for part in node.parts for leaf in leaves(part)]
    if isinstance(node, (Not, Included)):
        return leaves(node.part)
    return [node]
