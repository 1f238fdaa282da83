"""Three lines of help for who starts the reader for the first time; they go away by themselves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from .commands import shown_key
from .glyphs import Glyphs
from .keymap import Keymap
from .widgets.cells import fit

AFTER = 12
"""Commands after which they go."""
MARKER = "started"
"""The file in the state folder that says that they have been seen."""


def is_first(state_dir: Path) -> bool:
    """Whether nobody has seen them yet, as far as can be known."""
    try:
        return not (state_dir / MARKER).exists()
    except OSError:
        return False


def lines_of(keys: Keymap, *, ascii_only: bool) -> tuple[str, str, str]:
    """Return the three lines, with the keys in force."""

    def key(id: str) -> str:
        its = keys.keys_of(id)
        return shown_key(its[0], ascii_only=ascii_only) if its else ":"

    return (
        f"{key('move.down')} {key('move.up')} move, {key('pane.right')} to the article,"
        f" {key('pane.left')} back, {key('filter')} looks for words",
        f"{key('decide.publish')} publishes, {key('decide.reject')} rejects,"
        f" {key('decide.defer')} defers, {key('undo')} takes it back",
        f"{key('help')} all keys, {key('palette')} all commands, {key('leave')} leaves",
    )


class Hints(Widget):
    """The lines, over the bottom of the panes: nothing is laid out anew when they go."""

    DEFAULT_CSS = """
    Hints {
        layer: above; dock: bottom; height: 3; width: 100%;
        background: $surface; color: $foreground;
    }
    Hints:ansi { text-style: reverse; }
    """

    def __init__(
        self, lines: tuple[str, str, str], glyphs: Glyphs, gone: Callable[[], None]
    ) -> None:
        super().__init__()
        self.lines = lines
        self._glyphs = glyphs
        self._gone = gone
        self._used = 0
        self.is_over = False

    def used(self, command_id: str) -> None:
        """A command has been run: after some of them, or after help, the lines go."""
        self._used += 1
        if not self.is_over and (self._used >= AFTER or command_id in ("help", "palette")):
            self.is_over = True
            self._gone()
            if self.is_attached:
                self.remove()

    def render_line(self, y: int) -> Strip:
        text = self.lines[y] if y < len(self.lines) else ""
        return Strip(
            [Segment(fit(f" {text}", self.size.width, self._glyphs.ellipsis), self.rich_style)]
        )


def hints(keys: Keymap, glyphs: Glyphs, state_dir: Path) -> Hints:
    """Return the lines; when they go that is remembered in the state folder."""

    def gone() -> None:
        try:
            state_dir.mkdir(parents=True, exist_ok=True)
            (state_dir / MARKER).touch()
        except OSError:
            pass  # they are shown again next time

    return Hints(lines_of(keys, ascii_only=glyphs.ascii_only), glyphs, gone)
