"""Fields, topics and text of one record."""

from __future__ import annotations

from pathlib import Path

from .conftest import Lines, text_of


def test_fields_topics_and_quality(lines: Lines, feed: Path) -> None:
    said = lines("set quality=7", "y", "t +New One -AI", "+", "set title=", "set nosuch=1", "e")
    assert "was quality: 80" in said
    assert "will be quality: 7" in said
    assert "Topics +New One, -AI." in said
    assert "1. unpublished, 4 days, quality 8: Alpha" in said
    assert any(each.startswith("title: ") and "empty" in each for each in said)
    assert any("is no field" in each for each in said)
    text = text_of(feed, "alpha")
    assert "quality: 8" in text
    assert "New One" in text


def test_fields_are_said_as_the_form_shows_them(lines: Lines, feed: Path) -> None:
    file = feed / "_news/alpha.md"
    file.write_text(file.read_text().replace("title: Alpha", f"title: {'Alpha ' * 60}\nheat: '7'"))
    said = lines("e")
    assert "published: no" in said
    assert "publishedDateTime: 2023-11-10T10:00:00Z" in said
    assert "topics: AI, Radio 0" in said
    assert "quality: 80" in said
    assert 'heat: "7"' in said
    assert "category: " in said
    assert said[2].endswith("Alpha …")


def test_of_topics_only_what_has_changed_is_said(lines: Lines, feed: Path) -> None:
    said = lines("t +AI +New -Radio -Radio 0", "t +AI -Radio")
    assert said[2:] == [
        "Topics +New, -Radio 0.",
        "Not topics +AI, -Radio: Its topics are so already.",
    ]
    assert "topics: [AI, New]" in text_of(feed, "alpha")
    assert lines("u", "U")[2::2] == [
        "Undo of topics +New, -Radio 0.",
        "Redo of topics +New, -Radio 0.",
    ]


def test_a_pipe_sets_at_once_and_loses_no_line(lines: Lines, feed: Path) -> None:
    said = lines("set quality=7", "set heat=3", "n", piped=True)
    assert said[2:4] == ["was quality: 80", "will be quality: 7"]
    assert "y or n" not in "\n".join(said)
    assert said[-1].startswith("3. unpublished")
    text = text_of(feed, "alpha")
    assert "quality: 7\n" in text
    assert "heat: 3\n" in text
    assert lines.code == 0
