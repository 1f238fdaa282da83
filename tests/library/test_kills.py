"""Readers killed while they decide: no file half written, no decision half remembered.

25 kills; all 200 with READER_KILLS=200 in the environment.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from reader.cli import main
from reader.library.replace import MARK
from tests.cli_support import own_folders
from tests.corpus import write_collection

KILLS = int(os.environ.get("READER_KILLS", "25"))
RECORDS = 500

ROUND = (
    ("triage", "publish", "--where", "all"),
    ("triage", "reject", "--where", "all"),
    ("undo", "--since", "2000-01-01"),
    ("triage", "unpublish", "--where", "all"),
    ("triage", "topics", "--add", "Night Shift", "--where", "all"),
    ("undo",),
    ("redo",),
    ("triage", "restore", "--where", "all"),
)


class Journal:
    """The journal as it lies on the disk, read without the program."""

    def __init__(self, state: Path) -> None:
        (self.path,) = state.glob("*.sqlite")

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.path)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def done(self) -> int:
        return len(self.ask("SELECT 1 FROM entries WHERE status = 1"))

    def pending(self) -> dict[bytes, tuple[bytes, bytes]]:
        rows = self.ask("SELECT path, before, after FROM entries WHERE status = 0")
        return {path: (before, after) for path, before, after in rows}  # type: ignore[misc]

    def told(self, first: dict[bytes, bytes]) -> dict[bytes, bytes]:
        """Return the hash that each file has to have, and prove that the entries are a chain."""
        hashes = dict(first)
        for path, before, after in self.ask(
            "SELECT path, before, after FROM entries WHERE status = 1 AND before != x'' ORDER BY id"
        ):
            assert hashes[path] == before, path  # type: ignore[index]
            hashes[path] = after  # type: ignore[index,assignment]
        return hashes


def _files(root: Path) -> dict[bytes, bytes]:
    return {
        os.fsencode(path.relative_to(root)): sha256(path.read_bytes()).digest()
        for path in root.rglob("*.md")
    }


def _left(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if os.fsencode(path.name).startswith(MARK)]


@pytest.mark.long
def test_kills_at_random_moments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own_folders(monkeypatch, tmp_path)
    root = tmp_path / "feed"
    write_collection(root, RECORDS)
    assert main(["index", str(root)]) == 0
    assert main(["triage", "star", "--where", "unpublished", "-C", str(root)]) == 0
    first = _files(root)
    journal = Journal(tmp_path / "own" / "state")
    rng = random.Random(3)
    killed = midway = caught = 0
    turn = 0
    # On a busy machine more come too late: as many as it takes.
    while killed < KILLS or (midway < KILLS // 4 and killed < 4 * KILLS):
        argv = ROUND[turn % len(ROUND)]
        turn += 1
        size = os.stat(f"{journal.path}-wal").st_size if _has_wal(journal) else 0
        process = subprocess.Popen(
            [sys.executable, "-m", "reader", *argv, "-C", str(root)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        # From the moment it writes the journal, so that most are hit while they edit.
        while process.poll() is None and (
            not _has_wal(journal) or os.stat(f"{journal.path}-wal").st_size in (0, size)
        ):
            time.sleep(0.001)
        if process.poll() is None:
            time.sleep(rng.random() ** 2 * 0.3)
        process.send_signal(signal.SIGKILL)
        if process.wait() != -signal.SIGKILL:
            continue  # it was through, or had nothing to do
        killed += 1
        pending = journal.pending()
        midway += bool(pending)
        told, found = journal.told(first), _files(root)
        assert found.keys() == told.keys()
        for path, digest in found.items():
            # Old or new, whole: as the journal tells, or one of the two that it leaves open.
            assert digest in pending.get(path, (told[path],)), path
        caught += sum(found[path] == after for path, (_, after) in pending.items())

        capsys.readouterr()
        code, said = main(["log", "--limit", "1", "-C", str(root)]), capsys.readouterr().err
        assert code == 0, said
        told_of = re.findall("stopped during .*” of (?:(\\d+) records|[^:]*): ", said)
        assert len(told_of) <= 1, "a line for each step"
        assert sum(int(count or 1) for count in told_of) == len(pending)
        assert not journal.pending()
        assert not _left(root)
        assert _files(root) == journal.told(first) == found
        if killed % 5 == 0:
            _index_agrees(root, capsys)
    _index_agrees(root, capsys)
    sys.stdout.write(
        f"{killed} kills, {midway} while edits were under way ({caught} of whose files were"
        f" written already), {journal.done()} edits\n"
    )
    assert midway >= KILLS // 4
    assert main(["undo", "--since", "2000-01-01", "-C", str(root)]) == 0
    assert _files(root) == journal.told(first) == first


def _has_wal(journal: Journal) -> bool:
    return os.path.exists(f"{journal.path}-wal")


def _index_agrees(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The index says of each record what its file says."""
    capsys.readouterr()
    assert main(["list", str(root), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["records"]
    assert len(rows) == RECORDS
    assert main(["list", str(root), "--format", r"{path}\t{state}\n"]) == 0
    listed = capsys.readouterr().out.splitlines()
    states = dict(line.split("\t") for line in listed if line)
    for row in rows:
        text = (root / row["path"]).read_text()
        state = (
            "rejected"
            if "\nremoved: true\n" in text
            else "unpublished"
            if "\npublished: false\n" in text
            else "published"
        )
        assert states[row["path"]] == state
