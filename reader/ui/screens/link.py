"""Opening a link: in a browser where there is one, else shown in full to be copied by hand, or by a
telephone's camera."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.app import App
from textual.binding import Binding

from reader.records import hosts
from reader.records.pasting import url_to_paste
from reader.records.text import clean
from reader.records.urls import is_web_url
from reader.terminal.browsers import browsers_here, find_browser, open_detached, open_in_terminal
from reader.terminal.clipboard import Copied
from reader.terminal.qr import qr_lines
from reader.ui.bindings import bindings_of
from reader.ui.folding import folded
from reader.ui.glyphs import Glyphs
from reader.ui.key_hints import Hint, hints_of
from reader.ui.output.display import TerminalApp
from reader.ui.widgets.passage import Passage
from reader.ui.widgets.pieces import Line, Piece

from .pager import Pager

_LIGHT = Style(color="bright_white", bgcolor="black")
_LIGHT_CELL = Style(bgcolor="bright_white")
_REVERSED = Style(reverse=True)


class TextShown(Pager):
    """A text, plain and whole, with nothing beside it that a selection would take along. The
    terminal has its mouse back meanwhile, so that one can select as everywhere."""

    PANE = Passage
    FINDS = False

    def __init__(self, heading: str, text: str, said: Sequence[str], glyphs: Glyphs) -> None:
        self.text = text
        self._said = said
        super().__init__(heading, (), glyphs)

    def on_mount(self) -> None:
        if isinstance(self.app, TerminalApp):
            self.app.give_mouse_back(True)

    def on_unmount(self) -> None:
        if isinstance(self.app, TerminalApp):
            self.app.give_mouse_back(False)

    def on_resize(self) -> None:
        self.pane.show(self.shown_lines(self.app.size.width, self.app.size.height - 2))

    def shown_lines(self, width: int, height: int) -> list[Line]:
        """Return what the pane shows in so many columns and lines."""
        return self._text_and(width, self.said())

    def _text_and(self, width: int, said: Sequence[str]) -> list[Line]:
        lines: list[Line] = [()]
        for part in self.text.split("\n"):
            safe = clean(part)
            room = max(10, width)
            pieces = [safe[at : at + room] for at in range(0, len(safe), room)] or [""]
            lines += [(Piece(piece),) for piece in pieces]
        told: list[Line] = [(Piece(f" {line}", "pane--dim"),) for line in said]
        return [*lines, (), *(part for line in told for part in folded(line, max(10, width - 1)))]

    def said(self) -> list[str]:
        """Return what stands under the text."""
        return list(self._said)


class Sent(TextShown):
    """What was sent to the terminal's clipboard, which does not confirm, to be selected instead."""

    takes_early_keys = False
    """Any key leaves it: not one before it is seen."""

    def __init__(self, text: str, copied: Copied, glyphs: Glyphs) -> None:
        said = [f"{copied.said}."]
        if copied.way is not None:
            said.append("If it is not there when you paste, select it here with the mouse.")
        super().__init__("COPY", text, said, glyphs)

    def hints(self) -> list[Hint]:
        return [("any key", "back", True)]

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.leave()


class LinkShown(TextShown):
    """A link in full; `O` shows its QR code, `y` copies it."""

    BINDINGS: ClassVar[list[Binding]] = bindings_of("Link")  # type: ignore[assignment]  # narrower than the base's union
    NAME = "Link"

    def __init__(
        self, url: str, copy: Callable[[str], None], glyphs: Glyphs, *, code: bool = False
    ) -> None:
        self._code = code
        self._turned = False
        """Whether the code is drawn for a terminal that is dark on light, where there are no colours
        to say which is which."""
        self._copy = copy
        super().__init__("LINK", url, [], glyphs)

    def hints(self) -> list[Hint]:
        hints = hints_of(self.app, ascii_only=self.glyphs.ascii_only)
        turns = self._code and self.app.no_color and not self._turned
        code = "turn it round" if turns else "link" if self._code else "QR code"
        return [
            *hints.footer_as("back", "back", always=True),
            *hints.footer_as("link.copy", "copy", always=True),
            *hints.footer_as("link.code", code, always=True),
            *hints.footer("!help", "messages"),
        ]

    def said(self) -> list[str]:
        key = hints_of(self.app, ascii_only=self.glyphs.ascii_only).key
        here = browsers_here()
        said = [
            f"Select it with the mouse, or press {key('link.copy')} to copy it, or"
            f" {key('link.code')} for a QR code.",
            "No browser is known here. $BROWSER names one"
            + (f"; {' and '.join(here)} would work in this terminal." if here else "."),
        ]
        if warning := clean(hosts.warning(self.text)):
            said.insert(0, f"Its host is {warning[1:-1]}.")
        return said

    def shown_lines(self, width: int, height: int) -> list[Line]:
        if not self._code:
            return super().shown_lines(width, height)
        ascii_only = self.glyphs.rule == "|"
        found = qr_lines(self.text, width, height, ascii_only=ascii_only)
        if isinstance(found, str):
            return [
                *self._text_and(width, self.said()[:-2]),
                (Piece(f" {found}", "pane--warning"),),
            ]
        lines: list[Line] = [self._drawn(line, ascii_only) for line in found]
        if height - len(lines) > len(self.text) // max(10, width) + 1:
            lines += self._text_and(width, self.said()[:-2])[:-1]
        if self.app.no_color and not self._turned and height - len(lines) >= 2:
            lines += [(), (Piece(" Dark on light here? O turns it round.", "pane--dim"),)]
        return lines

    def _drawn(self, line: str, ascii_only: bool) -> Line:
        """A line of a code, in colours that are the same in every theme; without colours the
        terminal's own two, for it to be light on dark."""
        if self.app.no_color:
            light, dark = (None, _REVERSED) if self._turned else (_REVERSED, None)
            return _in_cells(line, light, dark) if ascii_only else (Piece(line, "", dark),)
        return _in_cells(line, _LIGHT_CELL, _LIGHT) if ascii_only else (Piece(line, "", _LIGHT),)

    def action_run(self, command_id: str, key: str = "") -> None:
        if command_id == "link.code":
            if self._code and self.app.no_color and not self._turned:
                self._turned = True
            else:
                self._code, self._turned = not self._code, False
            self.footer.show_keys(self.hints())
            self.on_resize()
        elif command_id == "link.copy":
            self.leave()
            self._copy(url_to_paste(self.text))
        else:
            super().action_run(command_id, key)


def _in_cells(line: str, light: Style | None, dark: Style | None) -> Line:
    """A line of a code without block characters: spaces, light or dark."""
    return [Piece("  ", "", light if line[at] == "#" else dark) for at in range(0, len(line), 2)]


def open_link(app: App[None], url: str, copy: Callable[[str], None], glyphs: Glyphs) -> str:
    """Open a link or show it; return what to say of it. `copy` is what `y` does there."""
    if not is_web_url(url):
        return f"Not opened: {clean(url)[:60]} is no http or https link."
    browser = find_browser()
    if browser is None:
        app.push_screen(LinkShown(url, copy, glyphs))
        return ""
    if browser.in_terminal:
        with app.suspend():
            trouble = open_in_terminal(browser, url)
        app.refresh()
    else:
        trouble = open_detached(browser, url)
    return trouble or f"Started {browser.name} with the link."
