"""Edits: exactly the named field changes, and taking them back restores every byte."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.records.edit import (
    AddItem,
    Change,
    Clash,
    Edit,
    Refusal,
    RemoveItem,
    SetField,
    inverse,
)
from reader.records.front_matter import Split, locate, parse
from reader.records.splice import Spliced, apply, undone, value_at
from reader.records.values import ABSENT, same
from tests.real_records import CORPUS, needs_corpus

RECORD = b"""\
---
# a comment
title: "A title"   # beside it
excerpt: 'it''s short'

quality: 56
heat: -1
published: false

provider:
  name: Wire  # who
  domain: wire.example

topics:
  - AI
  - "Open Data"   # quoted

flow: [one, two]
secured: "abc;def=="
---
The body: published: false
"""


def spliced(data: bytes, *changes: Change, name: str = "a.md") -> bytes:
    """The file after the changes, which have to succeed, be undoable, and repeat as nothing."""
    result = apply(data, name, Edit(changes))
    assert isinstance(result, Spliced), result
    assert undone(result.data, result.splices) == data
    again = apply(result.data, name, Edit(changes))
    assert isinstance(again, Spliced)
    assert again.data == result.data
    assert not again.splices
    return result.data


def publish(data: bytes = RECORD) -> bytes:
    return spliced(data, SetField(("published",), False, True))


# -- single values ------------------------------------------------------------------------------


def test_a_value_is_replaced_where_it_stands() -> None:
    assert publish() == RECORD.replace(b"published: false\n\np", b"published: true\n\np")


def test_a_nested_value_is_replaced_beside_its_comment() -> None:
    after = spliced(RECORD, SetField(("provider", "name"), "Wire", "Courier"))
    assert after == RECORD.replace(b"name: Wire  # who", b"name: Courier  # who")


@pytest.mark.parametrize(
    ("field", "was", "to", "line"),
    [
        ("title", "A title", 'Say "x" \\ y', b'title: "Say \\"x\\" \\\\ y"   # beside it'),
        ("title", "A title", "line\nbreak\t\x1b", b'title: "line\\nbreak\\t\\x1B"   # beside it'),
        ("excerpt", "it's short", "don't: #1", b"excerpt: 'don''t: #1'"),
        ("excerpt", "it's short", "a\x85b", b'excerpt: "a\\x85b"'),
        ("quality", 56, 57, b"quality: 57"),
        ("quality", 56, 0.25, b"quality: 0.25"),
        ("quality", 56, 1e-7, b"quality: 1.0e-07"),
        ("heat", -1, "yes", b'heat: "yes"'),
        ("heat", -1, "2020-01-01", b'heat: "2020-01-01"'),
        ("heat", -1, "plain text", b"heat: plain text"),
        ("heat", -1, "# no comment", b'heat: "# no comment"'),
        ("heat", -1, "a: b", b'heat: "a: b"'),
        ("heat", -1, "", b'heat: ""'),
        ("published", False, None, b"published: null"),
        ("heat", -1, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), b"heat: 2026-01-02T03:04:05Z"),
    ],
)
def test_values_are_written_in_the_quoting_they_had(
    field: str, was: object, to: object, line: bytes
) -> None:
    before = next(each for each in RECORD.splitlines() if each.startswith(field.encode()))
    assert spliced(RECORD, SetField((field,), was, to)) == RECORD.replace(before, line, 1)


def test_a_date_in_quotation_marks_stays_in_them() -> None:
    data = b'---\npublishedDateTime: "2020-01-01"\n---\n'
    to = datetime(2021, 2, 3, tzinfo=UTC)
    change = SetField(("publishedDateTime",), "2020-01-01", to)
    assert b"2021-02-03T00:00:00Z" in spliced(data, change)


def test_a_value_that_is_missing_is_put_behind_its_colon() -> None:
    data = b"---\ntitle: x\npublished:\nheat: 3\n---\n"
    after = spliced(data, SetField(("published",), None, True))
    assert after == data.replace(b"published:\n", b"published: true\n")


def test_several_lines_in_quotation_marks_are_one_value() -> None:
    data = b'---\ntitle: "one\n  two"  # c\nheat: 1\n---\n'
    after = spliced(data, SetField(("title",), "one two", "three"))
    assert after == b'---\ntitle: "three"  # c\nheat: 1\n---\n'


# -- new and removed fields -----------------------------------------------------------------------


def test_a_new_field_stands_where_its_kind_does() -> None:
    after = spliced(RECORD, SetField(("removed",), ABSENT, True))
    assert after == RECORD.replace(b"published: false\n\n", b"removed: true\npublished: false\n\n")
    bare = RECORD.replace(b"published: false\n\n", b"\n", 1)
    after = spliced(bare, SetField(("published",), ABSENT, True))
    assert after == bare.replace(b"heat: -1\n", b"heat: -1\npublished: true\n")


@pytest.mark.parametrize(
    ("front", "after"),
    [
        (b"title: x\r\nheat: 1\r\n", b"title: x\r\nheat: 1\r\npublished: true\r\n"),
        (b"topics: [a]\n", b"published: true\ntopics: [a]\n"),
        (b"other: 1\n", b"published: true\nother: 1\n"),
        (b"  title: x # c\n", b"  title: x # c\n  published: true\n"),
        (
            b"title: |\n  x\n  y\ntopics:\n- a\n",
            b"title: |\n  x\n  y\npublished: true\ntopics:\n- a\n",
        ),
        (b"heat:\nzoo: 1\n", b"heat:\npublished: true\nzoo: 1\n"),
    ],
)
def test_a_new_field_keeps_newlines_and_indentation(front: bytes, after: bytes) -> None:
    data = b"\xef\xbb\xbf---\n" + front + b"---\nbody"
    result = spliced(data, SetField(("published",), ABSENT, True))
    assert result == b"\xef\xbb\xbf---\n" + after + b"---\nbody"


def test_a_yaml_file_without_a_final_newline_keeps_it_missing() -> None:
    data = b"title: x\nwebUrl: https://a.example/"
    after = spliced(data, SetField(("heat",), ABSENT, 3), name="a.yml")
    assert after == data + b"\nheat: 3"
    after = spliced(b"\xef\xbb\xbf" + data, SetField(("title",), "x", "\u00fc"), name="a.yaml")
    assert after == "\ufefftitle: \u00fc\nwebUrl: https://a.example/".encode()


def test_a_removed_field_takes_its_line_along() -> None:
    data = RECORD.replace(b"published: false\n\n", b"removed: true # spam\npublished: false\n\n")
    assert spliced(data, SetField(("removed",), True, ABSENT)) == RECORD
    after = spliced(RECORD, SetField(("published",), False, ABSENT))
    assert after == RECORD.replace(b"published: false\n\n", b"\n", 1)


def test_publishing_a_rejected_record_is_one_edit_of_two_fields() -> None:
    data = RECORD.replace(b"published: false\n\n", b"removed: true\npublished: false\n\n")
    after = spliced(
        data, SetField(("removed",), True, ABSENT), SetField(("published",), False, True)
    )
    assert after == publish()


# -- lists --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("front", "change", "after"),
    [
        ("topics:\n  - a\n  - b # c\n", AddItem(("topics",), "n"), "topics:\n  - a\n  - b # c\n  - n\n"),
        ("topics:\n- 'a'\nx: 1\n", AddItem(("topics",), "it's"), "topics:\n- 'a'\n- 'it''s'\nx: 1\n"),
        ("topics:\n- a\n", AddItem(("topics",), "n", 0), "topics:\n- n\n- a\n"),
        ("topics:\n- a\n- b\n", AddItem(("topics",), "n", 1), "topics:\n- a\n- n\n- b\n"),
        ("topics: [a, b]\n", AddItem(("topics",), "n"), "topics: [a, b, n]\n"),
        ("topics: [a, b]\n", AddItem(("topics",), "x, y"), 'topics: [a, b, "x, y"]\n'),
        ("topics: []\n", AddItem(("topics",), "n"), "topics: [n]\n"),
        ("topics:\nx: 1\n", AddItem(("topics",), "n"), "topics:\n  - n\nx: 1\n"),
        ("heat: 1\nx: 1\n", AddItem(("topics",), "n"), "heat: 1\ntopics:\n  - n\nx: 1\n"),
        ("topics:\n  - a\n  - b # c\nx: 1\n", RemoveItem(("topics",), "b"), "topics:\n  - a\nx: 1\n"),
        ("topics:\n- a\nx: 1\n", RemoveItem(("topics",), "a"), "topics: []\nx: 1\n"),
        ("topics: [a, b, c]\n", RemoveItem(("topics",), "a"), "topics: [b, c]\n"),
        ("topics: [a, 'b']\n", RemoveItem(("topics",), "b"), "topics: [a]\n"),
        ("topics: [ a ]\n", RemoveItem(("topics",), "a"), "topics: []\n"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_items_come_and_go(front: str, change: Change, after: str, newline: str) -> None:
    def file(text: str) -> bytes:
        return f"---\n{text}---\nbody\n".replace("\n", newline).encode()

    assert spliced(file(front), change) == file(after)


def test_items_that_are_there_or_gone_already_change_nothing() -> None:
    for change in (AddItem(("topics",), "AI"), RemoveItem(("topics",), "Maps")):
        assert spliced(RECORD, change) == RECORD


# -- what cannot be done ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("title: |\n  a\n  b\n", "a block of text"),
        ("title: &t a\nx: *t\n", "anchor"),
        ("x: &t a\ntitle: *t\n", "alias"),
        ("title: !!str a\n", "tag"),
        ("title: [a]\n", "more than one value"),
        ("title: a\ntitle: b\n", "given twice"),
        ("title: 'a\n", "never closed"),
        ("a: [\n", "line 3"),
    ],
)
def test_what_cannot_be_edited_safely_is_refused(front: str, said: str) -> None:
    data = f"---\n{front}---\n".encode()
    found = locate(data, "a.md")
    assert isinstance(found, Split)
    values = parse(data[found.start : found.end])
    was = values.get("title") if isinstance(values, dict) else "a"
    result = apply(data, "a.md", Edit((SetField(("title",), was, "n"),)))
    assert isinstance(result, Refusal)
    assert said in result.reason
    assert result.by_hand


@pytest.mark.parametrize("value", ["\ud800", float("nan"), {"a": 1}, "x" * 200_000])
def test_values_that_cannot_be_written_are_refused(value: object) -> None:
    result = apply(RECORD, "a.md", Edit((SetField(("title",), "A title", value),)))
    assert isinstance(result, Refusal)


def test_a_field_in_braces_is_changed_and_none_is_added() -> None:
    data = b"---\n{title: a, published: false}\n---\n"
    assert spliced(data, SetField(("published",), False, True)) == data.replace(b"false", b"true")
    assert isinstance(apply(data, "a.md", Edit((SetField(("heat",), ABSENT, 1),))), Refusal)
    assert isinstance(apply(data, "a.md", Edit((SetField(("title",), "a", ABSENT),))), Refusal)


def test_one_change_that_fails_leaves_all_undone() -> None:
    data = RECORD.replace(b'title: "A title"', b"title: &t x")
    edit = Edit((SetField(("published",), False, True), SetField(("title",), "x", "y")))
    assert isinstance(apply(data, "a.md", edit), Refusal)


# -- others at work -----------------------------------------------------------------------------


def test_a_field_that_others_changed_is_a_clash_unless_forced() -> None:
    edit = Edit((SetField(("quality",), 50, 51),))
    assert apply(RECORD, "a.md", edit) == Clash(("quality",), 50, 56, 51)
    forced = apply(RECORD, "a.md", edit, force=True)
    assert isinstance(forced, Spliced)
    assert b"quality: 51\n" in forced.data
    assert forced.changes == (SetField(("quality",), 56, 51),)


def test_what_others_changed_elsewhere_stands_when_an_edit_is_taken_back() -> None:
    done = apply(RECORD, "a.md", Edit((SetField(("published",), False, True),)))
    assert isinstance(done, Spliced)
    later = done.data.replace(b"quality: 56", b"quality: 99")
    back = Edit(tuple(inverse(change) for change in reversed(done.changes)))
    assert spliced(later, *back.changes) == RECORD.replace(b"quality: 56", b"quality: 99")


def test_a_line_taken_back_is_written_as_it_was() -> None:
    data = RECORD.replace(b"published: false\n\n", b"removed:  yes # spam\npublished: false\n\n")
    after = spliced(data, SetField(("removed",), True, ABSENT))
    back = SetField(("removed",), ABSENT, True, "removed:  yes # spam\n")
    assert spliced(after, back) == data


# -- any record, any edit -----------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=30) | st.sampled_from(
    ["yes", "null", "~", "1", "- a", "a: b", "#", "---", "\n---\n", "<<", "="]
)
SCALARS = (
    TEXTS
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.none()
    | st.datetimes(timezones=st.just(UTC), min_value=datetime(1900, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0)
    )
)  # fmt: skip
SOURCES = st.sampled_from(
    ["x", "'it''s'", '"q\\u00fc"', "12", "-0.5", "true", "", "~", "2020-01-01", "é ü", "'a\n  b'"]
)
COMMENTS = st.sampled_from(["", " # c", "   "])
ITEMS = st.sampled_from(["a", "'b c'", '"ü"', "d e"])


@st.composite
def records(draw: st.DrawFn) -> bytes:
    """A record with any of the usual fields, in any order and style."""
    names = draw(
        st.lists(
            st.sampled_from(["title", "excerpt", "quality", "heat", "published", "removed", "zoo"]),
            unique=True,
            min_size=1,
        )
    )
    lines = []
    for name in names:
        space = draw(st.sampled_from(["", "\n", "# note\n"]))
        lines.append(f"{space}{name}: {draw(SOURCES)}{draw(COMMENTS)}\n")
    items = draw(st.lists(ITEMS, max_size=3, unique=True))
    shape = draw(st.sampled_from(["none", "block", "deep", "flow", "empty"]))
    if shape == "flow":
        lines.append(f"topics: [{', '.join(items)}]{draw(COMMENTS)}\n")
    elif shape == "empty":
        lines.append("topics:\n")
    elif shape != "none" and items:
        indent = "  " if shape == "deep" else ""
        lines.append("topics:\n" + "".join(f"{indent}- {each}\n" for each in items))
    lines.insert(draw(st.integers(0, len(lines))), "provider:\n  name: W # p\n  domain: 'w'\n")
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    text = "---\n" + "".join(lines) + "---" + draw(st.sampled_from(["", "\n", "\nbody: x\n---\n"]))
    bom = b"\xef\xbb\xbf" if draw(st.booleans()) else b""
    return bom + text.replace("\n", newline).encode()


@st.composite
def changes(draw: st.DrawFn, values: dict[object, object]) -> Change:
    kind = draw(st.sampled_from(["set", "remove", "nested", "add item", "remove item"]))
    if kind == "add item":
        topics = values.get("topics")
        length = len(topics) if isinstance(topics, list) else 0
        return AddItem(("topics",), draw(TEXTS), draw(st.integers(-1, length)))
    if kind == "remove item":
        return RemoveItem(("topics",), draw(st.sampled_from(["a", "b c", "ü", "d e"])))
    if kind == "nested":
        return SetField(("provider", "name"), "W", draw(SCALARS))
    name = draw(st.sampled_from(["title", "quality", "heat", "published", "removed", "new"]))
    was = values.get(name, ABSENT)
    return SetField((name,), was, draw(SCALARS) if kind == "set" else ABSENT)


def values_of(data: bytes) -> dict[object, object]:
    found = locate(data, "a.md")
    assert isinstance(found, Split)
    values = parse(data[found.start : found.end])
    assert isinstance(values, dict)
    return values


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_only_the_span_changes_and_undo_restores_it(data: st.DataObject) -> None:
    before = data.draw(records())
    values = values_of(before)
    change = data.draw(changes(values))
    result = apply(before, "a.md", Edit((change,)))
    if isinstance(result, Refusal):
        assert result.by_hand
        return
    assert isinstance(result, Spliced)
    if not result.splices:
        assert result.data == before
        return
    assert undone(result.data, result.splices) == before
    (splice,) = result.splices
    after = result.data
    assert before[: splice.offset] == after[: splice.offset]
    assert before[splice.offset + len(splice.old) :] == after[splice.offset + len(splice.new) :]
    now = values_of(after)
    top = change.field[0]
    assert same(
        {key: value for key, value in values.items() if key != top},
        {key: value for key, value in now.items() if key != top},
    )
    if isinstance(change, SetField):
        found = value_at(now, change.field)
        assert found == change.to or str(found) == str(change.to)
    taken_back = apply(after, "a.md", Edit((inverse(result.changes[0]),)))
    if isinstance(change, SetField) and isinstance(taken_back, Spliced):
        assert same(values_of(taken_back.data).get(top), values.get(top))


@settings(max_examples=100, deadline=None)
@given(records(), st.lists(TEXTS, min_size=1, max_size=4, unique=True))
def test_several_changes_are_taken_back_as_one(before: bytes, topics: list[str]) -> None:
    values = values_of(before)
    edit = Edit(
        (
            SetField(("removed",), values.get("removed", ABSENT), True),
            SetField(("published",), values.get("published", ABSENT), False),
            *(AddItem(("topics",), topic) for topic in topics),
        )
    )
    result = apply(before, "a.md", edit)
    if isinstance(result, Spliced):
        assert undone(result.data, result.splices) == before
        now = values_of(result.data)
        assert now["removed"] is True
        assert now["published"] is False
        assert set(topics) <= set(now["topics"])  # type: ignore[call-overload]


# -- real records -------------------------------------------------------------------------------


def real_records() -> Iterator[tuple[str, bytes]]:
    for path in sorted(CORPUS.rglob("*")):
        if path.is_file() and path.suffix in (".md", ".txt", ".html") and path.name != "README.md":
            data = path.read_bytes()
            if locate(data, path.name) is not None:
                yield path.name, data


@needs_corpus
def test_every_kind_of_edit_on_every_real_record() -> None:
    edits = done = 0
    for name, data in real_records():
        found = locate(data, name)
        assert isinstance(found, Split)
        values = parse(data[found.start : found.end])
        if not isinstance(values, dict):
            continue
        provider = values.get("provider")
        topics = values.get("topics")
        kinds: list[tuple[Change, ...]] = [
            (SetField(("published",), values.get("published", ABSENT), True),),
            (SetField(("published",), values.get("published", ABSENT), False),),
            (
                SetField(("published",), values.get("published", ABSENT), False),
                SetField(("removed",), values.get("removed", ABSENT), True),
            ),
            (SetField(("quality",), values.get("quality", ABSENT), 77),),
            (SetField(("heat",), values.get("heat", ABSENT), ABSENT),),
            (SetField(("title",), values.get("title", ABSENT), 'New: "title" it\'s \u00fc'),),
            (SetField(("excerpt",), values.get("excerpt", ABSENT), "# short\nlines"),),
            (SetField(("publishedDateTime",), values.get("publishedDateTime", ABSENT),
                      datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),),
            (AddItem(("topics",), "A new topic"),),
        ]  # fmt: skip
        if isinstance(provider, dict) and "name" in provider:
            kinds.append((SetField(("provider", "name"), provider["name"], "Other: name"),))
        if isinstance(topics, list) and topics:
            kinds.append((RemoveItem(("topics",), topics[0]),))
        for changes_made in kinds:
            edits += 1
            result = apply(data, name, Edit(changes_made))
            if isinstance(result, Refusal):
                continue
            assert isinstance(result, Spliced)
            done += 1
            assert undone(result.data, result.splices) == data
            touched = {change.field[0] for change in changes_made}
            now = values_of(result.data)
            assert same(
                {key: value for key, value in values.items() if key not in touched},
                {key: value for key, value in now.items() if key not in touched},
            )
            assert lines_changed(data, result.data) <= 2
    assert edits > 2000
    assert done == edits, "some edits of real records are refused"


def lines_changed(before: bytes, after: bytes) -> int:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return max(len(old), len(new)) - start - end
