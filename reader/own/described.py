"""What every command takes, read from its own parser: for completion and manual."""

from __future__ import annotations

from argparse import SUPPRESS, Action
from dataclasses import dataclass

from reader.commands import MODULES
from reader.commands.parsers import parser_of, summary_of
from reader.commands.triage import DECISIONS
from reader.records.query import SORTS
from reader.records.verdicts import Role, Verdict

VIEWS, OWN_VIEWS, TOPICS = "views", "own-views", "topics"
FOLDERS, TYPES, PROVIDERS = "folders", "types", "providers"
QUERIES, WHERE = "queries", "where"
ASKED = (VIEWS, OWN_VIEWS, TOPICS, FOLDERS, TYPES, PROVIDERS, QUERIES, WHERE)
"""Kinds of values that are asked of the program when they are wanted. WHERE: queries, views or files."""
_ASKED = {
    "--view": VIEWS,
    "--topic": TOPICS,
    "--folder": FOLDERS,
    "--type": TYPES,
    "--provider": PROVIDERS,
    "--query": QUERIES,
    "check --where": QUERIES,
    "links --where": QUERIES,
    "triage --where": WHERE,
    "triage --add": TOPICS,
    "triage --remove": TOPICS,
    "views --set": OWN_VIEWS,
    "views --rename": OWN_VIEWS,
    "views --move": OWN_VIEWS,
    "views --delete": OWN_VIEWS,
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "list --sort": (*SORTS, *(f"-{field}" for field in SORTS)),
    "links --verdict": tuple(Verdict),
    "check --fail-on": tuple(Verdict),
    "check --roles": tuple(Role),
    "triage DECISION": DECISIONS,
}
"""What may be given where the parser leaves that to the command: an option's first value."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a command."""

    flags: tuple[str, ...]
    help: str
    metavar: str = ""
    """Empty: it takes no value."""
    choices: tuple[str, ...] = ()
    asked: str = ""
    """What to ask the program for, where the values are not known beforehand."""


@dataclass(frozen=True, slots=True)
class Described:
    """A command."""

    name: str
    summary: str
    options: tuple[Option, ...]
    positionals: tuple[Option, ...]
    """What stands without a flag; `flags` is its name."""
    notes: str
    """Examples, output and exit codes."""

    @property
    def words(self) -> tuple[str, ...]:
        """The choices of what stands first."""
        return self.positionals[0].choices if self.positionals else ()


OPTIONS = (
    Option(("-h", "--help"), "what there is, on one screen"),
    Option(("--version",), "the version"),
    Option(("-C", "--collection"), "the collection, where it is not PATH", "PATH"),
    Option(("--read-only",), "nothing can be edited"),
    Option(("--plain",), "line by line, for screen readers, braille and scripts"),
    Option(("--fresh",), "not where one was when the reader was left"),
    Option(("--setting",), "a setting, like edit=false", "NAME=VALUE"),
)
"""Those of the interface."""


def described() -> list[Described]:
    """Return all commands, in the order that help names them."""
    return [_described(name) for name in MODULES]


def _described(name: str) -> Described:
    parser = parser_of(name)
    actions = [each for each in parser._actions if each.help != SUPPRESS]
    return Described(
        name,
        summary_of(name),
        tuple(_option(name, each) for each in actions if each.option_strings),
        tuple(_option(name, each) for each in actions if not each.option_strings),
        parser.epilog or "",
    )


def _option(command: str, action: Action) -> Option:
    takes = action.nargs != 0
    metavar = action.metavar or action.dest.upper()
    if isinstance(metavar, tuple):
        metavar = " ".join(metavar)
    choices = tuple(str(each) for each in action.choices or ())
    if choices and not action.metavar:
        metavar = "|".join(choices) if len(choices) < 6 else action.dest.upper()
    flags = tuple(action.option_strings) or (str(metavar),)
    help = (action.help or "").replace("%%", "%")
    names = [*flags, *(f"{command} {flag}" for flag in flags)]
    asked = next((_ASKED[name] for name in names if name in _ASKED), "")
    choices = choices or next((_CHOICES[name] for name in names if name in _CHOICES), ())
    return Option(flags, help, str(metavar) if takes else "", choices, asked)
