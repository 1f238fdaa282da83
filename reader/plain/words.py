"""What a typed line means: a command of the registry by its letter, by a word or by its id, and what
comes after it. The letters are those of the settings ([keys]), where they are one sign or two."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from reader.ui.commands import BY_ID, COMMANDS, Command, shown_key
from reader.ui.keymap import NUMBERED, Keymap

OWN = {
    "list": "The next ten records; list 20 begins at the twentieth.",
    "go": "To the record with a number: go 20.",
    "where": "Where you are.",
    "more": "What was left unsaid; Enter does the same.",
    "topic": "Only the records of a topic: topic AI.",
    "folder": "Only the records of a folder: folder _news.",
    "type": "Only the records of a type: type video.",
    "provider": "Only the records of a provider.",
    "rename view": "Another name for a view of your own: rename view Good=Best.",
    "move view": "Its place among your views: move view Best=1.",
    "view key": "The digit that opens it: view key Best=2; Best= for none.",
    "delete view": "Take a view of your own away: delete view Best.",
    "links": "The record's links, with numbers for {link.open} and {link.copy}.",
    "checked": "All links that were checked, by verdict: checked gone lists them.",
    "marks": "The marked records.",
    "unmark": "Takes the marks away: all, or unmark 3-7.",
    "wrap": "Breaks lines after so many columns: wrap 40; wrap 0 leaves it to the terminal.",
}
"""Words for what the interface has panes and forms for, with their help. The id is `plain.` and the
word."""

HELP = {
    "move.down": "To the next record; {move.down} 3 goes three on.",
    "move.up": "To the record before; {move.up} 3 goes three back.",
    "move.half_down": "The next ten records, as list.",
    "move.half_up": "The ten records before.",
    "move.page_down": "The next ten records, as list.",
    "move.page_up": "The ten records before.",
    "move.first": "To the first record.",
    "move.last": "To the last record.",
    "move.next_article": "To the next record, as {move.down}.",
    "move.previous_article": "To the record before, as {move.up}.",
    "filter": "Only what a query asks for: {filter} radio, {filter} quality:>70; alone: all again.",
    "filter.clear": "All of the view again; once more: all records.",
    "filter.drop": "Drop the part of the query that leaves nothing to list.",
    "views": "The views; {views} 2 or {views} unpublished lists one.",
    "view.open": "Your view with this digit: {view.open} opens the one with 1.",
    "view.save": "Save the query as a view of your own: {view.save} Good ones; of that name: change it.",
    "sort": "Another order: {sort} quality; the same again turns it round.",
    "queue": "The same query on what is unpublished, or on all.",
    "select.and": "One more condition: {select.and} topic:AI.",
    "explain": "What each part of the query does; explain quality:>70 of another one.",
    "why_not": "Why a record is not listed: {why_not} and its path or URL.",
    "open": "The article, as Enter alone; open 20 goes there first.",
    "back": "Return the way you came.",
    "trail.back": "Return the way you came, through related links and what was listed.",
    "decide.defer": "Defer: out of Unpublished until a day: {decide.defer} 3w, {decide.defer} 1 dec.",
    "quality.down": "The quality down by one; {quality.down} 5 by five.",
    "quality.up": "The quality up by one; {quality.up} 5 by five.",
    "fields": "The fields; set quality=80 changes one, set heat= takes one away.",
    "topics": "The topics; {topics} +AI -Radio adds and takes away.",
    "undo": "Take back the last decision, star, or read and unread; {undo} 12: a step of {history}.",
    "history": "What was decided, the latest first; {history} 12: what a step changed.",
    "mark.toggle": "Mark the record, or not; mark 3-7, mark all, mark quality:<20.",
    "mark.range": "Mark those with these numbers: {mark.range} 3-7.",
    "mark.all": "Mark all that are listed.",
    "mark.matching": "Mark those that a query asks for: {mark.matching} quality:<20.",
    "mark.again": "Bring the last marks back.",
    "git.commit": "Commit the records decided here (git); after it, the message.",
    "link.open": "Open the link in $BROWSER, or say it; {link.open} 2: the second of links.",
    "link.copy": "Say the link, to be copied; {link.copy} 2: the second of links.",
    "copy.menu": "Say url, title, markdown, path or json, to be copied: {copy.menu} title.",
    "check": "Ask whether the links answer, of this record or of the marked ones.",
    "links": "All links that were checked, by verdict: {links} gone lists them.",
    "link.evidence": "All that is known of this record's links.",
    "link.works": "I opened this link, and it works; again: no. {link.works} 2: the second of links.",
    "pipe": "Give the record to a program, which is said first: {pipe} jq .title; {path} and {url}.",
    "palette": "A command by its name: {palette} publish.",
    "help": "All the commands; {help} publish explains one.",
    "leave": "Leave, as Ctrl+D.",
    "quit": "Leave, as Ctrl+D.",
}
"""What commands of the registry do here, where their own help speaks of keys and a screen."""

NOT_HERE = {
    **dict.fromkeys(
        ("pane.left", "pane.right", "pane.next", "pane.previous", "pane.zoom"),
        "It has to do with panes, and here are none.",
    ),
    "pane.sidebar": "There is no sidebar here; {views} lists the views, topic the topics.",
    "link.code": "A code for a camera would have to be drawn; {link.copy} says the link.",
    "messages": "All that was said stands above.",
    "redraw": "Nothing is drawn here that could be drawn again; where says where you are.",
    "suspend": "Ctrl+Z suspends; fg returns.",
    "theme": "The colours here are the terminal's own.",
}
"""Commands of the registry that can mean nothing in a line, each with why, or what to type."""

ALIASES = {
    "next": "move.next_unpublished", "previous": "move.previous_unpublished",
    "show": "open", "read": "read.toggle", "unread": "read.toggle", "set": "fields",
    "find": "filter", "and": "select.and", "save": "view.save", "view": "views", "why": "why_not",
    "quality": "quality.up", "edit": "edit", "mend": "mend", "log": "history",
    "exit": "quit", "url": "link.copy", "copy link": "link.copy",
    "copy": "copy.menu", "clear": "plain.unmark", "check all": "check.view", "works": "link.works",
    "take": "link.take",
}  # fmt: skip
"""More words for commands, beside their labels and ids."""

_SILENT = ("move.half", "move.page", "back")
"""Beginnings of ids that `help` does not list: others do the same."""
_FIRST = (
    "open", "plain.list", "move.down", "move.next_unpublished",
    "decide.publish", "decide.reject", "decide.defer", "undo", "leave",
)  # fmt: skip
"""What one cannot do without: to read, to move, to decide, to leave. `help` says these on its first
page, then the rest in the registry's order."""
_NAMED = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)*)\}")


@dataclass(frozen=True, slots=True)
class Said:
    """A command and what was typed after it. Of a macro, `rest` is its key."""

    id: str
    rest: str = ""
    word: str = ""
    """As it was typed."""


MACRO = "macro"


class Words:
    """The letters and words of one sitting."""

    def __init__(self, keys: Keymap | None = None) -> None:
        self._keys = keys or Keymap()
        self._letters: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        """By all that can be typed: letters, words and ids."""
        self._macros: dict[str, str] = {}
        for key in self._keys.macros:
            if sign := _sign(key):
                self._macros[sign] = key
                self.ids[sign] = MACRO
        for command in self._keys.commands:
            self._take(command, command.keys)
        for command in self._keys.commands:
            # A preset may have no letter for what has one by default: that one holds here, if free.
            if command.keys and command.id not in self._letters:
                self._take(command, BY_ID[command.id].keys)
        for command in COMMANDS:
            self.ids.setdefault(command.id, command.id)
            self.ids.setdefault(command.label.removesuffix(" …").casefold(), command.id)
        self.ids |= ALIASES
        self.ids |= {word: f"plain.{word.replace(' ', '_')}" for word in OWN}
        for word in ("?", "h"):
            id = self.ids.get(word, "pane.left")
            if id in NOT_HERE:
                self._letters.pop(id, None)
                self.ids[word] = "help"
        self._longest = max(len(word.split()) for word in self.ids)

    def _take(self, command: Command, keys: tuple[str, ...]) -> None:
        for key in keys:
            sign = _sign(key)
            if not sign or command.id == "related.open":  # any number is one
                continue
            if command.id in NUMBERED:
                for digit in "123456789":
                    self.ids.setdefault(f"{sign[:-1]}{digit}", command.id)
            if self.ids.setdefault(sign, command.id) == command.id:
                self._letters.setdefault(command.id, sign)

    @property
    def macros(self) -> Mapping[str, tuple[str, ...]]:
        """What keys of the user's own run, by key."""
        return self._keys.macros

    def letter_of(self, id: str) -> str:
        """Return the sign (or two, with a space between) that stands for a command when it is
        typed; empty where only its word does."""
        return self._letters.get(id, "")

    def name_of(self, id: str) -> str:
        """Return what to call a command where a sentence says to type it."""
        return self.letter_of(id) or BY_ID[id].label.removesuffix(" …")

    def filled(self, text: str) -> str:
        """Return a sentence with `{id}` replaced by the letter or word that is typed here."""
        return _NAMED.sub(
            lambda found: self.name_of(found[1]) if found[1] in BY_ID else found[0], text
        )

    def help_of(self, id: str) -> str:
        """Return what a command does here, in a sentence; or why it does nothing."""
        own = OWN.get(id.removeprefix("plain.").replace("_", " "))
        text = own if own is not None and id.startswith("plain.") else NOT_HERE.get(id)
        return self.filled(text or HELP.get(id) or BY_ID[id].help.replace("`", ""))

    def names_of(self, id: str) -> list[str]:
        """Return all that can be typed for a command, its letter first, without its id."""
        words = [word for word, each in self.ids.items() if each == id and "." not in word[1:]]
        return sorted(words, key=lambda word: word != self.letter_of(id))

    def listed(self) -> list[tuple[str, str]]:
        """Return what `help` lists: names, and what they do."""
        own = {f"plain.{word.replace(' ', '_')}": word for word in OWN}
        names = {command.id: self._names_listed(command) for command in COMMANDS} | own
        first = {id: names[id] for id in _FIRST}
        return [(shown, self.help_of(id)) for id, shown in (first | names).items() if shown]

    def _names_listed(self, command: Command) -> str:
        """Return the names under which `help` lists a command; empty: it does not."""
        if command.id in NOT_HERE or command.id.startswith(_SILENT):
            return ""
        label = command.label.removesuffix(" …")
        names = [self.letter_of(command.id), "" if label in OWN else label]
        return ", ".join(name for name in dict.fromkeys(names) if name)

    # -- a line ---------------------------------------------------------------------------------------
    def understood(self, line: str) -> Said | str:
        """Return the command that a line means, or a sentence that says why it means none."""
        text = " ".join(line.split()) if len(line) <= 400 else line.strip()
        if not text:
            return Said("open")
        if text.isascii() and text.isdigit():
            return Said("related.open", text, text)
        if not text[0].isalnum() and text[0] in self.ids:
            return self._said(text[0], line.strip()[1:].strip())
        parts = text.split(" ")
        for count in range(min(self._longest, len(parts)), 0, -1):
            word = " ".join(parts[:count])
            if word not in self.ids and len(word) > 1:
                word = word.casefold()
            if word in self.ids:
                return self._said(word, " ".join(parts[count:]))
        return self._begun(parts[0], " ".join(parts[1:]))

    def _said(self, word: str, rest: str) -> Said | str:
        id = self.ids[word]
        if id == MACRO:
            return Said(id, self._macros[word], word)
        if id == "view.open" and word[-1:].isdigit():
            return Said(id, word[-1], word)
        if id == "palette" and rest:
            return self.understood(rest)
        return Said(id, rest, word)

    def _begun(self, word: str, rest: str) -> Said | str:
        """Return the one command that a word is the beginning of."""
        folded = word.casefold()
        words = {each: id for each, id in self.ids.items() if each.startswith(folded)}
        begun = {id: each for each, id in words.items()} if folded[2:] else {}
        if len(begun) == 1:
            return Said(next(iter(begun)), rest, word)
        shown = word if len(word) <= 40 else f"{word[:40]}…"
        if len(begun) > 1:
            return f"“{shown}” may be {', '.join(sorted(begun.values())[:6])}."
        near = difflib.get_close_matches(folded[:40], [each for each in self.ids if each[2:]], n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        return f"There is no command “{shown}”.{meant} help lists them."


def _sign(key: str) -> str:
    """Return a key as it is typed into a line: one sign, or two with a space between; empty where
    it cannot be."""
    signs = [shown_key(each) for each in key.split()]
    typed = all(len(sign) == 1 and sign.isascii() and sign.isprintable() for sign in signs)
    return " ".join(signs) if typed and " " not in signs else ""
