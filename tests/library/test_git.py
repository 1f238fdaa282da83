"""Status, commits and syncs against real git and a bare remote."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from reader.library.git import (
    CancelledError,
    Change,
    Conflict,
    GitError,
    NoGitError,
    NotPushedError,
    WorkTree,
)
from tests.until import wait_until

from .git_support import isolate

RECORD = b"---\ntitle: A\nexcerpt: B\nquality: 1\nheat: 2\npublished: false\ntype: news\n---\n"
ODD = [
    b"-n.md",
    b'quo"te.md',
    b"new\nline.md",
    b"\xff\xfe.md",
    b":(top)x.md",
    b"sp ace/*.md",
    b"\\",
]


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


def forget_identity(patch: pytest.MonkeyPatch, clone: Clone) -> None:
    for who in ("AUTHOR", "COMMITTER"):
        patch.delenv(f"GIT_{who}_NAME")
        patch.delenv(f"GIT_{who}_EMAIL")
    clone.git("config", "user.useConfigOnly", "true")


def run(*arguments: str, folder: Path, ok: bool = True) -> str:
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0 or not ok, done.stderr
    return done.stdout.decode("utf-8", "backslashreplace").rstrip("\n")


class Clone:
    """A work tree with a remote, its own way to run git, and the reader's."""

    def __init__(self, path: Path, folder: str = "") -> None:
        self.path = path
        self.tree = WorkTree.find(os.fsencode(os.path.realpath(path / folder)))

    def git(self, *arguments: str, ok: bool = True) -> str:
        return run(*arguments, folder=self.path, ok=ok)

    def write(self, name: str, data: bytes) -> None:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def read(self, name: str) -> bytes:
        return (self.path / name).read_bytes()

    def change(self, name: str, old: bytes, new: bytes) -> None:
        data = self.read(name)
        assert old in data
        self.write(name, data.replace(old, new))

    def commit(self, message: str = "change") -> str:
        self.git("add", "-A")
        self.git("commit", "-qm", message)
        return self.git("rev-parse", "HEAD")

    def push(self) -> str:
        self.git("push", "-q")
        return self.git("rev-parse", "HEAD")

    def hook(self, name: str, script: str, where: str = ".git/hooks") -> None:
        path = self.path / where / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def looks(self) -> dict[str, object]:
        """All that a sync given up must leave as it was."""
        files = {
            str(p.relative_to(self.path)): (p.read_bytes(), p.stat().st_mode, p.stat().st_ino)
            for p in self.path.rglob("*")
            if p.is_file() and ".git" not in p.relative_to(self.path).parts
        }
        asked = {
            " ".join(command): self.git(*command)
            for command in (
                ["rev-parse", "HEAD"],
                ["symbolic-ref", "HEAD"],
                ["stash", "list"],
                ["ls-files", "-s"],
                ["status", "--porcelain"],
                ["worktree", "list"],
                ["for-each-ref", "refs/heads"],
            )
        }
        return {**files, **asked}


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bare repository whose main holds ten records, and two clones of it."""
    folder = tmp_path_factory.mktemp("git")
    with pytest.MonkeyPatch.context() as patch:
        isolate(patch)
        run("init", "-q", "--bare", "--template=", "-b", "main", "remote.git", folder=folder)
        run("init", "-q", "--template=", "-b", "main", "here", folder=folder)
        first = Clone(folder / "here")
        for number in range(10):
            first.write(f"_news/{number:02}.md", RECORD.replace(b"A", b"Number %d" % number))
        first.commit("the first")
        first.git("remote", "add", "origin", "../remote.git")
        first.git("push", "-qu", "origin", "main")
    shutil.copytree(folder / "here", folder / "there")
    return folder


@pytest.fixture
def remote(template: Path, tmp_path: Path) -> Path:
    return shutil.copytree(template / "remote.git", tmp_path / "remote.git")


@pytest.fixture
def here(remote: Path, template: Path, tmp_path: Path) -> Clone:
    return Clone(shutil.copytree(template / "here", tmp_path / "here"))


@pytest.fixture
def there(remote: Path, template: Path, tmp_path: Path) -> Clone:
    return Clone(shutil.copytree(template / "there", tmp_path / "there"))


def unasked(conflict: Conflict) -> bytes | None:
    raise AssertionError(conflict)


def refuse(_conflict: Conflict) -> bytes | None:
    return None


def diverge(here: Clone, there: Clone) -> None:
    """The same field of a record changed on both sides, and committed."""
    there.change("_news/03.md", b"quality: 1", b"quality: 7")
    there.commit("theirs")
    there.push()
    here.change("_news/03.md", b"quality: 1", b"quality: 5")
    here.commit("ours")


# -- where there is none -----------------------------------------------------------------------
def test_outside_a_work_tree_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoGitError, match="is not in a git work tree"):
        WorkTree.find(os.fsencode(tmp_path))
    (tmp_path / "bare").mkdir()
    subprocess.run(["git", "init", "-q", "--bare"], cwd=tmp_path / "bare", check=True)
    with pytest.raises(NoGitError, match="is not in a git work tree"):
        WorkTree.find(os.fsencode(tmp_path / "bare"))


def test_without_git_it_says_so(
    here: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(NoGitError, match="git is not installed"):
        WorkTree.find(here.tree.root)


def test_a_folder_that_is_gone_is_an_error_in_plain_words(here: Clone) -> None:
    here.path.rename(here.path.with_name("elsewhere"))
    with pytest.raises(NoGitError, match="git cannot be run"):
        here.tree.status()


def test_the_callers_variables_do_not_lead_astray(
    here: Clone, there: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(there.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(there.path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(there.path / "no-index"))
    here.write("new.md", RECORD)
    tree = WorkTree.find(here.tree.root)
    assert tree.status().changes == {b"new.md": Change.UNTRACKED}
    assert tree.commit([b"new.md"], "new")
    monkeypatch.undo()
    assert here.git("ls-files", "new.md") == "new.md"
    assert there.git("status", "--porcelain") == ""


# -- status ------------------------------------------------------------------------------------
def test_status_tells_branch_and_changes(here: Clone, there: Clone) -> None:
    assert here.tree.status().changes == {}
    diverge(here, there)
    here.git("fetch", "-q")
    here.change("_news/00.md", b"heat", b"heat ")
    here.write("_news/new/one.md", RECORD)
    here.write("added.md", RECORD)
    here.git("add", "added.md")
    (here.path / "_news/01.md").unlink()
    here.git("mv", "_news/02.md", "_news/2.md")
    status = here.tree.status()
    assert (status.branch, status.upstream, status.ahead, status.behind) == (
        "main",
        "origin/main",
        1,
        1,
    )
    assert (status.is_detached, status.unfinished) == (False, None)
    assert status.changes == {
        b"_news/00.md": Change.MODIFIED,
        b"_news/new/one.md": Change.UNTRACKED,
        b"added.md": Change.ADDED,
        b"_news/01.md": Change.DELETED,
        b"_news/02.md": Change.DELETED,
        b"_news/2.md": Change.ADDED,
    }


def test_status_takes_no_lock_and_waits_for_none(here: Clone) -> None:
    os.utime(here.path / "_news/00.md", (1, 1))
    before = (here.path / ".git/index").read_bytes()
    here.write(".git/index.lock", b"")
    assert here.tree.status().changes == {}
    assert (here.path / ".git/index").read_bytes() == before


def test_status_of_a_merge_under_way(here: Clone, there: Clone) -> None:
    diverge(here, there)
    here.git("pull", "-q", "--no-rebase", ok=False)
    status = here.tree.status()
    assert status.unfinished == "merge"
    assert status.changes == {b"_news/03.md": Change.CONFLICTED}
    for refused in (
        lambda: here.tree.commit([b"_news/00.md"], "x"),
        lambda: here.tree.sync(unasked),
    ):
        with pytest.raises(GitError, match=r"A git merge is under way.*--abort"):
            refused()


def test_a_subfolder_sees_only_itself(here: Clone) -> None:
    here.write("_news/00.md", b"")
    here.write("outside.md", b"")
    tree = Clone(here.path, "_news").tree
    assert tree.status().changes == {b"00.md": Change.MODIFIED}
    assert tree.commit([b"00.md", b"../outside.md"], "inside")
    assert here.git("status", "--porcelain") == "?? outside.md"


def test_a_folder_with_a_line_break_in_its_name(here: Clone) -> None:
    here.write("two\nlines/a.md", RECORD)
    tree = Clone(here.path, "two\nlines").tree
    assert tree.commit([b"a.md"], "x")
    assert tree.status().changes == {}


def test_before_the_first_commit(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "-b", "main", tmp_path], check=True)
    (tmp_path / "a.md").write_bytes(RECORD)
    (tmp_path / "b.md").write_bytes(RECORD)
    here = Clone(tmp_path)
    assert here.tree.status().branch == "main"
    with pytest.raises(GitError, match="no commit yet"):
        here.tree.sync(unasked)
    assert here.tree.commit([b"a.md"], "first")
    assert here.git("ls-files") == "a.md"
    assert here.tree.status().changes == {b"b.md": Change.UNTRACKED}


# -- commit ------------------------------------------------------------------------------------
def test_a_commit_holds_exactly_these_paths(here: Clone) -> None:
    for name in ("00", "01", "02"):
        here.change(f"_news/{name}.md", b"published: false", b"published: true")
    here.git("add", "_news/00.md", "_news/01.md")  # the user's own staged work
    here.change("_news/01.md", b"heat: 2", b"heat: 3")
    (here.path / "_news/04.md").unlink()
    here.write("_news/new.md", RECORD)
    here.write("_news/other.md", RECORD)
    paths = [b"_news/01.md", b"_news/02.md", b"_news/04.md", b"_news/new.md", b"_news/05.md"]
    done = here.tree.commit(paths, "Published 3\n\n# no comment\n")
    assert done == here.git("rev-parse", "--short", "HEAD")
    assert here.git("log", "-1", "--format=%B").rstrip() == "Published 3\n\n# no comment"
    assert here.git("show", "--format=", "--name-status", "--no-renames").split("\n") == [
        "M\t_news/01.md",
        "M\t_news/02.md",
        "D\t_news/04.md",
        "A\t_news/new.md",
    ]
    assert b"heat: 3" in here.git("show", "HEAD:_news/01.md").encode()
    assert here.git("status", "--porcelain") == "M  _news/00.md\n?? _news/other.md"


def test_nothing_that_differs_is_no_commit(here: Clone) -> None:
    head = here.git("rev-parse", "HEAD")
    os.utime(here.path / "_news/00.md", (1, 1))
    here.write(".git/info/exclude", b"ignored.md\n")
    here.write("ignored.md", RECORD)
    here.git("rm", "-q", "--cached", "_news/01.md")
    before = here.looks()
    assert (
        here.tree.commit([b"_news/00.md", b"ignored.md", b"nowhere.md", b"_news/01.md"], "x")
        is None
    )
    assert here.tree.commit([], "x") is None
    assert here.git("rev-parse", "HEAD") == head
    assert here.looks() == before


def test_odd_names_are_names(here: Clone) -> None:
    os.mkdir(here.path / "sp ace")
    for name in ODD:
        with open(os.path.join(os.fsencode(here.path), name), "wb") as file:
            file.write(RECORD)
    here.write("sp ace/other.md", RECORD)
    assert here.tree.status().changes == {
        **dict.fromkeys(ODD, Change.UNTRACKED),
        b"sp ace/other.md": Change.UNTRACKED,
    }
    assert here.tree.commit(ODD, "odd\udc80")
    assert here.tree.status().changes == {b"sp ace/other.md": Change.UNTRACKED}


@pytest.mark.parametrize("reason", ["hook", "identity", "message"])
def test_a_refused_commit_leaves_everything(
    here: Clone, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    here.write("_news/new.md", RECORD)
    here.change("_news/00.md", b"heat: 2", b"heat: 3")
    here.git("add", "_news/00.md")
    here.change("_news/00.md", b"heat: 3", b"heat: 4")
    before = here.looks()
    said, message = "Aborting", ""
    if reason == "hook":
        here.hook("pre-commit", "printf 'no \\033[31mred\\n' >&2; exit 1")
        said, message = r"no ␛\[31mred", "x"
    elif reason == "identity":
        forget_identity(monkeypatch, here)
        said, message = "email", "x"
    with pytest.raises(GitError, match=rf"git could not commit: .*?{said}"):
        here.tree.commit([b"_news/00.md", b"_news/new.md"], message)
    assert here.looks() == before
    assert os.listdir(here.path / ".git/reader") == ["lock"]


def test_what_a_hook_adds_to_the_commit_is_not_undone_in_the_index(here: Clone) -> None:
    here.hook("pre-commit", "date > stamp; git add stamp")
    here.change("_news/00.md", b"heat: 2", b"heat: 3")
    assert here.tree.commit([b"_news/00.md"], "x")
    assert here.git("status", "--porcelain") == ""


def test_another_git_at_work_is_waited_for(here: Clone) -> None:
    here.change("_news/00.md", b"heat: 2", b"heat: 3")
    lock = here.path / ".git/index.lock"
    lock.touch()
    timer = threading.Timer(0.05, lock.unlink)
    timer.start()
    assert here.tree.commit([b"_news/00.md"], "x")
    timer.join()


# -- sync --------------------------------------------------------------------------------------
def test_both_sides_are_joined(here: Clone, there: Clone) -> None:
    there.change("_news/00.md", b"title: Number 0", b"title: Theirs")
    there.commit()
    there.change("_news/01.md", b"title", b"title ")
    there.commit()
    there.push()
    here.change("_news/00.md", b"type: news", b"type: video")
    here.commit()
    synced = here.tree.sync(unasked)
    assert (synced.branch, synced.pulled, synced.pushed, synced.conflicted) == ("main", 2, 1, ())
    assert synced.files_changed == (b"_news/00.md", b"_news/01.md")
    assert b"Theirs" in here.read("_news/00.md")
    assert b"video" in here.read("_news/00.md")
    assert here.git("status", "--porcelain", "--branch") == "## main...origin/main"
    assert here.git("log", "--format=%s", "--merges") == ""
    assert there.tree.sync(unasked).pulled == 1
    assert there.read("_news/00.md") == here.read("_news/00.md")
    again = here.tree.sync(unasked)
    assert (again.pulled, again.pushed, again.files_changed) == (0, 0, ())
    assert here.git("worktree", "list").count("\n") == 0
    assert os.listdir(here.path / ".git/reader") == ["lock"]


def test_a_conflict_is_asked_and_resolved(here: Clone, there: Clone) -> None:
    diverge(here, there)
    here.change("_news/03.md", b"quality: 5", b"quality: 6")
    here.commit("ours again")
    asked: list[Conflict] = []

    def merge(conflict: Conflict) -> bytes | None:
        asked.append(conflict)
        return conflict.ours

    synced = here.tree.sync(merge)
    assert (synced.pulled, synced.pushed, synced.conflicted) == (1, 2, ())
    assert asked[0].path == b"_news/03.md"
    assert asked[0].base is not None
    assert b"quality: 1" in asked[0].base
    assert b"quality: 5" in (asked[0].ours or b"")
    assert b"quality: 7" in (asked[0].theirs or b"")
    assert b"quality: 6" in here.read("_news/03.md")
    assert here.git("status", "--porcelain", "--branch") == "## main...origin/main"


def test_a_conflict_resolved_as_theirs_drops_the_commit(here: Clone, there: Clone) -> None:
    diverge(here, there)
    synced = here.tree.sync(lambda conflict: conflict.theirs)
    assert (synced.pulled, synced.pushed) == (1, 0)
    assert here.git("rev-parse", "HEAD") == there.git("rev-parse", "HEAD")


@pytest.mark.parametrize("whose", ["ours", "theirs"])
def test_a_file_removed_on_one_side_is_a_conflict_without_that_side(
    here: Clone, there: Clone, whose: str
) -> None:
    changer, remover = (there, here) if whose == "ours" else (here, there)
    changer.change("_news/03.md", b"quality: 1", b"quality: 5")
    changer.commit()
    (remover.path / "_news/03.md").unlink()
    remover.commit()
    there.push()
    asked: list[Conflict] = []

    def merge(conflict: Conflict) -> bytes | None:
        asked.append(conflict)
        return b"merged"

    assert here.tree.sync(merge).pushed == 1
    assert getattr(asked[0], whose) is None
    assert here.read("_news/03.md") == b"merged"
    assert here.git("show", "HEAD:_news/03.md") == "merged"


def test_a_conflict_refused_leaves_everything(here: Clone, there: Clone) -> None:
    diverge(here, there)
    here.write("note", b"mine")
    here.change("_news/04.md", b"heat: 2", b"heat: 4")
    here.git("add", "_news/04.md")
    here.change("_news/05.md", b"heat: 2", b"heat: 5")
    before = here.looks()
    synced = here.tree.sync(refuse)
    assert synced.conflicted == (b"_news/03.md",)
    assert (synced.pulled, synced.pushed, synced.files_changed) == (0, 0, ())
    assert here.looks() == before
    assert here.tree.recover() is None


def test_a_conflict_outside_the_collection_is_named_not_asked(here: Clone, there: Clone) -> None:
    diverge(here, there)
    (here.path / "sub").mkdir()
    assert Clone(here.path, "sub").tree.sync(unasked).conflicted == (b"../_news/03.md",)


def test_what_the_callback_raises_aborts(here: Clone, there: Clone) -> None:
    diverge(here, there)
    before = here.looks()
    with pytest.raises(AssertionError):
        here.tree.sync(unasked)
    assert here.looks() == before


SETTINGS = {
    "rebase.autoStash": "true",
    "rebase.updateRefs": "true",
    "rebase.rebaseMerges": "true",
    "rebase.backend": "apply",
    "rerere.enabled": "true",
    "rerere.autoUpdate": "true",
    "color.ui": "always",
    "core.quotePath": "true",
    "status.showUntrackedFiles": "no",
    "status.aheadBehind": "false",
    "status.relativePaths": "true",
    "status.renames": "copies",
    "merge.conflictStyle": "diff3",
    "push.default": "nothing",
    "pull.ff": "only",
    "core.sparseCheckoutCone": "true",
    "index.version": "4",
    "core.editor": "false",
    "sequence.editor": "false",
    "core.pager": "false",
    "core.untrackedCache": "true",
    "core.splitIndex": "true",
    "diff.noprefix": "true",
    "commit.cleanup": "verbatim",
    "commit.status": "true",
}


def test_the_users_settings_do_not_matter(here: Clone, there: Clone) -> None:
    diverge(here, there)
    for name, value in SETTINGS.items():
        here.git("config", name, value)
    here.git("branch", "other")
    other = here.git("rev-parse", "other")
    here.write("note", b"mine")
    here.write("_news/new.md", RECORD)
    assert here.tree.commit([b"_news/new.md"], "x")
    assert here.tree.status().changes == {b"note": Change.UNTRACKED}
    assert here.tree.sync(lambda conflict: conflict.ours).pushed == 2
    assert here.tree.status().ahead == 0
    assert here.git("rev-parse", "other") == other
    assert here.git("status", "--porcelain", "-unormal") == "?? note"


# -- what is not committed ---------------------------------------------------------------------
def test_uncommitted_changes_are_kept(here: Clone, there: Clone) -> None:
    there.change("_news/00.md", b"title: Number 0", b"title: Theirs")
    there.write("_news/same.md", RECORD)
    there.commit()
    there.push()
    here.change("_news/00.md", b"type: news", b"type: video")  # the upstream changed it too
    here.write("_news/same.md", RECORD)
    here.write("untracked", b"mine")
    here.change("_news/01.md", b"heat: 2", b"heat: 3")
    here.git("add", "_news/01.md")
    here.change("_news/02.md", b"heat: 2", b"heat: 3")
    (here.path / "_news/06.md").unlink()
    os.utime(here.path / "_news/07.md", (1, 1))
    inode = (here.path / "_news/02.md").stat().st_ino
    assert here.tree.sync(unasked).pulled == 1
    assert b"Theirs" in here.read("_news/00.md")
    assert here.git("diff", "--stat=99", "_news/00.md").count("+-") == 1
    assert here.git("status", "--porcelain").split("\n") == [
        " M _news/00.md",
        "M  _news/01.md",
        " M _news/02.md",
        " D _news/06.md",
        "?? untracked",
    ]
    assert (here.path / "_news/02.md").stat().st_ino == inode
    assert here.git("stash", "list") == ""


@pytest.mark.parametrize("change", ["edit", "remove", "add", "removed there"])
@pytest.mark.parametrize("answer", [None, b"merged"])
def test_an_uncommitted_change_that_meets_a_pulled_one(
    here: Clone, there: Clone, change: str, answer: bytes | None
) -> None:
    name = "new.md" if change == "add" else "_news/03.md"
    if change == "removed there":
        (there.path / name).unlink()
    else:
        there.write(name, RECORD.replace(b"B", b"Theirs"))
    there.write("_news/04.md", b"pulled")
    there.commit()
    there.push()
    if change == "remove":
        (here.path / name).unlink()
    else:
        here.write(name, b"ours")
    before = here.looks()
    asked: list[Conflict] = []

    def merge(conflict: Conflict) -> bytes | None:
        asked.append(conflict)
        return answer

    synced = here.tree.sync(merge)
    assert [os.fsdecode(conflict.path) for conflict in asked] == [name]
    assert asked[0].ours == (None if change == "remove" else b"ours")
    if answer is None:
        assert synced.conflicted == (os.fsencode(name),)
        assert here.looks() == before
    else:
        assert synced.pulled == 1
        assert here.read(name) == b"merged"
        assert here.read("_news/04.md") == b"pulled"
        mark = "??" if change == "removed there" else " M"
        assert here.git("status", "--porcelain") == f"{mark} {name}"


def test_a_staged_change_that_meets_a_pulled_one_is_refused(here: Clone, there: Clone) -> None:
    diverge(here, there)
    here.git("reset", "-q", "--soft", "HEAD^")
    before = here.looks()
    with pytest.raises(GitError, match=r"Staged here and changed upstream: _news/03\.md"):
        here.tree.sync(unasked)
    assert here.looks() == before


def test_a_change_made_while_the_pull_is_written_is_kept(here: Clone, there: Clone) -> None:
    there.write("_news/03.md", RECORD.replace(b"B", b"Theirs"))
    there.commit()
    there.push()
    here.write("_news/03.md", b"ours")
    asked: list[Conflict] = []

    def merge(conflict: Conflict) -> bytes | None:
        asked.append(conflict)
        if len(asked) == 1:
            here.write("_news/03.md", b"changed again")
        return b"merged " + (conflict.ours or b"")

    here.tree.sync(merge)
    assert len(asked) == 2
    assert here.read("_news/03.md") == b"merged changed again"


def test_a_pull_that_fails_half_written_leaves_everything(here: Clone, there: Clone) -> None:
    """git writes files one by one; here the filter of the last one fails."""
    for name in ("_news/00.md", "_news/05.md", "_news/new.md"):
        there.write(name, b"pulled")
    (there.path / "_news/02.md").unlink()
    there.commit()
    there.push()
    script = here.path / ".git/filter"
    script.write_text("#!/bin/sh\ncat >.git/t; ! grep -q pulled .git/t && cat .git/t\n")
    script.chmod(0o755)
    here.git("config", "filter.bad.smudge", ".git/filter")
    here.git("config", "filter.bad.clean", "cat")
    here.git("config", "filter.bad.required", "true")
    here.write(".git/info/attributes", b"_news/05.md filter=bad\n")
    here.change("_news/03.md", b"heat: 2", b"heat: 3")
    files = {path: path.read_bytes() for path in (here.path / "_news").iterdir()}
    before = here.git("status", "--porcelain"), here.git("rev-parse", "HEAD")
    with pytest.raises(GitError, match=r"could not be written .* filter"):
        here.tree.sync(unasked)
    assert {path: path.read_bytes() for path in (here.path / "_news").iterdir()} == files
    assert (here.git("status", "--porcelain"), here.git("rev-parse", "HEAD")) == before


def test_line_endings_of_the_work_tree_stay(here: Clone, there: Clone) -> None:
    there.write(".gitattributes", b"*.md text eol=crlf\n")
    there.commit()
    there.push()
    here.git("pull", "-q")
    there.change("_news/00.md", b"title: Number 0", b"title: Theirs")
    there.commit()
    there.push()
    data = RECORD.replace(b"A", b"Number 0").replace(b"news", b"video").replace(b"\n", b"\r\n")
    here.write("_news/00.md", data)
    here.tree.sync(unasked)
    assert here.read("_news/00.md") == data.replace(b"title: Number 0", b"title: Theirs")


# -- pushing -----------------------------------------------------------------------------------
def test_a_push_race_is_run_again(here: Clone, there: Clone) -> None:
    """The other side pushes after our fetch, just before our push."""
    there.change("_news/00.md", b"heat: 2", b"heat: 3")
    there.commit()
    here.change("_news/01.md", b"heat: 2", b"heat: 4")
    here.commit()
    here.hook(
        "pre-push",
        f"[ -e raced ] || {{ touch raced; env -u GIT_DIR git -C '{there.path}' push -q; }}",
    )
    synced = here.tree.sync(unasked)
    assert (synced.pulled, synced.pushed) == (1, 1)
    assert synced.files_changed == (b"_news/00.md",)
    assert here.git("rev-parse", "HEAD") == here.git("ls-remote", "origin", "main").split()[0]


def test_a_push_refused_by_a_hook_says_so_and_keeps_the_pull(
    here: Clone, there: Clone, remote: Path
) -> None:
    diverge(here, there)
    (remote / "hooks").mkdir()
    hook = remote / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho 'not on a Friday' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(NotPushedError, match="not on a Friday") as caught:
        here.tree.sync(lambda conflict: conflict.ours)
    assert (caught.value.synced.pulled, caught.value.synced.pushed) == (1, 0)
    assert here.tree.status().ahead == 1
    assert here.tree.status().behind == 0


def test_others_who_always_push_first(here: Clone, there: Clone) -> None:
    here.change("_news/01.md", b"heat: 2", b"heat: 4")
    here.commit()
    there.hook("again", "echo >> _news/00.md; git commit -qam more; git push -q")
    here.hook("pre-push", f"cd '{there.path}'; unset GIT_DIR; .git/hooks/again")
    with pytest.raises(NotPushedError, match="Others pushed each time") as caught:
        here.tree.sync(unasked)
    assert caught.value.synced.pulled == 4


# -- what must be said -------------------------------------------------------------------------
def test_a_remote_that_is_gone(here: Clone, remote: Path) -> None:
    remote.rename(remote.with_name("gone"))
    before = here.looks()
    with pytest.raises(GitError, match=r"could not fetch from origin: .*git remote -v"):
        here.tree.sync(unasked)
    assert here.looks() == before


def test_no_branch_is_checked_out(here: Clone) -> None:
    here.git("checkout", "-q", "--detach")
    status = here.tree.status()
    assert status.is_detached
    assert here.git("rev-parse", "HEAD").startswith(status.branch)
    with pytest.raises(GitError, match="git switch"):
        here.tree.sync(unasked)


def test_no_upstream(here: Clone) -> None:
    here.git("checkout", "-qb", "own")
    here.git("branch", "own2", "--track", "own")
    assert here.tree.status().upstream is None
    with pytest.raises(GitError, match="Type `git push -u origin own`"):
        here.tree.sync(unasked)
    here.git("switch", "-q", "own2")
    with pytest.raises(GitError, match="Type `git push -u origin own2`"):
        here.tree.sync(unasked)
    here.git("remote", "remove", "origin")
    with pytest.raises(GitError, match="Type `git remote add origin ADDRESS`, then `git push -u"):
        here.tree.sync(unasked)


def test_a_rebase_without_identity_leaves_everything(
    here: Clone, there: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    diverge(here, there)
    there.change("_news/03.md", b"quality: 7", b"quality: 1")
    there.commit()
    there.push()
    before = here.looks()
    forget_identity(monkeypatch, here)
    with pytest.raises(GitError, match=r"git could not rebase: .*email"):
        here.tree.sync(unasked)
    monkeypatch.setenv("GIT_COMMITTER_NAME", "x")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "x")
    assert here.looks() == before


def test_it_can_be_cancelled_at_any_moment(here: Clone, there: Clone, tmp_path: Path) -> None:
    diverge(here, there)
    begun = tmp_path / "begun"
    here.git("config", "remote.origin.uploadpack", f"touch '{begun}'; sleep 60 #")
    before = here.looks()
    with pytest.raises(CancelledError):
        here.tree.sync(unasked, cancelled=begun.exists)
    assert here.looks() == before


def test_the_lock_keeps_two_readers_apart(here: Clone, there: Clone) -> None:
    diverge(here, there)

    def merge(conflict: Conflict) -> bytes | None:
        other = WorkTree.find(here.tree.root)
        with pytest.raises(GitError, match="Another reader"):
            other.sync(unasked)
        with pytest.raises(GitError, match="Another reader"):
            other.commit([b"_news/00.md"], "x")
        assert other.recover() is None
        return conflict.ours

    assert here.tree.sync(merge).pushed == 1


# -- killed ------------------------------------------------------------------------------------
KILLED = """
import os, signal, sys, time
from reader.library import git, git_checkout, git_sync

kill = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
root, when = os.fsencode(sys.argv[1]), sys.argv[2]
merge = lambda conflict: b"merged"
if when == "merge":
    merge = kill
elif when in ("_set_index", "_write"):
    inner = getattr(git_checkout, when)
    def after(*arguments):
        inner(*arguments)
        kill()
    setattr(git_checkout, when, after)
elif when == "branch":
    change = git.Git.change
    def instead(self, aim, *arguments, **more):
        if aim == "move the branch":
            kill()
        return change(self, aim, *arguments, **more)
    git.Git.change = instead
git.WorkTree.find(root).sync(merge)
"""


def run_killed(here: Clone, when: str) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, here.path, when], check=False)
    assert done.returncode == -signal.SIGKILL


def test_killed_while_it_asks_it_is_aborted_at_the_next_start(here: Clone, there: Clone) -> None:
    diverge(here, there)
    here.change("_news/05.md", b"heat: 2", b"heat: 5")
    before = here.looks()
    run_killed(here, "merge")
    assert here.tree.status().unfinished is None
    assert "aborted" in (here.tree.recover() or "")
    assert here.looks() == before
    assert here.tree.recover() is None
    assert here.tree.sync(lambda conflict: conflict.ours).pushed == 1


def test_killed_while_git_rebases(here: Clone, there: Clone, tmp_path: Path) -> None:
    """The reader is killed, git is not: it goes on in its own folder until it ends."""
    diverge(here, there)
    before = here.looks()
    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    here.git(
        "config",
        "merge.slow.driver",
        f"touch '{begun}'; while ! [ -e '{go_on}' ]; do sleep .02; done",
    )
    here.write(".git/info/attributes", b"*.md merge=slow\n")
    process = subprocess.Popen([sys.executable, "-c", KILLED, here.path, "never"])
    wait_until(begun.exists)
    process.kill()
    process.wait()
    assert here.tree.recover() is None
    go_on.touch()
    said: list[str | None] = []
    wait_until(lambda: said.append(here.tree.recover()) or said[-1] is not None)
    assert "aborted" in (said[-1] or "")
    assert here.looks() == before


@pytest.mark.parametrize("when", ["_write", "_set_index", "branch"])
def test_killed_while_it_writes_the_pull_is_finished_at_the_next_start(
    here: Clone, there: Clone, when: str
) -> None:
    diverge(here, there)
    here.git("reset", "-q", "HEAD^")  # the conflict is with an uncommitted change
    there.write("_news/new.md", RECORD)
    (there.path / "_news/08.md").unlink()
    there.commit()
    upstream = there.push()
    here.change("_news/09.md", b"heat: 2", b"heat: 5")
    here.git("add", "_news/09.md")
    run_killed(here, when)
    if when == "_set_index":  # as a power failure leaves what git was writing
        here.write("_news/new.md", RECORD[:10])
    assert "was finished" in (here.tree.recover() or "")
    assert here.git("rev-parse", "HEAD") == upstream
    assert here.read("_news/03.md") == b"merged"
    assert here.read("_news/new.md") == RECORD
    assert here.git("status", "--porcelain") == " M _news/03.md\nM  _news/09.md"
    assert os.listdir(here.path / ".git/reader") == ["lock"]
    assert here.tree.recover() is None


def test_a_rebase_of_the_users_own_is_never_touched(here: Clone, there: Clone) -> None:
    diverge(here, there)
    here.tree.commit([], "makes the reader's folder")
    here.git("pull", "-q", "--rebase", ok=False)
    status = here.tree.status()
    assert status.unfinished == "rebase"
    before = sorted(os.listdir(here.path / ".git/rebase-merge")), here.read("_news/03.md")
    assert here.tree.recover() is None
    for refused in (
        lambda: here.tree.commit([b"_news/00.md"], "x"),
        lambda: here.tree.sync(unasked),
    ):
        with pytest.raises(GitError, match="A git rebase is under way"):
            refused()
    assert (sorted(os.listdir(here.path / ".git/rebase-merge")), here.read("_news/03.md")) == before


def test_in_a_linked_work_tree_of_the_users(here: Clone, there: Clone, tmp_path: Path) -> None:
    here.git(
        "worktree", "add", "-q", "-b", "second", str(tmp_path / "second"), "--track", "origin/main"
    )
    there.change("_news/03.md", b"quality: 1", b"quality: 7")
    there.commit()
    there.push()
    second = Clone(tmp_path / "second")
    shutil.rmtree(tmp_path / "second/_news")
    second.git("checkout", "-q", "--", ".")
    second.change("_news/03.md", b"quality: 1", b"quality: 5")
    second.commit()
    second.git("config", "push.default", "upstream")
    assert second.tree.sync(lambda conflict: conflict.ours).pushed == 1
    assert here.git("worktree", "list").count("\n") == 1
    assert here.git("rev-parse", "main") != second.git("rev-parse", "HEAD")
