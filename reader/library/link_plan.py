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
    """How many different URLs."""
    hosts: int
    recent: tuple[int, ...]
    """The keys of more of them, checked so lately that they are left out."""
    roles: frozenset[Role]
    records: tuple[tuple[int, tuple[int, ...]], ...]
    """Records, and the keys of the links to take from each."""

    def only(self, key: int) -> LinkPlan:
        """Return the plan for one link alone."""
        there = tuple((record, (key,)) for record, keys in self.records if key in keys)
        return LinkPlan(len(there), len(there), (), self.roles, there)


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
        "SELECT min(i.key), i.value, l.key, l.host, ifnull(v.at >= ?2, 0)"
        " FROM json_each(?1) i CROSS JOIN links l ON l.record = i.value"
        f" LEFT JOIN state.verdicts v ON v.key = l.key WHERE l.role IN ({numbers})"
        " GROUP BY l.key ORDER BY 1",
        (json.dumps(list(ids)), before),
    ).fetchall()
    nowhere = connection.execute("SELECT id FROM hosts WHERE name = ''").fetchone()
    records: dict[int, list[int]] = {}
    hosts: set[int] = set()
    recent: list[int] = []
    for _, record, key, host, is_recent in rows:
        if is_recent:
            recent.append(key)
            continue
        records.setdefault(record, []).append(key)
        hosts.add(host)
    hosts.discard(nowhere[0] if nowhere else -1)
    return LinkPlan(
        len(rows) - len(recent),
        len(hosts),
        tuple(recent),
        frozenset(roles),
        tuple((record, tuple(keys)) for record, keys in records.items()),
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
