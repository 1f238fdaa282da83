"""Text in terminal cells: cut, padded and wrapped by what it takes on the screen."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size


def width_of(text: str) -> int:
    """Return how many cells `text` takes."""
    return len(text) if text.isascii() else cell_len(text)


def fit(text: str, width: int, ellipsis: str = "…") -> str:
    """Return `text` in exactly `width` cells: padded, or cut with an ellipsis."""
    if width <= 0:
        return ""
    if text.isascii():
        if len(text) <= width:
            return text.ljust(width)
        return text[: width - 1] + ellipsis
    # A cell holds at least one code point of those that matter here; long texts are cut
    # before they are measured.
    text = text[: width * 8]
    taken = cell_len(text)
    if taken <= width:
        return text + " " * (width - taken)
    return set_cell_size(text, width - 1) + ellipsis


def fit_right(text: str, width: int) -> str:
    """Return `text` in exactly `width` cells, right-aligned."""
    taken = width_of(text)
    return " " * (width - taken) + text if taken <= width else fit(text, width)


def wrap(text: str, width: int) -> list[str]:
    """Return `text` broken into lines of at most `width` cells, at spaces where there are any."""
    if width < 1:
        return []
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        taken = 0
        for word in paragraph.split():
            size = width_of(word)
            if taken and taken + 1 + size <= width:
                line += " " + word
                taken += 1 + size
                continue
            if taken:
                lines.append(line)
            if size > width:
                *full, word = _chop(word, width)
                lines += full
                size = width_of(word)
            line, taken = word, size
        lines.append(line)
    return lines


def _chop(word: str, width: int) -> list[str]:
    pieces: list[str] = []
    piece = ""
    taken = 0
    for character in word:
        size = width_of(character)
        if taken + size > width and piece:
            pieces.append(piece)
            piece, taken = "", 0
        piece += character
        taken += size
    pieces.append(piece)
    return pieces
