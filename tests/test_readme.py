"""What README shows of the program is what the program has."""

from __future__ import annotations

import re
import shlex

from reader.commands import MODULES
from reader.commands.parsers import parser_of
from reader.ui.commands import COMMANDS
from reader.ui.panel_commands import PANEL_COMMANDS

from .readme import ROOT, with_key_table


def test_the_key_table_is_the_registrys() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "<!-- keys:" in readme
    assert readme == with_key_table(readme), "make docs"


def test_every_command_of_the_interface_has_one_of_the_shell_or_a_reason() -> None:
    text = (ROOT / "docs" / "shell.md").read_text()
    named = [
        *re.findall(r"`([a-z_.]+)`", "".join(_cells(text, 1))),
        *re.findall(r"`([a-z_.]+[*]?)`", text.rpartition("These have no command")[2]),
    ]
    ids = [command.id for command in (*COMMANDS, *PANEL_COMMANDS)]
    groups = [name.removesuffix("*") for name in named if name.endswith("*")]
    missing = [id for id in ids if id not in named and not id.startswith(tuple(groups))]
    assert missing == [], "docs/shell.md"
    assert [name for name in named if name not in ids and not name.endswith("*")] == []


def test_the_commands_of_the_shell_are_there() -> None:
    text = (ROOT / "docs" / "shell.md").read_text()
    for line in _cells(text, 2):
        name = ""
        for code in re.findall(r"`([^`]+)`", line):
            words = shlex.split(code)
            if words[0] == "reader" and words[1:2] != ["--help"]:
                name = words[1]
                assert name in MODULES, code
            options = [word for word in words if word.startswith("--")]
            if name and options and options != ["--help"]:
                known = parser_of(name).format_help()
                assert [option for option in options if option not in known] == [], code


def _cells(text: str, column: int) -> list[str]:
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| `")]
    return [row[column - 1] for row in rows]
