"""docs/queries.md: every example runs, and every name the language knows is written down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from reader import views
from reader.commands.explain import write_explanation
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


def test_the_views_written_there_are_right(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    (toml,) = re.findall(r"^```toml\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
    file.write_text(toml)
    loaded = views.load(file)
    assert loaded.wrong == ()
    assert [view.key for view in loaded.views] == [1, None]


def test_the_explanation_shown_there(
    collection: Collection, capsys: pytest.CaptureFixture[str]
) -> None:
    (query, shown) = re.findall(
        r"^```console\n\$ reader explain '(.*)'\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL
    )[0]
    write_explanation(collection.explain(query))
    assert capsys.readouterr().out == shown


def test_every_name_is_written_down() -> None:
    written = set(re.findall(r"`([a-z.-]+):?`", DOCUMENT))
    names = {*fields.FIELDS, *fields.IS, *fields.HAS, *fields.SORTS, *VIEWS}
    assert names - written == set()
