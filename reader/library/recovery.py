"""After a crash: what was under way is finished or forgotten, as the files themselves tell."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence

from reader.records import text
from reader.records.record import Problem, Record
from reader.records.splice import is_made

from .files import is_inside, read_file
from .journal import Entry, Journal, Moved, Step, hash_of
from .preparing import read_again
from .replace import MARK, sync_folder

_NAMED = 3
"""So many records of a step are named; of more only their number is told."""
Relocate = Callable[[int, bytes], bytes | None]
"""Finds the file of the record of a key, which is not at this path."""


def recover(root: bytes, journal: Journal, relocate: Relocate) -> list[str]:
    """Settle the journal's pending entries; return a sentence for each step that had some. One whose
    file cannot be read now stays pending, until it tells.

    Only for whoever holds the journal's lock: nobody alive has entries pending then."""
    settled: dict[int, tuple[list[Entry], list[Entry]]] = {}
    for entry in journal.pending():
        was_made = _was_made(root, entry, relocate)
        if was_made is not None:
            made, unmade = settled.setdefault(entry.step, ([], []))
            (made if was_made else unmade).append(entry)
    if settled:
        journal.settle(
            [entry.id for made, _ in settled.values() for entry in made],
            [entry.id for _, unmade in settled.values() for entry in unmade],
        )
    return [_told(journal.step(step), *entries) for step, entries in settled.items()]


def _told(step: Step | None, made: Sequence[Entry], unmade: Sequence[Entry]) -> str:
    what = step.decision.label if step is not None else "an edit"
    how = f"{step.how} of {what}" if step is not None and step.of is not None else what
    count = len(made) + len(unmade)
    if count == 1:
        whose = _names([*made, *unmade])
        ended = "it was done, and is kept" if made else "it was not done, and is forgotten"
    else:
        whose = f"{count:,} records"
        ended = "; ".join(
            f"{len(entries):,} {'was' if len(entries) == 1 else 'were'} {done}, and"
            f" {'is' if len(entries) == 1 else 'are'} {kept}"
            + (f" ({_names(entries)})" if count <= _NAMED else "")
            for entries, done, kept in ((made, "done", "kept"), (unmade, "not done", "forgotten"))
            if entries
        )
    return f"The reader was stopped during “{how}” of {whose}: {ended}."


def _names(entries: Sequence[Entry]) -> str:
    return ", ".join(text.encodable(text.clean(os.fsdecode(entry.path))) for entry in entries)


def _was_made(root: bytes, entry: Entry, relocate: Relocate) -> bool | None:
    """Return whether a pending entry was made, and clear away what it left; None: its file cannot
    be read now."""
    if entry.marked is not None:
        return False  # it is made in the very transaction that settles it
    if entry.moved is not None:
        return _was_moved(entry.moved)
    path = os.path.realpath(os.path.join(root, entry.path))
    data = _read(root, path)
    if isinstance(data, Problem):
        return None
    if os.path.basename(entry.temp).startswith(MARK):
        if data is not None and hash_of(data) == entry.after and _is_theirs(root, entry):
            os.replace(entry.temp, path)
            data = _read(root, path)
        else:
            with contextlib.suppress(OSError):
                os.unlink(entry.temp)
    if data is None:
        elsewhere = relocate(entry.key, entry.path)
        data = None if elsewhere is None else _read(root, os.path.join(root, elsewhere))
    if data is None or isinstance(data, Problem):
        return False
    found = hash_of(data)
    if found in (entry.before, entry.after):
        sync_folder(os.path.dirname(path))
        return found == entry.after
    # Someone has written it since: then its fields tell.
    record = read_again(data, entry.path)
    return (
        isinstance(record, Record)
        and bool(entry.changes)
        and all(is_made(dict(record.data), each) for each in entry.changes)
    )


def _is_theirs(root: bytes, entry: Entry) -> bool:
    """Return whether our file has displaced one that someone put there after the last look: it
    has our temporary name then, and the kill came before it could be put back."""
    displaced = _read(root, entry.temp)
    return isinstance(displaced, bytes) and hash_of(displaced) not in (entry.before, entry.after)


def _read(root: bytes, path: bytes) -> bytes | Problem | None:
    return read_file(root, os.path.relpath(path, root)) if is_inside(root, path) else None


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
