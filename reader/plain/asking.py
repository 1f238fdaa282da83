"""What is listed: views, topics and the like, queries and their order, and what a query does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reader.records.counting import counted
from reader.records.query import Facet, View
from reader.records.querying import InvalidQuery
from reader.records.text import clean, display
from reader.terminal.stopping import stoppable

from .asked import Asked
from .listing import NoQuery
from .telling import count_line, wrong

if TYPE_CHECKING:
    from reader.records.querying.explained import Explanation, Reason

    from .session import Session


class Asking:
    """The commands that change what is listed, and say why it is so."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._listing = session.listing

    # -- values -----------------------------------------------------------------------------------
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
        asked = self._listing.narrowed(facet, rest)
        if asked is None:
            self._session.fail(
                f"No record has the {facet} “{clean(rest[:80])}”. {facet} lists them."
            )
        else:
            self.ask(asked)

    # -- queries ----------------------------------------------------------------------------------
    def do_filter(self, rest: str) -> None:
        """Narrow the view by a query; without one, have all of it again."""
        sort = self._listing.asked.sort
        if sort and _sorts(rest):
            sort = ""
        self.ask(replace(self._listing.asked, text=rest, sort=sort))

    def do_filter_clear(self, rest: str) -> None:
        """Have all of the view again; where that is so already, all records."""
        asked = self._listing.asked
        if asked.text or asked.facet is not None:
            self.ask(Asked(asked.view, sort=asked.sort))
        else:
            self.ask(Asked())

    def do_filter_drop(self, rest: str) -> None:
        """Leave out the part of the query that leaves nothing to list."""
        if self._listing.ids or not self._listing.asked.text:
            self._session.fail("Something is listed: no part of the query has to be dropped.")
            return
        dropped = self._dropped()
        if dropped is None:
            self._session.fail("No single part of the query is in the way.")
        else:
            self.ask(replace(self._listing.asked, text=dropped[1]))

    def do_select_and(self, rest: str) -> None:
        """Add a condition to the query."""
        from reader.records.querying.rewriting import and_term

        if not rest:
            name = self._session.words.name_of("select.and")
            self._session.fail(f"Say which condition, after it: {name} topic:AI.")
            return
        text = self._listing.asked.text
        try:
            text = and_term(text, rest, replacing=False)
        except ValueError:  # more than one term, or none
            text = f"({text}) ({rest})" if text else rest
        self.ask(replace(self._listing.asked, text=text))

    def do_queue(self, rest: str) -> None:
        """The same query on what is unpublished, or on all."""
        from reader.records.querying.rewriting import toggle

        asked = self._listing.asked
        if asked.view == View.ALL:
            self.ask(replace(asked, view=View.UNPUBLISHED.value))
        elif asked.view == View.UNPUBLISHED:
            self.ask(replace(asked, view=View.ALL.value))
        else:  # what of another view is on the queue
            self.ask(replace(asked, text=toggle(asked.text, "is:unpublished")))

    def do_sort(self, rest: str) -> None:
        from reader.records.choices import ordered
        from reader.records.querying.fields import SORTS
        from reader.records.querying.rewriting import without_field

        asked = self._listing.asked
        if not rest:
            self._session.say(f"Sorted by {asked.sort or 'what the view says, or newest first'}.")
            self._session.say(f"sort and one of: {', '.join(SORTS)}; - before it turns it round.")
            return
        sort = f"-{rest}" if asked.sort == rest else rest
        try:
            ordered("", sort)
        except ValueError:
            self._session.fail(f"Sort by one of: {', '.join(SORTS)}; - before it turns it round.")
            return
        self.ask(replace(asked, text=without_field(asked.text, "sort"), sort=sort))

    def ask(self, asked: Asked) -> None:
        """List something else, and say what; where it cannot be, say why."""
        from reader.library.query_running import QueryCancelled

        going, listing = self._session.going, self._listing
        left = listing.asked, listing.current_id
        with stoppable() as stopped:
            try:
                listing.ask(asked, cancelled=stopped.is_set)
            except NoQuery as invalid:
                self._session.fail(wrong(invalid.text, invalid.error))
                return
            except QueryCancelled:
                self._session.fail("Stopped; what was listed still is.")
                return
        going.came_from(*left)
        self._session.say(f"{asked.place()}: {listing.count_in_words()}.")
        if listing.ids:
            self._session.tell_current()
        elif asked.text:
            self._tell_dropped()

    def _tell_dropped(self) -> None:
        """Say which part of a query that finds nothing has to go, and what to write for that."""
        dropped = self._dropped()
        if dropped is not None:
            part, _, count = dropped
            records = counted(count, "record")
            write = self._session.words.name_of("filter.drop")
            self._session.say(f"Without {clean(part)}: {records}; {write} drops it.")

    def _dropped(self) -> tuple[str, str, int] | None:
        from reader.library.query_running import QueryCancelled

        with stoppable() as stopped:
            try:
                return self._listing.dropped(stopped.is_set)
            except QueryCancelled:
                return None

    # -- what a query does ------------------------------------------------------------------------
    def do_explain(self, rest: str) -> None:
        """Say what each part of the query does, or of another one."""
        from reader.library.query_running import QueryCancelled

        text = rest or self._listing.asked.whole
        with stoppable() as stopped:
            try:
                found = self._session.collection.explain(
                    text, views=self._listing.views, cancelled=stopped.is_set
                )
            except InvalidQuery as invalid:
                self._session.fail(wrong(text, invalid.error))
                return
            except QueryCancelled:
                self._session.fail("Stopped.")
                return
        self._session.console.page(explained_lines(found))

    def do_why_not(self, rest: str) -> None:
        """Say which part of the query leaves a record out, given by its path or URL."""
        collection, text = self._session.collection, self._listing.asked.whole
        if not rest:
            name = self._session.words.name_of("why_not")
            self._session.fail(f"Say which record, by its path or URL: {name} _news/a.md.")
            return
        id = collection.id_of_path(rest)
        if id is None:
            id = collection.id_of_url(rest)
        if id is None:
            self._session.fail(f"There is no record at {display(rest)[:200]}.")
            return
        try:
            reasons = collection.why_not(text, id, views=self._listing.views)
        except InvalidQuery as invalid:
            self._session.fail(wrong(text, invalid.error))
            return
        self._session.console.page(reason_lines(reasons))
        left_out = not all(reason.accepts for reason in reasons)
        self._session.say("So it is left out." if left_out else "So it is listed.")


def explained_lines(found: Explanation) -> Iterator[str]:
    """Yield what each part of a query does, a part a line, what belongs to one below it and
    further in; and what is found."""
    parts = list(found.root.walk())
    if len(parts) > 1 and not found.root.words.startswith("not: "):
        parts = parts[1:]  # the whole is the sum at the end
    least = min(depth for depth, _ in parts)
    for depth, part in parts:
        left = "" if part.left is None else f", {part.left:,} left"
        yield f"{'  ' * (depth - least)}{display(part.words)}: {part.count:,} by itself{left}"
    yield f"In all: {counted(found.count, 'record')}, {found.order}."
    for drop in found.droppable:
        dropped = (found.text[part.start : part.end].strip() or "it all" for part in drop.parts)
        yield f"Without {clean(' and '.join(dropped))}: {drop.count:,}."


def reason_lines(reasons: Sequence[Reason], depth: int = 0) -> Iterator[str]:
    """Yield what each part of a query says of a record, what belongs to one further in."""
    for reason in reasons:
        has = f"; it has {display(reason.has)}" if reason.has and not reason.accepts else ""
        yield f"{'  ' * depth}{'yes' if reason.accepts else 'no'}: {display(reason.words)}{has}"
        yield from reason_lines(reason.parts, depth + 1)


def _sorts(text: str) -> bool:
    """Return whether a query says an order of its own."""
    from reader.records.querying.rewriting import without_field

    return without_field(text, "sort") != text
