"""Undo, redo and what was decided."""

from __future__ import annotations

from pathlib import Path

from .conftest import Lines, text_of


def test_undo_and_redo_over_sessions(lines: Lines, feed: Path) -> None:
    before = text_of(feed, "alpha")
    lines("p", "s")
    said = lines("u", "u", "u", "U")
    assert "Undo of star." in said
    assert "Undo of publish." in said
    assert "There is nothing to undo." in said
    assert "Redo of publish." in said
    lines("u")
    assert text_of(feed, "alpha") == before


def test_what_a_step_changed(lines: Lines) -> None:
    lines("p", "set quality=7", "y", "s")
    said = lines("H", "H 1", "H 3", "H 99")
    assert said[4].startswith("Step 1, ")
    assert "_news/alpha.md: Alpha" in said
    assert "was published: false" in said
    assert "became published: true" in said
    assert "was starred: no" in said
    assert said[-1] == "There is no step 99; H lists them."
