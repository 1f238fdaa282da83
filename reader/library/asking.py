"""Asking a collection questions in the query language (docs/queries.md)."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from .values import CollectionError, never

if TYPE_CHECKING:
    from reader.records.query import Counts
    from reader.records.querying import Parsed, QueryError
    from reader.records.querying.completing import Completion
    from reader.records.querying.explained import Explanation, Reason

T = TypeVar("T")


class Asking:
    """What a collection answers. `views` are the user's own, name to query, in all of it.

    Everything here loads the language when it is first asked: a start without a query does not.
    """

    _now: Callable[[], float]

    def _ask(self, ask: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """Return what a connection to the index answers; the collection, which has one, does this."""
        raise NotImplementedError  # the collection, which is one of these, has it

    def parse_query(self, text: str, views: Mapping[str, str] | None = None) -> Parsed | QueryError:
        """Return the query (of the language: docs/queries.md) that the text says, or what is wrong
        with it; values unknown in this collection are wrong too. `views`: the user's own."""
        from reader.records.querying import InvalidQuery, QueryError, parse

        from . import query_conditions

        now = self._now()
        parsed = parse(text, now=now, views=views or {})
        if isinstance(parsed, QueryError):
            return parsed
        try:
            self._ask(lambda each: query_conditions.compile_query(each, parsed, now), None)
        except InvalidQuery as invalid:
            return invalid.error
        return parsed

    def find(
        self,
        query: str | Parsed,
        limit: int | None = None,
        *,
        views: Mapping[str, str] | None = None,
        cancelled: Callable[[], bool] = never,
        also: Sequence[int] = (),
        as_queue: bool = False,
    ) -> array[int]:
        """Return the ids of the records that a query of the language asks for, in its order.
        `also` and `as_queue` are those of `query_sql.find_ids`.

        Raises `querying.InvalidQuery`, whose `error` says what is wrong, and
        `query_running.QueryCancelled` soon after `cancelled` says so (asked about every millisecond).
        """
        from . import query_sql

        parsed, now = self._parsed(query, views), self._now()
        return self._ask(
            lambda each: query_sql.find_ids(each, parsed, now, limit, cancelled, also, as_queue),
            array("q"),
        )

    def count_matching(self, query: str | Parsed) -> int:
        """Return how many records a query of the language asks for. Raises as `find` does."""
        from . import query_sql

        parsed, now = self._parsed(query, None), self._now()
        return self._ask(lambda each: query_sql.count_ids(each, parsed, now), 0)

    def _parsed(self, query: str | Parsed, views: Mapping[str, str] | None) -> Parsed:
        from reader.records.querying import InvalidQuery, QueryError, parse

        if not isinstance(query, str):
            return query
        parsed = parse(query, now=self._now(), views=views or {})
        if isinstance(parsed, QueryError):
            raise InvalidQuery(parsed)
        return parsed

    def counts_matching(
        self,
        query: str | Parsed,
        *,
        views: Mapping[str, str] | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> Counts:
        """Return the sidebar's numbers among the records that the query asks for; those of `views`
        come after the built-in ones, without those that are wrong. Raises as `find` does."""
        from reader.records.query import Counts

        from . import query_counts

        parsed, now = self._parsed(query, views), self._now()
        return self._ask(
            lambda each: query_counts.count_facets(each, parsed, now, views or {}, cancelled),
            Counts(),
        )

    def completions(
        self, text: str, at: int, *, views: Mapping[str, str] | None = None, limit: int = 20
    ) -> list[Completion]:
        """Return what could be completed in the text with the cursor before character `at`, the
        nearest first: names of fields, what they know, and this collection's values. Any text
        will do."""
        from reader.records.querying import completing

        from . import query_values

        place = completing.place_at(text, at)
        if place is None:
            return []
        if place.field not in completing.VALUED:
            return completing.words_for(place, views or {}, limit)
        nothing: list[tuple[str, int]] = []
        values = self._ask(lambda each: query_values.counted_values(each, place.field), nothing)
        return completing.values_for(place, values, limit)

    def explain(
        self,
        query: str | Parsed,
        *,
        views: Mapping[str, str] | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> Explanation:
        """Return the query in plain words, with the count of each part, the count after each of
        those that must all hold, and, where nothing is found, what to drop. Raises as `find`
        does."""
        from . import query_explain

        parsed, now = self._parsed(query, views), self._now()
        found = self._ask(lambda each: query_explain.explain(each, parsed, now, cancelled), None)
        if found is None:
            raise CollectionError("The index is being made anew; ask again in a moment.")
        return found

    def why_not(
        self, query: str | Parsed, id: int, *, views: Mapping[str, str] | None = None
    ) -> list[Reason]:
        """Return what each part of the query that must hold says of one record or problem; empty
        when there is no such record. Raises as `find` does."""
        from . import query_explain

        parsed, now = self._parsed(query, views), self._now()
        return self._ask(lambda each: query_explain.why_not(each, parsed, id, now), [])
