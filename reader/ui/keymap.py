"""Which keys run which commands: the registry's, a preset's, and the user's own.

Nothing of the toolkit is imported: documents and commands of the shell read it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reader.config import Config, Entry, Wrong, near, table

from .commands import BY_ID, COMMANDS, Command, shown_key
from .key_names import NoKey, key_of, sign_of
from .panel_commands import PANEL_COMMANDS, PANEL_IDS, SHARED, panel_of
from .presets import PRESETS

ALWAYS = {"quit": "ctrl+q"}
"""What no settings can take away."""
NUMBERED = frozenset({"related.open", "view.open"})
"""Commands whose last key is a digit that says which: all nine go together."""
MACRO = "macro"
"""The id under which a macro's key is bound."""
_FIXED = ("space", "enter", "escape", "tab", "backspace", "delete", "up", "down", "left", "right")
SEQUENCE = "sequence"
"""The id under which a key is bound that only begins or ends two keys."""


@dataclass(frozen=True, slots=True)
class Keymap:
    """The keys in force."""

    commands: tuple[Command, ...] = COMMANDS
    """The registry, each command with its keys in force; an unbound one has none."""
    panels: tuple[Command, ...] = PANEL_COMMANDS
    """Those of the other screens."""
    macros: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By key: ids of commands, or lines to pipe to that begin with `!`."""
    wrong: tuple[Wrong, ...] = ()

    @property
    def is_default(self) -> bool:
        """Whether every command has the registry's own keys, and there are no macros."""
        return self.commands is COMMANDS and not self.macros

    @property
    def pairs(self) -> dict[tuple[str, str], str]:
        """The commands on two keys, one after the other, by both."""
        found: dict[tuple[str, str], str] = {}
        for command in self.commands:
            for key in command.keys:
                first, _, second = key.partition(" ")
                if not second:
                    continue
                last = "123456789" if command.id in NUMBERED else (second,)
                found.update({(first, each): command.id for each in last})
        return found

    def keys_of(self, id: str) -> tuple[str, ...]:
        """Return the keys of a command; empty where it has none."""
        every = self.panels if id in PANEL_IDS else self.commands
        return next((each.keys for each in every if each.id == id), ())


def keymap(settings: Config) -> Keymap:
    """Return the keys that the settings ask for; what is wrong in them is left out and told."""
    preset = PRESETS[settings[table.PRESET]]
    own, macros = settings[table.KEYS], settings[table.MACROS]
    if not preset and not own and not macros:
        return Keymap()
    making = _Making(preset)
    for entry in own:
        making.bind(entry)
    for entry in macros:
        making.add_macro(entry)
    making.settle()
    commands, panels = (
        tuple(replace(each, keys=tuple(making.keys[each.id])) for each in every)
        for every in (COMMANDS, PANEL_COMMANDS)
    )
    return Keymap(commands, panels, making.macros, tuple(making.wrong))


class _Making:
    """A keymap in the making."""

    def __init__(self, preset: Mapping[str, tuple[str, ...]]) -> None:
        self.keys: dict[str, list[str]] = {}
        self.macros: dict[str, tuple[str, ...]] = {}
        self.wrong: list[Wrong] = []
        self._own: dict[tuple[str, str], str] = {}
        """Keys that the user gave, by screen (empty: the desk) and key, and to which command."""
        self._unbound: set[str] = set()
        self._where: dict[str, str] = {}
        self._taken: dict[str, str] = {}
        """By command: where a key was given to another one last."""
        for command in (*COMMANDS, *PANEL_COMMANDS):
            self.keys[command.id] = list(preset.get(command.id, command.keys))
        for id, keys in preset.items():  # a preset's key is taken from whoever had it
            for key in keys:
                self._take(key, id)

    def bind(self, entry: Entry) -> None:
        """Give a command the keys of an entry."""
        if entry.name not in self.keys:
            self._note(entry, f"“{entry.name}” is no command{near(entry.name, tuple(self.keys)) or '.'}"
                       " `reader keys` lists them.")  # fmt: skip
            return
        keys = self._read(entry)
        if keys is None:
            return
        if entry.name in NUMBERED and keys:
            self._note(entry, f"“{entry.name}” has nine keys that end with a digit; it can only be"
                       " unbound: \"\".")  # fmt: skip
            return
        panel = panel_of(entry.name)
        pair = next((key for key in keys if " " in key), None) if panel else None
        if pair is not None:
            self._note(
                entry, f"“{entry.name}”: two keys, like “{_shown(pair)}”, are for the desk alone."
            )
            return
        typed = next((key for key in keys if _types(key)), None) if panel == "Forms" else None
        if typed is not None:
            self._note(
                entry, f"“{entry.name}”: “{_shown(typed)}” types text in a form; take one like f9."
            )
            return
        always = ALWAYS.get(entry.name)
        if always is not None and always not in keys:
            keys.append(always)
        for key in [*keys]:
            other = self._own.get((panel, key))
            if other is not None and other != entry.name:
                self._note(
                    entry, f"“{_shown(key)}” is “{other}” already; “{entry.name}” does not get it."
                )
                keys.remove(key)
                if not keys:  # it keeps those that it had
                    return
        if not keys:
            self._unbound.add(entry.name)
        self.keys[entry.name] = keys
        self._where[entry.name] = entry.where
        for key in keys:
            self._own[panel, key] = entry.name
            self._take(key, entry.name, entry.where)

    def add_macro(self, entry: Entry) -> None:
        """Take a macro: a key, and what it runs."""
        try:
            key = key_of(entry.name)
        except NoKey as error:
            self._note(entry, str(error))
            return
        steps = [entry.value] if isinstance(entry.value, str) else entry.value
        if not isinstance(steps, list) or not steps or not all(isinstance(e, str) for e in steps):
            self._note(
                entry,
                f"the macro of “{_shown(key)}” has to be a list of commands, or of ! and a program.",
            )
            return
        for step in steps:
            if step not in BY_ID and not step.startswith("!"):
                hint = near(step, tuple(BY_ID)) or "."
                self._note(entry, f"“{step}” in the macro of “{_shown(key)}” is no command{hint}")
                return
        if " " in key or key in ALWAYS.values():
            self._note(
                entry, f"“{_shown(key)}” cannot be a macro's: one key, and not that of quitting."
            )
            return
        if (other := self._own.get(("", key))) is not None:
            self._note(entry, f"“{_shown(key)}” is “{other}” already; the macro does not get it.")
            return
        self._take(key, "", entry.where)
        self.macros[key] = tuple(steps)

    def settle(self) -> None:
        """Look for what cannot be reached any more, and for keys that shadow two keys."""
        singles = {
            key: id
            for id, keys in self.keys.items()
            for key in keys
            if " " not in key and id in BY_ID
        }
        for id, keys in self.keys.items():
            for key in [*keys]:
                first, _, second = key.partition(" ")
                alone = singles.get(first) or ("a macro" if first in self.macros else None)
                if not second or alone in (None, "move.first"):
                    continue
                if id in self._where or alone in self._where:
                    where = self._where.get(id) or self._where[str(alone)]
                    said = f"“{_shown(key)}” begins with “{_shown(first)}”, which is “{alone}” by itself: it is left out."
                    self.wrong.append(Wrong(where, f"keys.{id}", said))
                keys.remove(key)
        for command in (*COMMANDS, *PANEL_COMMANDS):
            if command.keys and not self.keys[command.id] and command.id not in self._unbound:
                said = f'“{command.id}” has no key now: give it one, or say so with "".'
                id = command.id
                where = self._taken.get(id) or self._where.get(id) or "the settings"
                self.wrong.append(_wrong(where, f"keys.{command.id}", said, is_warning=True))

    def _take(self, key: str, id: str, where: str = "") -> None:
        """Take a key from all commands but this one that it would run, too: a key of a screen's own
        is taken from that screen's alone, one of the desk from those of screens where it works."""
        panel = panel_of(id)
        for other, keys in self.keys.items():
            its = panel_of(other)
            meets = its == panel or (
                not panel and id in SHARED[its] and self._own.get((its, key)) != other
            )
            if other != id and meets and key in keys and key != ALWAYS.get(other):
                keys.remove(key)
                if where:
                    self._taken[other] = where

    def _read(self, entry: Entry) -> list[str] | None:
        written = [entry.value] if isinstance(entry.value, str) else entry.value
        if not isinstance(written, list) or not all(isinstance(each, str) for each in written):
            self._note(entry, f'“{entry.name}” has to be a key, a list of keys, or "" for none.')
            return None
        keys: list[str] = []
        for each in written:
            if each == "":
                continue
            try:
                key = key_of(each)
            except NoKey as error:
                self._note(entry, f"“{entry.name}”: {error}")
                return None
            if key == "ctrl+q" and entry.name != "quit":
                self._note(entry, f"“{entry.name}”: ctrl+q quits, whatever the settings say.")
                return None
            keys.append(key)
        return list(dict.fromkeys(keys))

    def _note(self, entry: Entry, reason: str) -> None:
        self.wrong.append(_wrong(entry.where, f"keys.{entry.name}", reason))


def _shown(key: str) -> str:
    return shown_key(key, ascii_only=True)


def _types(key: str) -> bool:
    """Whether a key types something, or moves, where there is a line to type in."""
    return len(sign_of(key)) == 1 or key in _FIXED


def _wrong(where: str, key: str, reason: str, *, is_warning: bool = False) -> Wrong:
    line = where.rpartition(":")[2]
    return Wrong(where, key, reason, int(line) if line.isdigit() else 0, is_warning=is_warning)


def used_keys(commands: Iterable[Command]) -> Sequence[str]:
    """Return every single key of some commands, those of two keys apart."""
    return [part for command in commands for key in command.keys for part in key.split()]
