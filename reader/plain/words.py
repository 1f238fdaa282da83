"""What a typed line means: a command of the registry by its letter, by a word or by its id, and what
comes after it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from reader.ui.commands import BY_ID, COMMANDS, Command, shown_key

OWN: dict[str, tuple[str, str]] = {
    "list": ("plain.list", "The next ten records; list 20 begins at the twentieth."),
    "go": ("plain.go", "To the record with a number: go 20."),
    "find": (
        "plain.find",
        "Only what a query asks for: / radio, / quality:>70. / alone: all again.",
    ),
    "f": ("plain.views", "The views; f 2 or f unpublished lists one."),
    "views": ("plain.views", "The views; views 2 or views unpublished lists one."),
    "topic": ("plain.topic", "Only the records of a topic: topic AI."),
    "folder": ("plain.folder", "Only the records of a folder: folder _news."),
    "type": ("plain.type", "Only the records of a type: type video."),
    "provider": ("plain.provider", "Only the records of a provider."),
    "sort": ("plain.sort", "Another order: sort -quality, sort title."),
    "links": ("plain.links", "The record's links, with numbers for o and y."),
    "marks": ("plain.marks", "The marked records."),
    "unmark": ("plain.unmark", "Takes the marks away: all, or unmark 3-7."),
    "check": ("check", "Asks whether the links answer, of this record or the marked ones."),
    "where": ("plain.where", "Where you are."),
    "more": ("plain.more", "What was left unsaid; Enter does the same."),
}
"""Words for what the interface has panes for: each with the id of its command and its help."""

TWINS = {"find": "filter", "f": "views", "sort": "sort", "check": "check"}
"""Words of OWN that do what a command of the registry does: `help` lists them once."""

HELP = {
    "move.down": "To the next record; j 3 goes three on.",
    "move.up": "To the record before; k 3 goes three back.",
    "move.first": "To the first record.",
    "move.last": "To the last record.",
    "filter.clear": "All of the view again, as / alone.",
    "view.open": "A view by its name or number, as f.",
    "open": "The article, as Enter alone; open 20 goes there first.",
    "back": "Return the way you came, as b.",
    "trail.back": "Return the way you came, through related links and what was listed.",
    "decide.defer": "Defer: out of Unpublished until a day: z 3w, z 1 dec.",
    "quality.down": "The quality down by one; - 5 by five.",
    "quality.up": "The quality up by one; + 5 by five.",
    "fields": "The fields; set quality=80 changes one, set heat= takes one away.",
    "topics": "The topics; t +AI -Radio adds and takes away.",
    "undo": "Take the last decision back; u 12: a step of H.",
    "mark.toggle": "Mark the record, or not; mark 3-7, mark all, mark quality:<20.",
    "mark.range": "Mark those with these numbers: v 3-7.",
    "mark.all": "Mark all that are listed.",
    "mark.matching": "Mark those that a query asks for: * quality:<20.",
    "git.commit": "Commit the records decided here (git); after it, the message.",
    "link.open": "Open the link in $BROWSER, or say it; o 2: the second of links.",
    "link.copy": "Say the link, to be copied; y 2: the second of links.",
    "link.evidence": "All that is known of this record's links.",
    "help": "All the commands; help p explains one.",
    "leave": "Leave, as Ctrl+D.",
    "quit": "Leave, as Ctrl+D.",
}
"""What commands of the registry do here, where their own help speaks of keys and a screen."""

ALIASES = {
    "next": "move.next_unpublished", "previous": "move.previous_unpublished",
    "show": "open", "read": "read.toggle", "b": "trail.back", "set": "fields", "raw": "raw",
    "quality": "quality.up", "edit": "edit", "mend": "mend", "log": "history",
    "commands": "help", "exit": "quit", "copy": "link.copy", "url": "link.copy",
    "*": "mark.matching", "clear": "plain.unmark", "check all": "check.view", "unread": "read.toggle",
}  # fmt: skip
"""More words for commands of the registry, beside their labels and ids."""

_SIGNS = {"slash": "/", "space": "", "enter": "", "backspace": "", "escape": ""}


@dataclass(frozen=True, slots=True)
class Said:
    """A command and what was typed after it."""

    id: str
    rest: str = ""
    word: str = ""
    """As it was typed."""


def letter_of(command: Command) -> str:
    """Return the sign that stands for a command when it is typed; empty where only its word does."""
    for word, id in ALIASES.items():
        if id == command.id and len(word) == 1:
            return word
    for key in command.keys:
        sign = _SIGNS.get(key, shown_key(key))
        if len(sign) == 1 and sign.isascii():
            return sign
    return ""


def help_of(id: str) -> str:
    """Return what a command does here, in a sentence."""
    for word, (own, text) in OWN.items():
        if id in (own, TWINS.get(word)):
            return text
    return HELP.get(id) or BY_ID[id].help.replace("`", "")


def _words() -> dict[str, str]:
    """Return the ids by all words; those typed most win over labels of the same spelling."""
    words: dict[str, str] = {}
    for command in COMMANDS:
        words.setdefault(command.id, command.id)
        words.setdefault(command.label.casefold(), command.id)
        for key in command.keys:
            sign = _SIGNS.get(key, shown_key(key))
            if len(sign) == 1 and sign.isascii():
                words.setdefault(sign, command.id)
    words |= ALIASES
    words |= {word: id for word, (id, _) in OWN.items()}
    words["?"] = words["h"] = "help"
    words["/"] = "plain.find"
    return words


WORDS = _words()
_LONGEST = max(len(word.split()) for word in WORDS)


def understood(line: str) -> Said | str:
    """Return the command that a line means, or a sentence that says why it means none."""
    text = " ".join(line.split()) if len(line) <= 400 else line.strip()
    if not text:
        return Said("open")
    if text.isascii() and text.isdigit():
        return Said("related.open", text, text)
    if text[0] in "/*+-?.:" and text[0] in WORDS:
        return Said(WORDS[text[0]], text[1:].strip(), text[0])
    parts = text.split(" ")
    for count in range(min(_LONGEST, len(parts)), 0, -1):
        word = " ".join(parts[:count])
        found = WORDS.get(word)
        if found is None and len(word) > 1:
            found = WORDS.get(word.casefold())
        if found is not None:
            return Said(found, " ".join(parts[count:]), word)
    return _begun(parts[0], " ".join(parts[1:]))


def _begun(word: str, rest: str) -> Said | str:
    """Return the one command that a word is the beginning of."""
    folded = word.casefold()
    begun = {WORDS[each]: each for each in WORDS if each.startswith(folded)} if folded[2:] else {}
    if len(begun) == 1:
        return Said(next(iter(begun)), rest, word)
    shown = word if len(word) <= 40 else f"{word[:40]}…"
    if len(begun) > 1:
        return f"“{shown}” may be {', '.join(sorted(begun.values())[:6])}."
    near = difflib.get_close_matches(folded[:40], [each for each in WORDS if each[2:]], n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    return f"There is no command “{shown}”.{meant} help lists them."
