"""`reader keys`: the keys of the interface, as the settings have them."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from reader.commands import DONE
from reader.commands.opening import settings
from reader.commands.output import is_terminal, note, write, write_exact
from reader.records.json_fields import to_json
from reader.ui.commands import GROUPS, shown_key, shown_keys
from reader.ui.keymap import keymap
from reader.ui.panel_commands import PANEL_GROUPS

SUMMARY = "the keys of the interface and the ids of its commands"

EXAMPLES = """\
examples:
  reader keys
  reader keys --setting keys.preset=vim
  reader keys --json

In the settings, [keys] gives commands other keys by id ("decide.publish" = ["p", "f6"], "" for
none; those of the screens beside the desk, too), keys.preset takes a whole set (default,
newsboat, vim, emacs), and [macros] puts several commands on one key ("f9" = ["star.toggle",
"move.down"]).

output: the keys, the command's id and what it does; in a pipe with tabs between them. --json is
[{"id": ..., "keys": [...], "label": ..., "help": ..., "group": ...}], a macro with "runs".

exit codes: 0 done, 2 wrong usage.
"""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: Namespace) -> int:
    keys = keymap(settings(args))
    for wrong in keys.wrong:
        note(str(wrong))
    if args.json:
        rows: list[dict[str, object]] = [
            {
                "id": each.id,
                "keys": list(each.keys),
                "label": each.label,
                "help": each.help,
                "group": each.group,
            }
            for each in (*keys.commands, *keys.panels)
        ]
        rows += [{"id": "macro", "keys": [k], "runs": list(v)} for k, v in keys.macros.items()]
        write_exact(to_json(rows, indent=1) + "\n")
        return DONE
    wide = is_terminal(sys.stdout)
    for group in GROUPS:
        if wide:
            write(group)
        for each in keys.commands:
            if each.group == group:
                shown = shown_keys(each, ascii_only=True)
                write(_row(wide, shown, each.id, each.help))
    for group in PANEL_GROUPS:
        if wide:
            write(f"On the screen {group}" if group != "Forms" else "In forms")
        for each in keys.panels:
            if each.group == group:
                write(_row(wide, shown_keys(each, ascii_only=True), each.id, each.help))
    for key, steps in keys.macros.items():
        write(_row(wide, shown_key(key, ascii_only=True), "macro", ", ".join(steps)))
    return DONE


def _row(wide: bool, keys: str, id: str, help: str) -> str:
    return f"  {keys:<18} {id:<26} {help}" if wide else f"{keys}\t{id}\t{help}"
