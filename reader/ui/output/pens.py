"""How a cell is drawn (colours, bold, …), and the shortest way from one pen to another."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rich.color import ColorSystem
    from rich.style import Style

_SET = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53")
"""The codes of Rich's attributes, by their bit."""
_UNSET = ("22", "22", "23", "24", "25", "25", "27", "28", "29", "24", "54", "54", "55")
_ON_BLANKS = sum(1 << _SET.index(code) for code in ("4", "7", "9", "21", "51", "52", "53"))
"""The attributes that show on a cell without a character."""


class Pen(NamedTuple):
    """Attributes as Rich's bits, colours as SGR codes (empty: the terminal's own), a link."""

    attributes: int = 0
    foreground: str = ""
    background: str = ""
    link: str = ""

    @property
    def shows_on_blanks(self) -> bool:
        """Whether a space drawn with it shows more than its background."""
        return bool(self.attributes & _ON_BLANKS or self.link)


_LEVELS = (0, 95, 135, 175, 215, 255)
"""Of red, green and blue in the colours from 16 to 231."""
_PALETTE = {
    **{
        (red, green, blue): 16 + 36 * r + 6 * g + b
        for r, red in enumerate(_LEVELS)
        for g, green in enumerate(_LEVELS)
        for b, blue in enumerate(_LEVELS)
    },
    **{(level, level, level): 232 + at for at, level in enumerate(range(8, 239, 10))},
}
_FIRST_KEPT = 22
"""The colours before it are those that people set their terminals' schemes with."""


@lru_cache(maxsize=1024)
def _shortest(codes: str) -> str:
    """Return the code of an exact colour by its number among the 256, where it is one of them; a step
    of one in red, green or blue, which no eye sees, comes of the toolkit's own reckoning."""
    kind, _, exact = codes.partition(";2;")
    if kind not in ("38", "48"):
        return codes
    red, green, blue = map(int, exact.split(";"))
    near = [
        number
        for r in (red, red + 1, red - 1)
        for g in (green, green + 1, green - 1)
        for b in (blue, blue + 1, blue - 1)
        if (number := _PALETTE.get((r, g, b), 0)) >= _FIRST_KEPT
    ]
    return f"{kind};5;{near[0]}" if near else codes


@lru_cache(maxsize=4096)
def pen_of(style: Style, colours: ColorSystem) -> Pen:
    """Return the pen of a Rich style, its colours brought down to what the terminal has."""
    attributes = style._attributes & style._set_attributes
    foreground = background = ""
    if (colour := style.color) is not None:
        foreground = _shortest(";".join(colour.downgrade(colours).get_ansi_codes()))
    if (colour := style.bgcolor) is not None:
        background = _shortest(";".join(colour.downgrade(colours).get_ansi_codes(foreground=False)))
    # 39 and 49 are the terminal's own colours, which an empty code stands for.
    return Pen(
        attributes,
        "" if foreground == "39" else foreground,
        "" if background == "49" else background,
        style.link or "",
    )


@lru_cache(maxsize=4096)
def blank_pen(pen: Pen) -> Pen:
    """Return the pen that draws a space like `pen` does, and is the same for all that do."""
    return pen if pen.shows_on_blanks else Pen(background=pen.background)


@lru_cache(maxsize=8192)
def change(old: Pen | None, new: Pen, only_resets: bool = False) -> str:
    """Return the shortest sequence that turns the pen `old` (None: not known) into `new`.

    With `only_resets`, attributes are taken away by a reset alone, as the oldest terminals need.
    """
    if old == new:
        return ""
    link = ""
    if old is None or old.link != new.link:
        link = f"\x1b]8;;{new.link}\x1b\\" if new.link or old is not None else ""
    codes = _all(new)
    if old is not None and (not only_resets or not _taken_away(old, new)):
        stepwise = _differences(old, new)
        if stepwise is None or len(stepwise) <= len(codes):
            codes = stepwise or ""
            return f"\x1b[{codes}m{link}" if codes else link
    return f"\x1b[{codes}m{link}"


def for_blank(current: Pen | None, blank: Pen) -> Pen:
    """Return the pen to draw a blank with: the current one, but for what shows on blanks."""
    if current is None or blank.shows_on_blanks:
        return blank
    return Pen(current.attributes & ~_ON_BLANKS, current.foreground, blank.background)


def _all(pen: Pen) -> str:
    parts = ["" if not pen.attributes and not (pen.foreground or pen.background) else "0"]
    parts += [code for bit, code in enumerate(_SET) if pen.attributes >> bit & 1]
    parts += [part for part in (pen.foreground, pen.background) if part]
    return ";".join(parts)


def _taken_away(old: Pen, new: Pen) -> bool:
    return bool(
        old.attributes & ~new.attributes
        or (old.foreground and not new.foreground)
        or (old.background and not new.background)
    )


def _differences(old: Pen, new: Pen) -> str | None:
    """The codes for what differs; None where nothing but the link does."""
    gone = old.attributes & ~new.attributes
    come = new.attributes & ~old.attributes
    unset = dict.fromkeys(code for bit, code in enumerate(_UNSET) if gone >> bit & 1)
    # What a code takes away beside what it was sent for (22: bold and dim) has to come again.
    for bit, code in enumerate(_UNSET):
        if code in unset and new.attributes >> bit & 1:
            come |= 1 << bit
    parts = [*unset, *(code for bit, code in enumerate(_SET) if come >> bit & 1)]
    if old.foreground != new.foreground:
        parts.append(new.foreground or "39")
    if old.background != new.background:
        parts.append(new.background or "49")
    return ";".join(parts) or None
