"""The parser of each command: what the command line reads, and completion and manual are made of."""

from __future__ import annotations

import os
import re
import shlex
import sys
from argparse import Action, ArgumentError, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import Any, NoReturn

from . import MODULES, USAGE, CommandError, nearest

_WORDS = (
    (r"argument (\S+): ignored explicit argument .*", r"the option \1 takes no value"),
    (r"argument (\S+): expected (?:one|at least one) argument", r"the option \1 needs a value"),
    (r"argument (\S+): expected (\d+) arguments", r"the option \1 needs \2 values"),
    (r"the following arguments are required: ([^,]+)", r"\1 is missing"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 and \2 exclude each other"),
    (r"argument (\S+): given twice", r"\1 is given twice"),
)
"""What argparse says, and what is said in its place."""


class _Once(Action):
    """Stores the value of an option, as argparse does by default, but refuses a second one, of which
    argparse would keep the last and say nothing."""

    def __call__(
        self,
        parser: ArgumentParser,
        namespace: Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        assert isinstance(parser, Parser)
        if option_string is not None:
            if self.dest in parser.given:
                raise ArgumentError(self, "given twice")
            parser.given.add(self.dest)
        setattr(namespace, self.dest, values)


class Parser(ArgumentParser):
    """Raises instead of printing usage and leaving: one line says what is wrong."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # handed on as they came
        self.color = False  # from Python 3.14 on help would be coloured
        self.given: set[str] = set()
        """What options were given, of those that may be given once."""
        for name in (None, "store"):
            self.register("action", name, _Once)

    def parse_args(  # type: ignore[override]  # of its overloads only this is used
        self, args: Sequence[str] | None = None, namespace: Namespace | None = None
    ) -> Namespace:
        """Read the words; what is none of ours is named with the nearest option that there is."""
        found, rest = self.parse_known_args(args, namespace)
        if rest:
            word = rest[0]
            if not word.startswith("-"):
                named = "-C" in self._option_string_actions and os.path.isdir(word)
                hint = f"; a collection is named with -C: `{self._with_option(args, word)}`"
                hint = hint if named else ""
                self.error(f"“{word}” is one word too many{hint}")
            name, equals, _ = word.partition("=")
            options = [each for each in self._option_string_actions if each.startswith("--")]
            if name in options:
                self.error(f"the option {name} takes no value" if equals else f"{name} is too many")
            self.error(f"there is no option {name}{nearest(name, options)}")
        return found

    def _with_option(self, args: Sequence[str] | None, word: str) -> str:
        """Return the command that was typed, with one of its words as the collection."""
        given = list(sys.argv[1:] if args is None else args)
        given.remove(word)
        return shlex.join((*self.prog.split(), *given, "-C", word))

    def _check_value(self, action: Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            choices = [str(each) for each in action.choices]
            listed = ", ".join(choices)
            raise ArgumentError(
                action, f"there is no “{value}”{nearest(str(value), choices)} One of: {listed}."
            )

    def _print_message(self, message: str, file: Any = None) -> None:
        if message and file is not None:  # a full disk is an error here, too
            file.write(message)

    def error(self, message: str) -> NoReturn:
        for pattern, words in _WORDS:
            message = re.sub(pattern, words, message)
        end = "" if message.endswith("?") else "."
        raise CommandError(f"{message.rstrip('.')}{end} See `{self.prog} --help`.", USAGE)


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
