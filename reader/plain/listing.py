"""What is listed in the line mode, and where one is in it."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from reader.library.collection import Collection
from reader.records.counting import counted
from reader.records.query import VIEW_LABELS, Count, Facet, View, plain_query
from reader.records.querying import InvalidQuery, QueryError
from reader.records.record import State
from reader.records.row import Row
from reader.records.text import display, fold

from .asked import Asked

_AT_ONCE = 200  # rows asked of the index at a time


class NoQuery(Exception):  # noqa: N818  its name says enough
    """What is asked for is no query: `error` says where in `text`, and why."""

    def __init__(self, text: str, error: QueryError) -> None:
        super().__init__(error.reason)
        self.text = text
        self.error = error


class Listing:
    """The ids of what is asked for, and a place among them."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self.views: Mapping[str, str] = {}
        """The user's own, name to query."""
        self.asked = Asked()
        self.ids: array[int] = array("q")
        self.at = 0
        self.kept: set[int] = set()
        """What was decided here stays listed, and numbers with it, until something else is."""
        self.marked: dict[int, None] = {}
        """Marked records, in the order of marking."""
        self.marked_before: dict[int, None] = {}
        """The marks that were there last."""

    # -- what is listed ---------------------------------------------------------------------------
    def ask(self, asked: Asked, *, cancelled: Callable[[], bool]) -> None:
        """List something else, from its beginning.

        Raises NoQuery, with what was listed still listed; QueryCancelled likewise."""
        self.ids = self._found(asked, cancelled)
        self.asked, self.at = asked, 0
        self.kept.clear()

    def dropped(self, cancelled: Callable[[], bool]) -> tuple[str, str, int] | None:
        """Return which part of the query to drop where nothing is listed, the query without it, and
        how many records that lists; None: no part alone is in the way. Raises QueryCancelled."""
        text = self.asked.text
        explained = self._collection.explain(text, views=self.views, cancelled=cancelled)
        for drop in explained.droppable:
            count = len(self._found(replace(self.asked, text=drop.text), cancelled))
            if count:
                parts = (text[part.start : part.end].strip() for part in drop.parts)
                return " and ".join(parts), drop.text, count
        return None

    def renew(self) -> None:
        """List the same as it is now; the place stays on its record, or near it."""
        current = self.current_id
        try:
            ids = self._found(self.asked, lambda: False, tuple(self.kept))
        except NoQuery:  # a value that no record has any more
            ids = array("q")
        after = self.ids[self.at :]
        self.ids = ids
        if current is None:
            self.at = 0
            return
        places = {id: place for place, id in enumerate(ids)}
        near = next((places[id] for id in after if id in places), None)
        self.at = near if near is not None else max(0, min(self.at, len(ids) - 1))

    def _found(
        self, asked: Asked, cancelled: Callable[[], bool], also: tuple[int, ...] = ()
    ) -> array[int]:
        if asked.text:  # what is wrong with it is told of it alone
            parsed = self._collection.parse_query(asked.text, self.views)
            if isinstance(parsed, QueryError):
                raise NoQuery(asked.text, parsed)
        whole = asked.whole
        plain = plain_query(whole)
        if plain is not None:
            return self._collection.ids(replace(plain, also=also))
        try:
            return self._collection.find(
                whole, views=self.views, cancelled=cancelled, also=also, as_queue=True
            )
        except InvalidQuery as invalid:
            raise NoQuery(whole, invalid.error) from None

    def counts_of(self, facet: Facet) -> tuple[Count, ...]:
        """Return the values of a facet with how many records have each."""
        counts = self._collection.counts()
        return {
            Facet.TOPIC: counts.topics,
            Facet.FOLDER: counts.folders,
            Facet.TYPE: counts.types,
            Facet.PROVIDER: counts.providers,
        }[facet]

    def narrowed(self, facet: Facet, given: str) -> Asked | None:
        """Return what asks for a value of a facet, named or by its number; None: there is none."""
        counts = self.counts_of(facet)
        wanted = fold(display(given))
        if given.isascii() and given.isdigit() and 0 < int(given) <= len(counts):
            counts = (counts[int(given) - 1],)
            wanted = fold(counts[0].key)
        for count in counts:
            if wanted in (fold(count.key), fold(display(count.label))):
                label = count.label or "(the top)"
                return replace(self.asked, facet=facet, value=count.key, label=label)
        return None

    def view_called(self, given: str) -> str | None:
        """Return the view with a name or a number, the user's own or a built-in one."""
        names: list[str] = [*(view.value for view in View), *self.views]
        if given.isascii() and given.isdigit():
            return names[int(given) - 1] if 0 < int(given[:9]) <= len(names) else None
        wanted = fold(given)
        for name in names:
            if fold(name) == wanted:
                return name
        found = [view.value for view in View if fold(VIEW_LABELS[view]).startswith(wanted)]
        return found[0] if len(found) == 1 else None

    def count_in_words(self) -> str:
        """Return how many records are listed."""
        return counted(len(self.ids), "record")

    # -- where one is -----------------------------------------------------------------------------
    @property
    def current_id(self) -> int | None:
        """The record where one is."""
        return self.ids[self.at] if self.at < len(self.ids) else None

    @property
    def current(self) -> Row | None:
        """Its row; None where there is none, or its file has gone."""
        rows = self._collection.rows([self.ids[self.at]]) if self.at < len(self.ids) else []
        return rows[0] if rows else None

    def rows_from(self, start: int, step: int = 1) -> Iterator[tuple[int, Row]]:
        """Yield the rows from a place on (or back), each with its place; not those gone."""
        while 0 <= start < len(self.ids):
            end = max(-1, min(len(self.ids), start + step * _AT_ONCE))
            places = range(start, end, step)
            rows = {row.id: row for row in self._collection.rows([self.ids[at] for at in places])}
            yield from ((at, rows[self.ids[at]]) for at in places if self.ids[at] in rows)
            start = end

    def find_undecided(self, step: int, now: float) -> int | None:
        """Return the place of the next record that waits for a decision, or of the one before."""
        for at, row in self.rows_from(self.at + step, step):
            waits = row.deferred_until is None or row.deferred_until <= now
            if row.state is State.UNPUBLISHED and waits:
                return at
        return None

    def range_of(self, given: str) -> list[int] | None:
        """Return the ids that `3`, `3-7` or `3 5 9` name by their numbers; None: none such."""
        ids: dict[int, None] = {}
        for part in given.replace(",", " ").split():
            first, dash, last = part.partition("-")
            ends = (first, last) if dash else (first, first)
            if not all(end.isascii() and end.isdigit() and len(end) < 10 for end in ends):
                return None
            start, end = int(ends[0]), int(ends[1])
            if not 1 <= start <= end <= len(self.ids):
                return None
            ids.update(dict.fromkeys(self.ids[start - 1 : end]))
        return list(ids)
