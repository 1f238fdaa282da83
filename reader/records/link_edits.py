"""Edits of links: another URL in place of one, and the AMP cache's URLs as they have to be."""

from __future__ import annotations

from collections.abc import Mapping

from .amp_cache import differing
from .edit import Change, SetField
from .links import link_key, links_of
from .record import Record
from .splice import value_at
from .verdicts import Role

_IN_FIELDS = frozenset(Role) - {Role.BODY}


def relinking(record: Record, targets: Mapping[str, str]) -> list[Change]:
    """Return the changes that put, in every field of the record where a URL of `targets` stands,
    its target in place. Bodies stay as they are."""
    changes: list[Change] = []
    # No server sees a fragment, so none has moved it: each link keeps its own.
    wanted = {
        link_key(url): to.removesuffix(f"#{url.partition('#')[2]}") for url, to in targets.items()
    }
    for link in links_of(record, _IN_FIELDS):
        to = wanted.get(link.key)
        if to is None:
            continue
        if "#" not in to:
            to += "".join(link.url.partition("#")[1:])
        if to != link.url:
            changes.append(SetField(link.field, value_at(record.data, link.field), to))
    return changes


def amp_caching(record: Record) -> list[Change]:
    """Return the changes that give the record, and its related entries, the AMP cache URLs that
    their AMP pages have."""
    return [
        SetField(each.field, value_at(record.data, each.field), each.wanted)
        for each in differing(record.data)
    ]


def has_amp(record: Record) -> bool:
    """Return whether the record, or one of its related entries, names an AMP page."""
    return any(link.field[-1:] == ("ampWebUrl",) for link in links_of(record, _IN_FIELDS))
