"""Textual bindings made from the registry of commands."""

from __future__ import annotations

import re
from collections.abc import Iterable

from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode

from .commands import BY_ID, Command
from .keymap import MACRO, SEQUENCE, Keymap
from .panel_commands import PANEL_COMMANDS, SHARED


def bindings_for(commands: Iterable[Command], *, priority: bool = False) -> list[Binding]:
    """Return a binding for each key of each command; the action is `run(id, key)`. `priority`: also
    where a line to type in has the focus."""
    return [
        Binding(
            key,
            f"run('{command.id}','{key}')",
            command.label,
            show=False,
            id=command.id if len(command.keys) == 1 else f"{command.id}.{index}",
            priority=priority or command.id == "quit",
        )
        for command in commands
        for index, key in enumerate(command.keys)
        if " " not in key  # two keys, one after the other, are the screen's business
    ]


def bindings_of(screen: str) -> list[Binding]:
    """Return the bindings of a screen beside the desk: its own come before those it shares."""
    own = [command for command in PANEL_COMMANDS if command.group == screen]
    return bindings_for([*own, *(BY_ID[id] for id in SHARED[screen])])


_ACTION = re.compile(r"run\('([^']+)',")


def rebind(node: DOMNode, keys: Keymap, *, whole: bool = False) -> None:
    """Give a screen (or the application) the keys in force, before it is shown. `whole`: also the
    macros, and the keys that begin or end two."""
    if keys.is_default and not whole:
        return
    kept: list[Binding] = []
    ids: dict[str, bool] = {}
    for _, binding in node._bindings:
        if found := _ACTION.match(binding.action):
            ids[found[1]] = binding.priority
        else:
            kept.append(binding)
    made: list[Binding] = []
    for command in (*keys.panels, *keys.commands):  # a screen's own keys before those it shares
        if command.id in ids:
            made += bindings_for([command], priority=ids[command.id])
    if whole:
        taken = {binding.key for binding in made}
        parts = {part for pair in keys.pairs for part in pair} - taken - set(keys.macros)
        made += [_binding(MACRO, key) for key in keys.macros]
        made += [_binding(SEQUENCE, key) for key in sorted(parts)]
    node._bindings = BindingsMap([*made, *kept])


def _binding(id: str, key: str) -> Binding:
    return Binding(key, f"run('{id}','{key}')", show=False)
