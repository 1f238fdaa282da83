"""What the user's own keys do at the desk: two keys one after the other, macros, and `!`."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING

from reader.records.record import State

from .commands import BY_ID, Command, shown_key
from .keymap import MACRO, NUMBERED, SEQUENCE, Keymap

if TYPE_CHECKING:
    from .hints import Hints
    from .piping import Piping
    from .screens.desk import Desk

WITHIN = 1.0
"""Seconds after the first of two keys within which the second makes a pair of them."""


_ON_A_RECORD = frozenset(
    ("open", "read.toggle", "star.toggle", "raw", "link.open", "link.copy", "pipe", "mark.toggle")
)


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
        self.hints: Hints | None = None
        """Three lines of help for a first start."""

    def meant(self, command_id: str, key: str) -> str:
        """Return the command that a key means after the one before it; empty where it means none,
        or has been run."""
        if self.hints is not None:
            self.hints.used(command_id)
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

    def show_hints(self) -> None:
        """Show the three lines, where they are wanted."""
        if self.hints is not None and not self.hints.is_over:
            self._desk.query_one("#panes").mount(self.hints)

    def why_not(self, command: Command) -> str:
        """Return why a command can do nothing now; empty where it can."""
        desk = self._desk
        changes = command.group == "Decide" and command.id not in ("history", "repeat")
        if changes and desk.editing.why_not:
            why_not = desk.editing.why_not.rstrip(".")
            return f"{why_not[0].lower()}{why_not[1:]}"
        if command.id.startswith("git.") and desk.telling.git is None:
            return "this collection is in no git work tree"
        row = desk.list.current
        if row is None and (changes or command.id in _ON_A_RECORD):
            return "there is no record under the cursor"
        if row is not None and row.state is State.PROBLEM and changes and command.id != "edit":
            return "this file cannot be read as a record"
        if command.id == "mark.again" and not desk.marking.last:
            return "there are no earlier marks"
        if command.id == "trail.back" and not desk.going.trail.stops:
            return "you are where you began"
        if command.id == "theme" and desk.app.no_color:
            return "there are no colours here"
        return ""

    def do_pipe(self) -> None:
        self._piping.ask()

    def do_theme(self) -> None:
        from reader.config.table import THEMES

        from .screens.looks import Looks

        app = self._desk.app
        was = app.theme
        if app.no_color:
            self._desk.footer.say("There are no colours here (NO_COLOR, or what TERM says).")
            return

        def answered(name: str | None) -> None:
            app.theme = name or was
            if name and name != was:
                self._desk.footer.say(f'For now; theme = "{name}" in the settings keeps it.')

        names = [each for each in THEMES if each in app.available_themes]
        app.push_screen(Looks(names, was, self._desk.glyphs), answered)

    def key_of(self, command_id: str) -> str:
        """Return the key to name where a command is spoken of; its id where it has none."""
        keys = self.keys.keys_of(command_id)
        return shown_key(keys[0]) if keys else BY_ID[command_id].label
