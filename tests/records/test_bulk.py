"""What a decision on many records would do."""

from __future__ import annotations

import pytest

from reader.records.bulk import ASKED_OVER, Plan, Planned
from reader.records.decisions import Decision
from reader.records.record import State


def some(count: int) -> tuple[Planned, ...]:
    return tuple(
        Planned(number, f"Title {number}", f"_news/{number}.md") for number in range(count)
    )


@pytest.mark.parametrize(
    ("count", "heading"),
    [(0, "publish 0 records"), (1, "publish 1 record"), (10_000, "publish 10,000 records")],
)
def test_heading(count: int, heading: str) -> None:
    assert Plan(Decision("publish"), "p", some(count)).heading == heading


def test_what_they_are_now_where_not_all_are_the_same() -> None:
    states = [State.PUBLISHED, State.UNPUBLISHED, State.UNPUBLISHED]
    planned = tuple(each._replace(state=state) for each, state in zip(some(3), states, strict=True))
    plan = Plan(Decision("reject"), "d", planned)
    assert plan.states == "2 unpublished, 1 published"
    assert Plan(Decision("reject"), "d", planned[1:]).states == ""


def test_a_decision_that_is_no_verb_is_made_in_records() -> None:
    assert Decision("quality", {"by": 1}).about(1) == "quality +1 in 1 record"
    assert Decision("quality", {"by": 1}).about(6) == "quality +1 in 6 records"
    assert Decision("defer", {"until": 0}).about(6) == "defer 6 records"


@pytest.mark.parametrize(
    ("count", "key", "keys"),
    [
        (0, "p", ()),
        (1, "p", ("y", "p")),
        (ASKED_OVER, "p", ("y", "p")),
        (ASKED_OVER, "y", ("y",)),
        (ASKED_OVER + 1, "p", ("y",)),
        (ASKED_OVER + 1, "enter", ("y",)),
        (ASKED_OVER + 1, "y", ("enter",)),
    ],
)
def test_many_are_confirmed_by_another_key(count: int, key: str, keys: tuple[str, ...]) -> None:
    assert Plan(Decision("publish"), key, some(count)).confirming == keys


def test_the_refused_stand_under_their_reasons() -> None:
    one, two, three = some(3)
    plan = Plan(
        Decision("publish"), "p", refused=((one, "read only"), (two, "gone"), (three, "read only"))
    )
    assert plan.refused_by_reason() == {"read only": [one, three], "gone": [two]}
