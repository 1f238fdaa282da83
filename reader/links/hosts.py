"""The queue of a run: by host, fair between hosts, polite to each, of bounded memory.

A job that needs another request (a redirect, a retry) comes back to the queue of the host it will
ask, so that what is said of a host holds for every request to it, and no worker waits for one.
"""

from __future__ import annotations

import asyncio
import heapq
import tempfile
from array import array
from collections import deque

from reader.links.asking import Job
from reader.links.evidence import Trouble
from reader.links.targets import parse

_IN_MEMORY = 5000  # URLs; further ones wait in a temporary file
_SPOOL = 1 << 20
_NOW = 0.0


class _Backlog:
    """The URLs of one host that nobody has begun, in order; the first of them in memory as long as
    not too many are there over all hosts. Empty it is small: there may be as many hosts as URLs."""

    __slots__ = ("_at", "_front", "_places", "_spill")

    def __init__(self, spill: _Spill) -> None:
        self._front: deque[Job] | None = None
        self._places: array[int] | None = None
        self._at = 0
        """Which of the places is the next."""
        self._spill = spill

    def __len__(self) -> int:
        waiting = 0 if self._places is None else len(self._places) - self._at
        return waiting + (len(self._front) if self._front else 0)

    def add(self, job: Job) -> None:
        if self._places is None and self._spill.in_memory < _IN_MEMORY:
            self._spill.in_memory += 1
            if self._front is None:
                self._front = deque()
            self._front.append(job)
            return
        if self._places is None:
            self._places = array("Q")
        self._places.append(self._spill.write(job.url, job.is_amp))

    def pop(self) -> Job:
        if self._front:
            job = self._front.popleft()
            self._spill.in_memory -= 1
            if not self._front:
                self._front = None
            return job
        assert self._places is not None
        url, is_amp = self._spill.read(self._places[self._at])
        self._at += 1
        if self._at == len(self._places):
            self._places, self._at = None, 0
        return Job(url, parse(url), is_amp)


class _Spill:
    """Texts in a file without a name, in memory while they are few."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_SPOOL)  # noqa: SIM115  closed with the queue
        self._end = 0
        self.in_memory = 0
        """URLs that wait in memory instead."""

    def write(self, url: str, is_amp: bool) -> int:
        data = (b"a" if is_amp else b"-") + url.encode("utf-8", "surrogatepass")
        self._file.seek(self._end)
        place = self._end
        self._file.write(len(data).to_bytes(4, "little") + data)
        self._end += 4 + len(data)
        return place

    def read(self, place: int) -> tuple[str, bool]:
        self._file.seek(place)
        length = int.from_bytes(self._file.read(4), "little")
        data = self._file.read(length)
        return data[1:].decode("utf-8", "surrogatepass"), data[:1] == b"a"

    def close(self) -> None:
        self._file.close()


class _Host:
    __slots__ = (
        "again", "backlog", "begun", "busy", "failures", "held_until", "later", "left", "name", "open",
        "rested_at", "slot",
    )  # fmt: skip

    def __init__(self, name: str, spill: _Spill) -> None:
        self.name = name
        self.backlog = _Backlog(spill)
        self.again: deque[Job] | None = None
        """Jobs that are back, and may be handed out at once."""
        self.later: list[tuple[float, int, Job]] = []
        self.begun = False
        self.busy = 0
        """Requests under way to it."""
        self.open = 0
        """Jobs begun from its backlog and not ended, wherever their redirects took them."""
        self.rested_at = 0.0
        """When the pause after the request before ends."""
        self.held_until = 0.0
        """It asked to be left alone until then."""
        self.failures = 0
        """Failures to connect in a row."""
        self.left: Trouble | None = None
        """Why it is not asked any more."""
        self.slot: float | None = None
        """When it will be looked at next: _NOW in the ring, else its time in the timetable."""

    @property
    def ready_at(self) -> float:
        """When it may be asked."""
        return max(self.rested_at, self.held_until)


class Hosts:
    """Hands out jobs, one request at a time. For one event loop."""

    def __init__(self, *, per_host: int, pause: float) -> None:
        self._per_host = per_host
        self._pause = pause
        self._loop = asyncio.get_running_loop()
        self._spill = _Spill()
        self._hosts: dict[str, _Host] = {}
        self._ring: deque[_Host] = deque()
        self._unbegun: deque[_Host] = deque()
        """Hosts nobody has asked yet come after those that were: their connections are kept."""
        self._times: list[tuple[float, int, _Host]] = []
        self._counter = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._fed = False
        self.unfinished = 0
        """URLs added and not ended."""

    def __len__(self) -> int:
        return len(self._hosts)

    # -- filling ------------------------------------------------------------------------------
    def add(self, job: Job) -> None:
        """Queue a URL under its host."""
        self.unfinished += 1
        job.home = job.target.host
        entry = self._host(job.home)
        entry.backlog.add(job)
        self._list(entry)

    def end(self) -> None:
        """Say that no more URLs come."""
        self._fed = True
        if not self.unfinished:
            self._wake_all()

    def _host(self, name: str) -> _Host:
        entry = self._hosts.get(name)
        if entry is None:
            entry = self._hosts[name] = _Host(name, self._spill)
        return entry

    # -- handing out --------------------------------------------------------------------------
    async def take(self) -> Job | None:
        """Return a job whose host may be asked now, waiting for one; None at the end of all."""
        while True:
            self._ripen()
            while self._ring or self._unbegun:
                entry = (self._ring or self._unbegun).popleft()
                entry.slot = None
                job = self._next_of(entry)
                if job is not None:
                    return job
            if self._fed and not self.unfinished:
                self._wake_all()
                return None
            self._set_timer()
            waiter: asyncio.Future[None] = self._loop.create_future()
            self._waiting.append(waiter)
            await waiter

    def _next_of(self, entry: _Host) -> Job | None:
        now = self._loop.time()
        while entry.later and entry.later[0][0] <= now:
            self._back(entry, heapq.heappop(entry.later)[2])
        if entry.busy >= self._per_host:
            return None  # listed again when one of its requests ends
        may_begin = entry.backlog and entry.open < self._per_host
        if (entry.ready_at > now and not entry.left) or not (entry.again or may_begin):
            self._list(entry)
            return None
        if entry.again:
            job = entry.again.popleft()
            entry.again = entry.again or None
        else:
            job = entry.backlog.pop()
            job.home = entry.name
            entry.open += 1
        entry.busy += 1
        entry.begun = True
        job.ready_before = entry.rested_at
        job.ready_after = entry.rested_at = max(entry.rested_at, now + self._pause)
        self._list(entry)
        return job

    def _list(self, entry: _Host) -> None:
        """Put a host where it will be looked at: the ring now, or the timetable."""
        if entry.slot == _NOW or entry.busy >= self._per_host:
            return
        if entry.again or (entry.backlog and entry.open < self._per_host):
            at = _NOW if entry.left else entry.ready_at
        elif entry.later:
            at = max(entry.ready_at, entry.later[0][0])
        else:
            return
        if at <= self._loop.time():
            entry.slot = _NOW
            (self._ring if entry.begun else self._unbegun).append(entry)
            self._wake()
        elif entry.slot is None or at < entry.slot:
            entry.slot = at  # a later entry of it in the timetable is void now
            self._counter += 1
            heapq.heappush(self._times, (at, self._counter, entry))
            if self._waiting:
                self._set_timer()

    def _ripen(self) -> None:
        now = self._loop.time()
        while self._times and self._times[0][0] <= now:
            at, _, entry = heapq.heappop(self._times)
            if entry.slot == at:
                entry.slot = _NOW
                self._ring.append(entry)

    # -- coming back --------------------------------------------------------------------------
    def asked(self, host: str, trouble: Trouble | None) -> int:
        """Note that a request to a host has ended; return its failures to connect in a row.

        `trouble`: why no connection was made, None when one was.
        """
        entry = self._hosts[host]
        entry.busy -= 1
        entry.failures = entry.failures + 1 if trouble else 0
        self._list(entry)
        return entry.failures

    def unasked(self, job: Job) -> None:
        """Note that a job that was handed out made no request: nobody has to pause for it."""
        entry = self._hosts[job.target.host]
        entry.busy -= 1
        if entry.rested_at == job.ready_after:
            entry.rested_at = job.ready_before  # what the host asked for meanwhile stands
        self._list(entry)

    def is_done(self, host: str) -> bool:
        """Whether nothing that is queued will ask a host."""
        entry = self._hosts[host]
        return not (entry.busy or entry.open or entry.again or entry.later or entry.backlog)

    def leave(self, host: str, trouble: Trouble) -> None:
        """Ask a host no more: what is queued for it is handed out without pauses."""
        self._hosts[host].left = trouble

    def left(self, host: str) -> Trouble | None:
        """Return why a host is not asked any more, None when it is."""
        return self._hosts[host].left

    def again(self, job: Job, wait: float, hold: bool) -> None:
        """Queue a job for its next request, of `job.target`, after `wait` seconds.

        `hold`: the host is not asked by anybody meanwhile.
        """
        entry = self._host(job.target.host)
        now = self._loop.time()
        if hold:
            entry.held_until = max(entry.held_until, now + wait)
        if wait <= 0 or hold:
            self._back(entry, job)
        else:
            self._counter += 1
            heapq.heappush(entry.later, (now + wait, self._counter, job))
        self._list(entry)

    @staticmethod
    def _back(entry: _Host, job: Job) -> None:
        if entry.again is None:
            entry.again = deque()
        entry.again.append(job)

    def finished(self, job: Job) -> None:
        """Note that a job has its verdict."""
        entry = self._hosts[job.home]
        entry.open -= 1
        self.unfinished -= 1
        self._list(entry)
        if self._fed and not self.unfinished:
            self._wake_all()

    # -- waking -------------------------------------------------------------------------------
    def _wake(self) -> None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return

    def _wake_all(self) -> None:
        while self._waiting:
            self._wake()

    def _set_timer(self) -> None:
        if not self._times:
            return
        at = self._times[0][0]
        if self._timer is not None:
            if self._timer.when() <= at:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(at, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        self._ripen()
        for _ in range(len(self._ring) + len(self._unbegun)):
            self._wake()
        self._set_timer()

    def close(self) -> None:
        """Let go of the timer and the file."""
        if self._timer is not None:
            self._timer.cancel()
        self._spill.close()
