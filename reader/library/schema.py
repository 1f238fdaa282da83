"""The tables of the index."""

from __future__ import annotations

import sqlite3

VERSION = 7
BUSY = 10_000  # milliseconds to wait for another process's short transaction

RECORD, PROBLEM, SKIPPED, GONE = range(4)
"""What a file turned out to be: `files.kind`. The last is never stored."""

# `files` alone is keyed by path; all else hangs on its id. Autoincrement, so that the id of a
# removed file never comes to mean another one while the interface still holds it.
TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE files(
  id INTEGER PRIMARY KEY AUTOINCREMENT, path BLOB NOT NULL UNIQUE,
  size INTEGER, mtime_ns INTEGER, inode INTEGER, kind INTEGER NOT NULL);
CREATE TABLE records(
  id INTEGER PRIMARY KEY, state INTEGER NOT NULL, date INTEGER, quality REAL, heat REAL,
  provider TEXT NOT NULL, title TEXT NOT NULL, type TEXT NOT NULL, warned INTEGER NOT NULL,
  key INTEGER NOT NULL, folder BLOB NOT NULL, category TEXT NOT NULL, domain TEXT NOT NULL);
CREATE TABLE topics(
  record INTEGER NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL,
  PRIMARY KEY(record, key)) WITHOUT ROWID;
CREATE TABLE urls(record INTEGER NOT NULL, key INTEGER NOT NULL,
  PRIMARY KEY(record, key)) WITHOUT ROWID;
CREATE TABLE mentions(record INTEGER NOT NULL, key INTEGER NOT NULL,
  PRIMARY KEY(record, key)) WITHOUT ROWID;
CREATE TABLE details(
  id INTEGER PRIMARY KEY, has INTEGER NOT NULL, updated INTEGER, rating REAL, length INTEGER,
  seen INTEGER NOT NULL);
CREATE TABLE authors(record INTEGER NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY(record, name)) WITHOUT ROWID;
CREATE TABLE addresses(id INTEGER PRIMARY KEY, urls TEXT NOT NULL);
CREATE TABLE links(record INTEGER NOT NULL, role INTEGER NOT NULL, key INTEGER NOT NULL,
  host INTEGER NOT NULL, PRIMARY KEY(record, role, key)) WITHOUT ROWID;
CREATE TABLE hosts(id INTEGER PRIMARY KEY, name TEXT NOT NULL, odd INTEGER NOT NULL,
  UNIQUE(name, odd));
CREATE TABLE problems(id INTEGER PRIMARY KEY, line INTEGER NOT NULL, reason TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(
  title, excerpt, provider, topics, body, tokenize = "unicode61 remove_diacritics 2");
"""

# What every list needs from the first row on: the views never touch the fat rows.
LIST_INDEXES = """
CREATE INDEX files_odd ON files(kind) WHERE kind > 0;
CREATE INDEX by_date ON records(date DESC, id, key, state);
CREATE INDEX by_state ON records(state, date DESC);
"""

# Made in the background, after all else: what finds, counts and sorts (module `value_order`) quicker
# than a look at every row. Keys in no order are quicker sorted once than inserted one by one.
LATER_INDEXES = """
CREATE INDEX IF NOT EXISTS urls_by_key ON urls(key);
CREATE INDEX IF NOT EXISTS mentions_by_key ON mentions(key);
CREATE INDEX IF NOT EXISTS topics_by_key ON topics(key, label);
CREATE INDEX IF NOT EXISTS links_by_key ON links(key);
CREATE INDEX IF NOT EXISTS by_provider ON records(provider, date DESC, id, state);
CREATE INDEX IF NOT EXISTS by_type ON records(type, date DESC, id, state);
CREATE INDEX IF NOT EXISTS by_category ON records(category, date DESC);
CREATE INDEX IF NOT EXISTS by_domain ON records(domain, date DESC);
CREATE INDEX IF NOT EXISTS by_quality ON records(quality, date DESC);
CREATE INDEX IF NOT EXISTS by_heat ON records(heat, date DESC);
CREATE INDEX IF NOT EXISTS by_folder ON records(folder, state);
CREATE INDEX IF NOT EXISTS by_title ON records(title COLLATE NOCASE, date DESC);
"""

OF_A_FILE = (
    ("records", "id"),
    ("topics", "record"),
    ("urls", "record"),
    ("mentions", "record"),
    ("details", "id"),
    ("authors", "record"),
    ("addresses", "id"),
    ("links", "record"),
    ("problems", "id"),
    ("words", "rowid"),
)
"""Where a file's rows lie besides `files`: table and column of the id."""


NEWS = """
INSERT INTO meta VALUES('news', 1) ON CONFLICT(key) DO UPDATE SET value = value + 1
"""
"""Notes that rows have changed, so that every process that has the index open can know."""


def news(connection: sqlite3.Connection) -> int:
    """Return a number that is another one whenever rows have changed, by whichever process."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'news'").fetchone()
    return row[0] if row else 0


def create(connection: sqlite3.Connection) -> None:
    """Make the tables, unless another process has just made them."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            for statement in (TABLES + LIST_INDEXES).split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def is_sound(connection: sqlite3.Connection) -> bool:
    """Return whether the tables are there and of this version; raises on a damaged file."""
    if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
        return False
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    tables = {table for table, _ in OF_A_FILE} | {"files", "meta", "hosts", "by_date", "by_state"}
    return tables <= names
