"""A check as commands and interface run it: what is held back while nobody answers."""

from __future__ import annotations

import queue
import socket
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from reader import checking
from reader.checking import Checking, Ended
from reader.library.collection import Collection
from reader.links.settings import CheckSettings, Resolve
from reader.records.link_history import Known
from reader.records.query import Query
from reader.records.verdicts import Check, Failure, Role, Verdict
from tests.link_site import served, write_record
from tests.links.servers import LOOPBACK

COUNT = 400


def nobody(name: str) -> list[str]:
    raise socket.gaierror(socket.EAI_NONAME, "not known")


@pytest.fixture
def open_it(tmp_path: Path) -> Iterator[Callable[[], Collection]]:
    opened = []

    def open_here() -> Collection:
        state, cache = tmp_path / "state", tmp_path / "cache"
        opened.append(Collection.open(tmp_path / "feed", cache_dir=cache, state_dir=state))
        opened[-1].reconcile()
        return opened[-1]

    yield open_here
    for collection in opened:
        collection.close()


def ran(
    collection: Collection,
    resolver: Resolve = nobody,
    at: float = 1e9,
    has_way_out: Callable[[], bool] = lambda: True,
) -> tuple[list[Known], Ended]:
    """Check everything; return what was told, and the end."""
    told: queue.SimpleQueue[Sequence[Known]] = queue.SimpleQueue()
    ends: queue.SimpleQueue[Ended] = queue.SimpleQueue()
    errors: list[str] = []
    settings = CheckSettings(
        allow=LOOPBACK,
        resolver=resolver,
        retries=0,
        pause=0.0,
        clock=lambda: at,
        has_way_out=has_way_out,
    )
    run = Checking(
        collection,
        collection.plan_links(collection.ids(Query()), (Role.WEB,)),
        settings,
        on_kept=told.put,
        on_end=ends.put,
        on_error=errors.append,
    )
    run.start()
    ended = ends.get(timeout=60)
    assert errors == []
    known: list[Known] = []
    while not told.empty():
        known += told.get()
    return known, ended


def test_what_was_held_back_is_told_and_kept_once_somebody_answers(
    tmp_path: Path, open_it: Callable[[], Collection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "HELD_IN_MEMORY", 1000)
    for number in range(COUNT):
        write_record(tmp_path / "feed", f"{number}.md", webUrl=f"https://h{number}.test/\u00e9")
    with served(delay=0.3) as site:
        write_record(tmp_path / "feed", "answers.md", webUrl=site.url("/ok/1"))
        collection = open_it()
        known, ended = ran(collection)
    assert not ended.cut_off
    assert not ended.error
    assert len({each.check.url for each in known}) == len(known) == COUNT + 1
    assert collection.verdicts.counts() == {Verdict.FAILING: COUNT, Verdict.OK: 1}


def test_what_is_said_of_a_link_over_days(
    tmp_path: Path, open_it: Callable[[], Collection]
) -> None:
    """Silence on three days is gone; answers in between make it flaky, and two in a row clear it."""
    with served() as site:
        url = site.url("/ok/1").replace("127.0.0.1", "shaky.test")
        write_record(tmp_path / "feed", "a.md", webUrl=url)
        collection = open_it()
        said = []
        for day, letter in enumerate("xxxoxoo"):
            answers = (lambda name: ["127.0.0.1"]) if letter == "o" else nobody
            (known,), _ = ran(collection, answers, 1e9 + day * 86_400)
            said.append(known.said.verdict.value)
    assert said == ["failing", "failing", "gone", "flaky", "flaky", "flaky", "ok"]


def test_where_nobody_answers_nothing_is_told_or_kept(
    tmp_path: Path, open_it: Callable[[], Collection]
) -> None:
    for number in range(checking.ALONE):
        write_record(tmp_path / "feed", f"{number}.md", webUrl=f"https://h{number}.test/")
    collection = open_it()
    known, ended = ran(collection)
    assert ended.cut_off
    assert known == []
    assert collection.verdicts.counts() == {}


def no_name_server(name: str) -> list[str]:
    raise socket.gaierror(socket.EAI_AGAIN, "try again")


@pytest.mark.parametrize(
    ("resolver", "has_way_out", "cut_off"),
    [
        (nobody, False, True),
        (nobody, True, False),
        (no_name_server, True, True),
        (lambda name: ["127.0.0.1"], False, False),  # it refuses the connection, so there is a way
    ],
)
def test_of_one_silent_host_the_machine_is_asked_itself(
    resolver: Resolve,
    has_way_out: bool,
    cut_off: bool,
    tmp_path: Path,
    open_it: Callable[[], Collection],
) -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        url = f"http://silent.test:{unheard.getsockname()[1]}/"
        write_record(tmp_path / "feed", "a.md", webUrl=url)
        collection = open_it()
        known, ended = ran(collection, resolver, has_way_out=lambda: has_way_out)
    assert ended.cut_off == cut_off
    assert len(known) == (not cut_off)
    assert collection.verdicts.counts() == ({} if cut_off else {Verdict.FAILING: 1})


def test_silence_takes_no_memory() -> None:
    held = checking._Held()
    tracemalloc.start()
    for number in range(20_000):
        url = f"https://h{number}.test/"
        held.add(Check(url, Verdict.FAILING, "The host is not known.", 1.0, None, Failure.HOST))
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < 2 * checking.HELD_IN_MEMORY
    checks = list(held.all())
    held.close()
    assert [check.url for check in checks] == [f"https://h{n}.test/" for n in range(20_000)]
    assert checks[7].failure is Failure.HOST
