"""A run as its callers see it: what goes in, what comes out, how it is stopped."""

from __future__ import annotations

import asyncio
import threading
import tracemalloc
from collections.abc import AsyncIterator, Iterator

import pytest

from reader.links.checker import Checker
from reader.links.run import RunSummary, Wanted, check_all
from reader.records.verdicts import Check, Verdict
from tests.links.servers import Exchange, answer, run, serving, settings


async def test_verdicts_come_as_they_are_reached() -> None:
    gate = asyncio.Event()

    async def slow(exchange: Exchange) -> None:
        await gate.wait()
        await exchange.send(answer(200, "x"))

    async with serving({"*": answer(200, "x"), "/slow": slow}) as server:
        found: list[str] = []

        def keep(check: Check) -> None:
            found.append(check.url)
            if len(found) == 9:
                gate.set()

        urls = [server.url("/slow"), *(server.url(f"/{n}") for n in range(9))]
        summary = await check_all([Wanted(url) for url in urls], settings(), keep)
        assert found[-1] == server.url("/slow")
        assert summary.verdicts == {Verdict.OK: 10}
        assert (summary.hosts, summary.requests, summary.unfinished) == (1, 10, 0)


async def test_no_urls_end_at_once() -> None:
    found, summary = await run([])
    assert found == {}
    assert summary.checked == 0


async def test_urls_may_come_slowly() -> None:
    async with serving({"*": answer(200, "x")}) as server:

        async def slowly() -> AsyncIterator[Wanted]:
            for n in range(5):
                while len(server.seen) < n:
                    await asyncio.sleep(0.001)
                yield Wanted(server.url(f"/{n}"))

        found: list[Check] = []
        await asyncio.wait_for(check_all(slowly(), settings(), found.append), 30)
        assert len(found) == 5


@pytest.mark.parametrize("where", ["urls", "on_check"])
async def test_what_the_caller_raises_ends_the_run(where: str) -> None:
    async with serving({"*": answer(200, "x")}) as server:

        def urls() -> Iterator[Wanted]:
            yield Wanted(server.url("/a"))
            if where == "urls":
                raise LookupError("the list broke")
            yield Wanted(server.url("/b"))

        def on_check(check: Check) -> None:
            if where == "on_check":
                raise LookupError("the disk is full")

        with pytest.raises(LookupError):
            await asyncio.wait_for(check_all(urls(), settings(), on_check), 30)


async def test_cancelling_keeps_what_is_done_and_ends_soon() -> None:
    async def silent(exchange: Exchange) -> None:
        await exchange.reader.read()

    async with serving({"*": answer(200, "x"), "/silent": silent}) as server:
        found: list[Check] = []
        urls = [Wanted(server.url(f"/{n}")) for n in range(5)] + [Wanted(server.url("/silent"))]
        summary = await asyncio.wait_for(
            check_all(urls, settings(), found.append, lambda: len(found) == 5), 8
        )
        assert len(found) == 5
        assert summary.unfinished == 1
        assert summary.checked == 5


async def test_cancelling_while_urls_still_come() -> None:
    async with serving({"*": answer(200, "x")}) as server:

        async def endless() -> AsyncIterator[Wanted]:
            n = 0
            while True:
                yield Wanted(server.url(f"/{n}"))
                n += 1
                await asyncio.sleep(0)

        found: list[Check] = []
        summary = await asyncio.wait_for(
            check_all(endless(), settings(), found.append, lambda: len(found) > 20), 30
        )
        assert summary.checked == len(found) > 20


@pytest.mark.long
async def test_memory_does_not_grow_with_the_urls() -> None:
    async def peak(count: int) -> int:
        def urls() -> Iterator[Wanted]:
            for n in range(count):
                yield Wanted(f"http://dead.test:1/{n}/" + "x" * 400)

        tracemalloc.start()
        try:
            await check_all(urls(), settings(retries=0, workers=4), lambda _: None)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    small, large = await peak(1000), await peak(20_000)
    assert large - small < 4 << 20  # the URLs alone are 8 MB


@pytest.mark.long
async def test_a_host_takes_little_memory() -> None:
    async def peak(count: int) -> int:
        urls = (Wanted(f"https://h{number}.example/") for number in range(count))
        tracemalloc.start()
        try:
            await check_all(urls, settings(retries=0, workers=4), lambda _: None)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    small, large = await peak(6000), await peak(8000)
    assert (large - small) / 2000 < 1000


async def test_hosts_are_told_apart_by_name_not_by_case_or_port() -> None:
    async with serving({"*": answer(200, "x")}, delay=0.01) as server:
        urls = [server.url(f"/{n}", host=("Site.TEST", "site.test")[n % 2]) for n in range(12)]
        _, summary = await run(urls, per_host=3)
        assert summary.hosts == 1
        assert server.most_at_once == {f"site.test:{server.port}": 3}


async def test_a_checker_runs_on_its_own_thread() -> None:
    async with serving({"*": answer(200, "x")}) as server:
        found: list[Check] = []
        threads: set[str] = set()
        ends: list[RunSummary | BaseException] = []

        def keep(check: Check) -> None:
            found.append(check)
            threads.add(threading.current_thread().name)

        checker = Checker(settings(), keep, ends.append)
        checker.start(Wanted(server.url(f"/{n}")) for n in range(10))
        while checker.running:
            await asyncio.sleep(0.005)
        summary = checker.wait()
        assert summary is not None
        assert summary.checked == len(found) == 10
        assert ends == [summary]
        assert threads == {"reader-check"}


async def test_a_checker_is_cancelled_from_another_thread() -> None:
    async def silent(exchange: Exchange) -> None:
        await exchange.reader.read()

    async with serving({"*": silent}) as server:
        checker = Checker(settings(), lambda _: None)
        checker.start([Wanted(server.url())])
        while not server.seen:
            await asyncio.sleep(0.005)
        checker.cancel()
        while checker.running:
            await asyncio.sleep(0.005)
        summary = checker.wait()
        assert summary is not None
        assert summary.unfinished == 1


def test_a_checker_hands_on_what_its_caller_raised() -> None:
    def broken() -> Iterator[Wanted]:
        raise LookupError("the list broke")
        yield Wanted("")

    ends: list[RunSummary | BaseException] = []
    checker = Checker(settings(), lambda _: None, ends.append)
    checker.start(broken())
    with pytest.raises(LookupError):
        checker.wait(30)
    assert isinstance(ends[0], LookupError)
