"""Textual bindings made from the registry of commands."""

from __future__ import annotations

import re
from collections.abc import Iterable

from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode

from .commands import Command
from .keymap import MACRO, SEQUENCE, Keymap


def bindings_for(commands: Iterable[Command]) -> list[Binding]:
    """Return a binding for each key of each command; the action is `run(id, key)`."""
    return [
        Binding(
            key,
            f"run('{command.id}','{key}')",
            command.label,
            show=False,
            id=command.id if len(command.keys) == 1 else f"{command.id}.{index}",
            priority=command.id == "quit",
        )
        for command in commands
        for index, key in enumerate(command.keys)
        if " " not in key  # two keys, one after the other, are the screen's business
    ]


_ACTION = re.compile(r"run\('([^']+)',")


def rebind(node: DOMNode, keys: Keymap, *, whole: bool = False) -> None:
    """Give a screen (or the application) the keys in force, before it is shown. `whole`: also the
    macros, and the keys that begin or end two."""
    if keys.is_default and not whole:
        return
    kept: list[Binding] = []
    ids: set[str] = set()
    for _, binding in node._bindings:
        if found := _ACTION.match(binding.action):
            ids.add(found[1])
        else:
            kept.append(binding)
    made = bindings_for(command for command in keys.commands if command.id in ids)
    if whole:
        taken = {binding.key for binding in made}
        parts = {part for pair in keys.pairs for part in pair} - taken - set(keys.macros)
        made += [_binding(MACRO, key) for key in keys.macros]
        made += [_binding(SEQUENCE, key) for key in sorted(parts)]
    node._bindings = BindingsMap([*made, *kept])


def _binding(id: str, key: str) -> Binding:
    return Binding(key, f"run('{id}','{key}')", show=False)
