"""Ids that SQLite has joined into one text: a row each would cost a Python object, and a turn of the
interpreter's lock, each."""

from __future__ import annotations

from array import array

PORTION = 16_384
"""Characters that are read at once."""


def ids_of(joined: str | None) -> array[int]:
    """Return the ids that `group_concat` has joined; of None, which it gives for no row, none.

    In portions, between which another thread may have the interpreter: read all at once, a million
    ids would keep a key waiting for a quarter of a second."""
    ids = array("q")
    at, length = 0, len(joined or "")
    while joined and at < length:
        end = joined.find(",", at + PORTION)
        if end < 0:
            end = length
        ids.extend(map(int, joined[at:end].split(",")))
        at = end + 1
    return ids
