"""Edits: what a decision changes in one file, as values; `splice` makes bytes of them."""

from __future__ import annotations

from dataclasses import dataclass

Field = tuple[str | int, ...]
"""Where a value stands: `("published",)`, `("provider", "name")`, `("related", 0, "title")`."""


@dataclass(frozen=True, slots=True)
class SetField:
    """A single value given, changed, or (to `ABSENT`) taken away."""

    field: Field
    was: object
    """What the decider saw there; `ABSENT`: no such field."""
    to: object
    text: str = ""
    """How it was once written; used where that still means `to`. A new field's whole line."""


@dataclass(frozen=True, slots=True)
class AddItem:
    """One more text in a list; a list that is not there is made."""

    field: Field
    item: str
    at: int = -1
    """Before which item; -1: after the last."""


@dataclass(frozen=True, slots=True)
class RemoveItem:
    """One text fewer in a list."""

    field: Field
    item: str


Change = SetField | AddItem | RemoveItem


@dataclass(frozen=True, slots=True)
class Edit:
    """The changes of one decision to one file; all of them are made, or none."""

    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A whole file as the user's own editor left it."""

    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a decision cannot be made; nothing is written."""

    reason: str
    """A sentence without the record's name."""
    already: bool = False
    """The record is so already."""
    by_hand: bool = False
    """It can be done in `$EDITOR`."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Someone else has changed the same field; nothing is written unasked."""

    field: Field
    seen: object
    """What the decider saw."""
    found: object
    """What the file has now."""
    wanted: object
    """What the decision would have made of it."""


def name_of(field: Field) -> str:
    """Return a field as a person writes it: `related[0].title`."""
    text = ""
    for part in field:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def inverse(change: Change) -> Change:
    """Return the change that takes this one back. What an item's removal forgets (its place) is
    not brought back: it comes last."""
    if isinstance(change, SetField):
        return SetField(change.field, change.to, change.was)
    if isinstance(change, AddItem):
        return RemoveItem(change.field, change.item)
    return AddItem(change.field, change.item)
