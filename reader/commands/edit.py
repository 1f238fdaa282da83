"""`reader edit`: a record's file in the user's own editor, as one edit of the journal."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from reader.records.record import Problem

from . import DONE, FAILED, USAGE, CommandError
from .editing import add_outcome, opened_for_editing, tell
from .opening import add_collection, find
from .output import note

if TYPE_CHECKING:
    from reader.library.collection import Collection
    from reader.library.editing import Editing
    from reader.library.values import Opened
    from reader.terminal.editor import Copy

SUMMARY = "open a record's file in your editor, as one edit"

EXAMPLES = """\
examples:
  reader edit _news/2020-06-12-face-recognition.md
  EDITOR=nano reader edit https://example.org/an-article -C ~/feed

A copy is edited ($VISUAL, $EDITOR, else a usual one). What you leave is read back: where it would
be no record any more, the file stays as it was and your text is kept. Else it takes the file's
place, unless someone else has changed that meanwhile, and `reader undo` takes it back. Where a text
is kept from earlier, you are asked whether you go on with it.

output: what became of the record. --json is that of `reader triage`.

exit codes: 0 done, also where nothing was changed, 2 wrong usage or configuration, 3 could not be
done.
"""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("record", metavar="RECORD", help="a record's file, path or URL")
    add_collection(parser, positional=False)
    add_outcome(parser)


def run(args: Namespace) -> int:
    if not (sys.stdin and sys.stdin.isatty()):
        raise CommandError("an editor needs a terminal; `reader triage set` works without.", USAGE)
    with opened_for_editing(args) as (collection, editing):
        if editing.why_not:
            raise CommandError(editing.why_not, FAILED)
        return _edit(collection, editing, args)


def _edit(collection: Collection, editing: Editing, args: Namespace) -> int:
    from reader.library.outcome import Target
    from reader.library.preparing import read_again
    from reader.terminal.editor import find_editor

    command = find_editor()
    if command is None:
        raise CommandError("there is no editor: set $EDITOR to yours.", FAILED)
    found = find(collection, args.record, prefer_inside=args.collection is not None)
    opened = collection.open_record(found)
    if opened is None or not opened.data:
        raise CommandError(f"{args.record} has gone, or cannot be read.", FAILED)
    target = Target(os.fsencode(opened.path), id=found)
    copy = _copy_of(opened, collection)
    wrong = read_again(copy.read(), target.path)
    trouble = copy.edit(command, wrong.line if isinstance(wrong, Problem) else 0)
    try:
        after = copy.read()
    except OSError:
        trouble, after = trouble or "The editor left no file.", opened.data
    if trouble:
        raise CommandError(f"{trouble.rstrip('.')}. Your text is in {copy.path}.", FAILED)
    if after == opened.data:
        copy.remove()
        if args.json:
            return tell([editing.rewrite(target, opened.data, after)], args)
        note("nothing was changed.")
        return DONE
    problem = read_again(after, target.path)
    if isinstance(problem, Problem):
        line = f"line {problem.line}: " if problem.line else ""
        raise CommandError(
            f"so it would be no record any more: {line}{problem.reason}. The file is as it was;"
            f" your text is in {copy.path}.",
            FAILED,
        )
    code = tell([editing.rewrite(target, opened.data, after)], args)
    if code == DONE:
        copy.remove()
    else:
        note(f"your text is in {copy.path}.")
    return code


def _copy_of(opened: Opened, collection: Collection) -> Copy:
    """Return a copy to edit: a new one, or on demand the one that is kept from earlier. Raises
    CommandError when neither is wanted."""
    from reader.terminal.editor import copied, kept

    copy = kept(opened.path, collection.state_path)
    if copy is None:
        return copied(opened.path, opened.data, collection.state_path)
    note(f"a text that you typed into it earlier is kept in {copy.path}.")
    if not copy.is_of(opened.data):
        note("the file has changed since: that text would take its place, whole.")
    answer = ""
    while answer not in ("t", "text"):
        question = "edit the text (t), the file (f), or drop the text and edit the file (d)? "
        print(question, end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        answer = line.strip().lower()
        if not line:
            raise CommandError("nothing was changed.", FAILED)
        if answer in ("f", "file", "d", "drop"):
            if answer[0] == "d":
                copy.remove()
            return copied(opened.path, opened.data, collection.state_path)
    return copy
