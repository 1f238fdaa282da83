"""Opening a link: in a browser where there is one, else shown in full to be copied by hand."""

from __future__ import annotations

from textual.app import App

from reader.records import hosts
from reader.records.text import clean
from reader.records.urls import is_web_url
from reader.ui.glyphs import Glyphs, choose
from reader.ui.opener import find_browser, open_detached, open_in_terminal
from reader.ui.widgets.line_pane import Line, Piece

from .pager import Pager


class LinkShown(Pager):
    """A link, plain and whole, with nothing beside it that a selection would take along."""

    def __init__(self, url: str, width: int, glyphs: Glyphs) -> None:
        room = max(10, width)
        safe = clean(url)
        lines: list[Line] = [()]
        lines += [(Piece(safe[at : at + room]),) for at in range(0, len(safe), room)]
        if warning := clean(hosts.warning(url)):
            lines += [(), (Piece(f" Its host is {warning[1:-1]}.", "pane--warning"),)]
        lines += [
            (),
            (Piece(" No browser here: $BROWSER is not set.", "pane--dim"),),
            (
                Piece(
                    " Select the link above with the mouse (Shift+drag in most terminals),",
                    "pane--dim",
                ),
            ),
            (
                Piece(
                    " or press y in the list to send it to your terminal's clipboard.", "pane--dim"
                ),
            ),
        ]
        super().__init__("LINK", lines, glyphs)


def open_link(app: App[None], url: str) -> str:
    """Open a link or show it; return what to say of it."""
    if not is_web_url(url):
        return f"Not opened: {clean(url)[:60]} is no http or https link."
    browser = find_browser()
    if browser is None:
        app.push_screen(LinkShown(url, app.size.width, choose()))
        return ""
    if browser.in_terminal:
        with app.suspend():
            trouble = open_in_terminal(browser, url)
        app.refresh()
    else:
        trouble = open_detached(browser, url)
    return trouble or f"Started {browser.command[0]} with the link."
