"""Styled text broken into lines by the cells it takes."""

from __future__ import annotations

import re
from typing import NamedTuple

from rich.cells import get_character_cell_size

BOLD, DIM, ITALIC, UNDERLINE = 1, 2, 4, 8

# Characters that take one cell each and join nothing: text of these alone needs no measuring.
_PLAIN = re.compile("[ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u2010-\u2027\u20ac\u2500-\u257f]*")
_JOINER, _EMOJI_STYLE = "\u200d", "\ufe0f"


class Span(NamedTuple):
    """Text in one style, the sum of `BOLD`, `DIM`, `ITALIC` and `UNDERLINE`."""

    text: str
    style: int


def cells(text: str) -> int:
    """Return the cells `text` takes, or a few more where its characters join into one."""
    if _PLAIN.fullmatch(text):
        return len(text)
    return sum(map(_size, text))


def wrap(spans: list[Span], width: int) -> list[list[Span]]:
    """Return lines of at most `width` cells, broken at spaces and newlines where there are any."""
    return _cut(spans, _breaks("".join(span.text for span in spans), width))


def chop(text: str, width: int) -> list[str]:
    """Return one line of text in pieces of at most `width` cells, spaces kept (for code)."""
    if _PLAIN.fullmatch(text):
        return [text[at : at + width] for at in range(0, len(text), width)] or [""]
    pieces: list[str] = []
    start = taken = 0
    for at, character in enumerate(text):
        size = _size(character)
        if taken + size > width:
            pieces.append(text[start:at])
            start, taken = at, 0
        taken += size
    pieces.append(text[start:])
    return pieces


def _size(character: str) -> int:
    """Return the cells of a character; never less than it adds to any text it stands in."""
    return 1 if character == _EMOJI_STYLE else get_character_cell_size(character)


def _breaks(text: str, width: int) -> list[tuple[int, int]]:
    """Return where each line of `text` starts and ends."""
    lines: list[tuple[int, int]] = []
    base = 0
    for paragraph in text.split("\n"):
        find = _breaks_plain if _PLAIN.fullmatch(paragraph) else _breaks_wide
        lines += [(base + start, base + end) for start, end in find(paragraph, width)]
        base += len(paragraph) + 1
    return lines


def _breaks_plain(text: str, width: int) -> list[tuple[int, int]]:
    lines: list[tuple[int, int]] = []
    length = len(text)
    at = 0
    while True:
        while at < length and text[at] == " ":
            at += 1
        if length - at <= width:
            if at < length or not lines:
                lines.append((at, length))
            return lines
        cut = text.rfind(" ", at, at + width + 1)
        if cut < 0:
            cut = at + width
        lines.append((at, cut))
        at = cut


def _breaks_wide(text: str, width: int) -> list[tuple[int, int]]:
    """Break at spaces, and beside wide characters, which are written without spaces."""
    lines: list[tuple[int, int]] = []
    start = chance = len(text) - len(text.lstrip(" "))  # `chance`: where the line may end
    taken = 0
    before, size_before = " ", 1
    for at, character in enumerate(text[start:], start):
        size = _size(character)
        if character == " ":
            chance = at
        else:
            if size and 2 in (size, size_before) and _JOINER != before != " ":
                chance = at
            while taken + size > width:
                end = chance if chance > start else at
                lines.append((start, end))
                start = end
                while text[start] == " ":
                    start += 1
                taken = sum(map(_size, text[start:at]))
        taken += size
        before = character
        size_before = size or size_before
    if text[start:].strip(" ") or not lines:
        lines.append((start, len(text)))
    return lines


def _cut(spans: list[Span], lines: list[tuple[int, int]]) -> list[list[Span]]:
    """Return the text between each start and end, without spaces at its end."""
    result: list[list[Span]] = []
    index = 0
    offset = 0  # of spans[index] in the whole text
    for start, end in lines:
        line: list[Span] = []
        while index < len(spans) and offset + len(spans[index].text) <= start:
            offset += len(spans[index].text)
            index += 1
        at, here = index, offset
        while at < len(spans) and here < end:
            text, style = spans[at]
            piece = text[max(0, start - here) : end - here]
            if piece:
                line.append(Span(piece, style))
            here += len(text)
            at += 1
        result.append(stripped(line))
    return result


def stripped(line: list[Span]) -> list[Span]:
    """Return `line` (changed in place) without spaces at its end."""
    while line:
        text = line[-1].text.rstrip(" \xa0")
        if text:
            if text != line[-1].text:
                line[-1] = Span(text, line[-1].style)
            break
        line.pop()
    return line
