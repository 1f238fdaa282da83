"""What a decision on many records would do."""

from __future__ import annotations

import pytest

from reader.records.bulk import ASKED_OVER, Plan, Planned


def some(count: int) -> tuple[Planned, ...]:
    return tuple(
        Planned(number, f"Title {number}", f"_news/{number}.md") for number in range(count)
    )


@pytest.mark.parametrize(
    ("count", "heading"),
    [(0, "publish 0 records"), (1, "publish 1 record"), (10_000, "publish 10,000 records")],
)
def test_heading(count: int, heading: str) -> None:
    assert Plan("publish", "p", some(count)).heading == heading


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
    assert Plan("publish", key, some(count)).confirming == keys


def test_the_refused_stand_under_their_reasons() -> None:
    one, two, three = some(3)
    plan = Plan("publish", "p", refused=((one, "read only"), (two, "gone"), (three, "read only")))
    assert plan.refused_by_reason() == {"read only": [one, three], "gone": [two]}
