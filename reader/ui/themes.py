"""The reader's own themes, and which one a terminal gets.

Where there are no colours (NO_COLOR, an old terminal) the sixteen-colour theme is drawn with its
colours left out: bold, dim, underlined and reversed remain, and say what the colours say.
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.theme import BUILTIN_THEMES, Theme

from reader.config import DEFAULT, FALLBACK, Config, table

_COLOURS = {
    #              dark       light      contrast   the same three for 256 colours
    "primary": ("#7aa2c8", "#2f5f8f", "#7fd4ff", "#87afd7", "#005f87", "#87d7ff"),
    "accent": ("#e0b070", "#8a4b00", "#ffd75f", "#d7af5f", "#875f00", "#ffd75f"),
    "foreground": ("#d6d6d2", "#24262a", "#ffffff", "#dadada", "#262626", "#ffffff"),
    "background": ("#15171a", "#fbfaf7", "#000000", "#121212", "#ffffff", "#000000"),
    "surface": ("#1d2024", "#eeece6", "#000000", "#1c1c1c", "#eeeeee", "#000000"),
    "panel": ("#24282d", "#e4e1d9", "#1c1c1c", "#262626", "#e4e4e4", "#1c1c1c"),
    "success": ("#8fbf8f", "#226b2e", "#87ff87", "#87af87", "#005f00", "#87ff87"),
    "warning": ("#e0b070", "#8a4b00", "#ffd75f", "#d7af5f", "#875f00", "#ffd75f"),
    "error": ("#e59090", "#a32020", "#ffa5a5", "#d78787", "#af0000", "#ffafaf"),
}
_VARIABLES = {
    "cursor-row": ("#2c3a4a", "#d5e3f2", "#00224a", "#303030", "#d7ffff", "#303030"),
    "resting-row": ("#23272c", "#eeece6", "#262626", "#262626", "#eeeeee", "#262626"),
    "rule": ("#383d44", "#c9c5bb", "#b0b0b0", "#444444", "#c6c6c6", "#b2b2b2"),
    "quiet": ("#a0a5ab", "#5c6066", "#d0d0d0", "#a8a8a8", "#626262", "#d0d0d0"),
}
"""Colours that only our style sheets name."""


def _own(name: str, column: int, *, dark: bool) -> Theme:
    colours = {role: colours[column] for role, colours in _COLOURS.items()}
    variables = {role: colours[column] for role, colours in _VARIABLES.items()}
    return Theme(name=name, dark=dark, variables=variables, **colours)  # type: ignore[arg-type]  # all are texts


DARK = _own("reader-dark", 0, dark=True)
LIGHT = _own("reader-light", 1, dark=False)
CONTRAST = _own("reader-contrast", 2, dark=True)
ANSI = Theme(
    name="ansi",
    ansi=True,
    primary="ansi_blue",
    secondary="ansi_cyan",
    accent="ansi_cyan",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    dark=True,
    variables={
        **BUILTIN_THEMES["ansi-dark"].variables,
        **dict.fromkeys(_VARIABLES, "ansi_default"),
    },
)
"""The terminal's own colours; rows and quiet text by attributes (`desk.tcss`)."""
OWN = (DARK, LIGHT, CONTRAST, ANSI)
SHORT = (
    _own("reader-dark", 3, dark=True),
    _own("reader-light", 4, dark=False),
    _own("reader-contrast", 5, dark=True),
    ANSI,
)
"""The same in the colours that every terminal of 256 has: there they are what they are meant to be, and
where bytes count each takes half as many."""

_STAND_INS = {
    "cursor-row": "primary-muted",
    "resting-row": "surface",
    "rule": "panel",
    "quiet": "text-muted",
}


def stand_ins(theme: Theme) -> dict[str, str]:
    """Return the colours that our style sheets name and a theme that is not ours does not."""
    if any(theme.name == own.name for own in OWN):
        return {}
    if theme.ansi:
        return dict.fromkeys(_STAND_INS, "ansi_default")
    colours = theme.to_color_system().generate()
    return {name: colours[of] for name, of in _STAND_INS.items()}


def theme_of(settings: Config, colours: int, environ: Mapping[str, str]) -> str:
    """Return the theme's name for a terminal of so many colours (0: none).

    That of the settings; where they say nothing and there are no more than sixteen, the
    terminal's own."""
    if not colours or has_no_colour(environ):
        return ANSI.name
    if colours <= 16 and settings.value(table.THEME).source in (DEFAULT, FALLBACK):
        return ANSI.name
    return settings[table.THEME]


def has_no_colour(environ: Mapping[str, str]) -> bool:
    """Whether the user wants no colours, or the terminal has none."""
    return bool(environ.get("NO_COLOR")) or environ.get("TERM", "").startswith(
        ("vt1", "vt2", "dumb")
    )


class Attributes(LineFilter):
    """Leaves colours out, and attributes as they are: no sequence of a colour is sent at all."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[Style, Style] = {}

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments without colours."""
        return [
            Segment(text, None if style is None else self._without(style), control)
            for text, style, control in segments
        ]

    def _without(self, style: Style) -> Style:
        plain = self._known.get(style)
        if plain is None:
            plain = style.without_color if style.color or style.bgcolor else style
            self._known[style] = plain
        return plain
