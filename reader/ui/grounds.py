"""What a first frame is drawn on: the screen without its texts, as the toolkit laid it out last time.

Sizes, colours and rules come of the style sheets, and nothing that reads those is loaded when the first
frame is drawn. So they are kept in the cache, for each kind of terminal and each set of settings, and
taken anew where anything differs that they depend on.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reader import __version__
from reader.config import Config
from reader.terminal.surroundings import Surroundings

from .output.pens import Pen
from .styles import style_sheet

FILE = "first-frames.json"
_MOST = 16
"""Grounds that are kept: so many sizes of windows, terminals and themes."""
_MOST_BYTES = 1 << 20
_CODES = re.compile(r"(?:\d{1,3}(?:;\d{1,3}){0,4})?", re.ASCII)
_DEPENDS_ON = re.compile("TERM|TERM_PROGRAM|COLORTERM|NO_COLOR|LANG|LC_ALL|LC_CTYPE|TEXTUAL.*")
"""Variables that decide on colours and signs, or may."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The screen without its texts."""

    place: tuple[int, int, int, int]
    """The list's: column, line, width and height."""
    pens: Mapping[tuple[str, str], Pen]
    """How the list's texts are drawn: by their role, and that of their row."""
    lines: tuple[tuple[tuple[str, Pen], ...], ...]
    """Each line of the screen: runs of blanks, and rules."""


def key_of(settings: Config, around: Surroundings, size: tuple[int, int]) -> str:
    """Return the name of a ground: a digest of all that it depends on."""
    from hashlib import blake2b

    variables = sorted(each for each in os.environ.items() if _DEPENDS_ON.fullmatch(each[0]))
    files = (style_sheet("desk.tcss"), Path(__file__).with_name("themes.py"))
    looks = [(stat.st_mtime_ns, stat.st_size) for stat in map(os.stat, files)]
    values = [(setting.name, value.value, value.source) for setting, value in settings]
    facts = (__version__, looks, size, around, variables, values)
    return blake2b(repr(facts).encode("utf-8", "replace"), digest_size=12).hexdigest()


def read_ground(folder: Path, key: str) -> Ground | None:
    """Return the ground of this name; None where there is none, or none that can be read."""
    try:
        return _ground(_read(folder)[key])
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None


def keep_ground(folder: Path, key: str, ground: Ground) -> None:
    """Keep a ground under its name, in place of the one that was kept longest. Without a cache that
    can be written the next start has no first frame; nobody is told."""
    known: dict[str, Any] = {}
    with suppress(OSError, ValueError, TypeError, RecursionError):
        known = _read(folder)
    known.pop(key, None)
    while len(known) >= _MOST:
        del known[next(iter(known))]
    known[key] = _values(ground)
    beside = folder / f"{FILE}.{os.getpid()}"
    try:
        beside.write_text(json.dumps(known, separators=(",", ":")), encoding="ascii")
        os.replace(beside, folder / FILE)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _read(folder: Path) -> dict[str, Any]:
    with open(folder / FILE, "rb") as stream:
        data = stream.read(_MOST_BYTES + 1)
    values = json.loads(data) if len(data) <= _MOST_BYTES else None
    if not isinstance(values, dict):
        raise TypeError
    return values


def _values(ground: Ground) -> dict[str, Any]:
    """A ground as JSON has it: the pens once each, and their numbers."""
    pens = {pen: None for line in ground.lines for _, pen in line}
    pens.update(dict.fromkeys(ground.pens.values()))
    numbers = {pen: number for number, pen in enumerate(pens)}
    return {
        "place": ground.place,
        "pens": [[pen.attributes, pen.foreground, pen.background] for pen in pens],
        "roles": [[*names, numbers[pen]] for names, pen in ground.pens.items()],
        "lines": [
            [[len(text), text[0], numbers[pen]] for text, pen in line] for line in ground.lines
        ],
    }


def _ground(values: Any) -> Ground:
    """Raises ValueError, LookupError or TypeError: this is no ground."""
    pens = [_pen(*each) for each in values["pens"]]
    x, y, width, height = map(int, values["place"])
    return Ground(
        (x, y, width, height),
        {(str(role), str(row)): pens[number] for role, row, number in values["roles"]},
        tuple(
            tuple(
                (_blank(sign) * min(int(count), 10_000), pens[number])
                for count, sign, number in line
            )
            for line in values["lines"]
        ),
    )


def _pen(attributes: Any, foreground: Any, background: Any) -> Pen:
    # It goes to the terminal as it is: nothing but what a pen can be.
    if not (_CODES.fullmatch(foreground) and _CODES.fullmatch(background)):
        raise ValueError
    return Pen(int(attributes), foreground, background)


def _blank(sign: Any) -> str:
    if not (isinstance(sign, str) and len(sign) == 1 and sign.isprintable()):
        raise ValueError
    return sign
