"""A record as JSON: the data's own fields, exactly, in what JSON can say."""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Mapping, Set
from datetime import date, datetime
from typing import Any

from reader.records.record import Problem, Record
from reader.records.text import MARKED, MAX_MARKS, encodable, is_mark

MAX_DEPTH = 200  # front matter is bounded at 100 levels; this only guards against a loop

# JSON escapes C0 controls by itself. These too are written as \u escapes: the value stays the
# same, and the text can be shown anywhere.
_UNSAFE = re.compile(
    "[\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ue000-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff"
    + "".join(chr(plane << 16 | low) for plane in range(1, 14) for low in (0xFFFE, 0xFFFF))
    + "]"
)
_PILED = re.compile(f"[{MARKED}]{{{MAX_MARKS + 1},}}")


def record_fields(path: str, record: Record, *, until: int | None = None) -> dict[str, Any]:
    """Return the record's own fields, then `path` and `warnings` (`field` and `reason` each), and
    `deferredUntil` where a deferral is given, in seconds since 1970.

    Dates are ISO 8601 strings, numbers that are not finite are null, keys are strings.
    """
    fields: dict[str, Any] = plain(record.data)
    fields["path"] = encodable(path)
    fields["warnings"] = [
        {"field": encodable(warned.field), "reason": encodable(warned.reason)}
        for warned in record.warnings
    ]
    if until is not None:
        moment = datetime.fromtimestamp(until).astimezone()
        fields["deferredUntil"] = moment.isoformat(timespec="seconds")
    return fields


def problem_fields(path: str, problem: Problem) -> dict[str, Any]:
    """Return a problem's `path`, `line` (from 1; 0: the whole file) and `reason`."""
    return {"path": encodable(path), "line": problem.line, "reason": encodable(problem.reason)}


def to_json(value: object, indent: int | None = None) -> str:
    """Return JSON that can be encoded as UTF-8 and shown on any terminal."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    if text.isascii() and "\x7f" not in text:
        return text
    return _PILED.sub(_escape_piled, _UNSAFE.sub(_escape, text))


def plain(value: Any, depth: int = 0) -> Any:
    """Return a value of front matter as JSON's own types."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, int):
        # Python refuses to write very long numbers in decimal: that could take forever.
        return value if value.bit_length() < 8192 else hex(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):  # and datetime
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, Mapping):
        return {_key(key): plain(each, depth + 1) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each, depth + 1) for each in value]
    if isinstance(value, Set):
        return sorted((plain(each, depth + 1) for each in value), key=str)
    return encodable(str(value))


def _key(key: object) -> str:
    if isinstance(key, str):
        return encodable(key)
    value = plain(key)
    return value if isinstance(value, str) else to_json(value)


def _escape(found: re.Match[str]) -> str:
    return _escaped(found[0])


def _escape_piled(found: re.Match[str]) -> str:
    """Escape the marks that are too many on one letter."""
    shown, marks = [], 0
    for char in found[0]:
        marks = marks + 1 if is_mark(char) else 0
        shown.append(_escaped(char) if marks > MAX_MARKS else char)
    return "".join(shown)


def _escaped(char: str) -> str:
    code = ord(char)
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
