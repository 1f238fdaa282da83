"""The table of trigrams: filled beside other work, kept up with every change, never in the way."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from reader.library import trigrams
from reader.library.collection import Collection
from reader.library.opening import data_file

from .conftest import Open, Write

QUERIES = ("*owe*", "/ow.r/", "/(zebra|quokka)s?/", "title:/rec.*4/", "*ebr*", "*cord*")


def file_of(collection: Collection, tmp_path: Path) -> str:
    return data_file(tmp_path / "cache", os.fsencode(os.path.realpath(collection.root)))


def answers(collection: Collection) -> dict[str, list[str | None]]:
    return {
        query: sorted(str(collection.path(id)) for id in collection.find(query))
        for query in QUERIES
    }


def state(path: str) -> int:
    with closing(sqlite3.connect(path)) as connection, connection:
        found = trigrams.filled(connection)
        if found:  # raises where it is damaged
            connection.execute("INSERT INTO trigrams(trigrams) VALUES('integrity-check')")
    connection.close()
    return found


def candidates(path: str, need: str) -> set[int]:
    with closing(sqlite3.connect(path)) as connection, connection:
        rows = connection.execute("SELECT rowid FROM trigrams WHERE trigrams MATCH ?", (need,))
        found = {row[0] for row in rows}
    connection.close()
    return found


def test_it_follows_every_change(root: Path, write: Write, open_it: Open, tmp_path: Path) -> None:
    for number in range(6):
        write(f"r{number}.md", title=f"record {number} power", webUrl=f"https://a.example/{number}")
    collection = open_it()
    collection.reconcile()
    path = file_of(collection, tmp_path)
    assert state(path) == 0
    slowly = answers(collection)
    assert collection.complete()
    assert state(path) == trigrams.WHOLE
    assert answers(collection) == slowly

    write("r1.md", title="record 1 zebra", webUrl="https://a.example/1")  # another text
    write("new.md", title="quokka power")  # a new one
    os.unlink(root / "r2.md")  # gone
    os.rename(root / "r3.md", root / "r3-renamed.md")  # the same id under another name
    (root / "r4.md").write_text("---\ntitle: [power\n---\n")  # a problem from now on
    (root / "r5.md").write_text("no record any more: power")
    collection.reconcile()
    assert state(path) == trigrams.WHOLE
    after = answers(collection)
    assert after["*owe*"] == ["new.md", "r0.md", "r3-renamed.md"]
    assert after["/(zebra|quokka)s?/"] == ["new.md", "r1.md"]
    ids = {collection.id_of_path(name) for name in ("new.md", "r0.md", "r3-renamed.md")}
    assert candidates(path, '"pow" AND "owe"') == ids  # nothing of what was is left

    write("r4.md", title="record 4 zebra")  # readable again
    collection.reconcile()
    after = answers(collection)
    assert collection.complete()
    assert answers(collection) == after
    assert after["*ebr*"] == ["r1.md", "r4.md"]


def test_half_filled_it_is_kept_up_and_not_asked(
    write: Write, open_it: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        write(f"r{number}.md", title=f"record {number} power")
    collection = open_it()
    collection.reconcile()
    path = file_of(collection, tmp_path)
    monkeypatch.setattr(trigrams, "_AT_ONCE", 2)
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 2

    assert not collection.complete(cancelled)
    assert 0 < state(path) < trigrams.WHOLE
    write("r0.md", title="record 0 zebra")  # is in it
    write("r5.md", title="record 5 zebra")  # is not yet
    write("r9.md", title="record 9 zebra")
    collection.reconcile()
    assert answers(collection)["*ebr*"] == ["r0.md", "r5.md", "r9.md"]
    half = state(path)
    assert len(candidates(path, '"zeb"')) == 1
    assert collection.complete()
    assert state(path) == trigrams.WHOLE > half
    assert answers(collection)["*ebr*"] == ["r0.md", "r5.md", "r9.md"]
    assert len(candidates(path, '"zeb"')) == 3


def test_an_index_in_memory_has_it_too(write: Write, open_it: Open, root: Path) -> None:
    write("a.md", title="power")
    collection = open_it(root / "a.md")
    assert collection.complete()
    assert len(collection.find("*owe*")) == 1


def test_without_trigrams_the_texts_are_looked_through(
    write: Write, open_it: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.md", title="power")
    collection = open_it()
    collection.reconcile()
    monkeypatch.setattr(trigrams, "_TABLE", trigrams._TABLE.replace("'trigram ", "'nonesuch "))
    assert not collection.complete()
    assert len(collection.find("*owe*")) == 1
    assert state(file_of(collection, tmp_path)) == 0


def test_a_nul_in_a_body_ends_nothing(write: Write, open_it: Open) -> None:
    path = write("a.md", title="x")
    path.write_bytes(path.read_bytes() + b"before\0after\n")
    collection = open_it()
    collection.reconcile()
    for _ in range(2):
        assert len(collection.find("*fter")) == len(collection.find("/aft.r/")) == 1
        collection.complete()


def test_a_rebuilt_index_begins_anew(write: Write, open_it: Open, tmp_path: Path) -> None:
    write("a.md", title="power")
    collection = open_it()
    collection.reconcile()
    collection.complete()
    collection.reconcile(rebuild=True)
    assert state(file_of(collection, tmp_path)) == 0
    assert collection.complete()
    assert len(collection.find("*owe*")) == 1
