"""Where to: rows, views, topics, queries, related links and the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reader.records.counting import counted
from reader.records.query import VIEW_LABELS, Count, Facet, Query, View
from reader.records.querying import InvalidQuery
from reader.records.text import clean, display

from .console import stoppable
from .telling import count_line, wrong

if TYPE_CHECKING:
    from .session import Session

PAGE = 10


class Going:
    """The commands that change where one is."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._listing = session.listing
        self._trail: list[tuple[Query, str, int | None]] = []
        self._list_from: tuple[int, int] | None = None
        """Where one was when rows were last listed, and the row that comes next."""

    # -- rows -------------------------------------------------------------------------------------
    def do_move_down(self, rest: str) -> None:
        self._move(rest, 1)

    def do_move_up(self, rest: str) -> None:
        self._move(rest, -1)

    def _move(self, rest: str, direction: int) -> None:
        by = self._number(rest or "1")
        if by is None:
            return
        last = len(self._listing.ids) - 1
        at = max(0, min(last, self._listing.at + direction * by))
        if last < 0 or at == self._listing.at:
            end = "the last" if direction > 0 else "the first"
            self._session.say(f"This is {end} one." if last >= 0 else "There is nothing here.")
            return
        self.go_to(at)

    def go_to(self, at: int) -> None:
        """Go to a place of the list and say what is there."""
        self._listing.at = at
        self._session.looking.card = None
        self._session.tell_current()

    def do_move_first(self, rest: str) -> None:
        self.go_to(0)

    def do_move_last(self, rest: str) -> None:
        self.go_to(max(0, len(self._listing.ids) - 1))

    def do_go(self, rest: str) -> None:
        number = self._number(rest)
        if number is None:
            return
        if not 1 <= number <= len(self._listing.ids):
            there = "There is" if len(self._listing.ids) == 1 else "There are"
            self._session.fail(f"{there} {counted(len(self._listing.ids), 'record')} here.")
        else:
            self.go_to(number - 1)

    def do_move_next_unpublished(self, rest: str) -> None:
        self._to_undecided(1, "further down")

    def do_move_previous_unpublished(self, rest: str) -> None:
        self._to_undecided(-1, "further up")

    def _to_undecided(self, step: int, where: str) -> None:
        at = self._listing.find_undecided(step, self._session.now)
        if at is None:
            self._session.say(f"No unpublished record {where}.")
        else:
            self.go_to(at)

    def do_list(self, rest: str) -> None:
        """Say the next ten rows; `rest`: from which number on."""
        if rest:
            number = self._number(rest)
            if number is None:
                return
            self._list(max(0, number - 1))
        elif self._session.console.has_more:
            self._session.console.more()
        elif self._list_from is not None and self._list_from[0] == self._listing.at:
            self._list(self._list_from[1])
        else:
            self._list(self._listing.at)

    do_move_page_down = do_move_half_down = do_list

    def do_move_page_up(self, rest: str) -> None:
        start = self._list_from[1] - 2 * PAGE if self._list_from else self._listing.at - PAGE
        self._list(max(0, start))

    do_move_half_up = do_move_page_up

    def _list(self, start: int) -> None:
        end = min(len(self._listing.ids), start + PAGE)
        self._list_from = (self._listing.at, end)
        if start >= len(self._listing.ids):
            self._session.say("That was the last one." if self._listing.ids else "Nothing here.")
            self._list_from = None
            return
        for at, row in self._listing.rows_from(start):
            if at >= end:
                break
            here = "Here: " if at == self._listing.at else ""
            self._session.say(here + self._session.line_of(at, row))
        if end < len(self._listing.ids):
            self._session.say(f"{len(self._listing.ids) - end:,} more: list.")

    def _number(self, text: str) -> int | None:
        if text.isascii() and text.isdigit() and len(text) < 10:
            return int(text)
        self._session.fail(f"“{clean(text[:40])}” is no number." if text else "Give a number.")
        return None

    # -- views and queries ------------------------------------------------------------------------
    def do_views(self, rest: str) -> None:
        if not rest:
            counts = {count.key: count for count in self._session.collection.counts().views}
            lines = []
            for number, view in enumerate(View, 1):
                count = counts.get(view.value) or Count(view.value, VIEW_LABELS[view], 0, 0)
                lines.append(count_line(number, count._replace(label=VIEW_LABELS[view])))
            for number, name in enumerate(self._listing.views, len(View) + 1):
                lines.append(f"{number}. {display(name)}: {display(self._listing.views[name])}")
            self._session.console.page(lines)
            return
        own = self._listing.own_view_called(rest)
        if own is not None:
            self._ask(Query(sort=self._listing.query.sort), own)
            return
        called = self._listing.view_called(rest)
        if called is None:
            self._session.fail(f"There is no view “{clean(rest[:40])}”. f lists them.")
        else:
            self._ask(Query(called, sort=self._listing.query.sort), "")

    def do_topic(self, rest: str) -> None:
        self._narrow(Facet.TOPIC, rest)

    def do_folder(self, rest: str) -> None:
        self._narrow(Facet.FOLDER, rest)

    def do_type(self, rest: str) -> None:
        self._narrow(Facet.TYPE, rest)

    def do_provider(self, rest: str) -> None:
        self._narrow(Facet.PROVIDER, rest)

    def _narrow(self, facet: Facet, rest: str) -> None:
        if not rest:
            counts = self._listing.counts_of(facet)
            lines = [count_line(number, count) for number, count in enumerate(counts, 1)]
            self._session.console.page(lines or [f"No record has a {facet}."])
            return
        query = self._listing.narrowed(facet, rest)
        if query is None:
            self._session.fail(
                f"No record has the {facet} “{clean(rest[:80])}”. {facet} lists them."
            )
        else:
            self._ask(query, self._listing.text)

    def do_find(self, rest: str) -> None:
        """Narrow the view by a query; without one, have all of it again."""
        self._ask(self._listing.query, rest)

    do_filter = do_find

    def do_filter_clear(self, rest: str) -> None:
        self._ask(self._listing.query, "")

    def do_view_open(self, rest: str) -> None:
        self.do_views(rest)

    def do_queue(self, rest: str) -> None:
        """The same query on what is unpublished, or on all."""
        is_queue = self._listing.query.view is View.UNPUBLISHED
        view = View.ALL if is_queue else View.UNPUBLISHED
        self._ask(replace(self._listing.query, view=view), self._listing.text)

    def do_sort(self, rest: str) -> None:
        from reader.records.query import SORT_FIELDS

        if rest.removeprefix("-") not in SORT_FIELDS:
            self._session.fail(
                f"Sort by one of: {', '.join(SORT_FIELDS)}; - before it turns it round."
            )
        else:
            self._ask(replace(self._listing.query, sort=rest), self._listing.text)

    def do_where(self, rest: str) -> None:
        count = counted(len(self._listing.ids), "record")
        self._session.say(f"{self._listing.place()}: {count}.")
        self._session.tell_current()

    def _ask(self, query: Query, text: str) -> None:
        from reader.library.query_running import QueryCancelled

        left = (self._listing.query, self._listing.text, self._listing.current_id)
        with stoppable() as stopped:
            try:
                self._listing.ask(query, text, cancelled=stopped.is_set)
            except InvalidQuery as invalid:
                self._session.fail(wrong(text, invalid.error))
                return
            except QueryCancelled:
                self._session.fail("Stopped; what was listed still is.")
                return
        self._trail.append(left)
        self._list_from = None
        self._session.looking.card = None
        count = len(self._listing.ids)
        self._session.say(f"{self._listing.place()}: {count:,} record{'' if count == 1 else 's'}.")
        if count:
            self._session.tell_current()
        elif text:
            self._tell_dropped()

    def _tell_dropped(self) -> None:
        """Say which part of a query that finds nothing has to go, and what to write for that."""
        from reader.library.query_running import QueryCancelled

        with stoppable() as stopped:
            try:
                dropped = self._listing.dropped(stopped.is_set)
            except QueryCancelled:
                return
        if dropped is not None:
            part, rest, count = dropped
            records = "1 record" if count == 1 else f"{count:,} records"
            write = f"/ {clean(rest)}".rstrip()
            self._session.say(f"Without {clean(part)}: {records}; {write} asks that.")

    # -- related links and the way back -----------------------------------------------------------
    def leave_for(self, record_id: int) -> None:
        """Go to a record, also to one that is not listed; the way back leads here."""
        self._trail.append((self._listing.query, self._listing.text, self._listing.current_id))
        if record_id not in self._listing.ids:
            self._listing.ask(Query(sort=self._listing.query.sort), cancelled=lambda: False)
        self._put_on(record_id)
        self._session.tell_current()

    def do_trail_back(self, rest: str) -> None:
        if self._session.looking.card is not None:
            self._session.looking.card = None
            self._session.tell_current()
        elif not self._trail:
            self._session.say("You are where you began.")
        else:
            query, text, record_id = self._trail.pop()
            self._listing.ask(query, text, cancelled=lambda: False)
            self._put_on(record_id)
            self._session.say(f"{self._listing.place()}.")
            self._session.tell_current()

    do_back = do_trail_back

    def _put_on(self, record_id: int | None) -> None:
        if record_id is not None and record_id in self._listing.ids:
            self._listing.at = self._listing.ids.index(record_id)
