"""Views of one's own: listed, opened, saved and changed, in the settings file."""

from __future__ import annotations

import pytest

from .conftest import Lines

BEST = '# mine\n[[view]]\nname = "Best"\nquery = "quality:>=82"\nkey = 2\n'


def test_views_of_ones_own_are_listed_and_opened(lines: Lines) -> None:
    lines.settings.write_text(BEST)
    said = lines("f", "f 11", "f best", "g 2", "/ view:Best", "g 3")
    assert "11. Best, g 2: quality:>=82" in said
    assert said.count("Best: 2 records.") == 3
    assert said[-3] == "Best, that match view:Best: 2 records."
    assert said[-1].startswith("No view has the key 3; b NAME saves this query as one")


def test_the_query_is_saved_as_a_view(lines: Lines) -> None:
    said = lines(
        "f unpublished", "topic AI", "/ quality:>81", "sort -quality", "b Good ones", "f good ones"
    )
    assert "The view Good ones is saved, with the key 1." in said
    assert said[-2] == "Good ones: 2 records."
    assert said[-1].endswith("Delta")
    text = lines.settings.read_text()
    assert 'name = "Good ones"' in text
    assert 'query = "quality:>81 topic:ai view:unpublished sort:-quality"' in text


def test_a_view_gets_another_query_after_a_question(lines: Lines) -> None:
    lines.settings.write_text(BEST)
    assert lines("/ quality:>82", "b best", "n")[-1] == "The view is as it was."
    assert lines.settings.read_text() == BEST
    assert lines("/ quality:>82", "b best", "y")[-1].startswith("The view Best is saved")
    assert lines.settings.read_text() == BEST.replace(">=82", ">82")
    assert lines("b best")[-1].startswith("All is a view already; narrow it first")


def test_views_are_renamed_moved_and_deleted(lines: Lines) -> None:
    lines.settings.write_text(BEST + '\n[[view]]\nname = "Old"\nquery = "date:..2020"\n')
    said = lines(
        "f best", "rename view Best=Finest", "where", "move view Finest=2", "f", "view key old=2",
        "view key finest=", "view key old=2", "delete view finest", "y", "where",
    )  # fmt: skip
    assert "Finest: 2 records." in said
    assert "12. Finest, g 2: quality:>=82" in said
    assert any("the key 2 opens" in each for each in said)
    assert "The view Old is saved, with the key 2." in said
    assert said[-3] == "The view Finest is deleted."
    assert said[-2] == "All, that match quality:>=82: 2 records."
    assert lines.settings.read_text().strip() == (
        '[[view]]\nname = "Old"\nquery = "date:..2020"\nkey = 2'  # its comment went with the other
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("b", "Say what to call it, after it: b Good ones."),
        ("rename view Best", "Write it so: rename view Good ones=Best."),
        ("rename view nobody=x", "There is no view “nobody” of your own."),
        ("rename view Best=all", "“all” is a built-in view: choose another name."),
        ("move view Best=9", "Your views have the places 1 to 1."),
        ("view key Best=x", "“x” is no key: a digit from 1 to 9, or nothing."),
        ("delete view", "Say which view, by its name or number."),
        ("delete view Bst", "There is no view “Bst” of your own; did you mean “Best”?"),
        ("delete view unread", "“unread” is a built-in view: it stays as it is."),
        ("f nobody", "There is no view “nobody”. f lists them."),
    ],
)
def test_what_is_wrong_is_said(lines: Lines, line: str, told: str) -> None:
    lines.settings.write_text(BEST)
    assert lines(line)[-1] == told
    assert lines.code == 1
    assert lines.settings.read_text() == BEST


def test_a_pipe_deletes_no_view(lines: Lines) -> None:
    lines.settings.write_text(BEST)
    assert "reader views --delete NAME" in lines("delete view Best", piped=True)[-2]
    assert lines.settings.read_text() == BEST


def test_a_file_that_cannot_be_written(lines: Lines) -> None:
    lines.settings.mkdir()
    assert "cannot be read" in lines("/ radio", "b Radio")[-1]
