"""Where to: rows, the list, related links and the way back."""

from __future__ import annotations

from .conftest import Lines


def test_moving(lines: Lines) -> None:
    said = lines("j", "j", "k", "n", "G", "g", "go 2", "N", "k", "go 9", "j 2", "j x")
    assert [each[:2] for each in said[2:9]] == ["2.", "3.", "2.", "3.", "4.", "1.", "2."]
    assert said[9].startswith("1. unpublished")
    assert said[10] == "This is the first one."
    assert said[11] == "There are 4 records here."
    assert said[12].startswith("3.")
    assert said[13] == "“x” is no number."


def test_listing(lines: Lines) -> None:
    said = lines("j", "list", "list")
    assert said[3].startswith("Here: 2. published")
    assert len(said) == 7
    assert said[-1] == "That was the last one."


def test_related_links_and_the_way_back(lines: Lines) -> None:
    said = lines("1", "back", "2", "p", "o", "back", "3", "back")
    assert said[2].startswith("4. unpublished")
    assert said[2].endswith("Delta")
    assert said[4].endswith("Alpha")
    assert said[5] == "Not a record here: Outside"
    assert "https://аpple.example/x (xn--pple-43d.example)" in said
    assert "This is a related link, no record here; back returns." in said
    assert "There is no number 3: this record has 2 related links." in said
    assert said[-1] == "You are where you began."
