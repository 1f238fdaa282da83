"""Both sides' changes of a record: every field that one side changed is there, to the byte."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reader.records.edit import Edit, Field, Refusal, SetField
from reader.records.front_matter import Split, locate, parse
from reader.records.merge import Both, Side, merge
from reader.records.splice import Spliced, apply
from reader.records.values import ABSENT, same

BASE = b"""\
---
# a comment
title: "A title"   # beside it
excerpt: 'short'
quality: 56
heat: -1
published: false

provider:
  name: Wire  # who
  domain: wire.example
topics:
  - AI
  - Maps
related:
  - {title: One, webUrl: "https://one.example"}
secured: "abc;def=="
---
The body.
"""


def changed(data: bytes, *pairs: tuple[bytes, bytes]) -> bytes:
    for old, new in pairs:
        assert data.count(old) == 1, old
        data = data.replace(old, new)
    return data


def joined(ours: bytes, theirs: bytes, base: bytes | None = BASE, **choose: Side) -> bytes:
    """The merge of two versions, which has to succeed."""
    merged = merge(base, ours, theirs, "a.md", {(name,): side for name, side in choose.items()})
    assert isinstance(merged, bytes), merged
    return merged


def values_of(data: bytes) -> dict[Any, Any]:
    found = locate(data, "a.md")
    assert isinstance(found, Split)
    values = parse(data[found.start : found.end])
    assert isinstance(values, dict)
    return values


def body_of(data: bytes) -> bytes:
    found = locate(data, "a.md")
    assert isinstance(found, Split)
    return data[found.body :]


# -- fields -------------------------------------------------------------------------------------
def test_our_fields_go_into_their_bytes() -> None:
    ours = changed(BASE, (b"published: false", b"published: true"), (b"heat: -1\n", b""))
    theirs = changed(
        BASE, (b"# a comment", b"# another"), (b"quality: 56", b"quality: 99"), (b"Wire", b"Post")
    )
    assert joined(ours, theirs) == changed(
        theirs, (b"published: false", b"published: true"), (b"heat: -1\n", b"")
    )


def test_neighbouring_lines_which_git_cannot_merge() -> None:
    ours = changed(
        BASE, (b"heat: -1\npublished: false", b"heat: -1\nremoved: true\npublished: false")
    )
    theirs = changed(BASE, (b"quality: 56\nheat: -1", b"quality: 60\nheat: 9"))
    assert joined(ours, theirs) == changed(
        theirs, (b"published: false", b"removed: true\npublished: false")
    )


def test_parts_of_a_field_and_new_ones() -> None:
    ours = changed(BASE, (b"name: Wire", b"name: Courier"), (b"secured:", b"price: 5\nsecured:"))
    theirs = changed(BASE, (b"domain: wire.example", b"domain: post.example"))
    assert joined(ours, theirs) == changed(
        theirs, (b"name: Wire", b"name: Courier"), (b"secured:", b"price: 5\nsecured:")
    )


def test_lists_of_texts_are_merged_by_items() -> None:
    ours = changed(BASE, (b"  - AI\n  - Maps\n", b"  - Maps\n  - Ours\n  - Same\n"))
    theirs = changed(BASE, (b"  - Maps\n", b"  - Maps\n  - Same\n  - Theirs\n"))
    assert values_of(joined(ours, theirs))["topics"] == ["Maps", "Same", "Theirs", "Ours"]


@pytest.mark.parametrize(
    "ours",
    [
        b"topics: []\n",
        b"",
        b"topics:\n  - Maps\n  - AI\n",
        b"topics:\n  - Before\n  - AI\n  - Between\n  - Maps\n",
        b"topics: AI\n",
        b"topics:\n  - AI\n  - AI\n",
    ],
)
def test_a_list_that_only_we_changed_is_as_we_have_it(ours: bytes) -> None:
    before = b"topics:\n  - AI\n  - Maps\n"
    own = changed(BASE, (before, ours))
    merged = joined(own, changed(BASE, (b"quality: 56", b"quality: 99")))
    assert same(values_of(merged), {**values_of(own), "quality": 99})


def test_what_cannot_be_spliced_into_their_bytes_keeps_ours_as_the_ground() -> None:
    ours = changed(BASE, (b'https://one.example"}', b'https://one.example"}\n  - title: Two'))
    theirs = changed(BASE, (b"quality: 56", b"quality: 99"), (b"body.", b"body, longer."))
    assert joined(ours, theirs) == changed(
        ours, (b"quality: 56", b"quality: 99"), (b"body.", b"body, longer.")
    )


def test_what_fits_into_neither_side_is_refused() -> None:
    ours = changed(BASE, (b'https://one.example"}', b'https://one.example"}\n  - title: Two'))
    theirs = changed(BASE, (b'title: "A title"   # beside it', b"title: {a: b}"))
    refusal = merge(BASE, ours, theirs, "a.md")
    assert isinstance(refusal, Refusal)
    assert refusal.by_hand


# -- both sides ---------------------------------------------------------------------------------
def test_fields_that_both_changed_are_returned_or_settled() -> None:
    ours = changed(
        BASE, (b"quality: 56", b"quality: 1"), (b"heat: -1", b"heat: 5"), (b"Wire", b"Ours")
    )
    theirs = changed(
        BASE, (b"quality: 56", b"quality: 2"), (b"heat: -1", b"heat: 5"), (b"Wire", b"Theirs")
    )
    quality = Both(("quality",), 56, 1, 2)
    name = Both(("provider", "name"), "Wire", "Ours", "Theirs")
    assert merge(BASE, ours, theirs, "a.md") == (quality, name)
    assert merge(BASE, ours, theirs, "a.md", {("quality",): "theirs"}) == (name,)
    choose: dict[Field, Side] = {("quality",): "ours", ("provider", "name"): "theirs"}
    settled = merge(BASE, ours, theirs, "a.md", choose)
    assert settled == changed(theirs, (b"quality: 2", b"quality: 1"))


def test_a_field_removed_on_one_side_and_changed_on_the_other() -> None:
    ours, theirs = changed(BASE, (b"heat: -1\n", b"")), changed(BASE, (b"heat: -1", b"heat: 4"))
    assert merge(BASE, ours, theirs, "a.md") == (Both(("heat",), -1, ABSENT, 4),)
    assert joined(ours, theirs, heat="ours") == ours
    assert joined(ours, theirs, heat="theirs") == theirs


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_bodies(side: Side) -> None:
    ours = changed(BASE, (b"The body", b"Our body"), (b"heat: -1", b"heat: 3"))
    assert joined(ours, changed(BASE, (b"56", b"99"))) == changed(ours, (b"56", b"99"))
    theirs = changed(BASE, (b"The body", b"Their \xff body"), (b"56", b"99"))
    both = Both(("body",), "The body.\n", "Our body.\n", "Their \ufffd body.\n")
    assert merge(BASE, ours, theirs, "a.md") == (both,)
    settled = joined(ours, theirs, body=side)
    assert body_of(settled) == body_of(ours if side == "ours" else theirs)
    assert values_of(settled) == {**values_of(BASE), "heat": 3, "quality": 99}


def test_a_body_comes_after_a_fence_without_a_line_end() -> None:
    base = b"---\r\ntitle: a\r\nheat: 1\r\n---"
    merged = joined(base + b"\r\nnew", base.replace(b"1", b"2"), base)
    assert merged == b"---\r\ntitle: a\r\nheat: 2\r\n---\r\nnew"


def test_a_field_that_is_called_body_is_not_the_body() -> None:
    base, ours, theirs = (b"---\ntitle: a\nbody: %d\n---\nText\n" % each for each in (1, 2, 3))
    assert merge(base, ours, theirs, "a.md") == (Both(("body",), 1, 2, 3),)


def test_a_plain_yaml_file() -> None:
    base = b"title: a\nwebUrl: https://a.example\nheat: 1\n---\nmore: 1\n"
    ours, theirs = base.replace(b"heat: 1", b"heat: 2"), base.replace(b"more: 1", b"more: 2")
    theirs = theirs.replace(b"title: a", b"title: b")
    merged = merge(base, ours, theirs, "a.yaml")
    assert merged == theirs.replace(b"heat: 1", b"heat: 2")


def test_both_made_the_file() -> None:
    ours, theirs = b"---\ntitle: a\nheat: 1\n---\n", b"---\ntitle: a\nquality: 2\nheat: 3\n---\n"
    assert merge(None, ours, theirs, "a.md") == (Both(("heat",), ABSENT, 1, 3),)
    assert joined(ours, theirs, None, heat="ours") == theirs.replace(b"3", b"1")


# -- what is refused ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("base", "ours", "theirs", "said"),
    [
        (BASE, None, BASE + b"x", "removed here"),
        (BASE, BASE + b"x", None, "removed upstream"),
        (BASE, None, None, "both sides"),
        (BASE, b"no record", BASE + b"x", "own version is no record"),
        (BASE, BASE + b"x", b"---\na: [\n---\n", r"upstream's version .* \(line 3\)"),
        (b"---\na: 1\n", BASE + b"x", BASE, "last common version .* never closed"),
        (BASE, BASE + b"x", b"---\n<<<<<<< ours\na: 1\n---\n", "unresolved git conflict"),
    ],
)
def test_sides_that_cannot_be_merged(
    base: bytes, ours: bytes | None, theirs: bytes | None, said: str
) -> None:
    refusal = merge(base, ours, theirs, "a.md")
    assert isinstance(refusal, Refusal)
    assert re.search(said, refusal.reason)


# -- any record ---------------------------------------------------------------------------------
NAMES = ("title", "excerpt", "quality", "heat", "published", "removed", "type", "secured")
OF_A_STATE = {"published", "removed"}
"""Two fields that are one decision: changed on both sides, they are one question."""
STATES = ("unpublished", "published", "rejected")
SCALARS = (
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
    | st.booleans()
    | st.integers(-100, 100)
    | st.none()
)
SOURCES = st.sampled_from(
    ["x", "'it''s'", '"q\\u00fc"', "12", "-0.5", "true", "", "~", "2020-01-01"]
)
ITEMS = st.lists(st.sampled_from(["a", "b", "c d", "ü", "e: f"]), unique=True, max_size=4)


@st.composite
def records(draw: st.DrawFn) -> bytes:
    lines = []
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1)):
        space = draw(st.sampled_from(["", "\n", "# note\n"]))
        lines.append(f"{space}{name}: {draw(SOURCES)}{draw(st.sampled_from(['', ' # c']))}\n")
    items = draw(ITEMS)
    if items and draw(st.booleans()):
        lines.append("topics:\n" + "".join(f"  - {each!r}\n" for each in items))
    else:
        lines.append(f"topics: [{', '.join(map(repr, items))}]\n")
    lines.append("provider:\n  name: W # p\n  domain: 'w'\n")
    text = "---\n" + "".join(lines) + "---" + draw(st.sampled_from(["", "\n", "\nbody: x\n---\n"]))
    bom = b"\xef\xbb\xbf" if draw(st.booleans()) else b""
    return bom + text.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))).encode()


@st.composite
def versions(draw: st.DrawFn, base: bytes, names: tuple[str, ...]) -> bytes:
    """The record with some of these fields changed."""
    values = values_of(base)
    changes = []
    for name in draw(st.lists(st.sampled_from(names), unique=True, max_size=3)):
        was = values.get(name, ABSENT)
        changes.append(SetField((name,), was, draw(SCALARS | st.just(ABSENT))))
    result = apply(base, "a.md", Edit(tuple(changes)))
    assume(isinstance(result, Spliced))
    assert isinstance(result, Spliced)
    return result.data


def state_of(values: dict[object, object]) -> str:
    """What a record was decided to be, by the site generator's rule and the crawler's."""
    if values.get("removed") is True:
        return "rejected"
    return "unpublished" if values.get("published") is False else "published"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_one_side_changed_always_wins(data: st.DataObject) -> None:
    base = data.draw(records())
    chosen = data.draw(st.sets(st.sampled_from(NAMES), min_size=1, max_size=6))
    mine = tuple(chosen | OF_A_STATE if chosen & OF_A_STATE else chosen)
    yours = tuple(name for name in NAMES if name not in mine)
    ours = data.draw(versions(base, mine))
    theirs = data.draw(versions(base, yours))
    before, own, other = values_of(base), values_of(ours), values_of(theirs)
    merged = merge(base, ours, theirs, "a.md")
    assert isinstance(merged, bytes), merged
    now = values_of(merged)
    for name in {*now, *before, *own, *other}:
        was = before.get(name, ABSENT)
        side = own if not same(own.get(name, ABSENT), was) else other
        assert same(now.get(name, ABSENT), side.get(name, ABSENT))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_three_versions(data: st.DataObject) -> None:
    """Each side alone is byte for byte that side; together they are a record or a question, and
    an answer to the question is a record."""
    base = data.draw(records())
    ours = data.draw(versions(base, NAMES))
    theirs = data.draw(versions(base, NAMES))
    if ours.endswith(b"\n"):
        ours += data.draw(st.sampled_from([b"", b"More.\n"]))
    assert merge(base, ours, base, "a.md") == ours
    assert merge(base, base, theirs, "a.md") == theirs
    assert merge(base, ours, ours, "a.md") == ours
    merged = merge(base, ours, theirs, "a.md")
    if isinstance(merged, tuple):
        side: Side = data.draw(st.sampled_from(["ours", "theirs"]))
        settled = merge(base, ours, theirs, "a.md", {both.field: side for both in merged})
        assert isinstance(settled, bytes), settled
        for both in merged:
            wanted = both.ours if side == "ours" else both.theirs
            now = values_of(settled)
            if both.field == ("published",) and wanted in STATES:
                assert state_of(now) == wanted
            else:
                assert same(now.get(both.field[0], ABSENT), wanted)
        merged = settled
    assert isinstance(merged, bytes), merged
    assert values_of(merged)


@settings(max_examples=50, deadline=None)
@given(ITEMS, ITEMS, ITEMS)
def test_any_lists(base: list[str], ours: list[str], theirs: list[str]) -> None:
    def file(items: list[str]) -> bytes:
        lines = "".join(f"\n  - {item!r}" for item in items) or " []"
        return f"---\ntitle: a\ntopics:{lines}\nheat: 1\n---\n".encode()

    merged = merge(file(base), file(ours), file(theirs), "a.md")
    assert isinstance(merged, bytes), merged
    topics = values_of(merged)["topics"]
    kept = set(base) & set(ours) & set(theirs)
    assert set(topics) == kept | set(ours) - set(base) | set(theirs) - set(base)
    assert len(topics) == len(set(topics))


def test_two_decisions_on_one_state_are_a_conflict() -> None:
    base = b"---\ntitle: x\nquality: 1\npublished: false\n---\n"
    rejected = base.replace(b"published", b"removed: true\npublished")
    published = base.replace(b"false", b"true").replace(b"quality: 1", b"quality: 2")
    found = merge(base, rejected, published, "a.md")
    assert found == (Both(("published",), "unpublished", "rejected", "published"),)
    ours = merge(base, rejected, published, "a.md", {("published",): "ours"})
    assert ours == rejected.replace(b"quality: 1", b"quality: 2")
    assert merge(base, rejected, published, "a.md", {("published",): "theirs"}) == published
    assert merge(base, rejected, rejected.replace(b"1", b"3"), "a.md") == rejected.replace(
        b"1", b"3"
    )
