"""Which keys run which commands: the registry's, a preset's, and the user's own.

Nothing of the toolkit is imported: documents and commands of the shell read it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reader.config import Config, Entry, Wrong, near, table

from .commands import COMMANDS, Command
from .key_names import NoKey, key_of
from .presets import PRESETS

ALWAYS = {"quit": "ctrl+q"}
"""What no settings can take away."""
NUMBERED = frozenset({"related.open", "view.open"})
"""Commands whose last key is a digit that says which: all nine go together."""
MACRO = "macro"
"""The id under which a macro's key is bound."""
SEQUENCE = "sequence"
"""The id under which a key is bound that only begins or ends two keys."""


@dataclass(frozen=True, slots=True)
class Keymap:
    """The keys in force."""

    commands: tuple[Command, ...] = COMMANDS
    """The registry, each command with its keys in force; an unbound one has none."""
    macros: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By key: ids of commands, or lines to pipe to that begin with `!`."""
    wrong: tuple[Wrong, ...] = ()

    @property
    def is_default(self) -> bool:
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
        return next((each.keys for each in self.commands if each.id == id), ())


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
    commands = tuple(replace(each, keys=tuple(making.keys[each.id])) for each in COMMANDS)
    return Keymap(commands, making.macros, tuple(making.wrong))


class _Making:
    """A keymap in the making."""

    def __init__(self, preset: Mapping[str, tuple[str, ...]]) -> None:
        self.keys: dict[str, list[str]] = {}
        self.macros: dict[str, tuple[str, ...]] = {}
        self.wrong: list[Wrong] = []
        self._own: dict[str, str] = {}
        """Keys that the user gave, and to which command."""
        self._unbound: set[str] = set()
        self._where: dict[str, str] = {}
        for command in COMMANDS:
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
        always = ALWAYS.get(entry.name)
        if always is not None and always not in keys:
            keys.append(always)
        for key in [*keys]:
            other = self._own.get(key)
            if other is not None and other != entry.name:
                self._note(entry, f"“{key}” is “{other}” already; “{entry.name}” does not get it.")
                keys.remove(key)
        if not keys:
            self._unbound.add(entry.name)
        self.keys[entry.name] = keys
        self._where[entry.name] = entry.where
        for key in keys:
            self._own[key] = entry.name
            self._take(key, entry.name)

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
                entry, f"the macro of “{key}” has to be a list of commands, or of ! and a program."
            )
            return
        for step in steps:
            if step not in self.keys and not step.startswith("!"):
                hint = near(step, tuple(self.keys)) or "."
                self._note(entry, f"“{step}” in the macro of “{key}” is no command{hint}")
                return
        if " " in key or key in ALWAYS.values():
            self._note(entry, f"“{key}” cannot be a macro's: one key, and not that of quitting.")
            return
        if key in self._own:
            self._note(entry, f"“{key}” is “{self._own[key]}” already; the macro does not get it.")
            return
        self._take(key, "")
        self.macros[key] = tuple(steps)

    def settle(self) -> None:
        """Look for what cannot be reached any more, and for keys that shadow two keys."""
        singles = {key: id for id, keys in self.keys.items() for key in keys if " " not in key}
        for id, keys in self.keys.items():
            for key in [*keys]:
                first, _, second = key.partition(" ")
                alone = singles.get(first) or ("a macro" if first in self.macros else None)
                if not second or alone in (None, "move.first"):
                    continue
                if id in self._where or alone in self._where:
                    where = self._where.get(id) or self._where[str(alone)]
                    said = f"“{key}” begins with “{first}”, which is “{alone}” by itself: it is left out."
                    self.wrong.append(Wrong(where, f"keys.{id}", said))
                keys.remove(key)
        for command in COMMANDS:
            if command.keys and not self.keys[command.id] and command.id not in self._unbound:
                said = f'“{command.id}” has no key now: give it one, or say so with "".'
                self.wrong.append(Wrong(self._place, f"keys.{command.id}", said))

    @property
    def _place(self) -> str:
        return next(iter(self._where.values()), "the settings")

    def _take(self, key: str, id: str) -> None:
        """Take a key from all commands but this one."""
        for other, keys in self.keys.items():
            if other != id and key in keys and key != ALWAYS.get(other):
                keys.remove(key)

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
        line = entry.where.rpartition(":")[2]
        number = int(line) if line.isdigit() else 0
        self.wrong.append(Wrong(entry.where, f"keys.{entry.name}", reason, number))


def used_keys(commands: Iterable[Command]) -> Sequence[str]:
    """Return every single key of some commands, those of two keys apart."""
    return [part for command in commands for key in command.keys for part in key.split()]
