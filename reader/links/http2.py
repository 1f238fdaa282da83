"""HTTP/2 for servers that speak nothing else, by httpcore: one request, then the connection ends.

It is not offered where HTTP/1.1 will do: every server of the web speaks that, it costs half, and
one request at a time to a host is what we send anyway.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

import httpcore
import httpx

from reader.links.wire import TooMuchError, Wire


class _Stream(httpcore.AsyncNetworkStream):
    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._kept = b""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if not self._kept:
            try:
                self._kept = await self._wire.read()
            except TooMuchError:
                raise httpcore.RemoteProtocolError("an answer without end") from None
            except TimeoutError as error:
                raise httpcore.ReadTimeout from error
            except OSError as error:
                raise httpcore.ReadError(str(error)) from error
        data, self._kept = self._kept[:max_bytes], self._kept[max_bytes:]
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._wire.write(buffer)
        await asyncio.sleep(0)

    async def aclose(self) -> None:
        self._wire.close()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise NotImplementedError  # the wire speaks TLS already

    def get_extra_info(self, info: str) -> Any:
        return None


async def send(
    wire: Wire,
    host: str,
    port: int,
    request: httpx.Request,
    tls_not_after: float | None,
    until: Callable[[], float],
) -> httpx.Response:
    """Send a request and return the answer; its body closes the connection, and has until then by
    the loop's clock. Raises as httpx does, and TimeoutError when the wire does."""
    origin = httpcore.Origin(b"https", host.encode(), port)
    connection = httpcore.AsyncHTTP2Connection(origin, _Stream(wire))
    url = httpcore.URL(scheme=b"https", host=host, port=port, target=request.extensions["target"])
    asked = httpcore.Request(request.method, url, headers=request.headers.raw)
    try:
        answer = await connection.handle_async_request(asked)
    except BaseException as error:
        wire.close()
        raise _translated(error) from error
    return httpx.Response(
        answer.status,
        headers=answer.headers,
        stream=_Body(answer, wire, until),
        extensions={"tls_not_after": tls_not_after, "http_version": b"HTTP/2"},
    )


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response, wire: Wire, until: Callable[[], float]) -> None:
        self._answer = answer
        self._wire = wire
        self._until = until

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self._wire.allow_until(self._until())
        stream = self._answer.stream
        assert not isinstance(stream, Iterable)
        try:
            async for chunk in stream:
                yield chunk
        except Exception as error:
            raise _translated(error) from error

    async def aclose(self) -> None:
        self._wire.close()


def _translated(error: BaseException) -> BaseException:
    if isinstance(error, httpcore.ReadTimeout):
        return TimeoutError()
    if isinstance(error, httpcore.ReadError):
        return httpx.ReadError(str(error))
    if isinstance(error, Exception):
        return httpx.RemoteProtocolError(f"{type(error).__name__}: {error}"[:200])
    return error
