"""QR codes of links, drawn with half blocks or in ASCII, for a telephone held to the screen."""

from __future__ import annotations

QUIET = 2
"""Cells of margin that readers need; the standard says 4, in practice half is enough."""


def qr_lines(text: str, width: int, height: int, *, ascii_only: bool = False) -> list[str] | str:
    """Return the lines of a code, all of one length, light on dark: to be drawn in white on black.

    Returns a sentence instead where it does not fit into so many columns and lines.
    """
    import segno  # here: only this needs it

    try:
        code = segno.make(text, error="l", micro=False, boost_error=False)
    except segno.encoder.DataOverflowError:
        return f"{len(text):,} characters are more than a QR code holds."
    rows = [[bool(dark) for dark in row] for row in code.matrix]
    side = len(rows) + 2 * QUIET
    # Without half blocks two characters for each module: cells are about twice as high as wide.
    needs = (2 * side, side) if ascii_only else (side, (side + 1) // 2)
    if needs[0] > width or needs[1] > height:
        return (
            f"The QR code needs {needs[0]} columns and {needs[1]} lines;"
            f" there is room for {max(0, width)} and {max(0, height)}."
        )
    margin = [False] * QUIET
    blank = [False] * side
    padded = [blank] * QUIET + [margin + row + margin for row in rows] + [blank] * QUIET
    if ascii_only:
        return ["".join("  " if dark else "##" for dark in row) for row in padded]
    if len(padded) % 2:
        padded.append([True] * side)  # the screen's own dark, below the last line
    signs = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
    return [
        "".join(signs[upper, lower] for upper, lower in zip(above, below, strict=True))
        for above, below in zip(padded[::2], padded[1::2], strict=True)
    ]
