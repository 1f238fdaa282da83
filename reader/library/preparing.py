"""From a decision to the bytes it makes of one file: locked, read again, decided and spliced.

Nothing is written here.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from reader.records import front_matter, json_values
from reader.records.decisions import Decision, Mark, Move, decide
from reader.records.edit import Change, Clash, Edit, Refusal, Rewrite, SetField, inverse, name_of
from reader.records.record import Problem, Record
from reader.records.shown_value import shown_value
from reader.records.splice import Splice, Spliced, apply, undone
from reader.records.values import ABSENT, same

from .journal import Entry, Journal, Marked, Moved, hash_of
from .outcome import Became, Result, Target
from .parsing import path_key, record_key, show
from .replace import Held, hold, temporary


@dataclass(slots=True)
class Prepared:
    """What is about to be done to one record; its file stays locked until it is let go."""

    entry: Entry
    held: Held | None
    data: bytes
    result: Result

    def let_go(self) -> None:
        if self.held is not None:
            self.held.let_go()


@dataclass(frozen=True, slots=True)
class _Found:
    """A record's file as it is now, locked."""

    path: bytes
    held: Held
    record: Record | Problem
    key: int
    """As the reader's own state knows the record."""

    @property
    def title(self) -> str:
        title = show(self.record.title) if isinstance(self.record, Record) else ""
        return title or show(_name(self.path))


class Preparing:
    """Prepares the edits of one collection. Its methods raise CannotWriteError, BusyError."""

    def __init__(
        self,
        root: bytes,
        journal: Journal,
        now: Callable[[], float],
        relocate: Callable[[int, bytes], bytes | None],
        place_of_rejected: Callable[[bytes, str], bytes] | None,
    ) -> None:
        self._root = root
        self._journal = journal
        self._now = now
        self._relocate = relocate
        self._place_of_rejected = place_of_rejected
        self.ours: set[tuple[int, int]] = set()
        """The files (device and inode) that the batch in hand holds already."""

    # -- deciding -------------------------------------------------------------------------------
    def decided(self, decision: Decision, target: Target, force: bool) -> Prepared | Result:
        """Return what a decision is about to change, or why it changes nothing."""
        found = self._hold(target.path, target.key)
        if found is None:
            return Result(target.path, Became.FAILED, reason=self._why_gone(target.path))
        with _let_go_unless_prepared(found.held) as keep:
            return keep(self._decided(decision, target, found, force))

    def rewritten(self, target: Target, edit: Rewrite) -> Prepared | Result:
        """Return the file as the user's own editor left it, about to be put in place."""
        found = self._hold(target.path, None)
        if found is None:
            return Result(target.path, Became.FAILED, reason="The file is gone.")
        with _let_go_unless_prepared(found.held) as keep:
            if found.held.data != edit.before:
                reason = "The file was changed by someone else while it was in the editor."
                return keep(Result(found.path, Became.CLASH, found.title, reason))
            if edit.after == edit.before:
                return keep(Result(found.path, Became.ALREADY, found.title, "Nothing was changed."))
            spliced = Spliced(edit.after, (_difference(edit.before, edit.after),), ())
            result = Result(found.path, Became.DONE, found.title)
            return keep(_prepared(found, spliced, result))

    def _decided(
        self, decision: Decision, target: Target, found: _Found, force: bool
    ) -> Prepared | Result:
        record, path = found.record, found.path
        if isinstance(record, Problem):
            where = f" (line {record.line})" if record.line else ""
            return Result(path, Became.REFUSED, reason=f"It cannot be read{where}: {record.reason}")
        moved_from = target.path if path != target.path else b""
        result = Result(path, Became.DONE, found.title, was=record.state, moved_from=moved_from)
        now = decide(decision, record)
        if isinstance(now, Refusal) and now.already:
            return replace(result, became=Became.ALREADY, reason=now.reason)
        clash = None if force else _seen_otherwise(decision, target, record)
        if clash is not None:
            return replace(result, became=Became.CLASH, reason=say_clash(clash), clash=clash)
        outcome = now if force or target.seen is None else decide(decision, target.seen)
        if isinstance(outcome, Refusal):
            became = Became.ALREADY if outcome.already else Became.REFUSED
            return replace(result, became=became, reason=outcome.reason)
        if isinstance(outcome, Mark):
            return self._marked(outcome, Entry(path, found.title, found.key), result)
        if isinstance(outcome, Move):
            return self._moved(found, result)
        return _applied(found, outcome, result, force)

    def _marked(self, mark: Mark, entry: Entry, result: Result) -> Prepared | Result:
        was = self._mark_now(entry.key, mark.column)
        to = int(self._now()) if mark.to == 0 else mark.to
        if (was is None and to is None) or (mark.to == 0 and was is not None):
            return replace(result, became=Became.ALREADY, reason="It is so already.")
        return Prepared(replace(entry, marked=Marked(mark.column, was, to)), None, b"", result)

    def _moved(self, found: _Found, result: Result) -> Prepared | Result:
        if self._place_of_rejected is None:
            reason = "There is no place set for rejected files."
            return replace(result, became=Became.REFUSED, reason=reason)
        source = os.path.join(self._root, found.path)
        if os.path.islink(source):
            reason = "It is a symbolic link; move what it leads to by hand."
            return replace(result, became=Became.REFUSED, reason=reason)
        moved = Moved(source, self._place_of_rejected(found.path, secrets.token_hex(4)))
        whole = hash_of(found.held.data)
        entry = Entry(found.path, found.title, found.key, before=whole, after=whole, moved=moved)
        return Prepared(entry, found.held, b"", result)

    # -- taking back ----------------------------------------------------------------------------
    def taken_back(self, entry: Entry, force: bool) -> Prepared | Result:
        """Return what taking an entry back is about to change, or why it changes nothing."""
        result = Result(entry.path, Became.DONE, entry.title)
        if entry.marked is not None:
            return self._back_marked(entry, entry.marked, result, force)
        if entry.moved is not None:
            return self._back_moved(entry, entry.moved, result)
        found = self._hold(entry.path, entry.key)
        if found is None and _changes_link(entry):
            found = self._hold(entry.path, None)
        if found is None:
            return replace(result, became=Became.FAILED, reason=self._why_gone(entry.path))
        with _let_go_unless_prepared(found.held) as keep:
            return keep(_back_spliced(entry, found, replace(result, path=found.path), force))

    def _back_marked(
        self, entry: Entry, marked: Marked, result: Result, force: bool
    ) -> Prepared | Result:
        now = self._mark_now(entry.key, marked.column)
        if now == marked.was:
            return replace(result, became=Became.ALREADY, reason="It is so already.")
        if now != marked.to and not force:
            reason = "It has been decided otherwise since."
            return replace(result, became=Became.CLASH, reason=reason)
        back = Entry(
            entry.path,
            entry.title,
            entry.key,
            marked=Marked(marked.column, now, marked.was),
            of=entry.id,
        )
        return Prepared(back, None, b"", result)

    def _back_moved(self, entry: Entry, moved: Moved, result: Result) -> Prepared | Result:
        if not os.path.lexists(moved.target):
            return replace(result, became=Became.FAILED, reason="The moved file is gone.")
        if self._is_there(moved.source):
            reason = "Another file has its name now; rename that one first."
            return replace(result, became=Became.CLASH, reason=reason)
        back = replace(entry, moved=Moved(moved.target, moved.source), of=entry.id)
        return Prepared(back, None, b"", result)

    def _why_gone(self, path: bytes) -> str:
        if os.path.lexists(os.path.join(self._root, path)):
            return "Its file holds another record now, and it is found nowhere else."
        return "The file is gone."

    # -- the file -------------------------------------------------------------------------------
    def _hold(self, path: bytes, key: int | None) -> _Found | None:
        """Lock the file that holds a record: at its path, or wherever it has gone."""
        found = self._held(path)
        if found is not None:
            if key is None or found.key == key or isinstance(found.record, Problem):
                return found
            found.held.let_go()
        elsewhere = self._relocate(key, path) if key is not None else None
        if elsewhere is None:
            return None
        found = self._held(elsewhere)
        if found is not None and found.key != key:
            found.held.let_go()
            return None
        return found

    def _held(self, path: bytes) -> _Found | None:
        held = self._held_file(path)
        if held is None:
            return None
        record = read_again(held.data, path)
        key = record_key(record, path) if isinstance(record, Record) else path_key(path)
        return _Found(path, held, record, key)

    # -- what is there now, which a rehearsal only supposes -------------------------------------
    def _held_file(self, path: bytes) -> Held | None:
        return hold(self._root, path, self.ours)

    def _is_there(self, place: bytes) -> bool:
        return os.path.lexists(place)

    def _mark_now(self, key: int, column: str) -> int | None:
        return self._journal.marks_of([key], column)[key]


@contextlib.contextmanager
def _let_go_unless_prepared(
    held: Held,
) -> Iterator[Callable[[Prepared | Result], Prepared | Result]]:
    """Let a file go unless what is handed to the function given needs it still."""
    kept = False

    def keep(made: Prepared | Result) -> Prepared | Result:
        nonlocal kept
        kept = isinstance(made, Prepared) and made.held is held
        return made

    try:
        yield keep
    finally:
        if not kept:
            held.let_go()


def _prepared(
    found: _Found, spliced: Spliced, result: Result, key: int | None = None, of: int | None = None
) -> Prepared:
    entry = Entry(
        found.path,
        found.title,
        found.key if key is None else key,
        spliced.changes,
        spliced.splices,
        hash_of(found.held.data),
        hash_of(spliced.data),
        temp=temporary(found.held.path, secrets.token_hex(8)),
        of=of,
    )
    return Prepared(entry, found.held, spliced.data, replace(result, changes=spliced.changes))


def _applied(
    found: _Found, edit: Edit, result: Result, force: bool, back: Entry | None = None
) -> Prepared | Result:
    spliced = apply(found.held.data, _name(found.path), edit, force=force)
    if isinstance(spliced, Clash):
        return replace(result, became=Became.CLASH, reason=say_clash(spliced), clash=spliced)
    if isinstance(spliced, Refusal):
        return replace(result, became=Became.REFUSED, reason=spliced.reason)
    if not spliced.splices:
        return replace(result, became=Became.ALREADY, reason="It is so already.")
    for change in spliced.changes:
        try:
            json_values.dumped(change.was if isinstance(change, SetField) else None)
        except TypeError:
            reason = f"{name_of(change.field)} holds what no undo could bring back; edit it by hand"
            return replace(result, became=Became.REFUSED, reason=f"{reason}.")
    if back is None:
        return _prepared(found, spliced, result)
    return _prepared(found, spliced, result, back.key, back.id)


def _back_spliced(entry: Entry, found: _Found, result: Result, force: bool) -> Prepared | Result:
    """Take an entry back: to the byte where nobody has touched the file since, else by fields."""
    data = found.held.data
    before = undone(data, entry.splices) if hash_of(data) == entry.after else None
    if before is not None and hash_of(before) == entry.before:
        changes = tuple(inverse(each) for each in reversed(entry.changes))
        spliced = Spliced(before, _reversed(entry.splices), changes)
        return _prepared(found, spliced, result, entry.key, entry.id)
    if not entry.changes:
        reason = "The file has been changed since; what was edited by hand stays."
        return replace(result, became=Became.CLASH, reason=reason)
    texts = {splice.field: splice.old.decode("utf-8", "replace") for splice in entry.splices}
    back: list[Change] = []
    for change in reversed(entry.changes):
        inverted = inverse(change)
        if isinstance(inverted, SetField):
            text_then = texts.get(name_of(inverted.field), "")
            inverted = replace(inverted, text=text_then if "\n" in text_then else text_then.strip())
        back.append(inverted)
    return _applied(found, Edit(tuple(back)), result, force, entry)


def _changes_link(entry: Entry) -> bool:
    """Return whether an edit may have changed the very link that its record is known by."""
    return not entry.changes or any(
        each.field[0] in ("webUrl", "originalUrl") for each in entry.changes
    )


def read_again(data: bytes, path: bytes) -> Record | Problem:
    """Return the record that a file called by the path `path` holds, or the Problem."""
    try:
        record = front_matter.read_record(data, _name(path))
    except Exception as error:  # noqa: BLE001  one hostile file is one Problem, never the end
        return Problem(f"This file could not be read as a record ({type(error).__name__}).")
    return Problem("This file no longer begins with front matter.") if record is None else record


def _name(path: bytes) -> str:
    return os.fsdecode(os.path.basename(path))


def _seen_otherwise(decision: Decision, target: Target, record: Record) -> Clash | None:
    """Return the clash when the list showed something else than the file has now."""
    touches = decision.kind.touches
    seen = target.seen
    if seen is not None:
        # Its own values go with the edit; but a state is made of two fields, and what was absent
        # then, as it was to be, is not looked at by the edit.
        if "state" in touches and seen.state is not record.state:
            now, then = (each.data.get("removed", ABSENT) for each in (record, seen))
            if not same(now, then):
                return Clash(("removed",), then, now, None)
            now, then = (each.data.get("published", ABSENT) for each in (record, seen))
            return Clash(("published",), then, now, None)
        return None
    if "state" in touches and target.state is not None and record.state is not target.state:
        return Clash(("published",), target.state.name.lower(), record.state.name.lower(), None)
    if "quality" in touches and target.quality is not None and record.quality != target.quality:
        return Clash(("quality",), target.quality, record.quality, None)
    return None


def say_clash(clash: Clash) -> str:
    """Return what someone else has done, as a sentence."""
    seen, found = (
        shown_value(value, clash.field, absent="absent", most=60)
        for value in (clash.seen, clash.found)
    )
    return (
        f"Someone has changed {name_of(clash.field)} meanwhile: it was {seen} and is {found} now."
    )


_NO_KEY = (b" ", b"\t", b"\r", b"\n", b"-", b"#", b"")
"""What a line begins with that goes on with a field."""


def _difference(before: bytes, after: bytes) -> Splice:
    """Return the one splice between two versions of a file: whole fields, so that what is shown of
    it later tells which they are."""
    most = min(len(before), len(after))
    start = next((at for at in range(most) if before[at] != after[at]), most)
    end = 0
    while end < most - start and before[-1 - end] == after[-1 - end]:
        end += 1
    start = max(before.rfind(b"\n", 0, start), 0)
    while start and before[start + 1 : start + 2] in _NO_KEY:
        start = max(before.rfind(b"\n", 0, start), 0)
    start += before[start : start + 1] == b"\n"
    while end and before[len(before) - end - 1 : len(before) - end] != b"\n":
        end -= 1
    return Splice("", start, before[start : len(before) - end], after[start : len(after) - end])


def _reversed(splices: Iterable[Splice]) -> tuple[Splice, ...]:
    """Return the splices that take these back."""
    return tuple(
        Splice(each.field, each.offset, each.new, each.old) for each in reversed(tuple(splices))
    )
