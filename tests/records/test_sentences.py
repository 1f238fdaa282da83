"""Texts as sentences."""

from __future__ import annotations

import pytest

from reader.records.sentences import sentence


@pytest.mark.parametrize(
    ("text", "end", "said"),
    [
        ("published", ".", "Published."),
        ("publish 3 records", "?", "Publish 3 records?"),
        ("éditée", "", "Éditée"),
        ("", ".", "."),
    ],
)
def test_a_text_as_a_sentence(text: str, end: str, said: str) -> None:
    assert sentence(text, end) == said
