"""What the user allows of editing. It is known before anything that edits is loaded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """What the user's settings say of editing."""

    allowed: bool = True
    why_not: str = ""
    """Who forbids it, where it is not: `--read-only`, the setting."""
    reject: str = "mark"
    """`mark`, `trash` or `archive`: what becomes of a rejected file."""
    archive: str = "_archive"
    """The archive folder, relative to the collection."""
