"""`reader log`: the journal, latest first."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from datetime import datetime
from typing import TYPE_CHECKING

from reader.records.json_fields import to_json
from reader.records.text import encodable

from . import DONE, CommandError
from .editing import opened_for_editing
from .list import number_of
from .moments import moment_before
from .opening import add_collection, find
from .output import exact_path, note, write, write_exact

if TYPE_CHECKING:
    from reader.library.collection import Collection
    from reader.library.editing import Editing
    from reader.library.journal import Entry, Step

SUMMARY = "what was decided, the latest first"

EXAMPLES = """\
examples:
  reader log --limit 20
  reader log --record _news/a.md --diff
  reader log --since yesterday --who ada@desk --json

output: a step's number, time, person, decision and how many records it changed; with --diff what
changed in each. --json is [{"step", "at", "who", "origin", "how", "decision", …, "of",
"taken_back_by", "records": [{"path", "title", "changes"}]}].

exit codes: 0 done, 2 wrong usage or configuration, 3 could not be done.
"""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--record", metavar="R", help="only of this record: a file, path or URL")
    parser.add_argument("--who", metavar="W", help="only of this person, as the log names them")
    parser.add_argument("--since", metavar="T", help="10:30, 2h, yesterday, 2026-11-01 …")
    parser.add_argument("--until", metavar="T", help="before this moment")
    parser.add_argument("--limit", type=number_of, metavar="N", help="at most this many steps")
    parser.add_argument("--diff", action="store_true", help="with what changed in each record")
    add_collection(parser, positional=False)
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: Namespace) -> int:
    with opened_for_editing(args) as (collection, editing):
        path = None
        if args.record is not None:
            path = _path_of(collection, editing, args.record)
        steps = editing.steps(
            path=path,
            who=args.who,
            since=None if args.since is None else moment_before(args.since),
            until=None if args.until is None else moment_before(args.until),
            limit=-1 if args.limit is None else args.limit,
        )
        if args.json:
            rows = [_as_json(step, editing.entries(step.id)) for step in steps]
            write_exact(to_json(rows, indent=1) + "\n")
            return DONE
        if not steps:
            note("no steps: nothing was decided here that this asks for.")
        for step in steps:
            write(_line(step))
            if args.diff:
                for entry in editing.entries(step.id):
                    write(f"  {exact_path(os.fsdecode(entry.path))}")
                    for sign, text in entry.shown():
                        write(f"  {sign} {text}")
    return DONE


def _path_of(collection: Collection, editing: Editing, name: str) -> str | None:
    """Return the path of a record that is named; also of one whose file is there no more, by the
    path that the journal has. Raises CommandError."""
    try:
        return collection.path(find(collection, name, prefer_inside=True))
    except CommandError:
        path = os.path.normpath(name)
        if not editing.steps(path=path, limit=1):
            raise
        return path


def _line(step: Step) -> str:
    at = datetime.fromtimestamp(step.at).strftime("%Y-%m-%d %H:%M:%S")
    what = (
        step.decision.label
        if step.of is None
        else f"{step.how} of {step.of}: {step.decision.label}"
    )
    records = "1 record" if step.entries == 1 else f"{step.entries:,} records"
    back = f"\ttaken back by {step.taken_back_by}" if (step.taken_back_by or 0) > 0 else ""
    title = f"\t{step.title}" if step.entries == 1 else ""
    return f"{step.id}\t{at}\t{step.who}\t{what}\t{records}{back}{title}"


def _as_json(step: Step, entries: list[Entry]) -> dict[str, object]:
    return {
        "step": step.id,
        "at": datetime.fromtimestamp(step.at).astimezone().isoformat(timespec="seconds"),
        "who": step.who,
        "origin": step.origin,
        "how": str(step.how),
        **step.decision.as_told(),
        "of": step.of,
        "taken_back_by": step.taken_back_by if (step.taken_back_by or 0) > 0 else None,
        "records": [
            {
                "path": encodable(os.fsdecode(entry.path)),
                "title": entry.title,
                "changes": [f"{sign} {text}" for sign, text in entry.shown()],
            }
            for entry in entries
        ],
    }
