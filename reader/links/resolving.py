"""Names to addresses, on threads of our own, each name once."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import socket
import threading
import time
from collections import OrderedDict

from reader.links import addresses
from reader.links.addresses import Address
from reader.links.settings import Resolve

THREADS = 32
KEPT_NAMES = 4096
KEPT_SECONDS = 300.0

_Answer = list[Address] | OSError


def system(host: str) -> list[str]:
    """Return what the system's resolver gives for a name; raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


class Resolver:
    """Resolves for one event loop. The system's call cannot be stopped and may take a minute: its
    threads are daemons, so that no hanging name keeps the program open."""

    def __init__(self, resolve: Resolve | None = None) -> None:
        self._resolve = resolve or system
        self._known: OrderedDict[str, tuple[float, asyncio.Future[_Answer]]] = OrderedDict()
        self._asked: queue.SimpleQueue[tuple[str, asyncio.Future[_Answer]] | None]
        self._asked = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._waiting = 0

    async def addresses(self, host: str) -> list[Address]:
        """Return a name's addresses, those found before as they were then. Raises OSError.

        An answer that is no address (or has a zone) is one too many: ValueError.
        """
        known = self._known.get(host)
        if known is None or known[0] < time.monotonic():
            known = self._ask(host)
        answer = await asyncio.shield(known[1])
        if isinstance(answer, OSError):
            if _may_pass(answer):
                self._known.pop(host, None)
            raise type(answer)(*answer.args)  # the kept one would gather a traceback each time
        return answer

    def _ask(self, host: str) -> tuple[float, asyncio.Future[_Answer]]:
        future: asyncio.Future[_Answer] = asyncio.get_running_loop().create_future()
        known = (time.monotonic() + KEPT_SECONDS, future)
        self._known[host] = known
        self._known.move_to_end(host)
        while len(self._known) > KEPT_NAMES:
            self._known.popitem(last=False)
        self._waiting += 1
        future.add_done_callback(self._answered)
        if len(self._threads) < min(THREADS, self._waiting):
            thread = threading.Thread(target=self._work, name="reader-resolve", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._asked.put((host, future))
        return known

    def _answered(self, _: asyncio.Future[_Answer]) -> None:
        self._waiting -= 1

    def _work(self) -> None:
        while (asked := self._asked.get()) is not None:
            host, future = asked
            answer: _Answer
            try:
                given = [addresses.read(text) for text in self._resolve(host)]
                sure = [address for address in given if address is not None]
                if not sure or len(sure) < len(given):
                    raise socket.gaierror(socket.EAI_NONAME, "no usable address")
                answer = list(dict.fromkeys(sure))
            except OSError as error:
                answer = error
            except Exception as error:  # noqa: BLE001 - a name is a stranger's text
                answer = socket.gaierror(socket.EAI_NONAME, str(error))
            with contextlib.suppress(RuntimeError):  # the loop may be closed by now
                future.get_loop().call_soon_threadsafe(_settle, future, answer)

    def close(self) -> None:
        """Let the threads end, each after the name it is at."""
        for _ in self._threads:
            self._asked.put(None)
        self._threads.clear()


def _settle(future: asyncio.Future[_Answer], answer: _Answer) -> None:
    if not future.done():
        future.set_result(answer)


def _may_pass(error: OSError) -> bool:
    return isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
