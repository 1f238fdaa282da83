"""Which edits show in what a commit would change: others may have set back since what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reader.records.record import Record
from reader.records.splice import Splice, is_made

from .journal import Uncommitted, hash_of
from .preparing import read_again


def showing(
    edits: Sequence[Uncommitted],
    path: bytes,
    before: bytes | None,
    after: bytes | None,
    *,
    is_elsewhere: bool,
) -> list[Uncommitted]:
    """Return those of a record's edits that show in the difference between its file as the last
    commit has it (`before`) and as the disk does (`after`); None: there it has none.

    `is_elsewhere`: one of the two has no file at the record's path, which is what a move shows in.
    Of the decisions that settle a state the last stands for all; set back in part, it is taken
    back. What was taken back before it was committed does not show: it has left what was there
    before, whoever wrote that. Of a version that is no record it cannot be told: all other edits may
    show."""
    if len(edits) == 1 and before is not None and after is not None:
        entry = edits[0].entry
        if (hash_of(before), hash_of(after)) == (entry.before, entry.after):
            return list(edits)  # the usual case: nobody else has touched the file
    versions = _Versions(before, after, _values(path, before), _values(path, after), is_elsewhere)
    by_id = {edit.entry.id: edit for edit in edits}
    found = [
        edit
        for edit in edits
        if (edit.decision is not None or versions.hold_what_it_takes_back(edit, by_id))
        and versions.show(edit)
    ]
    states = [edit for edit in edits if edit.decision and "state" in edit.decision.kind.touches]
    rest = [edit for edit in found if edit not in states]
    if len(rest) == len(found):
        return found
    last = states[-1]
    return [*rest, last if versions.have(last) else replace(last, decision=None)]


@dataclass(frozen=True, slots=True)
class _Versions:
    """A record's file as the last commit has it, and as it is."""

    before: bytes | None
    after: bytes | None
    was: dict[Any, Any] | None
    """What its front matter means; None where it is no record."""
    now: dict[Any, Any] | None
    is_elsewhere: bool

    def show(self, edit: Uncommitted) -> bool:
        """Whether something of an edit is here, and was not in the last commit."""
        entry, was, now = edit.entry, self.was, self.now
        if entry.moved is not None:
            return self.is_elsewhere
        if self.after is None:
            return False
        before = self.before or b""
        if not entry.changes:
            return _has_lines(entry.splices, before, self.after)
        if was is None or now is None:
            return True
        is_new = self.before is None
        return any(
            is_made(now, each) and (is_new or not is_made(was, each)) for each in entry.changes
        ) or _has_texts(entry.splices, before, self.after)

    def hold_what_it_takes_back(self, edit: Uncommitted, by_id: Mapping[int, Uncommitted]) -> bool:
        """Whether an edit takes one back that the last commit has in it."""
        if edit.entry.of is None:
            return False
        taken_back = by_id.get(edit.entry.of)
        if taken_back is None:
            return True  # it was committed here
        if self.before is None or taken_back.entry.moved is not None:
            return False
        if not taken_back.entry.changes:
            return hash_of(self.before) == taken_back.entry.after
        return self.was is None or any(is_made(self.was, each) for each in taken_back.entry.changes)

    def have(self, edit: Uncommitted) -> bool:
        """Whether all of an edit is here."""
        if edit.entry.moved is not None:
            return self.is_elsewhere
        now = self.now
        return now is None or all(is_made(now, change) for change in edit.entry.changes)


def _values(path: bytes, data: bytes | None) -> dict[Any, Any] | None:
    """Return what a version's front matter means; None where it is no record."""
    if data is None:
        return {}
    record = read_again(data, path)
    return dict(record.data) if isinstance(record, Record) else None


def _has_texts(splices: Iterable[Splice], before: bytes, after: bytes) -> bool:
    """Whether what was written into an entry of a list has come, wherever that entry is by now."""
    return any(
        "[" in each.field and each.new and each.new in after and each.new not in before
        for each in splices
    )


def _has_lines(splices: Iterable[Splice], before: bytes, after: bytes) -> bool:
    """Whether a line that an editor put in has come, or one that it took out has gone."""
    was, now = _lines(before), _lines(after)
    for splice in splices:
        old, new = _lines(splice.old), _lines(splice.new)
        put_in, taken_out = new - old, old - new
        if put_in & (now - was) or taken_out & (was - now):
            return True
        if not put_in and not taken_out:  # other places of the same lines: that is not looked at
            return True
    return False


def _lines(data: bytes) -> Counter[bytes]:
    return Counter(data.replace(b"\r\n", b"\n").split(b"\n"))
