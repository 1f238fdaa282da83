"""The values that a collection's records have, with how many have each: for completion."""

from __future__ import annotations

import sqlite3

from .counts import folders_of, topics_of

_COUNTED = {
    "provider": "SELECT provider, count(*) FROM records WHERE provider != '' GROUP BY provider",
    "type": "SELECT type, count(*) FROM records WHERE type != '' GROUP BY type",
    "category": "SELECT category, count(*) FROM records WHERE category != '' GROUP BY category",
    "domain": "SELECT domain, count(*) FROM records WHERE domain != '' GROUP BY domain",
    "author": "SELECT name, count(*) FROM authors GROUP BY name",
    "host": (
        "SELECT h.name, count(DISTINCT l.record) FROM links l JOIN hosts h ON h.id = l.host"
        " WHERE h.name != '' GROUP BY h.name"
    ),
}


def counted_values(connection: sqlite3.Connection, field: str) -> list[tuple[str, int]]:
    """Return the values of a field (of `querying.completing.VALUED`) and their records."""
    if field == "topic":
        rows = connection.execute("SELECT key, label, 0, count(*) FROM topics GROUP BY key, label")
        return [(count.label, count.total) for count in topics_of(rows)]
    if field == "folder":
        rows = connection.execute("SELECT folder, 0, count(*) FROM records GROUP BY folder")
        return [(count.key, count.total) for count in folders_of(rows)]
    return connection.execute(_COUNTED[field]).fetchall()
