"""The one door for text from files on its way to a screen.

`clean` makes text safe for a terminal; `repair` mends mojibake; `display` does both.
"""

from __future__ import annotations

import re
import unicodedata

MAX_MARKS = 4
"""Combining marks kept on one base character; piles of them are a prank."""

_SPACES = {0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029}
_LINE_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_RUNS_OF_MARKS = re.compile(
    f"((?:[^\\W\\d_]|.)?)([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{{{MAX_MARKS + 1},}})"
)
# Joiners belong between letters of scripts that shape with them and inside emoji.
_JOINERS = {0x200C, 0x200D}


class _Door(dict[int, str | None]):
    """A translation table that decides about a code point when it first comes by."""

    def __missing__(self, code: int) -> str | None:
        self[code] = shown = _shown(code)
        return shown


def _shown(code: int) -> str | None:
    """Return what stands for a code point; None where it is dropped."""
    character = chr(code)
    if code in _SPACES:
        return " "
    if code < 0x20:
        return chr(0x2400 + code)  # control pictures
    if code == 0x7F:
        return "\u2421"
    if 0x80 <= code < 0xA0:
        return f"<{code:02X}>"
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category == "Cs":
        return f"<{code:04X}>"
    if category in ("Co", "Cn"):
        return "\ufffd"
    if category == "Cf":
        return character if code in _JOINERS else None
    return character


_DOOR = _Door()


def clean(text: str) -> str:
    """Return `text` on one line, with nothing a terminal would act on.

    C0 controls become control pictures (`␛`), C1 controls and lone surrogates their number in
    angle brackets; bidi controls, zero-width characters and tags go; private and unassigned
    code points become U+FFFD; every kind of space and line break becomes one space.
    """
    if text.isascii() and text.isprintable():
        return text
    if not text.isprintable():
        text = text.translate(_DOOR)
        if "\u200c" in text or "\u200d" in text:
            text = _without_stray_joiners(text)
    return _RUNS_OF_MARKS.sub(lambda found: found[1] + found[2][:MAX_MARKS], text)


def clean_lines(text: str) -> str:
    """Like `clean`, keeping newlines (CRLF, CR, LS, PS and NEL become newlines)."""
    if text.isprintable():
        return clean(text)
    return "\n".join(clean(line) for line in _LINE_BREAK.split(text))


def _without_stray_joiners(text: str) -> str:
    kept: list[str] = []
    for index, character in enumerate(text):
        if ord(character) in _JOINERS:
            before = text[index - 1] if index else ""
            after = text[index + 1] if index + 1 < len(text) else ""
            if not (_joins(before) and _joins(after)):
                continue
        kept.append(character)
    return "".join(kept)


def _joins(neighbour: str) -> bool:
    """Whether a joiner beside this character can mean something: no ASCII, no other joiner."""
    return bool(neighbour) and ord(neighbour) > 0x2FF and ord(neighbour) not in _JOINERS


# UTF-8 read as Windows-1252, Latin-1 or Mac Roman begins with one of these and goes on with a
# character that stands for a continuation byte.
_SUSPICIOUS = re.compile(
    "[\xc2-\xf4][\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2010-\u203a\u20ac\u2122]"
    "|\u221a[\u00a0-\u2265]|\u00ac[\u00a0-\u00ff\u2020-\u2122]|\u201a\u00c4"
)


def repair(text: str) -> str:
    """Return `text` with mojibake (UTF-8 read as another encoding) repaired, else as it is.

    By ftfy's `fix_encoding`, which is only imported where a text looks suspicious.
    """
    if text.isascii() or _SUSPICIOUS.search(text) is None:
        return text
    import ftfy

    head, rest = text[:100_000], text[100_000:]
    return ftfy.fix_encoding(head) + rest


def display(text: str) -> str:
    """Return `text` repaired and cleaned, on one line."""
    if text.isascii() and text.isprintable():
        return text
    return clean(repair(text))


def display_lines(text: str) -> str:
    """Return `text` repaired and cleaned, newlines kept."""
    if text.isascii() and text.isprintable():
        return text
    return clean_lines(repair(text))


def fold(text: str) -> str:
    """Return the form under which two spellings of a topic are one (case and spaces ignored)."""
    return " ".join(text.split()).casefold()


def encodable(text: str) -> str:
    """Return `text` with lone surrogates replaced, so that it can be encoded as UTF-8."""
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text
