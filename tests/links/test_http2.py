"""Servers that speak HTTP/2 only; to all others HTTP/1.1 is spoken."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.events
import pytest
import trustme

from reader.records.verdicts import Failure, Verdict
from tests.links.servers import answer, check_one, checked, serving

AUTHORITY = trustme.CA()


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return context


@dataclass
class Server2:
    """What an HTTP/2 server was asked, and what it answers by path."""

    scripts: dict[str, tuple[int, list[tuple[str, str]], bytes]]
    seen: list[dict[str, str]] = field(default_factory=list)
    port: int = 0
    endless: bool = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        config = h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        connection = h2.connection.H2Connection(config)
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        try:
            while data := await reader.read(65536):
                for event in connection.receive_data(data):
                    if isinstance(event, h2.events.RequestReceived):
                        self._answer(connection, event)
                writer.write(connection.data_to_send())
                await writer.drain()
                if self.endless:
                    while True:
                        writer.write(b"\x00\x00\x08\x06\x00\x00\x00\x00\x00pingping" * 500)
                        await writer.drain()
        except (OSError, h2.exceptions.ProtocolError):
            pass
        finally:
            writer.close()

    def _answer(
        self, connection: h2.connection.H2Connection, event: h2.events.RequestReceived
    ) -> None:
        asked = dict(event.headers)
        self.seen.append(asked)
        status, headers, body = self.scripts.get(asked[":path"], (404, [], b""))
        if self.endless:
            return
        connection.send_headers(event.stream_id, [(":status", str(status)), *headers])
        for at in range(0, len(body), 16384):
            connection.send_data(event.stream_id, body[at : at + 16384])
        connection.end_stream(event.stream_id)


@contextlib.asynccontextmanager
async def serving2(
    scripts: dict[str, tuple[int, list[tuple[str, str]], bytes]], *alpn: str, endless: bool = False
) -> AsyncIterator[Server2]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert("site.test").configure_cert(context)
    if alpn:
        context.set_alpn_protocols(list(alpn))
    server = Server2(scripts, endless=endless)
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(server.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    listening = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=context)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


HTML = [("content-type", "text/html")]


@pytest.mark.parametrize("alpn", [("h2",), ()])
async def test_a_server_that_insists_is_asked_by_http2(alpn: tuple[str, ...]) -> None:
    scripts = {
        "/page": (200, HTML, b"<title>x</title><link rel=canonical href=/c>"),
        "/old": (301, [("location", "/page")], b""),
        "/soft": (200, HTML, b"<title>Page not found</title>"),
    }
    async with serving2(scripts, *alpn) as server:
        base = f"https://site.test:{server.port}"
        urls = [f"{base}{path}" for path in ("/page", "/old", "/soft", "/none")]
        found = await checked(urls, ssl_context=trusting)
        said = [found[url].verdict for url in urls]
        assert said == [Verdict.OK, Verdict.MOVED, Verdict.SUSPECT, Verdict.GONE]
        assert found[urls[0]].canonical == f"{base}/c"
        assert found[urls[0]].tls_days_left is not None
        assert {each[":authority"] for each in server.seen} == {f"site.test:{server.port}"}
        assert all("reader" in each["user-agent"] for each in server.seen)
        assert not any("cookie" in each or "host" in each for each in server.seen)


async def test_a_refusal_of_http1_in_the_handshake_is_heard() -> None:
    async with serving2({"/page": (200, HTML, b"x")}, "h2") as server:

        async def front(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            hello = await reader.read(4096)
            offered.append(b"\x02h2" in hello)
            if not offered[-1]:
                writer.write(b"\x15\x03\x03\x00\x02\x02\x78")  # alert: no application protocol
                await writer.drain()
                writer.close()
                return
            back_reader, back_writer = await asyncio.open_connection("127.0.0.1", server.port)
            back_writer.write(hello)
            await asyncio.gather(_relay(reader, back_writer), _relay(back_reader, writer))

        offered: list[bool] = []
        listening = await asyncio.start_server(front, "127.0.0.1", 0)
        base = f"https://site.test:{listening.sockets[0].getsockname()[1]}"
        try:
            found = await checked([f"{base}/page", f"{base}/none"], ssl_context=trusting, workers=1)
        finally:
            listening.close()
        assert found[f"{base}/page"].verdict is Verdict.OK
        assert found[f"{base}/none"].verdict is Verdict.GONE
        assert offered == [False, True, True, True]  # remembered for the host


async def _relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def test_where_both_are_spoken_it_is_http1() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert("site.test").configure_cert(context)
    context.set_alpn_protocols(["h2", "http/1.1"])
    async with serving({"/page": answer(200, "x")}, tls=context) as server:
        check = await check_one(server.url(scheme="https"), ssl_context=trusting)
        assert check.verdict is Verdict.OK
        assert len(server.seen) == 1


async def test_an_endless_http2_answer_ends() -> None:
    async with serving2({}, "h2", endless=True) as server:
        check = await check_one(
            f"https://site.test:{server.port}/", ssl_context=trusting, retries=0, max_bytes=1000
        )
        assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.PROTOCOL)


async def test_a_large_http2_body_is_cut() -> None:
    scripts = {"/page": (200, HTML, b"x" * 60_000)}
    async with serving2(scripts, "h2") as server:
        check = await check_one(
            f"https://site.test:{server.port}/page", ssl_context=trusting, max_bytes=1000
        )
        assert check.verdict is Verdict.OK


async def test_http2_without_tls_is_not_spoken() -> None:
    async def settings_frame(exchange: object) -> None:
        await exchange.send(b"\x00\x00\x00\x04\x00\x00\x00\x00\x00")  # type: ignore[attr-defined]

    async with serving({"/page": settings_frame}) as server:
        check = await check_one(server.url())
        assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.PROTOCOL)
