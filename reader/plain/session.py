"""One sitting in the line mode: lines are read, understood, and carried out."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence

from reader.config import Config
from reader.library.collection import Collection, Progress
from reader.library.editing import Editing
from reader.library.rules import Rules
from reader.records.record import State
from reader.records.row import Row
from reader.records.text import display
from reader.ui.commands import BY_ID
from reader.ui.glyphs import ASCII
from reader.ui.glyphs import choose as choose_glyphs

from .checking import CheckingLines
from .console import Console, stoppable
from .deciding import Deciding
from .going import Going
from .listing import Listing
from .looking import Looking
from .publishing import PublishingLines
from .telling import record_line
from .words import ALIASES, OWN, TWINS, WORDS, Said, help_of, letter_of, understood

DONE, FOUND = 0, 1

ONLY_DRAWN = "It has to do with panes, and here are none."
NO_SENSE = {
    "pane.left": ONLY_DRAWN,
    "pane.right": ONLY_DRAWN,
    "pane.next": ONLY_DRAWN,
    "pane.previous": ONLY_DRAWN,
    "pane.sidebar": "There is no sidebar here; f lists the views, topics the topics.",
    "pane.zoom": ONLY_DRAWN,
    "messages": "All that was said stands above.",
    "palette": "Every command is a word here; help lists them.",
    "copy.menu": "What is shown can be selected; y says the link, raw its file.",
    "link.code": "A code for a camera would have to be drawn; y says the link.",
    "redraw": ONLY_DRAWN,
    "suspend": "Ctrl+Z suspends; fg returns.",
    "mark.again": "Marks stay here until unmark takes them away.",
    "filter.drop": "/ alone lists all again.",
    "select.and": "topic, folder, type and / narrow what is listed.",
    "explain": "`reader explain` does that in the shell.",
    "why_not": "`reader explain QUERY RECORD` does that in the shell.",
    "view.save": "`reader views --add NAME QUERY` does that in the shell.",
    "links": "`reader links` does that in the shell; i tells what is known of this record's links.",
    "link.works": "`reader links --works URL` does that in the shell.",
    "link.take": "`reader triage relink` does that in the shell.",
    "theme": "The colours here are the terminal's own.",
    "pipe": "`reader show RECORD --json | PROGRAM` does that in the shell.",
}
"""Commands of the interface that can mean nothing in a line, each with why, or what to type."""


class Session:
    """What is listed and decided, and the rooms that the commands are in."""

    def __init__(
        self,
        collection: Collection,
        console: Console,
        rules: Rules,
        notices: Sequence[str],
        chosen: Config | None = None,
        views: Mapping[str, str] | None = None,
    ) -> None:
        self.collection = collection
        self.console = console
        self.editing = Editing(collection, rules, "interface")
        self.listing = Listing(collection, views or {})
        self.went_wrong = False
        """Whether a line could not be carried out."""
        self._notices = notices
        self._told = 0
        self._is_over = False
        self._stop_looking = threading.Event()
        self._changed = threading.Event()
        self._thread: threading.Thread | None = None
        self.looking = Looking(self)
        self.going = Going(self)
        self.deciding = Deciding(self)
        self.publishing = PublishingLines(self)
        self.checking = CheckingLines(self, chosen or Config())

    # -- from the start to the end ----------------------------------------------------------------
    def run(self) -> int:
        """Carry out lines until the last one; return the exit code."""
        try:
            self._start()
            self.console.complete_with(word for word in WORDS if len(word) > 1 and " " not in word)
            while not self._is_over:
                self._tell_notices()
                self._renew_if_changed()
                try:
                    line = self.console.read()
                except KeyboardInterrupt:
                    self.say("")
                    self.say("q leaves.")
                    continue
                if line is None:
                    break
                self._carry_out(line)
        finally:
            self._stop_looking.set()
            if self._thread is not None:
                self._thread.join()
            self.editing.close()
        return FOUND if self.went_wrong and not self.console.is_interactive else DONE

    def _start(self) -> None:
        collection = self.collection
        in_background = self.console.is_interactive and collection.is_indexed
        if not in_background:
            self._reconcile_here()
        for told in self.editing.recover():
            self.say(told)
        with stoppable() as stopped:
            self.listing.ask(self.listing.query, cancelled=stopped.is_set)
        counts = {count.key: count for count in collection.counts(cached=in_background).views}
        found = len(self.listing.ids)
        waiting = counts["unpublished"].total if "unpublished" in counts else 0
        records = "1 record" if found == 1 else f"{found:,} records"
        self.say(f"{display(collection.name)}: {records}, {waiting:,} unpublished.")
        if problems := collection.summary().problems:
            files = "1 file" if problems == 1 else f"{problems:,} files"
            self.say(f"{files} cannot be read: f problems.")
        if self.editing.why_not:
            self.say(self.editing.why_not)
        if self.console.is_interactive:
            self.say("help lists the commands.")
        self.tell_current()
        if in_background:
            self._thread = threading.Thread(target=self._look, name="reconcile", daemon=True)
            self._thread.start()

    def _reconcile_here(self) -> None:
        asked = 0

        def progress(made: Progress) -> None:
            nonlocal asked
            if made.total and made.done >= asked + 5000 and self.console.is_interactive:
                asked = made.done
                self.say(f"Read {made.done:,} of {made.total:,} files.")

        with stoppable() as stopped:
            try:
                self.collection.reconcile(progress, stopped.is_set)
            except OSError as error:
                self.fail(f"{self.collection.root} cannot be read: {error.strerror or error}.")

    def _look(self) -> None:
        """In a thread: bring the index up to date with the disk."""

        def progress(made: Progress) -> None:
            if made.changed:
                self._changed.set()

        try:
            self.collection.reconcile(progress, self._stop_looking.is_set)
        except Exception as error:  # noqa: BLE001  a thread's last resort: it is told
            self.collection.notices.append(f"The files could not be looked through: {error}.")

    def rescan(self, rest: str) -> None:
        """Look through the files again, now."""
        before = set(self.listing.ids)
        self._reconcile_here()
        self.listing.renew()
        new = len(set(self.listing.ids) - before)
        self.say(f"Looked through. {new:,} new here.")
        self.tell_current()

    def _renew_if_changed(self) -> None:
        if self._changed.is_set():
            self._changed.clear()
            before = set(self.listing.ids)
            self.listing.renew()
            new, gone = len(set(self.listing.ids) - before), len(before - set(self.listing.ids))
            if new or gone:
                self.say(f"Files have changed: {new:,} new here, {gone:,} gone.")

    def _tell_notices(self) -> None:
        notices = [*self._notices, *self.collection.notices]
        for notice in notices[self._told :]:
            self.say(notice)
        self._told = len(notices)

    def leave(self, rest: str) -> None:
        self._is_over = True

    # -- a line -----------------------------------------------------------------------------------
    def _carry_out(self, line: str) -> None:
        said = understood(line)
        if isinstance(said, str):
            self.fail(said)
            return
        if said.id == "open" and not said.rest and self.console.has_more:
            said = Said("plain.more")
        if said.id not in ("plain.more", "plain.list", "move.page_down", "move.half_down"):
            self.console.forget_rest()
        try:
            self._handler(said)(said.rest)
        except KeyboardInterrupt:
            self.console.forget_rest()
            self.say("")
            self.say("Stopped.")
        except BrokenPipeError:
            raise
        except Exception as error:  # one command's failure is told, and is not the end
            if os.environ.get("READER_DEBUG"):
                raise
            self.fail(str(error) or type(error).__name__)

    def _handler(self, said: Said) -> Callable[[str], None]:
        if said.id in NO_SENSE:
            return lambda rest: self.fail(NO_SENSE[said.id])
        own: dict[str, Callable[[str], None]] = {
            "rescan": self.rescan,
            "leave": self.leave,
            "quit": self.leave,
            "help": self.help,
        }
        handler = own.get(said.id)
        name = "do_" + said.id.removeprefix("plain.").replace(".", "_")
        for room in (self.going, self.looking, self.deciding, self.publishing, self.checking):
            handler = handler or getattr(room, name, None)
        if handler is None:
            label = BY_ID[said.id].label
            return lambda rest: self.fail(f"“{label}” is not to be had in the line mode.")
        if said.rest and handler in self._takes_nothing():
            return lambda rest: self.fail(f"{said.word} takes nothing after it.")
        return handler

    def _takes_nothing(self) -> tuple[Callable[[str], None], ...]:
        return (*self.deciding.simple, self.rescan, self.leave)

    def help(self, rest: str) -> None:
        """Tell the commands, or one of them."""
        if rest:
            said = understood(rest)
            if isinstance(said, str):
                self.fail(said)
            else:
                self.say(self._help_of(said.id))
            return
        lines = ["Type a letter or a word, then Enter. Numbers follow related links."]
        for word, (_, text) in OWN.items():
            twin = BY_ID.get(TWINS.get(word, ""))
            names = [letter_of(twin), word, twin.label] if twin else [word]
            if word != "views":
                lines.append(f"{', '.join(dict.fromkeys(names))}: {text}")
        for command in BY_ID.values():
            if command.id in NO_SENSE or command.id.startswith(("move.half", "move.page")):
                continue
            if command.id not in TWINS.values():
                names = [each for each in (letter_of(command), command.label) if each]
                lines.append(f"{', '.join(names)}: {help_of(command.id)}")
        lines.append("Ctrl+C stops what is said or done; Ctrl+D leaves.")
        self.console.page(lines)

    def _help_of(self, id: str) -> str:
        if id in NO_SENSE:
            return NO_SENSE[id]
        words = [word for word, each in WORDS.items() if each == id and "." not in word[1:]]
        return f"{', '.join(words)}: {help_of(id)}"

    # -- for the rooms ----------------------------------------------------------------------------
    def say(self, text: str) -> None:
        self.console.say(text)

    def fail(self, reason: str) -> None:
        """Say why a line was not carried out."""
        self.went_wrong = True
        self.say(reason)

    @property
    def now(self) -> float:
        return self.collection.now()

    def tell_current(self) -> None:
        """Say the record where one is."""
        row = self.listing.current
        if row is not None:
            self.say(self.line_of(self.listing.at, row))
        elif self.listing.ids:
            self.say(f"{self.listing.at + 1:,}. gone")
        else:
            self.say(f"No records in {self.listing.place()}.")

    def line_of(self, at: int, row: Row) -> str:
        return record_line(row, self.now, number=at + 1, marked=row.id in self.listing.marked)

    def record_row(self) -> Row | None:
        """Return the row where one is, if it is a record's; else say what it is."""
        row = self.listing.current
        if row is None:
            self.fail("There is no record here.")
        elif row.state is State.PROBLEM:
            self.fail("This file cannot be read as a record; E opens it in your editor.")
            return None
        return row


def run(
    collection: Collection, notices: Sequence[str], rules: Rules, chosen: Config | None = None
) -> int:
    """Read and decide line by line until the user leaves; return the exit code."""
    from reader.commands.queries import saved_views

    sys.stdin.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]  # it is a file's
    ascii_only = choose_glyphs() is ASCII
    console = Console(ascii_only=ascii_only)
    return Session(collection, console, rules, notices, chosen, saved_views()).run()


assert set(ALIASES.values()) <= {*BY_ID, *(id for id, _ in OWN.values())}
