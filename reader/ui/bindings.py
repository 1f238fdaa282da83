"""Textual bindings made from the registry of commands."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding

from .commands import Command


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
