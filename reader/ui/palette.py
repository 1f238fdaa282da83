"""The list of commands by name: the toolkit's, without a fault of it."""

from __future__ import annotations

from contextlib import suppress

from textual.command import CommandPalette


class Palette(CommandPalette):
    """A page down or up where nothing is listed (yet) does nothing; in the toolkit it ends the
    program."""

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError, IndexError):
            super()._action_command_list(action)
