"""Redirects: followed by hand, each hop judged anew, never without end."""

from __future__ import annotations

import pytest

from reader.records.verdicts import Failure, Verdict
from tests.links.servers import Names, answer, check_one, checked, redirect, serving, settings


async def test_a_loop_ends() -> None:
    scripts = {"/page": redirect(302, "/b"), "/b": redirect(302, "/page")}
    async with serving(scripts) as server:
        check = await check_one(server.url())
        assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.LOOP)
        assert server.paths() == ["/page", "/b"]


async def test_an_endless_chain_ends() -> None:
    async def further(exchange: object) -> None:
        number = len(server.seen)
        await exchange.send(redirect(302, f"/page?{number}"))  # type: ignore[attr-defined]

    async with serving({"/page": further}) as server:
        check = await check_one(server.url())
        assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.LOOP)
        assert "More than 10 redirects" in check.reason
        assert len(server.seen) == 11


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/new", "/new"),
        ("new", "/deep/new"),
        ("../new", "/new"),
        ("?q=1", "/deep/page?q=1"),
        ("//site.test:PORT/new", "/new"),
        ("http://SITE.test:PORT/new", "/new"),
        ("http://site.test.:PORT/new", "/new"),
        ("  /new  ", "/new"),
        ("/a b", "/a%20b"),
        ("/ä", "/%C3%A4"),
        ("/%zz", "/%25zz"),
        ("/new#part", "/new"),
        ("http://user:word@site.test:PORT/new", "/new"),
    ],
)
async def test_a_location_is_read_as_browsers_do(location: str, path: str) -> None:
    async with serving({"*": answer(200, "here")}) as server:
        to = location.replace("PORT", str(server.port)).encode().decode("latin-1")
        server.scripts["/deep/page"] = [
            answer(302, b"", [("Location", to)]).decode().encode("latin-1"),
            answer(200, "here"),
        ]
        check = await check_one(server.url("/deep/page"))
        assert check.verdict is Verdict.REDIRECTED, check
        assert server.paths() == ["/deep/page", path]
        assert {each.headers["host"] for each in server.seen} == {f"site.test:{server.port}"}
        assert not any("authorization" in each.headers for each in server.seen)


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:10.0.0.1]/",
        "http://0x0a000001/",
        "http://inside.test/",
        "https://inside.test:8443/",
        "ftp://site.test/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://site.test:22/",
        "http://[::1",
        "http://a b/",
        "http://printer.local/",
    ],
)
async def test_a_redirect_to_what_is_not_asked_is_unsafe(location: str) -> None:
    names = Names(inside_test="10.1.2.3")
    async with serving({"/page": redirect(302, location)}) as server:
        names.known["site.test"] = server.address
        only = tuple(net for net in settings().allow if net.version == 4)
        check = await check_one(server.url(), resolver=names, allow=only)
        if location == "http://site.test:22/":  # an allowed network is open on every port
            assert check.verdict is Verdict.FAILING
            return
        assert check.verdict is Verdict.UNSAFE
        assert check.reason.endswith("A redirect leads there.")
        assert len(check.chain) == 1
        assert len(server.seen) == 1


async def test_from_https_to_http_is_said() -> None:
    from reader.links.evidence import Answer, Evidence
    from reader.links.judging import judge
    from reader.records.verdicts import Hop

    hop = Hop("https://a.example/x", 301)
    answered = Answer("http://a.example/y", 200, {})
    check = judge(Evidence("https://a.example/x", (hop,), answered, 0.0))
    assert check.verdict is Verdict.MOVED
    assert "from https to http" in check.reason
    hop = Hop("http://a.example/x", 301)
    answered = Answer("https://a.example/x", 200, {})
    check = judge(Evidence("http://a.example/x", (hop,), answered, 0.0))
    assert "to https" in check.reason


async def test_a_site_that_wants_its_cookie_back_is_no_loop() -> None:
    async def page(exchange: object) -> None:
        has = exchange.seen.headers.get("cookie") == "seen=1"  # type: ignore[attr-defined]
        again = redirect(302, "/page", [("Set-Cookie", "seen=1; Path=/; HttpOnly")])
        await exchange.send(answer(200, "here") if has else again)  # type: ignore[attr-defined]

    async with serving({"/page": page}) as server:
        check = await check_one(server.url())
        assert check.verdict is Verdict.REDIRECTED
        assert [each.headers.get("cookie") for each in server.seen] == [None, "seen=1"]


async def test_no_cookie_reaches_another_host_or_another_url() -> None:
    async with serving({"*": answer(200, "x", [("Set-Cookie", "b=2")])}) as server:
        server.scripts["/page"] = redirect(
            302, server.url("/there", host="other.test"), [("Set-Cookie", "a=1; Domain=test")]
        )
        urls = [server.url(), server.url("/next"), server.url("/x", host="other.test")]
        await checked(urls, workers=1)
        assert len(server.seen) == 4
        assert not any("cookie" in each.headers for each in server.seen)


async def test_a_redirect_keeps_its_connection_and_its_host_header() -> None:
    async with serving({"/page": redirect(302, "/b"), "/b": answer(200, "x")}) as server:
        await check_one(server.url())
        assert server.connections == 1


async def test_each_hop_is_resolved_and_judged_by_its_own_name() -> None:
    async with serving({"/b": answer(200, "x")}) as server:
        server.scripts["/page"] = redirect(302, server.url("/b", host="other.test"))
        names = Names()
        await check_one(server.url(), resolver=names)
        assert names.asked == ["site.test", "other.test"]
        assert server.seen[1].headers["host"] == f"other.test:{server.port}"
