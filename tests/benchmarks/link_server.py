"""A process that answers every request after a while, on many loopback addresses at one port.

python link_server.py ADDRESSES SECONDS

Prints its port, and answers until its standard input ends.
"""

from __future__ import annotations

import asyncio
import os
import sys

PARAGRAPH = b"<p>Words of a paragraph, one after another, as pages have them.</p>\n"
PAGE = (
    b"<!doctype html><html lang=en><head><meta charset=utf-8><title>A page</title>"
    b"<link rel=canonical href=https://site.example/page></head><body><h1>A page</h1>\n"
    + PARAGRAPH
    * 30
)
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: bench\r\n"
    b"Content-Length: %d\r\n\r\n" % len(PAGE)
) + PAGE


def address(number: int) -> str:
    """Return a loopback address; each number has its own."""
    return f"127.{1 + number // 62500}.{1 + number // 250 % 250}.{1 + number % 250}"


class _Answering(asyncio.Protocol):
    seconds = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        *requests, self._rest = (self._rest + data).split(b"\r\n\r\n")
        for _ in requests:
            asyncio.get_running_loop().call_later(self.seconds, self._answer)

    def _answer(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(ANSWER)  # type: ignore[attr-defined]


async def _serve(addresses: int, seconds: float) -> None:
    _Answering.seconds = seconds
    loop = asyncio.get_running_loop()
    first = await loop.create_server(_Answering, address(0), 0, backlog=1024)
    port = first.sockets[0].getsockname()[1]
    for number in range(1, addresses):
        await loop.create_server(_Answering, address(number), port, backlog=256)
    print(port, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)  # transports of clients that are gone need no farewell


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2])))
