"""Ids that SQLite has joined."""

from __future__ import annotations

from array import array

import pytest

from reader.library.joined_ids import PORTION, ids_of


@pytest.mark.parametrize("count", [0, 1, 2, 3000, 30_000])
def test_all_ids_are_read_in_their_order(count: int) -> None:
    ids = array("q", (each * 7919 % 1_000_003 for each in range(count)))
    joined = ",".join(map(str, ids)) or None
    assert ids_of(joined) == ids


def test_a_portion_may_end_anywhere_in_an_id() -> None:
    for length in range(PORTION - 4, PORTION + 4):
        joined = "1," * (length // 2) + "123456789,5"
        assert list(ids_of(joined)) == [1] * (length // 2) + [123456789, 5]
