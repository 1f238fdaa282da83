"""What the user's own keys do at the desk: two keys one after the other, macros, and `!`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from textual.timer import Timer

from reader.records.record import State

from .commands import BY_ID, Command, shown_key
from .key_hints import KeyHints
from .keymap import MACRO, NUMBERED, SEQUENCE, Keymap, used_keys

if TYPE_CHECKING:
    from reader.config import Config

    from .hints import Hints
    from .piping import Piping
    from .screens.desk import Desk

WITHIN = 1.0
"""Seconds after the first of two keys within which the second makes a pair of them."""


_ON_A_RECORD = frozenset(
    ("open", "read.toggle", "star.toggle", "raw", "link.open", "link.copy", "pipe", "mark.toggle")
)


_ON_A_FILE = frozenset(("edit", "undo", "redo"))
"""Commands that change records, and need none that can be read."""
_ON_RECORDS_ALONE = frozenset(("read.toggle", "star.toggle", "check"))
_NOT_IN_PALETTE = frozenset({"palette", "related.open"})
_ON_A_LINK = frozenset({"link.open", "link.code", "link.copy", "link.evidence", "link.works"})


class OwnKeys:
    """The keys of one desk."""

    def __init__(self, desk: Desk, keys: Keymap) -> None:
        self._desk = desk
        self.keys = keys
        self._pairs = keys.pairs
        self._firsts = {first for first, _ in self._pairs}
        self._before: tuple[str, float] = ("", 0.0)
        self._waiting: Timer | None = None
        """Until the second of two keys would be one by itself."""
        self.pressed = ""
        """The key that runs the command now."""
        self.hints: Hints | None = None
        """Three lines of help for a first start."""

    def meant(self, command_id: str, key: str) -> str:
        """Return the command that a key means after the one before it; empty where it means none,
        or has been run."""
        if self.hints is not None:
            self.hints.used(command_id)
            if self.hints.is_over:
                self._cover(0)
        first, at = self._before
        now = time.monotonic()
        self._before = (key, now) if key in self._firsts else ("", 0.0)
        self._show_pending(key if key in self._firsts else "")
        self.pressed = key
        if first and now - at <= WITHIN and (first, key) in self._pairs:
            self._before = ("", 0.0)
            self._show_pending("")
            self._desk.moving.take_back_first()
            return self._pairs[first, key]
        if command_id == SEQUENCE:
            return ""
        if command_id == MACRO:
            self._run(self.keys.macros[key])
            return ""
        return command_id

    def late(self, key: str) -> None:
        """What a key means is done only now: the second of two keys may follow it still."""
        self.pressed = key
        if self._before[0]:
            self._before = (self._before[0], time.monotonic())

    def _show_pending(self, first: str) -> None:
        """Show what may follow a key, for as long as it may; empty: none any more."""
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        self._desk.footer.pend(self._following(first) if first else ())
        if first:
            self._waiting = self._desk.set_timer(WITHIN, lambda: self._show_pending(""))

    def _following(self, first: str) -> list[tuple[str, str]]:
        """Return the first of two keys, and each that may follow it with what it does."""
        glyphs = self._desk.glyphs
        seconds: dict[str, list[str]] = {}
        for (begin, second), id in self._pairs.items():
            if begin == first:
                seconds.setdefault(id, []).append(second)
        shown = [(f"{shown_key(first, ascii_only=glyphs.ascii_only)}{glyphs.ellipsis}", "")]
        for id, keys in seconds.items():
            names = [shown_key(key, ascii_only=glyphs.ascii_only) for key in keys]
            text = f"{names[0]}-{names[-1]}" if id in NUMBERED else " ".join(names)
            shown.append((text, BY_ID[id].label))
        return shown

    def _run(self, steps: Sequence[str]) -> None:
        for at, step in enumerate(steps):
            if self._desk.app.screen is not self._desk:
                self._desk.footer.say(f"The macro stopped before “{step}”: there is a question.")
                break
            command_id = "pipe" if step.startswith("!") else step
            if self._desk.awaiting.takes(command_id, partial(self._run, steps[at:])):
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
            self._cover(len(self.hints.lines))

    def _cover(self, lines: int) -> None:
        for pane in (self._desk.sidebar, self._desk.list, self._desk.detail):
            pane.cover(lines)

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
        if row is not None and row.state is State.PROBLEM:
            if desk.reading.is_unreadable and command.id in ("edit", "raw"):
                return "this file cannot be read"
            if (changes and command.id not in _ON_A_FILE) or command.id in _ON_RECORDS_ALONE:
                return "this file cannot be read as a record"
        if command.id == "mark.again" and not desk.marking.last:
            return "there are no earlier marks"
        if command.id == "trail.back" and not desk.going.trail.stops:
            return "you are where you began"
        if command.id == "theme" and desk.app.no_color:
            return "there are no colours here"
        return self._why_not_here(command.id)

    def _why_not_here(self, id: str) -> str:
        desk = self._desk
        plain = not desk.listing.shown.strip()
        triage = desk.loaded_triage
        reasons = {
            "filter.clear": "there is no filter" if plain else "",
            "filter.drop": "the query finds something" if desk.listing.drop_text is None else "",
            "select.and": "it is for the sidebar" if desk.pane is not desk.sidebar else "",
            "repeat": "nothing has been decided yet"
            if triage is None or triage.last is None
            else "",
            "related.open": "this record has no related links"
            if not desk.reading.article.related
            else "",
        }
        if id in _ON_A_LINK and desk.going.current_url() is None:
            return "this record has no link"
        return reasons.get(id, "")

    def has(self, key: str) -> bool:
        """Whether the user's keys use one at the desk, alone or as one of two."""
        return key in used_keys(self.keys.commands) or key in self.keys.macros

    def say_how_to_leave(self) -> None:
        """What Ctrl+C says where nothing is open that it would leave."""
        self._desk.footer.say(f"{self.key_of('leave')} leaves, {self.key_of('quit')} at once.")

    @property
    def busy(self) -> str:
        """What to say while an edit of many records keeps others waiting."""
        return f"Many records are being edited still; {self.key_of('back')} stops that."

    @property
    def unreadable(self) -> str:
        """What to say of a file that only the user's own editor can mend."""
        key = self.key_of("edit")
        return f"This file cannot be read as a record; {key} opens it in your editor."

    def do_pipe(self) -> None:
        self._piping.ask()

    def show_help(self, pane: str) -> None:
        """Show what can be done in a pane, and all keys."""
        from .screens.keys import Keys, sections_of

        commands = self.keys.commands
        sections = sections_of(commands, pane)
        keys = Keys(self._desk.glyphs, sections, commands, self.why_not, now=list(self._now()))
        self._desk.app.push_screen(keys)

    def _now(self) -> Iterator[str]:
        """Yield what is different at the desk just now, with the way out of it."""
        desk, key = self._desk, self.key_of
        if desk.editing.why_not:
            yield desk.editing.why_not
        if marked := len(desk.list.marked):
            yield f"{marked:,} marked: a decision is for them. {key('back')} clears the marks."
        if desk.listing.drop_text is not None:
            yield f"Nothing is found: {key('filter.drop')} drops the part that leaves nothing."
        elif desk.listing.is_filtered:
            yield f"The list is filtered: {key('filter.clear')} clears the filter."
        if desk.reading.card is not None:
            yield f"This is no record of the collection: {key('trail.back')} returns."
        triage = desk.loaded_triage
        if (triage is not None and triage.progress is not None) or desk.telling.links:
            yield f"Something is under way: {key('back')} asks whether to stop it."

    def do_palette(self) -> None:
        from .screens.palette import Palette

        desk = self._desk
        commands = [each for each in self.keys.commands if each.id not in _NOT_IN_PALETTE]

        def answered(command_id: str | None) -> None:
            if command_id is not None:
                desk.action_run(command_id)

        desk.app.push_screen(Palette(commands, self.why_not, desk.glyphs), answered)

    def do_messages(self) -> None:
        from .app import ReaderApp
        from .screens.messages import MessagesSoFar

        app = self._desk.app
        assert isinstance(app, ReaderApp)
        app.push_screen(MessagesSoFar(app.messages.newest_first(), self._desk.glyphs))

    def do_theme(self) -> None:
        from reader.config.table import THEMES

        from .app import ReaderApp
        from .screens.looks import Looks

        app = self._desk.app
        assert isinstance(app, ReaderApp)
        was = app.theme
        if app.no_color:
            self._desk.footer.say("There are no colours here (NO_COLOR, or what TERM says).")
            return

        def answered(name: str | None) -> None:
            app.theme = name or was
            if name and name != was:
                self._keep_theme(name, app.settings)

        names = [each for each in THEMES if each in app.available_themes]
        app.push_screen(Looks(names, was, self._desk.glyphs), answered)

    def _keep_theme(self, name: str, settings: Config) -> None:
        from reader.config import FROM_ENVIRONMENT, FROM_OPTION
        from reader.config.table import THEME

        if settings.file is None:
            self._desk.footer.say(f'For now; theme = "{name}" in the settings keeps it.')
            return
        set_by = settings.value(THEME)
        stronger = set_by.source in (FROM_ENVIRONMENT, FROM_OPTION)
        self._desk.asks.keep_theme(name, settings.file, set_by.where if stronger else "")

    def key_of(self, command_id: str) -> str:
        """Return the key to name where a command is spoken of; its label where it has none."""
        return KeyHints(self.keys, ascii_only=self._desk.glyphs.ascii_only).key(command_id)
