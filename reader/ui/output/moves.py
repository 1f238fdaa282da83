"""The cheapest way to bring the terminal's cursor somewhere."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=8192)
def move(
    row: int | None, column: int | None, to_row: int, to_column: int, has_columns: bool
) -> str:
    """Return the shortest sequence from (row, column) to another place, all from 0.

    None: not known. `has_columns`: the terminal knows the move to a column of the same line.
    """
    if row == to_row and column == to_column:
        return ""
    ways = [_absolute(to_row, to_column)]
    if row == to_row:
        if to_column == 0:
            ways.append("\r")
        if has_columns:
            ways.append(f"\x1b[{_number(to_column + 1)}G")
        if column is not None:
            by = to_column - column
            if by > 0:
                ways.append(f"\x1b[{_number(by)}C")
            else:
                ways += [f"\x1b[{_number(-by)}D", "\b" * -by]
    elif row is not None and column == to_column:
        by = to_row - row
        ways.append(f"\x1b[{_number(abs(by))}{'B' if by > 0 else 'A'}")
    return min(ways, key=len)


def _absolute(row: int, column: int) -> str:
    if column == 0:
        return f"\x1b[{_number(row + 1)}H"
    return f"\x1b[{_number(row + 1)};{column + 1}H"


def _number(number: int) -> str:
    return "" if number == 1 else str(number)
