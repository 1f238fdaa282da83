"""Texts as sentences."""

from __future__ import annotations


def sentence(text: str, end: str = ".") -> str:
    """Return a text as a sentence of its own: a capital first, and `end` after it, where it is no
    question."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('?') else end}"
