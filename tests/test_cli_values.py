"""Values of front matter as JSON and as text: whatever a file holds."""

from __future__ import annotations

import json
import string
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.commands import CommandError
from reader.commands.article import text_of_html
from reader.commands.output import cells, exact_path, fit
from reader.commands.template import Template, value_text
from reader.records.json_fields import plain, to_json
from reader.records.record import State
from reader.records.text import encodable

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.binary(max_size=20)
    | st.dates()
    | st.datetimes(timezones=st.none() | st.just(UTC))
)
keys = st.text(max_size=5) | st.integers() | st.none() | st.dates() | st.booleans()
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_everything_becomes_json_that_can_be_written_and_shown(value: Any) -> None:
    text = to_json(plain(value))
    assert text.encode("utf-8")
    assert not any(ord(each) < 0x20 or 0x7F <= ord(each) < 0xA0 for each in text)
    assert json.loads(text) == plain(value)
    assert isinstance(value_text(value), str)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (float("nan"), None),
        (float("-inf"), None),
        (date(2020, 1, 2), "2020-01-02"),
        (datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC), "2020-01-02T03:04:05+00:00"),
        ("\ud800x", encodable("\ud800x")),
        (b"\0\xff", "AP8="),
        (
            {1: 2, None: 3, False: 4, date(2020, 1, 2): 5},
            {"1": 2, "null": 3, "false": 4, "2020-01-02": 5},
        ),
        ({"b", "a"}, ["a", "b"]),
        (1 << 40, 1 << 40),
        (10**399, 10**399),
    ],
)
def test_values_json_cannot_say(value: Any, expected: Any) -> None:
    assert json.loads(to_json(plain(value))) == expected


def test_a_number_too_long_for_decimals() -> None:
    assert json.loads(to_json(plain(1 << 100_000))) == hex(1 << 100_000)


def test_a_value_that_holds_itself_ends() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert to_json(plain(loop)).startswith("[[[")


def test_text_of_other_planes_is_escaped_as_json_wants_it() -> None:
    text = to_json("a\U000e0041b\u202e\U0001f600")
    assert text == '"a\\udb40\\udc41b\\u202e\U0001f600"'
    assert json.loads(text) == "a\U000e0041b\u202e\U0001f600"


@given(st.text(st.sampled_from("{}[].!:" + string.ascii_letters)))
def test_a_template_is_refused_or_harmless(text: str) -> None:
    try:
        line = Template(text).line("a.md", State.PUBLISHED, None)
    except CommandError:
        return
    assert len(line) <= len(text) + 20


@given(st.text(), st.integers(1, 30))
def test_fitting(text: str, columns: int) -> None:
    text = "".join(each for each in text if each.isprintable())
    assert cells(fit(text, columns)) == columns
    assert cells(fit(text, columns, pad=False)) <= columns


def test_wide_characters_take_two_columns() -> None:
    assert cells("日本") == 4
    assert fit("日本語", 4) == "日… "
    assert cells("e\u0301") == 1


def test_paths_keep_their_bytes() -> None:
    assert exact_path("caf\udce9").encode("utf-8", "surrogateescape") == b"caf\xe9"
    exact_path("\ud800").encode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>One <b>bold</b></p><p>two</p>", "\nOne bold\n\ntwo\n"),
        ("a<br>b<!-- c -->d", "a\nbd"),
        ("<style>x</style >y", "y"),
        ("<script>never ends", ""),
        ("1 &lt; 2 < 3", "1 < 2 < 3"),
    ],
)
def test_html_as_text(source: str, text: str) -> None:
    assert text_of_html(source) == text


@pytest.mark.parametrize("piece", ["<", "<a", "<a" + "b" * 50, "<script>", "&amp", "</", "<!--"])
def test_hostile_html_takes_linear_time(piece: str) -> None:
    # The square of this would take minutes.
    text_of_html(piece * 50_000)
    text_of_html("<" + piece[-1] * 500_000)
