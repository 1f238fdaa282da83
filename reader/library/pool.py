"""Parsing many files on all cores, in processes of our own.

Not multiprocessing: inside a Textual app its helper breaks, because stderr has no file number.
"""

from __future__ import annotations

import contextlib
import fcntl
import marshal
import os
import selectors
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from reader.records.record import Problem

from .parse_worker import LENGTH, READY, frame
from .parsing import Parsed, parse_file, problem

FEW = 300  # files for which starting processes costs more than it saves
BATCH = 96  # files sent at once: each batch costs both sides a turn and a dozen statements
BATCH_BYTES = 24_000  # of their paths
AHEAD = 4  # batches a worker has before it: it goes on while the index is being written
PIPE_BYTES = 1 << 20  # for the answers to some batches
MAX_WORKERS = 8
SILENCE = 30.0  # seconds without a word before a worker is given up
TICK = 0.1  # seconds at most between two yields
STARTS = 3  # workers that may die before their first word

Span = tuple[int, int]
Result = tuple[int, list[Parsed]]
"""The number of the first path, and what was found at it and at those that follow."""

_DIED = problem(Problem("This file crashed the parser. Look at it with an editor, or remove it."))
_SILENT = problem(Problem("This file kept the parser busy for 30 seconds and was given up."))


def parse_all(
    root: bytes,
    paths: Sequence[bytes],
    cancelled: Callable[[], bool],
    pool: Pool | None = None,
) -> Iterator[Result]:
    """Yield what is found at each path, in any order; an empty list when there is nothing new.
    `pool`: workers that were started while the paths were still being found.

    A file that kills or stalls a worker is a Problem, and the rest goes on. Close the iterator
    to end early: no worker is left behind.
    """
    if len(paths) > FEW:
        pool = pool or Pool(root)
        try:
            yield from pool.run(paths, cancelled)
        finally:
            pool.close()
        left = pool.left
    else:
        left = [(0, len(paths))]
    for start, stop in left:  # few, or no worker could be started
        for first in range(start, stop, 8):
            if cancelled():
                return
            last = min(first + 8, stop)
            yield first, [parse_file(root, path) for path in paths[first:last]]


class Worker:
    """One process, and what it has been asked."""

    def __init__(self, root: bytes):
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "reader.library.parse_worker", root],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            cwd="/",
            bufsize=0,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.requests = self.process.stdin
        self.answers = self.process.stdout
        _widen(self.answers.fileno())
        self.asked: deque[Span] = deque()
        self.heard = time.monotonic()
        self.ready = False
        self._pending = bytearray()

    def ask(self, span: Span, paths: Sequence[bytes]) -> None:
        """Send the paths of `span`; that the worker is gone shows when it is heard."""
        if not self.asked:
            self.heard = time.monotonic()
        self.asked.append(span)
        with contextlib.suppress(OSError):
            self.requests.write(frame(list(paths[span[0] : span[1]])))

    def hear(self) -> list[object] | None:
        """Return the messages that have arrived; None when the worker is gone."""
        data = os.read(self.answers.fileno(), 1 << 20)
        if not data:
            return None
        self.heard = time.monotonic()
        pending = self._pending
        pending += data
        messages: list[object] = []
        at = 0
        while len(pending) - at >= LENGTH.size:
            (length,) = LENGTH.unpack_from(pending, at)
            end = at + LENGTH.size + length
            if len(pending) < end:
                break
            messages.append(marshal.loads(memoryview(pending)[at + LENGTH.size : end]))  # noqa: S302  our own worker's
            at = end
        del pending[:at]
        return messages

    def close(self) -> None:
        self.process.kill()
        self.requests.close()
        self.answers.close()
        self.process.wait()


class Pool:
    """The workers of one run."""

    def __init__(self, root: bytes):
        self.root = root
        self.paths: Sequence[bytes] = ()
        self.left: list[Span] = []
        """What is still to be done when no worker can be had."""
        self._next = 0
        self._again: deque[Span] = deque()
        self._workers: list[Worker] = []
        self._selector = selectors.DefaultSelector()
        self._false_starts = 0

    def start(self, files: int) -> None:
        """Start as many workers as so many files are worth: they load while more are found."""
        for _ in range(len(self._workers), min(_cores(), MAX_WORKERS, files // BATCH + 1)):
            self._start()

    def run(self, paths: Sequence[bytes], cancelled: Callable[[], bool]) -> Iterator[Result]:
        self.paths = paths
        self.start(len(paths))
        while not cancelled():
            for worker in self._workers:
                self._feed(worker)
            if not self._workers:
                self.left = [*self._again]
                if self._next < len(self.paths):
                    self.left.append((self._next, len(self.paths)))
                return
            if self._next >= len(self.paths) and not self._again and not self._busy():
                return
            events = self._selector.select(TICK)
            if not events:
                yield 0, []
            for key, _ in events:
                worker = key.data
                messages = worker.hear()
                if messages is None:
                    yield from self._lost(worker, _DIED)
                    continue
                for message in messages:
                    if isinstance(message, list):
                        yield worker.asked.popleft()[0], message
                    else:
                        worker.ready = message == READY
            now = time.monotonic()
            for worker in tuple(self._workers):
                if worker.asked and now - worker.heard > SILENCE:
                    yield from self._lost(worker, _SILENT)

    def close(self) -> None:
        for worker in self._workers:
            worker.close()
        self._workers.clear()
        self._selector.close()

    def _start(self) -> None:
        if not sys.executable or self._false_starts >= STARTS:
            return
        try:
            worker = Worker(self.root)
        except OSError:
            self._false_starts += 1
            return
        self._workers.append(worker)
        self._selector.register(worker.answers, selectors.EVENT_READ, worker)

    def _busy(self) -> bool:
        return any(worker.asked for worker in self._workers)

    def _feed(self, worker: Worker) -> None:
        while len(worker.asked) < AHEAD:
            span = self._take()
            if span is None:
                return
            worker.ask(span, self.paths)

    def _take(self) -> Span | None:
        if self._again:
            return self._again.popleft()
        start = stop = self._next
        size = 0
        while stop < len(self.paths) and stop - start < BATCH and size < BATCH_BYTES:
            size += len(self.paths[stop])
            stop += 1
        self._next = stop
        return (start, stop) if stop > start else None

    def _lost(self, worker: Worker, verdict: Parsed) -> Iterator[Result]:
        """A worker is gone: the file it was at is to blame; find out which, one by one."""
        self._selector.unregister(worker.answers)
        self._workers.remove(worker)
        worker.close()
        if not worker.ready:
            self._false_starts += 1
        elif worker.asked:
            start, stop = worker.asked.popleft()
            if stop - start == 1:
                yield start, [verdict]
            else:
                self._again.extend((each, each + 1) for each in range(start, stop))
        self._again.extend(worker.asked)
        self._start()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return max(len(os.sched_getaffinity(0)), 1)
    return os.cpu_count() or 1


def _widen(pipe: int) -> None:
    """Let the answers to some batches wait in a pipe, where the system can."""
    with contextlib.suppress(AttributeError, OSError):  # Linux alone; beyond the user's share
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def _environment() -> dict[str, str]:
    """The workers find `reader` where we found it, and nothing in the folder we stand in."""
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    places = [package, *(each for each in given if os.path.isabs(each))]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
