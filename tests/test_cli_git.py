"""`reader commit` and `reader sync` against real git and a bare remote."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reader.cli import main
from tests.cli_support import own_folders, run_in_terminal
from tests.library.git_support import NAMES, Checkout, isolate

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own_folders(monkeypatch, tmp_path)
    isolate(monkeypatch)


@pytest.fixture
def here(clones: tuple[Checkout, Checkout]) -> Checkout:
    return clones[0]


def reader(here: Checkout, *argv: str) -> int:
    return main([*argv, "-C", str(here.path)])


def triage(here: Checkout, capsys: Capture, *argv: str) -> None:
    assert reader(here, "triage", *argv) == 0
    capsys.readouterr()


def diverge(here: Checkout, there: Checkout, capsys: Capture) -> None:
    """The same field of a record changed on both sides."""
    there.change(NAMES[0], b"quality: 1\nheat: 2\n", b"quality: 50\nheat: 60\n")
    there.push()
    triage(here, capsys, "quality", "--by", "6", "--where", NAMES[0])


# -- commit -------------------------------------------------------------------------------------
def test_commit(here: Checkout, capsys: Capture) -> None:
    assert reader(here, "commit") == 0
    assert "nothing to commit" in capsys.readouterr().err
    triage(here, capsys, "publish", "--where", *NAMES[:2])
    head = here.git("rev-parse", "HEAD")
    assert reader(here, "commit", "--dry-run") == 0
    captured = capsys.readouterr()
    assert captured.out == f"published\t{NAMES[0]}\npublished\t{NAMES[1]}\n"
    assert captured.err == "reader: would commit: Triage: 2 published\n"
    assert here.git("rev-parse", "HEAD") == head
    assert reader(here, "commit", "-m", "On Friday") == 0
    captured = capsys.readouterr()
    assert captured.out.count("published\t") == 2
    assert captured.err == f"reader: {here.git('rev-parse', '--short', 'HEAD')} On Friday\n"
    assert here.committed() == [f"M {name}" for name in NAMES[:2]]


def test_read_only_commits_and_syncs_nothing(here: Checkout, capsys: Capture) -> None:
    triage(here, capsys, "publish", "--where", NAMES[0])
    head = here.git("rev-parse", "HEAD")
    for command in ("commit", "sync"):
        assert reader(here, "--read-only", command) == 3
        assert capsys.readouterr().err == "reader: Decisions are off (--read-only).\n"
    assert reader(here, "--read-only", "commit", "--dry-run") == 0
    assert here.git("rev-parse", "HEAD") == head


def test_the_folder_is_given_as_for_list(here: Checkout, capsys: Capture) -> None:
    triage(here, capsys, "publish", "--where", NAMES[0])
    assert main(["commit", str(here.path / NAMES[0])]) == 2
    assert "is a file. All that was decided in a folder" in capsys.readouterr().err
    assert main(["commit", str(here.path)]) == 0
    assert capsys.readouterr().out == f"published\t{NAMES[0]}\n"
    assert main(["sync", str(here.path)]) == 0
    assert "Pushed 1 commit." in capsys.readouterr().err


def test_commit_as_json(here: Checkout, capsys: Capture) -> None:
    assert reader(here, "commit", "--json") == 0
    nothing = {"commit": None, "message": None, "records": []}
    assert json.loads(capsys.readouterr().out) == nothing
    triage(here, capsys, "publish", "--where", NAMES[0])
    assert reader(here, "commit", "--json") == 0
    done = json.loads(capsys.readouterr().out)
    assert done["commit"] == here.git("rev-parse", "--short", "HEAD")
    assert done["message"].startswith("Triage: 1 published\n")
    assert done["records"] == [{"path": NAMES[0], "decided": ["published"]}]


@pytest.mark.parametrize(
    ("argv", "said"),
    [(["commit", "-m", " "], "message is empty"), (["sync", "--ours", "--theirs"], "--ours")],
)
def test_wrong_usage(here: Checkout, capsys: Capture, argv: list[str], said: str) -> None:
    assert reader(here, *argv) == 2
    assert said in capsys.readouterr().err


# -- sync ---------------------------------------------------------------------------------------
def test_sync(here: Checkout, there: Checkout, capsys: Capture) -> None:
    there.change(NAMES[0], b"heat: 2\n", b"heat: 60\n")
    there.push()
    triage(here, capsys, "publish", "--where", NAMES[0])
    assert reader(here, "sync") == 0
    captured = capsys.readouterr()
    assert captured.out == f"published\t{NAMES[0]}\n"
    assert captured.err.endswith("reader: main: pulled 1 commit. Pushed 1 commit.\n")
    assert b"heat: 60\npublished: true\n" in here.read(NAMES[0])
    assert reader(here, "sync", "--json") == 0
    done = json.loads(capsys.readouterr().out)
    assert (done["branch"], done["pulled"], done["pushed"]) == ("main", 0, 0)
    assert (done["changed"], done["conflicts"]) == ([], [])


def test_a_conflict_shows_both_values_and_pulls_nothing(
    here: Checkout, there: Checkout, capsys: Capture
) -> None:
    diverge(here, there, capsys)
    assert reader(here, "sync") == 1
    captured = capsys.readouterr()
    assert f"conflict\t{NAMES[0]}\tquality\tours: 7\ttheirs: 50\n" in captured.out
    assert "nothing was pulled or pushed. 1 field was changed on both sides" in captured.err
    assert b"quality: 7\nheat: 2\n" in here.read(NAMES[0])
    assert here.status() == []
    assert reader(here, "sync", "--json") == 1
    done = json.loads(capsys.readouterr().out)
    conflict = {"path": NAMES[0], "field": "quality", "ours": 7, "theirs": 50, "reason": None}
    assert done["conflicts"] == [conflict]


@pytest.mark.parametrize(("option", "quality"), [("--ours", 7), ("--theirs", 50)])
def test_a_side_named_beforehand(
    here: Checkout, there: Checkout, capsys: Capture, option: str, quality: int
) -> None:
    diverge(here, there, capsys)
    assert reader(here, "sync", option) == 0
    assert b"quality: %d\nheat: 60\n" % quality in here.read(NAMES[0])


def test_what_is_secured_is_never_shown(here: Checkout, there: Checkout, capsys: Capture) -> None:
    for checkout, new in ((there, b"dGhlaXJz"), (here, b"b3Vycw")):
        checkout.change(NAMES[0], b"c2VjcmV0", new)
        checkout.commit()
    there.git("push", "-q")
    for form in ([], ["--json"]):
        assert reader(here, "sync", *form) == 1
        captured = capsys.readouterr()
        assert "secured" in captured.out
        assert "dGhlaXJz" not in captured.out
        assert "b3Vycw" not in captured.out


def test_a_whole_file_in_conflict_says_what_to_do(
    here: Checkout, there: Checkout, capsys: Capture
) -> None:
    there.change(NAMES[0], b"heat: 2\n", b"heat: 60\n")
    there.push()
    (here.path / NAMES[0]).unlink()
    here.commit()
    assert reader(here, "sync", "--ours") == 1
    captured = capsys.readouterr()
    assert f"conflict\t{NAMES[0]}\tIt was removed here, and changed upstream.\n" in captured.out
    assert "git pull --rebase" in captured.err


@pytest.mark.parametrize(
    ("keys", "code", "quality"), [(b"what\no\n", 0, 7), (b"t\n", 0, 50), (b"a\n", 1, 7)]
)
def test_on_a_terminal_it_asks(
    here: Checkout, there: Checkout, capsys: Capture, keys: bytes, code: int, quality: int
) -> None:
    diverge(here, there, capsys)
    ran = run_in_terminal("sync", "-C", str(here.path), until=b"abort (a)?", keys=keys)
    assert ran.code == code, ran.out
    assert b"both sides changed quality" in ran.out
    assert b"ours    7\r\n" in ran.out
    assert b"theirs  50\r\n" in ran.out
    assert (b"aborted; nothing was pulled or pushed" in ran.out) == bool(code)
    assert b"quality: %d\n" % quality in here.read(NAMES[0])
    assert here.status() == []


# -- what cannot be done --------------------------------------------------------------------------
@pytest.mark.parametrize("command", ["commit", "sync"])
def test_outside_a_work_tree_and_without_git(
    here: Checkout,
    tmp_path: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    feed = tmp_path / "feed"
    feed.mkdir()
    (feed / "a.md").write_bytes(here.read(NAMES[0]))
    assert main([command, "-C", str(feed)]) == 3
    assert "Type `git init` there" in capsys.readouterr().err
    monkeypatch.setenv("PATH", str(tmp_path))
    assert reader(here, command) == 3
    assert "git is not installed" in capsys.readouterr().err


def test_a_remote_that_is_gone(here: Checkout, tmp_path: Path, capsys: Capture) -> None:
    triage(here, capsys, "publish", "--where", NAMES[0])
    (tmp_path / "remote.git").rename(tmp_path / "gone")
    assert reader(here, "sync") == 3
    captured = capsys.readouterr()
    assert captured.out == f"published\t{NAMES[0]}\n"  # committed all the same
    assert "could not fetch from origin" in captured.err
    assert here.status() == []


def test_a_push_that_is_refused(
    here: Checkout, there: Checkout, tmp_path: Path, capsys: Capture
) -> None:
    there.change(NAMES[1], b"heat: 2\n", b"heat: 60\n")
    there.push()
    hook = tmp_path / "remote.git/hooks/pre-receive"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\necho 'not on a Friday' >&2\nexit 1\n")
    hook.chmod(0o755)
    triage(here, capsys, "publish", "--where", NAMES[0])
    assert reader(here, "sync") == 3
    err = capsys.readouterr().err
    assert "main: pulled 1 commit." in err
    assert "not on a Friday" in err


KILLED = """
import os, signal, sys
from reader.library import git_sync
git_sync.move = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
from reader.cli import main
main(["sync", "-C", sys.argv[1]])
"""


def test_a_sync_that_was_killed_is_told_at_the_next_one(
    here: Checkout, there: Checkout, capsys: Capture
) -> None:
    there.change(NAMES[0], b"heat: 2\n", b"heat: 60\n")
    there.push()
    triage(here, capsys, "publish", "--where", NAMES[0])
    done = subprocess.run([sys.executable, "-c", KILLED, here.path], env=dict(os.environ))
    assert done.returncode == -signal.SIGKILL
    assert reader(here, "commit") == 0
    assert "A sync that was cut short was aborted" in capsys.readouterr().err
    assert reader(here, "sync") == 0
    assert b"heat: 60\npublished: true\n" in here.read(NAMES[0])
