"""The table of trigrams: which records may hold a piece of text, so that only their texts are looked
through for `*flow`, `p*r` and `/pow.r/`.

It is filled in the background, after the first filling of the index, in the order of ids: up to
`filled` all records are in it, and are kept up with every change. Until it is whole the texts of
all records are looked through, which gives the same answer later.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator

WHOLE = (1 << 62) - 1
"""`filled` once every record is in the table, and every new one is put in."""
_AT_ONCE = 500  # records of one transaction: others wait for it
_BREATH = 0.002  # seconds between two transactions, for those who wait
_HASH_SIZE = 8 << 20  # bytes gathered before a segment is written

# No copy of the text, no places in it: that three characters are somewhere in a record is all that is
# asked. The text is folded already. A line end between the columns: no piece runs over two.
_TABLE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS trigrams USING fts5("
    "text, content='', tokenize='trigram case_sensitive 1', detail=none, columnsize=0)"
)
TEXT = "c0 || char(10) || c1 || char(10) || c2 || char(10) || c3 || char(10) || c4"
"""All the words of a record, a column after the other, as SQL over `words_content`."""
_FILLED = "SELECT value FROM main.meta WHERE key = 'trigrams'"


def filled(connection: sqlite3.Connection) -> int:
    """Return the id up to which records are in the table; 0: none, `WHOLE`: all."""
    row = connection.execute(_FILLED).fetchone()
    return row[0] if row else 0


def remove(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Take records out, which have to be in the table; before their words are cleared."""
    connection.executemany(
        "INSERT INTO trigrams(trigrams, rowid, text)"
        f" SELECT 'delete', id, {TEXT} FROM words_content WHERE id = ?",
        [(id,) for id in ids],
    )


def add(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Put records in; after their words are there."""
    connection.executemany(
        f"INSERT INTO trigrams(rowid, text) SELECT id, {TEXT} FROM words_content WHERE id = ?",
        [(id,) for id in ids],
    )


def fill(connection: sqlite3.Connection, cancelled: Callable[[], bool]) -> bool:
    """Put in what is missing, in short transactions; return whether the table is whole. Where
    SQLite knows no trigrams (before 3.34) it never is."""
    if filled(connection) == WHOLE:
        return True
    try:
        connection.execute(_TABLE)
    except sqlite3.OperationalError as error:
        if "tokenizer" not in str(error):
            raise
        return False
    connection.execute("INSERT INTO trigrams(trigrams, rank) VALUES('hashsize', ?)", (_HASH_SIZE,))
    while not cancelled():
        with _transaction(connection):
            before = filled(connection)
            last = connection.execute(
                "SELECT max(id) FROM (SELECT id FROM words_content WHERE id > ? ORDER BY id LIMIT ?)",
                (before, _AT_ONCE),
            ).fetchone()[0]
            if last is not None:
                connection.execute(
                    f"INSERT INTO trigrams(rowid, text) SELECT id, {TEXT} FROM words_content"
                    " WHERE id > ? AND id <= ? ORDER BY id",
                    (before, last),
                )
            after = WHOLE if last is None else last
            connection.execute("INSERT OR REPLACE INTO meta VALUES('trigrams', ?)", (after,))
        if after == WHOLE:
            return True
        time.sleep(_BREATH)
    return False


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
