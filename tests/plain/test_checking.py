"""Checking links."""

from __future__ import annotations

from pathlib import Path

from .conftest import Lines


def test_checking_links(lines: Lines, feed: Path) -> None:
    file = feed / "_news" / "alpha.md"
    file.write_text(file.read_text().replace("https://example.org/alpha", "https://127.0.0.1:9/a"))
    said = lines("check", "i", "G", "i")  # an address inside is never asked
    assert said[2] == "1 unsafe, not asked."
    assert said[3].startswith("unsafe: https://127.0.0.1:9/a: ")
    assert said[4] == "Checked: 1 unsafe."
    assert said[5] == said[3]
    assert said[-1] == "No link of it was checked yet; L does."
