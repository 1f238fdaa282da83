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

_STAND_INS = {
    "cursor-row": "primary-muted",
    "resting-row": "surface",
    "rule": "panel",
    "quiet": "text-muted",
}


def stand_ins(theme: Theme) -> dict[str, str]:
    """Return the colours that our style sheets name and a theme that is not ours does not."""
    if theme.name == DARK.name:
        return {}
    colours = theme.to_color_system().generate()
    return {name: colours[of] for name, of in _STAND_INS.items()}
