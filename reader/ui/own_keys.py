"""What the user's own keys do at the desk: two keys one after the other, macros, and `!`."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING

from .commands import BY_ID, shown_key
from .keymap import MACRO, NUMBERED, SEQUENCE, Keymap

if TYPE_CHECKING:
    from .piping import Piping
    from .screens.desk import Desk

WITHIN = 1.0
"""Seconds after the first of two keys within which the second makes a pair of them."""


class OwnKeys:
    """The keys of one desk."""

    def __init__(self, desk: Desk, keys: Keymap) -> None:
        self._desk = desk
        self.keys = keys
        self._pairs = keys.pairs
        self._firsts = {first for first, _ in self._pairs}
        self._before: tuple[str, float] = ("", 0.0)
        self.pressed = ""
        """The key that runs the command now."""

    def meant(self, command_id: str, key: str) -> str:
        """Return the command that a key means after the one before it; empty where it means none,
        or has been run."""
        first, at = self._before
        now = time.monotonic()
        self._before = (key, now) if key in self._firsts else ("", 0.0)
        self.pressed = key
        if first and now - at <= WITHIN and (first, key) in self._pairs:
            self._before = ("", 0.0)
            self._desk.moving.take_back_first()
            return self._pairs[first, key]
        if command_id == SEQUENCE:
            if key in self._firsts:
                self._desk.footer.say(f"{shown_key(key)} -")
            return ""
        if command_id == MACRO:
            self._run(key)
            return ""
        return command_id

    def _run(self, key: str) -> None:
        for step in self.keys.macros[key]:
            if self._desk.app.screen is not self._desk:
                self._desk.footer.say(f"The macro stopped before “{step}”: there is a question.")
                break
            if step.startswith("!"):
                self._piping.show(step[1:])
            elif step in NUMBERED:
                self._desk.footer.say(f"“{step}” needs a digit; a macro has none.")
                break
            else:
                self._desk.action_run(step)

    @cached_property
    def _piping(self) -> Piping:
        from .piping import Piping

        return Piping(self._desk)

    def do_pipe(self) -> None:
        self._piping.ask()

    def key_of(self, command_id: str) -> str:
        """Return the key to name where a command is spoken of; its id where it has none."""
        keys = self.keys.keys_of(command_id)
        return shown_key(keys[0]) if keys else BY_ID[command_id].label
