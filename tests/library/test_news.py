"""What changes is told: who came, who is another, who went; and also what another process read."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from reader.library.collection import Changes, Collection, Progress
from reader.records.query import Query
from tests.until import wait_until

from .conftest import Open, Write
from .unprivileged import needs_permissions, unprivileged

Counts = tuple[int, int, int]
NOBODY = (0, 0, 0)


def aged(path: Path) -> None:
    """Make a file an old one: one that changed just now is read again by the next look, to be safe."""
    os.utime(path, (1_700_000_000, 1_700_000_000))


def reconciled(collection: Collection) -> tuple[bool, Counts]:
    """Reconcile; return whether it was told that rows are others, and how many came, are others and
    went."""
    told: list[Progress] = []
    new, rewritten, gone = collection.reconcile(told.append).changes
    return any(progress.changed for progress in told), (len(new), len(rewritten), len(gone))


def test_a_reader_is_told_what_another_one_has_read(write: Write, open_it: Open) -> None:
    for number in range(3):
        aged(write(f"{number}.md"))
    first, second = open_it(), open_it()
    assert not second.ids(Query())  # its first screen
    assert reconciled(first) == (True, NOBODY)
    assert second.is_indexed
    assert reconciled(second) == (True, NOBODY)  # nothing was left to read
    assert reconciled(second) == (False, NOBODY)
    assert reconciled(first) == (False, NOBODY)


def test_a_reader_is_told_that_another_one_made_the_index_anew(write: Write, open_it: Open) -> None:
    aged(write("a.md"))
    first, second = open_it(), open_it()
    reconciled(first)
    reconciled(second)
    assert not reconciled(second)[0]
    first.reconcile(rebuild=True)
    assert reconciled(second)[0]


def test_what_has_become_of_records(root: Path, write: Write, open_it: Open) -> None:
    for name in ("a.md", "b.md", "c.md", "d.md"):
        write(name)
    (root / "notes.md").write_text("no record\n")
    collection = open_it()
    assert reconciled(collection) == (True, NOBODY)
    write("a.md", title="Another")
    write("b.md", excerpt="Said otherwise.")
    (root / "c.md").unlink()
    (root / "d.md").write_text("---\ntitle: [never\n---\n")
    (root / "notes.md").unlink()
    # Not of the size of the one that went, whose inode it may have: it is no renamed file.
    write("e.md", excerpt="New.")
    assert reconciled(collection)[1] == (1, 3, 1)
    write("e.md", excerpt="New.")  # the same once more
    assert reconciled(collection)[1] == NOBODY


def test_a_file_that_is_seen_while_it_is_written_is_a_new_record(
    root: Path, write: Write, open_it: Open
) -> None:
    write("a.md")
    collection = open_it()
    reconciled(collection)
    (root / "b.md").write_bytes(b"")  # made, and not written yet
    assert reconciled(collection)[1] == NOBODY
    write("b.md")
    assert reconciled(collection)[1] == (1, 0, 0)
    (root / "b.md").write_bytes(b"")
    assert reconciled(collection)[1] == (0, 0, 1)


@needs_permissions
def test_a_file_that_may_not_be_read_is_a_problem_until_it_may_again(
    write: Write, open_it: Open
) -> None:
    files = [write(f"{name}.md", webUrl=f"https://a.example/{name}") for name in "abcd"]
    for file in files:
        aged(file)
    files[3].chmod(0)

    def look() -> None:
        collection = open_it()
        reconciled(collection)
        assert [path for path, _ in collection.problems()] == ["d.md"]
        files[0].chmod(0)
        files[1].chmod(0o400)  # not for all to read, but for its owner
        assert reconciled(collection) == (True, (0, 1, 0))
        (path, problem), _ = collection.problems()
        assert path == "a.md"
        assert "may not be read" in problem.reason
        assert reconciled(collection) == (False, NOBODY)
        files[0].chmod(0o600)
        files[3].chmod(0o644)
        assert reconciled(collection) == (True, (0, 2, 0))
        assert collection.problems() == []
        assert len(collection.ids(Query())) == 4
        assert reconciled(collection) == (False, NOBODY)

    unprivileged(look)


@needs_permissions
@pytest.mark.parametrize("mode", [0, 0o444])
def test_records_in_a_folder_that_may_not_be_entered_are_not_gone(
    root: Path, write: Write, open_it: Open, mode: int
) -> None:
    for name in ("a.md", "closed/b.md", "closed/c.md"):
        aged(write(name))

    def look() -> None:
        collection = open_it()
        reconciled(collection)
        (root / "closed").chmod(mode)
        try:
            assert reconciled(collection) == (False, NOBODY)
            collection.reconcile_paths([b"closed/b.md"])
            assert len(collection.ids(Query())) == 3
            assert "The folder closed cannot be listed" in collection.notices[-1]
            root.chmod(mode)
            collection.reconcile()
            assert len(collection.ids(Query())) == 3
        finally:
            root.chmod(0o755)
            (root / "closed").chmod(0o755)
        assert reconciled(collection) == (False, NOBODY)

    unprivileged(look)


@needs_permissions
def test_the_watch_tells_of_a_file_that_may_not_be_read_any_more(
    write: Write, open_it: Open
) -> None:
    file = write("a.md")
    aged(file)

    def look() -> None:
        collection = open_it()
        reconciled(collection)
        stop, ready = threading.Event(), threading.Event()
        watching = threading.Thread(
            target=collection.watch, args=(lambda changes: None, stop.is_set, ready.set)
        )
        watching.start()
        try:
            assert ready.wait(10)
            file.chmod(0)
            wait_until(lambda: len(collection.problems()) == 1)
            file.chmod(0o644)
            wait_until(lambda: not collection.problems())
        finally:
            stop.set()
            watching.join(10)

    unprivileged(look)


def test_changes_one_after_the_other_are_told_as_one() -> None:
    came, other, went = (Changes(**{name: frozenset({1})}) for name in ("new", "rewritten", "gone"))
    assert came.then(other) == came
    assert came.then(went) == Changes()
    assert other.then(other) == other
    assert other.then(went) == went
    assert went.then(came) == other
    assert other.then(Changes(new=frozenset({2}))) == Changes(frozenset({2}), frozenset({1}))


def test_the_watch_tells_also_what_another_one_has_read(write: Write, open_it: Open) -> None:
    write("a.md")
    first, second = open_it(), open_it()
    reconciled(first)
    reconciled(second)
    stop, ready = threading.Event(), threading.Event()
    told: list[Changes] = []
    watching = threading.Thread(target=second.watch, args=(told.append, stop.is_set, ready.set))
    # The other one is quicker: its reconcile comes between the change and ours.
    lock = second._reconciling
    lock.acquire()
    watching.start()
    try:
        assert ready.wait(20)
        write("b.md")
        write("c.md")
        time.sleep(0.05)  # old enough to be believed unchanged
        first.reconcile()
        lock.release()
        wait_until(lambda: bool(told))
        assert len(second.ids(Query())) == 3
    finally:
        stop.set()
        watching.join(20)
