"""What the desk's bars tell: where one is, what goes on, the keys, and what happened last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reader.library.collection import Progress
from reader.records.record import State
from reader.records.text import display

from .commands import footer_of, shown_key, shown_keys
from .key_hints import KeyHints

if TYPE_CHECKING:
    from reader.library.git_watch import Summary

    from .jobs.upkeep import GitSeen, Reconciled
    from .screens.desk import Desk

NARROW = 70
"""Columns below which the status line has its parts in their short form."""
GIT_AFTER = 0.5
"""Seconds after a change at which git is asked what differs; more where its answer takes long."""


class Telling:
    """Fills the bars of one desk."""

    def __init__(self, desk: Desk, notices: Sequence[str]) -> None:
        self._desk = desk
        self._notices = notices
        self._told = 0
        self._is_asked = False
        """Whether a key asked for the files to be looked through."""
        self.progress: Progress | None = None
        """How far reading the files is."""
        self.links: Sequence[tuple[str, str]] = ()
        """How far a check of links is: parts of the status line, the most wanted first."""
        self.git: Summary | None = None
        self._git_looking = self._git_due = False
        self._git_pause = GIT_AFTER
        self._keys_are_for = ""
        """What the keys are about that are shown; empty: none are yet."""

    def tell_notices(self) -> None:
        """Say what the user should know of index, state and folders, once each."""
        notices = [*self._notices, *self._desk.collection.notices]
        if len(notices) > self._told:
            self._desk.footer.say(display(" ".join(notices[self._told :])))
            self._told = len(notices)

    def look_through(self) -> None:
        """Say that the files are looked through because a key asked for it."""
        self._desk.footer.say("Looking through the files again.", about="files")
        self._is_asked = True

    def looked_through(self, message: Reconciled) -> None:
        """Say what came of that, unless something else was said meanwhile."""
        footer = self._desk.footer
        if self._is_asked and (footer.about == "files" or not footer.said):
            counts = ((message.read, "new or changed"), (message.removed, "gone"))
            found = ", ".join(f"{count:,} {what}" for count, what in counts if count)
            footer.say(f"Looked through the files: {found or 'nothing has changed'}.")
        self._is_asked = False

    def show_status(self) -> None:
        """Show where one is, and what is going on."""
        desk = self._desk
        count = len(desk.list.ids)
        more = "" if desk.listing.complete else "+"
        is_known = count and not desk.listing.left
        desk.position.show(f"{desk.list.cursor + 1:,} of {count:,}{more}" if is_known else "")
        found = desk.listing.problems
        marked = len(desk.list.marked)
        right = [
            (self._work(), "accent" if desk.size.width < NARROW else "dim"),
            *self.links,
            (f"{marked:,} marked" if marked else "", "accent"),
            ("read only" if desk.is_read_only else "", "warning"),
            (self._branch(), "dim"),
            (f"{found} problem{'s' if found > 1 else ''}" if found else "", "warning"),
            (desk.listing.order(short=desk.size.width < NARROW), "dim"),
        ]
        desk.status.show(desk.listing.place(), right)
        if self._keys_are_for and self._keys_are_for != self._kind_under_cursor():
            self.show_keys()

    def _work(self) -> str:
        triage = self._desk.loaded_triage
        if triage is not None and triage.progress is not None:
            return self._bar(*triage.progress)
        progress = self.progress
        if progress is None or progress.finished:
            return ""
        if not progress.total:
            return f"looking through files {progress.done:,}" if progress.done else "looking"
        if progress.done >= progress.total:
            return ""
        return self._bar(progress.done, progress.total)

    def _bar(self, done: int, total: int) -> str:
        glyphs = self._desk.glyphs
        if self._desk.size.width < NARROW:
            filled = 5 * done // max(1, total)
            return f"{glyphs.filled * filled}{glyphs.empty * (5 - filled)} {100 * done // max(1, total)}%"
        filled = 10 * done // max(1, total)
        bar = glyphs.filled * filled + glyphs.empty * (10 - filled)
        return f"{bar} {done:,} of {total:,}"

    def show_keys(self) -> None:
        """Show the keys of the pane that has the focus."""
        pane = self._desk.pane.id or "list"
        ascii_only = self._desk.glyphs.ascii_only
        keys = self._desk.own_keys.keys
        commands = footer_of(pane, keys.commands)
        self._keys_are_for = self._kind_under_cursor()
        if self._keys_are_for != "record":
            for id in ("raw", "edit"):  # the most wanted first
                commands = [
                    each for each in keys.commands if each.id == id and each.keys
                ] + commands
            commands = [each for each in commands if not self._desk.own_keys.why_not(each)]
        self._desk.footer.more = KeyHints(keys, ascii_only=ascii_only).more
        self._desk.footer.show_keys(
            [
                (
                    shown_keys(command)
                    if command.id == "related.open"
                    else shown_key(command.keys[0], ascii_only=ascii_only),
                    command.label,
                    command.always,
                )
                for command in commands
                if command.group != "Decide" or not self._desk.is_read_only
            ]
        )

    def _kind_under_cursor(self) -> str:
        """Return what keys are about: `record`, or where the file is none, `problem`, or `unreadable`."""
        desk = self._desk
        row = desk.list.current
        if row is None or row.state is not State.PROBLEM:
            return "record"
        if desk.pane is desk.sidebar or desk.list.marked:  # about those that are marked
            return "record"
        return "unreadable" if desk.reading.is_unreadable else "problem"

    # -- git ------------------------------------------------------------------------------------
    def look_at_git(self) -> None:
        """Have git asked what differs, once at a time, and a moment after the last change."""
        self._git_due = self._git_looking
        if not self._git_looking:
            self._git_looking = True
            self._desk.set_timer(self._git_pause, self._ask_git)

    def _ask_git(self) -> None:
        self._git_due = False  # what changes from now on git may not see any more
        self._desk.upkeep.look_at_git()

    def git_seen(self, message: GitSeen) -> None:
        """Show what git said: in the status line, and in the record's detail."""
        self._git_looking = False
        self._git_pause = max(GIT_AFTER, 10 * message.seconds)
        self.git = message.summary
        self._desk.reading.git = {} if message.summary is None else message.summary.changes
        self._desk.reading.resized()
        self.show_status()
        if self._git_due:
            self.look_at_git()

    def _branch(self) -> str:
        git = self.git
        if git is None:
            return ""
        up, down, sign = ("^", "v", "+-") if self._desk.glyphs.rule == "|" else ("↑", "↓", "±")
        numbers = ((up, git.ahead), (down, git.behind), (sign, git.differing))
        return " ".join([git.branch, *(f"{each}{count:,}" for each, count in numbers if count)])
