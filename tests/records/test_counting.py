"""Numbers of things in words."""

from __future__ import annotations

import pytest

from reader.records.counting import counted


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 records"), (1, "1 record"), (2, "2 records"), (1200, "1,200 records")],
)
def test_one_is_no_plural(count: int, said: str) -> None:
    assert counted(count, "record") == said
