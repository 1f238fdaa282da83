"""An article's body laid out in lines, from the elements its HTML or Markdown is made of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import attrgetter

from rich.segment import Segment
from rich.style import Style

from reader.records.text import clean, clean_lines

from .body_elements import (
    APART,
    APART_OUTSIDE_LISTS,
    BLOCKS,
    DROPPED,
    ENDED_BY,
    LISTS,
    STYLES,
    VOID,
)
from .body_links import Links
from .body_table import Cell, Table
from .body_wrap import BOLD, DIM, ITALIC, UNDERLINE, Span, chop, stripped, wrap

MAX_DEPTH = 200  # open elements; deeper ones are text without form

_SPACE = re.compile("[ \t\n\r\f]+")


@dataclass(slots=True)
class _Indent:
    """What stands before each line of a list item or quote."""

    first: str
    rest: str
    style: int = 0
    used: bool = False


@dataclass(slots=True)
class _Element:
    tag: str
    style: int = 0
    indent: _Indent | None = None
    number: int | None = None
    """Of the next item, in an ordered list."""
    url: str | None = None
    """Of a link whose number is not shown yet."""


class Flow:
    """Takes elements and text as they come, and makes lines of at most `width` cells.

    It asks nothing of its input: elements may be left open, closed twice, nested without end.
    Whatever it is given is made safe to show here, after entities were decoded.
    """

    def __init__(self, width: int, links: Links) -> None:
        self.lines: list[list[Segment]] = []
        self._width = max(width, 4)
        self._links = links
        self._open: list[_Element] = []
        self._count: Counter[str] = Counter()
        self._too_deep: Counter[str] = Counter()
        self._indents: list[_Indent] = []
        self._above: list[_Indent] = []  # the indents of the last line
        self._gap = False  # a blank line is due before the next line
        self._style = 0
        self._spans: list[Span] = []
        self._linked: list[str] = []  # the text of the open link
        self._dropping: str | None = None
        self._dropped = 0  # open elements called as the one that is dropped
        self._table: Table | None = None
        self._cell: Cell | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open an element; `tag` in lower case."""
        if self._dropping:
            if tag == self._dropping:
                self._dropped += 1
            if not (tag == "body" and self._dropping == "head"):
                return
            self._dropping = None
        if tag in DROPPED:
            self._dropping, self._dropped = tag, 1
            return
        if tag in BLOCKS:
            self._end_paragraph(tag)
        if tag in ENDED_BY:
            self._end_sibling(*ENDED_BY[tag])
        if tag in VOID:
            self._void(tag, attributes)
        elif len(self._open) >= MAX_DEPTH:
            self._too_deep[tag] += 1
        else:
            self._push(tag, attributes)

    def end(self, tag: str) -> None:
        """Close the innermost element called `tag` and all within it; if none is open, nothing."""
        if self._dropping:
            if tag == self._dropping:
                self._dropped -= 1
                if self._dropped == 0:
                    self._dropping = None
            return
        if tag in BLOCKS:
            self._break(tag)
        if self._too_deep[tag]:
            self._too_deep[tag] -= 1
        elif self._count[tag]:
            while self._pop() != tag:
                pass

    def text(self, text: str) -> None:
        """Add text; runs of white space count as one space."""
        if self._dropping or not text:
            return
        if self._count["pre"]:
            self._add(safe_lines(text))
            return
        text = _SPACE.sub(" ", text)
        if not text.isprintable():
            text = _SPACE.sub(" ", clean(text))  # other spaces became plain ones
        if not text:
            return
        if text[0] == " " and (not self._spans or self._spans[-1].text[-1] in " \n"):
            text = text[1:]
        self._add(safe(text))

    def image(self, alt: str) -> None:
        """Add what stands for an image."""
        alt = _SPACE.sub(" ", safe(alt)).strip()
        before, self._style = self._style, self._style | DIM
        self.text(f"[image: {alt}]" if alt else "[image]")
        self._style = before

    def code(self, code: str) -> None:
        """Add a block of code."""
        if self._dropping:
            return
        self._break("pre")
        self._add(safe_lines(code))
        self._code()
        self._break("pre")

    def plain(self, text: str, style: int = 0) -> None:
        """Add lines of text as they are, wrapped."""
        for line in safe_lines(text).split("\n"):
            if line.strip(" "):
                self._write([Span(line, style)])
            else:
                self._gap = True

    def note(self, text: str) -> None:
        """Add a remark of our own, apart."""
        self._gap = True
        self.plain(text, DIM)
        self._gap = True

    def finish(self) -> list[list[Segment]]:
        """Close what is open and return all lines."""
        self._dropping = None
        while self._open:
            self._pop()
        self._flush()
        return self.lines

    def _push(self, tag: str, attributes: Mapping[str, str]) -> None:
        element = _Element(tag)
        if tag in LISTS:
            if tag == "ol":
                given = attributes.get("start", "1")
                element.number = int(given) if re.fullmatch("[0-9]{1,9}", given) else 1
        elif tag == "li":
            element.indent = self._bullet()
        elif tag == "blockquote":
            element.indent = self._indent("│ ", "│ ", DIM)
        elif tag == "dd":
            element.indent = self._indent("  ", "  ")
        elif tag == "a":
            element.url = attributes.get("href")
            self._linked = []
        elif tag == "q":
            self.text("“")
        elif tag == "table" and self._table is None:
            self._table = Table()
        elif tag == "tr" and self._in_own_table():
            self._table_row()
        elif tag in ("td", "th") and self._in_own_table():
            self._table_cell(tag == "th", "text-align:right" in attributes.get("style", ""))
        self._count[tag] += 1
        self._open.append(element)
        self._style, element.style = self._style | STYLES.get(tag, 0), self._style

    def _pop(self) -> str:
        """Close the innermost element and return what it is called."""
        element = self._open[-1]
        tag = element.tag
        if tag == "a":
            self._link_number()
            self._linked = []
        elif tag == "q":
            self.text("”")
        elif tag == "pre":
            self._code()
        elif tag in BLOCKS:
            self._flush()
        self._open.pop()
        self._count[tag] -= 1
        self._style = element.style
        if element.indent is not None:
            self._indents.remove(element.indent)
        if tag in ("td", "th") and self._in_own_table():
            self._cell = None
        elif tag == "table" and not self._count["table"] and self._table is not None:
            table, self._table, self._cell = self._table, None, None
            self._write_table(table)
        return tag

    def _void(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "br":
            self._spans.append(Span("\n", 0))
        elif tag == "hr":
            self._write([Span("───", DIM)])
            self._gap = True
        elif tag == "img" and not {attributes.get("width"), attributes.get("height")} & {"0", "1"}:
            self.image(attributes.get("alt", ""))

    def _end_paragraph(self, tag: str) -> None:
        """A block ends the paragraph it stands in."""
        if self._count["p"]:
            self._end_sibling(frozenset({"p"}), BLOCKS - {"p"})
        self._break(tag)

    def _end_sibling(self, siblings: frozenset[str], shields: frozenset[str]) -> None:
        for depth in range(len(self._open) - 1, -1, -1):
            tag = self._open[depth].tag
            if tag in shields:
                return
            if tag in siblings:
                while len(self._open) > depth:
                    self._pop()
                return

    def _break(self, tag: str) -> None:
        """A block begins or ends: what follows stands on a line of its own."""
        if not self._count["pre"]:
            self._flush()
        if tag in APART or (
            tag in APART_OUTSIDE_LISTS and not any(self._count[name] for name in LISTS)
        ):
            self._gap = True

    def _bullet(self) -> _Indent:
        for element in reversed(self._open):
            if element.tag in LISTS:
                if element.number is None:
                    break
                mark = f"{element.number}. "
                element.number += 1
                return self._indent(mark, " " * len(mark))
        return self._indent("• ", "  ")

    def _indent(self, first: str, rest: str, style: int = 0) -> _Indent:
        taken = sum(len(indent.rest) for indent in self._indents)
        if taken + len(rest) > self._width // 2:
            first = rest = ""  # so deep that the text would have no room
        if self._cell is not None:
            self._add(first)
            first = rest = ""
        indent = _Indent(first, rest, style)
        self._indents.append(indent)
        return indent

    def _link_number(self) -> None:
        """Show the number of the open link, once, after its text."""
        for element in reversed(self._open):
            if element.tag == "a":
                if element.url is not None:
                    url, element.url = element.url, None
                    number = self._links.number(url, "".join(self._linked).strip())
                    if number is not None:
                        self._mark(f"[{number}]")
                return

    def _mark(self, mark: str) -> None:
        # A space that does not break keeps the number beside the last word.
        space = ""
        if self._spans and self._spans[-1].text != "\n":
            stripped(self._spans)
            space = "\xa0" if self._spans else ""
        self._spans.append(Span(space + mark, DIM))

    def _add(self, text: str) -> None:
        if not text:
            return
        if self._count["a"]:
            self._linked.append(text)
        if self._spans and self._spans[-1].style == self._style:
            text = self._spans.pop().text + text
        self._spans.append(Span(text, self._style))

    def _flush(self) -> None:
        """Write the paragraph so far, if there is one."""
        if not self._spans:
            return
        if self._count["a"] and "".join(self._linked).strip():
            self._link_number()
        spans, self._spans = self._spans, []
        if not any(span.text.strip() for span in spans):
            return
        if self._cell is not None:
            if self._cell.spans:
                self._cell.spans.append(Span("\n", 0))
            self._cell.spans += stripped(spans)
            return
        self._write(spans)

    def _write(self, spans: list[Span]) -> None:
        for line in wrap(spans, self._room()):
            self._emit(line)

    def _code(self) -> None:
        """Write the collected text as code: line by line, indented, cut where it is too wide."""
        if self._cell is not None:
            self._flush()
            return
        spans, self._spans = self._spans, []
        lines = "".join(span.text for span in spans).split("\n")
        while lines and not lines[-1].strip():
            lines.pop()
        while lines and not lines[0].strip():
            del lines[0]
        margin = self._indent("  ", "  ")
        room = self._room()
        for line in lines:
            for piece in chop(line.rstrip(), room):
                self._emit([Span(piece, 0)])
        self._indents.remove(margin)

    def _in_own_table(self) -> bool:
        """Whether rows and cells belong to the table being read, not to one inside its cells."""
        return self._table is not None and self._count["table"] == 1

    def _table_row(self) -> None:
        assert self._table is not None
        self._table.rows.append([])

    def _table_cell(self, heading: bool, right: bool) -> None:
        assert self._table is not None
        if not self._table.rows:
            self._table.rows.append([])
        self._cell = Cell(heading, right)
        self._table.rows[-1].append(self._cell)

    def _write_table(self, table: Table) -> None:
        for line in table.lines(self._room()):
            self._emit(line)

    def _room(self) -> int:
        return self._width - sum(len(indent.rest) for indent in self._indents)

    def _emit(self, line: list[Span]) -> None:
        if self._gap and self.lines:
            shared = [a for a, b in zip(self._above, self._indents, strict=False) if a is b]
            self.lines.append(_segments([Span(indent.rest, indent.style) for indent in shared]))
        self._gap = False
        before: list[Span] = []
        for indent in self._indents:
            before.append(Span(indent.rest if indent.used else indent.first, indent.style))
            indent.used = True
        self._above = self._indents.copy()
        self.lines.append(_segments(before + line))


def safe(text: str) -> str:
    """Return `text` on one line with nothing a terminal would act on; spaces at its ends stay."""
    return text if text.isascii() and text.isprintable() else clean(text)


def safe_lines(text: str) -> str:
    """Like `safe`, line breaks kept."""
    return text if text.isascii() and text.isprintable() else clean_lines(text)


def _segments(line: list[Span]) -> list[Segment]:
    """Return `line` with as few segments as its styles allow: each costs bytes on the wire."""
    segments: list[Segment] = []
    for style, spans in groupby(stripped(line), key=attrgetter("style")):
        text = "".join(span.text for span in spans).replace("\xa0", " ")
        if text:
            segments.append(Segment(text, _style(style)))
    return segments


@cache
def _style(style: int) -> Style | None:
    if not style:
        return None
    return Style(
        bold=bool(style & BOLD) or None,
        dim=bool(style & DIM) or None,
        italic=bool(style & ITALIC) or None,
        underline=bool(style & UNDERLINE) or None,
    )
