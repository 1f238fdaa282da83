"""`reader sync`: commit, pull by rebase, push; a field that both sides changed is asked for."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from reader.records.counting import counted
from reader.records.edit import name_of
from reader.records.json_fields import plain, to_json
from reader.records.shown_value import shown_value
from reader.records.text import clean, display, encodable
from reader.records.values import ABSENT

from . import DONE, FAILED, FOUND, CommandError
from .editing import add_outcome
from .opening import add_collection
from .output import exact_path, is_terminal, note, write, write_exact
from .publishing import commit_as_json, opened_for_publishing, tell_commit

if TYPE_CHECKING:
    from reader.library.git import Synced
    from reader.library.publishing import Choose, Dispute, Exchange
    from reader.records.merge import Both, Side

SUMMARY = "commit, pull by rebase and push (git)"

EXAMPLES = """\
examples:
  reader sync
  reader sync --theirs
  reader sync ~/feed

Commits what was decided here, fetches, rebases onto the branch's upstream, and pushes. Both sides'
changes of a record are merged field by field. A field that both changed to different values is
shown with both and asked for on a terminal; elsewhere, and wherever you answer `a`, nothing is
pulled or pushed. --ours keeps this checkout's value of every such field, --theirs the upstream's.
What is not committed stays so, and no rebase is ever left half done.

output: the commit's records, then how many commits went each way; or each conflict with its file,
field and both values. --json is {"commit", "message", "records", "branch", "pulled", "pushed",
"changed", "conflicts": [{"path", "field", "ours", "theirs", "reason"}]}; `field` is null where a
whole file is in conflict, for `reason`.

exit codes: 0 done; 1 conflicts: committed, but not pulled or pushed; 2 wrong usage or
configuration; 3 could not be done: no git, no work tree, no upstream, no network, or git refused.
"""


def add_arguments(parser: ArgumentParser) -> None:
    sides = parser.add_mutually_exclusive_group()
    sides.add_argument(
        "--ours", action="store_true", help="of a field that both changed, keep what is here"
    )
    sides.add_argument(
        "--theirs", action="store_true", help="of a field that both changed, take the upstream's"
    )
    add_collection(parser)
    add_outcome(parser)


def run(args: Namespace) -> int:
    from reader.library.git import NotPushedError

    can_ask = is_terminal(sys.stdin) and is_terminal(sys.stderr)
    told = (lambda commit: None) if args.json else tell_commit
    with opened_for_publishing(args, can_prompt=can_ask) as publishing:
        try:
            exchange = publishing.sync(_choose(args, can_ask and not args.json), told=told)
        except NotPushedError as error:
            raise CommandError(f"{_pulled(error.synced)} {error}", FAILED) from None
    if args.json:
        write_exact(to_json(_as_json(exchange), indent=1) + "\n")
    if not exchange.disputes:
        note(f"{_pulled(exchange.synced)} Pushed {counted(exchange.synced.pushed, 'commit')}.")
        return DONE
    if not args.json:
        for dispute in exchange.disputes:
            write(_line(dispute))
    note(_advice(exchange))
    return FOUND


def _choose(args: Namespace, can_ask: bool) -> Choose:
    if args.ours:
        return lambda path, both: "ours"
    if args.theirs:
        return lambda path, both: "theirs"
    return _ask if can_ask else lambda path, both: None


def _ask(path: bytes, both: Both) -> Side:
    """Show both values on the terminal and return the one that is to stay. Raises CommandError
    when neither is."""
    print(
        f"\n{clean(os.fsdecode(path))}: both sides changed {_field(both)}\n"
        f"  ours    {shown_value(both.ours, both.field)}\n  theirs  {shown_value(both.theirs, both.field)}",
        file=sys.stderr,
    )
    while True:
        print("keep ours (o), take theirs (t), or abort (a)? ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        answer = line.strip().lower()
        if answer in ("o", "ours"):
            return "ours"
        if answer in ("t", "theirs"):
            return "theirs"
        if not line or answer in ("a", "abort"):
            raise CommandError("aborted; nothing was pulled or pushed.", FOUND)


def _field(both: Both) -> str:
    return encodable(display(name_of(both.field)))


def _line(dispute: Dispute) -> str:
    path = exact_path(os.fsdecode(dispute.path))
    both = dispute.both
    if both is None:
        return f"conflict\t{path}\t{dispute.reason}"
    values = f"ours: {shown_value(both.ours, both.field)}\ttheirs: {shown_value(both.theirs, both.field)}"
    return f"conflict\t{path}\t{_field(both)}\t{values}"


def _pulled(synced: Synced) -> str:
    return f"{synced.branch}: pulled {counted(synced.pulled, 'commit')}."


def _advice(exchange: Exchange) -> str:
    """Return what keeps the sync from being done, and what to do."""
    fields = sum(dispute.both is not None for dispute in exchange.disputes)
    files = len(exchange.disputes) - fields
    rest = f"{_pulled(exchange.synced)} The rest was" if exchange.synced.pulled else "nothing was"
    parts = [f"{rest} {'not ' if exchange.synced.pulled else ''}pulled or pushed."]
    if fields:
        changed = "1 field was" if fields == 1 else f"{fields:,} fields were"
        parts.append(f"{changed} changed on both sides: --ours or --theirs settles that.")
    if files:
        parts.append(
            f"{counted(files, 'file')} git itself has to settle: `git pull --rebase`, then sync again."
        )
    return " ".join(parts)


def _as_json(exchange: Exchange) -> dict[str, object]:
    synced = exchange.synced
    return {
        **commit_as_json(exchange.commit),
        "branch": synced.branch,
        "pulled": synced.pulled,
        "pushed": synced.pushed,
        "changed": [encodable(os.fsdecode(path)) for path in synced.files_changed],
        "conflicts": [_conflict_as_json(dispute) for dispute in exchange.disputes],
    }


def _conflict_as_json(dispute: Dispute) -> dict[str, object]:
    both = dispute.both
    return {
        "path": encodable(os.fsdecode(dispute.path)),
        "field": None if both is None else name_of(both.field),
        "ours": None if both is None else _value(both, both.ours),
        "theirs": None if both is None else _value(both, both.theirs),
        "reason": dispute.reason or None,
    }


def _value(both: Both, value: object) -> object:
    return None if value is ABSENT or "secured" in both.field else plain(value)
