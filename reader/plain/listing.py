"""What is listed in the line mode, and where one is in it."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from reader.library.collection import Collection
from reader.records.query import VIEW_LABELS, Count, Facet, Query, View
from reader.records.querying import InvalidQuery, QueryError
from reader.records.record import State
from reader.records.row import Row
from reader.records.text import clean, display, fold

_AT_ONCE = 200  # rows asked of the index at a time


class Listing:
    """The ids of a view, narrowed by a query of the language, and a place among them."""

    def __init__(self, collection: Collection, views: Mapping[str, str]) -> None:
        self._collection = collection
        self.views = views
        """The user's own, name to query."""
        self.query = Query()
        self.text = ""
        """The query of the language that narrows the view; empty: none."""
        self.ids: array[int] = array("q")
        self.at = 0
        self.marked: dict[int, None] = {}
        """Marked records, in the order of marking."""

    # -- what is listed ---------------------------------------------------------------------------
    def ask(self, query: Query, text: str = "", *, cancelled: Callable[[], bool]) -> None:
        """List something else, from its beginning.

        Raises InvalidQuery, with what was listed still listed; QueryCancelled likewise."""
        self.ids = self._found(query, text, cancelled)
        self.query, self.text, self.at = query, text, 0

    def dropped(self, cancelled: Callable[[], bool]) -> tuple[str, str, int] | None:
        """Return which part of the query to drop where nothing is listed, the query without it, and
        how many records that lists; None: no part alone is in the way. Raises QueryCancelled."""
        explained = self._collection.explain(self.text, views=self.views, cancelled=cancelled)
        for drop in explained.droppable:
            count = len(self._found(self.query, drop.text, cancelled))
            if count:
                parts = (self.text[part.start : part.end].strip() for part in drop.parts)
                return " and ".join(parts), drop.text, count
        return None

    def renew(self) -> None:
        """List the same as it is now; the place stays on its record, or near it."""
        current = self.current_id
        try:
            ids = self._found(self.query, self.text, lambda: False)
        except InvalidQuery:  # a value that no record has any more
            ids = array("q")
        after = self.ids[self.at :]
        self.ids = ids
        if current is None:
            self.at = 0
            return
        places = {id: place for place, id in enumerate(ids)}
        near = next((places[id] for id in after if id in places), None)
        self.at = near if near is not None else max(0, min(self.at, len(ids) - 1))

    def _found(self, query: Query, text: str, cancelled: Callable[[], bool]) -> array[int]:
        listed = self._collection.ids(query)
        if not text:
            return listed
        parsed = self._collection.parse_query(text, self.views)
        if isinstance(parsed, QueryError):
            raise InvalidQuery(parsed)
        found = self._collection.find(parsed, views=self.views, cancelled=cancelled)
        if query == Query(sort=query.sort) and parsed.sort:
            return found
        first, other = (found, set(listed)) if parsed.sort else (listed, set(found))
        return array("q", [id for id in first if id in other])

    def place(self) -> str:
        """Return in words what is listed: `Unpublished, topic AI, that match quality:>70`."""
        words = [VIEW_LABELS[self.query.view]]
        if self.query.facet is not None:
            words.append(f"{self.query.facet} {display(self._label() or '(the top)')}")
        if self.text:
            words.append(f"that match {clean(self.text)}")
        return ", ".join(words)

    def _label(self) -> str:
        counts = self.counts_of(self.query.facet) if self.query.facet is not None else ()
        key = self.query.facet_key
        return next((count.label for count in counts if count.key == key), key)

    def counts_of(self, facet: Facet) -> tuple[Count, ...]:
        """Return the values of a facet with how many records have each."""
        counts = self._collection.counts()
        return {
            Facet.TOPIC: counts.topics,
            Facet.FOLDER: counts.folders,
            Facet.TYPE: counts.types,
            Facet.PROVIDER: counts.providers,
        }[facet]

    def narrowed(self, facet: Facet, given: str) -> Query | None:
        """Return the query for a value of a facet, named or by its number; None: there is none."""
        counts = self.counts_of(facet)
        if given.isascii() and given.isdigit() and 0 < int(given) <= len(counts):
            return replace(self.query, facet=facet, facet_key=counts[int(given) - 1].key)
        wanted = fold(display(given))
        for count in counts:
            if wanted in (fold(count.key), fold(display(count.label))):
                return replace(self.query, facet=facet, facet_key=count.key)
        return None

    def view_called(self, given: str) -> View | None:
        """Return the view with a name or a number."""
        views = list(View)
        if given.isascii() and given.isdigit():
            return views[int(given) - 1] if 0 < int(given) <= len(views) else None
        wanted = fold(given)
        found = [view for view in views if fold(VIEW_LABELS[view]).startswith(wanted)]
        return View(wanted) if wanted in set(View) else found[0] if len(found) == 1 else None

    def own_view_called(self, given: str) -> str | None:
        """Return the query that asks for a view of the user's own, by its name or number."""
        from reader.records.querying.rewriting import term

        names = list(self.views)
        number = int(given) - len(View) if given.isascii() and given.isdigit() else 0
        wanted = [names[number - 1]] if 0 < number <= len(names) else []
        wanted += [name for name in names if fold(name) == fold(given)]
        return term("view", wanted[0]) if wanted else None

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
