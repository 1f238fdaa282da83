"""The key help: every command, from the registry."""

from __future__ import annotations

from collections.abc import Sequence

from reader.records.verdicts import WORST, Verdict
from reader.ui.commands import COMMANDS, GROUPS, Command, shown_keys
from reader.ui.glyphs import Glyphs
from reader.ui.widgets.article_list import LINK_ROLES
from reader.ui.widgets.cells import fit
from reader.ui.widgets.line_pane import Line, Piece

from .pager import Pager

_SAID = {Verdict.FLAKY: "failing or flaky"}


class Keys(Pager):
    """All keys by group."""

    def __init__(self, glyphs: Glyphs, commands: Sequence[Command] = COMMANDS) -> None:
        ascii_only = glyphs.rule == "|"
        lines: list[Line] = []
        for group in GROUPS:
            if lines:
                lines.append(())
            lines.append((Piece(f" {group.upper()}", "pane--heading"),))
            for command in commands:
                if command.group == group and command.keys:
                    keys = fit(f"  {shown_keys(command, ascii_only=ascii_only)}", 16)
                    lines.append(
                        (Piece(keys, "pane--accent"), Piece(command.help.replace("`", "")))
                    )
        lines += [
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
            (
                Piece("  links: "),
                *(
                    piece
                    for sign, verdict in dict(zip(glyphs.links, WORST, strict=True)).items()
                    for piece in (
                        Piece(sign, LINK_ROLES.get(verdict, "pane--warning")),
                        Piece(f" {_SAID.get(verdict, verdict)}   "),
                    )
                ),
            ),
        ]
        super().__init__("KEYS", lines, glyphs)
