"""A start does not load the query language: what it lists instead is what the language would."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.library.collection import Collection
from reader.library.editing import Editing
from reader.library.query_history import MOST, QueryHistory
from reader.library.rules import Rules
from reader.records.decisions import Decision
from reader.records.query import SORT_FIELDS, View, plain_query

RECORD = """---
title: "Article {number}"
publishedDateTime: 2026-0{month}-1{number}T10:00:00Z
webUrl: "https://harbour.example/{number}"
quality: {quality}
published: {published}
provider: {{name: "Provider {provider}"}}
---
"""


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    """Nine records; of the unpublished ones two are deferred, two came due."""
    root = tmp_path / "harbour"
    root.mkdir()
    for number in range(9):
        (root / f"{number}.md").write_text(
            RECORD.format(
                number=number,
                month=number % 3 + 1,
                quality=number * 7 % 5,
                published=str(number > 6).lower(),
                provider=number % 2,
            )
        )
    (root / "broken.md").write_text('---\ntitle: "never closed\n---\n')
    clock = [time.time()]
    opened = Collection.open(
        root, cache_dir=tmp_path / "c", state_dir=tmp_path / "s", now=lambda: clock[0]
    )
    opened.reconcile()
    editing = Editing(opened, Rules(), "test")
    now = int(clock[0])
    for path, until in (("1.md", 50), ("2.md", 40), ("3.md", 5000), ("4.md", 4000)):
        id = opened.id_of_path(path)
        assert id is not None
        editing.decide(Decision("defer", {"until": now + until}), opened.targets([id]))
    clock[0] += 100
    yield opened
    editing.close()
    opened.close()


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("sort", ["", *SORT_FIELDS, *(f"-{field}" for field in SORT_FIELDS)])
def test_both_ways_list_the_same(collection: Collection, view: View, sort: str) -> None:
    if view is View.PROBLEMS and sort == "-path":
        pytest.skip("problems are listed by path, in the language")
    text = f"view:{view}" + (f" sort:{sort}" if sort else "")
    plain = plain_query(text)
    assert plain is not None
    assert collection.ids(plain) == collection.find(text, as_queue=True)


def test_what_came_due_stands_first_with_a_filter_too(collection: Collection) -> None:
    ids = collection.find("view:unpublished article", as_queue=True)
    paths = [collection.path(id) for id in ids]
    assert set(paths[:2]) == {"1.md", "2.md"}
    deferred = collection.find("article view:deferred", as_queue=True)
    assert [collection.path(id) for id in deferred] == ["4.md", "3.md"]


def test_what_was_decided_stays_in_its_place(collection: Collection) -> None:
    ids = collection.find("is:published article")
    other = collection.id_of_path("0.md")
    assert other is not None
    assert sorted([*ids, other]) == sorted(collection.find("is:published article", also=[other]))


@pytest.mark.parametrize("text", ["topic:x", "view:mine", "view:all x", "sort:rating", "-view:all"])
def test_what_is_more_than_a_view_is_left_to_the_language(text: str) -> None:
    assert plain_query(text) is None


def test_a_start_without_a_query_does_not_load_the_language(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        RECORD.format(number=1, month=1, quality=1, published="true", provider=1)
    )
    script = (
        "import sys; from pathlib import Path; from reader.library.collection import Collection\n"
        "from reader.records.query import plain_query\n"
        "import reader.ui.app\n"
        f"c = Collection.open(Path({str(tmp_path)!r}), cache_dir=Path({str(tmp_path / 'c')!r}),"
        f" state_dir=Path({str(tmp_path / 's')!r}))\n"
        "c.ids(plain_query(''), limit=200); c.counts(cached=True)\n"
        "print([m for m in sys.modules if m.startswith('reader.records.querying')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_queries_are_kept_from_one_start_to_the_next(tmp_path: Path) -> None:
    state = str(tmp_path / "x.sqlite")
    first = QueryHistory(state)
    for text in ("one", "two", " one\n three ", "", "two"):
        first.store(text)
    assert QueryHistory(state).load() == ["one", "one three", "two"]
    for number in range(MOST + 50):
        first.store(f"query {number}")
    assert len(QueryHistory(state).load()) == MOST
    assert QueryHistory(state).load()[-1] == f"query {MOST + 49}"


def test_a_history_that_cannot_be_kept_is_kept_in_memory(tmp_path: Path) -> None:
    nowhere = QueryHistory(str(tmp_path / "missing" / "x.sqlite"))
    nowhere.store("one")
    assert nowhere.load() == []
    nowhere.add("one")
    assert nowhere.load() == ["one"]
    memory = QueryHistory(None)
    memory.add("two")
    assert memory.load() == ["two"]
