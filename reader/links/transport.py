"""An httpx transport: a few connections per origin, each to an address that was judged.

Why not httpx's own: its pool looks through all connections and all waiting requests for each
request, and it resolves names itself, after any check of ours.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from typing import NamedTuple

import httpx

from reader.links import http1
from reader.links.addresses import Address
from reader.links.proxies import Proxy
from reader.links.targets import Target
from reader.links.wire import Wire

_MAX_TRIED_ADDRESSES = 4
_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
_HAS_EXPIRED = 10  # OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED
_NO_CHECK_TIME = 0x200000  # its X509_V_FLAG_NO_CHECK_TIME


class DeadlineError(Exception):
    """The time for the whole URL is over."""


class TLSFailure(httpx.ConnectError):
    """The handshake failed: an untrusted, expired or foreign certificate, or no common version."""

    def __init__(self, why: str, not_after: float | None = None) -> None:
        super().__init__(why)
        self.not_after = not_after
        """When a certificate that has expired ended, in seconds since 1970, if that is known."""


class Origin(NamedTuple):
    """Where a request goes; connections are kept by it."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, target: Target) -> Origin:
        """Return where a target is asked."""
        return cls(target.scheme, target.host, target.port)


class Transport(httpx.AsyncBaseTransport):
    """Sends requests to the addresses in their `addresses` extension, no matter what names mean.

    Request extensions: `origin` (Origin), `target` (bytes), `addresses`, `deadline` (by the loop's
    clock: DeadlineError then, whatever it is at), `connect_timeout`,
    `read_timeout`, `body_timeout` (seconds from when one begins to read the body; TimeoutError then),
    `fresh` (bool: no kept connection), and `proxy` (Proxy or None). Response extension:
    `tls_not_after` (seconds since 1970). Raises httpx.TransportError and its kinds.
    """

    def __init__(
        self, make_context: Callable[[], ssl.SSLContext] | None, *, max_idle: int, max_bytes: int
    ) -> None:
        self._make_context = make_context or httpx.create_ssl_context
        self._contexts: dict[tuple[str, bool], ssl.SSLContext] = {}
        self._idle: OrderedDict[Origin, list[http1.Connection]] = OrderedDict()
        self._idle_count = 0
        self._max_idle = max_idle
        self._budget = max_bytes + 2 * http1.MAX_HEAD
        self._http2: set[Origin] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return the answer once its headers are there."""
        origin: Origin = request.extensions["origin"]
        if not request.extensions.get("fresh") and origin not in self._http2:
            while (kept := self._take(origin)) is not None:
                try:
                    return await self._send(kept, origin, request)
                except http1.StaleError:
                    continue  # closed while it was idle: the server has not seen the request
        try:
            if origin not in self._http2:
                connection = await self._connect(origin, request)
                try:
                    return await self._send(connection, origin, request)
                except http1.StaleError:
                    raise httpx.ReadError("closed without an answer") from None
        except http1.HTTP2OnlyError:
            if origin.scheme != "https":
                raise httpx.RemoteProtocolError("HTTP/2 without TLS") from None
        self._http2.add(origin)
        from reader.links import http2  # here: few servers insist on it

        wire = await self._open(origin, request, "h2")
        wire.begin(self._budget, _until(request, "read_timeout"))
        try:
            return await http2.send(
                wire, origin.host, origin.port, request, tls_not_after(wire),
                lambda: _until(request, "body_timeout"),
            )  # fmt: skip
        except TimeoutError:
            raise _late(request) from None

    async def _send(
        self, connection: http1.Connection, origin: Origin, request: httpx.Request
    ) -> httpx.Response:
        connection.wire.begin(self._budget, _until(request, "read_timeout"))
        try:
            head = await connection.ask(
                request.method.encode(), request.extensions["target"], request.headers.raw
            )
        except TimeoutError:
            connection.wire.close()
            raise _late(request) from None
        except BaseException:
            connection.wire.close()
            raise
        return httpx.Response(
            head.status_code,
            headers=head.headers.raw_items(),
            stream=_Body(self, origin, connection, request),
            extensions={"tls_not_after": connection.tls_not_after, "http_version": b"HTTP/1.1"},
        )

    # -- kept connections ---------------------------------------------------------------------
    def _take(self, origin: Origin) -> http1.Connection | None:
        kept = self._idle.get(origin)
        while kept:
            connection = kept.pop()
            self._idle_count -= 1
            if not kept:
                del self._idle[origin]
            if connection.wire.quiet:
                return connection
            connection.wire.close()
        return None

    def give_back(self, origin: Origin, connection: http1.Connection) -> None:
        """Keep a connection for the next request, when it is as good as new."""
        if not connection.reusable():
            connection.wire.close()
            return
        self._idle.setdefault(origin, []).append(connection)
        self._idle.move_to_end(origin)
        self._idle_count += 1
        while self._idle_count > self._max_idle:
            oldest = next(iter(self._idle.values()))
            oldest.pop(0).wire.close()
            self._idle_count -= 1
            if not oldest:
                self._idle.popitem(last=False)

    def forget(self, origin: Origin) -> None:
        """Close the kept connections of an origin that is not asked any more."""
        for connection in self._idle.pop(origin, ()):
            connection.wire.close()
            self._idle_count -= 1

    async def aclose(self) -> None:
        """Close all kept connections."""
        for kept in self._idle.values():
            for connection in kept:
                connection.wire.close()
        self._idle.clear()
        self._idle_count = 0

    # -- connecting ---------------------------------------------------------------------------
    async def _connect(self, origin: Origin, request: httpx.Request) -> http1.Connection:
        wire = await self._open(origin, request, "http/1.1")
        return http1.Connection(wire, tls_not_after(wire))

    async def _open(self, origin: Origin, request: httpx.Request, alpn: str) -> Wire:
        proxy: Proxy | None = request.extensions.get("proxy")
        judged: Sequence[Address] = request.extensions["addresses"]
        ways: list[Proxy | Address] = [proxy] if proxy else [*judged[:_MAX_TRIED_ADDRESSES]]
        loop = asyncio.get_running_loop()
        deadline = request.extensions["deadline"]
        until = min(loop.time() + request.extensions["connect_timeout"], deadline)
        error: httpx.TransportError = httpx.ConnectError("no address")
        for at, way in enumerate(ways):
            share = max(0.0, (until - loop.time()) / (len(ways) - at))
            try:
                async with asyncio.timeout(share):
                    return await self._open_by(way, origin, self._context(origin, alpn))
            except TimeoutError:
                if loop.time() >= deadline:
                    raise DeadlineError from None
                error = httpx.ConnectTimeout(f"no connection within {share:.0f} s")
            except ssl.SSLError as failure:
                if alpn != "h2" and "no application protocol" in _why(failure):
                    raise http1.HTTP2OnlyError from None
                ended = None
                if getattr(failure, "verify_code", 0) == _HAS_EXPIRED:
                    ended = await self._ended_at(way, origin, alpn, until)
                raise TLSFailure(_why(failure), ended) from failure
            except OSError as failure:
                error = httpx.ConnectError(str(failure))
                error.__cause__ = failure
        raise error

    async def _ended_at(
        self, way: Proxy | Address, origin: Origin, alpn: str, until: float
    ) -> float | None:
        """Return when the expired certificate of a server ended. A failed handshake does not tell:
        one more, with everything verified but the dates, and nothing is sent after it."""
        context = self._context(origin, alpn, timeless=True)
        try:
            async with asyncio.timeout_at(until):
                wire = await self._open_by(way, origin, context)
        except (TimeoutError, OSError, httpx.ProxyError):
            return None
        ended = tls_not_after(wire)
        wire.close()
        return ended

    async def _open_by(
        self, way: Proxy | Address, origin: Origin, context: ssl.SSLContext | None
    ) -> Wire:
        if isinstance(way, Proxy):
            return await self._open_by_proxy(way, origin, context)
        loop = asyncio.get_running_loop()
        sock = socket.socket(_FAMILIES[way.version], socket.SOCK_STREAM)
        try:
            sock.setblocking(False)
            await loop.sock_connect(sock, (str(way), origin.port))
        except BaseException:
            sock.close()
            raise
        _, wire = await loop.create_connection(
            Wire,
            sock=sock,
            ssl=context,
            server_hostname=origin.host if context else None,
            ssl_handshake_timeout=120 if context else None,  # ours ends it, and says so better
            ssl_shutdown_timeout=1 if context else None,
        )
        return wire

    async def _open_by_proxy(
        self, proxy: Proxy, origin: Origin, context: ssl.SSLContext | None
    ) -> Wire:
        # The proxy's own name is the user's word: asyncio looks it up.
        loop = asyncio.get_running_loop()
        _, wire = await loop.create_connection(Wire, proxy.host, proxy.port)
        if context is not None:
            try:
                await http1.tunnel(wire, origin.host, origin.port, proxy.authorization)
                await wire.secure(context, origin.host)
            except BaseException:
                wire.close()
                raise
        return wire

    def _context(
        self, origin: Origin, alpn: str, *, timeless: bool = False
    ) -> ssl.SSLContext | None:
        """Return what certificates are verified with; `timeless`: but for their dates."""
        if origin.scheme != "https":
            return None
        context = self._contexts.get((alpn, timeless))
        if context is None:
            context = self._contexts[alpn, timeless] = self._make_context()
            context.set_alpn_protocols([alpn])
            if timeless:
                context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
        return context


class _Body(httpx.AsyncByteStream):
    def __init__(
        self,
        transport: Transport,
        origin: Origin,
        connection: http1.Connection,
        request: httpx.Request,
    ) -> None:
        self._transport = transport
        self._origin = origin
        self._connection: http1.Connection | None = connection
        self._request = request

    def __aiter__(self) -> AsyncIterator[bytes]:
        assert self._connection is not None
        self._connection.wire.allow_until(_until(self._request, "body_timeout"))
        return self._connection.body()

    async def aclose(self) -> None:
        if self._connection is not None:
            self._transport.give_back(self._origin, self._connection)
            self._connection = None


def _until(request: httpx.Request, limit: str) -> float:
    """Return until when something may take that begins now, by the loop's clock."""
    until: float = asyncio.get_running_loop().time() + request.extensions[limit]
    deadline: float = request.extensions["deadline"]
    return min(until, deadline)


def _late(request: httpx.Request) -> Exception:
    """Return what there is to raise when no answer has come."""
    if asyncio.get_running_loop().time() >= request.extensions["deadline"]:
        return DeadlineError()
    return httpx.ReadTimeout(f"no answer within {request.extensions['read_timeout']:g} s")


def tls_not_after(wire: Wire) -> float | None:
    """Return when the peer's certificate ends, in seconds since 1970; None without TLS."""
    certificate = wire.info("peercert")
    try:
        return float(ssl.cert_time_to_seconds(certificate["notAfter"])) if certificate else None
    except (KeyError, ValueError):
        return None


def _why(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return str(error.verify_message)
    text = re.sub(r"^\[[^\]]*\] ?|\s*\(_ssl[^)]*\)", "", str(error.reason or error))
    return text.replace("_", " ").lower()
