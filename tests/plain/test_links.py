"""Links: said to be copied, one's own word about them, where they moved."""

from __future__ import annotations

import json
from pathlib import Path

from reader.library.collection import Collection
from reader.records.verdicts import Check, Verdict

from .conftest import NOW, Lines, text_of

MOVED = Check(
    "https://example.org/beta",
    Verdict.MOVED,
    "It has moved.",
    NOW,
    status=301,
    moved_to="https://example.org/b2",
)


def keep(feed: Path, tmp_path: Path, *checks: Check) -> None:
    collection = Collection.open(feed, cache_dir=tmp_path / "cache", state_dir=tmp_path / "state")
    collection.reconcile()
    collection.verdicts.keep(checks)
    collection.close()


def test_what_can_be_copied_is_said(lines: Lines, feed: Path) -> None:
    said = lines("Y title", "Y markdown", "Y path", "Y", "Y url", "Y 1", "Y nosuch", piped=True)
    assert said[2:8] == [
        "Alpha", "[Alpha](https://example.org/alpha)", str(feed / "_news" / "alpha.md"),
        *["https://example.org/alpha"] * 3,
    ]  # fmt: skip
    assert said[-1].startswith("Say one of url, title")
    said = lines("copy json", piped=True)
    assert json.loads("\n".join(said[2:]))["title"] == "Alpha"


def test_links_that_were_checked(lines: Lines, feed: Path, tmp_path: Path) -> None:
    assert lines("K")[-1] == "No link was checked yet."
    gone = Check("https://example.org/alpha", Verdict.GONE, "It is not there.", NOW, status=404)
    keep(feed, tmp_path, gone, MOVED)
    said = lines("checked", "K gone", "K ok", "K nosuch", "I", "I", "i", "j", "I 9")
    assert said[2:4] == ["moved: 1", "gone: 1"]
    assert said[4].startswith("gone: https://example.org/alpha")
    assert said[5] == "in: Alpha"
    assert said[6] == "No link is ok."
    assert said[7].startswith("There is no verdict “nosuch”: ok, ")
    assert said[8].startswith("You opened it and it works")
    assert said[9].startswith("Taken back")
    assert said[10].startswith("gone: https://example.org/alpha")
    assert said[-1] == "Give a number of links, such as I 2."


def test_where_a_link_moved_is_taken(lines: Lines, feed: Path, tmp_path: Path) -> None:
    keep(feed, tmp_path, MOVED)
    said = lines("T", "j", "T", "n", "T", "y", "u")
    assert said[2].startswith("Nothing to take")
    assert "was webUrl: https://example.org/beta" in said
    assert "Nothing was written." in said
    assert any(each.startswith("Undo of ") for each in said)
    lines("mark 1-2", "T", "y")
    assert "webUrl: https://example.org/b2\n" in text_of(feed, "beta")
