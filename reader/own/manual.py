"""`reader manual`: the manual page, from what the commands themselves say."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from reader import __version__
from reader.commands import DONE
from reader.commands.output import write_exact
from reader.config.document import shown
from reader.config.table import SETTINGS
from reader.ui.commands import COMMANDS, GROUPS, shown_keys
from reader.ui.panel_commands import PANEL_COMMANDS, PANEL_GROUPS

from .described import OPTIONS, Option, described

SUMMARY = "the manual page"

EXAMPLES = """\
examples:
  reader manual | man -l -
  reader manual > ~/.local/share/man/man1/reader.1

exit codes: 0 done, 2 wrong usage.
"""


def add_arguments(parser: ArgumentParser) -> None:
    """It takes none."""


def run(args: Namespace) -> int:
    write_exact(page())
    return DONE


def page() -> str:
    """Return the page, in the language of man."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield f'.TH READER 1 "" "reader {__version__}" "User Commands"'
    yield ".SH NAME"
    yield "reader \\- a terminal feed reader and triage desk for feeds kept as files"
    yield ".SH SYNOPSIS"
    yield ".B reader"
    yield "[\\fIPATH\\fR]"
    yield ".br"
    yield ".B reader"
    yield "\\fICOMMAND\\fR [\\fIARGUMENTS\\fR]"
    yield ".SH DESCRIPTION"
    yield _text(
        "Without a command it opens PATH, a folder of records or one record's file: by default the"
        " configured collection, else the current folder where that holds records, else a sample."
    )
    yield ".SH OPTIONS"
    for option in OPTIONS:
        yield from _option(option)
    yield ".SH COMMANDS"
    for each in described():
        yield f".SS reader {_text(each.name)}"
        yield _text(f"{each.summary[0].upper()}{each.summary[1:]}.")
        for option in (*each.positionals, *each.options):
            if not {"--help", "--setting", "--read-only"} & set(option.flags):
                yield from _option(option)
        yield from _block(each.notes)
    yield ".SH KEYS"
    for group in (*GROUPS, *PANEL_GROUPS):
        yield f".SS {group}"
        for command in (*COMMANDS, *PANEL_COMMANDS):
            if command.group == group:
                yield ".TP"
                yield f".B {_text(shown_keys(command, ascii_only=True))}"
                yield _text(command.help.replace("`", ""))
    yield ".SH SETTINGS"
    yield _text(
        "An option (--setting NAME=VALUE) comes before a variable of the environment, that before"
        " the settings file (`reader config` prints where it is), that before the default."
    )
    for setting in SETTINGS.values():
        yield ".TP"
        variable = f", {setting.variable}" if setting.variable else ""
        yield f".B {_text(setting.name + variable)}"
        default = shown(setting, setting.default)
        yield _text(f"{setting.help} {_capital(setting.kind.allowed)}. Default: {default}.")
    yield ".SH ENVIRONMENT"
    for name, what in ENVIRONMENT:
        yield ".TP"
        yield f".B {_text(name)}"
        yield _text(what)
    yield ".SH EXIT STATUS"
    for code, what in (
        ("0", "Done."),
        ("1", "Done, and something was found wrong."),
        ("2", "Wrong usage or settings."),
        ("3", "It could not be done."),
        ("130", "Stopped by Ctrl+C."),
    ):
        yield ".TP"
        yield f".B {code}"
        yield what


ENVIRONMENT = (
    ("READER_CONFIG", "The settings file."),
    ("READER_CACHE_DIR", "The folder of the indexes; it can be deleted at any time."),
    ("READER_STATE_DIR", "The folder of the journal, what is read, starred, deferred."),
    ("READER_DATA_DIR", "The folder of the opened sample."),
    ("READER_DEBUG", "Set to 1, shows where an error arose."),
    ("NO_COLOR", "Set, no colour is sent."),
    ("BROWSER, VISUAL, EDITOR", "What opens links and files."),
)


def _option(option: Option) -> Iterator[str]:
    yield ".TP"
    flags = ", ".join(option.flags)
    value = f" {option.metavar}" if option.metavar and option.flags[0].startswith("-") else ""
    yield f".B {_text(flags + value)}"
    yield _text(option.help or "-")


def _block(text: str) -> Iterator[str]:
    """Lines as they stand: examples and forms of output."""
    yield ".PP"
    yield ".nf"
    yield from (_text(line) for line in text.rstrip().split("\n"))
    yield ".fi"


def _text(text: str) -> str:
    """Return a text that is not read as requests or escapes."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = "".join(each if each.isascii() else f"\\[u{ord(each):04X}]" for each in text)
    return f"\\&{text}" if text.startswith((".", "'")) else text


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
