"""A server of the tests' own: what it answers is bytes, so that it can answer anything."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

from reader.links.run import RunSummary, Wanted, check_all
from reader.links.settings import CheckSettings
from reader.records.verdicts import Check

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@dataclass
class Seen:
    """One request, as the server saw it."""

    method: str
    path: str
    headers: dict[str, str]
    connection: int
    at: float
    """Seconds of the loop's clock."""


@dataclass
class Exchange:
    """What an answering function works with."""

    seen: Seen
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    def hang_up(self, reset: bool = False) -> None:
        if reset:
            sock = self.writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.writer.transport.abort() if reset else self.writer.close()


Answering = Callable[[Exchange], Awaitable[None]]
Script = bytes | Answering | list[bytes | Answering]
"""Bytes to send; a function that answers; or one of these for each request, the last repeated."""


def answer(
    status: int = 200,
    body: bytes | str = b"",
    headers: Iterable[tuple[str, str]] = (),
    type: str = "text/html; charset=utf-8",
) -> bytes:
    """Return a well-formed answer."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Word", f"Content-Length: {len(data)}", f"Content-Type: {type}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def redirect(status: int, location: str, headers: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return a redirect."""
    return answer(status, b"", [("Location", location), *headers])


@dataclass
class Server:
    """What it was asked, and how it answers. `scripts` by path (without the query); `*`: any."""

    scripts: dict[str, Script]
    address: str = "127.0.0.1"
    port: int = 0
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0
    under_way: dict[str, int] = field(default_factory=dict)
    most_at_once: dict[str, int] = field(default_factory=dict)
    """By Host header: the most requests it had under way."""
    names: list[str | None] = field(default_factory=list)
    """What TLS clients asked for by SNI."""
    delay: float = 0.0
    errors: list[BaseException] = field(default_factory=list)

    def url(self, path: str = "/page", host: str = "site.test", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [each.path for each in self.seen]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if not await self._answer(head, number, reader, writer):
                    return
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        except asyncio.CancelledError:
            pass  # the test is over
        except Exception as error:
            self.errors.append(error)
        finally:
            writer.close()

    async def _answer(
        self,
        head: bytes,
        number: int,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ")
        pairs = (line.partition(": ") for line in lines if line)
        headers = {name.lower(): value for name, _, value in pairs}
        now = asyncio.get_running_loop().time()
        seen = Seen(method, path, headers, number, now)
        self.seen.append(seen)
        name = headers.get("host", "")
        self.under_way[name] = self.under_way.get(name, 0) + 1
        self.most_at_once[name] = max(self.most_at_once.get(name, 0), self.under_way[name])
        try:
            if self.delay:
                await asyncio.sleep(self.delay)
            script = self._script(path.partition("?")[0])
            if callable(script):
                await script(Exchange(seen, reader, writer))
                return not writer.is_closing()
            writer.write(script)
            await writer.drain()
            return True
        finally:
            self.under_way[name] -= 1

    def _script(self, path: str) -> bytes | Answering:
        script = self.scripts.get(path, self.scripts.get("*", answer(404)))
        if isinstance(script, list):
            return script.pop(0) if len(script) > 1 else script[0]
        return script


@contextlib.asynccontextmanager
async def serving(
    scripts: dict[str, Script],
    address: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
    delay: float = 0.0,
    port: int = 0,
) -> AsyncIterator[Server]:
    """Serve while the block runs."""
    server = Server(scripts, address, delay=delay)
    if tls is not None:
        tls.sni_callback = lambda _, name, __: server.names.append(name)  # type: ignore[assignment]
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(server.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    listening = await asyncio.start_server(connected, address, port, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)
    assert not server.errors, server.errors


class Names:
    """A resolver: names to addresses, and how often each was asked for."""

    def __init__(self, **known: str | list[str] | OSError) -> None:
        self.known = {name.replace("_", "."): value for name, value in known.items()}
        self.asked: list[str] = []

    def __call__(self, name: str) -> list[str]:
        self.asked.append(name)
        found = self.known.get(name, "127.0.0.1" if name.endswith(".test") else None)
        if isinstance(found, OSError):
            raise found
        if found is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [found] if isinstance(found, str) else list(found)


def settings(**given: Any) -> CheckSettings:
    """Settings for tests: loopback allowed, no pauses, the resolver a fake."""
    usual: dict[str, Any] = {
        "allow": LOOPBACK,
        "resolver": Names(),
        "pause": 0.0,
        "retry_wait": 0.01,
        "deadline": 10.0,
        "random": lambda: 0.5,
        "clock": lambda: 1_800_000_000.0,
    }
    return CheckSettings(**(usual | given))


async def checked(urls: Iterable[str | Wanted], **given: Any) -> dict[str, Check]:
    """Check URLs; return what is said of each."""
    return (await run(urls, **given))[0]


async def run(urls: Iterable[str | Wanted], **given: Any) -> tuple[dict[str, Check], RunSummary]:
    """Check URLs; return what is said of each, and the summary."""
    found: dict[str, Check] = {}

    def keep(check: Check) -> None:
        assert check.url not in found, "said twice"
        found[check.url] = check

    wanted = [Wanted(url) if isinstance(url, str) else url for url in urls]
    summary = await asyncio.wait_for(check_all(wanted, settings(**given), keep), 60)
    assert summary.checked == len(found)
    return found, summary


async def check_one(url: str, **given: Any) -> Check:
    """Check one URL."""
    return (await checked([url], **given))[url]
