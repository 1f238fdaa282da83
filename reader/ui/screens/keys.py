"""The key help: every command, from the registry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding

from reader.records.verdicts import WORST, Verdict
from reader.ui.commands import COMMANDS, GROUPS, Command, footer_of, shown_keys
from reader.ui.glyphs import Glyphs
from reader.ui.widgets.article_list import LINK_ROLES
from reader.ui.widgets.cells import fit
from reader.ui.widgets.line_pane import Line, Piece

from .pager import Pager

_SAID = {Verdict.FLAKY: "failing or flaky"}


HERE = {"list": "IN THE LIST", "detail": "IN THE ARTICLE", "sidebar": "IN THE SIDEBAR"}


class Keys(Pager):
    """What can be done here, all keys by group, and what the signs mean; `/` looks for words."""

    BINDINGS: ClassVar[list[Binding]] = [Binding("slash", "find", show=False)]
    KEYS: ClassVar[list[tuple[str, str, bool]]] = [
        ("Esc", "back", True),
        ("/", "find", True),
        ("j", "down", False),
        ("k", "up", False),
    ]

    def __init__(
        self,
        glyphs: Glyphs,
        commands: Sequence[Command] = COMMANDS,
        pane: str = "list",
        why_not: Callable[[Command], str] = lambda _: "",
    ) -> None:
        self._commands = commands
        self._here = pane
        self._why_not = why_not
        self._words = ""
        super().__init__("KEYS", _all(glyphs, commands, pane, why_not), glyphs)

    def action_find(self) -> None:
        """Ask for words, and show only the commands that have them all."""
        from .prompt import Prompt

        def answered(words: str | None) -> None:
            if words is not None:
                self._show(words)

        label = "words of a command, its key or its id"
        self.app.push_screen(Prompt("FIND", label, self.glyphs, self._words), answered)

    def action_run(self, command_id: str, key: str = "") -> None:
        """Back from what was found to all, then to where one was."""
        if command_id == "back" and self._words:
            self._show("")
        else:
            super().action_run(command_id, key)

    def _show(self, words: str) -> None:
        self._words = words.strip()
        if not self._words:
            self.pane.show(_all(self.glyphs, self._commands, self._here, self._why_not))
            self.footer.say("")
            return
        found = [each for each in self._commands if _has(each, self._words)]
        lines = [_line(each, self.glyphs, self._why_not(each)) for each in found]
        self.pane.show(lines or [(Piece("  No command has these words.", "pane--dim"),)])
        self.footer.say(f"{len(found)} found; Esc shows all")


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
    glyphs: Glyphs, commands: Sequence[Command], pane: str, why_not: Callable[[Command], str]
) -> list[Line]:
    lines: list[Line] = [(Piece(f" {HERE.get(pane, 'HERE')}", "pane--heading"),)]
    with_keys = [each for each in commands if each.keys]
    lines += [_line(each, glyphs, why_not(each)) for each in footer_of(pane, with_keys)]
    for group in GROUPS:
        lines += [(), (Piece(f" {group.upper()}", "pane--heading"),)]
        lines += [_line(each, glyphs, why_not(each)) for each in with_keys if each.group == group]
    return [*lines, *_signs(glyphs)]


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
