"""The desk: sidebar, list and detail, and all that keys do there."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer

from reader.library.collection import Collection, Progress
from reader.library.rules import Rules
from reader.records.query import VIEW_LABELS, Query, View
from reader.records.record import State
from reader.records.row import Row
from reader.records.text import display
from reader.ui.article import Target
from reader.ui.bindings import bindings_for
from reader.ui.commands import COMMANDS, footer_of, shown_key, shown_keys
from reader.ui.glyphs import Glyphs
from reader.ui.jobs import upkeep
from reader.ui.jobs.upkeep import FIRST, Upkeep
from reader.ui.moving import Moving
from reader.ui.reading import Reading
from reader.ui.trail import Stop, Trail
from reader.ui.widgets.article_list import ArticleList
from reader.ui.widgets.bars import FooterBar, Position, Rule, StatusBar
from reader.ui.widgets.detail import Detail
from reader.ui.widgets.line_pane import LinePane
from reader.ui.widgets.sidebar import Sidebar

if TYPE_CHECKING:
    from reader.library.editing import Editing
    from reader.library.git_watch import Summary
    from reader.ui.forms import Forms
    from reader.ui.jobs.edits import Advanced, Decided, Edits, Foreseen, NotEdited, TakenBack
    from reader.ui.marking import Marking
    from reader.ui.publishing import CommitPlanned, Committed, Exchanged, PublishingKeys
    from reader.ui.triage import Triage

CHOOSE_AFTER = 0.05
"""Seconds for which the sidebar's cursor rests before what is under it is listed."""

DUE_EVERY = 20.0
"""Seconds between two looks whether a deferred record has come due."""
GIT_AFTER = 0.5
"""Seconds after a change at which git is asked what differs; more where its answer takes long."""

WIDTHS = (("-single", 0, 70), ("-narrow", 70, 110), ("-wide", 110, 160), ("-very-wide", 160, 10**6))
"""Style class, from how many columns, below how many."""


@dataclass
class Recovered(Message):
    """What was found half done of a reader that was killed."""

    told: list[str]


@dataclass
class Quit(Message):
    """Leave the program."""


def _recovered(editing: Editing) -> Message:
    return Recovered(editing.recover())


class Beside(Horizontal):
    """Widgets side by side, with nothing of its own to draw between them."""

    BLANK = True


class Desk(Screen[None]):
    """The main screen. State goes down into the panes; what they cannot know is decided here."""

    AUTO_FOCUS = "#list"
    ALLOW_SELECT = False
    BLANK = True  # bars and panes cover all of it
    BINDINGS: ClassVar[list[Binding]] = bindings_for(COMMANDS)  # type: ignore[assignment]  # narrower than the base's union

    def __init__(
        self, collection: Collection, glyphs: Glyphs, notices: list[str], rules: Rules
    ) -> None:
        super().__init__()
        self.collection = collection
        self.glyphs = glyphs
        self.notices = notices
        self.query_now = Query()
        self.trail = Trail()
        self.sidebar = Sidebar(glyphs=glyphs, id="sidebar")
        self.list = ArticleList(collection.rows, time.time, glyphs=glyphs, id="list")
        self.detail = Detail(glyphs=glyphs, id="detail")
        self.status = StatusBar(glyphs)
        self.position = Position()
        self.footer = FooterBar(glyphs)
        self.reading = Reading(self, collection, self.list, self.detail, glyphs)
        self.moving = Moving(self)
        self.upkeep = Upkeep(self, collection)
        self._rules = rules
        self._problems = 0
        self._complete = True
        """Whether the list holds all ids of the query, or only those of the first screen."""
        self._choosing: Timer | None = None
        self._progress: Progress | None = None
        self._looking = True
        self._renewal_due = False
        self._renewing = False
        self._wanted_id: int | None = None
        """The record the cursor belongs on once the query's ids are there."""
        self._told = 0
        self._counting = self._count_due = self._git_looking = False
        self._git: Summary | None = None
        self._git_pause = GIT_AFTER
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
        yield self.footer

    # -- what edits: loaded when it is first needed, after the first screen is painted ---------------
    @cached_property
    def editing(self) -> Editing:
        from reader.library.editing import Editing

        return Editing(self.collection, self._rules, "interface")

    @cached_property
    def edits(self) -> Edits:
        from reader.ui.jobs.edits import Edits

        return Edits(self, self.editing)

    @cached_property
    def publishing(self) -> PublishingKeys:
        from reader.ui.publishing import PublishingKeys

        return PublishingKeys(self, self.edits)

    @cached_property
    def marking(self) -> Marking:
        from reader.ui.marking import Marking

        return Marking(self)

    @cached_property
    def forms(self) -> Forms:
        from reader.ui.forms import Forms

        return Forms(self, self.edits)

    @cached_property
    def triage(self) -> Triage:
        from reader.ui.triage import Triage

        return Triage(self, self.edits)

    # -- the start ------------------------------------------------------------------------------
    def on_mount(self) -> None:
        """Fill the first screen from the index; everything else begins after it is painted."""
        self._fold(self.app.size.width)
        self.sidebar.show(self.collection.counts(cached=True), self.query_now)
        ids = self.collection.ids(self.query_now, limit=FIRST)
        self._complete = len(ids) < FIRST
        self.list.said = self._why_empty()
        self.list.show(ids)
        self.call_after_refresh(self._after_first_paint)

    def _after_first_paint(self) -> None:
        self.reading.jumped()
        self.show_status()
        self._show_keys()
        self._tell_notices()
        if not self._complete:
            self._list_again()
        self.edits.do(_recovered)
        self._due = self.collection.due()
        self.set_interval(DUE_EVERY, self._look_for_due)
        self.upkeep.keep_up()

    # -- what background work posts -------------------------------------------------------------
    def on_listed(self, message: upkeep.Listed) -> None:
        if message.query != self.query_now:
            return
        self._complete = message.complete
        self._renewing = False
        if self._wanted_id is not None and message.complete:
            wanted, self._wanted_id = self._wanted_id, None
            self.list.show(message.ids, cursor_id=wanted)
        elif not message.renewed:
            self.list.show(message.ids)
        elif message.complete:
            self.list.renew(message.ids)
        self.list.said = self._why_empty()
        self.reading.refreshed()
        self.show_status()
        if self._renewal_due:
            self.set_timer(max(0.25, 4 * message.seconds), self._renew)

    def on_counted(self, message: upkeep.Counted) -> None:
        self._counting = False
        if self._count_due:
            self.set_timer(max(0.25, 4 * message.seconds), self._count)
        self.sidebar.show(message.counts, self.query_now)
        counts = {count.key: count.total for count in message.counts.views}
        self._problems = counts.get(View.PROBLEMS.value, 0)
        self.show_status()

    def on_progressed(self, message: upkeep.Progressed) -> None:
        self._progress = message.progress
        if message.progress.changed:
            self._ask_renewal()
        self.show_status()

    def on_reconciled(self, message: upkeep.Reconciled) -> None:
        self._progress = None
        self._looking = False
        if message.changed:
            self._ask_renewal()
        self._count()
        self.look_at_git()
        self.list.said = self._why_empty()
        self.list.redraw()
        self.show_status()
        self._tell_notices()

    def on_changed(self) -> None:
        self._ask_renewal()
        self._count()
        self.look_at_git()
        self._tell_notices()

    def on_matched(self, message: upkeep.Matched) -> None:
        self.marking.matched(message.text, message.ids, message.wrong)

    def on_decided(self, message: Decided) -> None:
        self.triage.decided(message)

    def on_foreseen(self, message: Foreseen) -> None:
        self.triage.foreseen(message)

    def on_taken_back(self, message: TakenBack) -> None:
        self.triage.taken_back(message)

    def on_advanced(self, message: Advanced) -> None:
        self.triage.advanced(message)

    def on_not_edited(self, message: NotEdited) -> None:
        self.triage.not_edited(message)

    def on_commit_planned(self, message: CommitPlanned) -> None:
        self.publishing.planned(message.commit)

    def on_committed(self, message: Committed) -> None:
        self.publishing.committed(message.commit)

    def on_exchanged(self, message: Exchanged) -> None:
        self.publishing.exchanged(message)

    def on_git_seen(self, message: upkeep.GitSeen) -> None:
        self._git_looking = False
        self._git_pause = max(GIT_AFTER, 10 * message.seconds)
        self._git = message.summary
        self.reading.git = {} if message.summary is None else message.summary.changes
        self.reading.resized()
        self.show_status()

    def _look_for_due(self) -> None:
        """Deferred records whose time has come return while one is reading, too."""
        if self._due is not None and self.now() >= self._due:
            self._ask_renewal()
            self._count()
        self._due = self.collection.due()

    def look_at_git(self) -> None:
        """Have git asked what differs, once at a time, and a moment after the last change."""
        if not self._git_looking:
            self._git_looking = True
            self.set_timer(self._git_pause, self.upkeep.look_at_git)

    def on_recovered(self, message: Recovered) -> None:
        self.collection.notices += message.told
        self._tell_notices()

    def on_failed(self, message: upkeep.Failed) -> None:
        self._looking = self._renewing = self._counting = False
        self._progress = None
        self.footer.say(display(message.reason))
        self.show_status()

    def _tell_notices(self) -> None:
        """Say what the user should know of index, state and folders, once each."""
        notices = [*self.notices, *self.collection.notices]
        if len(notices) > self._told:
            self.footer.say(display(" ".join(notices[self._told :])))
            self._told = len(notices)

    def _ask_renewal(self) -> None:
        self._renewal_due = True
        if not self._renewing:
            self._renew()

    def _renew(self) -> None:
        if self._renewal_due and self._wanted_id is None:
            self._renewal_due = False
            self._renewing = True
            self._list_again()

    def _list_again(self) -> None:
        """Have the same view listed as it is now; what was decided here stays in its place."""
        also = tuple(self.list.kept.union(self.list.decided))
        self.upkeep.list_ids(self.query_now, renewed=True, first=False, also=also)

    def _count(self) -> None:
        """Have the sidebar's numbers counted, once at a time."""
        self._count_due = self._counting
        if not self._counting:
            self._counting = True
            self.upkeep.count()

    def edited(self, *, renew: bool = False) -> None:
        """Files or marks were changed here: numbers, article and, with `renew`, the list follow."""
        self._count()
        self.look_at_git()
        self.reading.refreshed()
        self.show_status()
        self._tell_notices()
        if renew:
            self._ask_renewal()

    # -- what is shown --------------------------------------------------------------------------
    def _why_empty(self) -> tuple[str, ...]:
        name = display(self.collection.name)
        if self._looking and not self.collection.is_indexed:
            return (f" Reading the records of {name} ...",)
        query = self.query_now
        if query.facet is None and query.view is View.ALL:
            return (
                f" No records in {name}.",
                "",
                " A record is a file ending in .md, .markdown, .mdx, .html or .txt",
                " that begins with a line of three hyphens (front matter).",
                "",
                " reader FOLDER opens another folder,",
                " reader sample FOLDER writes a sample to try.",
            )
        if query.facet is None and query.view is View.PROBLEMS:
            return (" No problems: every file could be read.",)
        return (f" No records in {' and '.join(self._place()[1:])}.",)

    def _place(self) -> list[str]:
        query = self.query_now
        place = [display(self.collection.name), VIEW_LABELS[query.view]]
        if query.facet is not None:
            entry = self.sidebar.label_of(query.facet, query.facet_key)
            place.append(entry or display(query.facet_key))
        return place

    def show_status(self) -> None:
        """Show where one is, and what is going on."""
        count = len(self.list.ids)
        more = "" if self._complete else "+"
        self.position.show(f"{self.list.cursor + 1:,} of {count:,}{more}" if count else "")
        problems = f"{self._problems} problem{'s' if self._problems > 1 else ''}"
        marked = len(self.list.marked)
        why_not = self.editing.why_not
        right = [
            (self._work(), "dim"),
            (f"{marked:,} marked" if marked else "", "accent"),
            ("read only" if why_not else "", "warning"),
            (self._branch(), "dim"),
            (problems if self._problems else "", "warning"),
            ("newest first" if self.size.width >= 70 else "", "dim"),
        ]
        self.status.show(self._place(), right)

    def _branch(self) -> str:
        git = self._git
        if git is None:
            return ""
        sign = "+-" if self.glyphs.rule == "|" else "±"
        return f"{git.branch} {sign}{git.differing:,}" if git.differing else git.branch

    def _work(self) -> str:
        if self.triage.progress is not None:
            done, total = self.triage.progress
            return self._bar(done, total)
        progress = self._progress
        if progress is None or progress.finished:
            return ""
        if not progress.total:
            return f"looking through files {progress.done:,}" if progress.done else "looking"
        if progress.done >= progress.total:
            return ""
        return self._bar(progress.done, progress.total)

    def _bar(self, done: int, total: int) -> str:
        filled = 10 * done // max(1, total)
        bar = self.glyphs.filled * filled + self.glyphs.empty * (10 - filled)
        return f"{bar} {done:,} of {total:,}"

    def _show_keys(self) -> None:
        pane = self.pane.id or "list"
        ascii_only = self.glyphs.rule == "|"
        self.footer.show_keys(
            [
                (
                    shown_keys(command)
                    if command.id == "related.open"
                    else shown_key(command.keys[0], ascii_only=ascii_only),
                    command.label,
                    command.always,
                )
                for command in footer_of(pane)
                if command.group != "Decide" or not self._is_read_only()
            ]
        )

    def _is_read_only(self) -> bool:
        # What edits is not loaded for the first paint; the keys are shown again after it.
        return "editing" in self.__dict__ and bool(self.editing.why_not)

    # -- changing the query ---------------------------------------------------------------------
    def ask(self, query: Query, *, cursor_id: int | None = None) -> None:
        """List another query's records, the cursor on `cursor_id` or on the first."""
        self.query_now = query
        self._wanted_id = cursor_id
        self.list.decided.clear()
        self.list.kept.clear()
        self._renewing = True
        self.sidebar.choose(query)
        self.upkeep.list_ids(query, renewed=False, first=cursor_id is None)

    def _choose(self) -> None:
        self._choosing = None
        entry = self.sidebar.current
        if entry is not None and entry.count is not None:
            query = self.sidebar.query_for(entry)
            if query != self.query_now:
                self.ask(query)

    # -- panes ----------------------------------------------------------------------------------
    @property
    def pane(self) -> LinePane:
        """The pane that keys go to."""
        focused = self.focused
        return focused if isinstance(focused, LinePane) else self.list

    def on_descendant_focus(self) -> None:
        if self.pane is self.sidebar:
            self.sidebar.settle()
        else:
            self.remove_class("-over")
        self._show_keys()

    def _fold(self, width: int) -> None:
        """Choose how many panes there is room for."""
        for name, least, below in WIDTHS:
            self.set_class(least <= width < below, name)

    def on_resize(self, event: events.Resize) -> None:
        self._fold(event.size.width)
        self.call_after_refresh(self.after_resize)

    def after_resize(self) -> None:
        """The panes have other sizes, or others are shown."""
        if not self.pane.display:
            self.set_focus(self.list)
        self.reading.resized()
        self.show_status()

    def on_line_pane_pointed(self, message: LinePane.Pointed) -> None:
        if message.pane is self.detail:
            if message.again:
                self._open_target()
        elif message.again:
            self.do_open()
        else:
            self.moved(message.pane)
            if message.pane is self.sidebar:
                self._choose()
                self.sidebar.settle()

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
            if self._choosing is not None:
                self._choosing.stop()
            self._choosing = self.set_timer(CHOOSE_AFTER, self._choose)

    # -- commands -------------------------------------------------------------------------------
    def action_run(self, command_id: str, key: str = "") -> None:
        """Run a command of the registry."""
        if self.triage.saw_key(key):
            return
        name = "do_" + command_id.replace(".", "_")
        handler = getattr(self.moving, name, None) or getattr(self, name, None)
        if handler is None:
            rooms = (self.triage, self.marking, self.forms, self.publishing)
            handler = next(getattr(room, name) for room in rooms if hasattr(room, name))
        if command_id == "related.open":
            handler(int(key))
        else:
            handler()

    def do_open(self) -> None:
        pane = self.pane
        if pane is self.sidebar:
            self._open_entry()
        elif pane is self.detail:
            self._open_target()
        elif self.list.current_id is None:
            return
        elif self.has_class("-single"):
            self.moving.zoom(True)
        else:
            self.set_focus(self.detail)

    def _open_entry(self) -> None:
        entry = self.sidebar.current
        if entry is None:
            return
        if entry.count is None:
            self.sidebar.fold(entry.section)
            return
        if self._choosing is not None:
            self._choosing.stop()
        self._choose()
        self.set_focus(self.list)

    def _open_target(self) -> None:
        target = self.reading.target()
        if target is not None:
            self._go(target)

    def do_related_open(self, number: int) -> None:
        related = self.reading.article.related
        if number <= len(related):
            self._go(related[number - 1])
        else:
            how_many = f"{len(related)} related links" if related else "no related links"
            self.footer.say(f"There is no number {number}: this record has {how_many}.")

    def _go(self, target: Target) -> None:
        if target.record_id is None and target.related is None:
            self._open_url(target.url)
            return
        self.trail.leave(Stop(self.query_now, self.list.current_id, self.reading.card))
        if target.record_id is not None:
            self._go_to_record(target.record_id, self.query_now)
        elif target.related is not None:
            self.reading.show_card(target.related)

    def _go_to_record(self, record_id: int, query: Query) -> None:
        if query == self.query_now and self.list.put_cursor_on(record_id):
            self.reading.jumped()
            self.show_status()
        elif query != self.query_now:
            self.ask(query, cursor_id=record_id)
        else:
            self.ask(Query(sort=query.sort), cursor_id=record_id)

    def do_trail_back(self) -> None:
        stop = self.trail.back()
        if stop is None:
            self.footer.say("You are where you began.")
        elif stop.card is not None:
            self.reading.show_card(stop.card)
        elif stop.record_id is not None:
            self._go_to_record(stop.record_id, stop.query)

    def do_back(self) -> None:
        if self.has_class("-over"):
            self.moving.do_pane_sidebar()
        elif self.triage.stop() or (self.pane is self.list and self.marking.clear()):
            return
        elif self.reading.card is not None:
            self.do_trail_back()
        elif self.has_class("-zoom"):
            self.moving.zoom(False)
        elif self.pane is not self.list:
            self.set_focus(self.list)
        elif self.query_now.facet is not None:
            self.ask(
                Query(self.query_now.view, sort=self.query_now.sort), cursor_id=self.list.current_id
            )

    def do_leave(self) -> None:
        if self.has_class("-over") or self.has_class("-zoom") or self.pane is not self.list:
            self.do_back()
            if self.reading.card is None and self.pane is not self.list:
                self.set_focus(self.list)
        else:
            self.app.exit()

    def finish(self) -> None:
        """After the interface has gone: make what was decided and not yet written. Ctrl+C stops
        an edit of many records after the one it is at."""
        waiting = self.edits.waiting
        if waiting and self.edits.is_busy:
            print("reader: finishing what was decided; Ctrl+C stops it.", file=sys.stderr)
        while True:
            try:
                self.edits.finish()
                break
            except KeyboardInterrupt:
                self.edits.cancel()
        self.editing.close()

    def do_quit(self) -> None:
        # This key overtakes others (it works from anywhere). Those pressed before it count first:
        # so it goes the way they do, from the pane upward.
        self.pane.post_message(Quit())

    def on_quit(self) -> None:
        self.app.call_later(self.app.exit)

    def record_row(self) -> Row | None:
        """The row under the cursor, where it is a record's; else say what it is."""
        row = self.list.current
        if row is None:
            self.footer.say("There is no record here.")
        elif row.state is State.PROBLEM:
            self.footer.say("This file cannot be read as a record.")
            return None
        return row

    def _current_url(self) -> str | None:
        if self.pane is self.detail:
            target = self.reading.target()
            if target is not None and target.url:
                return target.url
        return self.reading.article.url

    def do_link_open(self) -> None:
        self._open_url(self._current_url())

    def _open_url(self, url: str | None) -> None:
        from reader.ui.screens.link import open_link

        if url is None:
            self.footer.say("This record has no link.")
        else:
            self.footer.say(open_link(self.app, url))

    def do_link_copy(self) -> None:
        url = self._current_url()
        if url is None:
            self.footer.say("This record has no link.")
        else:
            self.app.copy_to_clipboard(url)
            self.footer.say(f"Sent to the terminal: {display(url)}")

    def do_raw(self) -> None:
        from reader.ui.screens.raw import RawFile

        if self.reading.opened is not None:
            self.app.push_screen(
                RawFile(self.reading.opened.path, self.reading.opened.data, self.glyphs)
            )

    def do_rescan(self) -> None:
        self.footer.say("Looking through the files again.")
        self.list.decided.clear()
        self.list.kept.clear()
        self._ask_renewal()
        self._looking = True
        self.upkeep.reconcile()

    def do_palette(self) -> None:
        self.app.action_command_palette()

    def do_help(self) -> None:
        from reader.ui.screens.keys import Keys

        self.app.push_screen(Keys(self.glyphs))
