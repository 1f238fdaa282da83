"""The queue by host, in a time of the tests' own: whatever jobs do, limits and pauses hold."""

from __future__ import annotations

import asyncio
import itertools
import selectors
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.links.asking import Job
from reader.links.evidence import Trouble
from reader.links.hosts import Hosts
from reader.links.targets import parse
from reader.records.verdicts import Failure


class _Selector(selectors.SelectSelector):
    """Instead of waiting, lets the time go on."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise AssertionError("everybody waits, and nothing will ever happen")
        self.now += timeout
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._imagined = _Selector()
        super().__init__(self._imagined)

    def time(self) -> float:
        return self._imagined.now


def run(main: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=_Loop) as runner:
        runner.run(main)


@dataclass
class Step:
    """A request, and what comes of it."""

    seconds: float
    to: int | None = None
    """The host that is asked next; None: the same."""
    wait: float = 0.0
    hold: bool = False
    asked: bool = True
    """False: refused before anything is asked, which ends the job."""


@dataclass
class World:
    """What a run of the queue did."""

    per_host: int
    pause: float
    begun: dict[str, list[float]] = field(default_factory=dict)
    under_way: dict[str, int] = field(default_factory=dict)
    held_until: dict[str, float] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    left: set[str] = field(default_factory=set)


def host(number: int) -> str:
    return f"h{number}.test"


async def simulate(
    world: World, plans: list[tuple[int, list[Step]]], workers: int, leaving: int | None = None
) -> None:
    loop = asyncio.get_running_loop()
    hosts = Hosts(per_host=world.per_host, pause=world.pause)
    steps = {}
    for number, (at, plan) in enumerate(plans):
        url = f"http://{host(at)}/{number}"
        steps[url] = list(plan)
        hosts.add(Job(url, parse(url)))
    hosts.end()

    async def work() -> None:
        while (job := await hosts.take()) is not None:
            name = job.target.host
            if hosts.left(name):
                hosts.asked(name, hosts.left(name))
                hosts.finished(job)
                world.done.append(job.url)
                continue
            step = steps[job.url].pop(0)
            if not step.asked:
                await asyncio.sleep(step.seconds)  # a name is looked up
                hosts.unasked(job)
                hosts.finished(job)
                steps[job.url].clear()
                world.done.append(job.url)
                continue
            now = loop.time()
            assert now >= world.held_until.get(name, 0.0) - 1e-6, "asked while it asked to wait"
            world.begun.setdefault(name, []).append(now)
            world.under_way[name] = world.under_way.get(name, 0) + 1
            assert world.under_way[name] <= world.per_host
            await asyncio.sleep(step.seconds)
            world.under_way[name] -= 1
            trouble = None
            if leaving is not None and name == host(leaving):
                trouble = Trouble(job.url, Failure.REFUSED, "refused", connected=False)
            if hosts.asked(name, trouble) >= 3 and trouble and not hosts.left(name):
                hosts.leave(name, trouble)
            if not steps[job.url]:
                hosts.finished(job)
                world.done.append(job.url)
                continue
            if step.to is not None:
                job.target = parse(f"http://{host(step.to)}/x")
            if step.hold:
                there = job.target.host
                until = loop.time() + step.wait
                world.held_until[there] = max(world.held_until.get(there, 0.0), until)
            hosts.again(job, step.wait, step.hold)

    try:
        await asyncio.gather(*(work() for _ in range(workers)))
    finally:
        hosts.close()
    assert hosts.unfinished == 0
    assert sorted(world.done) == sorted(steps)
    assert not any(steps.values()) or leaving is not None


STEPS = st.builds(
    Step,
    seconds=st.sampled_from([0.0, 0.01, 0.5]),
    to=st.none() | st.integers(0, 3),
    wait=st.sampled_from([0.0, 0.0, 0.05, 2.0]),
    hold=st.booleans(),
    asked=st.sampled_from([True, True, True, False]),
)
PLANS = st.lists(st.tuples(st.integers(0, 3), st.lists(STEPS, min_size=1, max_size=4)), max_size=60)


@settings(deadline=None)
@given(
    plans=PLANS,
    workers=st.integers(1, 8),
    per_host=st.integers(1, 4),
    pause=st.sampled_from([0.0, 0.1]),
    leaving=st.none() | st.integers(0, 3),
)
def test_every_job_ends_and_every_limit_holds(
    plans: list[tuple[int, list[Step]]],
    workers: int,
    per_host: int,
    pause: float,
    leaving: int | None,
) -> None:
    world = World(per_host, pause)
    run(simulate(world, plans, workers, leaving))
    for times in world.begun.values():
        for before, after in itertools.pairwise(times):
            assert after - before >= pause - 1e-6


@pytest.mark.parametrize("count", [1, 40, 500])
def test_a_host_is_asked_as_fast_as_its_limits_allow(count: int) -> None:
    world = World(4, 0.1)
    run(simulate(world, [(0, [Step(0.02)]) for _ in range(count)], workers=32))
    times = world.begun[host(0)]
    assert times[-1] - times[0] == pytest.approx((count - 1) * 0.1, abs=1e-3)


def test_what_is_not_asked_has_no_pauses() -> None:
    world = World(4, 0.1)
    plans = [(0, [Step(0.0, asked=number % 100 == 0)]) for number in range(300)]
    run(simulate(world, plans, workers=1))
    assert world.begun[host(0)] == pytest.approx([0.0, 0.1, 0.2], abs=1e-3)


def test_hosts_do_not_wait_for_each_other() -> None:
    world = World(4, 0.1)
    plans = [(at, [Step(0.02)]) for at in range(10) for _ in range(20)]
    run(simulate(world, plans, workers=32))
    ends = [times[-1] for times in world.begun.values()]
    assert max(ends) < 20 * 0.1 + 0.5


def test_what_is_not_asked_takes_no_hold_away() -> None:
    """A job was handed out; in the same turn another's answer asked everybody to wait."""
    world = World(2, 0.1)
    plans = [
        (0, [Step(0.0)]),
        (0, [Step(0.5)]),
        (3, [Step(0.5, wait=0.05, hold=True), Step(0.0)]),
        (1, [Step(0.5), Step(0.0)]),
        (3, [Step(0.0, asked=False)]),
    ]
    run(simulate(world, plans, workers=3))
    assert world.begun[host(3)] == pytest.approx([0.0, 0.55], abs=1e-3)


def test_a_wait_holds_no_worker() -> None:
    world = World(4, 0.0)
    plans = [(0, [Step(0.01, wait=60.0), Step(0.01)]) for _ in range(4)]
    plans += [(1, [Step(0.01)]) for _ in range(50)]
    run(simulate(world, plans, workers=1))
    assert world.begun[host(1)][-1] < 2.0
