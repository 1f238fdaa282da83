"""What lines are made of: runs of text, each in a role that the style sheet gives its looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # lines are made before anything that draws them is loaded
    from rich.style import Style


class Piece(NamedTuple):
    """A run of text in one role; `style` adds to the role's."""

    text: str
    role: str = ""
    style: Style | None = None


Line = Sequence[Piece]
