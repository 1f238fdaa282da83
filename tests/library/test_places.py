"""Where one was is kept whole, found again, and bad files are no harm."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.library.collection import Collection
from reader.library.places import (
    Place,
    last_root,
    place_file,
    read_place,
    rows_left,
    write_place,
)
from reader.records.query import Query, View
from tests.corpus import write_collection

texts = st.text(st.characters(exclude_categories=()), max_size=30)


ids = st.lists(st.integers(0, 2**63 - 1), max_size=5).map(tuple)


@given(st.builds(Place, texts, texts, st.lists(texts, max_size=5).map(tuple), ids))
def test_what_is_kept_is_found(tmp_path_factory: pytest.TempPathFactory, place: Place) -> None:
    file = tmp_path_factory.getbasetemp() / "one.place.json"
    write_place(file, Path("/somewhere"), place)
    assert read_place(file) == place
    assert [each for each in os.listdir(file.parent) if each.startswith("one.")] == [file.name]


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b'{"query": 1, "record": "", "marks": []}', b"\xff", b"[" * 100_000]
)
def test_what_cannot_be_read_is_no_place(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "x.place.json"
    file.write_bytes(data)
    assert read_place(file) is None
    assert last_root(tmp_path) is None
    assert read_place(tmp_path / "missing") is None


def test_the_last_one_is_resumed(tmp_path: Path) -> None:
    for at, name in enumerate(("a", "b", "gone")):
        if name != "gone":
            (tmp_path / name).mkdir()
        file = place_file(str(tmp_path / f"{name}-1.sqlite"))
        write_place(file, tmp_path / name, Place())
        os.utime(file, (at, at))
    assert last_root(tmp_path) == tmp_path / "b"  # the newest is no folder any more
    assert last_root(tmp_path / "nowhere") is None


@contextmanager
def indexed(tmp_path: Path, count: int) -> Iterator[Collection]:
    folder = tmp_path / "articles"
    write_collection(folder, count)
    with closing(Collection.open(folder, cache_dir=tmp_path, state_dir=tmp_path)) as collection:
        collection.reconcile()
        yield collection


def test_the_rows_that_were_on_the_screen(tmp_path: Path) -> None:
    with indexed(tmp_path, 9) as collection:
        ids = tuple(collection.ids(Query()))
        path = collection.path(ids[4])
        assert path is not None
        rows, at = rows_left(Place("", path, (), ids[2:7]), collection)
        assert [row.id for row in rows] == list(ids[2:7])
        assert rows[at].id == ids[4]
        # An index made anew, a record or a row gone: what is not sure is not shown.
        assert rows_left(Place("", path, (), ids[5:7]), collection) == ([], 0)
        assert rows_left(Place("", "gone.md", (), ids[2:7]), collection) == ([], 0)
        assert rows_left(Place("", path), collection) == ([], 0)
        rows, at = rows_left(Place("", path, (), (10**9, *ids[3:6])), collection)
        assert [row.id for row in rows] == list(ids[3:6])
        assert at == 1


def test_of_the_rows_only_those_still_in_the_view(tmp_path: Path) -> None:
    with indexed(tmp_path, 60) as collection:
        ids = tuple(collection.ids(Query()))
        collection.set_starred(ids[3:5], True)
        collection.set_read(ids[10:20], True)
        for view in View:
            wanted = set(collection.ids(Query(view)))
            assert collection.still_in(view, ids) == [each for each in ids if each in wanted]
            for current in (each for each in ids if each in wanted):
                path = collection.path(current)
                assert path is not None
                rows, at = rows_left(Place(f"view:{view}", path, (), ids), collection)
                assert rows[at].id == current
                assert {row.id for row in rows} == wanted
