"""Records value by value of a column, straight from its index: much quicker than sorting them all."""

from __future__ import annotations

import sqlite3

TEXTS = ("provider", "type", "category", "domain")
NUMBERS = ("quality", "heat")
_MOST = 2000  # values that are gone through: of more, a look at every record is as quick

# From value to value, by a look at the index for each. The last one is NULL.
_VALUES = (
    "WITH RECURSIVE v(x) AS (SELECT min({0}) FROM {1} UNION ALL"
    " SELECT (SELECT min({0}) FROM {1} WHERE {0} > v.x) FROM v WHERE v.x IS NOT NULL)"
)


def in_order(connection: sqlite3.Connection, field: str, *, descending: bool) -> str | None:
    """Return what to select from in place of `records r`, without any ORDER BY, so that records
    come by the values of this column, in this direction, what has none last, and those of a value
    the newest first. None: they have to be sorted."""
    if field not in TEXTS + NUMBERS or not has_index(connection, f"by_{field}"):
        return None
    values = _VALUES.format(field, "records")
    many, different = connection.execute(
        f"SELECT count(*), count(DISTINCT lower(x)) FROM ({values}"
        f" SELECT x FROM v WHERE x IS NOT NULL LIMIT {_MOST + 1})"
    ).fetchone()
    if many > _MOST or (field in TEXTS and different < many):
        return None  # spellings that differ by case are one value, which no index knows
    way = " DESC" if descending else ""
    if field in TEXTS:
        chosen = f"x FROM v WHERE x IS NOT NULL ORDER BY x = '', lower(x){way}"
    else:
        chosen = f"x FROM v ORDER BY x IS NULL, x{way}"
    # LIMIT keeps SQLite from dropping the order; CROSS JOIN keeps the values outermost.
    return (
        f"({values} SELECT {chosen} LIMIT -1) v"
        f" CROSS JOIN records r INDEXED BY by_{field} ON r.{field} IS v.x"
    )


def known_values(connection: sqlite3.Connection, field: str) -> list[tuple[str, str]] | None:
    """Return the values that records have in a field, as stored and as shown, by a look at each; None:
    every record has to be looked at."""
    if field == "topic":
        index, values, shown = "topics_by_key", _VALUES.format("key", "topics"), _LABEL
    elif field in TEXTS:
        index, values, shown = f"by_{field}", _VALUES.format(field, "records"), "x"
    else:
        return None
    if not has_index(connection, index):
        return None
    known: list[tuple[str, str]] = connection.execute(
        f"{values} SELECT x, {shown} FROM v WHERE x != '' LIMIT {_MOST + 1}"
    ).fetchall()
    return known if len(known) <= _MOST else None


_LABEL = "(SELECT min(label) FROM topics WHERE key = x)"


def has_index(connection: sqlite3.Connection, name: str) -> bool:
    """Return whether an index that is made in the background is there already."""
    sql = "SELECT 1 FROM main.sqlite_master WHERE type = 'index' AND name = ?"
    return connection.execute(sql, (name,)).fetchone() is not None
