"""Signs whose width terminals do not agree on, drawn as signs on which they do.

A family joined of three people takes two cells in one terminal and six in another, and all that stands
right of it moves. So the first of joined signs stands for all, a flag is its two letters, and a sign
that is asked to be a picture stays text. The cells that they took for us are kept.
"""

from __future__ import annotations

import re

from rich.cells import cell_len

_TONES = "\U0001f3fb-\U0001f3ff"
_LETTERS = "\U0001f1e6-\U0001f1ff"
_UNSTEADY = re.compile(f"[\u200d\ufe0f{_LETTERS}{_TONES}]")
_FLAG = re.compile(f"[{_LETTERS}]+")
_SIGN = "[\u00a9\u00ae#*0-9\u2000-\u200c\u200e-\u33ff\U0001f000-\U0001faff]"
_AFTER = f"[\ufe0f\u20e3{_TONES}]*"
_JOINED = re.compile(f"({_SIGN})({_AFTER}(?:\u200d{_SIGN}{_AFTER})*)")
_A = 0x1F1E6


def steady(text: str) -> str:
    """Return a text that takes the same cells in every terminal, as many as it took before."""
    if not _UNSTEADY.search(text):
        return text
    return _JOINED.sub(_first, _FLAG.sub(_letters, text))


def _letters(flags: re.Match[str]) -> str:
    letters = "".join(chr(ord("A") + ord(each) - _A) for each in flags[0])
    return letters + " " * (cell_len(flags[0]) - len(letters))


def _first(joined: re.Match[str]) -> str:
    if not joined[2]:
        return joined[0]
    first = joined[1]
    return first + " " * (cell_len(joined[0]) - cell_len(first))
