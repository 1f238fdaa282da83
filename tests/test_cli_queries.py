"""Queries on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reader.cli import main

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("config", "in_feed")


def paths(capsys: Capture, *arguments: str) -> list[str]:
    assert main(["list", "--format", "{title}", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_a_query_narrows_and_sorts(capsys: Capture) -> None:
    everything = paths(capsys)
    unpublished = paths(capsys, "-q", "is:unpublished")
    assert unpublished == paths(capsys, "--view", "unpublished")
    assert "Alpha" in unpublished
    assert paths(capsys, "-q", "alpha") == ["Alpha"]
    assert paths(capsys, "-q", "sort:title") == paths(capsys, "--sort", "title")
    assert paths(capsys, "-q", "is:unpublished", "--view", "published") == []
    assert (
        paths(capsys, "-q", "-alpha", "--limit", "1")
        == [title for title in everything if title != "Alpha"][:1]
    )


def test_counting(capsys: Capture, feed: Path) -> None:
    assert main(["count", ""]) == 0
    assert int(capsys.readouterr().out) == len(paths(capsys))
    assert main(["count", "is:unpublished quality:>=30", str(feed), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "query": "is:unpublished quality:>=30",
        "count": 1,
    }


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("is:unpublishd", "did you mean “unpublished”?"),
        ("titel:x", "titel"),
        ("(alpha", "character 1"),
        ("quality:>x", "quality"),
    ],
)
@pytest.mark.parametrize("command", [["list", "-q"], ["count"], ["triage", "star", "--where"]])
def test_a_wrong_query_is_told_in_place(
    capsys: Capture, command: list[str], query: str, said: str
) -> None:
    if command[0] == "triage" and ":" not in query:
        query += " beta"
    assert main([*command, query]) == 2
    assert said in capsys.readouterr().err


def test_decisions_on_what_a_query_asks_for(capsys: Capture, feed: Path) -> None:
    assert main(["triage", "publish", "--where", "is:unpublished quality:30", "--json"]) == 0
    results = json.loads(capsys.readouterr().out)["results"]
    assert [each["title"] for each in results] == ["Alpha"]
    assert "published: true" in (feed / "_news" / "alpha.md").read_text()


def test_an_empty_topic_is_refused(capsys: Capture) -> None:
    assert main(["triage", "topics", "--add", " ", "--where", "all"]) == 2
    assert "--add needs a topic" in capsys.readouterr().err
