"""From one pen to another by the shortest sequence: what it leaves is what was asked for."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.style import Style

from reader.ui.output.pens import Pen, blank_pen, change, for_blank, pen_of

_ON = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53"}
_OFF = {
    "22": {"1", "2"},
    "23": {"3"},
    "24": {"4", "21"},
    "25": {"5", "6"},
    "27": {"7"},
    "28": {"8"},
    "29": {"9"},
    "54": {"51", "52"},
    "55": {"53"},
}
_BITS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53")

pens = st.builds(
    Pen,
    st.integers(0, 2**13 - 1),
    st.sampled_from(["", "31", "97", "38;5;120", "38;2;1;2;3"]),
    st.sampled_from(["", "41", "107", "48;5;0", "48;2;38;48;5"]),
    st.sampled_from(["", "", "https://a.example/", "https://b.example/"]),
)


class Drawn:
    """What a terminal makes of the sequences."""

    def __init__(self) -> None:
        self.attributes: set[str] = set()
        self.colours = {"3": "", "4": ""}
        self.link = ""

    def take(self, sequence: str) -> Drawn:
        for codes, link in re.findall(r"\x1b\[([0-9;]*)m|\x1b\]8;;([^\x1b]*)\x1b\\", sequence):
            if f"\x1b[{codes}m" in sequence and not link:
                self._codes(codes)
        for link in re.findall(r"\x1b\]8;;([^\x1b]*)\x1b\\", sequence):
            self.link = link
        return self

    def _codes(self, codes: str) -> None:
        parts = codes.split(";")
        while parts:
            code = parts.pop(0)
            if code in ("", "0"):
                self.attributes.clear()
                self.colours = {"3": "", "4": ""}
            elif code in ("38", "48"):
                count = 2 if parts[0] == "5" else 4
                self.colours[code[0]] = ";".join([code, *parts[:count]])
                del parts[:count]
            elif code in ("39", "49"):
                self.colours[code[0]] = ""
            elif code in _OFF:
                self.attributes -= _OFF[code]
            elif code in _ON:
                self.attributes.add(code)
            else:
                self.colours["3" if code[0] in "39" else "4"] = code

    def shows(self, pen: Pen) -> bool:
        wanted = {code for bit, code in enumerate(_BITS) if pen.attributes >> bit & 1}
        return (self.attributes, self.colours["3"], self.colours["4"], self.link) == (
            wanted,
            pen.foreground,
            pen.background,
            pen.link,
        )


@given(pens, pens, st.booleans())
def test_a_change_leads_from_any_pen_to_any_other(old: Pen, new: Pen, only_resets: bool) -> None:
    drawn = Drawn().take(change(None, old, only_resets))
    assert drawn.shows(old)
    sequence = change(old, new, only_resets)
    assert drawn.take(sequence).shows(new)
    if only_resets:
        assert not re.search(r"[\[;](2[2-9]|39|49|5[45])[;m]", _without_colours(sequence))


@given(pens, pens)
def test_it_is_never_longer_than_a_reset(old: Pen, new: Pen) -> None:
    reset = change(None, new._replace(link=""))
    assert len(change(old._replace(link=""), new._replace(link=""))) <= len(reset)


@given(pens, pens)
def test_a_blank_shows_its_background_and_no_more(current: Pen, pen: Pen) -> None:
    blank = blank_pen(pen)
    used = for_blank(current, blank)
    assert used.background == pen.background
    if not pen.shows_on_blanks:
        assert not used.shows_on_blanks


def test_a_style_is_brought_down_to_the_colours_there_are() -> None:
    style = Style.parse("bold #c00000 on #000000")
    assert pen_of(style, ColorSystem.TRUECOLOR) == Pen(1, "38;2;192;0;0", "48;2;0;0;0")
    assert pen_of(style, ColorSystem.STANDARD) == Pen(1, "31", "40")
    assert pen_of(Style.parse("default on default"), ColorSystem.STANDARD) == Pen()


def _without_colours(sequence: str) -> str:
    return re.sub(r"[34]8;(5;\d+|2;\d+;\d+;\d+)", "", sequence)
