"""One connection's bytes: a protocol of asyncio's that is read from when one wants to."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

HIGH_WATER = 256 * 1024


class TooMuchError(Exception):
    """The peer sent more bytes than one exchange may take."""


class Wire(asyncio.Protocol):
    """Bytes in and out. asyncio's streams do the same at twice the cost a request."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._ended = False
        self._error: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._paused = False
        self._left = 0
        self._until: float | None = None

    # -- called by asyncio --------------------------------------------------------------------
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """See asyncio."""
        self._buffer += data
        if len(self._buffer) > HIGH_WATER and not self._paused and self._transport:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """See asyncio."""
        self._ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio."""
        self._ended = True
        self._error = exc
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # -- for us -------------------------------------------------------------------------------
    def begin(self, budget: int, until: float | None) -> None:
        """Allow `budget` bytes from now on, and time until then by the loop's clock; `read` raises
        TooMuchError or TimeoutError beyond them."""
        self._left = budget
        self._until = until

    def allow_until(self, until: float) -> None:
        """Give it another time."""
        self._until = until

    @property
    def quiet(self) -> bool:
        """Whether nothing came unasked and the peer still holds the connection open."""
        return not self._buffer and not self._ended and self._transport is not None

    def info(self, name: str) -> Any:
        """Return what asyncio knows of the transport."""
        return self._transport.get_extra_info(name) if self._transport else None

    def write(self, data: bytes) -> None:
        """Send bytes; a peer that is gone is noticed at the next read."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    async def read(self) -> bytes:
        """Return the bytes that have come, waiting for some; empty at the end. Raises OSError,
        TimeoutError among them."""
        while not self._buffer:
            if self._ended:
                if self._error is not None:
                    raise ConnectionResetError(str(self._error))
                return b""
            await self._wait()
        data = bytes(self._buffer)
        self._buffer.clear()
        if self._paused and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()
        self._left -= len(data)
        if self._left < 0:
            raise TooMuchError
        return data

    async def _wait(self) -> None:
        # One timer a wait: asyncio's own timeouts cost several times that, at each request.
        loop = asyncio.get_running_loop()
        self._waiter = waiter = loop.create_future()
        timer = None if self._until is None else loop.call_at(self._until, _expire, waiter)
        try:
            await waiter
        finally:
            self._waiter = None
            if timer is not None:
                timer.cancel()

    async def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Begin TLS on the open connection."""
        assert self._transport is not None
        self._transport = await asyncio.get_running_loop().start_tls(
            self._transport, self, context, server_hostname=host, ssl_handshake_timeout=120
        )

    def close(self) -> None:
        """End the connection at once: what is unread does not matter any more."""
        if self._transport is not None:
            self._transport.abort()


def _expire(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_exception(TimeoutError())
