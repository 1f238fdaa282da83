"""Changing a query's text: what comes out parses, and means what was asked for."""

from __future__ import annotations

from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from datetime import UTC
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from reader.records.querying import Parsed, QueryError, parse
from reader.records.querying.nodes import And, Every, Node, Value
from reader.records.querying.outline import side_by_side
from reader.records.querying.rewriting import (
    and_term,
    has_term,
    quoted,
    term,
    toggle,
    without_field,
    without_parts,
    without_term,
)
from tests.records.test_querying import NOW


def meaning(node: Any) -> Any:
    """A node without its places."""
    if isinstance(node, tuple):
        return tuple(map(meaning, node))
    if not is_dataclass(node):
        return node
    names = [each.name for each in fields_of(node) if each.name not in ("start", "end")]
    return (type(node).__name__, *(meaning(getattr(node, name)) for name in names))


def understood(text: str) -> Parsed:
    parsed = parse(text, now=NOW, zone=UTC)
    assert isinstance(parsed, Parsed), (text, parsed)
    return parsed


def parts(root: Node) -> list[Any]:
    if isinstance(root, Every) and root.start == 0:
        return []
    return [meaning(part) for part in root.parts] if isinstance(root, And) else [meaning(root)]


@pytest.mark.parametrize(
    ("text", "given", "narrowed"),
    [
        ("", 'topic:"Power Apps"', 'topic:"Power Apps"'),
        ("power", "topic:AI", "power topic:AI"),
        ("topic:Radio power", "topic:AI", "topic:AI power"),
        ("TOPICS:Radio power topic:x", "topic:AI", "topic:AI power"),
        ("-topic:Radio power", "topic:AI", "-topic:Radio power topic:AI"),
        ("a OR b", "topic:AI", "(a OR b) topic:AI"),
        ("a OR b sort:date", "topic:AI", "(a OR b) topic:AI sort:date"),
        ("(a OR b) topic:AI", "topic:Radio", "(a OR b) topic:Radio"),
        ("is:unread", "is:starred", "is:unread is:starred"),
        ("is:unread", "IS:UNREAD", "IS:UNREAD"),
        ("a AND topic:x AND b", "topic:y", "a topic:y b"),
        ("sort:date a", "sort:-heat", "sort:-heat a"),
        ("a OR b sort:date", "sort:-heat", "a OR b sort:-heat"),
        ("view:starred folder:_news", "view:unread", "view:unread folder:_news"),
        ('"unfinished', "topic:AI", "topic:AI"),
        ("https://a.example/x( OR b", "topic:AI", "(https://a.example/x( OR b ) topic:AI"),
    ],
)
def test_narrowing(text: str, given: str, narrowed: str) -> None:
    assert and_term(text, given) == narrowed
    assert has_term(narrowed, given)


@pytest.mark.parametrize(
    ("text", "given", "left"),
    [
        ("a topic:AI b", "topic:ai", "a b"),
        ('a topic:"power  apps"', 'topic:"Power Apps"', "a"),
        ("a topic:AI,Radio", "topic:AI", "a topic:AI,Radio"),
        ("a OR topic:AI", "topic:AI", "a OR topic:AI"),
        ("-topic:AI", "topic:AI", "-topic:AI"),
        ("a AND topic:AI", "topic:AI", "a"),
        ("topic:AI", "topic:AI", ""),
    ],
)
def test_taking_a_term_away(text: str, given: str, left: str) -> None:
    assert without_term(text, given) == left


def test_taking_a_field_away() -> None:
    assert without_field("topic:a b -topic:c", "topic") == "b -topic:c"


@pytest.mark.parametrize("given", ["", "a b", "(a)", '"', "a OR b"])
def test_only_a_term_is_a_term(given: str) -> None:
    with pytest.raises(ValueError, match="term"):
        and_term("x", given)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf")), min_size=1))
@example("OR")
@example("a\\")
@example("-x")
@example("*")
def test_a_quoted_value_is_that_value(value: str) -> None:
    assume(value.strip())
    node = understood(term("topic", value)).root
    assert isinstance(node, Value)
    assert node.pieces == (value,)


@pytest.mark.parametrize("odd", ["\udcff", "\x1b", "\0", "\x85", "\u202e", "\n"])
def test_what_cannot_be_written_is_any(odd: str) -> None:
    assert quoted(f"a{odd}b") == '"a*b"'


_terms = st.sampled_from(
    ["a", '"b c"', "/x y/", "-d", "NOT e", "topic:x", 'topic:"y z"', "-topic:x", "topic:x,y", "is:read",
     "no:amp", "folder:_n", "https://a.example/x", "https://a.example/(x", "url:https://a.example/x,y",
     "quality:>7", "a\\", "view:starred", "(a)", "(a OR b)", "-(a b)", "((c))", "provider:x*"]
)  # fmt: skip
_joint = st.sampled_from([" ", " ", " AND ", " OR ", "  \n"])
_sort = st.sampled_from(["", " sort:date ", " sort:-heat,title "])
_text = st.builds(
    lambda terms, joints, sort, at: "".join(
        (sort if n == at else "") + each + joint
        for n, (each, joint) in enumerate(zip(terms, [*joints, ""], strict=False))
    ),
    st.lists(_terms, max_size=6),
    st.lists(_joint, min_size=5, max_size=5),
    _sort,
    st.integers(0, 3),
)
_given = st.sampled_from(
    ["topic:x", 'topic:"y z"', "-topic:x", "is:read", "a", "/x y/", "folder:_n", "view:starred", "no:amp",
     "provider:x*", "quality:>7"]
)  # fmt: skip


@given(_text, _given)
def test_a_narrowed_query_asks_for_both(text: str, given: str) -> None:
    before = parse(text, now=NOW, zone=UTC)
    assume(isinstance(before, Parsed))
    assert isinstance(before, Parsed)
    after = understood(and_term(text, given))
    assert after.sort == before.sort
    (added,) = parts(understood(given).root)
    assert added in parts(after.root)
    old = parts(before.root)
    if any(joint in f" {text} " for joint in (" OR ", "\nOR ")) and side_by_side(text) is None:
        assert parts(after.root) == [meaning(before.root), added]
        return
    field = given.partition(":")[0]
    kept = [part for part in parts(after.root) if part != added]
    lost = [part for part in old if part not in kept and part != added]
    assert [part for part in old if part not in lost and part != added] == kept
    for part in lost:  # only what is of that field, and never what excludes
        assert field in repr(part)
        assert part[0] != "Not"


@given(_text, _given)
def test_toggling(text: str, given: str) -> None:
    assume(isinstance(parse(text, now=NOW, zone=UTC), Parsed))
    had = has_term(text, given)
    once = toggle(text, given)
    assert isinstance(parse(once, now=NOW, zone=UTC), Parsed)
    assert has_term(once, given) is not had
    if had:
        (gone,) = parts(understood(given).root)
        assert parts(understood(once).root) == [
            part for part in parts(understood(text).root) if part != gone
        ]


@given(_text, st.sets(st.integers(0, 5)))
def test_dropping_parts(text: str, gone: set[int]) -> None:
    before = parse(text, now=NOW, zone=UTC)
    assume(isinstance(before, Parsed))
    assert isinstance(before, Parsed)
    places = side_by_side(text)
    assume(places is not None)
    assert places is not None
    old = parts(before.root)
    assert len(places) == len(old)
    after = understood(without_parts(text, [each for n, each in enumerate(places) if n in gone]))
    assert parts(after.root) == [each for n, each in enumerate(old) if n not in gone]
    assert after.sort == before.sort


@given(st.text(), _given)
def test_any_text_can_be_narrowed(text: str, given: str) -> None:
    parsed = parse(and_term(text, given), now=NOW, zone=UTC)
    if not isinstance(parse(text, now=NOW, zone=UTC), QueryError):
        assert isinstance(parsed, Parsed)
    without_term(text, given)
    has_term(text, given)
