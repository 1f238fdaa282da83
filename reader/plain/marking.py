"""Marks in the line mode: the records that the next decision is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reader.records.querying import QueryError
from reader.records.text import clean
from reader.terminal.stopping import stoppable

from .telling import wrong

if TYPE_CHECKING:
    from .session import Session


class Marking:
    """The commands that mark."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._listing = session.listing

    def do_mark_toggle(self, rest: str) -> None:
        """Mark the record, those with numbers, all, or those that a query asks for."""
        if rest.casefold() == "all":
            self.do_mark_all("")
            return
        if rest and rest[0].isdigit() and not rest.strip("0123456789-, "):
            self._mark_numbers(rest, "mark.toggle")
            return
        if rest:
            self.do_mark_matching(rest)
            return
        record_id = self._listing.current_id
        if record_id is None:
            self._session.fail("There is no record here.")
            return
        if record_id in self._listing.marked:
            del self._listing.marked[record_id]
        else:
            self._listing.marked[record_id] = None
        self._say_marks()

    def do_mark_range(self, rest: str) -> None:
        self._mark_numbers(rest, "mark.range")

    def _mark_numbers(self, rest: str, command: str) -> None:
        ids = self._numbered(rest, self._session.words.name_of(command))
        if ids is not None:
            self._listing.marked.update(dict.fromkeys(ids))
            self._say_marks()

    def _numbered(self, rest: str, name: str) -> list[int] | None:
        """Return the ids that numbers stand for; else say how the command `name` takes them."""
        ids = self._listing.range_of(rest) if rest else None
        if ids is None and not self._listing.ids:
            self._session.fail("There is no record here.")
        elif ids is None:
            self._session.fail(
                f"Give numbers from 1 to {len(self._listing.ids):,}, such as {name} 3-7."
            )
        return ids

    def do_mark_all(self, rest: str) -> None:
        self._listing.marked.update(dict.fromkeys(self._listing.ids))
        self._say_marks()

    def do_mark_again(self, rest: str) -> None:
        """Bring back the marks that were there last."""
        if not self._listing.marked_before:
            self._session.fail("There are no marks to bring back.")
            return
        self._listing.marked.update(self._listing.marked_before)
        self._say_marks()

    def do_mark_matching(self, rest: str) -> None:
        if not rest:
            name = self._session.words.name_of("mark.matching")
            self._session.fail(f"Say which, after it: {name} quality:<20.")
            return
        with stoppable() as stopped:
            parsed = self._session.collection.parse_query(rest, self._listing.views)
            if isinstance(parsed, QueryError):
                self._session.fail(wrong(rest, parsed))
                return
            found = self._session.collection.find(
                parsed, views=self._listing.views, cancelled=stopped.is_set
            )
        listed = set(self._listing.ids).intersection(found)
        if not listed:
            self._session.fail(f"No record listed here is asked for by {clean(rest)}.")
            return
        self._listing.marked.update(dict.fromkeys(id for id in self._listing.ids if id in listed))
        self._say_marks()

    def do_unmark(self, rest: str) -> None:
        ids = self._numbered(rest, "unmark") if rest else list(self._listing.marked)
        if ids is None:
            return
        self._listing.marked_before = dict(self._listing.marked)
        for record_id in ids:
            self._listing.marked.pop(record_id, None)
        self._say_marks()

    def do_marks(self, rest: str) -> None:
        if not self._listing.marked:
            self._session.say("No marks.")
            return
        rows = self._session.collection.rows(list(self._listing.marked))
        places = {id: at for at, id in enumerate(self._listing.ids)}
        self._session.console.page(
            self._session.line_of(places.get(row.id, -1), row) for row in rows
        )

    def _say_marks(self) -> None:
        count = len(self._listing.marked)
        self._session.say(f"{count:,} marked." if count else "No marks.")
