"""Numbers of records as a person reads them: cut, never rounded, so that what is shown as 90 is what
`quality:>=90` finds."""

from __future__ import annotations

import math

_EXACT = 1e15  # above it a float has no places after the point


def written(value: float) -> str:
    """Return a number with two places after the point at most, and none where there are none."""
    if abs(value) >= _EXACT or not math.isfinite(value):
        return f"{value:g}"
    if value == int(value):
        return str(int(value))
    cut = round(value, 2)
    if cut > value:
        cut = round(cut - 0.01, 2)
    return f"{cut:.2f}".rstrip("0").rstrip(".")


def whole(value: float) -> str:
    """Return a number without what stands after its point: where there is no room for it."""
    if abs(value) >= _EXACT or not math.isfinite(value):
        return f"{value:g}"
    return str(math.floor(value))
