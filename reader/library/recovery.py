"""After a crash: what was under way is finished or forgotten, as the files themselves tell."""

from __future__ import annotations

import contextlib
import os

from reader.records import text
from reader.records.edit import SetField
from reader.records.record import Record
from reader.records.splice import value_at

from .files import is_inside
from .journal import Entry, Journal, Moved, hash_of
from .preparing import read_again
from .replace import MARK, sync_folder


def recover(root: bytes, journal: Journal) -> list[str]:
    """Settle the journal's pending entries; return a sentence for each.

    Only for whoever holds the journal's lock: nobody alive has entries pending then."""
    told, done, forgotten = list[str](), list[int](), list[int]()
    for entry in journal.pending():
        was_made = _was_made(root, entry)
        (done if was_made else forgotten).append(entry.id)
        step = journal.step(entry.step)
        what = step.decision.label if step is not None else "an edit"
        how = f"{step.how} of {what}" if step is not None and step.of is not None else what
        ended = "it was done, and is kept" if was_made else "it was not done, and is forgotten"
        shown = text.encodable(text.clean(os.fsdecode(entry.path)))
        told.append(f"The reader was stopped during “{how}” of {shown}: {ended}.")
    if told:
        journal.settle(done, forgotten)
    return told


def _was_made(root: bytes, entry: Entry) -> bool:
    """Return whether a pending entry was made, and clear away what it left."""
    if os.path.basename(entry.temp).startswith(MARK):
        with contextlib.suppress(OSError):
            os.unlink(entry.temp)
    if entry.marked is not None:
        return False  # it is made in the very transaction that settles it
    if entry.moved is not None:
        return _was_moved(entry.moved)
    path = os.path.realpath(os.path.join(root, entry.path))
    if not is_inside(root, path):
        return False
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return False
    found = hash_of(data)
    if found in (entry.before, entry.after):
        sync_folder(os.path.dirname(path))
        return found == entry.after
    # Someone has written it since: then its fields tell.
    record = read_again(data, entry.path)
    sets = [change for change in entry.changes if isinstance(change, SetField)]
    return (
        isinstance(record, Record)
        and bool(sets)
        and all(value_at(record.data, each.field) == each.to for each in sets)
    )


def _was_moved(moved: Moved) -> bool:
    if not os.path.lexists(moved.source):
        return os.path.lexists(moved.target)
    # Both names: the target is our link or copy, whole or not. It is ours to take away only where
    # it is the same file, or the beginning of its copy.
    with contextlib.suppress(OSError):
        if os.path.samefile(moved.source, moved.target) or _begins_with(moved):
            os.unlink(moved.target)
    return False


def _begins_with(moved: Moved) -> bool:
    with open(moved.source, "rb") as source, open(moved.target, "rb") as target:
        return source.read().startswith(target.read())
