"""The key help: every command, from the registry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding

from reader.records.text import clean
from reader.records.verdicts import WORST, Verdict
from reader.ui.bindings import bindings_for
from reader.ui.commands import BY_ID, GROUPS, Command, footer_of, shown_keys
from reader.ui.glyphs import Glyphs
from reader.ui.key_hints import Hint, hints_of
from reader.ui.widgets.cells import fit
from reader.ui.widgets.pieces import Line, Piece
from reader.ui.widgets.row_lines import LINK_ROLES

from .pager import Pager

_SAID = {Verdict.FLAKY: "failing or flaky"}


HERE = {"list": "IN THE LIST", "detail": "IN THE ARTICLE", "sidebar": "IN THE SIDEBAR"}
Section = tuple[str, Sequence[Command]]
"""A heading, and the commands under it."""


def sections_of(commands: Sequence[Command], pane: str) -> list[Section]:
    """Return the desk's commands that have keys: those of a pane first, then all by group."""
    with_keys = [each for each in commands if each.keys]
    here: Section = (HERE.get(pane, "HERE"), footer_of(pane, with_keys))
    groups = [(name, [each for each in with_keys if each.group == name]) for name in GROUPS]
    return [here, *((name.upper(), members) for name, members in groups if members)]


class Keys(Pager):
    """What can be done here, all keys by group, and what the signs mean; `/` looks for words.

    `now` are sentences about what is different here just now; `find_in` are all commands that words
    are looked for in, those without a key too."""

    FOLDS = True
    NAME = ""
    FINDS = False
    BINDINGS: ClassVar[list[Binding]] = bindings_for((BY_ID["filter"],))

    def __init__(
        self,
        glyphs: Glyphs,
        sections: Sequence[Section],
        find_in: Sequence[Command],
        why_not: Callable[[Command], str] = lambda _: "",
        *,
        now: Sequence[str] = (),
        signs: bool = True,
    ) -> None:
        self._find_in = find_in
        self._why_not = why_not
        self._words = ""
        self._all = list(_all(glyphs, sections, why_not, now, signs))
        super().__init__("KEYS", self._all, glyphs)

    def hints(self) -> list[Hint]:
        hints = hints_of(self.app, ascii_only=self.glyphs.ascii_only)
        return [
            *hints.footer_as("back", "back", always=True),
            *hints.footer_as("filter", "find", always=True),
            *hints.footer("move.down", "move.up"),
        ]

    def _ask(self) -> None:
        """Ask for words, and show only the commands that have them all."""
        from .prompt import Prompt

        def answered(words: str | None) -> None:
            if words is not None:
                self._find(words)

        label = "words of a command, its key or its id"
        self.app.push_screen(Prompt("FIND", label, self.glyphs, self._words), answered)

    def action_run(self, command_id: str, key: str = "") -> None:
        """Look for words; back from what was found to all, then to where one was."""
        if command_id == "filter":
            self._ask()
        elif command_id == "back" and self._words:
            self._find("")
        else:
            super().action_run(command_id, key)

    def _find(self, words: str) -> None:
        self._words = words.strip()
        if not self._words:
            self.show(self._all)
            self.footer.say("")
            return
        found = [each for each in self._find_in if _has(each, self._words)]
        lines = [_line(each, self.glyphs, self._why_not(each)) for each in found]
        self.show(lines or [(Piece("  No command has these words.", "pane--dim"),)])
        back = hints_of(self.app, ascii_only=self.glyphs.ascii_only).key("back")
        self.footer.say(f"{len(found)} found; {back} shows all")


def _has(command: Command, words: str) -> bool:
    text = f"{command.id} {command.label} {command.help} {shown_keys(command, ascii_only=True)}"
    if words in command.keys or words == shown_keys(command, ascii_only=True):
        return True
    return all(word in text.casefold() for word in words.casefold().split())


def _line(command: Command, glyphs: Glyphs, why_not: str) -> Line:
    keys = fit(f"  {shown_keys(command, ascii_only=glyphs.ascii_only)}", 16)
    help = command.help.replace("`", "")
    if why_not:
        return (Piece(keys, "pane--dim"), Piece(f"{help} Not now: {why_not}.", "pane--dim"))
    return (Piece(keys, "pane--accent"), Piece(help))


def _all(
    glyphs: Glyphs,
    sections: Sequence[Section],
    why_not: Callable[[Command], str],
    now: Sequence[str],
    signs: bool,
) -> Iterator[Line]:
    for at, (heading, commands) in enumerate(sections):
        if at:
            yield ()
        yield (Piece(f" {heading}", "pane--heading"),)
        if not at:
            for sentence in now:
                yield (Piece(f"  {clean(sentence)}", "pane--open"),)
        for command in commands:
            yield _line(command, glyphs, why_not(command))
    if signs:
        yield from _signs(glyphs)


def _signs(glyphs: Glyphs) -> list[Line]:
    return [
        (),
        (Piece(" STATES", "pane--heading"),),
        (
            Piece(f"  {glyphs.states[0]}", "pane--open"),
            Piece(" unpublished   "),
            Piece(glyphs.states[1], "pane--good"),
            Piece(" published   "),
            Piece(glyphs.states[2], "pane--bad"),
            Piece(" rejected   "),
            Piece(glyphs.deferred, "pane--dim"),
            Piece(" deferred   "),
            Piece(glyphs.states[3], "pane--warning"),
            Piece(" cannot be read"),
        ),
        (
            Piece(f"  {glyphs.unread}", "pane--accent"),
            Piece(" unread (bold)   "),
            Piece(glyphs.marked, "pane--accent"),
            Piece(" marked   "),
            Piece(glyphs.star, "pane--warning"),
            Piece(" starred   "),
            Piece(glyphs.flawed, "pane--warning"),
            Piece(" a field that could not be used   "),
            Piece(glyphs.here, "pane--accent"),
            Piece(" in this collection"),
        ),
        (Piece("  22/61", "pane--dim"), Piece(" beside a topic: 22 unpublished of 61 records")),
        (
            Piece("  links: "),
            *(
                piece
                for sign, verdict in dict(zip(glyphs.links, WORST, strict=True)).items()
                for piece in (
                    Piece(sign, LINK_ROLES.get(verdict, "pane--warning")),
                    Piece(f" {_SAID.get(verdict, verdict)}  "),
                )
            ),
        ),
    ]
