"""A proxy of the environment: used only when it was asked for."""

from __future__ import annotations

import asyncio
import contextlib
import ssl

import pytest
import trustme

from reader.links.proxies import ProxyError
from reader.links.run import check_all
from reader.records.verdicts import Failure, Verdict
from tests.links.servers import Exchange, Names, answer, check_one, serving, settings

BASIC = "Basic dXNlcjp3b3Jk"


@pytest.fixture(autouse=True)
def no_other_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name.upper()}_PROXY", raising=False)


async def test_http_goes_by_the_proxy_with_its_own_credentials(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving({"*": answer(200, "x")}) as proxy:
        monkeypatch.setenv("http_proxy", f"http://user:word@127.0.0.1:{proxy.port}")
        names = Names()
        check = await check_one(
            "http://site.test/a?b", proxy_from_environment=True, allow=(), resolver=names
        )
        assert check.verdict is Verdict.OK
        assert proxy.paths() == ["http://site.test/a?b"]
        assert proxy.seen[0].headers["host"] == "site.test"
        assert proxy.seen[0].headers["proxy-authorization"] == BASIC
        assert names.asked == []  # the proxy looks it up


async def test_https_goes_through_a_tunnel_and_is_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("site.test").configure_cert(context)

    def trusting() -> ssl.SSLContext:
        made = ssl.create_default_context()
        authority.configure_trust(made)
        return made

    async with serving({"*": answer(200, "x")}, tls=context) as server:

        async def connect(exchange: Exchange) -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            await exchange.send(b"HTTP/1.1 200 Connected\r\n\r\n")

            async def relay(one: asyncio.StreamReader, other: asyncio.StreamWriter) -> None:
                try:
                    with contextlib.suppress(OSError):
                        while data := await one.read(65536):
                            other.write(data)
                            await other.drain()
                finally:
                    other.close()

            await asyncio.gather(relay(exchange.reader, writer), relay(reader, exchange.writer))

        async with serving({"*": connect}) as proxy:
            monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
            check = await check_one(
                "https://site.test/a", proxy_from_environment=True, ssl_context=trusting
            )
            assert check.verdict is Verdict.OK
            assert check.tls_days_left is not None
            assert [(each.method, each.path) for each in proxy.seen] == [
                ("CONNECT", "site.test:443")
            ]
            assert "proxy-authorization" not in server.seen[0].headers
            assert server.names == ["site.test"]
            check = await check_one("https://site.test/a", proxy_from_environment=True)
            assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.TLS)


async def test_a_proxy_that_refuses_is_failing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving({"*": answer(403)}) as proxy:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
        check = await check_one("https://site.test/", proxy_from_environment=True, retries=0)
        assert check.verdict is Verdict.FAILING
        assert "The proxy answered 403" in check.reason


async def test_no_proxy_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving({"*": answer(200, "x")}) as server:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        monkeypatch.setenv("no_proxy", "site.test")
        check = await check_one(server.url(), proxy_from_environment=True)
        assert check.verdict is Verdict.OK


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://site.test:22/",
        "ftp://site.test/",
        "http://printer.local/",
    ],
)
async def test_what_is_not_asked_is_not_asked_of_a_proxy(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving({"*": answer(200, "x")}) as proxy:
        monkeypatch.setenv("all_proxy", f"http://127.0.0.1:{proxy.port}")
        check = await check_one(url, proxy_from_environment=True, allow=())
        assert check.verdict is Verdict.UNSAFE
        assert proxy.seen == []


@pytest.mark.parametrize(
    "url", ["socks5://user:secret@127.0.0.1:1", "https://127.0.0.1:1", "http://:1", "http://x:y"]
)
async def test_a_proxy_that_cannot_be_used_is_told_without_its_password(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("all_proxy", url)
    with pytest.raises(ProxyError) as told:
        await check_all([], settings(proxy_from_environment=True), lambda _: None)
    assert "cannot be used" in str(told.value)
    assert "secret" not in str(told.value)
