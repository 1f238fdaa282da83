"""Marks."""

from __future__ import annotations

from .conftest import Lines


def test_marking_by_a_query(lines: Lines) -> None:
    assert lines("* quality:>=82")[-1] == "2 marked."
    assert lines("* nosuch:1")[-1].startswith("The query is wrong at “nosuch”")


def test_the_last_marks_come_back(lines: Lines) -> None:
    said = lines("g v", "mark 1-2", "unmark", "g v", "p", "y", "g v")
    assert said[2] == "There are no marks to bring back."
    assert said[4:6] == ["No marks.", "2 marked."]
    assert said[-1] == "2 marked."
