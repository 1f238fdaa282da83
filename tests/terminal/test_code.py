"""The QR code of a link, as a camera sees it: read from the screen module by module, in every look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import segno

from reader.terminal.qr import QUIET
from tests.link_site import write_record
from tests.terminal.conftest import Start
from tests.terminal.emulator import Emulator
from tests.terminal.terminal import Terminal

URL = "https://harbour.example/2026/06/the-tide-mill-turns-again"
LIGHT = {"brightwhite": True, "black": False}
"""The colours that a code is drawn in."""

Grid = list[list[bool]]
"""Lines of modules; True is light."""


def colour_is_light(name: str, default: bool) -> bool:
    return default if name == "default" else LIGHT[name]


def halves(emulator: Emulator, *, light_terminal: bool = False) -> Grid:
    """All of the screen in half cells, two above each other, by what a half block leaves of each.
    What is not drawn in the colours of a code is dark."""
    grid: Grid = []
    for y in range(len(emulator.lines)):
        upper: list[bool] = []
        lower: list[bool] = []
        for x in range(len(emulator.lines[y])):
            cell = emulator.cell(y, x)
            if not {cell.fg, cell.bg} <= {"default", *LIGHT} or cell.data not in " █▀▄":
                upper.append(False)
                lower.append(False)
                continue
            ink = colour_is_light(cell.fg, not light_terminal)
            paper = colour_is_light(cell.bg, light_terminal)
            if cell.reverse:
                ink, paper = paper, ink
            upper.append(ink if cell.data in "█▀" else paper)
            lower.append(ink if cell.data in "█▄" else paper)
        grid += [upper, lower]
    return grid


def expected(url: str) -> Grid:
    """The code of a link, with its margin."""
    rows = segno.make(url, error="l", micro=False, boost_error=False).matrix
    side = len(rows) + 2 * QUIET
    margin = [[True] * side] * QUIET
    beside = [True] * QUIET
    return [*margin, *([*beside, *(not dark for dark in row), *beside] for row in rows), *margin]


def shows(seen: Grid, code: Grid) -> bool:
    """Whether a code stands somewhere on the screen, every module of it."""
    side = len(code)
    for top in range(len(seen) - side + 1):
        for left in range(len(seen[0]) - side + 1):
            if all(seen[top + y][left : left + side] == code[y] for y in range(side)):
                return True
    return False


def shown_code(terminal: Terminal, *, in_cells: bool, light_terminal: bool = False) -> bool:
    seen = halves(terminal.emulator, light_terminal=light_terminal)
    if in_cells:  # a module is two cells beside each other
        pairs = zip(seen[::2], seen[1::2], strict=True)
        assert not in_cells or all(upper == lower for upper, lower in pairs)
        whole = [row[at::2] for at in (0, 1) for row in seen[::2]]
        odd, even = whole[: len(seen) // 2], whole[len(seen) // 2 :]
        return shows(odd, expected(URL)) or shows(even, expected(URL))
    return shows(seen, expected(URL))


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "harbour"
    write_record(
        folder,
        "tide.md",
        title="The tide mill turns again",
        webUrl=URL,
        publishedDateTime="2026-06-12T16:05:00Z",
    )
    return folder


LOOKS: dict[str, tuple[str, dict[str, str], bool]] = {
    "truecolor": ("xterm-256color", {"COLORTERM": "truecolor"}, False),
    "light theme": ("xterm-256color", {"READER_THEME": "reader-light"}, False),
    "16 colours": ("xterm-16color", {"COLORTERM": ""}, False),
    "NO_COLOR": ("xterm-256color", {"NO_COLOR": "1"}, False),
    "linux": ("linux", {"COLORTERM": ""}, True),
    "vt100": ("vt100", {"COLORTERM": ""}, True),
    "ASCII, NO_COLOR": ("xterm-256color", {"NO_COLOR": "1", "LC_ALL": "C"}, True),
}
"""TERM, what the environment has besides, and whether modules are cells, and not half cells."""


SEEN = [(look, ("lean", "stock")[at % 2]) for at, look in enumerate(LOOKS)]
"""Each look with one of the outputs, and with both where they draw the most and the least."""
SEEN += [("truecolor", "stock"), ("ASCII, NO_COLOR", "stock")]


@pytest.mark.parametrize(("look", "output"), SEEN)
def test_the_code_is_on_the_screen(start: Start, feed: Path, look: str, output: str) -> None:
    term, env, in_cells = LOOKS[look]
    terminal = start(feed, size=(80, 50), term=term, env=env | {"READER_OUTPUT": output})
    terminal.wait_for("1 of 1")
    terminal.wait_quiet(0.3)
    terminal.press("O")
    terminal.until(lambda: shown_code(terminal, in_cells=in_cells))
    without_colours = "NO_COLOR" in env or term == "vt100"
    if without_colours:
        terminal.wait_for("O turns it round")
        terminal.press("O")
        terminal.until(lambda: shown_code(terminal, in_cells=in_cells, light_terminal=True))
    terminal.press("O")
    terminal.wait_for("Select it with the mouse")
    terminal.press("escape", "ctrl+q")
    assert terminal.wait_exit() == 0


def test_where_it_does_not_fit_the_link_and_what_it_needs_are_there(
    start: Start, feed: Path
) -> None:
    terminal = start(feed, size=(40, 12))
    terminal.wait_for("1 of 1")
    terminal.wait_quiet(0.3)
    terminal.press("O")
    side = len(expected(URL))
    terminal.wait_for(f"needs {side} columns")
    assert URL in "".join(line.rstrip() for line in terminal.lines)
