"""`reader config`: the settings, where each is set, and what is wrong with them."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from reader import config, paths
from reader.commands import DONE, USAGE, CommandError
from reader.commands.opening import settings
from reader.commands.output import cells, exact_path, is_terminal, note, write, write_exact
from reader.config.document import default_file, shown
from reader.config.table import Setting
from reader.records.json_fields import to_json
from reader.records.text import encodable

from .wrong import all_wrong

SUMMARY = "the settings, where each is set, and what is wrong with them"

EXAMPLES = """\
examples:
  reader config                       the file's path, and all settings with who set them
  reader config --default > FILE      a file with every setting explained
  reader config check                 everything that is wrong, with its line
  READER_EDIT=false reader config --setting list.lines=2 --json

What sets a setting, the strongest first: an option (--setting NAME=VALUE, --read-only), a variable
of the environment (links.per_host is READER_LINKS_PER_HOST; a list has commas), the file, the
default.
What is wrong is left out, and never keeps anyone from reading; what protects records is then on.

output: name, value and source (a mistake leaves the default, or what is safe, and is named there);
in a pipe with tabs between them. --json is {"file": ...,
"exists": ..., "settings": [{"name": ..., "value": ..., "source": ..., "where": ...,
"variable": ..., "help": ...}], "wrong": [{"where": ..., "line": ..., "key": ..., "reason": ...,
"severity": "error" or "warning"}]}; of check it is the list of what is wrong.

exit codes: 0 done, 2 something is wrong with the settings (check; a warning is not), or wrong
usage.
"""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="?", choices=["check"], metavar="check", help="look for errors"
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="the file to check, not one's own")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--default", action="store_true", help="print a file with all defaults")
    form.add_argument("--json", action="store_true", help="as JSON")


def run(args: Namespace) -> int:
    if args.default:
        write_exact(default_file())
        return DONE
    if args.what == "check":
        return _check(args)
    chosen = settings(args)
    if args.json:
        write_exact(to_json(_as_json(chosen), indent=1) + "\n")
        return DONE
    file = chosen.file or paths.config_file()
    write(f"{exact_path(str(file))}{'' if chosen.read else ' (no such file)'}")
    rows = [(each.name, shown(each, value.value), _source(each, value)) for each, value in chosen]
    wide = is_terminal(sys.stdout)
    name_width = max(len(name) for name, _, _ in rows)
    for name, text, source in rows:
        if wide:
            gap = " " * max(1, 28 - cells(text))
            write(f"  {name:<{name_width}}  {text}{gap}{source}")
        else:
            write(f"{name}\t{text}\t{source}")
    return DONE


def _source(setting: Setting[Any], value: config.Value) -> str:
    """Return who says what a setting is."""
    if value.source == config.FALLBACK:
        what = "default" if value.value == setting.default else "safe value"
        return f"the {what}, as {value.where} is wrong"
    return value.where or value.source


def _check(args: Namespace) -> int:
    if args.file is None:
        chosen = config.load(paths.config_file(), args.setting or ())
    else:
        if "\0" in args.file or not Path(args.file).exists():
            raise CommandError(f"there is no file {args.file}.", USAGE)
        chosen = config.load(Path(args.file), args.setting or (), {})
    wrong = all_wrong(chosen)
    if args.json:
        write_exact(to_json([_wrong_as_json(each) for each in wrong], indent=1) + "\n")
    else:
        for each in wrong:
            write(encodable(str(each)))
    if any(not each.is_warning for each in wrong):
        return USAGE
    if not wrong:
        note(f"{chosen.file}: nothing is wrong." if chosen.read else f"there is no {chosen.file}.")
    return DONE


def _as_json(chosen: config.Config) -> dict[str, object]:
    return {
        "file": encodable(str(chosen.file)),
        "exists": chosen.read,
        "settings": [
            {
                "name": setting.name,
                "value": _plain(value.value),
                "source": value.source,
                "where": encodable(value.where) or None,
                "variable": setting.variable or None,
                "help": setting.help,
            }
            for setting, value in chosen
        ],
        "wrong": [_wrong_as_json(each) for each in all_wrong(chosen)],
    }


def _wrong_as_json(wrong: config.Wrong) -> dict[str, object]:
    return {
        "where": encodable(wrong.where),
        "line": wrong.line or None,
        "key": encodable(wrong.key) or None,
        "reason": encodable(wrong.reason),
        "severity": "warning" if wrong.is_warning else "error",
    }


def _plain(value: object) -> object:
    """Return a value of a setting as JSON's own types."""
    if isinstance(value, config.Entry):
        return {"name": encodable(value.name), "value": _plain(value.value)}
    if isinstance(value, dict):
        return {encodable(str(key)): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float) and value - value == 0:  # JSON has no infinity
        return value
    return encodable(str(value))
