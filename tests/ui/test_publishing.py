"""git at the desk, with a real repository and a bare remote."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from reader.library import git_watch
from reader.library.collection import Collection
from reader.ui import telling
from reader.ui.app import ReaderApp
from reader.ui.glyphs import ASCII
from reader.ui.screens.desk import Desk
from reader.ui.screens.question import Question
from tests.library.git_support import isolate

from .conftest import write_record
from .test_triage import article, desk_on, lines_of, settled, until

Open = Callable[..., Collection]


@pytest.fixture(autouse=True)
def isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture
def clones(folder: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The folder as a clone, and another clone of the same remote."""
    remote, other = tmp_path / "remote.git", tmp_path / "other"
    git(tmp_path, "init", "--quiet", "--bare", "-b", "main", str(remote))
    git(folder, "init", "--quiet", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "one")
    git(folder, "remote", "add", "origin", str(remote))
    git(folder, "push", "--quiet", "-u", "origin", "main")
    git(tmp_path, "clone", "--quiet", str(remote), str(other))
    return folder, other


def status(desk: Desk) -> str:
    return "  ".join(text for text, _ in desk.status._right)


async def test_the_branch_and_what_differs_are_shown(
    clones: tuple[Path, Path], open_collection: Open
) -> None:
    folder, _ = clones
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await until(lambda: "main" in status(desk))
        assert "±" not in status(desk)
        await pilot.press("p")
        await until(lambda: "main ±1" in status(desk))
        write_record(folder, "_news/new", "Brand new", days=0.1)
        await until(lambda: "main ±2" in status(desk))
        await pilot.press("g")

        def detail() -> str:
            return "\n".join("".join(p.text for p in line) for line in desk.detail._lines)

        await until(lambda: "git: untracked" in detail())
        await pilot.press("j")
        await until(lambda: "git: modified" in detail())


async def test_what_was_decided_is_committed_and_nothing_else(
    clones: tuple[Path, Path], open_collection: Open
) -> None:
    folder, _ = clones
    article(folder, 9).write_text(article(folder, 9).read_text() + "the crawler was here\n")
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("C")
        await until(lambda: "Nothing that was decided" in desk.footer.said)
        await pilot.press("p", "d")
        await settled(desk, pilot)
        await pilot.press("C")
        await until(lambda: isinstance(desk.app.screen, Question))
        await pilot.press("n")
        assert desk.footer.said == "Nothing was committed."
        await pilot.press("C")
        await until(lambda: isinstance(desk.app.screen, Question))
        await pilot.press("y")
        await until(lambda: desk.footer.said.startswith("Committed "))
        named = git(folder, "show", "--name-only", "--format=%s").split()
        assert named[:5] == ["Triage:", "1", "published,", "1", "rejected"]
        assert set(named[5:]) == {"_news/article-00.md", "_news/article-03.md"}
        assert git(folder, "status", "--short").split() == ["M", "_news/article-09.md"]


@pytest.mark.parametrize(("answer", "quality"), [("o", "57"), ("t", "90")])
async def test_a_sync_asks_where_both_sides_changed_a_field(
    clones: tuple[Path, Path], open_collection: Open, answer: str, quality: str
) -> None:
    folder, other = clones
    theirs = article(other, 0)
    theirs.write_text(
        theirs.read_text().replace("quality: 56", "quality: 90").replace("heat: -1", "heat: 7")
    )
    git(other, "commit", "--quiet", "-am", "theirs")
    git(other, "push", "--quiet")
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("plus")
        await settled(desk, pilot)
        await pilot.press("X")
        await until(lambda: isinstance(desk.app.screen, Question))
        await pilot.pause(0.6)
        await pilot.press(answer)
        await until(lambda: "pushed" in desk.footer.said and "Committing" not in desk.footer.said)
        assert f"quality: {quality}" in lines_of(article(folder, 0))
        assert "heat: 7" in lines_of(article(folder, 0))
        assert not git(folder, "status", "--short")
        assert git(folder, "rev-parse", "HEAD") == git(folder, "rev-parse", "origin/main")


async def test_an_open_question_leaves_all_as_it_was(
    clones: tuple[Path, Path], open_collection: Open
) -> None:
    folder, other = clones
    theirs = article(other, 0)
    theirs.write_text(theirs.read_text().replace("quality: 56", "quality: 90"))
    git(other, "commit", "--quiet", "-am", "theirs")
    git(other, "push", "--quiet")
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("plus")
        await settled(desk, pilot)
        await pilot.press("X")
        await until(lambda: isinstance(desk.app.screen, Question))
        await pilot.press("escape")
        await until(lambda: "Nothing was pulled or pushed" in desk.footer.said)
        assert "quality: 57" in lines_of(article(folder, 0))
        assert git(folder, "log", "--format=%s").split("\n")[:2] == [
            "Triage: 1 quality changed",
            "one",
        ]
        assert not (folder / ".git" / "rebase-merge").exists()


async def test_a_sync_that_fails_tells_what_it_has_committed(
    clones: tuple[Path, Path], open_collection: Open
) -> None:
    folder, _ = clones
    git(folder, "remote", "set-url", "origin", str(folder.parent / "gone"))
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("plus")
        await settled(desk, pilot)
        await pilot.press("X")
        assert isinstance(desk.app, ReaderApp)
        messages = desk.app.messages
        await until(lambda: any("could not fetch" in each.text for each in messages.newest_first()))
        said = [entry.text for entry in messages.newest_first()]
        done = git(folder, "rev-parse", "--short", "HEAD").strip()
        assert said[1] == f"Committed {done}: Triage: 1 quality changed."
        assert git(folder, "log", "-1", "--format=%s").strip() == "Triage: 1 quality changed"
        await until(lambda: "main ↑1" in status(desk) and "±" not in status(desk))


async def test_what_changes_while_git_is_being_asked_is_asked_about_again(
    clones: tuple[Path, Path], open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = clones
    monkeypatch.setattr(telling, "GIT_AFTER", 0.01)
    may, asked = threading.Event(), threading.Event()
    may.set()
    own = git_watch.git_summary

    def slow(root: Path) -> git_watch.Summary | None:
        summary = own(root)
        asked.set()
        may.wait(30)
        return summary

    monkeypatch.setattr(git_watch, "git_summary", slow)
    async with desk_on(open_collection(folder)) as (desk, _):
        await until(lambda: "main" in status(desk) and not desk.telling._git_looking)
        may.clear()
        asked.clear()
        desk.look_at_git()
        await until(asked.is_set)
        git(folder, "commit", "--quiet", "--allow-empty", "-m", "two")
        desk.look_at_git()
        may.set()
        await until(lambda: "main ↑1" in status(desk))


async def test_commits_that_only_one_side_has_are_shown(
    clones: tuple[Path, Path], open_collection: Open
) -> None:
    folder, other = clones
    for where, times in ((other, 1), (folder, 2)):
        for number in range(times):
            git(where, "commit", "--quiet", "--allow-empty", "-m", f"{where.name} {number}")
    git(other, "push", "--quiet")
    git(folder, "fetch", "--quiet")
    article(folder, 9).write_text(article(folder, 9).read_text() + "the crawler was here\n")
    async with desk_on(open_collection(folder)) as (desk, _):
        await until(lambda: "main ↑2 ↓1 ±1" in status(desk))
        desk.glyphs = ASCII
        desk.show_status()
        assert "main ^2 v1 +-1" in status(desk)


async def test_without_git_the_keys_say_so(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("C")
        await until(lambda: "git" in desk.footer.said and "Looking" not in desk.footer.said)
        assert "work tree" in desk.footer.said
