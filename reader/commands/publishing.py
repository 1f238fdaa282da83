"""What `reader commit` and `reader sync` have in common."""

from __future__ import annotations

import contextlib
import os
from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from reader.records.text import encodable

from . import FAILED, USAGE, CommandError
from .editing import opened_for_editing
from .output import exact_path, note, write

if TYPE_CHECKING:
    from reader.library.publishing import Commit, Publishing


@contextlib.contextmanager
def opened_for_publishing(args: Namespace, *, can_prompt: bool) -> Iterator[Publishing]:
    """Open the collection that the arguments name, and its work tree. A sync that was killed is
    brought to an end first. Raises CommandError: also for what git cannot do."""
    from reader.library.git import GitError
    from reader.library.publishing import Publishing

    if args.path is not None and os.path.isfile(args.path):
        raise CommandError(
            f"{args.path} is a file. All that was decided in a folder is committed at once:"
            f" reader {args.command} FOLDER",
            USAGE,
        )
    with opened_for_editing(args) as (collection, editing):
        if editing.why_not and not getattr(args, "dry_run", False):
            raise CommandError(editing.why_not, FAILED)
        try:
            publishing = Publishing(collection, editing, can_prompt=can_prompt)
            told = publishing.recover()
            if told is not None:
                note(told)
            yield publishing
        except GitError as error:
            raise CommandError(str(error), FAILED) from None


def tell_commit(commit: Commit) -> None:
    """Write what was committed, or would be: each record, and for people the message's first line."""
    for record in commit.records:
        write(f"{', '.join(record.kinds)}\t{exact_path(os.fsdecode(record.path))}")
    if not commit.records:
        note(
            "there is nothing to commit: nothing that was decided here differs from the last commit."
        )
    else:
        subject = commit.message.partition("\n")[0]
        note(f"would commit: {subject}" if commit.id is None else f"{commit.id} {subject}")


def commit_as_json(commit: Commit) -> dict[str, object]:
    """Return a commit as plain values."""
    return {
        "commit": commit.id,
        "message": commit.message or None,
        "records": [
            {"path": encodable(os.fsdecode(record.path)), "decided": list(record.kinds)}
            for record in commit.records
        ],
    }
