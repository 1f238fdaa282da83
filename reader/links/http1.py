"""HTTP/1.1 over one connection, by h11: one exchange at a time, everything bounded."""

from __future__ import annotations

from collections.abc import AsyncIterator

import h11
import httpx

from reader.links.wire import TooMuchError, Wire

MAX_HEAD = 64 * 1024
"""Most bytes of an answer's status line and headers, of a chunk's line, of trailers."""
_MAX_INFORMATIONAL = 8
_HTTP2_SETTINGS = b"\x04\x00\x00\x00\x00\x00"  # a frame's type, flags and stream, after its length


class StaleError(Exception):
    """The server closed the connection without a byte of an answer."""


class HTTP2OnlyError(Exception):
    """The server speaks nothing but HTTP/2."""


class Connection:
    """A connection to one origin. After each exchange: `reusable()`, or to be closed."""

    def __init__(self, wire: Wire, tls_not_after: float | None) -> None:
        self.wire = wire
        self.tls_not_after = tls_not_after
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD)
        self._broken = False

    async def ask(
        self, method: bytes, target: bytes, headers: list[tuple[bytes, bytes]]
    ) -> h11.Response:
        """Send a request without a body and return the head of the answer.

        Raises StaleError, HTTP2OnlyError, httpx.ReadError and httpx.RemoteProtocolError.
        """
        state = self._state
        try:
            request = h11.Request(method=method, target=target, headers=headers)
            self.wire.write((state.send(request) or b"") + (state.send(h11.EndOfMessage()) or b""))
        except h11.LocalProtocolError as error:
            raise httpx.LocalProtocolError(str(error)) from error
        first = True
        informational = 0
        while True:
            event = self._next()
            if event is h11.NEED_DATA:
                data = await self._read(first)
                if first and data[3:9] == _HTTP2_SETTINGS:
                    raise HTTP2OnlyError
                first = False
                state.receive_data(data)
            elif isinstance(event, h11.Response):
                return event
            elif isinstance(event, h11.InformationalResponse) and event.status_code != 101:
                informational += 1
                if informational > _MAX_INFORMATIONAL:
                    raise httpx.RemoteProtocolError("interim answers without end")
            else:
                raise httpx.RemoteProtocolError("no answer to what was asked")

    async def body(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes, as it is on the wire. Raises as `ask` does."""
        self._broken = True  # until its end is seen
        while True:
            event = self._next()
            if event is h11.NEED_DATA:
                self._state.receive_data(await self._read(first=False))
            elif isinstance(event, h11.Data):
                yield bytes(event.data)
            else:
                break
        self._broken = False

    def reusable(self) -> bool:
        """Make ready for another exchange and return True, when the last one ended cleanly.

        Bytes beyond the answer's length would be read as the answer to the next request.
        """
        state = self._state
        if not self._broken and state.our_state is h11.DONE and state.their_state is h11.SEND_BODY:
            self._finish_empty()
        if (
            self._broken
            or state.our_state is not h11.DONE
            or state.their_state is not h11.DONE
            or state.trailing_data[0]
            or not self.wire.quiet
        ):
            return False
        state.start_next_cycle()
        return True

    def _finish_empty(self) -> None:
        """A body that nobody read, but that is there in full (or is empty), does no harm."""
        try:
            while isinstance(self._state.next_event(), h11.Data):
                pass
        except h11.RemoteProtocolError:
            self._broken = True

    def _next(self) -> object:
        try:
            return self._state.next_event()
        except h11.RemoteProtocolError as error:
            raise httpx.RemoteProtocolError(str(error)) from error

    async def _read(self, first: bool) -> bytes:
        try:
            data = await self.wire.read()
        except TooMuchError:
            raise httpx.RemoteProtocolError("an answer without end") from None
        except OSError as error:
            if first:
                raise StaleError from error
            raise httpx.ReadError(str(error)) from error
        if not data and first:
            raise StaleError
        return data
