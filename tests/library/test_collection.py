"""A collection on the disk: what is found, indexed, kept, followed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reader.library.collection import Collection, CollectionError, Progress
from reader.records.query import SORT_FIELDS, Facet, Query, View
from reader.records.record import Problem, State
from tests.until import wait_until

from .conftest import Open, Write


def titles(collection: Collection, query: Query | None = None) -> list[str]:
    return [row.title for row in collection.rows(collection.ids(query or Query()))]


# -- the scan -----------------------------------------------------------------------------------


def test_what_is_a_record_and_what_is_skipped(root: Path, write: Write, open_it: Open) -> None:
    for name in ("a.md", "b.markdown", "c.mdx", "d.html", "e.TXT", "deep/er/f.md"):
        write(name)
    write("g.yml", webUrl="https://a.example/g")
    for name in (".git/x.md", "_site/x.md", "_data/x.md", "node_modules/x.md", "vendor/x.md"):
        write(name)
    write("h.rst")
    (root / "readme.md").write_text("# no front matter\n")
    (root / "other.yaml").write_text("a: b\n")
    (root / "broken.md").write_text('---\ntitle: "a\n---\n')
    collection = open_it()
    summary = collection.reconcile()
    assert sorted(titles(collection)) == [
        "a.md", "b.markdown", "c.mdx", "d.html", "deep/er/f.md", "e.TXT", "g.yml",
    ]  # fmt: skip
    assert (summary.records, summary.problems, summary.skipped) == (7, 1, 2)
    ((path, problem),) = collection.problems()
    assert path == "broken.md"
    assert problem.line == 2


@pytest.mark.parametrize(
    ("exclude", "left"),
    [
        (["drafts"], ["a.md", "x/b.tmp.md"]),
        (["*.tmp.md"], ["a.md", "drafts/c.md"]),
        (["x/b.tmp.md", "drafts/"], ["a.md"]),
    ],
)
def test_exclude(write: Write, open_it: Open, exclude: list[str], left: list[str]) -> None:
    for name in ("a.md", "x/b.tmp.md", "drafts/c.md"):
        write(name)
    collection = open_it(exclude=exclude)
    collection.reconcile()
    assert sorted(titles(collection)) == left


def test_links_are_followed_only_to_files_inside(
    root: Path, write: Write, open_it: Open, tmp_path: Path
) -> None:
    write("real.md")
    (tmp_path / "outside.md").write_text("---\ntitle: outside\n---\n")
    (root / "inside.md").symlink_to(root / "real.md")
    (root / "out.md").symlink_to(tmp_path / "outside.md")
    (root / "gone.md").symlink_to(root / "nothing.md")
    (root / "loop").symlink_to(root)
    collection = open_it()
    collection.reconcile()
    assert titles(collection) == ["real.md", "real.md"]


def test_pipes_and_sockets_are_never_opened(root: Path, write: Write, open_it: Open) -> None:
    write("a.md")
    os.mkfifo(root / "pipe.md")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.fspath(root / "s.md"))
        collection = open_it()
        done = threading.Thread(target=collection.reconcile, daemon=True)
        done.start()
        done.join(20)
        assert not done.is_alive()
    assert titles(collection) == ["a.md"]


def test_names_of_all_kinds(root: Path, open_it: Open) -> None:
    names = [b"caf\xe9.md", b"new\nline.md", b"esc\x1b[31m.md", "日本.md".encode()]
    for name in names:
        Path(os.fsdecode(os.path.join(os.fsencode(root), name))).write_text("---\nheat: 1\n---\n")
    collection = open_it()
    collection.reconcile()
    ids = collection.ids(Query())
    assert {os.fsencode(collection.path(id) or "") for id in ids} == set(names)
    for id, row in zip(ids, collection.rows(ids), strict=True):
        assert row.title.isprintable()  # the name stands for the title that is missing
        opened = collection.open_record(id)
        assert opened is not None
        assert not isinstance(opened.record, Problem)


def test_a_huge_file_is_a_problem(root: Path, open_it: Open) -> None:
    with (root / "huge.md").open("wb") as file:
        file.write(b"---\n")
        file.truncate(17 << 20)
    collection = open_it()
    collection.reconcile()
    assert "17 MiB" in collection.problems()[0][1].reason


# -- opening ------------------------------------------------------------------------------------


def test_a_path_that_does_not_exist(root: Path, open_it: Open) -> None:
    with pytest.raises(CollectionError, match="does not exist"):
        open_it(root / "nothing")


def test_a_file_that_is_no_record(root: Path, open_it: Open) -> None:
    (root / "a.md").write_text("no fence")
    with pytest.raises(CollectionError, match="three dashes"):
        open_it(root / "a.md")
    (root / "_config.yml").write_text("title: A site\nwebUrl: https://a.example/\n")
    with pytest.raises(CollectionError, match="is no record: YAML files named _config… are the"):
        open_it(root / "_config.yml")
    (root / "a.yaml").write_text("title: A\n")
    with pytest.raises(CollectionError, match="needs a title or name, and one of webUrl, "):
        open_it(root / "a.yaml")


def test_a_single_file_reads_stars_and_marks(root: Path, write: Write, open_it: Open) -> None:
    write("other.md")
    collection = open_it(write("a.md", webUrl="https://a.example/a"))
    (id,) = collection.ids(Query())
    collection.set_starred([id], True)
    assert collection.rows([id])[0].starred
    whole = open_it()
    whole.reconcile()
    assert {row.title: row.starred for row in whole.rows(whole.ids(Query()))} == {
        "a.md": True, "other.md": False,
    }  # fmt: skip


def test_an_unchanged_file_is_not_read_again(write: Write, open_it: Open) -> None:
    for path in (write("a.md"), write("b.md")):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    assert open_it().reconcile().parsed == 2
    again = open_it()
    assert sorted(titles(again)) == ["a.md", "b.md"]
    assert again.reconcile().parsed == 0
    write("b.md", heat=5)
    assert again.reconcile().parsed == 1


@pytest.mark.parametrize("damage", [b"", b"garbage " * 2000, None])
def test_a_damaged_or_older_index_is_made_anew(
    write: Write, open_it: Open, tmp_path: Path, damage: bytes | None
) -> None:
    write("a.md")
    first = open_it()
    first.reconcile()
    first.close()
    (index,) = (tmp_path / "cache").glob("*.sqlite")
    if damage is None:
        with closing(sqlite3.connect(index)) as connection, connection:
            connection.execute("PRAGMA user_version = 999")
        connection.close()
    else:
        for beside in (tmp_path / "cache").glob("*.sqlite-*"):
            beside.unlink()
        index.write_bytes(damage)
    collection = open_it()
    collection.reconcile()
    assert titles(collection) == ["a.md"]


def test_an_index_damaged_while_open_is_made_anew(
    write: Write, open_it: Open, tmp_path: Path
) -> None:
    for number in range(200):
        write(f"{number}.md", excerpt="word " * 50)
    collection = open_it()
    collection.reconcile()
    collection.close()
    (index,) = (tmp_path / "cache").glob("*.sqlite")
    data = bytearray(index.read_bytes())
    data[8192:-4096] = os.urandom(len(data) - 8192 - 4096)
    index.write_bytes(data)
    again = open_it()
    again.ids(Query())
    again.rows(range(200))
    again.counts()
    again.reconcile()
    if len(again.ids(Query())) != 200:  # noticed only now: the next look fills it again
        again.reconcile()
    assert len(again.ids(Query())) == 200


def test_a_cache_that_cannot_be_written_means_an_index_in_memory(
    write: Write, open_it: Open, tmp_path: Path
) -> None:
    write("a.md", webUrl="https://a.example/a", topics="[T]")
    (tmp_path / "file").write_text("in the way")
    collection = open_it(cache_dir=tmp_path / "file" / "cache")
    collection.reconcile()
    assert "kept in memory" in collection.notices[0]
    (id,) = collection.ids(Query(View.ALL, Facet.TOPIC, "t"))
    collection.set_read([id], True)
    assert collection.rows([id])[0].read
    assert collection.counts().topics[0].total == 1


def test_a_state_that_cannot_be_written_is_kept_until_the_end(
    write: Write, open_it: Open, tmp_path: Path
) -> None:
    write("a.md")
    (tmp_path / "file").write_text("in the way")
    collection = open_it(state_dir=tmp_path / "file" / "state")
    collection.reconcile()
    (id,) = collection.ids(Query())
    collection.set_starred([id], True)
    assert collection.rows([id])[0].starred
    assert "kept only until you quit" in collection.notices[0]


def test_a_damaged_state_is_kept_aside(write: Write, open_it: Open, tmp_path: Path) -> None:
    write("a.md")
    first = open_it()
    first.reconcile()
    first.set_read(first.ids(Query()), True)
    first.close()
    (state,) = (tmp_path / "state").glob("*.sqlite")
    for beside in (tmp_path / "state").glob("*.sqlite-*"):
        beside.unlink()
    state.write_bytes(b"garbage " * 1000)
    collection = open_it()
    assert "kept as" in collection.notices[0]
    (aside,) = (tmp_path / "state").glob("*.damaged-*")
    assert aside.read_bytes() == b"garbage " * 1000
    collection.set_read(collection.ids(Query()), True)


# -- queries ------------------------------------------------------------------------------------

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp()


@pytest.fixture
def varied(write: Write, open_it: Open) -> Collection:
    for number in range(40):
        fields: dict[str, object] = {"title": f"T{number % 7}", "type": "ab"[number % 2]}
        if number % 5:
            fields["publishedDateTime"] = f"2026-11-{22 - number % 20:02}T12:00:00Z"
        if number % 3:
            fields["quality"] = number * 7 % 23
        if number % 4:
            fields["provider"] = f"{{name: P{number % 6}}}"
        fields["published"] = "false" if number % 3 == 0 else "true"
        if number % 10 == 9:
            fields["removed"] = "true"
        fields["topics"] = "['Power Apps', tides]" if number % 2 else "['power  apps']"
        write(f"{'_news' if number % 3 else '_learning/videos'}/{number:02}.md", **fields)
    collection = open_it(now=lambda: NOW)
    collection.reconcile()
    return collection


def test_views_and_facets_hold_what_plain_python_finds(varied: Collection) -> None:
    records = {}
    for id in varied.ids(Query()):
        opened = varied.open_record(id)
        assert opened is not None
        records[id] = opened
    day = 86400

    def moment(id: int) -> float | None:
        record = records[id].record
        assert not isinstance(record, Problem)
        return record.published_at.timestamp() if record.published_at else None

    def state(id: int) -> State:
        record = records[id].record
        assert not isinstance(record, Problem)
        return record.state

    start = time.mktime((*time.localtime(NOW)[:3], 0, 0, 0, 0, 0, -1))
    expected = {
        View.ALL: set(records),
        View.UNPUBLISHED: {id for id in records if state(id) is State.UNPUBLISHED},
        View.PUBLISHED: {id for id in records if state(id) is State.PUBLISHED},
        View.REJECTED: {id for id in records if state(id) is State.REJECTED},
        View.TODAY: {id for id in records if (m := moment(id)) and start <= m < start + day},
        View.THIS_WEEK: {
            id for id in records if (m := moment(id)) and start - 6 * day <= m < start + day
        },
        View.UNREAD: set(records),
        View.STARRED: set(),
        View.DEFERRED: set(),
        View.PROBLEMS: set(),
    }
    for view, ids in expected.items():
        assert set(varied.ids(Query(view))) == ids, view
    counted = {count.key: count.total for count in varied.counts().views}
    assert counted == {view.value: len(ids) for view, ids in expected.items()}
    assert len(varied.ids(Query(facet=Facet.TOPIC, facet_key="power apps"))) == 40
    assert len(varied.ids(Query(facet=Facet.TOPIC, facet_key="tides"))) == 20
    assert len(varied.ids(Query(facet=Facet.FOLDER, facet_key="_learning"))) == 14
    assert len(varied.ids(Query(View.UNPUBLISHED, Facet.TYPE, "a"))) == len(
        [id for id in expected[View.UNPUBLISHED] if records[id].record.type == "a"]  # type: ignore[union-attr]
    )


@pytest.mark.parametrize("field", SORT_FIELDS)
@pytest.mark.parametrize("descending", [False, True])
def test_orders(varied: Collection, field: str, descending: bool) -> None:
    ids = varied.ids(Query(sort=f"-{field}" if descending else field))
    assert len(ids) == 40
    if field == "path":
        values: list[object] = [varied.path(id) for id in ids]
    else:
        values = [getattr(row, field) for row in varied.rows(ids)]
    given_values = [value for value in values if value not in (None, "")]
    assert values[: len(given_values)] == given_values  # what has none comes last
    assert given_values == sorted(given_values, reverse=descending)  # type: ignore[type-var]
    assert varied.ids(Query(sort=f"-{field}" if descending else field), limit=7) == ids[:7]


def test_counts_fold_topics_and_add_up_folders(varied: Collection) -> None:
    counts = varied.counts()
    assert varied.counts(cached=True) == counts
    topics = {count.key: (count.label, count.total) for count in counts.topics}
    assert topics["power apps"][1] == 40
    assert topics["power apps"][0] in ("Power Apps", "power apps")
    folders = {count.key: count.total for count in counts.folders}
    assert folders == {"_learning": 14, "_learning/videos": 14, "_news": 26}


def test_links_resolve_and_are_mentioned(write: Write, open_it: Open) -> None:
    write("a.md", webUrl="https://www.a.example/one/")
    write("b.md", related="[{webUrl: 'http://a.example/one?utm_source=x'}]")
    collection = open_it()
    collection.reconcile()
    one = collection.id_of_path("a.md")
    assert one is not None
    assert collection.id_of_url("https://a.example/one#x") == one
    assert [row.title for row in collection.mentioned_by(one)] == ["b.md"]
    assert collection.id_of_url("nonsense") is None


def test_words_are_searched_without_case_and_accents(
    write: Write, open_it: Open, tmp_path: Path
) -> None:
    write("a.md", excerpt="Le CAFÉ du port")
    collection = open_it()
    collection.reconcile()
    (index,) = (tmp_path / "cache").glob("*.sqlite")
    connection = sqlite3.connect(index)
    assert connection.execute("SELECT count(*) FROM words('cafe')").fetchone() == (1,)
    connection.close()


# -- the reader's own state ---------------------------------------------------------------------


def test_marks_survive_a_renamed_file_by_url(root: Path, write: Write, open_it: Open) -> None:
    path = write("a.md", webUrl="https://a.example/a")
    collection = open_it()
    collection.reconcile()
    (id,) = collection.ids(Query())
    collection.set_read([id], True)
    collection.set_starred([id], True)
    path.rename(root / "b.md")
    collection.reconcile()
    assert collection.ids(Query())[0] == id  # and it is the same row
    again = open_it()
    row = again.rows(again.ids(Query()))[0]
    assert row.read
    assert row.starred
    again.set_read([row.id], False)
    assert not again.rows([row.id])[0].read


def test_two_processes_marking_at_once_lose_nothing(
    write: Write, open_it: Open, tmp_path: Path, root: Path
) -> None:
    for number in range(40):
        write(f"{number:02}.md", webUrl=f"https://a.example/{number}")
    collection = open_it()
    collection.reconcile()
    code = (
        "import sys; from pathlib import Path; from reader.library.collection import Collection\n"
        "from reader.records.query import Query\n"
        "root, cache, state, part = sys.argv[1:]\n"
        "c = Collection.open(Path(root), cache_dir=Path(cache), state_dir=Path(state))\n"
        "for id in list(c.ids(Query(sort='path')))[int(part)::2]: c.set_read([id], True)\n"
        "c.close()\n"
    )
    where = [os.fspath(root), os.fspath(tmp_path / "cache"), os.fspath(tmp_path / "state")]
    running = [subprocess.Popen([sys.executable, "-c", code, *where, part]) for part in "01"]
    assert [process.wait(60) for process in running] == [0, 0]
    assert all(row.read for row in collection.rows(collection.ids(Query())))


# -- reconciling --------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["write", "break", "plain", "delete", "rename", "folder"]),
        st.integers(0, 5),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=12,
)


@given(STEPS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_after_any_changes_the_index_is_as_if_made_anew(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    base = tmp_path_factory.mktemp("steps")
    root = base / "feed"
    root.mkdir()

    def opened(name: str) -> Collection:
        return Collection.open(root, cache_dir=base / name, state_dir=base / "state")

    collection = opened("grown")
    for number, (step, one, other) in enumerate(steps):
        path, target = root / f"{one}.md", root / f"{other}.md"
        url = f"webUrl: https://a.example/{one}\ntopics: [T{other}]\nrelated: [{{webUrl: 'https://a.example/{other}'}}]"
        if step == "write" and not path.is_dir():
            path.write_text(f"---\ntitle: t{number}\n{url}\n---\n")
        elif step == "break" and not path.is_dir():
            path.write_text('---\ntitle: "\n---\n')
        elif step == "plain" and not path.is_dir():
            path.write_text("no record")
        elif step == "delete" and path.is_file():
            path.unlink()
        elif step == "rename" and path.is_file() and not target.is_dir():
            path.rename(target)
        elif step == "folder" and not path.exists():
            path.mkdir()
            (path / "inner.md").write_text("---\ntitle: inner\n---\n")
        if number % 3 == 0:
            collection.reconcile()
    collection.reconcile()
    fresh = opened("fresh")
    fresh.reconcile()
    assert contents(collection) == contents(fresh)
    collection.close()
    fresh.close()


def contents(collection: Collection) -> dict[str | None, object]:
    held: dict[str | None, object] = {
        collection.path(row.id): (
            row[1:],
            sorted(other.title for other in collection.mentioned_by(row.id)),
        )
        for row in collection.rows(collection.ids(Query()))
    }
    held["problems"] = collection.problems()
    counts = collection.counts()
    held["counts"] = (counts.topics, counts.folders)
    held["summary"] = (collection.summary().records, collection.summary().skipped)
    return held


def test_many_files_are_read_in_processes_of_our_own(write: Write, open_it: Open) -> None:
    for number in range(700):
        write(f"{number % 9}/{number}.md")
    reports: list[Progress] = []
    collection = open_it()
    summary = collection.reconcile(reports.append)
    assert summary.records == summary.parsed == 700
    assert reports[-1].finished
    assert reports[-1].done == reports[-1].total == 700


def test_files_of_the_collection_are_never_imported(
    root: Path, write: Write, open_it: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(400):
        write(f"{number}.md")
    for name in ("yaml.py", "reader.py", "marshal.py", "sitecustomize.py"):
        (root / name).write_text(f"open({os.fspath(tmp_path / 'imported')!r}, 'w')\n")
    monkeypatch.chdir(root)
    assert open_it().reconcile().records == 400
    assert not (tmp_path / "imported").exists()


def test_a_cancelled_reconcile_is_finished_by_the_next(write: Write, open_it: Open) -> None:
    for number in range(600):
        write(f"{number}.md")
    collection = open_it()
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 8

    collection.reconcile(cancelled=cancelled)
    assert not collection.is_indexed
    collection.reconcile()
    assert collection.is_indexed
    assert len(collection.ids(Query())) == 600


def test_a_kill_in_the_middle_leaves_an_index_that_the_next_start_completes(
    root: Path, write: Write, open_it: Open, tmp_path: Path
) -> None:
    for number in range(1500):
        write(f"{number}.md", topics="[a, b]")
    code = (
        "import sys; from pathlib import Path; from reader.library.collection import Collection\n"
        "root, cache, state = sys.argv[1:]\n"
        "c = Collection.open(Path(root), cache_dir=Path(cache), state_dir=Path(state))\n"
        "c.reconcile(lambda p: p.changed and print('rows', flush=True))\n"
    )
    where = [os.fspath(root), os.fspath(tmp_path / "cache"), os.fspath(tmp_path / "state")]
    with subprocess.Popen(
        [sys.executable, "-c", code, *where], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()  # some rows are committed
        process.send_signal(signal.SIGKILL)
    collection = open_it()
    collection.reconcile()
    assert len(collection.ids(Query())) == 1500
    assert collection.counts().topics[0].total == 1500


# -- the watch ----------------------------------------------------------------------------------


def test_the_watch_follows_every_kind_of_change(root: Path, write: Write, open_it: Open) -> None:
    write("a.md")
    collection = open_it()
    collection.reconcile()
    stop, ready, changes = threading.Event(), threading.Event(), []
    watching = threading.Thread(
        target=collection.watch, args=(changes.append, stop.is_set, ready.set)
    )
    watching.start()
    try:
        assert ready.wait(10)
        write("b.md")
        wait_until(lambda: titles(collection, Query(sort="path")) == ["a.md", "b.md"])
        temporary = root / ".b.md.tmp"
        temporary.write_text("---\ntitle: replaced\n---\n")
        temporary.replace(root / "b.md")
        wait_until(lambda: "replaced" in titles(collection))
        (root / "a.md").unlink()
        wait_until(lambda: titles(collection) == ["replaced"])
        write("folder/c.md")
        wait_until(lambda: len(collection.ids(Query())) == 2)
        (root / "folder").rename(root / "moved")
        wait_until(lambda: collection.id_of_path("moved/c.md") is not None)
        wait_until(lambda: collection.id_of_path("folder/c.md") is None)
        for number in range(600):
            write(f"burst/{number}.md")
        wait_until(lambda: len(collection.ids(Query())) == 602, 30)
        assert changes
        seen = 0
        while seen != len(changes):  # until all that has happened is told
            seen = len(changes)
            time.sleep(0.8)
        (root / "notes.py").write_text("irrelevant")
        time.sleep(0.6)
        assert len(changes) == seen
    finally:
        start = time.monotonic()
        stop.set()
        watching.join(10)
        assert time.monotonic() - start < 5
    assert not watching.is_alive()


def test_the_watch_follows_folders_that_come_go_and_come_back(
    root: Path, write: Write, open_it: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from reader.library import watch

    monkeypatch.setattr(watch, "PORTION", 3)  # several notifiers, and a full one
    for number in range(8):
        write(f"old{number}/sub/a.md")
    collection = open_it()
    collection.reconcile()
    stop, ready = threading.Event(), threading.Event()
    watching = threading.Thread(
        target=collection.watch, args=(lambda _: None, stop.is_set, ready.set)
    )

    def follows(path: str) -> None:
        write(path)
        wait_until(lambda: collection.id_of_path(path) is not None)

    def forgets(path: str) -> None:
        wait_until(lambda: collection.id_of_path(path) is None)

    watching.start()
    try:
        assert ready.wait(10)
        follows("new/in/in it/a.md")
        follows("new/in/in it/b.md")  # a later change where all was new at once
        follows("new/in/c.md")
        (root / "old0").rename(root / "new" / "moved")
        forgets("old0/sub/a.md")
        follows("new/moved/sub/b.md")
        follows("old0/sub/again.md")
        shutil.rmtree(root / "old1")
        forgets("old1/sub/a.md")
        follows("old1/sub/a.md")
        follows("old1/sub/b.md")
        outside = tmp_path / "outside"
        (outside / "deep").mkdir(parents=True)
        (outside / "deep" / "a.md").write_text("---\ntitle: from outside\n---\n")
        outside.rename(root / "came")
        wait_until(lambda: collection.id_of_path("came/deep/a.md") is not None)
        follows("came/deep/b.md")
        follows("old7/sub/b.md")  # those that were there from the start are watched still
        (root / "link").symlink_to(root / "came")
        follows("came/deep/c.md")
        assert collection.id_of_path("link/deep/c.md") is None
        assert not collection.notices
    finally:
        stop.set()
        watching.join(10)
    assert not watching.is_alive()


def test_the_watch_of_a_single_file_sees_it_replaced(
    root: Path, write: Write, open_it: Open
) -> None:
    path = write("a.md")
    collection = open_it(path)
    collection.reconcile()
    stop, ready = threading.Event(), threading.Event()
    watching = threading.Thread(
        target=collection.watch, args=(lambda _: None, stop.is_set, ready.set)
    )
    watching.start()
    try:
        assert ready.wait(10)
        write("b.md")
        (root / ".new").write_text("---\ntitle: replaced\n---\n")
        (root / ".new").replace(path)
        wait_until(lambda: titles(collection) == ["replaced"])
    finally:
        stop.set()
        watching.join(10)


def test_where_nothing_can_be_watched_the_tree_is_looked_at(
    write: Write, open_it: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    import watchfiles._rust_notify as system

    def refuse(*_: object) -> None:
        raise OSError("inotify watch limit reached")

    monkeypatch.setattr(system, "RustNotify", refuse)
    collection = open_it()
    collection.reconcile()
    stop = threading.Event()
    watching = threading.Thread(target=collection.watch, args=(lambda _: None, stop.is_set))
    watching.start()
    try:
        wait_until(lambda: bool(collection.notices))
        assert "inotify watch limit" in collection.notices[0]
        write("a.md")
        wait_until(lambda: titles(collection) == ["a.md"])
    finally:
        stop.set()
        watching.join(10)


def test_nothing_heavy_is_imported_before_the_first_screen(
    root: Path, write: Write, open_it: Open, tmp_path: Path
) -> None:
    write("a.md")
    first = open_it()
    first.reconcile()
    first.close()
    code = (
        "import sys; from pathlib import Path; from reader.library.collection import Collection\n"
        "from reader.records.query import Query\n"
        "root, cache, state = sys.argv[1:]\n"
        "c = Collection.open(Path(root), cache_dir=Path(cache), state_dir=Path(state))\n"
        "assert c.rows(c.ids(Query(), limit=200)); c.counts(cached=True)\n"
        "print(*({'yaml', 'watchfiles', 'textual', 'httpx', 'ftfy', 'rich'} & set(sys.modules)))\n"
    )
    where = [os.fspath(root), os.fspath(tmp_path / "cache"), os.fspath(tmp_path / "state")]
    done = subprocess.run(
        [sys.executable, "-c", code, *where], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
