"""HTTPS: verified always; what is wrong with a certificate is said, never clicked away."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from reader.links.evidence import Evidence, Trouble
from reader.links.judging import judge
from reader.records.verdicts import Failure, Verdict
from tests.links.servers import Names, answer, check_one, checked, redirect, serving

URL = "https://site.test/page"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusting(authority: trustme.CA) -> Callable[[], ssl.SSLContext]:
    """Makes contexts that trust the tests' authority and nobody else."""

    def make() -> ssl.SSLContext:
        context = ssl.create_default_context()
        authority.configure_trust(context)
        return context

    return make


def server_side(leaf: trustme.LeafCert, *alpn: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    if alpn:
        context.set_alpn_protocols(list(alpn))
    return context


async def test_a_trusted_certificate_is_ok_with_the_days_it_has_left(
    authority: trustme.CA, trusting: Callable[[], ssl.SSLContext]
) -> None:
    until = datetime.now(UTC) + timedelta(days=20, hours=12)
    leaf = authority.issue_cert("site.test", not_after=until)
    async with serving({"/page": answer(200, "x")}, tls=server_side(leaf)) as server:
        url = server.url(scheme="https")
        check = await check_one(url, ssl_context=trusting, clock=time.time)
        assert check.verdict is Verdict.OK
        assert check.tls_days_left == 20
        assert server.names == ["site.test"]
        assert server.seen[0].headers["host"] == f"site.test:{server.port}"


async def test_the_connection_is_kept_for_the_next_request(
    authority: trustme.CA, trusting: Callable[[], ssl.SSLContext]
) -> None:
    leaf = authority.issue_cert("site.test")
    async with serving({"*": answer(200, "x")}, tls=server_side(leaf)) as server:
        urls = [server.url(f"/{n}", scheme="https") for n in range(5)]
        found = await checked(urls, ssl_context=trusting, per_host=1)
        assert {check.verdict for check in found.values()} == {Verdict.OK}
        assert {check.tls_days_left is not None for check in found.values()} == {True}
        assert server.connections == 1


async def test_an_unknown_authority_is_failing_and_not_asked(
    trusting: Callable[[], ssl.SSLContext],
) -> None:
    leaf = trustme.CA().issue_cert("site.test")
    async with serving({"/page": answer(200, "x")}, tls=server_side(leaf)) as server:
        check = await check_one(server.url(scheme="https"), ssl_context=trusting)
        assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.TLS)
        assert "unable to get local issuer certificate" in check.reason
        assert server.seen == []


async def test_an_expired_certificate_is_failing(
    authority: trustme.CA, trusting: Callable[[], ssl.SSLContext]
) -> None:
    leaf = authority.issue_cert("site.test", not_after=datetime.now(UTC) - timedelta(days=3))
    async with serving({"/page": answer(200, "x")}, tls=server_side(leaf)) as server:
        url = server.url(scheme="https")
        check = await check_one(url, ssl_context=trusting, clock=time.time)
        assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.TLS)
        assert check.reason == "TLS: certificate has expired, 3 days ago."
        assert check.tls_days_left == -3
        assert server.names == ["site.test", "site.test"]  # once more, only to read the date
        assert server.seen == []


async def test_an_expired_certificate_of_a_stranger_tells_no_date(
    trusting: Callable[[], ssl.SSLContext],
) -> None:
    leaf = trustme.CA().issue_cert("site.test", not_after=datetime.now(UTC) - timedelta(days=3))
    async with serving({"/page": answer(200, "x")}, tls=server_side(leaf)) as server:
        url = server.url(scheme="https")
        check = await check_one(url, ssl_context=trusting, clock=time.time)
        assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.TLS)
        assert check.tls_days_left is None
        assert server.seen == []


@pytest.mark.parametrize(
    ("days", "said", "left"), [(0.5, ", less than a day ago", 0), (-9, "", None)]
)
def test_since_when_a_certificate_has_expired(days: float, said: str, left: int | None) -> None:
    """One that ends later is not what has expired: that is an authority between."""
    ended = 1e9 - days * 86_400
    trouble = Trouble(URL, Failure.TLS, "TLS: certificate has expired", tls_not_after=ended)
    check = judge(Evidence(URL, (), trouble, 1e9))
    assert check.reason == f"TLS: certificate has expired{said}."
    assert check.tls_days_left == left


async def test_a_certificate_for_another_name_is_failing(
    authority: trustme.CA, trusting: Callable[[], ssl.SSLContext]
) -> None:
    leaf = authority.issue_cert("other.test")
    async with serving({"/page": answer(200, "x")}, tls=server_side(leaf)) as server:
        check = await check_one(server.url(scheme="https"), ssl_context=trusting)
        assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.TLS)
        assert "site.test" in check.reason


async def test_an_address_as_host_is_verified_as_one(
    authority: trustme.CA, trusting: Callable[[], ssl.SSLContext]
) -> None:
    leaf = authority.issue_cert("127.0.0.1")
    async with serving({"/page": answer(200, "x")}, tls=server_side(leaf)) as server:
        url = server.url(scheme="https", host="127.0.0.1")
        assert (await check_one(url, ssl_context=trusting)).verdict is Verdict.OK


async def test_plain_http_on_a_tls_port_is_failing(
    trusting: Callable[[], ssl.SSLContext],
) -> None:
    async with serving({"/page": answer(200, "x")}) as server:
        check = await check_one(
            server.url(scheme="https"), ssl_context=trusting, connect_timeout=0.2
        )
        assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.TIMEOUT)


async def test_a_handshake_that_never_ends_is_failing(
    trusting: Callable[[], ssl.SSLContext],
) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    listening = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    try:
        check = await check_one(
            f"https://site.test:{port}/", ssl_context=trusting, connect_timeout=0.1
        )
    finally:
        listening.close()
    assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.TIMEOUT)


@pytest.mark.parametrize(
    ("number", "why"), [(40, "handshake failure"), (70, "protocol version"), (112, "unrecognized")]
)
async def test_a_handshake_that_the_server_refuses_is_failing(
    trusting: Callable[[], ssl.SSLContext], number: int, why: str
) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(b"\x15\x03\x03\x00\x02\x02" + bytes([number]))
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    try:
        check = await check_one(f"https://site.test:{port}/", ssl_context=trusting)
    finally:
        listening.close()
    assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.TLS)
    assert why in check.reason


async def test_from_http_to_https_is_moved(
    authority: trustme.CA, trusting: Callable[[], ssl.SSLContext]
) -> None:
    leaf = authority.issue_cert("site.test")
    async with serving({"/page": answer(200, "x")}, tls=server_side(leaf)) as secure:
        to = secure.url(scheme="https")
        async with serving({"/page": redirect(301, to)}) as server:
            check = await check_one(server.url(), ssl_context=trusting)
            assert check.verdict is Verdict.MOVED
            assert check.moved_to == to


async def test_the_usual_authorities_are_what_is_trusted(authority: trustme.CA) -> None:
    leaf = authority.issue_cert("site.test")
    async with serving({"/page": answer(200, "x")}, tls=server_side(leaf)) as server:
        check = await check_one(server.url(scheme="https"))
        assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.TLS)


@pytest.fixture
def authority_file(authority: trustme.CA, tmp_path: Path) -> Path:
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return file


async def test_an_authority_of_ones_own_may_be_named_in_the_environment(
    authority: trustme.CA, authority_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file))
    leaf = authority.issue_cert("site.test")
    async with serving({"/page": answer(200, "x")}, tls=server_side(leaf)) as server:
        check = await check_one(server.url(scheme="https"), resolver=Names())
        assert check.verdict is Verdict.OK
