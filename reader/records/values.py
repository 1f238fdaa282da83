"""The values of front matter: none at all, and when two are the same."""

from __future__ import annotations

import enum
import math


class Absent(enum.Enum):
    """The value of a field that a record does not have."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


def same(left: object, right: object) -> bool:
    """Return whether two values read from front matter are equal in value and type, at any depth;
    NaN is itself. Values nest at most as deep as `yaml_bounds` lets them."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict) and isinstance(right, dict):
        return len(left) == len(right) and all(
            key in right and same(value, right[key]) for key, value in left.items()
        )
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) and isinstance(right, float) and math.isnan(left):
        return math.isnan(right)
    return left == right
