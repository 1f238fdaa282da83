"""The first screen is the beginning of the whole list, however it was found."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reader.library import query_newest, query_sql
from reader.library.collection import Collection

from . import query_collection
from .query_table import TABLE


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    place = tmp_path_factory.mktemp("newest")
    made, _ = query_collection.make(place / "feed", place)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_newest, "PROBED", 3)
    monkeypatch.setattr(query_newest, "MOST", 9)
    monkeypatch.setattr(query_newest, "SLOW", 60)


@pytest.fixture
def found_so(monkeypatch: pytest.MonkeyPatch) -> list[array[int] | None]:
    """What was found among the newest alone, a value for each time that it was tried."""
    found: list[array[int] | None] = []

    def noted(*given: object) -> array[int] | None:
        found.append(query_newest.newest_ids(*given))  # type: ignore[arg-type]  # passed on
        return found[-1]

    monkeypatch.setattr(query_sql, "newest_ids", noted)
    return found


@pytest.mark.parametrize(
    ("text", "limit", "is_found"),
    [
        ("power OR a", 1, True),
        ("title:p OR -power", 2, True),
        ("(a OR c) -is:starred quality:..100", 1, True),
        ("view:unread a", 1, True),
        ("zebra", 1, False),  # in none of those looked at
        ("power", 5, False),  # not so many
        ("low-code OR a", 1, False),  # two words in a row
        ('a -topic:Bread provider:"Vale Review"', 1, True),
        ('topic:"open data"', 1, True),
        ("a folder:_news", 1, False),  # more than a look at the record
        ("*a", 1, False),
        ("is:unread", 1, False),  # by an index already
        ("a sort:title", 1, False),
        ("is:problem OR a", 1, False),
    ],
)
def test_it_is_found_among_the_newest_where_that_is_quicker(
    collection: Collection, found_so: list[object], text: str, limit: int, is_found: bool
) -> None:
    whole = collection.find(text)
    assert collection.find(text, limit) == whole[:limit]
    assert any(found is not None for found in found_so) == is_found


@pytest.mark.parametrize("text", [text for text, _ in TABLE])
def test_it_is_the_beginning_of_the_whole(collection: Collection, text: str) -> None:
    whole = collection.find(text)
    for limit in (1, 2, 5, 100):
        assert collection.find(text, limit) == whole[:limit]


_word = st.sampled_from(
    ["a", "p", "power", "title:p", "body:a", "excerpt:n", "c", "is:unread", "is:starred", "cafe",
     "-quality:>50", "date:2020..", "50", "view:unpublished", "日", "is:due", "is:warning",
     "topic:bread,radio", "type:video", "-domain:vale*", "category:news"]
)  # fmt: skip
_query = st.recursive(
    _word,
    lambda inner: st.one_of(
        inner.map("-({})".format),
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} OR {pair[1]})"),
    ),
    max_leaves=5,
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_query, st.integers(1, 12))
def test_of_any_words_it_is_the_beginning(collection: Collection, text: str, limit: int) -> None:
    assert collection.find(text, limit) == collection.find(text)[:limit]


def test_records_that_take_long_are_left_to_the_index(
    collection: Collection, found_so: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query_newest, "SLOW", -1)
    assert collection.find("a OR -b", 5) == collection.find("a OR -b")[:5]
    assert found_so == [None]
