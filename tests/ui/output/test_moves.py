"""Moves of the cursor end where they should, by the shortest way."""

from __future__ import annotations

import pyte
from hypothesis import given
from hypothesis import strategies as st

from reader.ui.output.moves import move

rows, columns = st.integers(0, 23), st.integers(0, 79)


@given(rows, columns, st.booleans(), st.booleans(), rows, columns, st.booleans())
def test_a_move_ends_at_its_goal(
    row: int, column: int, knows_row: bool, knows_column: bool, to: int, at: int, has_columns: bool
) -> None:
    screen = pyte.Screen(80, 24)
    screen.cursor_position(row + 1, column + 1)
    way = move(row if knows_row else None, column if knows_column else None, to, at, has_columns)
    pyte.Stream(screen).feed(way)
    assert (screen.cursor.y, screen.cursor.x) == (to, at)
    assert len(way) <= len(f"\x1b[{to + 1};{at + 1}H")
    if not has_columns:
        assert not way.endswith("G")


def test_short_ways() -> None:
    assert move(3, 7, 3, 7, True) == ""
    assert move(3, 7, 3, 0, True) == "\r"
    assert move(3, 7, 3, 6, True) == "\b"
    assert move(3, 7, 3, 8, True) == "\x1b[C"
    assert move(3, 7, 4, 7, True) == "\x1b[B"
    assert move(3, None, 3, 79, True) == "\x1b[80G"
