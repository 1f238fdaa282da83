"""docs/queries.md: every example runs, and every name the language knows is written down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from reader.library.collection import Collection
from reader.records.querying import VIEWS, Parsed, fields, parse

from . import query_collection
from .query_collection import NOW

DOCUMENT = (Path(__file__).parents[2] / "docs" / "queries.md").read_text(encoding="utf-8")
EXAMPLES = [
    line
    for block in re.findall(r"^```query\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    place = tmp_path_factory.mktemp("document")
    made, _ = query_collection.make(place / "feed", place)
    yield made
    made.close()


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_runs(collection: Collection, text: str) -> None:
    query = parse(text, now=NOW, zone=UTC)
    assert isinstance(query, Parsed), query
    assert len(collection.find(query)) == collection.count_matching(query) > 0


def test_every_name_is_written_down() -> None:
    written = set(re.findall(r"`([a-z.-]+):?`", DOCUMENT))
    names = {*fields.FIELDS, *fields.IS, *fields.HAS, *fields.SORTS, *VIEWS}
    assert names - written == set()
