"""What an edit changed, as lines to show."""

from __future__ import annotations

import pytest

from reader.records.history import shown_changes
from reader.records.splice import Splice


@pytest.mark.parametrize(
    ("field", "old", "new", "lines"),
    [
        ("quality", "30", "31", ["- quality: 30", "+ quality: 31"]),
        ("quality", "", "quality: 31\n", ["+ quality: 31"]),
        ("title", '"A\n  B"', "C", ['- title: "A', '-   B"', "+ title: C"]),
        ("title", '"title: A\n  B"', "C", ['- title: "title: A', '-   B"', "+ title: C"]),
        ("topics", "  - AI\n", "", ["- topics: - AI"]),
        ("topics", "\n  - AI", " []", ["- topics:", "-   - AI", "+ topics: []"]),
        ("related[0].webUrl", "a", "b", ["- related[0].webUrl: a", "+ related[0].webUrl: b"]),
        ("related[0].webUrl", "", "    webUrl: b\n", ["+     webUrl: b"]),
        ("", "# by hand\n", "  more\n", ["- # by hand", "+   more"]),
    ],
)
def test_each_value_has_its_key(field: str, old: str, new: str, lines: list[str]) -> None:
    splice = Splice(field, 0, old.encode(), new.encode())
    assert [f"{sign} {line}" for sign, line in shown_changes([splice])] == lines
