"""What the desk lists: the query being shown, its records and the sidebar's numbers kept up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.timer import Timer

from reader.records.query import VIEW_LABELS, Query, View
from reader.records.text import display

from .jobs.upkeep import FIRST, Counted, Listed

if TYPE_CHECKING:
    from .screens.desk import Desk

CHOOSE_AFTER = 0.05
"""Seconds for which the sidebar's cursor rests before what is under it is listed."""


class Listing:
    """Lists one query after the other at one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._list = desk.list
        self.query = Query()
        self.complete = True
        """Whether the list holds all ids of the query, or only those of the first screen."""
        self.problems = 0
        """Files that cannot be read."""
        self._choosing: Timer | None = None
        self._renewal_due = False
        self._renewing = False
        self._wanted_id: int | None = None
        """The record the cursor belongs on once the query's ids are there."""
        self._counting = self._count_due = False

    def show_first(self) -> None:
        """Fill the first screen, at once."""
        collection = self._desk.collection
        self._desk.sidebar.show(collection.counts(cached=True), self.query)
        ids = collection.ids(self.query, limit=FIRST)
        self.complete = len(ids) < FIRST
        self._list.said = self._why_empty()
        self._list.show(ids)

    def complete_first(self) -> None:
        """Have the rest of the first screen's query listed."""
        if not self.complete:
            self._list_again()

    # -- another query --------------------------------------------------------------------------
    def ask(self, query: Query, *, cursor_id: int | None = None) -> None:
        """List another query's records, the cursor on `cursor_id` or on the first."""
        self.query = query
        self._wanted_id = cursor_id
        self._list.decided.clear()
        self._list.kept.clear()
        self._renewing = True
        self._desk.sidebar.choose(query)
        self._desk.upkeep.list_ids(query, renewed=False, first=cursor_id is None)

    def choose_soon(self) -> None:
        """List what is under the sidebar's cursor, if it rests there."""
        if self._choosing is not None:
            self._choosing.stop()
        self._choosing = self._desk.set_timer(CHOOSE_AFTER, self.choose)

    def choose(self) -> None:
        """List what is under the sidebar's cursor."""
        if self._choosing is not None:
            self._choosing.stop()
            self._choosing = None
        entry = self._desk.sidebar.current
        if entry is not None and entry.count is not None:
            query = self._desk.sidebar.query_for(entry)
            if query != self.query:
                self.ask(query)

    # -- what background work found -------------------------------------------------------------
    def listed(self, message: Listed) -> None:
        """Show the ids of a query, if it is still the one asked for."""
        if message.query != self.query:
            return
        self.complete = message.complete
        self._renewing = False
        if self._wanted_id is not None and message.complete:
            wanted, self._wanted_id = self._wanted_id, None
            self._list.show(message.ids, cursor_id=wanted)
        elif not message.renewed:
            self._list.show(message.ids)
        elif message.complete:
            self._list.renew(message.ids)
        self._list.said = self._why_empty()
        self._desk.reading.refreshed()
        self._desk.show_status()
        if self._renewal_due:
            self._desk.set_timer(max(0.25, 4 * message.seconds), self._renew)

    def counted(self, message: Counted) -> None:
        """Show the sidebar's numbers."""
        self._counting = False
        if self._count_due:
            self._desk.set_timer(max(0.25, 4 * message.seconds), self.count)
        self._desk.sidebar.show(message.counts, self.query)
        counts = {count.key: count.total for count in message.counts.views}
        self.problems = counts.get(View.PROBLEMS.value, 0)
        self._desk.show_status()

    def gave_up(self) -> None:
        """Background work failed: what was waited for does not come."""
        self._renewing = self._counting = False

    # -- the same query again -------------------------------------------------------------------
    def changed(self) -> None:
        """Records changed: list and numbers follow."""
        self.ask_renewal()
        self.count()

    def ask_renewal(self) -> None:
        """Have the same query listed as it is now, once at a time."""
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
        also = tuple(self._list.kept.union(self._list.decided))
        self._desk.upkeep.list_ids(self.query, renewed=True, first=False, also=also)

    def count(self) -> None:
        """Have the sidebar's numbers counted, once at a time."""
        self._count_due = self._counting
        if not self._counting:
            self._counting = True
            self._desk.upkeep.count()

    # -- what there is to say of it -------------------------------------------------------------
    def say_why_empty(self) -> None:
        """Have the list say why it is empty, where it is."""
        self._list.said = self._why_empty()
        self._list.redraw()

    def _why_empty(self) -> tuple[str, ...]:
        name = display(self._desk.collection.name)
        if self._desk.is_looking and not self._desk.collection.is_indexed:
            return (f" Reading the records of {name} ...",)
        query = self.query
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
        return (f" No records in {' and '.join(self.place()[1:])}.",)

    def place(self) -> list[str]:
        """Return where one is, from the collection on."""
        query = self.query
        place = [display(self._desk.collection.name), VIEW_LABELS[query.view]]
        if query.facet is not None:
            entry = self._desk.sidebar.label_of(query.facet, query.facet_key)
            place.append(entry or display(query.facet_key))
        return place

    def order(self) -> str:
        """Return the order of the list in words."""
        return "newest first"
