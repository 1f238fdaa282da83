"""In which order a query's records stand: what is joined to `records r` for that, and what ORDER BY
says."""

from __future__ import annotations

from reader.records.querying import Parsed, Sort
from reader.records.querying.nodes import And, Included

from .query_conditions import DECIDED, MARKED
from .query_words import RANKED, ranking

_SORTS = {
    "date": "r.date",
    "updated": "d.updated",
    "changed": "c.at",
    "seen": "d.seen",
    "title": "r.title",
    "provider": "r.provider",
    "type": "r.type",
    "category": "r.category",
    "domain": "r.domain",
    "quality": "r.quality",
    "heat": "r.heat",
    "rating": "d.rating",
    "length": "d.length",
    "path": "f.path",
    "rank": "k.rank",
}
_TEXTUAL = ("title", "provider", "type", "category", "domain")
_JOINS = {
    "d.": " JOIN details d ON d.id = r.id",
    "f.": " JOIN files f ON f.id = r.id",
    "c.": f" LEFT JOIN ({DECIDED}) c ON c.key = r.key",
    "k.": f" LEFT JOIN {RANKED} k ON k.id = r.id",
}


def order_of(query: Parsed) -> tuple[str, list[object], str]:
    """Return the joins, the values bound in them, and the order. What has no value comes last,
    whichever way it runs."""
    if not query.sort:
        return "", [], "r.date DESC, r.id"
    order: list[str] = []
    joins: dict[str, str] = {}
    for key in query.sort:
        column = _SORTS[key.field]
        if column[:2] in _JOINS:
            joins[column[:2]] = _JOINS[column[:2]]
        order += _by(key, column)
    if not any(key.field in ("date", "path") for key in query.sort):
        order.append("r.date DESC")
    values: list[object] = [ranking(query.root)] if "k." in joins else []
    # Details are read in the order of ids; in that of an index of records it would take twice as long.
    hint = " NOT INDEXED" if "d." in joins else ""
    return hint + "".join(joins.values()), values, ", ".join([*order, "r.id"])


def _by(key: Sort, column: str) -> list[str]:
    way = " DESC" if key.descending else ""
    if key.field == "title":  # as its index has it; none is empty
        return [f"{column} COLLATE NOCASE{way}"]
    if key.field in _TEXTUAL:
        # In one text, which SQLite sorts quickest; what is empty comes first when falling.
        last = f"CASE {column} WHEN '' THEN char(1114111) ELSE lower({column}) END"
        return [f"lower({column}) DESC" if key.descending else last]
    if key.descending or key.field in ("path", "seen"):
        return [column + way]  # NULL sorts below all else: last already
    return [f"{column} NULLS LAST"]


def leading(query: Parsed, now: float) -> tuple[str, list[object]]:
    """Return what stands before the order of a query that is on one of the two views that have an
    order of their own."""
    root = query.root
    views = {
        part.name
        for part in (root.parts if isinstance(root, And) else (root,))
        if isinstance(part, Included)
    }
    if "unpublished" in views:
        due = MARKED.format("s.deferred_until <= ?")
        return f"NOT {due}, ", [int(now)]
    if "deferred" in views and not query.sort:
        until = "(SELECT s.deferred_until FROM state.reading s WHERE s.key = r.key)"
        return f"{until}, ", []
    return "", []
