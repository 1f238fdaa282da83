"""Numbers are cut, never rounded: what is shown agrees with what a query finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.records.numbers import whole, written


@pytest.mark.parametrize(
    ("value", "shown", "short"),
    [
        (90, "90", "90"), (90.0, "90", "90"), (89.5, "89.5", "89"), (89.999, "89.99", "89"),
        (0.29, "0.29", "0"), (0, "0", "0"), (-0.5, "-0.5", "-1"), (12.25, "12.25", "12"),
        (110, "110", "110"), (0.001, "0", "0"), (1e300, "1e+300", "1e+300"), (float("inf"), "inf", "inf"),
    ],
)  # fmt: skip
def test_a_number_as_it_is_read(value: float, shown: str, short: str) -> None:
    assert (written(value), whole(value)) == (shown, short)


@given(st.floats(-1e6, 1e6), st.integers(-1000, 1000))
def test_what_is_shown_is_never_more_than_what_there_is(value: float, least: int) -> None:
    for shown in (written(value), whole(value)):
        assert float(shown) <= value
        assert (float(shown) >= least) == (value >= least)
