"""`reader views` and `explain`, and what takes a view or a query."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reader.cli import main
from tests.cli_support import make_feed, own_folders, run_in_terminal

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    file = own_folders(monkeypatch, tmp_path)
    monkeypatch.chdir(make_feed(tmp_path / "feed"))
    return file


def said(capsys: Capture, *argv: str, code: int = 0) -> str:
    assert main([*argv]) == code
    captured = capsys.readouterr()
    return captured.out if code in (0, 1) else captured.err


def as_json(capsys: Capture, *argv: str, code: int = 0) -> Any:
    return json.loads(said(capsys, *argv, "--json", code=code))


# -- views -----------------------------------------------------------------------------------------


def test_a_views_life(capsys: Capture, config: Path) -> None:
    said(capsys, "views", "--add", "Good ones", "quality:>=30 sort:-quality", "--key", "3")
    said(capsys, "views", "--add", "no amp", "-has:amp")
    said(capsys, "views", "--set", "good ones", "quality:>=40")
    said(capsys, "views", "--move", "no amp", "1")
    said(capsys, "views", "--rename", "good ones", "Best")
    own = [each for each in as_json(capsys, "views") if each["own"]]
    assert own == [
        {"name": "no amp", "query": "-has:amp", "key": None, "own": True, "wrong": None},
        {"name": "Best", "query": "quality:>=40", "key": 3, "own": True, "wrong": None},
    ]
    assert said(capsys, "views").splitlines()[:2] == ["\tno amp\t-has:amp", "3\tBest\tquality:>=40"]
    said(capsys, "views", "--set", "best", "--key", "none")
    said(capsys, "views", "--delete", "no amp")
    assert config.read_text() == '[[view]]\nname = "Best"\nquery = "quality:>=40"\n'


def test_the_list_on_a_terminal(capsys: Capture) -> None:
    said(capsys, "views", "--add", "Café", "quality:>=30", "--key", "3")
    text = run_in_terminal("views").out.decode()
    assert text.splitlines()[0] == "3  Café         quality:>=30"
    assert "   unpublished  is:unpublished -is:deferred" in text


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        (["--add", "a", "qualty:1"], 3, "did you mean quality"),
        (["--add", "unread", "x"], 3, "built-in"),
        (["--add", "a", "x", "--key", "0"], 2, "a digit from 1 to 9"),
        (["--delete", "a"], 3, "there is no view “a”"),
        (["--rename", "a", "b"], 3, "there is no view “a”"),
        (["--set", "a"], 2, "--set needs"),
        (["--set", "a", "b", "c"], 2, "one QUERY"),
        (["--move", "a", "zero"], 2, "no place"),
        (["--key", "1"], 2, "--key is for"),
        (["--add", "a"], 2, "needs 2 values"),
    ],
)
def test_what_cannot_be_is_said(capsys: Capture, argv: list[str], code: int, words: str) -> None:
    assert words in said(capsys, "views", *argv, code=code)


def test_the_nearest_view_is_asked_for_without_a_full_stop(capsys: Capture) -> None:
    said(capsys, "views", "--add", "Better", "is:read")
    assert said(capsys, "views", "--delete", "Bettr", code=3).endswith("did you mean “Better”?\n")


def test_a_wrong_view_is_named_and_hinders_nothing(capsys: Capture, config: Path) -> None:
    config.write_text('[[view]]\nname = "bad"\nquery = "qualty:1"\n')
    assert main(["views"]) == 1
    captured = capsys.readouterr()
    assert f"{config}:3: the view “bad”: there is no field qualty" in captured.err
    assert "bad" in captured.out
    assert as_json(capsys, "views", code=1)[0]["wrong"].startswith("the view “bad”")
    assert len(said(capsys, "list").splitlines()) == 5
    assert "in the view bad" in said(capsys, "list", "--view", "bad", code=2)


def test_a_view_of_ones_own_is_found_everywhere(capsys: Capture, config: Path) -> None:
    config.write_text(
        '[[view]]\nname = "Mine"\nquery = "provider:blog OR title:alpha sort:title"\n'
    )
    titles = ("list", "--format", "{title}")
    assert said(capsys, *titles, "--view", "mine").split() == ["Alpha", "Delta", "Gamma"]
    assert said(capsys, *titles, "-q", "view:mine -gamma").split() == ["Alpha", "Delta"]
    assert said(capsys, *titles, "--view", "mine", "-q", "alpha OR delta").split() == [
        "Alpha", "Delta",
    ]  # fmt: skip
    assert said(capsys, *titles, "--view", "mine", "--sort", "-title", "--limit", "1") == "Gamma\n"
    assert said(capsys, *titles, "--view", "mine", "--topic", "AI").split() == ["Delta", "Gamma"]
    assert said(capsys, "count", "-view:Mine") == "2\n"
    told = as_json(capsys, "triage", "star", "--where", "mine", "--dry-run")
    assert len(told["results"]) == 3
    assert "Mine\t1\t3" in said(capsys, "topics", "--by", "view")
    assert "did you mean “Mine”?" in said(capsys, "list", "--view", "mien", code=2)


# -- explain ---------------------------------------------------------------------------------------


def test_explaining(capsys: Capture) -> None:
    text = said(capsys, "explain", "provider:blog is:unpublished quality:>20")
    assert text.splitlines() == [
        "2  2  provider is “blog”",
        "1  0  unpublished",
        "2  0  quality over 20",
        "0 records, newest first",
        "without provider:blog: 1",
        "without is:unpublished: 1",
    ]
    told = as_json(capsys, "explain", "provider:blog is:unpublished")
    assert told["count"] == 0
    assert [part["left"] for part in told["part"]["parts"]] == [2, 0]
    assert {drop["query"] for drop in told["drop"]} == {"provider:blog", "is:unpublished"}


def test_a_query_may_begin_with_a_dash(capsys: Capture) -> None:
    assert said(capsys, "count", "-provider:blog") == "3\n"
    assert said(capsys, "count", "-has:amp") == "5\n"
    assert said(capsys, "explain", "-has:amp").splitlines()[0] == "5  not: has an amp"
    assert main(["count", "-h"]) == 0


@pytest.mark.parametrize("record", ["_news/alpha.md", "https://example.org/alpha"])
def test_why_not(capsys: Capture, record: str) -> None:
    text = said(
        capsys, "explain", "alpha quality:>70 -topic:portals is:unpublished", record, code=1
    )
    assert text.splitlines() == [
        "yes  a word that begins “alpha” somewhere",
        "no   quality over 70 (it has 30)",
        "no   not: topic is “portals” (it has Portals, Power Apps)",
        "yes  unpublished",
        "_news/alpha.md is left out",
    ]
    told = as_json(capsys, "explain", "alpha", record)
    assert told["accepted"] is True
    assert said(capsys, "explain", "alpha", record).splitlines()[-1] == "_news/alpha.md is found"


def test_what_is_wrong_is_told_in_place(capsys: Capture) -> None:
    assert "did you mean “quality”?" in said(capsys, "explain", "qualty:1", code=2)
    assert "no record" in said(capsys, "explain", "alpha", "_news/none.md", code=3)


# -- topics and problems ---------------------------------------------------------------------------


def test_topics_of_a_query(capsys: Capture) -> None:
    assert said(capsys, "topics", "-q", "provider:blog") == "AI\t0\t2\n"
    assert said(capsys, "topics", "--view", "unpublished").splitlines() == [
        "Portals\t1\t1", "Power Apps\t1\t1",
    ]  # fmt: skip
    assert said(capsys, "topics", "--by", "folder", "-q", "topic:ai").splitlines() == [
        "_learning\t0\t2", "_learning/videos\t0\t1",
    ]  # fmt: skip
    assert "did you mean" in said(capsys, "topics", "-q", "qualty:1", code=2)


def test_problems_of_a_query(capsys: Capture) -> None:
    assert said(capsys, "problems", "-q", "path:broken", code=1).startswith("broken.md:")
    assert said(capsys, "problems", "-q", "folder:_news") == ""
    assert said(capsys, "problems", "-q", "alpha OR path:broken", code=1).count("\n") == 1
