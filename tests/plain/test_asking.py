"""What is listed, and why."""

from __future__ import annotations

from .conftest import Lines


def test_views_topics_and_queries(lines: Lines) -> None:
    said = lines("f", "f unpublished", "topic Radio 2", "back", "/ quality:>80", "/", "f 3", "f no")
    assert said[3] == "2. Unpublished, 3 records, 3 unpublished"
    assert "Unpublished: 3 records." in said
    assert "Unpublished, topic Radio 2: 1 record." in said
    assert "Unpublished, that match quality:>80: 2 records." in said
    assert "Published: 1 record." in said
    assert said[-1].startswith("There is no view “no”")


def test_a_query_of_views_is_called_by_their_names(lines: Lines) -> None:
    either = "view:unpublished OR view:starred"
    said = lines(f"/ {either}", f"/ ({either}) quality:>80", "/ -view:starred", f"/ {either} OR AI")
    assert "Unpublished or Starred: 3 records." in said
    assert f"Unpublished or Starred, that match ({either}) quality:>80: 2 records." in said
    assert "All, that match -view:starred: 4 records." in said
    assert f"All, that match {either} OR AI: 4 records." in said


def test_a_wrong_query_keeps_what_is_listed(lines: Lines) -> None:
    said = lines("/ provider:nobody", "where")
    assert said[2].startswith("The query is wrong at")
    assert said[3] == "All: 4 records."


def test_a_query_that_finds_nothing_says_what_to_drop(lines: Lines) -> None:
    said = lines("/ quality:>81 zzzz", "f unpublished", "/ zzzz", "f published", "/ title:Alpha")
    assert said[2] == "All, that match quality:>81 zzzz: 0 records."
    assert said[3] == "Without zzzz: 2 records; x drops it."
    assert said[6] == "Unpublished, that match zzzz: 0 records."
    assert said[7] == "Without zzzz: 3 records; x drops it."
    assert said[-1] == "Published, that match title:Alpha: 0 records."  # the view is in the way


def test_a_suggestion_is_made_once(lines: Lines) -> None:
    said = lines("/ qulity:>70", "* qulity:>70")
    expected = "there is no field qulity. Did you mean quality?"
    assert said[2:] == [f"The query is wrong at “qulity”: {expected}"] * 2


def test_the_part_in_the_way_is_dropped(lines: Lines) -> None:
    said = lines("/ quality:>81 zzzz", "x", "x")
    assert said[4] == "All, that match quality:>81: 2 records."
    assert said[-1] == "Something is listed: no part of the query has to be dropped."


def test_a_query_is_explained(lines: Lines) -> None:
    said = lines("f unpublished", "/ quality:>81", "explain", "explain quality:>200")
    assert "quality over 81: 2 by itself, 2 left" in said
    assert any(each.startswith("In all: 2 records, ") for each in said)
    assert any(each.startswith("In all: 0 records, ") for each in said)
    assert lines("explain nosuch:1")[-1].startswith("The query is wrong at “nosuch”")


def test_what_belongs_to_a_part_stands_further_in(lines: Lines) -> None:
    said = lines("explain topic:AI (title:Alpha OR (quality:>81 is:unpublished)) -title:Gamma")
    assert [line.split(":")[0] for line in said[2:-1]] == [
        "topic is “AI”",
        "any of these",
        "  a word that begins “Alpha” in title",
        "  all of these",
        "    quality over 81",
        "    unpublished",
        "not",
    ]
    said = lines("/ title:Beta OR (quality:>82 is:unpublished)", "W _news/gamma.md")
    assert [line.split(":")[0] for line in said[4:-1]] == [
        "no",
        "  no",
        "  no",
        "    no",
        "    yes",
    ]


def test_why_a_record_is_not_listed(lines: Lines) -> None:
    said = lines(
        "f unpublished", "W _news/beta.md", "why https://example.org/alpha", "W nobody.md", "W"
    )
    assert "So it is left out." in said
    assert any(each.startswith("no: ") for each in said)
    assert "So it is listed." in said
    assert "There is no record at nobody.md." in said
    assert said[-1].startswith("Say which record, by its path or URL: W ")


def test_the_order(lines: Lines) -> None:
    said = lines("sort quality", "sort quality", "S title", "/ quality:>80", "sort nosuch", "sort")
    assert said[2] == "All, sorted by quality: 4 records."
    assert said[3].endswith("Alpha")
    assert said[4] == "All, sorted by -quality: 4 records."
    assert said[5].endswith("Delta")
    assert "All, that match quality:>80, sorted by title: 3 records." in said
    assert any("nosuch" in each for each in said)
    assert said[-2] == "Sorted by title."


def test_one_more_condition(lines: Lines) -> None:
    said = lines(
        "/ quality:>80 OR title:Alpha",
        "& is:unpublished",
        "& -title:Gamma title:D*",
        "&",
        "& nosuch:1",
    )
    assert said[2].endswith(": 4 records.")
    assert said[4].endswith(": 3 records.")
    assert said[6].endswith(": 1 record.")
    assert said[8].startswith("Say which condition, after it: & ")
    assert said[9].startswith("The query is wrong at “nosuch”")


def test_clearing(lines: Lines) -> None:
    said = lines("f unpublished", "topic AI", "/ quality:>81", "F", "F")
    assert said[-4] == "Unpublished: 3 records."
    assert said[-2] == "All: 4 records."


def test_the_queue(lines: Lines) -> None:
    said = lines("/ quality:>80", "a", "a")
    assert said[4] == "Unpublished, that match quality:>80: 2 records."
    assert said[6] == "All, that match quality:>80: 3 records."
    said = lines("f unread", "a", "a")
    assert said[4] == "Unread, that match is:unpublished: 3 records."
    assert said[6] == "Unread: 4 records."


def test_the_order_by_words_needs_words(lines: Lines) -> None:
    said = lines("sort rank", "/ gamma", "sort rank")
    assert "no words to rank by" in said[2]
    assert said[-2] == "All, that match gamma, sorted by rank: 1 record."
