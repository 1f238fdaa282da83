"""A query under way is ended by whoever does not want its answer any more, in the middle of SQLite's
work, and holds up nobody else meanwhile."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator

import pytest

from reader.library import query_running
from reader.library.collection import Collection
from reader.library.query_running import QueryCancelled
from reader.records.querying import InvalidQuery, Parsed
from reader.records.querying.nodes import Every
from reader.records.querying.patterns import compiled

from . import query_collection

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
EVERY = Parsed("", Every(0, 0))


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    place = tmp_path_factory.mktemp("running")
    made, _ = query_collection.make(place / "feed", place)
    yield made
    made.close()


def test_what_would_never_end_is_ended() -> None:
    connection = sqlite3.connect(":memory:")
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked == 3

    with pytest.raises(QueryCancelled), query_running.running(connection, EVERY, cancelled):
        connection.execute(ENDLESS).fetchone()
    assert asked == 3  # it is asked again and again, and once it says so, that was it
    assert connection.execute("SELECT 1").fetchone() == (1,)
    connection.close()


def test_another_thread_ends_it() -> None:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    begun, stop = threading.Event(), threading.Event()
    raised: list[BaseException] = []

    def cancelled() -> bool:
        begun.set()
        return stop.is_set()

    def work() -> None:
        try:
            with query_running.running(connection, EVERY, cancelled):
                connection.execute(ENDLESS).fetchone()
        except QueryCancelled as ended:
            raised.append(ended)

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(30)
    stop.set()
    thread.join(30)
    assert not thread.is_alive()
    assert len(raised) == 1
    connection.close()


def test_a_newer_question_does_not_wait_for_the_older(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query_running, "_STEPS", 1)
    stuck = Stuck(monkeypatch, "zebra")
    stop = threading.Event()
    raised: list[BaseException] = []

    def older() -> None:
        try:
            collection.find("/zebra/", cancelled=stop.is_set)
        except QueryCancelled as ended:
            raised.append(ended)

    thread = threading.Thread(target=older)
    thread.start()
    assert stuck.begun.wait(30)
    assert len(collection.find("power")) == 4
    assert thread.is_alive()
    stop.set()
    stuck.go_on.set()
    thread.join(30)
    assert len(raised) == 1
    assert stuck.looked == 1  # the record it was at was the last


class Stuck:
    """Has a regular expression wait at the first text that it is held against."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, pattern: str) -> None:
        self._pattern = pattern
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.looked = 0
        monkeypatch.setattr(query_running, "compiled", self._compiled)

    def _compiled(self, pattern: str) -> Callable[[str | bytes], bool]:
        if pattern != self._pattern:
            return compiled(pattern)

        def search(text: str | bytes) -> bool:
            self.looked += 1
            self.begun.set()
            assert self.go_on.wait(60)
            return False

        return search


def test_what_is_wrong_with_sqlite_is_said_as_it_is() -> None:
    connection = sqlite3.connect(":memory:")
    with (
        pytest.raises(sqlite3.OperationalError, match="no such table"),
        query_running.running(connection, EVERY, lambda: False),
    ):
        connection.execute("SELECT * FROM nowhere")
    connection.close()


def test_texts_that_take_too_long_are_given_up(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query_running, "REGEX_SECONDS", -1.0)
    with pytest.raises(InvalidQuery, match="given up") as raised:
        collection.find("power OR title:/b+/")
    assert (raised.value.error.start, raised.value.error.end) == (15, 19)
