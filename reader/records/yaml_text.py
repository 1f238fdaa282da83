"""Writing one value as YAML text, for splicing into front matter."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

MAX_TEXT = 100_000
"""Characters of one text that is written."""

_SPECIAL = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
# What YAML 1.1 calls not printable, and its line breaks beyond ASCII. A text with a lone
# surrogate cannot be UTF-8 at all.
_ESCAPED = re.compile('[\\\\"\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ufeff\\ufffe\\uffff]')
_PLAIN = re.compile(r"(?![-?:,\[\]{}#&*!|>'\"%@`\s])[^\n\r\t]*(?<!\s)")


def texts_of(value: object, like: str) -> Iterator[str]:
    """Yield ways to write a value, the one most like the value that stood there first.

    `like` is the source text of that value, or of a neighbour; its first character tells the
    quoting. Whoever splices has to read the result back: in some places the first way means
    something else, and the next one is tried.

    Raises ValueError when there is no way: a text with a lone surrogate or over 100,000
    characters, a number that is not finite, a value of another kind.
    """
    if isinstance(value, str):
        yield from _quotings(value, like)
    elif value is None:
        yield "null" if like != "~" else "~"
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, int):
        yield str(value)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("is no finite number")
        yield _number(value)
    elif isinstance(value, datetime):
        yield _moment(value)
    elif isinstance(value, date):
        yield value.isoformat()
    else:
        raise ValueError("is no single value")


def _quotings(text: str, like: str) -> Iterator[str]:
    if len(text) > MAX_TEXT:
        raise ValueError(f"is over {MAX_TEXT:,} characters long")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("is not Unicode text throughout") from None
    double = '"' + _ESCAPED.sub(_escape, text) + '"'
    if like.startswith("'") and not _ESCAPED.search(text.replace('"', "").replace("\\", "")):
        yield "'" + text.replace("'", "''") + "'"
    elif not like.startswith('"') and _PLAIN.fullmatch(text) and not _ESCAPED.search(text):
        yield text
    yield double


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    special = _SPECIAL.get(character)
    if special is not None:
        return special
    code = ord(character)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}"


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    mantissa, e, exponent = text.partition("e")
    if not e:
        return text
    # YAML 1.1 wants a point and a sign: 1e-07 would be a text.
    point = "" if "." in mantissa else ".0"
    sign = "" if exponent[0] in "+-" else "+"
    return f"{mantissa}{point}e{sign}{exponent}"


def _moment(value: datetime) -> str:
    if value.tzinfo is None or value.utcoffset() == UTC.utcoffset(None):
        text = value.replace(tzinfo=None).isoformat(
            timespec="microseconds" if value.microsecond else "seconds"
        )
        return text if value.tzinfo is None else text + "Z"
    return value.isoformat(timespec="microseconds" if value.microsecond else "seconds")
