"""`reader triage`: decisions on records, for scripts and cron; the interface's own, with its journal."""

from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from reader.records.decisions import KINDS, Decision
from reader.records.query import Facet, Query, View
from reader.terminal.stopping import stoppable

from . import USAGE, CommandError, nearest
from .editing import add_outcome, opened_for_editing, tell
from .opening import add_collection, find
from .output import ProgressLine
from .paths_from import add_paths_from, paths_from
from .queries import looks_like_query, parsed_query, saved_view, view_named

if TYPE_CHECKING:
    from reader.library.collection import Collection
    from reader.library.editing import Editing
    from reader.library.outcome import Outcome

SUMMARY = "decide about records: publish, reject, defer and more"

DECISIONS = (
    "publish", "unpublish", "reject", "restore", "defer", "undefer", "quality", "topics", "set",
    "mend", "relink", "amp-cache", "star", "unstar", "read", "unread",
)  # fmt: skip

EXAMPLES = """\
examples:
  reader triage publish --where _news/2020-06-12-face-recognition.md
  reader triage reject --where unpublished --dry-run
  reader triage defer --until "3 days" --where _news/a.md _news/b.md
  reader triage quality --by -5 --where _research
  reader triage topics --add AI --remove "A.I." --where _news/a.md
  reader triage set --field category=news --field heat= --where _news/a.md
  reader triage relink --where link:moved
  reader list --topic AI --format '{path}\\0' | reader triage publish --paths-from -

decisions:
{decisions}

--where names records by view (all, unpublished, …, your own), file, folder, path or URL, or by a
query (docs/queries.md) in quotes, one with a colon or a space in it: 'is:unpublished quality:<20'.
Several files, folders, paths and URLs, after one --where or each after its own, mean all of them; a
view or a query stands alone.
With --paths-from too, only those that both name.
A field is set with NAME=VALUE; NAME= takes it away. relink takes what `reader check` found.
Files are edited to the byte, and only where the field is still what it was when they were read;
the journal holds every edit, and `reader undo` takes the whole step back.

output: what became of each record, its path, and where nothing was changed the reason. --json is
{"decision", "step", "dry_run", "results": [{"path", "became", "title", "reason"}]}; `became` is
done, already, refused, clash (someone else changed the field) or failed.

exit codes: 0 done, also where it was so already; 1 done, and some records could not be changed;
2 wrong usage or configuration; 3 nothing could be done; 130 stopped by Ctrl+C (what was done by
then is told, and is one step).
""".replace(
    "{decisions}",
    "\n".join(f"  {id:<10} {KINDS[id].help.replace('`', '')}" for id in DECISIONS),
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("decision", type=_decision, metavar="DECISION", help="see below")
    parser.add_argument(
        "--where",
        action="extend",
        nargs="+",
        metavar="X",
        default=[],
        help="views, files, folders, URLs, queries",
    )
    add_paths_from(parser)
    parser.add_argument("--dry-run", action="store_true", help="say what would be done; do nothing")
    parser.add_argument(
        "--force", action="store_true", help="also where someone changed the field meanwhile"
    )
    parser.add_argument("--until", metavar="T", help="for defer: tomorrow, 3d, monday, 2026-12-01")
    parser.add_argument("--by", type=_number, metavar="N", help="for quality: by how much, like -5")
    parser.add_argument("--add", action="append", default=[], metavar="T", help="for topics")
    parser.add_argument("--remove", action="append", default=[], metavar="T", help="for topics")
    parser.add_argument(
        "--field", action="append", default=[], metavar="F=V", help="for set: a field and its value"
    )
    add_collection(parser, positional=False)
    add_outcome(parser)


def run(args: Namespace) -> int:
    decision = _made(args)
    if not args.where and args.paths_from is None:
        raise CommandError("name the records: --where with views, files, paths or URLs.", USAGE)
    with opened_for_editing(args) as (collection, editing):
        ids = _ids(collection, args)
        if decision.id == "relink":
            decision = Decision("relink", {"targets": collection.verdicts.moved(ids)})
        if args.dry_run:
            return tell([_dry(editing, decision, ids)], args, dry_run=True)
        line = ProgressLine("deciding")
        begun = time.monotonic()

        def progress(done: int, total: int) -> None:
            if time.monotonic() - begun > 0.3:
                line.update(done, total)

        targets = collection.targets(ids)
        try:
            with stoppable(once=True) as stopped:
                outcome = editing.decide(
                    decision,
                    targets,
                    force=args.force,
                    progress=progress,
                    cancelled=stopped.is_set,
                )
        finally:
            line.clear()
    return tell([outcome], args)


def _dry(editing: Editing, decision: Decision, ids: Sequence[int]) -> Outcome:
    from reader.library.journal import How
    from reader.library.outcome import Became, Outcome, Result

    plan, _ = editing.plan(decision, ids, exact=sys.maxsize)
    results = [Result(os.fsencode(each.path), Became.DONE, each.title) for each in plan.changing]
    results += [Result(os.fsencode(each.path), Became.ALREADY, each.title) for each in plan.already]
    results += [
        Result(os.fsencode(each.path), Became.REFUSED, each.title, reason)
        for each, reason in plan.refused
    ]
    return Outcome(None, decision, How.DECISION, tuple(results))


def _decision(given: str) -> str:
    if given in DECISIONS:
        return given
    hint = nearest(given, list(DECISIONS))
    raise ArgumentTypeError(f"no decision “{given}”{hint} Decisions: {', '.join(DECISIONS)}.")


def _number(given: str) -> float:
    try:
        number = float(given)
    except ValueError:
        number = float("nan")
    if not abs(number) <= 1e6:
        raise ArgumentTypeError(f"“{given}” is no number like 5 or -1.")
    return int(number) if number.is_integer() else number


def _made(args: Namespace) -> Decision:
    """Return the decision with its particulars. Raises CommandError."""
    given = {
        "defer": [("--until", args.until)],
        "quality": [("--by", args.by)],
        "topics": [("--add", args.add), ("--remove", args.remove)],
        "set": [("--field", args.field)],
    }
    for decision, options in given.items():
        for option, value in options:
            if value and decision != args.decision:
                raise CommandError(f"{option} is for {decision}, not for {args.decision}.", USAGE)
    wanted = given.get(args.decision, [])
    if wanted and not any(value not in (None, []) for _, value in wanted):
        names = " or ".join(option for option, _ in wanted)
        raise CommandError(f"{args.decision} needs {names}.", USAGE)
    if args.decision == "defer":
        return Decision("defer", {"until": _until(args.until)})
    if args.decision == "quality":
        return Decision("quality", {"by": args.by})
    if args.decision == "topics":
        for option, topics in (("--add", args.add), ("--remove", args.remove)):
            if not all(topic.strip() for topic in topics):
                raise CommandError(f"{option} needs a topic; it is empty.", USAGE)
        return Decision("topics", {"add": args.add, "remove": args.remove})
    if args.decision == "set":
        fields: dict[str, object] = {}
        for name, value in map(_field, args.field):
            if name in fields:
                raise CommandError(f"--field {name} is given twice.", USAGE)
            fields[name] = value
        return Decision("set", {"fields": fields})
    return Decision(args.decision)


def _until(given: str) -> int:
    from reader.records.when import Wrong, parse_when, seconds_of

    moment = parse_when(given, datetime.now().astimezone())
    if isinstance(moment, Wrong):
        raise CommandError(f"--until “{given}”: {moment.reason}.", USAGE)
    return seconds_of(moment)


def _field(given: str) -> tuple[str, object]:
    from reader.records.field_input import BY_NAME, Wrong, parse_input

    name, equals, value = given.partition("=")
    if not equals:
        raise CommandError(f"--field “{given}” has to be NAME=VALUE.", USAGE)
    if name not in BY_NAME:
        hint = nearest(name, list(BY_NAME))
        names = ", ".join(BY_NAME)
        raise CommandError(f"“{name}” is no field that can be set{hint} Fields: {names}.", USAGE)
    parsed = parse_input(name, value)
    if isinstance(parsed, Wrong):
        raise CommandError(f"--field {name}: {parsed.reason}.", USAGE)
    return name, parsed


def _ids(collection: Collection, args: Namespace) -> list[int]:
    """Return the ids of all records named, each once, in the order named. Raises CommandError."""
    given = paths_from(collection, args)
    if given is not None:
        # Files that cannot be read as records have nothing to decide about.
        given = [target.id for target in collection.targets(given) if target.id is not None]
        if not args.where:
            return given
    ids: dict[int, None] = {}
    for name in args.where:
        if not name:  # a variable of a script without a value, and never meant to be all
            raise CommandError("--where is empty; name the records, or `all`.", USAGE)
        query = _query(collection, name)
        if query is None:
            ids.update(dict.fromkeys(_named(collection, name)))
            continue
        if len(args.where) > 1:
            raise CommandError(
                f"--where “{name}” is a query or a view, and stands alone: put all that has to hold"
                " into one, in quotes. Several files, folders and URLs may be named; the collection"
                " is named with -C.",
                USAGE,
            )
        ids.update(dict.fromkeys(query))
    if given is None:
        return list(ids)
    among = set(given)
    return [id for id in ids if id in among]


def _query(collection: Collection, name: str) -> Sequence[int] | None:
    """Return the ids of a view or a query; None when it is neither, but the name of something."""
    if os.path.lexists(name) or _folder(collection, name) is not None:
        return None
    if name in set(View):
        return collection.ids(Query(View(name)))
    query = saved_view(name)
    if query is None and looks_like_query(collection, name):
        query = name
    return None if query is None else collection.find(parsed_query(collection, query))


def _named(collection: Collection, name: str) -> list[int]:
    folder = _folder(collection, name)
    if folder is not None:
        return list(collection.ids(Query(View.ALL, Facet.FOLDER, folder)))
    try:
        id = find(collection, name, prefer_inside=True)
    except CommandError as error:
        if set(name) & {"/", ".", ":"}:
            raise
        view = view_named(name, "there is neither a record nor a view")  # says which there are
        raise CommandError(f"{error} Did you mean the view “{view}”?", USAGE) from None
    if not collection.targets([id]):
        raise CommandError(f"{name} cannot be read as a record; `reader problems` says why.")
    return [id]


def _folder(collection: Collection, name: str) -> str | None:
    """Return the path inside the collection of a folder that is named, or None."""
    from .opening import inside

    within = os.path.join(collection.root, os.path.normpath(name))
    if not os.path.isabs(name) and os.path.isdir(within):
        folder = os.path.normpath(name)
        return "" if folder == "." else folder
    if os.path.isdir(name):
        if os.path.samefile(name, collection.root):
            return ""
        return inside(collection.root, name)
    return None
