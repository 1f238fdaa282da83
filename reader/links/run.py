"""A run: URLs in, verdicts out, as they come."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterable, Callable, Iterable
from dataclasses import dataclass, replace

from reader.links.asking import Again, Asker, Job
from reader.links.evidence import Evidence, Near, Trouble, Unasked
from reader.links.guard import Guard
from reader.links.hosts import Hosts
from reader.links.judging import judge
from reader.links.resolving import Resolver
from reader.links.seen import Seen
from reader.links.settings import CheckSettings
from reader.links.targets import RefusedError
from reader.links.transport import Origin, Transport
from reader.records.verdicts import Check, Verdict

_FED_AT_ONCE = 200  # URLs, before the loop gets its turn
_LOOK_FOR_CANCEL = 0.05  # seconds


@dataclass(frozen=True, slots=True)
class Wanted:
    """A URL to check."""

    url: str
    is_amp: bool = False
    """Whether to look if the page declares itself AMP."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What became of a run."""

    verdicts: dict[Verdict, int]
    """How many URLs, by verdict."""
    hosts: int
    requests: int
    seconds: float
    unfinished: int = 0
    """URLs that were queued, and had no verdict when the run was cancelled."""
    left_hosts: tuple[str, ...] = ()
    """Hosts that could not be connected to, and were left."""
    cut_off: bool = False
    """Whether this machine seems to have no network, by itself: nothing that was asked got beyond it."""

    @property
    def checked(self) -> int:
        """How many URLs have a verdict."""
        return sum(self.verdicts.values())


async def check_all(
    urls: Iterable[Wanted] | AsyncIterable[Wanted],
    settings: CheckSettings,
    on_check: Callable[[Check], None],
    cancelled: Callable[[], bool] | None = None,
) -> RunSummary:
    """Check URLs, each once, and call `on_check` for each as its verdict is there.

    The URLs are taken as fast as they come and kept on the disk; memory does not grow with them.
    `cancelled` is looked at some twenty times a second; what is under way then is given up without
    a verdict. Raises only what `urls` and `on_check` raise, and ProxyError.
    """
    run = _Run(settings, on_check)
    try:
        return await run.all_of(urls, cancelled)
    finally:
        await run.close()


class _Run:
    def __init__(self, settings: CheckSettings, on_check: Callable[[Check], None]) -> None:
        self._settings = settings
        self._on_check = on_check
        self._counts: Counter[Verdict] = Counter()
        self._left: list[str] = []
        self._near: set[Near | None] = set()
        """How what came of requests may be this machine's trouble; None: it is not."""
        self._seen = Seen()
        self._resolver = Resolver(settings.resolver)
        self._transport = Transport(
            settings.ssl_context, max_idle=4 * settings.workers, max_bytes=settings.max_bytes
        )
        self._guard = Guard(settings.allow, settings.allow_ports)
        self._asker = Asker(settings, self._guard, self._resolver, self._transport)
        self._hosts = Hosts(per_host=settings.per_host, pause=settings.pause)

    async def all_of(
        self,
        urls: Iterable[Wanted] | AsyncIterable[Wanted],
        cancelled: Callable[[], bool] | None,
    ) -> RunSummary:
        begun = time.monotonic()
        tasks = [asyncio.create_task(self._feed(urls))]
        tasks += [asyncio.create_task(self._work()) for _ in range(self._settings.workers)]
        watch = asyncio.create_task(_watch(cancelled)) if cancelled is not None else None
        try:
            await _first_error(tasks, watch)
        finally:
            for task in (*tasks, *([watch] if watch else [])):
                task.cancel()
            await asyncio.gather(*tasks, *([watch] if watch else []), return_exceptions=True)
        return RunSummary(
            dict(self._counts),
            len(self._hosts),
            self._asker.requests,
            time.monotonic() - begun,
            self._hosts.unfinished,
            tuple(self._left),
            self._is_cut_off(),
        )

    def _is_cut_off(self) -> bool:
        if not self._near or None in self._near:
            return False
        return Near.WAY not in self._near or not self._settings.has_way_out()

    async def close(self) -> None:
        self._hosts.close()
        self._resolver.close()
        await self._transport.aclose()

    async def _feed(self, urls: Iterable[Wanted] | AsyncIterable[Wanted]) -> None:
        if isinstance(urls, AsyncIterable):
            async for wanted in urls:
                self._add(wanted)
        else:
            for number, wanted in enumerate(urls):
                self._add(wanted)
                if number % _FED_AT_ONCE == _FED_AT_ONCE - 1:
                    await asyncio.sleep(0)
        self._hosts.end()

    def _add(self, wanted: Wanted) -> None:
        url = wanted.url
        if not self._seen.add(url):
            return
        try:
            target = self._guard.target(url)
        except RefusedError as refusal:
            unasked = Unasked(url, str(refusal))
            self._say(judge(Evidence(url, (), unasked, self._settings.clock())))
            return
        self._hosts.add(Job(url, target, wanted.is_amp))

    def _say(self, check: Check) -> None:
        self._counts[check.verdict] += 1
        self._on_check(check)

    async def _work(self) -> None:
        while (job := await self._hosts.take()) is not None:
            host = job.target.host
            left = self._hosts.left(host)
            if left is not None:
                self._hosts.asked(host, left)
                job.tries = 1
                self._finish(job, self._asker.check(job, replace(left, url=job.target.url)))
                continue
            came, outcome = await self._asker.step(job)
            if isinstance(outcome, Unasked):
                self._hosts.unasked(job)
            else:
                trouble = outcome if isinstance(outcome, Trouble) else None
                self._near.add(None if trouble is None else trouble.near)
                self._note(host, trouble)
            if isinstance(came, Again):
                self._hosts.again(job, came.wait, came.hold)
            else:
                self._finish(job, came)

    def _finish(self, job: Job, check: Check) -> None:
        self._hosts.finished(job)
        if self._hosts.is_done(job.target.host):
            self._transport.forget(Origin.of(job.target))
        self._say(check)

    def _note(self, host: str, trouble: Trouble | None) -> None:
        if trouble is not None and trouble.connected:
            trouble = None
        failures = self._hosts.asked(host, trouble)
        if trouble is None or failures < self._settings.host_failures or self._hosts.left(host):
            return
        why = f"{host} could not be connected to {failures} times in a row and was left for the"
        why += f" rest of the run: {trouble.why}"
        self._hosts.leave(host, replace(trouble, why=why, may_pass=False))
        self._left.append(host)


async def _watch(cancelled: Callable[[], bool]) -> None:
    while not cancelled():
        await asyncio.sleep(_LOOK_FOR_CANCEL)


async def _first_error(tasks: list[asyncio.Task[None]], watch: asyncio.Task[None] | None) -> None:
    """Wait until all tasks have ended, one has failed (raised here), or the watch says stop."""
    open_ = set(tasks)
    while open_:
        waited = open_ | ({watch} if watch else set())
        done, _ = await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        if watch in done:
            return
        open_ -= done
