"""Which links a check is to ask: those of some records, each URL once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from reader.records.links import Link, links_of
from reader.records.record import Record
from reader.records.verdicts import Role


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """The links to check, as the index knows them."""

    urls: int
    """How many different URLs; some may turn out to be none that are asked."""
    recent: tuple[int, ...]
    """The keys of more of them, checked so lately that they are left out."""
    roles: frozenset[Role]
    records: tuple[tuple[int, tuple[int, ...]], ...]
    """Records, and the keys of the links to take from each."""
    hosts: frozenset[str] = frozenset()
    """Those of the URLs that are not odd."""
    odd: frozenset[int] = frozenset()
    """The keys of the URLs that have to be read before one knows whether they may be asked."""

    def only(self, keys: Collection[int]) -> LinkPlan:
        """Return the plan for some of the links alone."""
        there = [(id, tuple([key for key in of if key in keys])) for id, of in self.records]
        taken = tuple([(id, of) for id, of in there if of])
        odd = self.odd.intersection(keys)
        return LinkPlan(sum(len(of) for _, of in taken), (), self.roles, taken, frozenset(), odd)


def plan_links(
    connection: sqlite3.Connection,
    ids: Sequence[int],
    roles: Collection[Role],
    before: float | None,
) -> LinkPlan:
    """Return the links of these records in these roles; with `before`, without those that were
    checked at that time (seconds since 1970) or later."""
    numbers = ",".join(str(role.number) for role in roles) or "-1"
    rows = connection.execute(
        "SELECT min(i.key), i.value, l.key, h.name, h.odd, ifnull(v.at >= ?2, 0)"
        " FROM json_each(?1) i CROSS JOIN links l ON l.record = i.value"
        " CROSS JOIN hosts h ON h.id = l.host"
        f" LEFT JOIN state.verdicts v ON v.key = l.key WHERE l.role IN ({numbers})"
        " GROUP BY l.key ORDER BY 1",
        (json.dumps(list(ids)), before),
    ).fetchall()
    records: dict[int, list[int]] = {}
    hosts: set[str] = set()
    recent: list[int] = []
    odd: list[int] = []
    for _, record, key, host, is_odd, is_recent in rows:
        if is_recent:
            recent.append(key)
            continue
        records.setdefault(record, []).append(key)
        if is_odd:
            odd.append(key)
        else:
            hosts.add(host)
    return LinkPlan(
        len(rows) - len(recent),
        tuple(recent),
        frozenset(roles),
        tuple((record, tuple(keys)) for record, keys in records.items()),
        frozenset(hosts),
        frozenset(odd),
    )


def links_planned(
    plan: LinkPlan, read: Callable[[int], object | None]
) -> Iterator[tuple[int, Link]]:
    """Yield each link of the plan with the record that it is taken from, reading one file after
    the other. `read` gives a record by its id; what has gone since is passed over."""
    for id, keys in plan.records:
        record = read(id)
        if not isinstance(record, Record):
            continue
        wanted = set(keys)
        for link in links_of(record, plan.roles):
            key = link.key
            if key in wanted:
                wanted.discard(key)
                yield id, link
