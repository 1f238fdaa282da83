"""A value of front matter as it is told to a person: on one line, as a record's file has it."""

from __future__ import annotations

from .edit import Field
from .json_fields import plain, to_json
from .text import display, encodable
from .values import ABSENT
from .yaml_text import texts_of

MOST = 300
"""Characters of a value that are told."""


def shown_value(
    value: object, field: Field = (), *, absent: str = "(absent)", most: int = MOST
) -> str:
    """Return a field's value as text that is safe to show; what `secured` holds never is."""
    if value is ABSENT:
        return absent
    if "secured" in field:
        return "(not shown)"
    # A body may be megabytes long, and repairing takes its time.
    return cut(encodable(display(_written(value)[: 4 * most])), most)


def cut(text: str, most: int = MOST) -> str:
    """Return a text as far as it is told."""
    return text if len(text) <= most else f"{text[:most]}…"


def _written(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple) and not any(isinstance(each, list | dict) for each in value):
        return ", ".join(map(_written, value))
    try:
        return next(texts_of(value, ""))
    except ValueError:  # no single value, or a number that is not finite
        return to_json(plain(value))
