"""The keys in force by the names of commands: for whatever speaks of a key."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import App

from .commands import BY_ID, shown_key
from .keymap import Keymap
from .panel_commands import PANEL_IDS

Hint = tuple[str, str, bool]
"""A key, what it does, and whether a footer shows it at any width."""


class KeyHints:
    """Names keys as the terminal can show them."""

    def __init__(self, keys: Keymap, *, ascii_only: bool) -> None:
        self._keys = keys
        self._ascii_only = ascii_only

    def key(self, id: str) -> str:
        """Return the key to name where a command is spoken of; its label where it has none."""
        keys = self._keys.keys_of(id)
        if not keys:
            command = PANEL_IDS.get(id) or BY_ID[id]
            return command.label
        return shown_key(keys[0], ascii_only=self._ascii_only)

    def footer(self, *wanted: str | Hint) -> list[Hint]:
        """Return what a footer shows: of each id its key and label, where it has a key, `!` before
        it: at any width. What is a hint already stays one."""
        hints: list[Hint] = []
        for each in wanted:
            if not isinstance(each, str):
                hints.append(each)
                continue
            id = each.removeprefix("!")
            if self._keys.keys_of(id):
                command = PANEL_IDS.get(id) or BY_ID[id]
                hints.append((self.key(id), command.label, each != id))
        return hints

    def footer_as(self, id: str, label: str, *, always: bool = False) -> Iterable[Hint]:
        """Return a hint with a label of its own; nothing where the command has no key."""
        return [(self.key(id), label, always)] if self._keys.keys_of(id) else []

    @property
    def more(self) -> tuple[str, str] | None:
        """What a footer that cuts a message off says of where it is whole."""
        return (self.key("messages"), "more") if self._keys.keys_of("messages") else None


def hints_of(app: App[None], *, ascii_only: bool) -> KeyHints:
    """Return the keys in force in an application."""
    return KeyHints(getattr(app, "keymap_in_force", None) or Keymap(), ascii_only=ascii_only)
