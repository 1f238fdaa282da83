"""`reader commit`: what was decided here, as a commit of the collection's git work tree."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from reader.records.json_fields import to_json

from . import DONE, USAGE, CommandError
from .editing import add_outcome
from .opening import add_collection
from .output import is_terminal, write_exact
from .publishing import commit_as_json, opened_for_publishing, tell_commit

SUMMARY = "commit the records decided here (git)"

EXAMPLES = """\
examples:
  reader commit
  reader commit -m "Friday's triage"
  reader commit --dry-run
  reader commit ~/feed

Commits exactly the records that were decided here and differ by that from the last commit, as they
are on the disk; what else you changed or staged stays as it is, and so does a record of which
others have set back all that was decided. The message counts by kind the decisions that still show,
and lists the records; -m replaces its first line. Your git's own name, hooks and signing apply.

output: what was decided of each record, and its path. --json is {"commit", "message", "records":
[{"path", "decided"}]}; `commit` is null when there was nothing to commit, and for --dry-run.

exit codes: 0 done, also when there was nothing to commit; 2 wrong usage or configuration; 3 could
not be done: no git, no work tree, or git refused.
"""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("-m", "--message", metavar="M", help="the first line of the message")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done; do nothing")
    add_collection(parser)
    add_outcome(parser)


def run(args: Namespace) -> int:
    if args.message is not None and not args.message.strip():
        raise CommandError("the message is empty; leave -m out for one that counts.", USAGE)
    subject = args.message or ""
    # Somebody at the terminal can type the passphrase of a signing key.
    can_prompt = is_terminal(sys.stdin) and is_terminal(sys.stderr)
    with opened_for_publishing(args, can_prompt=can_prompt) as publishing:
        commit = publishing.plan(subject) if args.dry_run else publishing.commit(subject)
    if args.json:
        write_exact(to_json(commit_as_json(commit), indent=1) + "\n")
    else:
        tell_commit(commit)
    return DONE
