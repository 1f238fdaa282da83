"""Many at work on the same records at the same time: nothing is lost, and nothing twice.

Six processes on 200 records; on 1,000 with READER_AT_ONCE=1000 in the environment.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from reader.library.replace import MARK
from tests.cli_support import own_folders, run
from tests.corpus import write_collection

RECORDS = int(os.environ.get("READER_AT_ONCE", "200"))
"""Records that six processes decide on at once: several batches for each."""
CRAWLED = 400
"""Records that a crawler writes meanwhile: enough for 50 of its writes to fall among the edits."""
TOPICS = ("Early Shift", "Late Shift", "Night Shift", "Sunday Shift")

_CRAWLER = """
import os, random, re, sys
from pathlib import Path
rng, paths = random.Random(7), sorted(Path(sys.argv[1]).rglob("*.md"))
stop = Path(sys.argv[2])
count = 0
while not stop.exists():
    path = rng.choice(paths)
    text = path.read_bytes()
    if not text.endswith(b"\\n"):
        raise SystemExit(f"{path} is half a file")
    count += 1
    # A field of its own in each record, so that its latest writes are known.
    new = re.sub(rb"\\nheat: .*", b"\\nheat: %d" % count, text, count=1)
    if count % 2:
        temporary = path.with_suffix(".new")
        temporary.write_bytes(new)
        # Read, changed and put back in one go, as nearly as a program can that takes no locks.
        if path.read_bytes() == text:
            os.replace(temporary, path)
            print(path, count, flush=True)
        else:
            temporary.unlink()
        continue
    with path.open("r+b") as file:
        text = file.read()
        new = re.sub(rb"\\nheat: .*", b"\\nheat: %d" % count, text, count=1)
        file.seek(0)
        file.write(new)
        file.truncate()
    print(path, count, flush=True)
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    own_folders(monkeypatch, tmp_path)
    return tmp_path / "feed"


@pytest.fixture
def feed(root: Path) -> Path:
    return indexed(root, CRAWLED)


@pytest.fixture
def contested(root: Path) -> Path:
    return indexed(root, RECORDS)


def indexed(root: Path, records: int) -> Path:
    write_collection(root, records)
    assert run("index", str(root)).code == 0
    return root


def start(*argv: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "reader", *argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def rows(own: Path, sql: str) -> list[tuple[bytes, bytes, bytes]]:
    (path,) = (own / "state").glob("*.sqlite")
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


@pytest.mark.long
def test_four_processes_decide_on_the_same_records(contested: Path, tmp_path: Path) -> None:
    files = sorted(contested.rglob("*.md"))
    first = {os.fsencode(path.relative_to(contested)): path.read_bytes() for path in files}
    others = [
        start("triage", *decision, "--where", "all", "-C", str(contested))
        for decision in [("topics", "--add", topic) for topic in TOPICS]
    ]
    mixed = [
        start("triage", decision, "--where", "all", "-C", str(contested))
        for decision in ("publish", "unpublish")
    ]
    for process in others:
        _, err = process.communicate(timeout=100)
        assert process.returncode == 0, err
    for process in mixed:  # what another has just decided is a clash, never overwritten
        _, err = process.communicate(timeout=100)
        assert process.returncode in (0, 1), err
    for path in files:
        text = path.read_text()
        for topic in TOPICS:
            assert text.count(f"  - {topic}\n") == 1, path
    # The journal's entries of a file are a chain that leads from its first bytes to the last.
    hashes = {path: sha256(data).digest() for path, data in first.items()}
    entries = rows(
        tmp_path / "own", "SELECT path, before, after FROM entries WHERE status = 1 ORDER BY id"
    )
    for name, before, after in entries:
        assert hashes[name] == before
        hashes[name] = after
    assert rows(tmp_path / "own", "SELECT 1 FROM entries WHERE status = 0") == []
    for path in files:
        name = os.fsencode(path.relative_to(contested))
        assert sha256(path.read_bytes()).digest() == hashes[name]
    assert len(entries) >= len(TOPICS) * RECORDS
    assert run("undo", "--since", "2000-01-01", "-C", str(contested)).code == 0
    # Steps that overlapped are taken back by fields: a line may come back at its neighbour's other
    # side, and none is missing or there twice.
    for name, data in first.items():
        assert sorted((contested / os.fsdecode(name)).read_bytes().split(b"\n")) == sorted(
            data.split(b"\n")
        ), name


@pytest.mark.long
def test_a_crawler_that_takes_no_locks_loses_nothing(feed: Path, tmp_path: Path) -> None:
    stop = tmp_path / "stop"
    crawler = subprocess.Popen(
        [sys.executable, "-c", _CRAWLER, str(feed), str(stop)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        for topic in TOPICS[:2]:
            done = run("triage", "topics", "--add", topic, "--where", "all", "-C", str(feed))
            assert done.code in (0, 1), done.err
    finally:
        stop.touch()
        out, err = crawler.communicate(timeout=30)
    assert crawler.returncode == 0, err
    latest = dict(line.rsplit(" ", 1) for line in out.splitlines())
    assert len(latest) > 50
    lost = [
        path for path, count in latest.items() if f"\nheat: {count}\n" not in Path(path).read_text()
    ]
    assert lost == []
    assert not [path for path in feed.rglob("*") if os.fsencode(path.name).startswith(MARK)]
