"""HTTP/1.1 over one connection, by h11: one exchange at a time, everything bounded."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import h11
import httpx

from reader.links.wire import TooMuchError, Wire

MAX_HEAD = 64 * 1024
"""Most bytes of an answer's status line and headers, of a chunk's line, of trailers."""
_MAX_INFORMATIONAL = 8
_HTTP2_SETTINGS = b"\x04\x00\x00\x00\x00\x00"  # a frame's type, flags and stream, after its length

_STATUS_LINE = re.compile(rb"HTTP/1\.[01] [1-9][0-9]{2}(?: [^\x00-\x08\x0a-\x1f\x7f]*)?")
_HEADER_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


class StaleError(Exception):
    """The server closed the connection without a byte of an answer."""


class HTTP2OnlyError(Exception):
    """The server speaks nothing but HTTP/2."""


class Connection:
    """A connection to one origin. After each exchange: `reusable()`, or to be closed."""

    def __init__(self, wire: Wire, tls_not_after: float | None) -> None:
        self.wire = wire
        self.tls_not_after = tls_not_after
        self._state = _state()
        self._broken = False
        self._mended = False

    async def ask(
        self, method: bytes, target: bytes, headers: list[tuple[bytes, bytes]]
    ) -> h11.Response:
        """Send a request without a body and return the head of the answer.

        Raises StaleError, HTTP2OnlyError, TimeoutError, httpx.ReadError and
        httpx.RemoteProtocolError.
        """
        try:
            request = h11.Request(method=method, target=target, headers=headers)
            self.wire.write(self._asked(request))
        except h11.LocalProtocolError as error:
            raise httpx.LocalProtocolError(str(error)) from error
        seen = bytearray()
        informational = 0
        while True:
            try:
                event = self._state.next_event()
            except h11.RemoteProtocolError as error:
                better = None if self._mended else mended(bytes(seen))
                if better is None:
                    raise httpx.RemoteProtocolError(str(error)) from error
                self._mended = True
                self._state = _state()
                self._asked(request)
                self._state.receive_data(better)
                continue
            if event is h11.NEED_DATA:
                data = await self._read(first=not seen)
                if not seen and data[3:9] == _HTTP2_SETTINGS:
                    raise HTTP2OnlyError
                seen += data
                self._state.receive_data(data)
            elif isinstance(event, h11.Response):
                return event
            elif isinstance(event, h11.InformationalResponse) and event.status_code != 101:
                informational += 1
                if informational > _MAX_INFORMATIONAL:
                    raise httpx.RemoteProtocolError("interim answers without end")
            else:
                raise httpx.RemoteProtocolError("no answer to what was asked")

    def _asked(self, request: h11.Request) -> bytes:
        return (self._state.send(request) or b"") + (self._state.send(h11.EndOfMessage()) or b"")

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
            or self._mended
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
        except TimeoutError:
            raise
        except OSError as error:
            if first:
                raise StaleError from error
            raise httpx.ReadError(str(error)) from error
        if not data and first:
            raise StaleError
        return data


def _state() -> h11.Connection:
    return h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD)


def mended(data: bytes) -> bytes | None:
    """Return an answer without the header lines that are none (a warning of some program, an
    empty name, a length that is no number), as browsers read it; None when there is no head to
    mend. Such a page opens for everyone: to call it broken would be unfair."""
    head, end, rest = data.partition(b"\r\n\r\n")
    first, _, lines = head.partition(b"\r\n")
    if not end or not _STATUS_LINE.fullmatch(first):
        return None
    kept = [first]
    for line in lines.split(b"\r\n"):
        name, colon, value = line.partition(b":")
        name = name.rstrip(b" \t")
        if not colon or not _HEADER_NAME.fullmatch(name):
            continue
        if name.lower() == b"content-length" and not value.strip().isdigit():
            continue
        kept.append(name + b":" + value)
    return b"\r\n".join(kept) + end + rest


async def tunnel(wire: Wire, host: str, port: int, authorization: bytes | None) -> None:
    """Have a proxy connect to a host. Raises httpx.ProxyError."""
    wire.begin(MAX_HEAD, None)
    name = f"[{host}]" if ":" in host else host
    where = f"{name}:{port}".encode()
    headers = [(b"Host", where)]
    if authorization:
        headers.append((b"Proxy-Authorization", authorization))
    try:
        answer = await Connection(wire, None).ask(b"CONNECT", where, headers)
    except (StaleError, HTTP2OnlyError):
        raise httpx.ProxyError("the proxy closed the connection") from None
    if not 200 <= answer.status_code < 300:
        raise httpx.ProxyError(f"the proxy answered {answer.status_code}")
