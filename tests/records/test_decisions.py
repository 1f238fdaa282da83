"""Decisions: what each means for a record, in whatever state it is."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.records import json_values
from reader.records.decisions import KINDS, Decision, Mark, Move, decide
from reader.records.edit import AddItem, Edit, Refusal, RemoveItem, SetField
from reader.records.front_matter import read_record
from reader.records.record import Record, State
from reader.records.splice import Spliced, apply
from reader.records.values import ABSENT, same

PUBLISH, UNPUBLISH = Decision("publish"), Decision("unpublish")
RELINK = Decision("relink", {"targets": {"http://a.example/": "https://a.example/new"}})
REJECT, RESTORE = Decision("reject"), Decision("restore")


def file(*lines: str) -> bytes:
    return "\n".join(["---", "title: x", *lines, "---", ""]).encode()


def record_of(data: bytes) -> Record:
    record = read_record(data, "a.md")
    assert isinstance(record, Record)
    return record


def after(decision: Decision, *lines: str) -> list[str] | Refusal:
    """The file's other lines after the decision."""
    data = file(*lines)
    outcome = decide(decision, record_of(data))
    if isinstance(outcome, Refusal):
        return outcome
    assert isinstance(outcome, Edit)
    result = apply(data, "a.md", outcome)
    assert isinstance(result, Spliced)
    again = decide(decision, record_of(result.data))
    if decision.id not in ("quality",):
        assert isinstance(again, Refusal)
        assert again.already
    return result.data.decode().splitlines()[2:-1]


@pytest.mark.parametrize(
    ("decision", "before", "wanted"),
    [
        (PUBLISH, ["published: false"], ["published: true"]),
        (PUBLISH, ["removed: true", "published: false"], ["published: true"]),
        (PUBLISH, ["removed: true"], ["published: true"]),
        (PUBLISH, ["published: maybe # ask", "removed: no"], ["published: true # ask", "removed: no"]),
        (PUBLISH, ["published: 'true'"], ["published: true"]),
        (PUBLISH, ["published: 0"], ["published: true"]),
        (UNPUBLISH, ["published: true"], ["published: false"]),
        (UNPUBLISH, [], ["published: false"]),
        (REJECT, ["published: true"], ["removed: true", "published: false"]),
        (REJECT, [], ["removed: true", "published: false"]),
        (REJECT, ["published: false"], ["removed: true", "published: false"]),
        (RESTORE, ["removed: true", "published: false"], ["published: false"]),
        (Decision("quality", {"by": 1}), ["quality: 5"], ["quality: 6"]),
        (Decision("quality", {"by": -1}), ["quality: 0.5"], ["quality: -0.5"]),
        (Decision("topics", {"add": ["b"], "remove": ["a"]}), ["topics: [a]"], ["topics: [b]"]),
        (
            Decision("set", {"fields": {"heat": 3, "topics": ["b"], "type": ABSENT}}),
            ["type: article", "heat: 1", "topics: [a, b]"],
            ["heat: 3", "topics: [b]"],
        ),
        (Decision("mend"), ["excerpt: governmentâ€™s"], ["excerpt: government’s"]),
        (
            RELINK,
            ["webUrl: 'http://a.example/' # ours", "related:", "  - webUrl: http://b.example/",
             "  - webUrl: http://a.example/", "    title: A"],
            ["webUrl: 'https://a.example/new' # ours", "related:", "  - webUrl: http://b.example/",
             "  - webUrl: https://a.example/new", "    title: A"],
        ),
        (
            Decision("amp-cache"),
            ["ampWebUrl: https://a.example/amp", "related:", "  - ampWebUrl: https://b.example/amp",
             "    cdnAmpWebUrl: \"https://wrong.example/\""],
            ["ampWebUrl: https://a.example/amp",
             "cdnAmpWebUrl: https://a-example.cdn.ampproject.org/c/s/a.example/amp", "related:",
             "  - ampWebUrl: https://b.example/amp",
             "    cdnAmpWebUrl: \"https://b-example.cdn.ampproject.org/c/s/b.example/amp\""],
        ),
        (
            Decision("amp-cache"),
            ["related:", "  - ampWebUrl: https://b.example/amp", "    title: B"],
            ["related:", "  - ampWebUrl: https://b.example/amp",
             "    cdnAmpWebUrl: https://b-example.cdn.ampproject.org/c/s/b.example/amp",
             "    title: B"],
        ),
    ],
)  # fmt: skip
def test_what_a_decision_makes_of_a_file(
    decision: Decision, before: list[str], wanted: list[str]
) -> None:
    assert after(decision, *before) == wanted


@pytest.mark.parametrize(
    ("decision", "lines", "already"),
    [
        (PUBLISH, ["published: true"], True),
        (PUBLISH, [], True),
        (PUBLISH, ["published:"], True),
        (UNPUBLISH, ["published: false"], True),
        (UNPUBLISH, ["removed: true", "published: true"], False),
        (RESTORE, ["published: false"], True),
        (Decision("quality", {"by": 1}), [], False),
        (Decision("quality", {"by": 1}), ["quality: high"], False),
        (Decision("mend"), [], True),
        (Decision("defer", {"until": 5}), ["published: true"], False),
        (RELINK, ["webUrl: https://c.example/"], True),
        (Decision("amp-cache"), ["webUrl: https://c.example/"], True),
    ],
)
def test_what_is_refused(decision: Decision, lines: list[str], already: bool) -> None:
    refusal = after(decision, *lines)
    assert isinstance(refusal, Refusal)
    assert refusal.already is already
    assert refusal.reason.endswith(".")


def test_marks_and_moves_touch_no_bytes() -> None:
    record = record_of(file("published: false"))
    assert decide(Decision("defer", {"until": 5}), record) == Mark("deferred_until", 5)
    assert decide(Decision("undefer"), record) == Mark("deferred_until", None)
    assert decide(Decision("star"), record) == Mark("starred_at", 0)
    assert decide(Decision("reject", {"move": "trash"}), record) == Move()


def test_what_was_seen_goes_with_each_change() -> None:
    record = record_of(file("published: false", "topics: [a]"))
    assert decide(PUBLISH, record) == Edit((SetField(("published",), False, True),))
    topics = decide(Decision("topics", {"add": ["b", "b"], "remove": ["a"]}), record)
    assert topics == Edit((AddItem(("topics",), "b"), RemoveItem(("topics",), "a")))


def test_every_kind_has_its_words() -> None:
    for kind in KINDS.values():
        assert kind.label
        assert kind.done
        assert kind.help.endswith(".")
        if kind.state is not None:
            lines = {
                State.PUBLISHED: "removed: true",
                State.REJECTED: "published: true",
                State.UNPUBLISHED: "published: true",
            }
            outcome = decide(Decision(kind.id), record_of(file(lines[kind.state])))
            assert isinstance(outcome, Edit)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.just(ABSENT)
    | st.dates()
    | st.datetimes()
    | st.datetimes(timezones=st.just(UTC)),
    lambda each: st.lists(each) | st.dictionaries(st.text() | st.integers(), each),
    max_leaves=5,
)


@given(VALUES)
def test_values_come_back_from_json_as_they_went(value: object) -> None:
    assert same(json_values.loaded(json_values.dumped(value)), value)


def test_decisions_come_back_from_json() -> None:
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    decision = Decision("set", {"fields": {"updatedDateTime": moment, "type": ABSENT}})
    assert Decision.from_json(decision.as_json()) == decision
    assert decision.label == "set updatedDateTime, type"
    with pytest.raises(KeyError):
        Decision.from_json({"decision": "no such thing"})
    with pytest.raises(TypeError):
        json_values.dumped(b"bytes")
    with pytest.raises(ValueError, match="not made by"):
        json_values.loaded({"x": 1})
    assert math.isnan(json_values.loaded(json_values.dumped(math.nan)))  # type: ignore[arg-type]
    assert json_values.loaded(json_values.dumped(date(2026, 1, 1))) == date(2026, 1, 1)
