"""What keys do on the screens beside the desk: commands with ids, as those of the desk have.

Each screen has keys of its own, and shares some commands of the desk (moving, opening a link): those
have the desk's keys there too, where the screen's own do not take them. Arrows, Enter and Esc, the
letters of things to choose from and the answers to questions are fixed. No toolkit is imported.
"""

from __future__ import annotations

from .commands import Command

MOVES = tuple(
    f"move.{name}"
    for name in ("down", "up", "half_down", "half_up", "page_down", "page_up", "first", "last")
)
_OF_LINKS = (
    *("open", "link.open", "link.copy", "check", "link.works", "link.take", "rescan"),
    "pane.next",
)
_LEFT = ("back", "leave", "help", "messages")

SHARED: dict[str, tuple[str, ...]] = {
    "History": (*MOVES, "pane.next", *_LEFT),
    "Links": (*MOVES, *_OF_LINKS, *_LEFT),
    "Views": MOVES,
    "Forms": (),
    "Pages": (*MOVES, *_LEFT),
    "Link": ("link.copy", "link.code", *MOVES, *_LEFT),
    "Explanation": ("why_not", "explain", *MOVES, *_LEFT),
}
"""By screen: the commands of the desk that work there too, in the order its help names them."""

PANEL_COMMANDS: tuple[Command, ...] = (
    Command("history.undo", ("u",), "undo it", "Take the step under the cursor back.", "History"),
    Command(
        "history.undo_since",
        ("U",),
        "undo all since",
        "Take back all since the step under the cursor, after a question.",
        "History",
    ),
    Command("history.record", ("r",), "this record", "Only the steps of this record.", "History"),
    Command("history.who", ("w",), "this person", "Only the steps of this person.", "History"),
    Command("history.day", ("d",), "this day", "Only the steps of this day.", "History"),
    Command("links.group", ("h",), "by host/verdict", "Group by host, or by verdict.", "Links"),
    Command("links.sort", ("s",), "sort", "Sort by the next column.", "Links"),
    Command(
        "links.verdict",
        ("v",),
        "one verdict",
        "Only the next verdict that there is; after the last one all again.",
        "Links",
    ),
    Command("links.host", ("i",), "this host", "Only this host, or all again.", "Links"),
    Command("views.edit", ("E",), "edit", "Edit the view under the cursor.", "Views"),
    Command("views.delete", ("D",), "delete", "Delete the view under the cursor.", "Views"),
    Command("views.up", ("K",), "move up", "Move the view under the cursor up.", "Views"),
    Command("views.down", ("J",), "move down", "Move the view under the cursor down.", "Views"),
    Command(
        "form.save",
        ("ctrl+s",),
        "save",
        "Save what a form holds; of the fields, a look at the change first.",
        "Forms",
    ),
    Command("form.editor", ("ctrl+e",), "$EDITOR", "Leave the fields, and open the file.", "Forms"),
    Command("page.find", ("slash",), "find", "Look for words on the page.", "Pages"),
    Command("page.next", ("n",), "next", "Go to the next place with the words.", "Pages"),
    Command("page.previous", ("N",), "previous", "Go to the place with the words before.", "Pages"),
)
PANEL_IDS = {command.id: command for command in PANEL_COMMANDS}
PANEL_GROUPS = tuple(
    name for name in SHARED if any(command.group == name for command in PANEL_COMMANDS)
)
"""The screens that have keys of their own."""


def panel_of(id: str) -> str:
    """Return the screen that a command belongs to; empty: the desk."""
    return PANEL_IDS[id].group if id in PANEL_IDS else ""
