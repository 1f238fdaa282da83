"""`reader undo` and `reader redo`: what was decided, taken back and made again."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from typing import TYPE_CHECKING

from reader.terminal.stopping import stoppable

from . import DONE, USAGE, CommandError
from .editing import add_outcome, opened_for_editing, tell
from .moments import moment_before
from .opening import add_collection
from .output import note, write_exact

if TYPE_CHECKING:
    from reader.library.outcome import Outcome

SUMMARIES = {
    "undo": "take back a decision, a star, or a change of read and unread",
    "redo": "take the latest undo back",
}

_UNDO = """\
examples:
  reader undo                 the latest step, whoever made it on this machine
  reader undo 12              step 12 of `reader log`
  reader undo --since 10:30   everything since then, the latest first
  reader undo --dry-run       which step that is, and what would become of its records

A star, and read or unread, are steps too, but for those that `reader star` and the like set.
A step is undone whole: all the records that it changed. A file that nobody has touched since gets
its very bytes back. Where someone has, their changes stand, and only the decided fields go back; a
field that they changed too is left to them (`clash`), unless --force.

output: what became of each record, as `reader triage` has it; with --json one such object (null:
there was nothing to undo), with --since a list of them. Its `of` is the step that is taken back,
`step` the one that took it back (null: nothing was changed).

exit codes: 0 done, also when there was nothing to undo; 1 done, and some records could not be taken
back; 2 wrong usage or configuration; 3 nothing could be done; 130 stopped by Ctrl+C (what was done
by then is told; once more goes on).
"""
_REDO = """\
examples:
  reader redo
  reader redo --dry-run

Takes back the latest undo, as long as nothing has been decided since. --json is as of `reader
undo`.

exit codes: 0 done, also when there was nothing to redo; 1 done, and some records could not be made
again; 2 wrong usage or configuration; 3 nothing could be done; 130 stopped by Ctrl+C.
"""


def examples(name: str) -> str:
    """Return the examples for one of the two commands."""
    return _UNDO if name == "undo" else _REDO


def add_arguments(parser: ArgumentParser, name: str) -> None:
    if name == "undo":
        parser.add_argument("step", nargs="?", type=_step, metavar="N", help="a step's number")
        parser.add_argument("--since", metavar="T", help="10:30, 2h, yesterday, 2026-11-01 …")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done; do nothing")
    parser.add_argument("--force", action="store_true", help="also what others changed since")
    add_collection(parser, positional=False)
    add_outcome(parser)


def run(args: Namespace) -> int:
    if args.command == "redo":
        with opened_for_editing(args) as (_, editing), stoppable(once=True) as stopped:
            outcome = editing.redo(force=args.force, dry_run=args.dry_run, cancelled=stopped.is_set)
        return _tell([] if outcome is None else [outcome], args)
    if args.step is not None and args.since is not None:
        raise CommandError("a step's number or --since, not both.", USAGE)
    with opened_for_editing(args) as (_, editing), stoppable(once=True) as stopped:
        if args.since is not None:
            outcomes = editing.undo_since(
                moment_before(args.since),
                force=args.force,
                dry_run=args.dry_run,
                cancelled=stopped.is_set,
            )
        else:
            if args.step is not None and editing.step(args.step) is None:
                raise CommandError(f"there is no step {args.step}; `reader log` lists them.")
            outcome = editing.undo(
                args.step, force=args.force, dry_run=args.dry_run, cancelled=stopped.is_set
            )
            outcomes = [] if outcome is None else [outcome]
    return _tell(outcomes, args)


def _tell(outcomes: list[Outcome], args: Namespace) -> int:
    if not outcomes:
        if args.json:
            write_exact("[]\n" if getattr(args, "since", None) else "null\n")
        note(f"there is nothing to {args.command}.")
        return DONE
    several = args.command == "undo" and args.since is not None
    return tell(outcomes, args, dry_run=args.dry_run, several=several)


def _step(given: str) -> int:
    if not (given.isascii() and given.isdigit()) or len(given) > 18:
        raise ArgumentTypeError(f"“{given}” is no step's number; `reader log` lists them.")
    return int(given)
