"""What a record says."""

from __future__ import annotations

import re
from pathlib import Path

from .conftest import Lines


def test_reading_an_article(lines: Lines) -> None:
    said = lines("show", "show 2", "w", "links")
    assert "The body of Alpha." in said
    assert "topics AI, Radio 0" in said
    assert "file: _news/alpha.md" in said
    assert "The body of Beta." in said
    assert "2 title: Beta" in said
    assert "1. web: https://example.org/beta" in said
    assert any("(xn--pple-43d.example)" in each for each in said)


def test_what_was_shown_is_read(lines: Lines) -> None:
    assert lines("show", "where")[-1] == "1. unpublished, 4 days, quality 80, read: Alpha"
    assert lines("r", "where")[-1] == "1. unpublished, 4 days, quality 80: Alpha"


def test_a_file_that_cannot_be_read(lines: Lines, feed: Path) -> None:
    (feed / "broken.md").write_text("---\ntitle: [never\n---\n")
    said = lines("f problems", "show", "p")
    assert "1 file cannot be read: f problems." in said
    assert any(re.match(r"1\. cannot be read: ", each) for each in said)
    assert any(each.startswith("Line ") for each in said)
    assert said[-1].startswith("This file cannot be read")
