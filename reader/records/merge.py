"""Both sides' changes of one record in one file, field by field.

One side's bytes are the ground, theirs where that can be, and the other side's changed fields are
spliced into them. What is no field's value (comments, the order of fields, quotation marks) is as
the ground has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from . import front_matter
from .edit import AddItem, Change, Edit, Field, Refusal, RemoveItem, SetField
from .front_matter import Split
from .record import Problem
from .splice import Spliced, apply
from .values import ABSENT, same

BODY: Field = ("body",)
_STATE_FIELDS: tuple[Field, ...] = (("published",), ("removed",))
"""How the text after the front matter is named where both sides changed it."""

Side = Literal["ours", "theirs"]


@dataclass(frozen=True, slots=True)
class Both:
    """A field that both sides changed, to different values; `ABSENT`: no such field."""

    field: Field
    base: object
    ours: object
    theirs: object


@dataclass(frozen=True, slots=True)
class _Version:
    """One side's file: its bytes, what its front matter means, and its body."""

    data: bytes
    values: dict[Any, Any]
    at: int
    """Where the body begins."""
    is_yaml: bool = False

    @property
    def body(self) -> bytes:
        return self.data[self.at :]


@dataclass(slots=True)
class _Settling:
    """Two sides brought together value by value."""

    choose: Mapping[Field, Side]
    both: list[Both] = field(default_factory=list)

    def settle(self, field: Field, base: Any, ours: Any, theirs: Any) -> Any:
        """Return the value that a field becomes; where that is open, `both` has it afterwards."""
        if same(ours, theirs) or same(ours, base):
            return theirs
        if same(theirs, base):
            return ours
        if isinstance(ours, dict) and isinstance(theirs, dict):
            return self.settle_all(field, base if isinstance(base, dict) else {}, ours, theirs)
        if _is_texts(ours) and _is_texts(theirs) and (_is_texts(base) or base in (ABSENT, None)):
            return _joined(base if isinstance(base, list) else [], ours, theirs)
        side = self.choose.get(field)
        if side is None:
            self.both.append(Both(field, base, ours, theirs))
        return ours if side == "ours" else theirs

    def settle_all(
        self, field: Field, base: dict[Any, Any], ours: dict[Any, Any], theirs: dict[Any, Any]
    ) -> dict[Any, Any]:
        settled = {}
        for key in dict.fromkeys((*theirs, *ours)):
            values = (side.get(key, ABSENT) for side in (base, ours, theirs))
            value = self.settle((*field, key), *values)
            if value is not ABSENT:
                settled[key] = value
        return settled


def merge(
    base: bytes | None,
    ours: bytes | None,
    theirs: bytes | None,
    name: str,
    choose: Mapping[Field, Side] | None = None,
) -> bytes | tuple[Both, ...] | Refusal:
    """Return the bytes of a file called `name` with both sides' changes since `base` in it.

    None is a side that has no such file; without a base, every field is new on both sides. Fields
    that both changed are settled as `choose` says; those it does not name are returned, each as a
    Both. A Refusal: one side removed the file, a version cannot be read as a record, or the
    changes cannot be written into either side's bytes.
    """
    if ours is None or theirs is None:
        return _removed(ours, theirs)
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    versions = []
    for whose, data in (("last common", base), ("own", ours), ("upstream's", theirs)):
        version = _Version(b"", {}, 0) if data is None else _read(data, name, whose)
        if isinstance(version, Refusal):
            return version
        versions.append(version)
    before, own, other = versions
    settling = _Settling(choose or {})
    values = settling.settle_all((), before.values, own.values, other.values)
    values = _with_one_state(settling, before, own, other, values)
    body = settling.settle(BODY, before.body, own.body, other.body)
    if settling.both:
        return tuple(_body_as_text(each) for each in settling.both)
    merged = _written(other, values, body, name)
    if isinstance(merged, bytes):
        return merged
    instead = _written(own, values, body, name)
    return instead if isinstance(instead, bytes) else merged


def _with_one_state(
    settling: _Settling, before: _Version, own: _Version, other: _Version, values: dict[Any, Any]
) -> dict[Any, Any]:
    """Return the values with the state of one side, where both decided, and not the same: two
    fields make a state, and merged one by one they would be a decision that nobody made."""
    base, ours, theirs = (_state(version.values) for version in (before, own, other))
    if ours == theirs or base in (ours, theirs):
        return values
    settling.both = [each for each in settling.both if each.field not in _STATE_FIELDS]
    side = settling.choose.get(_STATE_FIELDS[0])
    if side is None:
        settling.both.append(Both(_STATE_FIELDS[0], base, ours, theirs))
        return values
    chosen = own.values if side == "ours" else other.values
    names = {field[0] for field in _STATE_FIELDS}
    kept = {name: value for name, value in values.items() if name not in names}
    return kept | {name: chosen[name] for name in names if name in chosen}


def _state(values: Mapping[Any, Any]) -> str:
    if values.get("removed") is True:
        return "rejected"
    return "unpublished" if values.get("published") is False else "published"


def _removed(ours: bytes | None, theirs: bytes | None) -> Refusal:
    if ours is None and theirs is None:
        return Refusal("It was removed on both sides.", already=True)
    if ours is None:
        return Refusal("It was removed here, and changed upstream.")
    return Refusal("It was changed here, and removed upstream.")


def _read(data: bytes, name: str, whose: str) -> _Version | Refusal:
    found = front_matter.locate(data, name)
    if found is None:
        return Refusal(f"The {whose} version is no record: it does not begin with front matter.")
    values: dict[Any, Any] | Problem = (
        front_matter.parse(data[found.start : found.end], found.first_line, by_lines=False)
        if isinstance(found, Split)
        else found
    )
    if isinstance(found, Problem) or isinstance(values, Problem):
        problem = found if isinstance(found, Problem) else values
        assert isinstance(problem, Problem)
        where = f" (line {problem.line})" if problem.line else ""
        return Refusal(f"The {whose} version cannot be read as a record{where}: {problem.reason}.")
    # A plain YAML file has no closing fence: what follows its first document is its body.
    is_yaml = found.first_line == 1
    return _Version(data, values, found.end if is_yaml else found.body, is_yaml)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _joined(base: list[str], ours: list[str], theirs: list[str]) -> list[str]:
    """Return their items, without those we took away, and with those we added."""
    gone, known = set(base) - set(ours), {*base, *theirs}
    kept = [each for each in theirs if each not in gone]
    return kept + [each for each in dict.fromkeys(ours) if each not in known]


def _body_as_text(both: Both) -> Both:
    if both.field != BODY or not isinstance(both.ours, bytes):
        return both
    texts = (
        side.decode("utf-8", "replace") if isinstance(side, bytes) else side
        for side in (both.base, both.ours, both.theirs)
    )
    return Both(BODY, *texts)


# -- into bytes -----------------------------------------------------------------------------------
def _written(ground: _Version, values: dict[Any, Any], body: bytes, name: str) -> bytes | Refusal:
    """Return the ground's bytes with these values and this body."""
    changes = tuple(_changes((), ground.values, values))
    spliced = apply(ground.data, name, Edit(changes), force=True)
    if not isinstance(spliced, Spliced):
        assert isinstance(spliced, Refusal)  # forced, nothing clashes
        return spliced
    data = spliced.data
    if body != ground.body:
        front = data[: len(data) - len(ground.body)] if ground.body else data
        if body and not ground.is_yaml and not front.endswith(b"\n"):
            front += b"\r\n" if b"\r\n" in front else b"\n"
        data = front + body
    result = _read(data, name, "merged")
    if isinstance(result, Refusal):
        return result
    if result.body != body:
        return Refusal("The merged body would be read otherwise.", by_hand=True)
    return data


def _changes(field: Field, old: Any, new: Any) -> Iterator[Change]:
    """Yield the changes that make `new` of the ground's value `old`."""
    if same(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            yield from _changes((*field, key), old.get(key, ABSENT), new.get(key, ABSENT))
    elif _is_texts(new) and (_is_texts(old) or (new and old in (ABSENT, None))):
        yield from _item_changes(field, old, new)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (was, to) in enumerate(zip(old, new, strict=True)):
            yield from _changes((*field, index), was, to)
    else:
        yield SetField(field, old, new)


def _item_changes(field: Field, old: Any, new: list[str]) -> Iterator[Change]:
    now = list(old) if isinstance(old, list) else []
    gone = [each for each in now if each not in new]
    changes: list[Change] = []
    # Added first, so that a list whose only item is replaced is never empty.
    for index, item in enumerate(new):
        if item not in now:
            at = now.index(new[index - 1]) + 1 if index else 0
            now.insert(at, item)
            changes.append(AddItem(field, item, at))
    if [each for each in now if each not in gone] != new:
        yield SetField(field, old, new)  # in another order, or an item twice: not by items
        return
    yield from changes
    yield from (RemoveItem(field, each) for each in gone)
