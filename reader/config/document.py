"""The settings as a document: the default file, and a value in words."""

from __future__ import annotations

import textwrap
from typing import Any

from .kinds import Entries
from .table import SETTINGS, Setting

HEAD = """\
# Settings of `reader`. Each line that begins with # and a name shows a default: take the # away
# to change it. `reader config` says what holds, `reader config check` what is wrong.
"""


def default_file() -> str:
    """Return a settings file that names every setting and changes none."""
    # Keys of no table come first: after a table's name they would belong to it.
    plain = [each for each in SETTINGS.values() if not _table(each)]
    parts = [HEAD, *map(_block, plain)]
    tables: dict[str, list[Setting[Any]]] = {}
    for setting in SETTINGS.values():
        if _table(setting):
            tables.setdefault(_table(setting), []).append(setting)
    for name, settings in tables.items():
        header = f"[{name}]\n"
        if any(isinstance(each.kind, Entries) and each.kind.several for each in settings):
            header = f"#[[{name}]]\n"
        parts.append(header + "\n".join(map(_block, settings)))
    return "\n".join(parts)


def shown(setting: Setting[Any], value: Any) -> str:
    """Return a value in one line, as the file has it; a table of the user's own as its size."""
    if isinstance(setting.kind, Entries):
        return f"{len(value)} of your own" if value else "none"
    return "none" if value is None else setting.kind.toml(value)


def _table(setting: Setting[Any]) -> str:
    if isinstance(setting.kind, Entries):
        return setting.name
    return setting.name.rpartition(".")[0]


def _block(setting: Setting[Any]) -> str:
    text = [*_comment(f"{setting.help} {setting.kind.choice}".strip())]
    if isinstance(setting.kind, Entries):
        return "".join((*text, f"#{setting.example}\n"))
    key = setting.name.rpartition(".")[2]
    value = setting.example or setting.kind.toml(setting.default)
    return "".join((*text, f"#{key} = {value}\n"))


def _comment(text: str) -> list[str]:
    return [f"# {line}\n" for line in textwrap.wrap(text, 96, break_on_hyphens=False)]
