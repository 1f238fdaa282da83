"""Byte-exact edits of front matter.

The composer of the YAML parser tells where each value stands in the source (its marks, counted in
characters). A change replaces just that text, or puts in or takes out whole lines; the result is
read again, and unless the field has its new value and every other field is what it was, nothing
comes of it. No dumper is involved, so all else (quoting, comments, blank lines, CRLF, BOM, missing
final newline, body) is what it was by construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from . import front_matter
from .dates import parse_date
from .edit import AddItem, Change, Clash, Edit, Field, Refusal, RemoveItem, SetField, name_of
from .record import Problem
from .values import ABSENT, same
from .yaml_places import BY_HAND, CannotError, compose, ways


class Splice(NamedTuple):
    """A run of bytes that others took the place of."""

    field: str
    offset: int
    """Bytes from the start of the file as it was before this splice."""
    old: bytes
    new: bytes


@dataclass(frozen=True, slots=True)
class Spliced:
    """A file with an edit in it. No splices: it was so already."""

    data: bytes
    splices: tuple[Splice, ...]
    changes: tuple[Change, ...]
    """Those that were made, with what was found as `was`."""


def apply(data: bytes, name: str, edit: Edit, *, force: bool = False) -> Spliced | Clash | Refusal:
    """Return the bytes of a file called `name` with the edit in it.

    A Clash when a field is neither what the decider saw nor what it is to become (with `force` it
    is changed all the same); a Refusal when the file cannot be read as a record or a field cannot
    be edited safely.
    """
    splices: list[Splice] = []
    made: list[Change] = []
    front = _Front.of(data, name)
    if isinstance(front, Refusal):
        return front
    for change in edit.changes:
        checked = _checked(front.values, change, force)
        if isinstance(checked, Clash):
            return checked
        if checked is None:
            continue
        try:
            step = _change(front, checked)
        except CannotError as error:
            return Refusal(f"{name_of(change.field)} {error}", by_hand=True)
        front, splice = step
        splices.append(splice)
        made.append(checked)
    return Spliced(front.data, tuple(splices), tuple(made))


def undone(data: bytes, splices: Sequence[Splice]) -> bytes | None:
    """Return the bytes before these splices were made; None when they are not in `data`."""
    for splice in reversed(splices):
        end = splice.offset + len(splice.new)
        if data[splice.offset : end] != splice.new:
            return None
        data = data[: splice.offset] + splice.old + data[end:]
    return data


def value_at(values: object, field: Field) -> object:
    """Return the value of a field in parsed front matter, or ABSENT."""
    for part in field:
        if isinstance(part, str):
            if not isinstance(values, dict) or part not in values:
                return ABSENT
            values = values[part]
        else:
            if not isinstance(values, list) or not 0 <= part < len(values):
                return ABSENT
            values = values[part]
    return values


def is_made(values: dict[Any, Any], change: Change) -> bool:
    """Return whether parsed front matter has a change in it already."""
    return _checked(values, change, True) is None


# -- one change -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Front:
    """A file's front matter: its text and what that means."""

    data: bytes
    name: str
    start: int
    end: int
    text: str
    values: dict[Any, Any]

    @classmethod
    def of(cls, data: bytes, name: str) -> _Front | Refusal:
        found = front_matter.locate(data, name)
        if found is None:
            return Refusal("The file is no record any more: it does not begin with front matter.")
        if isinstance(found, Problem):
            return _unreadable(found)
        values = front_matter.parse(data[found.start : found.end], found.first_line, by_lines=False)
        if isinstance(values, Problem):
            return _unreadable(values)
        text = data[found.start : found.end].decode()
        return cls(data, name, found.start, found.end, text, values)

    def spliced(self, field: str, start: int, end: int, new: str) -> tuple[_Front, Splice] | None:
        """Return what it comes to when the characters from start to end are replaced; None when
        that can no longer be read."""
        offset = self.start + len(self.text[:start].encode())
        old = self.text[start:end].encode()
        fresh = new.encode()
        data = self.data[:offset] + fresh + self.data[offset + len(old) :]
        front = _Front.of(data, self.name)
        if isinstance(front, Refusal) or front.start != self.start:
            return None
        if front.end - self.end != len(fresh) - len(old):
            return None  # what was put in ended the front matter
        return front, Splice(field, offset, old, fresh)


def _unreadable(problem: Problem) -> Refusal:
    where = f" (line {problem.line})" if problem.line else ""
    return Refusal(f"The file cannot be read as a record{where}: {problem.reason}.", by_hand=True)


def _checked(values: dict[Any, Any], change: Change, force: bool) -> Change | Clash | None:
    """Return the change as it is to be made, None when it is made already, or the Clash."""
    found = value_at(values, change.field)
    if isinstance(change, SetField):
        if _means(found, change.to):
            return None
        if not force and not same(found, change.was):
            return Clash(change.field, change.was, found, change.to)
        return SetField(change.field, found, change.to, change.text)
    items = found if isinstance(found, list) else []
    if isinstance(change, AddItem):
        return None if change.item in items else change
    return change if change.item in items else None


def _change(front: _Front, change: Change) -> tuple[_Front, Splice]:
    """Return the front matter with one change in it. Raises CannotError."""
    if isinstance(change, SetField) and isinstance(change.was, dict | list):
        raise CannotError(f"holds more than one value; {BY_HAND}")
    wanted = _wanted(front.values, change)
    name = name_of(change.field)
    try:
        root = compose(front.text)
        for start, end, new in ways(front.text, root, change):
            result = front.spliced(name, start, end, new)
            if result is not None and _is_wanted(result[0].values, wanted, change):
                return result
    except ValueError as error:
        raise CannotError(str(error)) from None
    raise CannotError(f"cannot be changed without touching something else; {BY_HAND}")


def _wanted(values: dict[Any, Any], change: Change) -> dict[Any, Any]:
    """Return the values that the file has to have afterwards."""
    root: dict[Any, Any] = dict(values)
    at: Any = root
    for part in change.field[:-1]:
        inner = at[part]
        at[part] = dict(inner) if isinstance(inner, dict) else list(inner)
        at = at[part]
    last = change.field[-1]
    if isinstance(change, SetField):
        if change.to is not ABSENT:
            at[last] = change.to
        elif isinstance(last, str):
            del at[last]
        else:
            raise CannotError(f"cannot be taken out of its list; {BY_HAND}")
        return root
    found = value_at(values, change.field)
    if found is not ABSENT and found is not None and not isinstance(found, list):
        raise CannotError(f"is no list; {BY_HAND}")
    items = list(found) if isinstance(found, list) else []
    if isinstance(change, RemoveItem):
        items.remove(change.item)
    else:
        items.insert(change.at if 0 <= change.at <= len(items) else len(items), change.item)
    at[last] = items
    return root


def _is_wanted(values: dict[Any, Any], wanted: dict[Any, Any], change: Change) -> bool:
    if same(values, wanted):
        return True
    # A date in quotation marks stays there, and is a text to the parser.
    if not isinstance(change, SetField) or len(change.field) != 1:
        return False
    name = change.field[0]
    if not _means(values.get(name, ABSENT), change.to):
        return False
    return same({**values, name: None}, {**wanted, name: None})


def _means(found: object, wanted: object) -> bool:
    """Return whether a value in a file is the wanted one."""
    if same(found, wanted):
        return True
    if isinstance(wanted, float | int) and not isinstance(wanted, bool):
        return isinstance(found, float | int) and not isinstance(found, bool) and found == wanted
    moment = parse_date(wanted) if not isinstance(wanted, str) else None
    return moment is not None and parse_date(found) == moment
