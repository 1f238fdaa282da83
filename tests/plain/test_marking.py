"""Marks."""

from __future__ import annotations

from .conftest import Lines


def test_marking_by_a_query(lines: Lines) -> None:
    assert lines("* quality:>=82")[-1] == "2 marked."
    assert lines("* nosuch:1")[-1].startswith("The query is wrong at “nosuch”")


def test_wrong_numbers_are_told_in_the_words_of_their_command(lines: Lines) -> None:
    said = lines(
        "mark 90-99", "v 90-99", "v", "unmark 7-9", "mark 1", "unmark 1", "/ zzz", "mark 1"
    )
    assert said[2:6] == [
        f"Give numbers from 1 to 4, such as {name} 3-7." for name in ("mark", "v", "v", "unmark")
    ]
    assert said[6:8] == ["1 marked.", "No marks."]
    assert said[-1] == "There is no record here."


def test_the_last_marks_come_back(lines: Lines) -> None:
    said = lines("g v", "mark 1-2", "unmark", "g v", "p", "y", "g v")
    assert said[2] == "There are no marks to bring back."
    assert said[4:6] == ["No marks.", "2 marked."]
    assert said[-1] == "2 marked."
