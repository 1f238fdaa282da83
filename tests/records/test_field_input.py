"""What is typed into a field, and what it means."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.records.dates import parse_date
from reader.records.field_input import (
    BY_NAME,
    FIELDS,
    LONGEST,
    Kind,
    Wrong,
    can_be_shown,
    fields_of,
    parse_input,
    parse_topic,
    shown,
)
from reader.records.text import fold
from reader.records.values import ABSENT, same

NAMES = st.sampled_from(sorted(BY_NAME))
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=60).filter(
    lambda text: can_be_shown(text) and not text.isspace()
)
VALID = {
    Kind.TEXT: TEXTS,
    Kind.NUMBER: st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6) | st.just(ABSENT),
    Kind.FLAG: st.booleans() | st.just(ABSENT),
    Kind.DATE: st.datetimes(
        timezones=st.builds(
            lambda seconds: timezone(timedelta(seconds=seconds)), st.integers(-86399, 86399)
        )
        | st.just(UTC)
    ).filter(lambda at: parse_date(at) is not None)
    | st.just(ABSENT),
    Kind.TOPICS: st.lists(TEXTS | st.text(' ,"a', min_size=1).filter(str.strip), min_size=1, max_size=6, unique_by=fold).map(
        tuple
    )
    | st.just(ABSENT),
}  # fmt: skip


@given(
    st.sampled_from(FIELDS).flatmap(lambda field: st.tuples(st.just(field.name), VALID[field.kind]))
)
def test_a_value_that_is_shown_and_typed_is_the_same(case: tuple[str, object]) -> None:
    name, value = case
    assert parse_input(name, shown(name, value)) == value
    assert same(parse_input(name, shown(name, value)), value) or isinstance(value, datetime)


@given(NAMES, st.text(max_size=200))
def test_anything_can_be_typed(name: str, text: str) -> None:
    value = parse_input(name, text)
    assert isinstance(value, Wrong) or parse_input(name, shown(name, value)) == value


@given(
    NAMES,
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.datetimes(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.integers(), inner, max_size=4),
        max_leaves=20,
    ),
)  # fmt: skip
def test_any_value_of_a_file_is_shown_on_one_safe_line(name: str, value: object) -> None:
    text = shown(name, value)
    assert can_be_shown(text)
    parse_input(name, text)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("title", "Tides [bold]rise[/]", "Tides [bold]rise[/]"),
        ("title", " kept as typed ", " kept as typed "),
        ("excerpt", "", ABSENT),
        ("type", "  ", ABSENT),
        ("quality", " 56 ", 56),
        ("quality", "56.5", 56.5),
        ("quality", "-.5e1", -5.0),
        ("quality", "1000000", 1_000_000),
        ("quality", "", ABSENT),
        ("heat", "-1", -1),
        ("heat", "", ABSENT),
        ("published", "Yes", True),
        ("published", "n", False),
        ("published", "true", True),
        ("published", "FALSE", False),
        ("published", "", ABSENT),
        ("publishedDateTime", "2020-06-12", datetime(2020, 6, 12, tzinfo=UTC)),
        ("publishedDateTime", " 2020-06-12 16:05 +02:00", datetime(2020, 6, 12, 14, 5, tzinfo=UTC)),
        ("updatedDateTime", "2020-06-12T16:05:00Z", datetime(2020, 6, 12, 16, 5, tzinfo=UTC)),
        ("updatedDateTime", "", ABSENT),
        ("topics", "Tides, Power  Apps ,,", ("Tides", "Power  Apps")),
        ("topics", '"Bread, butter", "say ""no""", 5" pipe, "open', ("Bread, butter", 'say "no"', '5" pipe', '"open')),
        ("topics", " , ", ABSENT),
    ],
)  # fmt: skip
def test_what_is_typed(name: str, text: str, value: object) -> None:
    assert same(parse_input(name, text), value) or (
        isinstance(value, datetime) and parse_input(name, text) == value
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("title", ""),
        ("title", " \u00a0"),
        ("name", ""),
        ("title", "a\x1b[31mb"),
        ("excerpt", "a\nb"),
        ("excerpt", "a\u202eb"),
        ("excerpt", "a\ud800b"),
        ("excerpt", "x" * (LONGEST + 1)),
        ("quality", "1000001"),
        ("quality", "9" * 5000),
        ("quality", "1e9999"),
        ("quality", "nan"),
        ("quality", "inf"),
        ("quality", "1_000"),
        ("quality", "٥٦"),
        ("quality", "5,5"),
        ("quality", "yes"),
        ("published", "perhaps"),
        ("published", "1"),
        ("publishedDateTime", "yesterday"),
        ("publishedDateTime", "2020-02-30"),
        ("topics", "Tides, tides"),
    ],
)
def test_what_is_refused(name: str, text: str) -> None:
    refused = parse_input(name, text)
    assert isinstance(refused, Wrong)
    assert can_be_shown(refused.reason)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("title", None, ""),
        ("title", "tab\tand\nbreak", "tab and break"),
        ("title", "governmentâ€™s", "governmentâ€™s"),  # mended only where that is asked for
        ("title", 2020, "2020"),
        ("title", True, "true"),
        ("quality", 56.0, "56.0"),
        ("quality", "56", '"56"'),
        ("quality", [1, "a"], "[1, 'a']"),
        ("published", True, "yes"),
        ("published", "no", '"no"'),
        ("publishedDateTime", date(2020, 6, 12), "2020-06-12"),
        ("publishedDateTime", datetime(2020, 6, 12, 1, tzinfo=UTC), "2020-06-12T01:00:00Z"),
        ("publishedDateTime", datetime(2020, 6, 12, 1), "2020-06-12T01:00:00"),
        ("publishedDateTime", "soon", '"soon"'),
        ("topics", ["Tides", None, 5, " x"], 'Tides, 5, " x"'),
        ("topics", "Tides", "Tides"),
        ("topics", {"a": 1}, "{'a': 1}"),
        ("topics", [], ""),
    ],
)
def test_what_is_shown(name: str, value: object, text: str) -> None:
    assert shown(name, value) == text


def test_a_record_with_a_name_has_it_edited() -> None:
    assert [field.name for field in fields_of({"name": "Menders"})][:2] == ["name", "excerpt"]
    assert fields_of({"name": "Menders", "title": "x"}) == FIELDS
    assert fields_of({}) == FIELDS


def test_one_topic() -> None:
    assert parse_topic("  Bread, butter ") == "Bread, butter"
    for text in ("", "  ", "a\x07", "a\u202e", "x" * (LONGEST + 1)):
        assert isinstance(parse_topic(text), Wrong)
