"""The reader's own theme: quiet, one accent colour."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="reader-dark",
    primary="#7aa2c8",
    accent="#e0b070",
    foreground="#d6d6d2",
    background="#15171a",
    surface="#1d2024",
    panel="#24282d",
    success="#8fbf8f",
    warning="#e0b070",
    error="#d98080",
    dark=True,
    variables={
        "cursor-row": "#2c3a4a",
        "resting-row": "#23272c",
        "rule": "#383d44",
        "quiet": "#94989d",
    },
)

DEFAULT_VARIABLES = {
    "cursor-row": "$primary-muted",
    "resting-row": "$surface",
    "rule": "$panel",
    "quiet": "$text-muted",
}
"""For themes that are not ours: what stands for the colours they do not name."""
