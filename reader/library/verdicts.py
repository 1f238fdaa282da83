"""What checking says of links, kept in the reader's own state: one row a URL, with its newest
check, the ones before it as far as they count, and the user's own word."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

from reader.records.check_values import (
    check_fields,
    check_of,
    override_of_values,
    override_values,
    past_of_values,
    past_values,
)
from reader.records.link_history import Known, Override, first_known, past_of
from reader.records.links import link_key
from reader.records.text import encodable
from reader.records.urls import host_of
from reader.records.verdicts import Check, Role, Verdict

from .state import State

T = TypeVar("T")
_AT_ONCE = 500  # keys of one statement
_KNOWN = "SELECT key, evidence, past, times, override FROM {}verdicts WHERE key IN ({})"
_KEEP = (
    "INSERT OR REPLACE INTO verdicts(key, url, host, said, at, times, evidence, past, override)"
    " VALUES(?,?,?,?,?,?,?,?,?)"
)


class Checked(NamedTuple):
    """A link that was checked, as lists show it."""

    key: int
    url: str
    host: str
    said: Verdict
    at: float
    """When it was last checked, in seconds since 1970."""
    times: int
    records: int
    """How many records have it."""


class Ask(Protocol):
    """Lends a connection that reads index and state, for as long as a question takes."""

    def __call__(self, ask: Callable[[sqlite3.Connection], T], otherwise: T) -> T: ...


class Verdicts:
    """The verdicts of one collection. From any thread."""

    def __init__(
        self,
        state: State,
        ask: Ask,
        now: Callable[[], float],
    ) -> None:
        self._state = state
        self._ask = ask
        self._now = now

    # -- keeping ---------------------------------------------------------------------------------
    def keep(self, checks: Sequence[Check]) -> list[Known]:
        """Store checks in one transaction, which is on the disk when this returns; return what is
        known of each link then. Checks that were stopped before an answer are not stored.

        Raises sqlite3.Error."""
        kept = []
        rows = []
        with self._state.writing() as connection:
            known = _known(connection, (link_key(check.url) for check in checks), "")
            for check in checks:
                key = link_key(check.url)
                before = known.get(key)
                after = first_known(check) if before is None else before.after(check)
                kept.append(after)
                if check.verdict is not Verdict.UNKNOWN:
                    known[key] = after
                    rows.append(_row(key, after))
            connection.executemany(_KEEP, rows)
        return kept

    def set_works(self, url: str, works: bool) -> Known | None:
        """Note that the user opened the link and it works, or take that back. Return what is known
        then; None when it was never checked, so that there is nothing to say otherwise of.

        Raises sqlite3.Error."""
        key = link_key(url)
        with self._state.writing() as connection:
            before = _known(connection, [key], "").get(key)
            if before is None:
                return None
            override = Override(self._now(), past_of(before.check)) if works else None
            after = Known(before.check, before.past, before.times, override)
            connection.execute(_KEEP, _row(key, after))
        return after

    # -- looking up ------------------------------------------------------------------------------
    def of(self, urls: Iterable[str]) -> dict[str, Known]:
        """Return what is known of these URLs; those never checked are left out."""
        keys = {url: link_key(url) for url in urls}
        nothing: dict[int, Known] = {}
        known = self._ask(lambda each: _known(each, keys.values(), "state."), nothing)
        return {url: known[key] for url, key in keys.items() if key in known}

    def of_keys(self, keys: Iterable[int]) -> list[Known]:
        """Return what is known of the links with these keys, in no order."""
        nothing: dict[int, Known] = {}
        wanted = list(keys)
        return list(self._ask(lambda each: _known(each, wanted, "state."), nothing).values())

    def keys_of(self, ids: Sequence[int]) -> set[int]:
        """Return the keys of all links of these records."""
        sql = "SELECT DISTINCT l.key FROM json_each(?) i JOIN links l ON l.record = i.value"
        rows: list[tuple[int]] = self._ask(
            lambda each: each.execute(sql, (json.dumps(list(ids)),)).fetchall(), []
        )
        return {key for (key,) in rows}

    def moved(self, ids: Sequence[int]) -> dict[str, str]:
        """Return the links of these records that have moved, and where to."""
        sql = (
            "SELECT DISTINCT v.key FROM json_each(?) i CROSS JOIN links l ON l.record = i.value"
            " CROSS JOIN state.verdicts v ON v.key = l.key WHERE v.said = 'moved'"
        )
        keys: list[tuple[int]] = self._ask(
            lambda each: each.execute(sql, (json.dumps(list(ids)),)).fetchall(), []
        )
        known = self.of_keys(key for (key,) in keys)
        return {each.check.url: each.check.moved_to for each in known if each.check.moved_to}

    def checked(self, said: Verdict | None = None, host: str | None = None) -> list[Checked]:
        """Return the links that were checked, by host and URL: all, those of which this is said,
        or those of a host."""
        where, values = ["1"], []
        for column, value in (("said", said), ("host", host)):
            if value is not None:
                where.append(f"v.{column} = ?")
                values.append(str(value))
        sql = (
            "SELECT v.key, v.url, v.host, v.said, v.at, v.times,"
            " (SELECT count(DISTINCT l.record) FROM links l WHERE l.key = v.key)"
            f" FROM state.verdicts v WHERE {' AND '.join(where)} ORDER BY v.host, v.url"
        )
        rows: list[tuple[Any, ...]] = self._ask(
            lambda each: each.execute(sql, values).fetchall(), []
        )
        return [
            Checked(key, url, name, Verdict(word), at, times, records)
            for key, url, name, word, at, times, records in rows
        ]

    def counts(self) -> dict[Verdict, int]:
        """Return how many links are said to be what."""
        sql = "SELECT said, count(*) FROM state.verdicts GROUP BY said"
        rows: list[tuple[str, int]] = self._ask(lambda each: each.execute(sql).fetchall(), [])
        return {Verdict(said): count for said, count in rows}

    def records_with(self, url: str) -> list[tuple[int, Role]]:
        """Return the records that have the URL, and as what; newest first."""
        roles = tuple(Role)
        sql = (
            "SELECT l.record, l.role FROM links l JOIN records r ON r.id = l.record"
            " WHERE l.key = ? ORDER BY r.date DESC, r.id, l.role"
        )
        rows: list[tuple[int, int]] = self._ask(
            lambda each: each.execute(sql, (link_key(url),)).fetchall(), []
        )
        return [(record, roles[role]) for record, role in rows]


def _known(connection: sqlite3.Connection, keys: Iterable[int], schema: str) -> dict[int, Known]:
    wanted = list(dict.fromkeys(keys))
    found: dict[int, Known] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        sql = _KNOWN.format(schema, ",".join("?" * len(part)))
        for key, evidence, past, times, override in connection.execute(sql, part):
            found[key] = Known(
                check_of(json.loads(evidence)),
                tuple(past_of_values(each) for each in json.loads(past)),
                times,
                override_of_values(json.loads(override) if override else None),
            )
    return found


def _row(key: int, known: Known) -> tuple[object, ...]:
    override = override_values(known.override)
    url = encodable(known.check.url)
    return (
        key,
        url,
        encodable(host_of(url)),
        known.said.verdict.value,
        known.check.at,
        known.times,
        _json(check_fields(known.check)),
        _json([past_values(each) for each in known.past]),
        None if override is None else _json(override),
    )


# ASCII: halves of characters stay readable.
_json = json.JSONEncoder(separators=(",", ":")).encode
