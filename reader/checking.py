"""A check of links: planned by the library, asked by `links`, remembered by the library.

The one place that knows both; commands and interface run it.
"""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reader.records.check_values import check_fields, check_of
from reader.records.link_history import Known, past_of
from reader.records.urls import host_of
from reader.records.verdicts import Amp, Check, Role

if TYPE_CHECKING:
    from reader.config import Config
    from reader.library.collection import Collection
    from reader.library.link_plan import LinkPlan
    from reader.library.verdict_keeper import VerdictKeeper
    from reader.links.checker import Checker
    from reader.links.run import RunSummary, Wanted
    from reader.links.settings import CheckSettings

ALONE = 3
"""So many hosts without one answer among them: it is us who are cut off, not they who are gone. Of
fewer the machine is asked itself (`RunSummary.cut_off`)."""
HELD_IN_MEMORY = 1 << 18
"""Bytes of checks held back; more of them wait in a temporary file."""
MAX_PLACES = 20
"""Records named beside one link."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a check."""

    summary: RunSummary | None = None
    cut_off: bool = False
    """Nobody answered at all, so nothing is remembered: this machine seems to have no network."""
    error: str = ""
    """Why it could not go on."""


@dataclass(frozen=True, slots=True)
class Place:
    """A record that has a link."""

    id: int
    path: str
    role: Role


@dataclass(frozen=True, slots=True)
class Found:
    """What a check said of one link, with the records that have it."""

    known: Known
    places: tuple[Place, ...]
    amp: Amp | None = None
    """Of an AMP page: what it says of the page it stands for."""
    asked: bool = True
    """False: it was checked so lately that it was not asked again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check would ask, as far as that is known before any name is resolved."""

    urls: int
    hosts: int
    unsafe: int
    """More URLs, which would not be asked: for their scheme, port or address."""


class Checking:
    """One run. The callbacks come on threads of the run's own; `on_end` is the last.

    What was handed to `on_kept` is on the disk. As long as no site at all has answered, failures are
    held back: a machine without a network must not come to call every link gone.
    """

    def __init__(
        self,
        collection: Collection,
        plan: LinkPlan,
        settings: CheckSettings,
        *,
        on_kept: Callable[[Sequence[Known]], None],
        on_end: Callable[[Ended], None],
        on_error: Callable[[str], None],
    ) -> None:
        self._collection = collection
        self._plan = plan
        self._settings = settings
        self._on_kept = on_kept
        self._on_end = on_end
        self._on_error = on_error
        self._keeper: VerdictKeeper | None = None
        self._checker: Checker | None = None
        self._answered = False
        self._held = _Held()
        self._letting_go: threading.Thread | None = None
        self._is_over = threading.Event()

    def start(self) -> None:
        """Begin to check; returns at once."""
        from reader.library.verdict_keeper import VerdictKeeper
        from reader.links.checker import Checker  # here: it brings the network

        self._keeper = VerdictKeeper(self._collection.verdicts, self._on_kept, self._on_error)
        self._checker = Checker(self._settings, self._came, self._ended)
        self._checker.start(self._wanted())

    def cancel(self) -> None:
        """End the run soon: what has a verdict keeps it. Returns at once."""
        if self._checker is not None:
            self._checker.cancel()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is over; return whether it is."""
        return self._is_over.wait(seconds)

    @property
    def is_over(self) -> bool:
        """Whether it has ended and all that was found is kept; `on_end` comes right after."""
        return self._is_over.is_set()

    def _wanted(self) -> Iterator[Wanted]:
        from reader.links.run import Wanted

        for _, link in self._collection.links_planned(self._plan):
            yield Wanted(link.url, link.is_amp)

    def _came(self, check: Check) -> None:
        assert self._keeper is not None
        if not self._answered:
            past = past_of(check)
            if past.is_silence:
                self._held.add(check)
                return
            if past.is_answer or past.is_failing:
                self._answered = True
                self._letting_go = threading.Thread(target=self._let_go, name="reader-let-go")
                self._letting_go.start()
        self._keeper.put(check)

    def _let_go(self) -> None:
        """Have stored what was held back, no faster than that goes."""
        assert self._keeper is not None
        for check in self._held.all():
            self._keeper.wait_for_room()
            self._keeper.put(check)

    def _ended(self, result: RunSummary | BaseException) -> None:
        cut_off = not self._answered and (
            len(self._held.hosts) >= ALONE
            or (not isinstance(result, BaseException) and result.cut_off)
        )
        if self._letting_go is not None:
            self._letting_go.join()
        elif not cut_off:
            self._let_go()
        self._held.close()
        assert self._keeper is not None
        self._keeper.close()
        if isinstance(result, BaseException):
            ended = Ended(error=f"{type(result).__name__}: {result}".rstrip(": "))
        else:
            ended = Ended(result, cut_off)
        self._is_over.set()
        self._on_end(ended)


class _Held:
    """Checks held back, in the order they came: on the disk when they are many."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=HELD_IN_MEMORY)  # noqa: SIM115  closed by `close`
        self.hosts: set[str] = set()
        """The first few of their hosts."""

    def add(self, check: Check) -> None:
        self._file.write(json.dumps(check_fields(check)).encode() + b"\n")
        if len(self.hosts) < ALONE:
            self.hosts.add(host_of(check.url))

    def all(self) -> Iterator[Check]:
        self._file.seek(0)
        for line in self._file:
            yield check_of(json.loads(line))

    def close(self) -> None:
        self._file.close()


def asked(
    collection: Collection,
    plan: LinkPlan,
    settings: CheckSettings,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Asked:
    """Return what a plan comes to; nothing is asked. Only odd URLs have to be read for that, from
    their files: `progress` is told how many of them were, and of how many."""
    from reader.links.guard import Guard
    from reader.links.targets import RefusedError

    guard = Guard(settings.allow, settings.allow_ports)
    odd = plan.only(plan.odd)
    safe = unsafe = 0
    hosts = set(plan.hosts)
    for _, link in collection.links_planned(odd):
        try:
            hosts.add(guard.target(link.url).host)
            safe += 1
        except RefusedError:
            unsafe += 1
        progress(safe + unsafe, odd.urls)
    return Asked(plan.urls - odd.urls + safe, len(hosts), unsafe)


def found(collection: Collection, known: Iterable[Known], *, asked: bool = True) -> list[Found]:
    """Return what is known of links with the records that have them, and what AMP pages say."""
    return [_found(collection, each, asked) for each in known]


def _found(collection: Collection, known: Known, asked: bool) -> Found:
    url = known.check.url
    places = []
    for id, role in collection.verdicts.records_with(url)[:MAX_PLACES]:
        path = collection.path(id)
        if path is not None:
            places.append(Place(id, path, role))
    return Found(known, tuple(places), _amp(collection, known, places), asked)


def _amp(collection: Collection, known: Known, places: Sequence[Place]) -> Amp | None:
    if known.check.declares_amp is None and known.check.canonical is None:
        return None
    from reader.records.amp_pages import said_by_amp
    from reader.records.links import link_key, links_of
    from reader.records.record import Record

    key = link_key(known.check.url)
    for place in places:
        opened = collection.open_record(place.id)
        if opened is None or not isinstance(opened.record, Record):
            continue
        for link in links_of(opened.record, (place.role,)):
            if link.is_amp and link.key == key:
                return said_by_amp(known.check, link.web)
    return None


def check_settings(chosen: Config, allow: Sequence[str] = ()) -> CheckSettings | str:
    """Return how checking is to behave, by the settings and with more networks allowed; a sentence
    where one of them is none."""
    from ipaddress import ip_network

    from reader.config import table
    from reader.links.settings import USER_AGENT, CheckSettings

    ports = chosen[table.LINKS_PORTS]
    networks = []
    for given in (*chosen[table.LINKS_ALLOW], *allow):
        try:
            networks.append(ip_network(given.strip(), strict=False))
        except ValueError:
            return f"“{given}” is no network: write it like 10.1.0.0/16 or 192.168.1.7."
    return CheckSettings(
        per_host=chosen[table.LINKS_PER_HOST],
        pause=chosen[table.LINKS_PAUSE],
        user_agent=chosen[table.LINKS_USER_AGENT] or USER_AGENT,
        allow=tuple(networks),
        allow_ports=frozenset(ports),
        proxy_from_environment=chosen[table.LINKS_PROXY],
    )


def usual_roles(chosen: Config) -> tuple[Role, ...]:
    """Return the roles of links that are checked when nobody says otherwise."""
    from reader.config import table

    return tuple(Role(name) for name in chosen[table.LINKS_ROLES])
