"""The desk: sidebar, list and detail, and all that keys do there."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.screen import Screen

from reader.library.collection import Collection
from reader.library.rules import Rules
from reader.records.record import State
from reader.records.row import Row
from reader.records.text import display
from reader.ui.awaiting import Awaiting
from reader.ui.bindings import bindings_for
from reader.ui.commands import BY_ID, COMMANDS
from reader.ui.filtering import Filtering
from reader.ui.glyphs import Glyphs
from reader.ui.going import Going
from reader.ui.jobs import asking, running, upkeep
from reader.ui.jobs.asking import Asking
from reader.ui.jobs.upkeep import Upkeep
from reader.ui.keymap import Keymap
from reader.ui.listing import Listing
from reader.ui.moving import Moving
from reader.ui.output.display import TerminalApp
from reader.ui.own_keys import OwnKeys
from reader.ui.reading import Reading
from reader.ui.selecting import Selecting
from reader.ui.starting import Recovered, Starting
from reader.ui.telling import Telling
from reader.ui.widgets.article_list import ArticleList
from reader.ui.widgets.bars import FooterBar, Position, Rule, StatusBar
from reader.ui.widgets.detail import Detail
from reader.ui.widgets.line_pane import LinePane
from reader.ui.widgets.query_line import Candidates, QueryLine, UnderLine
from reader.ui.widgets.sidebar import Sidebar

from .desk_rooms import LATER, DeskRooms

if TYPE_CHECKING:
    from reader.records.querying import QueryError
    from reader.ui.resuming import Resuming

WIDTHS = (("-single", 0, 70), ("-narrow", 70, 110), ("-wide", 110, 160), ("-very-wide", 160, 10**6))
"""Style class, from how many columns, below how many."""


TOLD_AFTER = 0.5
"""Seconds after which it is told that a program that was left still writes."""
OPENING = ("filter", "sort", "views", "palette")
"""Commands that open something and are not about the article."""
ABOUT_ARTICLE = ("Read", "Links")
"""The groups of those that are about it."""


class Beside(Horizontal):
    """Widgets side by side, with nothing of its own to draw between them."""

    BLANK = True


class Desk(DeskRooms, Screen[None]):
    """The main screen. State goes down into the panes; what they cannot know is decided here."""

    AUTO_FOCUS = "#list"
    ALLOW_SELECT = False
    BLANK = True  # bars and panes cover all of it
    BINDINGS: ClassVar[list[Binding]] = bindings_for(COMMANDS)  # type: ignore[assignment]  # narrower than the base's union

    def __init__(
        self,
        collection: Collection,
        glyphs: Glyphs,
        notices: list[str],
        rules: Rules,
        keys: Keymap | None = None,
        row_height: int = 1,
    ) -> None:
        super().__init__()
        self.own_keys = OwnKeys(self, keys or Keymap())
        self.collection = collection
        self.glyphs = glyphs
        self.sidebar = Sidebar(glyphs=glyphs, id="sidebar")
        fetch = collection.rows if row_height == 1 else collection.rows_with_topics
        self.list = ArticleList(fetch, time.time, glyphs=glyphs, id="list")
        self.list.row_height = row_height
        self.detail = Detail(glyphs=glyphs, id="detail")
        self.status = StatusBar(glyphs)
        self.position = Position()
        self.candidates = Candidates(glyphs=glyphs, id="candidates")
        self.query_line = QueryLine(glyphs, id="query")
        self.under_line = UnderLine(glyphs, id="under")
        self.footer = FooterBar(glyphs, said_before_keys=True)
        self.moving = Moving(self)
        self.going = Going(self)
        self.upkeep = Upkeep(self, collection)
        self.asks = Asking(self, collection)
        self.listing = Listing(self)
        self.reading = Reading(
            self,
            collection,
            self.list,
            self.detail,
            glyphs,
            self.listing.was_read,
            lambda: self.is_read_only,
        )
        self.filtering = Filtering(self)
        self.selecting = Selecting(self)
        self.awaiting = Awaiting(self)
        self.telling = Telling(self, notices)
        self.starting = Starting(self)
        self.resuming: Resuming | None = None
        """What keeps the place; None: nothing is kept."""
        self.rules = rules
        self.is_looking = True
        """Whether the files are being looked through."""
        self._looked = False
        """Whether the files have been looked through once."""
        self._due: int | None = None
        """When the next deferred record comes due."""

    def compose(self) -> ComposeResult:
        with Beside(id="top"):
            yield self.status
            yield self.position
        with Beside(id="panes"):
            yield self.sidebar
            yield Rule(self.glyphs, id="rule-left")
            yield self.list
            yield Rule(self.glyphs, id="rule-right")
            yield self.detail
            yield self.candidates
        yield self.query_line
        yield self.under_line
        yield self.footer

    # -- the start ------------------------------------------------------------------------------
    def on_mount(self) -> None:
        """Fill the first screen from the index; everything else begins after it is painted."""
        self.fold(self.app.size.width)
        if self.resuming is not None:
            self.resuming.before_first()
        self.listing.show_first()
        assert isinstance(self.app, TerminalApp)  # no other has a desk
        # Not after the toolkit's refresh, which waits for the next tick of its clock.
        self.app.once_displayed = partial(self.call_next, self.starting.painted)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        if self.stack_updates == 0:
            event.refresh_styles = False  # each widget has had its own just now

    # -- what background work posts -------------------------------------------------------------
    def on_setting_kept(self, message: asking.SettingKept) -> None:
        self.footer.say(display(message.said))

    def on_progressed(self, message: upkeep.Progressed) -> None:
        self.telling.progress = message.progress
        if message.progress.changed and self.listing.first_filling.is_worth_listing(
            message.progress
        ):
            self.listing.ask_renewal()
        if self.may_show_progress():
            self.show_status()

    def may_show_progress(self) -> bool:
        """Whether progress may be shown again already."""
        return not isinstance(self.app, TerminalApp) or self.app.may_show_progress()

    def on_reconciled(self, message: upkeep.Reconciled) -> None:
        self.telling.progress = None
        self.is_looking = False
        if message.changed:
            self.listing.ask_renewal()
        else:
            self.listing.nothing_to_come()
        self.listing.count()
        self.telling.look_at_git()
        self.listing.say_why_empty()
        if not self._looked:
            self._looked = True
            self.checking.start_by_itself()
        self.show_status()
        self.telling.looked_through(message)
        self.telling.tell_notices()

    def on_changed(self) -> None:
        self.listing.changed()
        self.telling.look_at_git()
        self.telling.tell_notices()

    def on_recovered(self, message: Recovered) -> None:
        self.collection.notices += message.told
        self.telling.tell_notices()

    def on_failed(self, message: running.Failed) -> None:
        self.is_looking = False
        self.listing.gave_up()
        self.telling.progress = None
        self.footer.say(display(message.reason))
        self.show_status()

    def look_for_due(self) -> None:
        """Deferred records whose time has come return while one is reading, too."""
        if self._due is not None and self.now() >= self._due:
            self.listing.changed()
        self._due = self.collection.due()

    # -- what the rooms ask of it ---------------------------------------------------------------
    def edited(self, *, renew: bool = False) -> None:
        """Files or marks were changed here: numbers, article and, with `renew`, the list follow."""
        self.listing.count()
        self.telling.look_at_git()
        self.reading.refreshed()
        self.show_status()
        self.telling.tell_notices()
        if renew:
            self.listing.ask_renewal()

    def query_changed(self) -> None:
        """Another query is listed: what shows it follows."""
        self.filtering.show()
        self.sidebar.choose(self.listing.chosen())
        self.show_status()

    def query_wrong(self, text: str, error: QueryError) -> None:
        """What was asked for is no query."""
        self.filtering.wrong(text, error)

    def look_at_git(self) -> None:
        """Have git asked what differs."""
        self.telling.look_at_git()

    def show_status(self) -> None:
        """Show where one is, and what is going on."""
        if self.resuming is not None:
            self.resuming.touch()
        self.telling.show_status()

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be edited here, as far as that is known yet."""
        # What edits is not loaded for the first paint; the keys are shown again after it.
        return "editing" in self.__dict__ and bool(self.editing.why_not)

    # -- panes ----------------------------------------------------------------------------------
    @property
    def pane(self) -> LinePane:
        """The pane that keys go to."""
        focused = self.focused
        return focused if isinstance(focused, LinePane) else self.list

    def on_descendant_focus(self) -> None:
        if self.pane is self.sidebar:
            self.selecting.begin()
        else:
            self.remove_class("-over")
        self.telling.show_keys()

    def fold(self, width: int) -> None:
        """Choose how many panes there is room for."""
        for name, least, below in WIDTHS:
            self.set_class(least <= width < below, name)
        self.moving.fold(self.has_class("-single"))

    def on_resize(self, event: events.Resize) -> None:
        self.fold(event.size.width)
        self.call_after_refresh(self.after_resize)

    def after_resize(self) -> None:
        """The panes have other sizes, or others are shown."""
        if not self.pane.display:
            self.set_focus(self.list)
        self.reading.resized()
        self.show_status()

    def on_line_pane_pointed(self, message: LinePane.Pointed) -> None:
        self.footer.make_room()
        if message.pane is self.detail:
            if message.again:
                self.going.open_target()
        elif message.again:
            self.going.do_open()
        else:
            if message.pane is self.list:
                self.listing.first_filling.chosen()
            self.moved(message.pane)
            if message.pane is self.sidebar:
                self.selecting.preview()
                self.selecting.begin()

    def jumped_in_list(self) -> None:
        """The list's cursor was put on a record that is to be shown now."""
        self.reading.jumped()
        self.show_status()

    def now(self) -> float:
        """The clock: seconds since 1970."""
        return self.collection.now()

    def moved(self, pane: LinePane) -> None:
        """A pane's cursor was put on another line: what depends on it follows."""
        if pane is self.list:
            self.reading.moved()
            self.show_status()
        elif pane is self.sidebar:
            self.selecting.moved()

    # -- what is typed into the filter line ------------------------------------------------------
    @property
    def is_typing(self) -> bool:
        """Whether there is a line open that Ctrl+C leaves."""
        return self.filtering.is_open

    def on_key(self, event: events.Key) -> None:
        """Every key is the line's while it is open."""
        if self.filtering.is_open:
            self.footer.make_room()
            event.stop()
            event.prevent_default()
            self.filtering.pressed(event.key, event.character)
        elif event.key == "ctrl+c" and not self.own_keys.has("ctrl+c"):
            event.stop()
            event.prevent_default()
            self.own_keys.say_how_to_leave()

    def on_paste(self, event: events.Paste) -> None:
        if self.filtering.is_open:
            event.stop()
            self.filtering.insert(event.text)

    # -- commands -------------------------------------------------------------------------------
    @property
    def is_waiting(self) -> bool:
        """Whether keys wait for the list that the one before them is about, or for what it asked."""
        return self.awaiting.is_waiting or self.filtering.is_waiting

    def action_run(self, command_id: str, key: str = "") -> None:
        """Run a command of the registry, at once or when the list is there that it is about."""
        self.footer.make_room()
        if self.listing.first_filling.touched():
            self.jumped_in_list()
        if command_id := self.own_keys.meant(command_id, key):
            self._run_command(command_id, key)

    def _run_command(self, command_id: str, key: str) -> None:
        if self.awaiting.takes(command_id, partial(self._run_late, command_id, key)):
            return
        if not command_id.startswith("move.") and command_id not in OPENING:
            self.reading.begin()  # what a key pressed at the start is about
        if BY_ID[command_id].group in ABOUT_ARTICLE:
            self.reading.catch_up()
        name = "do_" + command_id.replace(".", "_")
        near = (self.moving, self.going, self.filtering, self.selecting, self)
        handler = next((getattr(room, name) for room in near if hasattr(room, name)), None)
        if handler is None:  # rooms that are loaded when they are first needed
            rooms = map(self.__getattribute__, LATER)
            handler = next(getattr(room, name) for room in rooms if hasattr(room, name))
        if command_id == "related.open":
            handler(int(key))
        elif command_id == "view.open" and key.isdigit():
            self.views.open_number(int(key))
        else:
            handler()

    def _run_late(self, command_id: str, key: str) -> None:
        self.own_keys.late(key)
        self._run_command(command_id, key)

    def finish(self) -> None:
        """After the interface has gone: make what was decided and not yet written. What takes a while
        is told: each decision waits for the disk. Ctrl+C stops an edit of many records after the one
        it is at."""
        if self.resuming is not None:
            self.resuming.finish()
        if "checking" in self.__dict__:
            self.checking.finish()
        is_told = False
        while True:
            try:
                if self.edits.finish(None if is_told else TOLD_AFTER):
                    break
                stops = "; Ctrl+C stops it" if self.edits.is_busy else ""
                is_told = True
                with suppress(OSError):  # the terminal may be gone
                    print(f"reader: writing what was decided{stops}.", file=sys.stderr)
            except KeyboardInterrupt:
                self.edits.cancel()
        self.editing.close()

    def do_quit(self) -> None:
        self.app.call_later(self.app.exit)  # keys pressed before it that still wait count first

    def record_row(self) -> Row | None:
        """The row under the cursor, where it is a record's; else say what it is."""
        row = self.list.current
        if row is None:
            self.footer.say("There is no record here.")
        elif row.state is State.PROBLEM:
            self.footer.say("This file cannot be read as a record.")
            return None
        return row

    def do_rescan(self) -> None:
        self.telling.look_through()
        self.list.let_go()
        self.listing.ask_renewal()
        self.is_looking = True
        self.upkeep.reconcile()

    def do_redraw(self) -> None:
        if isinstance(self.app, TerminalApp):
            self.app.run_command("redraw")

    def do_suspend(self) -> None:
        if isinstance(self.app, TerminalApp):
            self.app.run_command("suspend")

    def do_help(self) -> None:
        self.own_keys.show_help(self.pane.id or "list")
