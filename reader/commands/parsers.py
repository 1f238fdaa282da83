"""The parser of each command: what the command line reads, and completion and manual are made of."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from importlib import import_module
from types import ModuleType
from typing import NoReturn

from . import MODULES, USAGE, CommandError


class Parser(ArgumentParser):
    """Raises instead of printing usage and leaving: one line says what is wrong."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # handed on as they came
        self.color = False  # from Python 3.14 on help would be coloured

    def error(self, message: str) -> NoReturn:
        raise CommandError(f"{message.rstrip('.')}. See `{self.prog} --help`.", USAGE)


def module_of(name: str) -> ModuleType:
    """Return the module of a command, loaded."""
    module = MODULES[name]
    return import_module(module if "." in module else f"reader.commands.{module}")


def summary_of(name: str) -> str:
    """Return what a command does, in a few words."""
    module = module_of(name)
    several = getattr(module, "SUMMARIES", None)  # one module for more than one command
    return str(several[name] if several else module.SUMMARY)


def parser_of(name: str) -> Parser:
    """Return the parser of a command."""
    module = module_of(name)
    several = hasattr(module, "SUMMARIES")
    summary = summary_of(name)
    parser = Parser(
        prog=f"reader {name}",
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=module.examples(name) if several else module.EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    if several:
        module.add_arguments(parser, name)
    else:
        module.add_arguments(parser)
    parser.add_argument(
        "--setting", action="append", metavar="NAME=VALUE", help="a setting, like edit=false"
    )
    parser.add_argument("--read-only", action="store_true", help="nothing can be edited")
    return parser
