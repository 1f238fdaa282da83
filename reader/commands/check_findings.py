"""What is wrong with links and needs no network to be seen."""

from __future__ import annotations

from collections.abc import Collection as Roles
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reader.records.amp_cache import differing
from reader.records.edit import name_of
from reader.records.links import links_of
from reader.records.record import Record
from reader.records.urls import is_web_url
from reader.records.verdicts import Role, Verdict

if TYPE_CHECKING:
    from reader.library.collection import Collection


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with one link of one record."""

    kind: str
    """`amp`: an AMP cache URL that is missing or wrong; `unsafe`: no web address."""
    path: str
    field: str
    found: str | None
    reason: str
    wanted: str | None = None
    """What to write instead; `reader triage amp-cache` does."""


def findings(
    collection: Collection, ids: Sequence[int], roles: Roles[Role], *, broken: bool
) -> Iterator[Finding]:
    """Yield what is wrong with these records' links in these roles; the files are read as one goes
    on. `broken`: also what is no web address, which a check with the network says itself."""
    with_amp = Role.AMP in roles or Role.CDN_AMP in roles
    if not broken and not with_amp:
        return
    for id in ids:
        opened = collection.open_record(id)
        if opened is None or not isinstance(opened.record, Record):
            continue
        if with_amp:
            for each in differing(opened.record.data):
                field = name_of(each.field)
                yield Finding("amp", opened.path, field, each.found, each.reason, each.wanted)
        if broken:
            for link in links_of(opened.record, roles):
                if not is_web_url(link.url):
                    reason = "This is no web address."
                    field = name_of(link.field)
                    yield Finding(Verdict.UNSAFE.value, opened.path, field, link.url, reason)
