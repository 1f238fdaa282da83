"""Words that are looked for on a page: where they are, also across the end of a line that goes on
below."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from .widgets.highlights import standing_out
from .widgets.pieces import Line


class PageSearch:
    """Words as they are typed, in whatever case."""

    def __init__(self, words: str) -> None:
        self.words = words
        between = "\n?"
        signs = ("(?: \n?|\n)" if sign == " " else re.escape(sign) for sign in words)
        self._pattern = re.compile(between.join(signs), re.IGNORECASE)

    def found_in(self, rows: Iterable[Sequence[Line]]) -> tuple[list[Line], list[int]]:
        """Return the lines of the rows (each of as many as it takes), in which the words stand out,
        and the numbers of those in which they begin."""
        lines: list[Line] = []
        places: list[int] = []
        for parts in rows:
            spans, begins = self._spans(parts)
            places += (len(lines) + at for at in begins)
            lines += (
                standing_out(part, spans[at]) if at in spans else part
                for at, part in enumerate(parts)
            )
        return lines, places

    def _spans(self, parts: Sequence[Line]) -> tuple[dict[int, list[tuple[int, int]]], list[int]]:
        """Return where the words are in each part of a row that has any, and the parts in which they
        begin."""
        texts = ["".join(piece.text for piece in part) for part in parts]
        margins = [len(text) - len(text.lstrip(" ")) if at else 0 for at, text in enumerate(texts)]
        starts, end = [], 0
        for text, margin in zip(texts, margins, strict=True):
            starts.append(end)
            end += len(text) - margin + 1
        whole = "\n".join(text[margin:] for text, margin in zip(texts, margins, strict=True))
        spans: dict[int, list[tuple[int, int]]] = {}
        begins: dict[int, None] = {}
        for found in self._pattern.finditer(whole):
            first, last = (bisect_right(starts, at) - 1 for at in (found.start(), found.end() - 1))
            begins[first] = None
            for at in range(first, last + 1):
                before = margins[at] - starts[at]
                begin = max(found.start(), starts[at]) + before
                spans.setdefault(at, []).append((begin, min(found.end() + before, len(texts[at]))))
        return spans, list(begins)
