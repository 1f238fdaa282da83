"""What was decided here becomes commits; syncs meet what others did, field by field."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.library.collection import Collection
from reader.library.editing import Editing
from reader.library.git import Change, GitError, NoGitError, NotPushedError
from reader.library.git_watch import git_summary
from reader.library.outcome import Became, Target
from reader.library.publishing import Dispute, Exchange, Publishing
from reader.library.replace import hold
from reader.library.rules import Rules
from reader.records.commit_message import MAX_SUBJECT, kinds_of, message
from reader.records.decisions import Decision
from reader.records.merge import Both, Side

from .git_support import NAMES, RECORD, Checkout, isolate


class Desk:
    """A collection in a work tree, what edits it, and what publishes it."""

    def __init__(self, checkout: Checkout, own: Path, rules: Rules | None = None) -> None:
        self.checkout = checkout
        self.collection = Collection.open(
            checkout.path, cache_dir=own / "cache", state_dir=own / "state"
        )
        self.collection.reconcile()
        self.editing = Editing(self.collection, rules or Rules(), "command")
        self.publishing = Publishing(self.collection, self.editing)

    def close(self) -> None:
        self.editing.close()
        self.collection.close()

    def decide(self, id: str, *names: str, **args: object) -> None:
        targets = [Target(os.fsencode(name)) for name in names]
        outcome = self.editing.decide(Decision(id, args), targets)
        assert outcome.count(Became.DONE) == len(names), outcome

    def undo(self) -> None:
        assert self.editing.undo() is not None

    def sync(self, side: Side | None = None) -> Exchange:
        return self.publishing.sync(lambda path, both: side)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture
def desk(clones: tuple[Checkout, Checkout], tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(clones[0], tmp_path / "own")
    yield desk
    desk.close()


@pytest.fixture
def archiving(clones: tuple[Checkout, Checkout], tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(clones[0], tmp_path / "own", Rules(reject="archive"))
    yield desk
    desk.close()


def unasked(path: bytes, both: Both) -> Side | None:
    raise AssertionError(both)


# -- the message --------------------------------------------------------------------------------
def test_a_message_counts_the_kinds_and_lists_the_records() -> None:
    kinds = {b"b": ("rejected",), b"a": ("published", "mended"), b"c": ("published",)}
    assert message(kinds) == (
        "Triage: 2 published, 1 mended, 1 rejected\n"
        "\npublished:\n  a\n  c\n\nmended:\n  a\n\nrejected:\n  b\n"
    )
    assert message(kinds, "On Friday").startswith("On Friday\n\npublished:\n")


def test_a_long_message_is_bounded() -> None:
    text = message({b"%03d" % number: ("published",) for number in range(80)})
    assert text.count("\n  ") == 51
    assert text.endswith("  049\n  … and 30 more\n")
    many = message({b"a": [f"a kind called {name}" for name in "abcdefg"]})
    subject = many.split("\n")[0]
    assert subject == "Triage: 1 a kind called a, 1 a kind called b, 1 a kind called c, 4 other"
    assert len(subject) <= MAX_SUBJECT


def test_hostile_names_stay_on_their_line() -> None:
    text = message({b"new\nline\x1b[31m\xff.md": ("published",)})
    assert text.split("\n")[3] == "  new line␛[31m\\udcff.md"


def test_of_decisions_on_the_state_the_last_counts() -> None:
    ids = ("publish", "quality", "reject", "quality", "restore")
    assert kinds_of([Decision(id, {"by": 1}) for id in ids]) == ("quality changed", "restored")
    assert kinds_of([]) == ("taken back",)


# -- commit -------------------------------------------------------------------------------------
def test_exactly_what_was_decided_is_committed(desk: Desk) -> None:
    here = desk.checkout
    here.change(NAMES[5], b"heat: 2", b"heat: 9")
    here.change(NAMES[6], b"heat: 2", b"heat: 9")
    here.git("add", NAMES[6])
    desk.decide("publish", NAMES[0], NAMES[1])
    desk.decide("reject", NAMES[2])
    desk.decide("star", NAMES[3])
    plan = desk.publishing.plan()
    assert (plan.id, len(plan.records)) == (None, 3)
    done = desk.publishing.commit()
    assert (done.records, done.message) == (plan.records, plan.message)
    assert done.id == here.git("rev-parse", "--short", "HEAD")
    assert here.committed() == [f"M {name}" for name in NAMES[:3]]
    assert here.git("log", "-1", "--format=%s") == "Triage: 2 published, 1 rejected"
    assert here.git("log", "-1", "--format=%B").rstrip() == done.message.rstrip()
    assert here.status() == [f" M {NAMES[5]}", f"M  {NAMES[6]}"]
    assert desk.editing.uncommitted() == {}
    again = desk.publishing.commit()
    assert (again.id, again.records, again.message) == (None, (), "")


def test_what_was_undone_is_not_committed(desk: Desk) -> None:
    head = desk.checkout.git("rev-parse", "HEAD")
    desk.decide("publish", NAMES[0])
    desk.undo()
    assert desk.publishing.plan().records == ()
    assert desk.publishing.commit().id is None
    assert desk.checkout.git("rev-parse", "HEAD") == head
    assert desk.editing.uncommitted() == {}


def test_what_was_undone_after_it_was_committed_is_taken_back(desk: Desk) -> None:
    desk.decide("publish", NAMES[0])
    desk.publishing.commit()
    desk.undo()
    assert desk.publishing.commit().message.startswith("Triage: 1 taken back\n\ntaken back:\n")
    assert desk.checkout.git("diff", "HEAD^^", "HEAD") == ""


def test_what_was_committed_by_hand_is_not_committed_again(desk: Desk) -> None:
    desk.decide("publish", NAMES[0])
    desk.checkout.commit()
    assert desk.publishing.commit().id is None
    desk.checkout.change(NAMES[0], b"heat: 2", b"heat: 9")
    assert desk.publishing.commit().id is None


def test_what_others_set_back_is_neither_told_nor_committed(desk: Desk) -> None:
    here = desk.checkout
    desk.decide("publish", *NAMES[:4])
    desk.decide("quality", NAMES[0], NAMES[4], by=5)
    desk.decide("topics", NAMES[1], add=["Tides"])
    for name in NAMES[:3]:
        here.change(name, b"published: true", b"published: false")
    here.change(NAMES[2], b"heat: 2", b"heat: 9")  # of all that was decided nothing is left
    here.change(NAMES[3], b"heat: 2", b"heat: 9")
    here.change(NAMES[4], b"quality: 6", b"quality: 50")
    done = desk.publishing.commit()
    assert {each.path: each.kinds for each in done.records} == {
        os.fsencode(NAMES[0]): ("quality changed",),
        os.fsencode(NAMES[1]): ("topics changed",),
        os.fsencode(NAMES[3]): ("published",),
    }
    assert here.git("log", "-1", "--format=%s").startswith("Triage: 1 published, 1 quality")
    assert here.committed() == [f"M {NAMES[at]}" for at in (0, 1, 3)]
    assert here.status() == [f" M {NAMES[at]}" for at in (2, 4)]
    assert desk.editing.uncommitted() == {}


def test_the_last_decision_on_the_state_is_told_where_it_stands(desk: Desk) -> None:
    desk.decide("publish", *NAMES[:3])
    desk.publishing.commit()
    desk.decide("reject", *NAMES[:3])
    desk.decide("restore", NAMES[1])
    desk.checkout.change(NAMES[2], b"removed: true\n", b"")  # still unpublished by that
    assert {each.path: each.kinds for each in desk.publishing.commit().records} == {
        os.fsencode(NAMES[0]): ("rejected",),
        os.fsencode(NAMES[1]): ("restored",),
        os.fsencode(NAMES[2]): ("taken back",),
    }


def test_what_comes_to_nothing_is_not_told(desk: Desk) -> None:
    desk.decide("quality", NAMES[0], by=1)
    desk.decide("quality", NAMES[0], by=-1)
    desk.decide("publish", NAMES[1])
    desk.undo()
    for name in NAMES[:3]:
        desk.checkout.change(name, b"heat: 2", b"heat: 9")
    desk.decide("publish", NAMES[2])
    (desk.checkout.path / NAMES[2]).unlink()
    assert desk.publishing.plan().records == ()
    assert desk.publishing.commit().id is None


def test_what_an_editor_wrote_shows_by_its_lines(desk: Desk) -> None:
    for name in NAMES[:2]:
        before = desk.checkout.read(name)
        after = before.replace(b"The body.", b"Another body.\nOf two lines.")
        desk.editing.rewrite(Target(os.fsencode(name)), before, after)
        desk.checkout.change(name, b"heat: 2", b"heat: 9")
    desk.checkout.change(NAMES[0], b"Of two lines.", b"Of 2 lines.")
    desk.checkout.change(NAMES[1], b"Another body.\nOf two lines.", b"The body.")
    assert [each.path for each in desk.publishing.commit().records] == [os.fsencode(NAMES[0])]


def test_a_link_that_was_taken_shows_wherever_its_entry_is_by_now(desk: Desk) -> None:
    related = b"related:\n  - {title: There, webUrl: 'https://old.example/'}\nheat: 2"
    desk.checkout.change(NAMES[0], b"heat: 2", related)
    desk.checkout.commit()
    desk.decide("relink", NAMES[0], targets={"https://old.example/": "https://new.example/"})
    desk.checkout.change(NAMES[0], b"related:\n", b"related:\n  - {title: Before}\n")
    assert desk.publishing.commit().message.startswith("Triage: 1 moved links taken\n")


def test_of_a_file_that_is_no_record_any_more_all_that_was_decided_is_told(desk: Desk) -> None:
    desk.decide("publish", NAMES[0])
    desk.checkout.change(NAMES[0], b"title: Record", b"title: [never")
    assert desk.publishing.commit().message.startswith("Triage: 1 published\n")


def test_a_new_file_that_was_decided_is_added(desk: Desk) -> None:
    (desk.checkout.path / "new.md").write_bytes(RECORD)
    (desk.checkout.path / "other.md").write_bytes(RECORD.replace(b"NAME", b"other"))
    desk.decide("publish", "new.md")
    assert desk.publishing.commit("By hand").id
    assert desk.checkout.committed() == ["A new.md"]
    assert desk.checkout.git("log", "-1", "--format=%s") == "By hand"


def test_a_new_file_of_which_all_was_undone_is_not_added(desk: Desk) -> None:
    (desk.checkout.path / "new.md").write_bytes(RECORD)
    desk.decide("publish", "new.md")
    desk.decide("quality", "new.md", by=1)
    desk.undo()
    desk.undo()
    assert desk.publishing.commit().id is None
    assert desk.checkout.status() == ["?? new.md"]


def test_undo_makes_no_change_of_someone_else_one_of_ours(desk: Desk) -> None:
    for name in NAMES[:2]:
        desk.checkout.change(name, b"title: Record", b"title: Crawled")
    desk.decide("quality", NAMES[1], by=1)
    desk.decide("set", *NAMES[:2], fields={"title": "Mine"})
    desk.undo()
    assert b"title: Crawled" in desk.checkout.read(NAMES[0])
    assert {each.path: each.kinds for each in desk.publishing.plan().records} == {
        os.fsencode(NAMES[1]): ("quality changed",)
    }


def test_what_was_undone_after_it_was_committed_by_hand_is_taken_back(desk: Desk) -> None:
    desk.decide("publish", NAMES[0])
    desk.checkout.commit()
    desk.undo()
    assert desk.publishing.commit().message.startswith("Triage: 1 taken back\n")


def test_a_file_moved_away_is_committed_at_both_ends(archiving: Desk) -> None:
    here = archiving.checkout
    archiving.decide("reject", NAMES[0], NAMES[1])
    done = archiving.publishing.commit()
    assert done.message.startswith("Triage: 2 rejected\n")
    assert here.committed() == [
        *(f"A _archive/{name}" for name in NAMES[:2]),
        *(f"D {name}" for name in NAMES[:2]),
    ]
    assert here.status() == []
    archiving.undo()
    assert archiving.publishing.commit().message.startswith("Triage: 2 taken back\n")
    assert here.status() == []
    assert here.git("diff", "HEAD^^", "HEAD") == ""


def test_a_file_moved_to_the_trash_is_committed_as_deleted(
    clones: tuple[Checkout, Checkout], tmp_path: Path
) -> None:
    desk = Desk(clones[0], tmp_path / "own", Rules(reject="trash"))
    desk.decide("reject", NAMES[0])
    assert desk.publishing.commit().id
    assert clones[0].committed() == [f"D {NAMES[0]}"]
    desk.close()


def test_a_link_is_committed_where_it_leads(desk: Desk) -> None:
    (desk.checkout.path / "link.md").symlink_to(NAMES[0])
    desk.decide("publish", "link.md")
    desk.publishing.commit()
    assert f"M {NAMES[0]}" in desk.checkout.committed()


def test_a_refused_commit_stays_to_be_done(desk: Desk) -> None:
    hook = desk.checkout.path / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'not today' >&2\nexit 1\n")
    hook.chmod(0o755)
    desk.decide("publish", NAMES[0])
    with pytest.raises(GitError, match="not today"):
        desk.publishing.commit()
    hook.unlink()
    assert desk.publishing.commit().id


def test_a_decision_made_during_a_commit_is_for_the_next(desk: Desk) -> None:
    hook = desk.checkout.path / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\necho 'More.' >>{NAMES[0]}\n")
    hook.chmod(0o755)
    desk.decide("publish", NAMES[0], NAMES[1])
    assert desk.publishing.commit().id
    assert list(desk.editing.uncommitted()) == [os.fsencode(NAMES[0])]


# -- sync ---------------------------------------------------------------------------------------
def test_a_sync_commits_pulls_and_pushes(desk: Desk, there: Checkout) -> None:
    there.change(NAMES[0], b"quality: 1\nheat: 2\n", b"quality: 50\nheat: 60\n")
    (there.path / "_news/new.md").write_bytes(RECORD.replace(b"NAME", b"new"))
    there.push()
    desk.decide("publish", NAMES[0])  # the line beside theirs: git alone cannot merge it
    told: list[str | None] = []
    exchange = desk.publishing.sync(unasked, told=lambda commit: told.append(commit.id))
    assert told == [exchange.commit.id]
    assert (exchange.synced.pulled, exchange.synced.pushed) == (1, 1)
    assert exchange.disputes == ()
    expected = RECORD.replace(b"NAME", b"00").replace(b"published: false", b"published: true")
    expected = expected.replace(b"quality: 1\nheat: 2\n", b"quality: 50\nheat: 60\n")
    assert desk.checkout.read(NAMES[0]) == expected
    assert desk.collection.id_of_path("_news/new.md") is not None
    there.git("pull", "-q")
    assert there.read(NAMES[0]) == expected
    assert desk.checkout.status() == []


@pytest.mark.parametrize("side", ["ours", "theirs", None])
def test_a_field_that_both_changed_is_asked_once(
    desk: Desk, there: Checkout, side: Side | None
) -> None:
    there.change(NAMES[0], b"quality: 1\nheat: 2\n", b"quality: 50\nheat: 60\n")
    there.push()
    desk.decide("quality", NAMES[0], by=6)
    asked: list[tuple[bytes, Both]] = []

    def choose(path: bytes, both: Both) -> Side | None:
        asked.append((path, both))
        return side

    exchange = desk.publishing.sync(choose)
    both = Both(("quality",), 1, 7, 50)
    path = os.fsencode(NAMES[0])
    assert asked == [(path, both)]
    if side is None:
        assert exchange.disputes == (Dispute(path, both),)
        assert (exchange.synced.pulled, exchange.synced.pushed) == (0, 0)
        assert b"quality: 7\nheat: 2\n" in desk.checkout.read(NAMES[0])
        branch = desk.checkout.git("status", "--porcelain", "--branch").split("\n")[0]
        assert branch == "## main...origin/main [ahead 1, behind 1]"
    else:
        assert exchange.disputes == ()
        quality = 7 if side == "ours" else 50
        assert b"quality: %d\nheat: 60\n" % quality in desk.checkout.read(NAMES[0])
    assert desk.checkout.status() == []


def test_several_commits_that_meet_the_same_change(desk: Desk, there: Checkout) -> None:
    there.change(NAMES[0], b"quality: 1\n", b"quality: 50\n")
    there.push()
    desk.decide("quality", NAMES[0], by=6)
    desk.publishing.commit()
    desk.decide("publish", NAMES[0])
    desk.decide("quality", NAMES[0], by=1)
    exchange = desk.sync("ours")
    assert (exchange.synced.pulled, exchange.synced.pushed) == (1, 2)
    assert b"quality: 8\n" in desk.checkout.read(NAMES[0])


def test_files_that_are_no_matter_of_fields_are_told_with_the_reason(
    desk: Desk, there: Checkout
) -> None:
    there.change(NAMES[0], b"quality: 1\n", b"quality: 50\n")
    (there.path / "notes.txt").write_text("theirs\n")
    there.push()
    (desk.checkout.path / NAMES[0]).unlink()
    (desk.checkout.path / "notes.txt").write_text("ours\n")
    desk.checkout.commit()
    exchange = desk.publishing.sync(unasked)
    told = {dispute.path: dispute.reason for dispute in exchange.disputes}
    assert told[os.fsencode(NAMES[0])] == "It was removed here, and changed upstream."
    assert "is no record" in told[b"notes.txt"]
    assert all(dispute.both is None for dispute in exchange.disputes)


def test_what_choose_raises_leaves_all_but_the_commit(desk: Desk, there: Checkout) -> None:
    there.change(NAMES[0], b"quality: 1\n", b"quality: 50\n")
    there.push()
    desk.decide("quality", NAMES[0], by=6)
    with pytest.raises(AssertionError):
        desk.publishing.sync(unasked)
    assert desk.checkout.git("log", "-1", "--format=%s") == "Triage: 1 quality changed"
    assert desk.checkout.status() == []
    assert desk.publishing.recover() is None


def test_a_push_that_is_refused_still_brings_the_index_up_to_date(
    desk: Desk, there: Checkout, tmp_path: Path
) -> None:
    (there.path / "new.md").write_bytes(RECORD)
    there.push()
    hook = tmp_path / "remote.git/hooks/pre-receive"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    desk.decide("publish", NAMES[0])
    with pytest.raises(NotPushedError):
        desk.sync()
    assert desk.collection.id_of_path("new.md") is not None


def test_a_sync_keeps_away_from_a_file_that_is_being_edited(desk: Desk, there: Checkout) -> None:
    """An edit has read the file and not written it yet when the pull would replace it."""
    there.change(NAMES[0], b"heat: 2", b"heat: 9")
    there.push()
    held = hold(os.fsencode(desk.checkout.path), os.fsencode(NAMES[0]))
    assert held is not None
    timer = threading.Timer(0.3, held.let_go)
    timer.start()
    exchange = desk.publishing.sync(unasked)
    assert held.fd == -1  # let go before the sync was done
    timer.join()
    assert exchange.synced.pulled == 1
    assert b"heat: 9" in desk.checkout.read(NAMES[0])


# -- where there is none, and at a glance ---------------------------------------------------------
def test_outside_a_work_tree(tmp_path: Path) -> None:
    (tmp_path / "feed").mkdir()
    (tmp_path / "feed/a.md").write_bytes(RECORD)
    with pytest.raises(NoGitError, match="git init"):
        Desk(Checkout(tmp_path / "feed"), tmp_path / "own")
    assert git_summary(tmp_path / "feed") is None


def test_a_summary_tells_what_differs(clones: tuple[Checkout, Checkout]) -> None:
    here, _ = clones
    summary = git_summary(here.path)
    assert summary is not None
    assert (summary.branch, summary.differing, summary.changes) == ("main", 0, {})
    here.change(NAMES[0], b"heat: 2", b"heat: 9")
    (here.path / "new.md").write_bytes(RECORD)
    (here.path / "picture.png").write_bytes(b"")
    summary = git_summary(here.path / "_news")
    assert summary is not None
    assert (summary.differing, summary.changes) == (1, {b"00.md": Change.MODIFIED})
    summary = git_summary(here.path)
    assert summary is not None
    assert summary.differing == 2
    assert summary.changes[b"picture.png"] is Change.UNTRACKED
    assert (summary.ahead, summary.behind) == (0, 0)


def test_a_summary_tells_of_commits_that_one_side_has_not(
    clones: tuple[Checkout, Checkout],
) -> None:
    here, there = clones
    there.change(NAMES[0], b"heat: 2", b"heat: 9")
    there.push()
    for number in range(2):
        here.change(NAMES[1], b"heat: %d" % (2 + number), b"heat: %d" % (3 + number))
        here.commit()
    here.git("fetch", "--quiet")
    summary = git_summary(here.path)
    assert summary is not None
    assert (summary.ahead, summary.behind, summary.differing) == (2, 1, 0)


def test_a_summary_never_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").write_text("nonsense")
    assert git_summary(tmp_path) is None
    assert git_summary(tmp_path / "nowhere") is None
    assert git_summary(Path("a\0b")) is None
    subprocess.run(["git", "init", "-q", tmp_path / "there"], check=True)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_summary(tmp_path / "there") is None
