"""What a terminal answers to questions, told apart from what the user types."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

ASK_NAME = "\x1b[>0q"
"""XTVERSION: name and version."""
ASK_ATTRIBUTES = "\x1b[c"
"""DA1: every terminal answers this one. Asked last, its answer ends the others."""
ASK_CURSOR = "\x1b[6n"
"""CPR: the cursor's place; answered in turn, so it also says that all before it has arrived."""
ASK_KEYBOARD = "\x1b[?u"
"""Which flags of kitty's keyboard protocol are set."""


def ask_mode(mode: int) -> str:
    """Return the question whether a private mode is known (DECRQM)."""
    return f"\x1b[?{mode}$p"


_ANSWER = re.compile(
    r"\x1b\[\?(?P<attributes>[0-9;]*)c"
    r"|\x1b\[>(?P<secondary>[0-9;]*)c"
    r"|\x1b\[\?(?P<keyboard>[0-9]+)u"
    r"|\x1b\[\?(?P<mode>[0-9]+);(?P<setting>[0-9])\$y"
    r"|\x1b\[(?P<row>[0-9]+);(?P<column>[0-9]+)R"
    r"|\x1bP>\|(?P<name>[^\x1b\x07]{0,200})(?:\x1b\\|\x07)"
    r"|\x1bP[!01][^\x1b\x07]{0,400}(?:\x1b\\|\x07)"
    r"|\x1b\]1[01];[^\x1b\x07]{0,60}(?:\x1b\\|\x07)"
)
_BEGUN = re.compile(
    r"\x1b(?:\[[?>]?[0-9;]{0,20}\$?|P(?:[>!01][^\x1b\x07]{0,400}\x1b?)?"
    r"|\](?:1[01]?(?:;[^\x1b\x07]{0,60}\x1b?)?)?)?\Z"
)


@dataclass
class Answers:
    """Takes answers out of what was read. Facts are kept; cursor places counted."""

    expected: bool = True
    """Whether an answer may be on its way: then what may be the beginning of one is held back."""
    pass_modes: bool = False
    """Leave answers about modes in, for the toolkit, which asks for some itself."""
    name: str = ""
    attributes: str | None = None
    """Of DA1; None: not answered."""
    keyboard: bool = False
    modes: dict[int, int] = field(default_factory=dict)
    """By mode: 0 not known, 1 set, 2 reset, 3 and 4 for good."""
    places: list[tuple[int, int]] = field(default_factory=list)
    """Rows and columns of the cursor, from 1."""
    _held: str = ""

    @property
    def holds(self) -> bool:
        """Whether something is held back; `release` gives it when nothing more comes."""
        return bool(self._held)

    def feed(self, data: str) -> str:
        """Take in what was read; return what is not an answer."""
        data = self._held + data
        self._held = ""
        if "\x1b" not in data:
            return data
        rest = _ANSWER.sub(self._take, data)
        if self.expected and (begun := _BEGUN.search(rest)):
            self._held = begun[0]
            rest = rest[: begun.start()]
        return rest

    def release(self) -> str:
        """Return what was held back: it is no answer, nothing more came."""
        held, self._held = self._held, ""
        return held

    def _take(self, found: re.Match[str]) -> str:
        if found["attributes"] is not None:
            self.attributes = found["attributes"]
        elif found["keyboard"] is not None:
            self.keyboard = True
        elif found["mode"] is not None:
            self.modes[int(found["mode"])] = int(found["setting"])
            if self.pass_modes:
                return found[0]
        elif found["row"] is not None:
            if not self.expected:
                return found[0]  # with modifiers, F3 looks like that
            self.places.append((int(found["row"]), int(found["column"])))
        elif found["name"] is not None:
            self.name = "".join(each for each in found["name"] if each.isprintable())
        return ""
