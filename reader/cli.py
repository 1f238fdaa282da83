"""The command line: which command is meant, and what becomes of its errors."""

from __future__ import annotations

import errno
import os
import sys
from argparse import SUPPRESS, Namespace
from typing import TYPE_CHECKING

from reader import __version__
from reader.commands import (
    DONE,
    FAILED,
    INTERRUPTED,
    MODULES,
    USAGE,
    CommandError,
    nearest,
    output,
)
from reader.commands.parsers import Parser, module_of, parser_of

if TYPE_CHECKING:
    from reader.config import Config, Wrong
    from reader.library.rules import Rules

HELP = """\
usage: reader [PATH]         open a folder of records, or one record's file
       reader COMMAND [...]  do one thing; `reader COMMAND --help` tells more

read      list (records, one a line), show (one), count, topics,
          views (queries with a name), explain (what a query does),
          problems (unreadable files), star, unstar, read, unread, resume
decide    triage (publish, reject, …), edit (in your editor), log (what was
          decided), undo, redo
links     check (ask whether they answer), links (what was found of them)
git       commit (what was decided), sync (commit, pull, push)
set up    config (settings), keys, index, sample, doctor, completion, manual

examples:
  reader                 the configured collection, this folder, or a sample
  reader ~/feed          read that folder
  reader list ~/feed --view unpublished --limit 20
  reader triage publish --where _news/a.md
  reader config --default > config.toml

options: --help; --version; --read-only (no edits); --plain (line by line);
  --fresh (not where one was); --setting NAME=VALUE (or READER_NAME=VALUE)
exit: 0 done; 1 done, and something was found wrong; 2 wrong usage or settings;
  3 could not be done; 130 stopped by Ctrl+C. READER_DEBUG=1 says why
"""


_DASHED = {"--sort": "--sort", "--where": "--where", "-q": "--query", "--query": "--query"}
"""Options whose value may begin with a dash, and their long forms."""


_GENERAL = ("--read-only",)
_OF_INTERFACE = ("--plain", "--fresh")
_GENERAL_WITH_VALUE = ("-C", "--collection", "--setting")
_GENERAL_JOINED = ("-C", "--collection=", "--setting=")
"""Options that may stand before a command: they are handed on to it, but those of the interface."""


RESUME_HELP = """\
usage: reader resume [PATH] [--read-only] [--plain]

Open the collection that was read last, or PATH, where one was: the view, the record, the filter and
the marks, as after a lost line. (`reader PATH` does so too, and `reader --fresh PATH` begins anew.)

examples:
  reader resume
  reader resume ~/feed --read-only

exit codes: 0 done, 2 wrong usage or configuration, 3 there is nothing to resume, or it could not be
opened.
"""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def main(argv: list[str]) -> int:
    """Run a command, or open the interface; return the exit code."""
    try:
        output.prepare()
        code = _run(argv)
        if sys.stdout is not None:
            sys.stdout.flush()
    except CommandError as error:
        return _fail(str(error), error.code)
    except KeyboardInterrupt:
        output.discard_output()
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our output has seen enough
        output.discard_output()
        return DONE
    except Exception as error:  # noqa: BLE001  the last resort: no user is shown a traceback
        return _unexpected(error)
    return code


def _run(argv: list[str]) -> int:
    general = _general(argv)
    name, rest = "".join(argv[general : general + 1]), [*argv[:general], *argv[general + 1 :]]
    if name == "resume":
        if {"-h", "--help"} & set(rest):
            print(RESUME_HELP, end="")
            return DONE
        return _open_interface(_resumed(rest))
    if name in MODULES:
        return _run_command(name, _handed_on(name, rest, general))
    args = _arguments(argv)
    if args.help:
        print(HELP, end="")
        return DONE
    if args.version:
        print(f"reader {__version__}")
        return DONE
    return _open_interface(args)


def _general(argv: list[str]) -> int:
    """Return how many words at the beginning are general options with their values."""
    count = 0
    while count < len(argv):
        word = argv[count]
        if word in _GENERAL_WITH_VALUE:
            count += 2
        elif word in (*_GENERAL, *_OF_INTERFACE) or word.startswith(_GENERAL_JOINED):
            count += 1
        else:
            break
    return count


def _handed_on(name: str, argv: list[str], general: int) -> list[str]:
    """Return the words for a command, of which the first so many stood before it."""
    given = [word for word in argv[:general] if word in _OF_INTERFACE]
    if given:
        import shlex

        kept = [word for word in argv[:general] if word not in _OF_INTERFACE]
        alone = shlex.join(("reader", *kept, name, *argv[general:]))
        raise CommandError(f"{given[0]} is for the interface, not for a command: {alone}", USAGE)
    return argv


def _run_command(name: str, argv: list[str]) -> int:
    module, parser = module_of(name), parser_of(name)
    try:
        takes_query = getattr(module, "TAKES_QUERY", False)
        args = parser.parse_args(_with_values_joined(argv, takes_query))
    except SystemExit as done:  # --help has been printed
        return int(done.code or 0)
    args.command = name
    args.look = _errors_of
    return int(module.run(args))


def _errors_of(chosen: Config) -> list[Wrong]:
    """Return all that is wrong with the settings, for commands, which know nothing of keys."""
    from reader.own.wrong import errors

    return errors(chosen)


def _with_values_joined(argv: list[str], takes_query: bool) -> list[str]:
    """`--sort -date` means `--sort=-date`, and `-q -word` means `--query=-word`, which argparse
    alone would take for two options; so it would a query given by itself (`-has:amp`), if it did
    not begin with a space."""
    joined: list[str] = []
    for word in argv:
        dashed = word.startswith("-") and "--" not in joined
        if joined and joined[-1] in _DASHED and dashed:
            joined[-1] = f"{_DASHED[joined[-1]]}={word}"
        elif dashed and takes_query and len(word) > 2 and word[1] != "-":
            joined.append(f" {word}")
        else:
            joined.append(word)
    return joined


def _resumed(argv: list[str]) -> Namespace:
    """Return the arguments that open the collection where one was last."""
    from reader import paths
    from reader.library.places import last_root

    args = _arguments(argv)
    if args.version:
        raise CommandError("`reader resume` opens what was read last, where one was.", USAGE)
    if args.path is None and args.collection is None:
        root = last_root(paths.state_dir())
        if root is None:
            raise CommandError("there is nothing to resume yet; `reader FOLDER` opens a folder.")
        args.path = str(root)
    return args


def _arguments(argv: list[str]) -> Namespace:
    parser = Parser(prog="reader", add_help=False, allow_abbrev=False)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--version", action="store_true")
    parser.add_argument("-C", "--collection", help=SUPPRESS)
    parser.add_argument("--read-only", action="store_true")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--setting", action="append", metavar="NAME=VALUE")
    parser.add_argument("path", nargs="?")
    args, rest = parser.parse_known_args(argv)
    if rest and not args.help:
        hint = "" if args.path is None else nearest(args.path, list(MODULES))
        if hint.startswith(";"):
            parser.error(f"there is no command “{args.path}”{hint}")
        if rest[0].startswith("-") and rest[0] != "-":
            parser.error(f"there is no option {rest[0]}")
        parser.error(f"one PATH at a time: “{rest[0]}” is too many")
    return args


def _open_interface(args: Namespace) -> int:
    from reader import config, paths
    from reader.commands import opening

    given = opening.given_path(args)
    if given is not None and not os.path.lexists(given):
        hint = nearest(given, list(MODULES)) if os.sep not in given else "."
        raise CommandError(
            f"there is no file or folder “{given}”{hint}"
            " `reader FOLDER` opens a folder of records; `reader --help` tells more."
        )
    notices: list[str] = []
    chosen = config.load(paths.config_file(), args.setting or ())
    option = next((each for each in chosen.wrong if each.where.startswith("-")), None)
    if option is not None:
        raise CommandError(str(option), USAGE)
    plain = args.plain or chosen[config.table.PLAIN] or os.environ.get("TERM") == "dumb"
    if plain and not (sys.stdin and sys.stdout):
        raise CommandError("the line mode needs an input and an output; one is closed.", USAGE)
    if not plain and not (sys.stdin and sys.stdin.isatty() and sys.stdout and sys.stdout.isatty()):
        raise CommandError(
            "the interface needs a terminal, and its input or output is none."
            " `reader list` works without one, and `reader --plain` takes lines from a pipe.",
            USAGE,
        )
    if plain and (wrong := _errors_of(chosen)):  # the interface tells of them itself
        notices.append(config.in_a_line(wrong, short=True))
    choice = opening.choose(given, chosen, lenient=True)
    if choice.notice:
        notices.append(choice.notice[0].upper() + choice.notice[1:])
    collection = opening.open_at(choice.path, chosen)
    try:
        if plain:
            from reader.plain.session import run as run_plain

            return run_plain(collection, notices, _rules(args, chosen), chosen)
        from reader.ui.first_frame import FirstFrame

        with FirstFrame(chosen, paths.cache_dir()) as first_frame:
            first_frame.show(collection, resumes=not args.fresh)
            rules = _rules(args, chosen)
            from reader.ui.app import run

            return run(collection, notices, rules, chosen, first_frame, resumes=not args.fresh)
    finally:
        collection.close()


def _rules(args: Namespace, chosen: Config) -> Rules:
    from reader.commands.editing import rules_of

    return rules_of(chosen, read_only=args.read_only)


def _fail(message: str, code: int) -> int:
    """Say what is wrong; what has been written before it comes first."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
        output.note(message)
    except OSError:
        output.discard_output()
    return code


def _unexpected(error: Exception) -> int:
    if os.environ.get("READER_DEBUG"):
        import traceback

        traceback.print_exception(error)
    if isinstance(error, OSError) and error.filename is None and error.errno in _NO_ROOM:
        output.discard_output()
        return _fail(f"the output cannot be written: {error.strerror}.", FAILED)
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        message = f"{where}{error.strerror}"
        output.discard_output()
    else:
        message = f"something went wrong that should not ({type(error).__name__}: {error})"
    return _fail(f"{message}. READER_DEBUG=1 shows where it arose.", FAILED)
