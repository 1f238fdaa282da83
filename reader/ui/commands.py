"""The one registry of the interface's commands.

Bindings, footer, key help, palette and README's key table all come from here. It imports no
Textual, so that documents can be made from it at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .key_names import sign_of

PANES = frozenset({"sidebar", "list", "detail"})


@dataclass(frozen=True, slots=True)
class Command:
    """Something a key does. `id` is stable: users will bind keys to it."""

    id: str
    keys: tuple[str, ...]
    """As Textual names them; the first one is the one shown."""
    label: str
    """A word or two, for footer and palette."""
    help: str
    """One sentence, for the key help."""
    group: str
    footer: frozenset[str] = frozenset()
    """The panes whose footer shows it."""
    always: bool = False
    """Whether the footer keeps it at any width."""


GROUPS = ("Move", "Panes", "Find", "Read", "Decide", "Mark", "Links", "Program")
LIST = frozenset({"list"})
BOTH = frozenset({"list", "detail"})

COMMANDS: tuple[Command, ...] = (
    Command("move.down", ("j", "down"), "down", "To the next row or line.", "Move"),
    Command("move.up", ("k", "up"), "up", "To the row or line before.", "Move"),
    Command("move.half_down", ("ctrl+d",), "half page down", "Half a page down.", "Move"),
    Command("move.half_up", ("ctrl+u",), "half page up", "Half a page up.", "Move"),
    Command("move.page_down", ("pagedown",), "page down", "A page down.", "Move"),
    Command("move.page_up", ("pageup",), "page up", "A page up.", "Move"),
    Command("move.first", ("g", "home"), "first", "To the first row or line.", "Move"),
    Command("move.last", ("G", "end"), "last", "To the last row or line.", "Move"),
    Command(
        "move.next_unpublished",
        ("n",),
        "next unpublished",
        "To the next unpublished record of the list.",
        "Move",
        footer=frozenset({"list"}),
    ),
    Command(
        "move.previous_unpublished",
        ("N",),
        "previous unpublished",
        "To the unpublished record before.",
        "Move",
    ),
    Command(
        "move.next_article",
        ("right_square_bracket",),
        "next article",
        "To the next record of the list, from any pane.",
        "Move",
        footer=frozenset({"detail"}),
    ),
    Command(
        "move.previous_article",
        ("left_square_bracket",),
        "previous article",
        "To the record before, from any pane.",
        "Move",
    ),
    Command("pane.left", ("h", "left"), "pane left", "To the pane on the left.", "Panes"),
    Command("pane.right", ("l", "right"), "pane right", "To the pane on the right.", "Panes"),
    Command("pane.next", ("tab",), "next pane", "To the next pane, round and round.", "Panes"),
    Command("pane.previous", ("shift+tab",), "previous pane", "To the pane before.", "Panes"),
    Command(
        "pane.sidebar",
        ("backslash",),
        "sidebar",
        "Hide or show the sidebar (over the list if narrow).",
        "Panes",
    ),
    Command(
        "pane.zoom",
        ("equals_sign",),
        "zoom",
        "The article on the whole screen, or back.",
        "Panes",
        footer=frozenset({"detail"}),
    ),
    Command(
        "filter",
        ("slash",),
        "filter",
        "Type a query: the list follows (Tab completes, Esc leaves all as it was).",
        "Find",
        footer=frozenset({"sidebar", "list"}),
    ),
    Command(
        "filter.clear", ("F",), "clear filter", "Clear the filter; again: the view too.", "Find"
    ),
    Command("filter.drop", ("x",), "drop", "Drop the part that leaves nothing to list.", "Find"),
    Command("views", ("f",), "views", "Choose a view, or edit one of your own.", "Find"),
    Command("view.open", ("g 1",), "open view", "Open your view with this digit, 1 to 9.", "Find"),
    Command("view.save", ("b",), "save view", "Save the query as a view of your own.", "Find"),
    Command(
        "sort", ("S",), "sort", "Sort by another column; the same again turns it round.", "Find"
    ),
    Command("queue", ("a",), "queue/all", "This query on what is unpublished, or on all.", "Find"),
    Command(
        "select.and",
        ("ampersand",),
        "refine",
        "In the sidebar: one more condition; marking there adds a possibility.",
        "Find",
        footer=frozenset({"sidebar"}),
    ),
    Command(
        "explain",
        ("f3",),
        "explain",
        "The query in plain words, with the count of each part.",
        "Find",
    ),
    Command("why_not", ("W",), "why not", "Why a record is not listed: by path or URL.", "Find"),
    Command(
        "open",
        ("enter",),
        "open",
        "Open the article, link or topic under the cursor.",
        "Read",
        footer=PANES,
    ),
    Command(
        "back",
        ("escape",),
        "back",
        "Leave what was opened last (Ctrl+C too); clear marks, then the filter; stop an edit.",
        "Read",
    ),
    Command(
        "trail.back",
        ("backspace",),
        "way back",
        "Return the way you came through related links.",
        "Read",
        footer=frozenset({"detail"}),
    ),
    Command(
        "related.open",
        ("1", "2", "3", "4", "5", "6", "7", "8", "9"),
        "related",
        "Go to the related link with this number.",
        "Read",
        footer=frozenset({"detail"}),
    ),
    Command(
        "read.toggle",
        ("r",),
        "read/unread",
        "Mark the record read, or unread again.",
        "Read",
        footer=frozenset({"list"}),
    ),
    Command(
        "star.toggle",
        ("s",),
        "star",
        "Star the record, or take the star away.",
        "Read",
        footer=frozenset({"list", "detail"}),
    ),
    Command("raw", ("w",), "raw file", "Show the record's file as it is.", "Read"),
    Command(
        "decide.publish",
        ("p", "f6"),
        "publish",
        "Publish: `published: true`, and the `removed` line goes.",
        "Decide",
        footer=BOTH,
    ),
    Command(
        "decide.reject",
        ("d", "f8"),
        "reject",
        "Reject: `published: false` and `removed: true`, or the file moved, as set.",
        "Decide",
        footer=BOTH,
    ),
    Command(
        "decide.defer",
        ("z", "f7"),
        "defer",
        "Defer: out of Unpublished until a day that you choose.",
        "Decide",
        footer=BOTH,
    ),
    Command("decide.undefer", ("Z",), "undefer", "Back to Unpublished at once.", "Decide"),
    Command("decide.unpublish", ("P",), "unpublish", "Unpublish: `published: false`.", "Decide"),
    Command(
        "decide.restore", ("D",), "restore", "Take a rejection back: unpublished again.", "Decide"
    ),
    Command("quality.down", ("minus",), "quality -1", "The quality down by one.", "Decide"),
    Command("quality.up", ("plus",), "quality +1", "The quality up by one.", "Decide"),
    Command(
        "fields", ("e", "f4"), "fields", "Edit the fields; the changes are shown first.", "Decide"
    ),
    Command("topics", ("t",), "topics", "Add topics and take them away.", "Decide"),
    Command("edit", ("E",), "edit file", "Open the file in `$EDITOR`; one edit.", "Decide"),
    Command(
        "mend", ("M",), "mend text", "Write the repaired title and excerpt; shown first.", "Decide"
    ),
    Command("repeat", ("full_stop",), "repeat", "Decide the same about this record.", "Decide"),
    Command(
        "undo",
        ("u",),
        "undo",
        "Take back the last decision, star, or change of read and unread.",
        "Decide",
        footer=PANES,
        always=True,
    ),
    Command("redo", ("U", "ctrl+r"), "redo", "Take the last undo back.", "Decide"),
    Command("history", ("H",), "history", "What was decided, and its way back.", "Decide"),
    Command(
        "mark.toggle", ("space",), "mark", "Mark the record, and step on.", "Mark", footer=LIST
    ),
    Command(
        "mark.range", ("v",), "mark range", "Mark from here to where it is pressed again.", "Mark"
    ),
    Command(
        "mark.all",
        ("V",),
        "mark all",
        "Mark all that are listed (but what was just decided), or none.",
        "Mark",
    ),
    Command(
        "mark.matching",
        ("asterisk",),
        "mark matching",
        "Mark those that a query (or words) asks for (but what was just decided).",
        "Mark",
    ),
    Command("mark.again", ("g v",), "last marks", "Bring the last marks back.", "Mark"),
    Command("git.commit", ("C",), "commit", "Commit the records decided here (git).", "Program"),
    Command("git.sync", ("X",), "sync", "Pull, commit and push (git).", "Program"),
    Command(
        "link.open",
        ("o",),
        "open link",
        "Open the link in $BROWSER, or show it in full.",
        "Links",
        footer=frozenset({"list", "detail"}),
    ),
    Command(
        "link.code", ("O",), "QR code", "Show the link as a QR code, for a telephone.", "Links"
    ),
    Command("link.copy", ("y",), "copy link", "Copy the link to the clipboard.", "Links"),
    Command(
        "copy.menu",
        ("Y",),
        "copy …",
        "Copy URL, title, Markdown link, path or JSON: a menu.",
        "Links",
    ),
    Command("redraw", ("ctrl+l",), "redraw", "Draw the whole screen again.", "Program"),
    Command(
        "suspend", ("ctrl+z",), "suspend", "To the shell for a while; `fg` returns.", "Program"
    ),
    Command(
        "check",
        ("L",),
        "check links",
        "Ask whether the links of this record (or of the marks) answer.",
        "Links",
        footer=BOTH,
    ),
    Command("check.view", ("c",), "check view", "Check the links of all that is listed.", "Links"),
    Command("links", ("K",), "links", "All links that were checked, by verdict or host.", "Links"),
    Command("link.evidence", ("i",), "evidence", "All that is known of this link.", "Links"),
    Command(
        "link.works", ("I",), "it works", "I opened this link, and it works; again: no.", "Links"
    ),
    Command(
        "link.take",
        ("T",),
        "take link",
        "Write where a moved link leads, or the AMP cache URL; shown first.",
        "Links",
    ),
    Command(
        "theme",
        ("f2",),
        "theme",
        "Choose the colours, seen as the cursor moves; Enter writes them to the settings.",
        "Program",
    ),
    Command(
        "pipe",
        ("exclamation_mark",),
        "pipe",
        "Give the record to a program: as JSON, its path or its URL; shown first.",
        "Program",
    ),
    Command(
        "messages",
        ("m",),
        "messages",
        "What was said so far, each message whole, with its time.",
        "Program",
    ),
    Command("rescan", ("R",), "rescan", "Look through the collection's files again.", "Program"),
    Command("palette", ("colon", "ctrl+p"), "commands", "Find a command by its name.", "Program"),
    Command(
        "help",
        ("question_mark",),
        "help",
        "All the keys.",
        "Program",
        footer=PANES,
        always=True,
    ),
    Command(
        "leave",
        ("q",),
        "leave",
        "Leave the article for the list, the list for the shell.",
        "Program",
        footer=PANES,
    ),
    Command("quit", ("ctrl+q",), "quit", "Quit at once, from anywhere.", "Program"),
)

_FOOTER_GROUPS = ("Decide", "Find", "Mark", "Read", "Move", "Panes", "Links", "Program")


def footer_of(pane: str, commands: Sequence[Command] = COMMANDS) -> list[Command]:
    """Return the commands that a pane's footer shows, the most wanted first."""
    wanted = [command for command in commands if pane in command.footer and command.keys]
    return sorted(wanted, key=lambda command: _FOOTER_GROUPS.index(command.group))


BY_ID = {command.id: command for command in COMMANDS}

_SHOWN = {
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "enter": "Enter",
    "escape": "Esc",
    "backspace": "Backspace",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "space": "Space",
    "insert": "Ins",
    "delete": "Del",
}
_FUNCTION = re.compile(r"f\d+")
_ASCII = {"↓": "Down", "↑": "Up", "←": "Left", "→": "Right"}


def shown_key(key: str, *, ascii_only: bool = False) -> str:
    """Return a key as a person would write it: `ctrl+d` is `Ctrl+D`; of two, both."""
    if " " in key:
        return " ".join(shown_key(each, ascii_only=ascii_only) for each in key.split())
    *modifiers, name = key.split("+")
    shown = _SHOWN.get(name, name)
    if len(shown) > 1 and shown == name:
        shown = name.upper() if _FUNCTION.fullmatch(name) else sign_of(name)
    if "ctrl" in modifiers:
        shown = shown.upper()
    shown = _ASCII.get(shown, shown) if ascii_only else shown
    return "+".join((*(each.capitalize() for each in modifiers), shown))


def shown_keys(command: Command, *, ascii_only: bool = False) -> str:
    """Return all keys of a command; a run of digits as `1`-`9`."""
    if command.keys[:1] == ("1",):
        return f"{command.keys[0]}-{command.keys[-1]}" if ascii_only else "1–9"
    return " ".join(shown_key(key, ascii_only=ascii_only) for key in command.keys)


def key_table() -> str:
    """Return the Markdown table of all keys, for README."""
    lines = ["| Key | What it does |", "| --- | --- |"]
    for group in GROUPS:
        lines.append(f"| **{group}** | |")
        for command in COMMANDS:
            if command.group == group:
                keys = " ".join(f"`{shown_key(key)}`" for key in command.keys)
                if command.id == "related.open":
                    keys = f"`{shown_keys(command)}`"
                lines.append(f"| {keys} | {command.help} |")
    return "\n".join(lines)
