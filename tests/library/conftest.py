"""A way to write records, and to open collections in the test's own folders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reader.library.collection import Collection

Write = Callable[..., Path]
Open = Callable[..., Collection]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "feed"
    folder.mkdir()
    return folder


@pytest.fixture
def write(root: Path) -> Write:
    def write_it(name: str, **fields: object) -> Path:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{field}: {value}" for field, value in {"title": name, **fields}.items()]
        path.write_text("\n".join(["---", *lines, "---", ""]))
        return path

    return write_it


@pytest.fixture
def open_it(tmp_path: Path, root: Path) -> Iterator[Open]:
    opened: list[Collection] = []

    def open_here(path: Path = root, **options: object) -> Collection:
        options = {"cache_dir": tmp_path / "cache", "state_dir": tmp_path / "state", **options}
        collection = Collection.open(path, **options)  # type: ignore[arg-type]  # passed through
        opened.append(collection)
        return collection

    yield open_here
    for collection in opened:
        collection.close()
