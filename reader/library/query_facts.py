"""What the index knows of one record in a field, in a few words: beside the part of a query that
leaves the record out."""

from __future__ import annotations

import os
import sqlite3

from reader.records.querying.errors import shown
from reader.records.querying.nodes import Between, Is, Node, Not, Place, Value
from reader.records.querying.plain import amount, moment
from reader.records.record import State

_SHOWN = 4  # values of a record that are named

_TEXTS = {
    "provider": "SELECT provider FROM records WHERE id = ?",
    "type": "SELECT type FROM records WHERE id = ?",
    "topic": "SELECT label FROM topics WHERE record = ?",
    "category": "SELECT category FROM records WHERE id = ?",
    "domain": "SELECT domain FROM records WHERE id = ?",
    "author": "SELECT name FROM authors WHERE record = ?",
    "host": "SELECT DISTINCT h.name FROM links l JOIN hosts h ON h.id = l.host WHERE l.record = ?",
    "url": "SELECT urls FROM addresses WHERE id = ?",
}
_NUMBERS = {
    "quality": "SELECT quality FROM records WHERE id = ?",
    "heat": "SELECT heat FROM records WHERE id = ?",
    "date": "SELECT date FROM records WHERE id = ?",
    "rating": "SELECT rating FROM details WHERE id = ?",
    "length": "SELECT length FROM details WHERE id = ?",
    "updated": "SELECT updated FROM details WHERE id = ?",
    "seen": "SELECT seen FROM details WHERE id = ?",
}


def has(connection: sqlite3.Connection, id: int, node: Node) -> str:
    """Return what the record has in the field that a part of a query asks about; empty where that
    cannot be told in a few words."""
    while isinstance(node, Not):
        node = node.part
    if isinstance(node, Is) and node.what in ("unpublished", "published", "rejected"):
        row = connection.execute("SELECT state FROM records WHERE id = ?", (id,)).fetchone()
        return State(row[0]).name.lower() if row else ""
    if isinstance(node, Value) and node.field in _TEXTS:
        values = [value for (value,) in connection.execute(_TEXTS[node.field], (id,)) if value]
        return _named(values)
    if isinstance(node, Place):
        if node.field == "url":
            return _named(
                [
                    url
                    for (urls,) in connection.execute(_TEXTS["url"], (id,))
                    for url in urls.split()
                ]
            )
        row = connection.execute("SELECT path FROM files WHERE id = ?", (id,)).fetchone()
        path = os.fsdecode(row[0]) if row else ""
        return shown(path if node.field == "path" else os.path.dirname(path)) or "none"
    if isinstance(node, Between) and node.field in _NUMBERS:
        row = connection.execute(_NUMBERS[node.field], (id,)).fetchone()
        value = row[0] if row else None
        if value is None:
            return "none"
        return (
            moment(value)
            if node.field in ("date", "updated", "seen")
            else amount(node.field, value)
        )
    return ""


def _named(values: list[str]) -> str:
    if not values:
        return "none"
    more = ", …" if len(values) > _SHOWN else ""
    return ", ".join(map(shown, values[:_SHOWN])) + more
