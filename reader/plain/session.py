"""One sitting in the line mode: lines are read, understood, and carried out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from reader.config import Config, table
from reader.library.collection import Collection, Progress
from reader.library.editing import Editing
from reader.library.rules import Rules
from reader.records.counting import counted
from reader.records.record import State
from reader.records.row import Row
from reader.records.text import clean, display
from reader.terminal.stopping import stoppable
from reader.ui.commands import BY_ID
from reader.ui.glyphs import ASCII
from reader.ui.glyphs import choose as choose_glyphs
from reader.ui.keymap import keymap

from .asking import Asking
from .checking import CheckingLines
from .console import Console
from .deciding import Deciding
from .following import Following
from .forms import Forms
from .going import Going
from .links import LinkLines
from .listing import Listing
from .looking import Looking
from .marking import Marking
from .piping import PipingLines
from .publishing import PublishingLines
from .taking_back import TakingBack
from .telling import record_line
from .views import ViewLines
from .words import MACRO, NOT_HERE, Said, Words

DONE, FOUND = 0, 1

TAKES_NOTHING = frozenset(
    (
        *("decide.publish", "decide.unpublish", "decide.reject", "decide.restore"),
        *("decide.undefer", "repeat", "redo", "mend", "edit", "read.toggle", "star.toggle"),
        *("rescan", "leave", "quit", "mark.again", "mark.all", "filter.clear", "filter.drop"),
        *("queue", "link.take", "check", "check.view", "git.sync"),
    )
)
"""Commands of which a word too many may mean that another record was meant."""
CHOOSES = frozenset(
    (
        *("move.down", "move.up", "move.first", "move.last"),
        *("move.next_unpublished", "move.previous_unpublished"),
        *("move.next_article", "move.previous_article"),
        *("mark.toggle", "mark.range", "mark.all", "mark.matching", "mark.again", "plain.unmark"),
        *("open", "back", "trail.back", "related.open", "view.open", "views", "queue"),
        *("filter", "filter.clear", "filter.drop", "select.and"),
        *("plain.topic", "plain.folder", "plain.type", "plain.provider"),
    )
)
"""Commands that choose what is decided about. Where one fails in a pipe, whose lines are written
beforehand, what follows would be decided about another record."""


def _decides(id: str) -> bool:
    command = BY_ID.get(id)
    return (
        command is not None and command.group == "Decide" and id not in ("undo", "redo", "history")
    )


class Session:
    """What is listed and decided, and the rooms that the commands are in."""

    def __init__(
        self,
        collection: Collection,
        console: Console,
        rules: Rules,
        notices: Sequence[str],
        chosen: Config | None = None,
        settings_file: Path | None = None,
    ) -> None:
        """`settings_file` holds the user's own views, and is changed when they are."""
        chosen = chosen or Config()
        self.collection = collection
        self.console = console
        self.words = Words(keymap(chosen))
        self.editing = Editing(collection, rules, "interface")
        self.listing = Listing(collection)
        self.went_wrong = False
        """Whether a line could not be carried out."""
        self._failures = 0
        self._astray = ""
        """In a pipe: the line that should have chosen the record, or records, and could not."""
        self._notices = notices
        self._told = 0
        self._is_over = False
        self._following = Following(collection)
        self._current_row: Row | None = None
        """The row that was said last."""
        self.looking = Looking(self)
        self.going = Going(self)
        self.asking = Asking(self)
        self.views = ViewLines(self, settings_file)
        self.marking = Marking(self)
        self.deciding = Deciding(self)
        self.forms = Forms(self)
        self.taking_back = TakingBack(self)
        self.links = LinkLines(self)
        self.checking = CheckingLines(self, chosen)
        self._rooms = (
            *(self.going, self.asking, self.views, self.looking, self.marking, self.deciding),
            *(self.forms, self.taking_back, self.links, self.checking),
            *(PublishingLines(self), PipingLines(self)),
        )
        console.wrap_at = chosen[table.PLAIN_WRAP]

    # -- from the start to the end ----------------------------------------------------------------
    def run(self) -> int:
        """Carry out lines until the last one; return the exit code."""
        try:
            self._start()
            self.console.complete_with(
                word for word in self.words.ids if len(word) > 1 and " " not in word
            )
            while not self._is_over:
                self._tell_notices()
                self._tell_news()
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
            self._following.stop()
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
            self.listing.ask(self.listing.asked, cancelled=stopped.is_set)
        counts = {count.key: count for count in collection.counts(cached=in_background).views}
        waiting = counts["unpublished"].total if "unpublished" in counts else 0
        records = self.listing.count_in_words()
        self.say(f"{display(collection.name)}: {records}, {waiting:,} unpublished.")
        if problems := collection.summary().problems:
            files = counted(problems, "file")
            self.say(f"{files} cannot be read: {self.words.name_of('views')} problems.")
        if self.editing.why_not:
            self.say(self.editing.why_not)
        if self.console.is_interactive:
            self.say("help lists the commands.")
        self.tell_current()
        if self.console.is_interactive:  # a pipe's lines are of one moment
            self._following.start()

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

    def rescan(self, rest: str) -> None:
        """Look through the files again, now."""
        before = set(self.listing.ids)
        self._reconcile_here()
        self.listing.kept.clear()
        self.listing.renew()
        new = len(set(self.listing.ids) - before)
        self.say(f"Looked through. {new:,} new here.")
        self.tell_current()

    def _tell_news(self) -> None:
        """Say in one line what has become of files since the last prompt, and the record where one
        is, if it is another than it was."""
        news = self._following.news()
        if news is None:
            return
        found = zip(("new", "changed", "gone"), news, strict=True)
        own = self.deciding.recent()
        words = [f"{count:,} {word}" for word, who in found if (count := len(who - own))]
        if not words and any(news):
            # What was decided here, which has been said. Listed anew, there might be more that is
            # told with the next news only, under numbers that nobody has seen.
            return
        ids, current, row = self.listing.ids, self.listing.current_id, self._current_row
        self.listing.renew()
        if not words and self.listing.ids == ids:
            return
        words.append(f"{self.listing.count_in_words()} here")
        self.say(f"Files have changed: {', '.join(words)}.")
        self._current_row = self.listing.current
        if self.listing.current_id != current or (row is not None and self._current_row != row):
            self.tell_current()

    def _tell_notices(self) -> None:
        notices = [*self._notices, *self.collection.notices]
        for notice in notices[self._told :]:
            self.say(notice)
        self._told = len(notices)

    def leave(self, rest: str) -> None:
        """End the session after this line."""
        self._is_over = True

    # -- a line -----------------------------------------------------------------------------------
    def _carry_out(self, line: str) -> None:
        said = self.words.understood(line)
        if isinstance(said, str):
            self.fail(said)
            self._astray = "" if self.console.can_ask else line
            return
        if said.id == "open" and not said.rest and self.console.has_more:
            said = Said("plain.more")
        if said.id not in ("plain.more", "plain.list", "move.page_down", "move.half_down"):
            self.console.forget_rest()
        if self._astray and _decides(said.id):
            self.fail(f"Nothing is decided: “{clean(self._astray[:40])}” chose no record.")
            return
        failures = self._failures
        try:
            self._run(said)
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
        if said.id in CHOOSES and not self.console.can_ask:
            self._astray = line if self._failures > failures else ""

    def _run(self, said: Said) -> None:
        if said.id == MACRO:
            for step in self.words.macros[said.rest]:
                if step.startswith("!"):
                    self._run(Said("pipe", step[1:], "!"))
                else:
                    self._run(Said(step, "", step))
        else:
            self._handler(said)(said.rest)

    def _handler(self, said: Said) -> Callable[[str], None]:
        if said.id in NOT_HERE:
            return lambda rest: self.fail(self.words.help_of(said.id))
        handler = self._own.get(said.id)
        name = "do_" + said.id.removeprefix("plain.").replace(".", "_")
        for room in self._rooms:
            handler = handler or getattr(room, name, None)
        if handler is None:
            label = BY_ID[said.id].label
            return lambda rest: self.fail(f"“{label}” is not to be had in the line mode.")
        if said.rest and said.id in TAKES_NOTHING:
            return lambda rest: self.fail(f"{said.word} takes nothing after it.")
        return handler

    @property
    def _own(self) -> dict[str, Callable[[str], None]]:
        return {
            "rescan": self.rescan,
            "leave": self.leave,
            "quit": self.leave,
            "help": self.help,
            "palette": self.help,
            "links": self.links.do_checked,
            "plain.wrap": self.wrap,
        }

    def wrap(self, rest: str) -> None:
        """Break lines after so many columns from now on; say after how many, without a number."""
        if rest:
            if not (rest.isascii() and rest.isdigit() and int(rest[:9]) <= 500):
                self.fail(f"Say after how many columns: {table.PLAIN_WRAP.kind.allowed}.")
                return
            self.console.wrap_at = int(rest)
        columns = self.console.wrap_at
        self.say(
            f"Lines are broken after {columns} columns."
            if columns
            else "Lines are broken by the terminal."
        )

    def help(self, rest: str) -> None:
        """Tell the commands, or one of them."""
        if rest:
            said = self.words.understood(rest)
            if isinstance(said, str):
                self.fail(said)
            elif said.id == MACRO:
                self.say(f"{said.word}: {', '.join(self.words.macros[said.rest])}")
            elif said.id in NOT_HERE:
                self.say(self.words.help_of(said.id))
            else:
                names = ", ".join(self.words.names_of(said.id))
                self.say(f"{names}: {self.words.help_of(said.id)}")
            return
        lines = ["Type a letter or a word, then Enter. Numbers follow related links."]
        lines += [f"{names}: {told}" for names, told in self.words.listed()]
        lines.append("Ctrl+C stops what is said or done; Ctrl+D leaves.")
        self.console.page(lines)

    # -- for the rooms ----------------------------------------------------------------------------
    def say(self, text: str) -> None:
        """Say a text, which is safe to show."""
        self.console.say(text)

    def fail(self, reason: str) -> None:
        """Say why a line was not carried out."""
        self.went_wrong = True
        self._failures += 1
        self.say(reason)

    @property
    def now(self) -> float:
        """The collection's clock: seconds since 1970."""
        return self.collection.now()

    def tell_current(self) -> None:
        """Say the record where one is."""
        row = self.listing.current
        if row is not None:
            self.say(self.line_of(self.listing.at, row))
            self._current_row = row
        elif self.listing.ids:
            self.say(f"{self.listing.at + 1:,}. gone")
        else:
            self.say(f"No records in {self.listing.asked.place()}.")

    def line_of(self, at: int, row: Row) -> str:
        """Return the line of a row; `at` is its place in the list, from 0."""
        return record_line(row, self.now, number=at + 1, marked=row.id in self.listing.marked)

    def record_row(self) -> Row | None:
        """Return the row where one is, if it is a record's; else say what it is."""
        row = self.listing.current
        if row is None:
            self.fail("There is no record here.")
        elif row.state is State.PROBLEM:
            edit = self.words.name_of("edit")
            self.fail(f"This file cannot be read as a record; {edit} opens it in your editor.")
            return None
        return row


def run(
    collection: Collection, notices: Sequence[str], rules: Rules, chosen: Config | None = None
) -> int:
    """Read and decide line by line until the user leaves; return the exit code."""
    from reader import paths

    sys.stdin.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]  # it is a file's
    ascii_only = choose_glyphs() is ASCII
    console = Console(ascii_only=ascii_only)
    return Session(collection, console, rules, notices, chosen, paths.config_file()).run()
