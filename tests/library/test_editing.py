"""Decisions on real files: made, refused, clashing, taken back, and repaired after a crash."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reader.library import replace as replacing
from reader.library.collection import Collection
from reader.library.editing import Editing, Rules
from reader.library.journal import How, Journal, JournalError, Step
from reader.library.outcome import Became, Outcome, Target, summed_up
from reader.library.preparing import Prepared, Preparing
from reader.library.replace import MARK
from reader.records.decisions import Decision
from reader.records.query import Query
from reader.records.record import State

from .conftest import Open, Write

PUBLISH, UNPUBLISH, REJECT = Decision("publish"), Decision("unpublish"), Decision("reject")
Edit = Callable[..., Editing]


@pytest.fixture
def edit() -> Iterator[Edit]:
    opened: list[Editing] = []

    def edit_it(collection: Collection, origin: str = "interface", **rules: str) -> Editing:
        editing = Editing(collection, Rules(**rules), origin)  # type: ignore[arg-type]
        opened.append(editing)
        return editing

    yield edit_it
    for editing in opened:
        editing.close()


@pytest.fixture
def article(write: Write) -> Path:
    return write("a.md", webUrl="https://a.example/1", quality=30, published="false", topics="[AI]")


@pytest.fixture
def own(tmp_path: Path) -> dict[str, str]:
    return {
        "READER_CACHE_DIR": str(tmp_path / "cache"),
        "READER_STATE_DIR": str(tmp_path / "state"),
        "READER_CONFIG": str(tmp_path / "none.toml"),
    }


def ready(open_it: Open, path: Path | None = None) -> tuple[Collection, list[Target]]:
    collection = open_it() if path is None else open_it(path)
    collection.reconcile()
    return collection, collection.targets(collection.ids(Query()))


def became(outcome: Outcome | None) -> list[Became]:
    assert outcome is not None
    return [result.became for result in outcome.results]


def left(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if os.fsencode(path.name).startswith(MARK)]


def swap_text(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text().replace(old, new))


# -- deciding ---------------------------------------------------------------------------------------


def test_a_plan_looks_at_a_published_that_cannot_be_used(
    open_it: Open, edit: Edit, write: Write
) -> None:
    odd = write("odd.md", webUrl="https://a.example/1", published="maybe")
    write("so.md", webUrl="https://a.example/2", published="true")
    write("warned.md", webUrl="https://a.example/3", published="true", quality="high")
    collection, targets = ready(open_it)
    ids = [target.id for target in targets]
    for exact in (0, 10):
        plan, _ = edit(collection).plan(PUBLISH, ids, exact=exact)
        assert [each.path for each in plan.changing] == ["odd.md"]
        assert sorted(each.path for each in plan.already) == ["so.md", "warned.md"]
    assert "published: maybe" in odd.read_text()


def test_a_decision_changes_its_lines_and_the_index(
    open_it: Open, edit: Edit, article: Path, root: Path
) -> None:
    before = article.read_bytes()
    collection, targets = ready(open_it)
    editing = edit(collection)
    outcome = editing.decide(PUBLISH, targets)
    assert became(outcome) == [Became.DONE]
    assert article.read_bytes() == before.replace(b"published: false", b"published: true")
    (row,) = collection.rows(editing.ids_of(outcome))
    assert row.state is State.PUBLISHED
    assert not left(root)
    again = editing.decide(PUBLISH, targets)
    assert (became(again), again.step) == ([Became.ALREADY], None)
    refused = editing.decide(Decision("defer", {"until": 10}), collection.targets([row.id]))
    assert became(refused) == [Became.REFUSED]
    assert [step.id for step in editing.steps()] == [outcome.step]


def test_the_same_field_changed_by_others_is_a_clash(
    open_it: Open, edit: Edit, article: Path
) -> None:
    collection, targets = ready(open_it)
    editing = edit(collection)
    swap_text(article, "quality: 30", "quality: 60")
    theirs = article.read_bytes()
    decision = Decision("quality", {"by": 1})
    outcome = editing.decide(decision, targets)
    assert became(outcome) == [Became.CLASH]
    assert "30" in outcome.results[0].reason
    assert "60" in outcome.results[0].reason
    assert article.read_bytes() == theirs
    assert became(editing.decide(decision, targets, force=True)) == [Became.DONE]
    assert article.read_bytes() == theirs.replace(b"quality: 60", b"quality: 61")


def test_other_fields_changed_by_others_stand(open_it: Open, edit: Edit, article: Path) -> None:
    collection, targets = ready(open_it)
    swap_text(article, "quality: 30", "quality: 60")
    assert became(edit(collection).decide(PUBLISH, targets)) == [Became.DONE]
    assert "quality: 60\npublished: true" in article.read_text()


@pytest.mark.parametrize(
    ("decision", "theirs"),
    [
        (PUBLISH, "published: false\nremoved: true"),
        (REJECT, "published: true"),
        (UNPUBLISH, "published: false\nremoved: true"),
    ],
)
def test_a_state_seen_whole_and_changed_since_is_a_clash_or_refused(
    open_it: Open, edit: Edit, article: Path, decision: Decision, theirs: str
) -> None:
    collection, (target,) = ready(open_it)
    opened = collection.open_record(target.id)
    assert opened is not None
    swap_text(article, "published: false", theirs)
    bytes_then = article.read_bytes()
    seen = Target(target.path, target.key, opened.record, id=target.id)  # type: ignore[arg-type]
    assert became(edit(collection).decide(decision, [seen])) == [Became.CLASH]
    assert article.read_bytes() == bytes_then


def test_a_renamed_file_is_found_by_its_link(
    open_it: Open, edit: Edit, article: Path, root: Path, write: Write
) -> None:
    collection, targets = ready(open_it)
    article.rename(root / "b.md")
    write("a.md", webUrl="https://a.example/other", published="false")  # in its place
    outcome = edit(collection).decide(PUBLISH, targets)
    assert became(outcome) == [Became.DONE]
    assert (outcome.results[0].path, outcome.results[0].moved_from) == (b"b.md", b"a.md")
    assert "published: true" in (root / "b.md").read_text()
    assert "published: false" in article.read_text()


def test_files_that_are_gone_or_changed_their_link(
    open_it: Open, edit: Edit, article: Path
) -> None:
    collection, targets = ready(open_it)
    editing = edit(collection)
    swap_text(article, "a.example/1", "a.example/2")
    outcome = editing.decide(PUBLISH, targets)
    assert became(outcome) == [Became.FAILED]
    assert "another record" in outcome.results[0].reason
    article.unlink()
    outcome = editing.decide(PUBLISH, targets)
    assert outcome.results[0].reason == "The file is gone."
    assert editing.steps() == []


def test_a_file_that_no_longer_reads_is_refused(open_it: Open, edit: Edit, article: Path) -> None:
    collection, targets = ready(open_it)
    article.write_text("---\ntitle: [never\n---\n")
    assert became(edit(collection).decide(PUBLISH, targets)) == [Became.REFUSED]
    assert article.read_text() == "---\ntitle: [never\n---\n"


def test_links_to_one_file_are_edited_one_after_the_other(
    open_it: Open, edit: Edit, article: Path, root: Path
) -> None:
    before = article.read_bytes()
    (root / "link.md").symlink_to("a.md")
    collection, targets = ready(open_it)
    editing = edit(collection)
    begun = time.monotonic()
    outcome = editing.decide(PUBLISH, targets)
    assert sorted(became(outcome)) == [Became.ALREADY, Became.DONE]
    both = Decision("topics", {"add": ["B"]})
    assert Became.DONE in became(editing.decide(both, targets))
    editing.undo()
    assert became(editing.undo()) == [Became.DONE]
    assert time.monotonic() - begun < 4  # it did not wait for its own lock
    assert article.read_bytes() == before
    assert (root / "link.md").is_symlink()


def test_hard_links_do_not_lock_each_other(
    open_it: Open, edit: Edit, article: Path, root: Path
) -> None:
    os.link(article, root / "b.md")
    collection, targets = ready(open_it)
    assert became(edit(collection).decide(PUBLISH, targets)) == [Became.DONE, Became.DONE]
    assert article.read_bytes() == (root / "b.md").read_bytes()
    assert b"published: true" in article.read_bytes()


def test_a_link_out_of_the_collection_is_never_written(
    open_it: Open, edit: Edit, article: Path, tmp_path: Path
) -> None:
    collection, targets = ready(open_it)
    outside = tmp_path / "outside.md"
    article.rename(outside)
    article.symlink_to(outside)
    before = outside.read_bytes()
    assert became(edit(collection).decide(PUBLISH, targets)) == [Became.FAILED]
    assert outside.read_bytes() == before


def test_a_single_file(open_it: Open, edit: Edit, article: Path) -> None:
    before = article.read_bytes()
    collection, targets = ready(open_it, article)
    editing = edit(collection)
    assert became(editing.decide(PUBLISH, targets)) == [Became.DONE]
    assert became(editing.undo()) == [Became.DONE]
    assert article.read_bytes() == before


def test_mode_and_attributes_are_kept(open_it: Open, edit: Edit, article: Path, root: Path) -> None:
    article.chmod(0o640)
    marked = True
    try:
        os.setxattr(article, "user.note", b"kept")
    except (OSError, AttributeError):
        marked = False  # this file system has none
    if os.getuid() == 0:
        os.chown(article, 65534, 65534)
    was = article.stat()
    collection, targets = ready(open_it)
    edit(collection).decide(PUBLISH, targets)
    now = article.stat()
    assert (now.st_mode, now.st_uid, now.st_gid) == (was.st_mode, was.st_uid, was.st_gid)
    assert now.st_mtime_ns > was.st_mtime_ns
    assert not marked or os.getxattr(article, "user.note") == b"kept"


def test_the_bytes_of_an_editor(open_it: Open, edit: Edit, article: Path) -> None:
    before = article.read_bytes()
    collection, (target,) = ready(open_it)
    editing = edit(collection)
    after = before.replace(b"quality: 30", b"quality: 31\nsecured: >\n  QUJD\n  REVG")
    assert became(editing.rewrite(target, before, after)) == [Became.DONE]
    assert article.read_bytes() == after
    assert became(editing.rewrite(target, before, after)) == [Became.CLASH]
    assert became(editing.undo()) == [Became.DONE]
    assert article.read_bytes() == before
    assert became(editing.redo()) == [Became.DONE]
    swap_text(article, "quality: 31", "quality: 32")
    assert became(editing.undo()) == [Became.CLASH]
    assert b"quality: 32" in article.read_bytes()


def test_many_can_be_cancelled_between(open_it: Open, edit: Edit, write: Write) -> None:
    for number in range(150):
        write(f"{number}.md", published="false")
    collection, targets = ready(open_it)
    editing = edit(collection)
    seen: list[int] = []
    outcome = editing.decide(
        PUBLISH,
        targets,
        progress=lambda done, total: seen.append(done),
        cancelled=lambda: len(seen) == 2,
    )
    assert outcome.cancelled
    assert outcome.count(Became.DONE) == seen[-1] < 150
    assert len(editing.entries(outcome.step or 0)) == seen[-1]
    assert editing.undo() is not None


def test_one_strange_file_does_not_stop_the_others(
    open_it: Open, edit: Edit, article: Path, write: Write
) -> None:
    strange = write("b.md", published="false", removed="!!set {a}")
    before = strange.read_bytes()
    collection, targets = ready(open_it)
    outcome = edit(collection).decide(PUBLISH, targets)
    assert sorted(became(outcome)) == [Became.DONE, Became.REFUSED]
    assert strange.read_bytes() == before


# -- taking back ------------------------------------------------------------------------------------


def test_undo_and_redo_after_a_restart(open_it: Open, edit: Edit, article: Path) -> None:
    before = article.read_bytes()
    collection, targets = ready(open_it)
    edit(collection).decide(PUBLISH, targets)
    after = article.read_bytes()
    collection.close()
    collection, _ = ready(open_it)
    editing = edit(collection)
    assert became(editing.undo()) == [Became.DONE]
    assert article.read_bytes() == before
    assert became(editing.redo()) == [Became.DONE]
    assert article.read_bytes() == after
    assert editing.redo() is None
    assert became(editing.undo()) == [Became.DONE]
    assert editing.undo() is None
    assert article.read_bytes() == before


def test_undo_merges_and_clashes_by_field(open_it: Open, edit: Edit, write: Write) -> None:
    one, two = write("one.md", published="false"), write("two.md", published="false", quality=1)
    collection, targets = ready(open_it)
    editing = edit(collection)
    editing.decide(REJECT, targets)
    swap_text(one, "removed: true", "removed: maybe")
    swap_text(two, "quality: 1", "quality: 2")
    outcome = editing.undo()
    assert sorted(became(outcome)) == [Became.CLASH, Became.DONE]
    assert "removed: maybe" in one.read_text()
    assert two.read_text().count("removed") == 0
    assert "quality: 2" in two.read_text()
    # What clashed can still be taken back, by the step itself.
    assert outcome is not None
    assert became(editing.undo(outcome.of, force=True)) == [Became.DONE]
    assert "removed" not in one.read_text()


def test_undo_of_what_someone_else_has_set_back_reaches_no_further(
    open_it: Open, edit: Edit, write: Write
) -> None:
    one, two = write("one.md", published="false"), write("two.md", published="false")
    before = one.read_bytes(), two.read_bytes()
    collection, targets = ready(open_it)
    editing = edit(collection)
    first = editing.decide(PUBLISH, targets[:1])
    editing.decide(PUBLISH, targets[1:])
    last = one if targets[1].path == b"one.md" else two
    swap_text(last, "published: true", "published: false")
    assert became(editing.undo(dry_run=True)) == [Became.ALREADY]
    outcome = editing.undo()
    assert became(outcome) == [Became.ALREADY]
    assert outcome is not None
    said = f"Nothing undone: publish “{last.name}” has been set back already."
    assert summed_up(outcome) == said
    assert (one.read_bytes(), two.read_bytes()) != before
    outcome = editing.undo()  # the one before it comes next
    assert outcome is not None
    assert outcome.of == first.step
    assert (one.read_bytes(), two.read_bytes()) == before
    assert editing.undo() is None


def test_an_undo_that_is_stopped_at_once_is_still_to_come(
    open_it: Open, edit: Edit, article: Path
) -> None:
    collection, targets = ready(open_it)
    editing = edit(collection)
    first = editing.decide(PUBLISH, targets)
    decided = article.read_bytes()
    editing.undo(cancelled=lambda: True)
    assert article.read_bytes() == decided
    outcome = editing.undo()
    assert outcome is not None
    assert outcome.of == first.step
    assert became(outcome) == [Became.DONE]


def test_a_step_that_only_clashes_can_be_let_stand(
    open_it: Open, edit: Edit, article: Path
) -> None:
    collection, targets = ready(open_it)
    editing = edit(collection)
    first = editing.decide(Decision("topics", {"add": ["B"]}), targets)
    second = editing.decide(PUBLISH, targets)
    swap_text(article, "published: true", "published: maybe")
    outcome = editing.undo()
    assert became(outcome) == [Became.CLASH]
    assert outcome is not None
    assert outcome.of == second.step
    editing.let_stand(second.step or 0)
    outcome = editing.undo()
    assert outcome is not None
    assert outcome.of == first.step


def test_undo_never_touches_another_record_at_the_path(
    open_it: Open, edit: Edit, article: Path, write: Write
) -> None:
    collection, targets = ready(open_it)
    editing = edit(collection)
    editing.decide(PUBLISH, targets)
    write("a.md", webUrl="https://a.example/other", published="true")
    theirs = article.read_bytes()
    assert became(editing.undo()) == [Became.FAILED]
    assert article.read_bytes() == theirs


def test_undo_of_a_changed_link(open_it: Open, edit: Edit, article: Path) -> None:
    before = article.read_bytes()
    collection, targets = ready(open_it)
    editing = edit(collection)
    decision = Decision("set", {"fields": {"webUrl": "https://b.example/new"}})
    assert became(editing.decide(decision, targets)) == [Became.DONE]
    assert became(editing.undo()) == [Became.DONE]
    assert article.read_bytes() == before


def test_an_undo_that_was_cancelled_goes_on(open_it: Open, edit: Edit, write: Write) -> None:
    paths = [write(f"{number}.md", published="false") for number in range(100)]
    before = [path.read_bytes() for path in paths]
    collection, targets = ready(open_it)
    editing = edit(collection)
    editing.decide(PUBLISH, targets)
    seen: list[int] = []
    half = editing.undo(progress=lambda done, _: seen.append(done), cancelled=lambda: bool(seen))
    assert half is not None
    assert half.cancelled
    rest = editing.undo()
    assert rest is not None
    assert rest.of == half.of
    assert half.count(Became.DONE) + rest.count(Became.DONE) == 100
    assert [path.read_bytes() for path in paths] == before
    assert editing.undo() is None


def test_everything_since_a_moment_stops_between_steps(
    open_it: Open, edit: Edit, article: Path
) -> None:
    collection, targets = ready(open_it)
    editing = edit(collection)
    editing.decide(PUBLISH, targets)
    after_first = article.read_bytes()
    editing.decide(Decision("topics", {"add": ["B"]}), targets)
    (outcome,) = editing.undo_since(0, cancelled=lambda: article.read_bytes() == after_first)
    assert (outcome.cancelled, became(outcome)) == (True, [Became.DONE])
    assert article.read_bytes() == after_first


def test_whose_steps_undo_takes(open_it: Open, edit: Edit, write: Write) -> None:
    clock = [1000.0]
    for name in ("a.md", "b.md", "c.md"):
        write(name, published="false")
    collection = open_it(now=lambda: clock[0])
    collection.reconcile()
    a, b, c = ([each] for each in collection.targets(collection.ids(Query())))
    earlier = edit(collection).decide(PUBLISH, a)
    clock[0] += 10
    first, second = edit(collection), edit(collection)
    clock[0] += 10
    theirs = first.decide(PUBLISH, b)
    edit(collection, "command").decide(PUBLISH, c)
    outcome = second.undo()
    assert outcome is not None
    assert outcome.of == earlier.step  # neither what another has just done, nor a command's
    assert second.undo() is None
    outcome = first.undo()
    assert outcome is not None
    assert outcome.of == theirs.step
    commanded = edit(collection, "command").undo()
    assert commanded is not None
    assert commanded.decision == PUBLISH


def test_everything_since_a_moment(open_it: Open, edit: Edit, article: Path) -> None:
    clock = [1000.0]
    collection = open_it(now=lambda: clock[0])
    collection.reconcile()
    editing = edit(collection)
    states = [article.read_bytes()]
    for decision in (PUBLISH, Decision("quality", {"by": 1}), REJECT):
        clock[0] += 10
        targets = collection.targets(collection.ids(Query()))
        assert became(editing.decide(decision, targets)) == [Became.DONE]
        states.append(article.read_bytes())
    assert len(editing.undo_since(1020)) == 2
    assert article.read_bytes() == states[1]
    assert [step.how for step in editing.steps()][:2] == [How.UNDO, How.UNDO]


@pytest.mark.parametrize("place", ["mark", "trash", "archive"])
def test_a_dry_run_tells_what_taking_back_would_do(
    open_it: Open, edit: Edit, article: Path, write: Write, root: Path, place: str
) -> None:
    """Of several steps on one file, each as those after it, taken back, would leave it."""
    other = write("other.md", webUrl="https://a.example/2", published="false")
    collection = open_it(exclude=["_archive"])
    collection.reconcile()
    editing = edit(collection, "command", reject=place)
    link = Decision("set", {"fields": {"webUrl": "https://b.example/new"}})
    star, unstar = Decision("star"), Decision("unstar")
    for decision in (PUBLISH, star, unstar, star, link, REJECT):
        targets = collection.targets(collection.ids(Query()))
        editing.decide(decision, [each for each in targets if each.path == b"a.md"])
    editing.decide(PUBLISH, [each for each in targets if each.path == b"other.md"])
    swap_text(other, "published: true", "published: maybe")
    steps = editing.steps()

    def files() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}

    def told(outcomes: list[Outcome]) -> list[object]:
        return [(each.of, each.how, each.decision, each.results) for each in outcomes]

    before = files()
    expected = editing.undo_since(0, dry_run=True)
    assert {each.step for each in expected} == {None}
    assert [became(each) for each in expected] == [[Became.CLASH], *[[Became.DONE]] * 6]
    single = editing.undo(dry_run=True)
    assert told([single] if single else []) == told(expected[:1])
    forced = editing.undo(force=True, dry_run=True)
    assert became(forced) == [Became.DONE]
    assert files() == before
    assert editing.steps() == steps
    assert told(editing.undo_since(0)) == told(expected)
    again = editing.redo(dry_run=True)
    assert again is not None
    assert files() != before
    made = editing.redo()
    assert told([again]) == told([made] if made else [])


@pytest.mark.parametrize(
    ("decision", "column"),
    [(Decision("star"), "starred_at"), (Decision("defer", {"until": 2_000_000_000}), "deferred_until")],
)  # fmt: skip
def test_marks_are_taken_back(
    open_it: Open, edit: Edit, article: Path, decision: Decision, column: str
) -> None:
    before = article.read_bytes()
    collection, targets = ready(open_it)
    editing = edit(collection)
    key = targets[0].key or 0
    assert became(editing.decide(decision, targets)) == [Became.DONE]
    journal = Journal(collection.state_path or "")
    marked = journal.marks_of([key], column)[key]
    assert marked
    assert became(editing.undo()) == [Became.DONE]
    assert journal.marks_of([key], column) == {key: None}
    assert became(editing.redo()) == [Became.DONE]
    assert journal.marks_of([key], column) == {key: marked}
    assert article.read_bytes() == before
    journal.close()


@pytest.mark.parametrize("place", ["trash", "archive"])
def test_a_rejected_file_moves_and_comes_back(
    open_it: Open, edit: Edit, article: Path, place: str, root: Path
) -> None:
    before = article.read_bytes()
    collection = open_it(exclude=["_archive"])
    collection.reconcile()
    editing = edit(collection, reject=place)
    outcome = editing.decide(REJECT, collection.targets(collection.ids(Query())))
    assert became(outcome) == [Became.DONE]
    assert not article.exists()
    assert (root / "_archive" / "a.md").exists() is (place == "archive")
    assert len(collection.ids(Query())) == 0
    assert became(editing.undo()) == [Became.DONE]
    assert article.read_bytes() == before
    assert len(collection.ids(Query())) == 1
    assert became(editing.redo()) == [Became.DONE]
    article.write_text("---\ntitle: new\n---\n")
    assert became(editing.undo()) == [Became.CLASH]
    assert article.read_text() == "---\ntitle: new\n---\n"


# -- what fails -------------------------------------------------------------------------------------


def test_without_a_journal_nothing_is_edited(
    open_it: Open, edit: Edit, article: Path, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("a file in the folder's place")
    before = article.read_bytes()
    collection, targets = ready(open_it)
    editing = edit(collection)
    assert "journal" in editing.why_not
    with pytest.raises(JournalError, match="journal"):
        editing.decide(PUBLISH, targets)
    assert article.read_bytes() == before


def test_a_journal_that_breaks_is_one_error(open_it: Open, edit: Edit, article: Path) -> None:
    before = article.read_bytes()
    collection, targets = ready(open_it)
    editing = edit(collection)
    assert editing.steps() == []
    other = Journal(collection.state_path or "")
    with other._transaction() as connection:
        connection.execute("DROP TABLE entries")
    other.close()
    for ask in (lambda: editing.decide(PUBLISH, targets), editing.undo, editing.steps):
        with pytest.raises(JournalError):
            ask()
    assert article.read_bytes() == before


def test_rules_forbid(open_it: Open, article: Path) -> None:
    collection, targets = ready(open_it)
    editing = Editing(collection, Rules(False, "--read-only"), "interface")
    with pytest.raises(JournalError, match="--read-only"):
        editing.decide(PUBLISH, targets)
    assert "published: false" in article.read_text()


_BOUND = """
import ctypes, runpy, sys
header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
libc = ctypes.CDLL(None)
if libc.capget(header, sets) == 0:  # what lets root write where it may not
    sets[0] &= ~2
    sets[1] &= ~2
    libc.capset(header, sets)
runpy.run_module("reader", run_name="__main__", alter_sys=True)
"""


@pytest.mark.skipif(sys.platform != "linux" and os.getuid() == 0, reason="root may write anywhere")
def test_a_file_without_leave_is_refused(article: Path, root: Path, own: dict[str, str]) -> None:
    folder = root / "closed"
    folder.mkdir()
    shutil.copy(article, folder / "b.md")
    article.chmod(0o444)
    folder.chmod(0o555)
    before = article.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", _BOUND, "triage", "publish", "--where", "all", "-C", str(root)],
        env={**os.environ, **own},
        capture_output=True,
        text=True,
    )
    folder.chmod(0o755)
    assert done.returncode == 3, done.stderr
    assert "permission denied" in done.stdout
    assert "cannot be written to" in done.stdout
    assert before == article.read_bytes() == (folder / "b.md").read_bytes()
    assert not left(root)


_FULL = """
import resource, signal, sys
from pathlib import Path
from reader.library.collection import Collection
from reader.library.editing import Editing, Rules
from reader.records.decisions import Decision
from reader.records.query import Query
root, own = map(Path, sys.argv[1:])
collection = Collection.open(root, cache_dir=own / "cache", state_dir=own / "state")
collection.reconcile()
editing = Editing(collection, Rules(), "command")
targets = collection.targets(collection.ids(Query()))
editing.steps()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
print(*editing.decide(Decision("publish"), targets).results, sep="\\n")
"""


def test_a_disk_that_takes_no_more(article: Path, tmp_path: Path, root: Path) -> None:
    """The system refuses to write a file beyond a size, as it refuses all on a full disk."""
    with article.open("a") as file:
        file.write("x" * 3_000_000)
    before = article.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(root), str(tmp_path)], capture_output=True, text=True
    )
    assert "FAILED" in done.stdout, done.stderr
    assert "cannot be written" in done.stdout
    assert article.read_bytes() == before
    assert not left(root)


def test_a_folder_in_the_files_place(
    open_it: Open, edit: Edit, article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection, targets = ready(open_it)
    _between(monkeypatch, lambda: (article.rename(article.with_suffix(".old")), article.mkdir()))
    assert became(edit(collection).decide(PUBLISH, targets)) == [Became.FAILED]
    assert article.is_dir()
    assert not left(article.parent)


def _between(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object], times: int = 1) -> None:
    """Have something happen after the last look at a file, before it is replaced; the next
    exchange is the one that puts it back."""
    real = replacing.swap.exchange
    calls = [0]

    def exchange(one: bytes, other: bytes) -> bool:
        calls[0] += 1
        if calls[0] % 2 and calls[0] < 2 * times:
            act()
        return real(one, other)

    monkeypatch.setattr(replacing.swap, "exchange", exchange)


linux = pytest.mark.skipif(sys.platform != "linux", reason="names are exchanged on Linux only")


@linux
@pytest.mark.parametrize("how", ["rename", "in place"])
def test_what_others_write_at_the_last_moment_stands(
    open_it: Open, edit: Edit, article: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    theirs = article.read_text().replace("quality: 30", "quality: 99")
    writers: list[threading.Thread] = []

    def act() -> None:
        if how == "rename":
            article.with_suffix(".new").write_text(theirs)
            article.with_suffix(".new").rename(article)
            return
        # It has to wait until the file is let go, and then writes the one that stays.
        writers.append(threading.Thread(target=article.write_text, args=(theirs,)))
        writers[0].start()
        time.sleep(0.05)

    collection, targets = ready(open_it)
    _between(monkeypatch, act)
    outcome = edit(collection).decide(PUBLISH, targets)
    for writer in writers:
        writer.join()
    assert became(outcome) == [Became.DONE]
    assert "quality: 99" in article.read_text()
    assert not left(article.parent)


@linux
def test_a_file_changed_all_the_time_is_given_up(
    open_it: Open, edit: Edit, article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection, targets = ready(open_it)
    count = [100]

    def act() -> None:
        count[0] += 1
        new = article.with_suffix(".new")
        new.write_text(
            f"---\nwebUrl: https://a.example/1\nquality: {count[0]}\npublished: false\n---\n"
        )
        new.rename(article)

    _between(monkeypatch, act, 100)
    outcome = edit(collection).decide(PUBLISH, targets)
    assert became(outcome) == [Became.FAILED]
    assert f"quality: {count[0]}\npublished: false" in article.read_text()


def test_a_file_removed_between_read_and_write(
    open_it: Open, edit: Edit, article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection, targets = ready(open_it)
    _between(monkeypatch, article.unlink)
    editing = edit(collection)
    assert became(editing.decide(PUBLISH, targets)) == [Became.FAILED]
    assert not article.exists()
    assert not left(article.parent)
    assert editing.steps() == []


# -- after a kill -----------------------------------------------------------------------------------


class Killed:
    """A reader that has got as far as the journal, and no further."""

    def __init__(self, collection: Collection, decision: Decision, targets: list[Target]) -> None:
        self.journal = Journal(collection.state_path or "")
        root = os.fsencode(collection.root)
        trash = os.path.join(os.path.dirname(os.fsencode(collection.state_path or "")), b"bin")
        preparing = Preparing(
            root, self.journal, collection.now, lambda key, path: None,
            lambda path, word: os.path.join(trash, word.encode()),
        )  # fmt: skip
        made = [preparing.decided(decision, target, False) for target in targets]
        self.prepared = [each for each in made if isinstance(each, Prepared)]
        step = Step(0, 1.0, "she", "interface", "s", How.DECISION, decision, None, None)
        entries = [each.entry for each in self.prepared]
        self.journal.intend(self.journal.begin(step), entries)

    def die(self) -> None:
        for each in self.prepared:
            each.let_go()
        self.journal.close()


@pytest.mark.parametrize("moment", ["intended", "half a temporary file", "written"])
def test_a_kill_at_each_moment(
    open_it: Open, edit: Edit, article: Path, moment: str, root: Path
) -> None:
    before = article.read_bytes()
    collection, targets = ready(open_it)
    killed = Killed(collection, PUBLISH, targets)
    (each,) = killed.prepared
    assert each.held is not None
    if moment == "half a temporary file":
        Path(os.fsdecode(each.entry.temp)).write_bytes(each.data[:20])
    if moment == "written":
        replacing.replace(each.held, each.data, each.entry.temp)
    killed.die()
    expected = each.data if moment == "written" else before
    assert collection.has_pending_edits()
    editing = edit(collection)
    (told,) = editing.recover()
    assert ("is kept" if moment == "written" else "is forgotten") in told
    assert article.read_bytes() == expected
    assert not left(root)
    assert not collection.has_pending_edits()
    assert editing.recover() == []
    assert (editing.undo() is not None) is (moment == "written")
    assert article.read_bytes() == before


def test_a_kill_after_some_of_many(open_it: Open, edit: Edit, write: Write) -> None:
    paths = [write(f"{n}.md", published="false") for n in range(4)]
    collection, targets = ready(open_it)
    killed = Killed(collection, PUBLISH, targets)
    for each in killed.prepared[:2]:
        assert each.held is not None
        replacing.replace(each.held, each.data, each.entry.temp)
    killed.die()
    editing = edit(collection)
    assert editing.recover() == [
        "The reader was stopped during “publish” of 4 records: 2 were done, and are kept;"
        " 2 were not done, and are forgotten."
    ]
    assert sum("published: true" in path.read_text() for path in paths) == 2
    assert became(editing.undo()) == [Became.DONE] * 2
    assert all("published: false" in path.read_text() for path in paths)


@pytest.mark.parametrize("decision", [PUBLISH, Decision("topics", {"add": ["B"]})])
@pytest.mark.parametrize("made", [True, False])
def test_a_kill_and_then_a_crawler(
    open_it: Open, edit: Edit, article: Path, decision: Decision, made: bool
) -> None:
    collection, targets = ready(open_it)
    killed = Killed(collection, decision, targets)
    (each,) = killed.prepared
    assert each.held is not None
    if made:
        replacing.replace(each.held, each.data, each.entry.temp)
    killed.die()
    swap_text(article, "quality: 30", "quality: 77")
    editing = edit(collection)
    (told,) = editing.recover()
    assert ("is kept" if made else "is forgotten") in told
    assert "quality: 77" in article.read_text()
    assert len(editing.steps()) == made


@linux
def test_a_kill_between_the_exchange_and_the_look_at_what_came(
    open_it: Open, edit: Edit, article: Path, root: Path
) -> None:
    collection, targets = ready(open_it)
    killed = Killed(collection, PUBLISH, targets)
    (each,) = killed.prepared
    theirs = article.read_bytes().replace(b"quality: 30", b"quality: 77")
    Path(os.fsdecode(each.entry.temp)).write_bytes(theirs)
    killed.die()
    article.write_bytes(each.data)
    (told,) = edit(collection).recover()
    assert "is forgotten" in told
    assert article.read_bytes() == theirs
    assert not left(root)


@pytest.mark.parametrize("moment", ["intended", "linked", "half copied", "moved"])
def test_a_kill_while_a_file_moves(open_it: Open, edit: Edit, article: Path, moment: str) -> None:
    before = article.read_bytes()
    collection, targets = ready(open_it)
    killed = Killed(collection, Decision("reject", {"move": "trash"}), targets)
    moved = killed.prepared[0].entry.moved
    assert moved is not None
    target = Path(os.fsdecode(moved.target))
    target.parent.mkdir()
    if moment == "linked":
        os.link(article, target)
    if moment == "half copied":
        target.write_bytes(before[:10])
    if moment == "moved":
        article.rename(target)
    killed.die()
    editing = edit(collection)
    editing.recover()
    assert article.exists() is (moment != "moved")
    assert target.exists() is (moment == "moved")
    editing.undo()
    assert article.read_bytes() == before
    assert not target.exists()


def test_an_entry_whose_file_cannot_be_read_waits(open_it: Open, edit: Edit, article: Path) -> None:
    collection, targets = ready(open_it)
    Killed(collection, PUBLISH, targets).die()
    whole = article.read_bytes()
    with article.open("ab") as file:
        file.truncate(20 << 20)  # too large to be read
    editing = edit(collection)
    assert editing.recover() == []
    assert collection.has_pending_edits()
    article.write_bytes(whole)
    assert len(editing.recover()) == 1
