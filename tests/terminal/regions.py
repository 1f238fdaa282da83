"""Which part of the screen a program's output went to, byte for byte."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

_PIECE = re.compile(
    rb"\x1b\[(?P<params>[0-9;]*)(?P<final>[ABCDGHdf])"  # the cursor goes somewhere
    rb"|\x1b\[[<=>?]?[0-9;:]*[ -/]*[@-~]|\x1b[\]P_^X].*?(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]"
    rb"|(?P<text>[^\x1b\r\n\b]+)|(?P<break>[\r\n\b])",
    re.DOTALL,
)


def bytes_by_region(data: bytes, region: Callable[[int, int], str]) -> Counter[str]:
    """Count the bytes of `data` by the region (of row and column, from 0) they were written to.

    A sequence that moves the cursor counts where it moves to; other sequences where the cursor
    is; bytes before the first move count as "". Characters are taken to be one cell wide.
    """
    counts: Counter[str] = Counter()
    row, column, placed = 0, 0, False
    for match in _PIECE.finditer(data):
        final, text = match["final"], match["text"]
        if final:
            row, column = _moved(final, match["params"], row, column)
            placed = True
        if text:
            for character in text.decode(errors="replace"):
                counts[region(row, column) if placed else ""] += len(character.encode())
                column += 1
            continue
        counts[region(row, column) if placed else ""] += len(match[0])
        if match["break"] == b"\n":
            row += 1
        elif match["break"] == b"\r":
            column = 0
        elif match["break"]:
            column -= 1
    return counts


def _moved(final: bytes, params: bytes, row: int, column: int) -> tuple[int, int]:
    numbers = [max(int(field or 1), 1) - 1 for field in (params or b"1").split(b";")]
    by = numbers[0] + 1
    if final in b"AB":
        return row + (by if final == b"B" else -by), column
    if final in b"CD":
        return row, column + (by if final == b"C" else -by)
    if final == b"G":
        return row, numbers[0]
    if final == b"d":
        return numbers[0], column
    return numbers[0], numbers[1] if len(numbers) > 1 else 0
