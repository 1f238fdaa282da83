"""What servers see of a run: how many at once, how far apart, by whom, and how often."""

from __future__ import annotations

import asyncio
import email.utils
import itertools
import socket
import time

import pytest

from reader.links.settings import USER_AGENT
from reader.records.verdicts import Failure, Verdict
from tests.links.servers import Exchange, Names, answer, check_one, checked, redirect, run, serving


async def test_at_most_so_many_at_once_to_one_host() -> None:
    async with serving({"*": answer(200, "x")}, delay=0.01) as server:
        await checked([server.url(f"/{n}") for n in range(40)], workers=32, per_host=4)
        assert server.most_at_once == {f"site.test:{server.port}": 4}


async def test_at_most_so_many_at_once_in_all() -> None:
    async with serving({"*": answer(200, "x")}, delay=0.01) as server:
        urls = [server.url(f"/{n}", host=f"h{n % 20}.test") for n in range(100)]
        most = 0

        async def watching(exchange: Exchange) -> None:
            nonlocal most
            most = max(most, sum(server.under_way.values()))
            await exchange.send(answer(200, "x"))

        server.scripts["*"] = watching
        await checked(urls, workers=6, per_host=4)
        assert 4 < most <= 6


async def test_a_pause_between_requests_to_one_host() -> None:
    async with serving({"*": answer(200, "x")}) as server:
        await checked([server.url(f"/{n}") for n in range(8)], pause=0.1)
        times = [each.at for each in server.seen]
        gaps = [after - before for before, after in itertools.pairwise(times)]
        # A busy machine lets the server see the first one late; that they are exact is shown by
        # `test_hosts`, in a time of its own.
        assert times[-1] - times[0] >= 7 * 0.1 - 0.2
        assert sorted(gaps)[len(gaps) // 2] > 0.04


async def test_the_pause_holds_for_redirects_and_confirmations_too() -> None:
    scripts = {"/a": redirect(302, "/b"), "/b": redirect(302, "/c"), "/c": answer(404)}
    async with serving(scripts) as server:
        await check_one(server.url("/a"), pause=0.3)
        assert len(server.seen) == 4
        assert server.seen[-1].at - server.seen[0].at >= 3 * 0.3 - 0.25  # more than two pauses


async def test_the_limits_hold_for_a_host_that_others_redirect_to() -> None:
    async with serving({"*": answer(200, "x")}, delay=0.01) as server:

        async def away(exchange: Exchange) -> None:
            if exchange.seen.headers["host"].startswith("h"):
                await exchange.send(redirect(302, server.url(exchange.seen.path, host="www.test")))
            else:
                await exchange.send(answer(200, "x"))

        server.scripts["*"] = away
        urls = [server.url(f"/{n}", host=f"h{n}.test") for n in range(30)]
        found = await checked(urls, workers=32, per_host=2)
        assert {check.verdict for check in found.values()} == {Verdict.REDIRECTED}
        assert server.most_at_once[f"www.test:{server.port}"] <= 2


async def test_one_large_host_does_not_hold_up_the_others() -> None:
    async with serving({"*": answer(200, "x")}) as server:
        large = [server.url(f"/{n}", host="large.test") for n in range(60)]
        small = [server.url("/x", host=f"h{n}.test") for n in range(50)]
        await checked([*large, *small], pause=0.05, workers=8)
        hosts = [each.headers["host"] for each in server.seen]
        last_small = max(at for at, host in enumerate(hosts) if not host.startswith("large"))
        assert last_small < 85


async def test_the_same_url_is_asked_once() -> None:
    async with serving({"*": answer(200, "x")}) as server:
        await checked([server.url()] * 50)
        assert len(server.seen) == 1


async def test_who_asks_is_said() -> None:
    async with serving({"*": answer(200, "x")}) as server:
        await check_one(server.url())
        await check_one(server.url(), user_agent="mine/1 (me@example.com)")
        assert [each.headers["user-agent"] for each in server.seen] == [
            USER_AGENT,
            "mine/1 (me@example.com)",
        ]
        assert "reader" in USER_AGENT


async def test_a_name_that_is_no_header_is_made_one() -> None:
    async with serving({"*": answer(200, "x")}) as server:
        check = await check_one(server.url(), user_agent=" mine\r\nX-Evil: 1\x01 ü ")
        assert check.verdict is Verdict.OK
        assert server.seen[0].headers["user-agent"] == "mine??X-Evil: 1? ?"
        assert "x-evil" not in server.seen[0].headers


async def test_nothing_is_sent_that_was_not_asked_for() -> None:
    async with serving({"*": answer(200, "x", [("Set-Cookie", "a=1")])}) as server:
        url = server.url("/page?q=1#part").replace("://", "://user:word@")
        await check_one(url)
        seen = server.seen[0]
        assert seen.path == "/page?q=1"
        assert set(seen.headers) == {
            "host",
            "user-agent",
            "accept",
            "accept-language",
            "accept-encoding",
        }
        assert seen.headers["host"] == f"site.test:{server.port}"
        assert seen.headers["accept-encoding"] == "gzip, deflate"  # what is unpacked, and no more


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
async def test_a_proxy_of_the_environment_is_not_used(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving({"*": answer(200, "x")}) as proxy, serving({"*": answer(200)}) as server:
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert (await check_one(server.url())).verdict is Verdict.OK
        assert proxy.seen == []


async def test_a_host_that_cannot_be_connected_to_is_left_after_five() -> None:
    attempts = 0
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        names = Names()
        urls = [f"http://dead.test:{port}/{n}" for n in range(200)]
        found, summary = await run(urls, resolver=names, workers=4, retries=0)
        attempts = summary.requests
    assert attempts <= 5 + 3  # those under way when the fifth failed
    assert summary.left_hosts == ("dead.test",)
    left = [check for check in found.values() if "left for the rest of the run" in check.reason]
    assert len(left) >= 190
    assert {check.failure for check in found.values()} == {Failure.REFUSED}
    assert {check.verdict for check in found.values()} == {Verdict.FAILING}


async def test_what_is_not_asked_waits_for_nobody() -> None:
    """Refused by what they say, or by what their name leads to: no request, so no pause."""
    inside = [f"http://10.0.0.1/{n}" for n in range(100)]
    inside += [f"http://inside.test/{n}" for n in range(100)]
    async with serving({"*": answer(200, "x")}) as server:
        urls = [*inside, *(server.url(f"/{n}", host="a.test") for n in range(3))]
        names = Names(inside_test="10.0.0.1")
        found, summary = await run(urls, resolver=names, pause=0.2, workers=4)
        assert summary.seconds < 15  # 100 pauses are 20
        assert sum(check.verdict is Verdict.UNSAFE for check in found.values()) == 200
        assert len(server.seen) == 3


async def test_an_answer_in_between_keeps_a_host() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        dead = taken.getsockname()[1]
        async with serving({"*": answer(200, "x")}) as server:
            urls = []
            for n in range(8):
                urls += [f"http://site.test:{dead}/{n}", server.url(f"/{n}")]
            _, summary = await run(urls, workers=1, per_host=1, retries=0)
            assert summary.left_hosts == ()
            assert len(server.seen) == 8


async def test_a_left_host_does_not_wait_for_its_pauses() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        urls = [f"http://dead.test:{taken.getsockname()[1]}/{n}" for n in range(500)]
        begun = time.monotonic()
        await checked(urls, pause=0.1, retries=0)
        assert time.monotonic() - begun < 25  # 500 pauses would be 50 s


async def test_retry_after_in_seconds_is_obeyed() -> None:
    scripts = {"/page": [answer(429, "", [("Retry-After", "1")]), answer(200, "x")]}
    async with serving(scripts) as server:
        check = await check_one(server.url())
        assert check.verdict is Verdict.OK
        assert server.seen[1].at - server.seen[0].at >= 0.8


async def test_retry_after_as_a_date_is_obeyed() -> None:
    now = 1_800_000_000.0
    when = email.utils.formatdate(now + 1, usegmt=True)
    scripts = {"/page": [answer(503, "", [("Retry-After", when)]), answer(200, "x")]}
    async with serving(scripts) as server:
        check = await check_one(server.url(), clock=lambda: now)
        assert check.verdict is Verdict.OK
        assert server.seen[1].at - server.seen[0].at >= 0.8


@pytest.mark.parametrize("after", ["3600", "Fri, 31 Dec 2399 23:59:59 GMT", "9" * 400])
async def test_a_retry_after_beyond_the_limit_is_the_answer(after: str) -> None:
    scripts = {"/page": answer(429, "", [("Retry-After", after)])}
    async with serving(scripts) as server:
        check = await check_one(server.url())
        assert check.verdict is Verdict.BLOCKED
        assert len(server.seen) == 1


@pytest.mark.parametrize("after", ["soon", "-5", "", "1e9", "Fri, 99 Foo 2399", "٣"])
async def test_a_retry_after_that_is_none_is_a_usual_retry(after: str) -> None:
    value = after.encode().decode("latin-1")
    script = f"HTTP/1.1 429 Slow\r\nContent-Length: 0\r\nRetry-After: {value}\r\n\r\n"
    async with serving({"/page": script.encode("latin-1")}) as server:
        check = await check_one(server.url())
        assert check.verdict is Verdict.BLOCKED
        assert "fewer requests" in check.reason
        assert len(server.seen) == 3


async def test_while_a_host_asks_to_wait_nobody_asks_it() -> None:
    waits = answer(429, "", [("Retry-After", "1")])
    async with serving({"*": answer(200, "x"), "/0": [waits, answer(200, "x")]}) as server:
        urls = [server.url(f"/{n}") for n in range(10)]
        found = await checked(urls, per_host=1)
        assert {check.verdict for check in found.values()} == {Verdict.OK}
        assert server.paths()[0] == "/0"
        assert server.seen[1].at - server.seen[0].at >= 0.8


async def test_waits_grow_and_are_jittered() -> None:
    async with serving({"/page": answer(503)}) as server:
        await check_one(server.url(), retry_wait=0.2, retries=3, random=lambda: 1.0)
        times = [each.at for each in server.seen]
        gaps = [after - before for before, after in itertools.pairwise(times)]
        assert len(gaps) == 3
        for gap, least in zip(gaps, (0.3, 0.6, 1.2), strict=True):
            assert gap >= least - 0.15


async def test_waiting_urls_hold_up_nobody() -> None:
    waits = answer(429, "", [("Retry-After", "2")])
    async with serving({"*": answer(200, "x"), "/wait": [waits, answer(200, "x")]}) as server:
        urls = [server.url("/wait", host="slow.test")]
        urls += [server.url(f"/{n}", host=f"h{n}.test") for n in range(8)]
        await checked(urls, workers=1)
        order = [each.headers["host"] for each in server.seen]
        assert order[0] == order[-1] == f"slow.test:{server.port}"
        assert server.seen[-2].at - server.seen[0].at < 1.9


async def test_a_crowd_of_hosts_is_kept_within_the_files_that_may_be_open() -> None:
    async with serving({"*": answer(200, "x")}) as server:
        open_now: set[int] = set()
        most = 0

        async def counting(exchange: Exchange) -> None:
            nonlocal most
            open_now.add(exchange.seen.connection)
            most = max(most, len(open_now))
            await exchange.send(answer(200, "x"))

            async def until_closed() -> None:
                while not exchange.reader.at_eof():
                    await asyncio.sleep(0.01)
                open_now.discard(exchange.seen.connection)

            background.add(asyncio.create_task(until_closed()))

        background: set[asyncio.Task[None]] = set()
        server.scripts["*"] = counting
        urls = [server.url("/x", host=f"h{n}.test") for n in range(300)]
        await checked(urls, workers=8)
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        assert most < 200
