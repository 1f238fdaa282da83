"""What is listed while a collection is first read."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from reader.library.collection import Collection
from reader.library.values import Progress
from reader.records.query import Query
from reader.ui import first_filling, waiting
from reader.ui.app import ReaderApp
from tests.ui.conftest import Slow, write_record
from tests.until import until

Open = Callable[..., Collection]
RECORDS = 30


@pytest.fixture
def half_read(tmp_path: Path, open_collection: Open) -> Collection:
    """A collection of which the oldest records are known, as a reader that was killed leaves it."""
    root = tmp_path / "quay"
    for number in range(RECORDS):  # the newest one is read last
        write_record(root, f"r{number:02}", f"Article {number:02}", days=RECORDS - number)
    collection = open_collection(root, indexed=False)
    looks = count()
    collection.reconcile(cancelled=lambda: next(looks) > 2)
    assert not collection.is_indexed
    assert 0 < len(collection.ids(Query())) < RECORDS
    return collection


def shown(app: ReaderApp) -> list[str]:
    """The titles of the list, from the cursor's on."""
    articles = app.desk.list
    rows = (articles.row(index) for index in range(articles.cursor, len(articles.ids)))
    return [row.title for row in rows if row is not None]


async def test_untouched_it_shows_its_top(half_read: Collection, slow: Slow) -> None:
    app = ReaderApp(half_read)
    slow.stop()
    async with app.run_test(size=(120, 20)):
        first = shown(app)[0]
        assert first < f"Article {RECORDS - 1}"
        slow.go()
        await until(lambda: len(app.desk.list.ids) == RECORDS)
        assert app.desk.list.cursor == 0
        assert shown(app)[0] == f"Article {RECORDS - 1}"
        await until(lambda: f"Article {RECORDS - 1}" in str(app.desk.reading.opened))


async def test_after_a_key_the_cursor_follows_its_record(half_read: Collection, slow: Slow) -> None:
    app = ReaderApp(half_read)
    slow.stop()
    async with app.run_test(size=(120, 20)) as pilot:
        await pilot.press("j")
        chosen = shown(app)[0]
        slow.go()
        await until(lambda: len(app.desk.list.ids) == RECORDS)
        assert shown(app)[0] == chosen
        assert app.desk.list.cursor > 1


@pytest.mark.parametrize(("seen_after", "is_back"), [(30.0, True), (0.0, False)])
async def test_a_key_is_about_the_record_that_could_be_seen(
    half_read: Collection,
    slow: Slow,
    monkeypatch: pytest.MonkeyPatch,
    seen_after: float,
    is_back: bool,
) -> None:
    monkeypatch.setattr(first_filling, "SEEN_AFTER", seen_after)
    app = ReaderApp(half_read)
    slow.stop()
    async with app.run_test(size=(120, 20)) as pilot:
        before = shown(app)[0]
        slow.go()
        await until(lambda: len(app.desk.list.ids) == RECORDS)
        await pilot.press("d")
        rejected = [row.title for row in map(app.desk.list.row, range(RECORDS)) if row]
        await until(lambda: len(app.desk.list.decided) == 1)
        (decided,) = app.desk.list.decided
        assert (rejected[app.desk.list.ids.index(decided)] == before) == is_back


async def test_a_key_waits_for_the_first_records(
    tmp_path: Path, open_collection: Open, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "LONGEST", 60.0)
    root = tmp_path / "quay"
    for number in range(3):
        write_record(root, f"r{number}", f"Article {number}", days=number + 1)
    app = ReaderApp(open_collection(root, indexed=False))
    slow.stop()
    async with app.run_test(size=(120, 20)) as pilot:
        await pilot.press("j")
        assert app.desk.awaiting.is_waiting
        slow.go()
        await until(lambda: not app.desk.awaiting.is_waiting)
        assert shown(app) == ["Article 1", "Article 2"]


async def test_no_key_waits_where_there_are_no_records(
    tmp_path: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "LONGEST", 60.0)
    (tmp_path / "empty").mkdir()
    app = ReaderApp(open_collection(tmp_path / "empty", indexed=False))
    async with app.run_test(size=(120, 20)) as pilot:
        await pilot.press("j")
        await until(lambda: not app.desk.is_looking and not app.desk.awaiting.is_waiting)
        await pilot.press("d")
        assert app.desk.footer.said == "There is no record here."


def test_a_few_files_are_listed_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_filling, "PATIENCE", 30.0)

    def told(done: int, total: int) -> Progress:
        return Progress(done, total, changed=True)

    class Nothing:
        """No list is needed for that."""

    filling = first_filling.FirstFilling(Nothing())  # type: ignore[arg-type]
    assert filling.is_worth_listing(told(16, 60))  # read before: all that comes is news
    filling.begin()
    assert not filling.is_worth_listing(told(16, 60))
    assert filling.is_worth_listing(told(200, 5000))
    assert not filling.is_worth_listing(told(4800, 5000))
    monkeypatch.setattr(first_filling, "PATIENCE", -1.0)  # a slow disk
    assert filling.is_worth_listing(told(4800, 5000))
    filling.chosen()
    assert filling.is_worth_listing(told(16, 60))
