"""Verdicts: kept with their evidence and their past, never lost, and planned for."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import closing
from ipaddress import ip_network
from pathlib import Path

import pytest

from reader.checking import asked
from reader.library import state
from reader.library.collection import Collection
from reader.library.verdict_keeper import VerdictKeeper
from reader.links.settings import CheckSettings
from reader.records.link_history import DAY, MAX_PAST, Known
from reader.records.links import link_key
from reader.records.query import Query
from reader.records.verdicts import DEFAULT_ROLES, Check, Failure, Hop, Role, Verdict

from .conftest import Open, Write

URL = "https://a.example/story"
CHECK = Check(
    URL, Verdict.MOVED, "It has moved for good.", 1000.5, 200, None, "https://b.example/", (Hop(URL, 301),),
    "https://b.example/", 0.25, 30, "text/html", "https://b.example/c", True,
)  # fmt: skip
REFUSED = Check(URL, Verdict.FAILING, "Connection refused.", 0, None, Failure.REFUSED)


@pytest.fixture
def collection(write: Write, open_it: Open) -> Collection:
    write("a.md", webUrl=URL, ampWebUrl="https://a.example/amp", originalUrl=URL)
    write("b.md", webUrl="https://b.example/", images="[{url: https://a.example/story}]")
    write("c.md", webUrl="https://a.example/amp", publishedDateTime="2026-01-01")
    write("d.md", webUrl="nonsense")
    collection = open_it(now=lambda: 10_000.0)
    collection.reconcile()
    return collection


def again(collection: Collection, open_it: Open) -> Collection:
    collection.close()
    return open_it()


def test_evidence_outlives_the_program(collection: Collection, open_it: Open) -> None:
    assert collection.verdicts.of([URL]) == {}
    collection.verdicts.keep([CHECK])
    known = again(collection, open_it).verdicts.of([URL, "https://never.example/"])
    assert list(known) == [URL]
    assert known[URL].check == CHECK
    assert known[URL].times == 1
    assert known[URL].said.verdict is Verdict.MOVED


def test_the_past_counts_and_is_bounded(collection: Collection) -> None:
    verdicts = collection.verdicts
    for day in range(3):
        (known,) = verdicts.keep([Check(**_with(REFUSED, at=day * DAY))])
        assert known.said.verdict is (Verdict.GONE if day == 2 else Verdict.FAILING)
    for hour in range(200):
        verdict = Verdict.OK if hour % 2 else Verdict.FAILING
        verdicts.keep([Check(URL, verdict, "", 3 * DAY + 3600 * hour, failure=Failure.SERVER)])
    known = verdicts.of([URL])[URL]
    assert known.times == 203
    assert len(known.past) == MAX_PAST
    assert known.said.verdict is Verdict.FLAKY
    verdicts.keep([Check(URL, Verdict.OK, "", 20 * DAY)])
    assert verdicts.of([URL])[URL].said.verdict is Verdict.OK


def _with(check: Check, **changes: object) -> dict[str, object]:
    return {name: getattr(check, name) for name in check.__slots__} | changes


def test_one_transaction_may_hold_a_url_twice(collection: Collection) -> None:
    first, second = collection.verdicts.keep([REFUSED, Check(URL, Verdict.OK, "", 60, 200)])
    assert (first.times, second.times) == (1, 2)
    assert second.said.verdict is Verdict.FLAKY
    assert collection.verdicts.of([URL])[URL] == second


def test_a_check_that_was_stopped_changes_nothing(collection: Collection) -> None:
    stopped = Check(URL, Verdict.UNKNOWN, "It was stopped.", 5)
    assert collection.verdicts.keep([stopped])[0].check == stopped
    assert collection.verdicts.of([URL]) == {}
    collection.verdicts.keep([CHECK])
    assert collection.verdicts.keep([stopped])[0].check == CHECK
    assert collection.verdicts.of([URL])[URL].times == 1


def test_the_users_word_stands_until_something_changes(
    collection: Collection, open_it: Open
) -> None:
    assert collection.verdicts.set_works(URL, True) is None
    collection.verdicts.keep([REFUSED])
    known = collection.verdicts.set_works(URL, True)
    assert known is not None
    assert known.said.overridden_at == 10_000.0
    collection = again(collection, open_it)
    assert collection.verdicts.counts() == {Verdict.OK: 1}
    collection.verdicts.keep([Check(**_with(REFUSED, at=DAY))])
    assert collection.verdicts.of([URL])[URL].said.verdict is Verdict.OK
    gone = Check(URL, Verdict.GONE, "404.", 2 * DAY, 404)
    assert collection.verdicts.keep([gone])[0].said.verdict is Verdict.GONE
    collection.verdicts.keep([Check(**_with(REFUSED, at=3 * DAY))])
    assert collection.verdicts.counts() == {Verdict.FLAKY: 1}  # 404 is an answer
    collection.verdicts.set_works(URL, True)
    known = collection.verdicts.set_works(URL, False)
    assert known is not None
    assert known.override is None


def test_what_was_checked_is_listed_with_its_records(collection: Collection) -> None:
    amp = Check("https://a.example/amp", Verdict.GONE, "404.", 5, 404)
    elsewhere = Check("https://nobody.example/", Verdict.GONE, "404.", 6, 404)
    collection.verdicts.keep([CHECK, amp, elsewhere])
    listed = collection.verdicts.checked()
    assert [(each.url, each.host, each.said, each.records) for each in listed] == [
        ("https://a.example/amp", "a.example", Verdict.GONE, 2),
        (URL, "a.example", Verdict.MOVED, 2),
        ("https://nobody.example/", "nobody.example", Verdict.GONE, 0),
    ]
    assert [each.url for each in collection.verdicts.checked(Verdict.GONE, "a.example")] == [
        amp.url
    ]
    places = collection.verdicts.records_with(amp.url)
    assert [(collection.path(record), role) for record, role in places] == [
        ("c.md", Role.WEB), ("a.md", Role.AMP),
    ]  # fmt: skip
    assert collection.verdicts.counts() == {Verdict.GONE: 2, Verdict.MOVED: 1}


def test_hostile_urls_and_answers_are_kept(collection: Collection) -> None:
    urls = ["", "https://a.example/\ud800", "https://\udcff.example/", "x" * 100_000, "a\0b"]
    checks = [Check(url, Verdict.UNSAFE, "\ud800", 1, final_url=url, moved_to=url) for url in urls]
    collection.verdicts.keep(checks)
    assert len(collection.verdicts.of(urls)) == len(urls)
    assert len(collection.verdicts.checked()) == len(urls)


# -- which links to check -------------------------------------------------------------------------


def planned(collection: Collection, *roles: Role, max_age: float | None = None) -> list[str]:
    ids = collection.ids(Query(sort="path"))
    plan = collection.plan_links(ids, roles or DEFAULT_ROLES, max_age)
    links = list(collection.links_planned(plan))
    assert len(links) == plan.urls
    assert plan.hosts == {link.host for _, link in links} - {""}
    return [link.url for _, link in links]


def test_each_url_is_asked_once(collection: Collection) -> None:
    amp = "https://a.example/amp"
    assert planned(collection) == [URL, amp, "https://b.example/", "nonsense"]
    assert planned(collection, Role.AMP) == [amp]
    assert planned(collection, Role.ORIGINAL, Role.IMAGE) == [URL]
    assert planned(collection, Role.BODY) == []


def test_what_was_checked_lately_is_left_out(collection: Collection) -> None:
    collection.verdicts.keep([Check(URL, Verdict.OK, "", 9_000, 200)])
    ids = collection.ids(Query())
    assert collection.plan_links(ids, DEFAULT_ROLES, 1_500).recent == (link_key(URL),)
    assert URL not in planned(collection, max_age=1_500)
    assert URL in planned(collection, max_age=500)
    assert URL in planned(collection)


def test_only_odd_urls_are_read_to_know_what_would_be_asked(
    collection: Collection, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("e.md", webUrl="http://10.0.0.1/", originalUrl="http://10.0.0.2:8080/")
    write("f.md", webUrl="https://e.example:8443/", originalUrl="https://e.example:22/")
    write("g.md", webUrl="http://printer.local/", actions="[{url: https://a.example/enrol}]")
    collection.reconcile()
    opened: list[int] = []
    open_record = Collection.open_record

    def counting(self: Collection, id: int) -> object:
        opened.append(id)
        return open_record(self, id)

    monkeypatch.setattr(Collection, "open_record", counting)
    plan = collection.plan_links(collection.ids(Query()), tuple(Role))
    would = asked(collection, plan, CheckSettings(allow=(ip_network("10.0.0.2/32"),)))
    # Where a network is allowed, a name's port may be one of its: that is known when it is asked.
    assert (would.urls, would.hosts, would.unsafe) == (7, 4, 3)
    assert len(opened) == 4
    would = asked(collection, plan, CheckSettings())
    assert (would.urls, would.hosts, would.unsafe) == (5, 3, 5)


def test_what_has_gone_since_is_passed_over(collection: Collection, root: Path) -> None:
    plan = collection.plan_links(collection.ids(Query()), DEFAULT_ROLES)
    (root / "a.md").unlink()
    (root / "b.md").write_text("no record any more")
    assert [link.url for _, link in collection.links_planned(plan)] == [
        "https://a.example/amp", "nonsense",
    ]  # fmt: skip


# -- the keeper -----------------------------------------------------------------------------------


class Told:
    def __init__(self) -> None:
        self.known: list[Known] = []
        self.errors: list[str] = []
        self.batches = 0

    def kept(self, known: Sequence[Known]) -> None:
        self.known += known
        self.batches += 1


def test_checks_are_kept_before_they_are_told(collection: Collection) -> None:
    told = Told()
    missing: list[str] = []

    def kept(known: Sequence[Known]) -> None:
        told.kept(known)
        urls = [each.check.url for each in known]
        there = collection.verdicts.of(urls)
        missing.extend(url for url in urls if url not in there)

    keeper = VerdictKeeper(collection.verdicts, kept, told.errors.append)
    for number in range(3000):
        keeper.put(Check(f"https://a.example/{number}", Verdict.OK, "", number, 200))
    keeper.close()
    assert [each.check.at for each in told.known] == list(range(3000))
    assert missing == []
    assert told.errors == []
    assert told.batches < 100
    assert len(collection.verdicts.checked()) == 3000


def test_a_disk_that_is_full_is_told_once_and_stops_nothing(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(checks: object) -> list[Known]:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(collection.verdicts, "keep", full)
    told = Told()
    keeper = VerdictKeeper(collection.verdicts, told.kept, told.errors.append)
    for _ in range(5):
        keeper.put(CHECK)
    keeper.close()
    assert [each.check for each in told.known] == [CHECK] * 5
    assert told.errors == [
        "What checking says of links could not be stored (database or disk is full)."
    ]


_KILLED = """
import sys
from pathlib import Path
from reader.library.collection import Collection
from reader.library.verdict_keeper import VerdictKeeper
from reader.records.verdicts import Check, Verdict

root, cache, state = map(Path, sys.argv[1:])
collection = Collection.open(root, cache_dir=cache, state_dir=state)

def told(known):
    for each in known:
        sys.stdout.write(each.check.url + "\\n")
    sys.stdout.flush()

keeper = VerdictKeeper(collection.verdicts, told, sys.exit)
for number in range(10**9):
    keeper.put(Check(f"https://a.example/{number}", Verdict.OK, "", number, 200))
    if number % 50 == 0:
        keeper._closing.wait(0.002)
"""


def test_a_kill_loses_no_verdict_that_was_told(
    collection: Collection, open_it: Open, tmp_path: Path, root: Path
) -> None:
    collection.close()
    process = subprocess.Popen(
        [sys.executable, "-c", _KILLED, root, tmp_path / "cache", tmp_path / "state"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    guard = threading.Timer(60, process.kill)
    guard.start()
    told = [process.stdout.readline().strip() for _ in range(2000)]
    process.send_signal(signal.SIGKILL)
    told += [line.strip() for line in process.stdout if line.endswith("\n")]
    process.wait()
    process.stdout.close()
    guard.cancel()
    kept = {each.url for each in open_it().verdicts.checked()}
    assert set(told) - {""} <= kept
    assert len(kept) >= 2000


# -- files of older readers ------------------------------------------------------------------------


def test_an_older_readers_file_keeps_all_it_holds(
    write: Write, open_it: Open, tmp_path: Path
) -> None:
    write("a.md", webUrl=URL)
    collection = open_it()
    collection.reconcile()
    collection.set_starred(collection.ids(Query()), True)
    path = collection.state_path
    assert path is not None
    collection.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE verdicts")
        connection.execute("PRAGMA user_version = 2")
    connection.close()
    collection = open_it()
    assert collection.rows(collection.ids(Query()))[0].starred
    collection.verdicts.keep([CHECK])
    assert collection.verdicts.counts() == {Verdict.MOVED: 1}


def test_a_first_readers_file_is_brought_up_to_date(tmp_path: Path) -> None:
    path = str(tmp_path / "state.sqlite")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(state.TABLES)
        connection.execute("INSERT INTO reading VALUES(1, 'a.md', 5, NULL)")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    kept = state.connect(path)
    assert kept.execute("SELECT read_at FROM reading").fetchall() == [(5,)]
    assert kept.execute("SELECT count(*) FROM steps, verdicts").fetchall() == [(0,)]
    assert kept.execute("PRAGMA user_version").fetchone() == (state.VERSION,)
    kept.close()


def test_what_is_stored_is_plain_json(collection: Collection) -> None:
    collection.verdicts.keep([CHECK])
    assert collection.state_path is not None
    connection = sqlite3.connect(collection.state_path)
    key, evidence, past = connection.execute("SELECT key, evidence, past FROM verdicts").fetchone()
    connection.close()
    assert key == link_key(URL)
    assert json.loads(evidence)["chain"] == [[URL, 301]]
    assert json.loads(past) == [[1000.5, "moved", None, 200]]
