"""The user's views as values: what they may be, and how they change."""

from __future__ import annotations

import pytest

from reader.records.views import (
    SavedView,
    ViewRefused,
    added,
    changed,
    moved,
    queries_of,
    removed,
    wrong_views,
)

GOOD = SavedView("Good ones", "quality:>70", 1)
NEWS = SavedView("news", 'folder:_news view:"good ones"', 2)
WRONG = SavedView("wrong", "qualty:1")
VIEWS = [GOOD, NEWS, SavedView("café", "topic:coffee")]


def test_right_views_are_right() -> None:
    assert wrong_views(VIEWS) == []
    assert queries_of(VIEWS)["news"] == 'folder:_news view:"good ones"'


@pytest.mark.parametrize(
    ("views", "field", "said"),
    [
        ([WRONG], "query", "there is no field qualty: did you mean quality? (at “qualty”)"),
        ([SavedView("", "a")], "name", "needs a name"),
        ([SavedView("x" * 61, "a")], "name", "60 characters"),
        ([SavedView("a\nb", "a")], "name", "one line"),
        ([SavedView("a\x1b[31m", "a")], "name", "plain text"),
        ([SavedView("Starred", "a")], "name", "“starred” is a built-in view"),
        ([SavedView("a", "x"), SavedView("Á", "y")], "name", "“a” already"),
        ([SavedView("a", "x", 0)], "key", "1 to 9"),
        ([SavedView("a", "x", 10)], "key", "1 to 9"),
        ([SavedView("a", "x", 3), SavedView("b", "y", 3)], "key", "opens “a” already"),
        ([SavedView("a", "view:b")], "query", "no view b"),
        ([SavedView("a", "view:a")], "query", "leads back"),
    ],
)
def test_what_is_wrong(views: list[SavedView], field: str, said: str) -> None:
    found = wrong_views(views)[-1]
    assert found.field == field
    assert said in found.reason


def test_two_that_lead_to_each_other_are_both_wrong() -> None:
    views = [SavedView("a", "view:b"), SavedView("b", "view:a"), SavedView("c", "x")]
    assert [(each.at, each.field) for each in wrong_views(views)] == [(0, "query"), (1, "query")]


def test_adding() -> None:
    assert added(VIEWS, SavedView("  a  b ", " x "))[-1] == SavedView("a b", "x")
    for refused, said in ((WRONG, "qualty"), (SavedView("NEWS", "x"), "already"),
                          (SavedView("x", "y", 1), "“Good ones” already")):  # fmt: skip
        with pytest.raises(ViewRefused, match=said):
            added(VIEWS, refused)


def test_one_that_was_wrong_before_stands_in_nobodys_way() -> None:
    assert len(added([WRONG], SavedView("x", "y"))) == 2
    assert changed([WRONG, GOOD], "wrong", SavedView("right", "quality:1"))[0].name == "right"


def test_changing() -> None:
    after = changed(VIEWS, "NEWS", SavedView("News", "folder:_news", None))
    assert [view.name for view in after] == ["Good ones", "News", "café"]
    with pytest.raises(ViewRefused, match=r"there is no view “new”.*did you mean “news”"):
        changed(VIEWS, "new", GOOD)
    with pytest.raises(ViewRefused, match="built-in"):
        changed(VIEWS, "unread", GOOD)


def test_what_another_uses_is_not_taken_away() -> None:
    with pytest.raises(ViewRefused, match="the view “news” would be wrong"):
        removed(VIEWS, "good ones")
    with pytest.raises(ViewRefused, match="the view “news” would be wrong"):
        changed(VIEWS, "good ones", SavedView("best", "quality:>70"))
    assert [view.name for view in removed(VIEWS, "news")] == ["Good ones", "café"]


@pytest.mark.parametrize(
    ("name", "to", "order"), [("café", 0, "cgn"), ("Good ones", 1, "ngc"), ("news", 99, "gcn"),
                              ("news", -5, "ngc")]
)  # fmt: skip
def test_moving(name: str, to: int, order: str) -> None:
    assert "".join(view.name[0].lower() for view in moved(VIEWS, name, to)) == order
