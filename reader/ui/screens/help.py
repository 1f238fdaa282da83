"""Help on the screens beside the desk: their keys, and what was said so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from reader.ui.glyphs import Glyphs
from reader.ui.panel_commands import SHARED

if TYPE_CHECKING:
    from reader.ui.app import ReaderApp

_WHERE = {"Forms": "IN A FORM", "Pages": "ON A PAGE", "Link": "ON A LINK'S PAGE"}
"""What stands over the keys of a screen, where its name does not say it."""


def show_help(screen: Screen[Any], name: str, glyphs: Glyphs, command_id: str = "help") -> None:
    """Show the keys of a screen, by its name in the registry; for `messages` what was said."""
    app: ReaderApp = screen.app  # type: ignore[assignment]  # there is no other
    if command_id == "messages":
        from .messages import MessagesSoFar

        app.push_screen(MessagesSoFar(app.messages.newest_first(), glyphs))
        return
    from .keys import Keys

    keys = app.keymap_in_force
    shared = [each for id in SHARED[name] for each in keys.commands if each.id == id]
    own = [each for each in keys.panels if each.group == name]
    every = [each for each in (*own, *shared) if each.keys]
    where = _WHERE.get(name, f"IN THE {name.upper()}")
    app.push_screen(Keys(glyphs, [(where, every)], every, signs=False))
