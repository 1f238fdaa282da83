"""Where one was is kept whole, found again, and bad files are no harm."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.library.places import Place, last_root, place_file, read_place, write_place

texts = st.text(st.characters(exclude_categories=()), max_size=30)


@given(st.builds(Place, texts, texts, st.lists(texts, max_size=5).map(tuple)))
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
