"""How to write to the terminal, and what it understands of what saves bytes."""

from __future__ import annotations

from dataclasses import dataclass, field

from reader.terminal.surroundings import Surroundings, look_around


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the terminal understands of the sequences that save bytes."""

    erases_in_colour: bool = True
    """An erased cell has the background set last (terminfo's `bce`)."""
    columns: bool = True
    """Moves to a column (CHA), erases a number of cells (ECH)."""
    only_resets: bool = False
    """Attributes end by a reset alone."""


@dataclass(frozen=True, slots=True)
class Output:
    """How to write to the terminal: `auto` is `lean` for one that is far away, else `stock`."""

    how: str = "auto"
    motion: str = "auto"
    """`none`: nothing moves by itself; `auto` is `none` for a terminal that is far away."""
    hyperlinks: str = "auto"
    """`on`, `off`, or `auto`: where the terminal is known to understand them."""
    around: Surroundings = field(default_factory=look_around)

    @property
    def is_lean(self) -> bool:
        """Whether only what differs is sent."""
        return self.how == "lean" or (self.how == "auto" and bool(self.around.remote))

    @property
    def is_still(self) -> bool:
        """Whether nothing moves by itself, and progress seldom."""
        return self.motion == "none" or (self.motion == "auto" and bool(self.around.remote))

    def has_links(self, name: str = "") -> bool:
        """Whether links can be clicked; `name` is what the terminal calls itself."""
        if self.hyperlinks == "auto":
            return self.around.understands_links(name)
        return self.hyperlinks == "on"

    def abilities(self) -> Abilities:
        """Return what the terminal understands."""
        around = self.around
        return Abilities(
            erases_in_colour=around.erases_in_colour,
            columns=not around.is_old,
            only_resets=around.is_old,
        )
