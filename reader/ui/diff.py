"""What differs between two versions of a file, as lines that are safe to show.

What cannot be seen otherwise is spelled out: spaces at a line's end (`\\x20`), tabs, CR (`\\r`),
control, direction and invisible characters, bytes that are not UTF-8, a BOM (`\\ufeff`), a missing
newline at the end. What `secured` holds is never shown.
"""

from __future__ import annotations

import difflib
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from rich.style import Style

from reader.records.text import clean

from .folding import broken
from .widgets.pieces import Line, Piece

MOST_LINES = 2000
"""Differing lines that are shown."""
MOST_CHARACTERS = 2000
"""Characters of one line that are shown."""
_BEFORE = 200  # characters of a longer line that are shown before the first that differs
_MATCHED = 40_000
"""Lines before times lines after that are matched with each other: it can take their product."""

_DIM, _BAD, _GOOD, _SPELLED = "pane--dim", "pane--bad", "pane--good", "pane--warning"
_DIFFERS = Style(bold=True, underline=True)
_SECURED = re.compile(r"""(?:^\ufeff?[\s-]*|[{,]\s*)["']?secured["']?\s*:""")
_NOT_SHOWN = "(not shown)"


class _Span(NamedTuple):
    """Lines `a` to `a_end` of the file as it was became `b` to `b_end`, or are equal to them."""

    equal: bool
    a: int
    a_end: int
    b: int
    b_end: int


def diff_lines(before: bytes, after: bytes, *, context: int = 2) -> list[Line]:
    """Return the lines that differ, each after a sign (`-` as it was, `+` as it is), with
    `context` equal lines around them; none when nothing differs."""
    if before == after:
        return []
    old, new = _File(before), _File(after)
    spans = _spans(old.lines, new.lines)
    lines: list[Line] = []
    left = MOST_LINES
    for at, span in enumerate(spans):
        if span.equal:
            head = range(span.b, min(span.b + context, span.b_end)) if at else range(0)
            rest = span.b_end if at == len(spans) - 1 else max(head.stop, span.b_end - context)
            if at == 0:
                rest = max(span.b, span.b_end - context)
            lines += (new.line(number, "  ", _DIM) for number in head)
            if at < len(spans) - 1:
                if at == 0 or rest > head.stop:
                    lines.append(_place(rest))
                lines += (new.line(number, "  ", _DIM) for number in range(rest, span.b_end))
            continue
        if at == 0:
            lines.append(_place(span.b))
        gone = range(span.a, min(span.a_end, span.a + left))
        come = range(span.b, min(span.b_end, span.b + left - len(gone)))
        paired = span.a_end - span.a == span.b_end - span.b
        for number in gone:
            beside = new.text(number - span.a + span.b) if paired else None
            lines.append(old.line(number, "- ", _BAD, beside))
        for number in come:
            beside = old.text(number - span.b + span.a) if paired else None
            lines.append(new.line(number, "+ ", _GOOD, beside))
        left -= len(gone) + len(come)
        if left <= 0:
            lines.append((Piece("  The rest is not shown.", _DIM),))
            break
    return lines


def wrapped(lines: Sequence[Line], width: int) -> list[Line]:
    """Return the lines broken to at most `width` cells, what follows indented."""
    return [part for line in lines for part in broken(line, width, 2)]


def _place(index: int) -> Line:
    return (Piece(f"  line {index + 1:,}", _DIM),)


def _spans(old: list[bytes], new: list[bytes]) -> list[_Span]:
    """Return what is equal and what is not, in order; long differing parts are one span."""
    most = min(len(old), len(new))
    start = next((at for at in range(most) if old[at] != new[at]), most)
    most -= start
    end = next((at for at in range(most) if old[-1 - at] != new[-1 - at]), most)
    a_end, b_end = len(old) - end, len(new) - end
    spans = [_Span(True, 0, start, 0, start)] if start else []
    if (a_end - start) * (b_end - start) <= _MATCHED:
        matcher = difflib.SequenceMatcher(None, old[start:a_end], new[start:b_end], autojunk=False)
        spans += (
            _Span(tag == "equal", a + start, to_a + start, b + start, to_b + start)
            for tag, a, to_a, b, to_b in matcher.get_opcodes()
        )
    else:
        spans.append(_Span(False, start, a_end, start, b_end))
    if end:
        spans.append(_Span(True, a_end, len(old), b_end, len(new)))
    return spans


class _File:
    """The lines of a file, and from where on which of them hold `secured`."""

    def __init__(self, data: bytes) -> None:
        self.lines = io.BytesIO(data).readlines()
        self._hidden = dict(_hidden(self.lines)) if b"secured" in data else {}

    def text(self, index: int) -> str:
        """Return a line without its newline; bytes that are not UTF-8 as lone surrogates."""
        text = _text(self.lines[index])
        at = self._hidden.get(index)
        return text if at is None else text[:at] + _NOT_SHOWN

    def line(self, index: int, sign: str, role: str, beside: str | None = None) -> Line:
        """Return a line to show after a sign; what differs from the text `beside` stands out."""
        text = self.text(index)
        pieces = [Piece(sign, role), *_pieces(text, role, _differing(text, beside))]
        if not self.lines[index].endswith(b"\n"):
            pieces.append(Piece("  (no newline at the end)", _special(role)))
        return pieces


def _text(line: bytes) -> str:
    return line.removesuffix(b"\n").decode("utf-8", "surrogateescape")


def _hidden(lines: list[bytes]) -> Iterator[tuple[int, int]]:
    """Yield the lines that hold a part of `secured`, and from which character on."""
    quote = ""
    inside = False
    for index, line in enumerate(lines):
        if inside:
            if quote or not line.strip() or line[:1] in (b" ", b"\t"):
                yield index, 0
                inside = not (quote and quote in _text(line))
                continue
            inside = False
        if b"secured" not in line:
            continue
        text = _text(line)
        found = _SECURED.search(text)
        if found is not None:
            value = text[found.end() :].lstrip()
            quote = value[:1] if value[:1] in ('"', "'") else ""
            inside = not (quote and quote in value[1:])
            yield index, found.end() + (1 if text[found.end() :][:1] == " " else 0)


def _differing(text: str, beside: str | None) -> tuple[int, int]:
    """Return from where to where `text` differs from the text beside it; (0, 0) without one, or
    when they have nothing in common."""
    if beside is None:
        return 0, 0
    most = min(len(text), len(beside))
    start = next((at for at in range(most) if text[at] != beside[at]), most)
    while start and unicodedata.combining(text[start : start + 1] or " "):
        start -= 1  # a letter stays with its marks
    most -= start
    end = next((at for at in range(most) if text[-1 - at] != beside[-1 - at]), most)
    return (start, len(text) - end) if start or end else (0, 0)


def _pieces(text: str, role: str, differing: tuple[int, int]) -> Iterator[Piece]:
    """Yield the pieces of a line: what differs stands out, the invisible is spelled out."""
    start, end = 0, len(text)
    if end > MOST_CHARACTERS:
        start = max(0, min(differing[0] - _BEFORE, end - MOST_CHARACTERS))
        end = start + MOST_CHARACTERS
    if start:
        yield Piece(f"({start:,} characters) ", _DIM)
    spaces_from = len(text.rstrip("\r").rstrip(" "))
    cuts = sorted({start, end, *(at for at in (*differing, spaces_from) if start < at < end)})
    for at, to in pairwise(cuts):
        style = _DIFFERS if differing[0] <= at < differing[1] else None
        yield from _spelled(text[at:to], role, style, spaces=at >= spaces_from)
    if end < len(text):
        yield Piece(f" ({len(text) - end:,} characters)", _DIM)


def _spelled(text: str, role: str, style: Style | None, *, spaces: bool) -> Iterator[Piece]:
    if text.isprintable() and not spaces:
        yield Piece(clean(text), role, style)
        return
    for seen, run in groupby(
        text, lambda each: each.isprintable() and not (spaces and each == " ")
    ):
        if seen:
            yield Piece(clean("".join(run)), role, style)
        else:
            yield Piece("".join(map(_escape, run)), _special(role), style)


def _special(role: str) -> str:
    return _DIM if role == _DIM else _SPELLED


def _escape(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is not UTF-8
        code -= 0xDC00
    if code in (0x09, 0x0D):
        return "\\t" if code == 0x09 else "\\r"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
