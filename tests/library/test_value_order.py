"""Records by the values of a column: what the index gives at once is what sorting gives."""

from __future__ import annotations

import sqlite3

import pytest

from reader.library import schema, value_order
from reader.library.collection import Collection
from reader.records.query import Query, View

from .conftest import Open, Write

FIELDS = (*value_order.TEXTS, *value_order.NUMBERS)


@pytest.fixture
def collection(write: Write, open_it: Open) -> Collection:
    """Sixty records, with a few values a field, and some without any."""
    names = ("Vale", "", "harbour", "Éclair", "zebra", "abc")
    for number in range(60):
        fields = {
            "provider": f"{{name: '{names[number % 5]}', domain: '{names[number % 3]}'}}",
            "type": f"'{names[number % 4]}'",
            "category": f"'{names[number % 6]}'",
            "quality": ("", 12.5, 0.1, 70, 110)[number % 5],
            "heat": ("", 3)[number % 2],
            "published": str(number % 3 > 0).lower(),
            "publishedDateTime": f"2026-01-{number % 9 + 1:02}" if number % 7 else "",
        }
        write(f"{number:02}.md", **{key: value for key, value in fields.items() if value != ""})
    opened = open_it()
    opened.reconcile()
    return opened


def orders(collection: Collection) -> dict[str, list[int]]:
    """Return what each order lists, of all and of a part, by the language and without it."""
    found: dict[str, list[int]] = {}
    for field in FIELDS:
        for sort in (field, f"-{field}"):
            found[sort] = list(collection.find(f"sort:{sort}"))
            found[f"{sort} of a part"] = list(collection.find(f"is:published 1 sort:{sort}"))
            found[f"{sort} first"] = list(collection.find(f"sort:{sort}", 7))
    for field in ("provider", "quality", "heat"):
        for sort in (field, f"-{field}"):
            for view in (View.ALL, View.UNPUBLISHED):
                listed = collection.ids(Query(view, sort=sort))
                found[f"{view} {sort}"] = list(listed)
                assert list(listed) == list(collection.find(f"view:{view} sort:{sort}"))
    return found


def uses_index(collection: Collection, field: str) -> bool:
    with collection._index.reading() as connection:
        return value_order.in_order(connection, field, descending=False) is not None


def test_the_order_is_the_same_with_the_index(collection: Collection) -> None:
    assert not any(uses_index(collection, field) for field in FIELDS)
    sorted_ = orders(collection)
    assert len(sorted_["domain"]) == 60
    assert collection.complete()
    assert all(uses_index(collection, field) for field in FIELDS)
    assert orders(collection) == sorted_
    assert not uses_index(collection, "title")


def test_spellings_that_differ_by_case_are_sorted(collection: Collection, write: Write) -> None:
    assert collection.complete()
    write("odd.md", provider="{name: VALE}", publishedDateTime="2026-01-04")
    collection.reconcile()
    assert not uses_index(collection, "provider")
    with_index = collection.find("sort:provider")
    odd = collection.id_of_path("odd.md")
    assert odd is not None
    place = list(with_index).index(odd)
    around = [row.provider for row in collection.rows(with_index[place - 1 : place + 2])]
    assert around == ["Vale", "VALE", "Vale"]  # among the others by its date


def test_of_very_many_values_records_are_sorted(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert collection.complete()
    before = orders(collection)
    monkeypatch.setattr(value_order, "_MOST", 3)
    assert not uses_index(collection, "provider")
    assert uses_index(collection, "heat")
    assert orders(collection) == before


def test_the_values_are_known_by_the_index(
    collection: Collection, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("t.md", topics="[Tides, Open Data]")
    collection.reconcile()

    def known(field: str) -> list[tuple[str, str]] | None:
        with collection._index.reading() as connection:
            return value_order.known_values(connection, field)

    assert known("provider") is None
    assert collection.complete()
    assert known("type") == [(each, each) for each in ("Vale", "harbour", "Éclair")]
    assert known("topic") == [("open data", "Open Data"), ("tides", "Tides")]
    assert known("author") is None
    monkeypatch.setattr(value_order, "_MOST", 1)
    assert known("topic") is None


def test_where_nothing_has_a_value_all_are_listed() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.create(connection)
    for statement in schema.LATER_INDEXES.split(";"):
        connection.execute(statement)

    def listed(field: str) -> list[int]:
        source = value_order.in_order(connection, field, descending=True)
        assert source is not None
        return [id for (id,) in connection.execute(f"SELECT r.id FROM {source}")]

    assert [listed(field) for field in FIELDS] == [[]] * len(FIELDS)
    row = "INSERT INTO records VALUES(?, 0, ?, NULL, NULL, '', 'x', '', 0, ?, x'', '', '')"
    connection.executemany(row, [(1, 5, 1), (2, 9, 2), (3, None, 3)])
    assert [listed(field) for field in FIELDS] == [[2, 1, 3]] * len(FIELDS)
    connection.close()
