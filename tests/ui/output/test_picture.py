"""Our output leaves the terminal as the toolkit's does, cell by cell, in fewer bytes."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from reader.ui.output.abilities import Abilities

from .screens import BothWays

WIDTH, HEIGHT = 24, 6
CUTS = (0, 7, 8, 24)
"""Where the panes of a line begin and end, the last one being the width."""

STYLES = [
    Style.null(),
    Style.parse("#d6d6d2 on #15171a"),
    Style.parse("bold #d6d6d2 on #15171a"),
    Style.parse("#94989d on #15171a"),
    Style.parse("#94989d on #2c3a4a"),
    Style.parse("bold italic #e0b070 on #2c3a4a"),
    Style.parse("underline red on #15171a"),
    Style.parse("reverse on #15171a"),
    Style.parse("strike on #15171a"),
    Style.parse("blink green"),
    Style.parse("on blue"),
    Style.parse("bold on blue"),
]
SURE = "abc   xyz.é│●✓…αЖ漢字かな한글"
"""Characters of one and of two cells that the emulator and the toolkit measure alike."""
UNSURE = SURE + "e\u0301☎️👩‍👩‍👧🇩🇪👍🏽नमस्ते\u200d\ufe0f\u0e33ﷺ"
"""And those that terminals measure each in its own way."""

FULL = Abilities()
MODEST = Abilities(erases_in_colour=False)
OLD = Abilities(erases_in_colour=False, columns=False, only_resets=True)


Line = list[Strip]


class Session:
    """Screens one after the other, made from a seed."""

    def __init__(self, seed: int, alphabet: str) -> None:
        self.random = Random(seed)
        self.alphabet = alphabet

    def strip(self, length: int) -> Strip:
        """Some text in some styles, of so many cells."""
        choose = self.random.choice
        pieces = []
        for _ in range(self.random.randint(0, 5)):
            text = "".join(choose(self.alphabet) for _ in range(self.random.randint(0, 9)))
            # The toolkit cannot cut what begins with joiners of nothing; no text of ours ever does.
            text = text.lstrip("\u200d\ufe0f") if cell_len(text) else ""
            if choose((True, False, False)):
                text = " " * self.random.randint(0, 24)
            pieces.append(Segment(text, choose(STYLES)))
        return Strip(pieces).adjust_cell_length(length, STYLES[1])

    def line(self) -> Line:
        """A strip for each pane."""
        return [self.strip(end - start) for start, end in pairwise(CUTS)]

    def full(self) -> LayoutUpdate:
        """All lines, as after a layout."""
        return LayoutUpdate([self.line() for _ in range(HEIGHT)], Region(0, 0, WIDTH, HEIGHT))

    def partial(self) -> ChopsUpdate:
        """Some panes of some lines; one pane perhaps not to its end."""
        spans = []
        chops: list[dict[int, Strip | None]] = []
        some = self.random.sample(range(HEIGHT), self.random.randint(1, HEIGHT))
        for y in range(HEIGHT):
            line: dict[int, Strip | None] = dict.fromkeys(CUTS[:-1])
            if y in some:
                first, last = sorted(self.random.choices(range(3), k=2))
                for pane in range(first, last + 1):
                    line[CUTS[pane]] = self.strip(CUTS[pane + 1] - CUTS[pane])
                spans.append((y, CUTS[first], CUTS[last + 1] - self.random.choice((0, 0, 3))))
            chops.append(line)
        spans = [(y, start, max(end, start + 1)) for y, start, end in spans]
        return ChopsUpdate(chops, spans, [list(CUTS[1:])] * HEIGHT)

    def updates(self) -> list[LayoutUpdate | ChopsUpdate]:
        """A first screen and some that follow."""
        more = [
            self.full() if self.random.random() < 0.3 else self.partial()
            for _ in range(self.random.randint(0, 6))
        ]
        return [self.full(), *more]


seeds = st.integers(0, 2**32)


@settings(deadline=None)
@given(seeds, st.sampled_from([FULL, MODEST, OLD]))
def test_any_sequence_of_screens_shows_the_same(seed: int, abilities: Abilities) -> None:
    both = BothWays(WIDTH, HEIGHT, abilities)
    for update in Session(seed, SURE).updates():
        both.show(update)
        assert not list(both.differences())


@settings(deadline=None)
@given(seeds, st.integers(1, 200))
def test_sent_in_pieces_it_is_the_same_in_the_end(seed: int, room: int) -> None:
    both = BothWays(WIDTH, HEIGHT)
    for update in Session(seed, SURE).updates():
        both.show_in_pieces(update, room)
        assert not list(both.differences())


@settings(deadline=None)
@given(seeds)
@example(13742)
@example(5796)
def test_characters_of_unsure_width_disturb_no_other_cell(seed: int) -> None:
    """The emulator measures some of them otherwise than the toolkit. What stands on other lines, and
    what is written over them afterwards, is in its place all the same."""
    odd = [Session(seed + number, UNSURE).line() for number in range(4)]
    for line in odd:  # a mark that begins a line: the emulator puts it on the line above
        line[0] = Strip([Segment("x", STYLES[1]), *line[0].crop(1)]).adjust_cell_length(CUTS[1])
    sure, last = Session(seed, SURE).line(), Session(seed, "abc  ").line()
    both = BothWays(WIDTH, 3)
    region = Region(0, 0, WIDTH, 3)
    for line in odd:
        both.show(LayoutUpdate([sure, line, sure], region))
    wanted = BothWays(WIDTH, 3)
    wanted.show(LayoutUpdate([sure, last, sure], region))
    both.show(LayoutUpdate([sure, last, sure], region))
    for y in range(3):
        for x in range(WIDTH):
            assert both.lean.buffer[y][x].data == wanted.stock.buffer[y][x].data, (y, x)


@pytest.mark.parametrize("odd", ["👩‍👩‍👧", "e\u0301", "☎️", "🇩🇪", "नि"])
def test_what_follows_an_odd_character_stands_where_the_toolkit_reckons_it(odd: str) -> None:
    both = BothWays(WIDTH, 1)
    strip = Strip([Segment(f"ab{odd}cd", STYLES[1])]).adjust_cell_length(WIDTH, STYLES[1])
    both.show(LayoutUpdate([[strip]], Region(0, 0, WIDTH, 1)))
    at = strip.text.index("cd") - len(odd) + Strip([Segment(odd)]).cell_length
    assert "".join(both.lean.buffer[0][at + x].data for x in range(2)) == "cd"


def test_a_second_time_nothing_is_sent() -> None:
    both = BothWays(WIDTH, HEIGHT)
    line = [Strip([Segment("abc def".ljust(WIDTH), STYLES[2])])]
    update = LayoutUpdate([line] * HEIGHT, Region(0, 0, WIDTH, HEIGHT))
    both.show(update)
    both.show(update)
    assert both.sent[1][1] == 0


def test_only_the_cells_that_differ_are_sent() -> None:
    both = BothWays(WIDTH, 1)
    region = Region(0, 0, WIDTH, 1)
    for text in ("position 1 of 60", "position 2 of 60"):
        strip = Strip([Segment(text.ljust(WIDTH), STYLES[2])])
        both.show(LayoutUpdate([[strip]], region))
    assert both.sent[1][1] <= len("\x1b[10G2\r")  # a move, the digit, and the cursor goes home


def test_what_is_forgotten_is_sent_again() -> None:
    both = BothWays(WIDTH, HEIGHT)
    line = [Strip([Segment("abc def".ljust(WIDTH), STYLES[2])])]
    update = LayoutUpdate([line] * HEIGHT, Region(0, 0, WIDTH, HEIGHT))
    both.show(update)
    both.lean.reset()  # something else has drawn on the terminal
    both.picture.forget()
    both.show(update)
    assert not list(both.differences())


@settings(deadline=None)
@given(seeds, st.integers(1, 40), st.integers(1, 9))
def test_another_size_is_drawn_whole(seed: int, width: int, height: int) -> None:
    both = BothWays(WIDTH, HEIGHT)
    both.show(Session(seed, SURE).full())
    both.resize(width, height)
    lines = [[Strip([Segment("new".ljust(width)[:width], STYLES[1])])]] * height
    both.show(LayoutUpdate(lines, Region(0, 0, width, height)))
    assert not list(both.differences())
