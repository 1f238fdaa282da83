"""Where the terminal's own cursor belongs: what reads the screen aloud, in braille or magnified goes
by it."""

from __future__ import annotations

from textual.geometry import Offset
from textual.widget import Widget

from .widgets.line_pane import LinePane


def place_of(focused: Widget | None) -> Offset | None:
    """Return where the cursor belongs on the screen while a widget has the focus: at the start of
    a pane's current line, or where text is typed. None: the widget does not say."""
    if isinstance(focused, LinePane):
        return focused.cursor_place
    place: Offset | None = getattr(focused, "cursor_screen_offset", None)
    if place is None:
        return None
    # Known by then; it is not loaded for the sake of being asked about.
    from textual.widgets import Input

    if isinstance(focused, Input) and focused.cursor_at_end:
        return place - Offset(1, 0)  # the toolkit counts one too many there
    return place
