"""An article's body laid out in lines, from the elements its HTML or Markdown is made of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from rich.segment import Segment

from reader.records.text import clean, clean_lines

from .body_elements import (
    APART,
    APART_OUTSIDE_LISTS,
    BLOCKS,
    DROPPED,
    ENDED_BY,
    HEAD,
    LISTS,
    STYLES,
    VOID,
)
from .body_lines import FullError, Lines, segments
from .body_links import Links
from .body_table import Cell, Table
from .body_wrap import DIM, Span, chop, stripped, wrap

MAX_DEPTH = 60  # open elements; deeper ones are text without form
MAX_STEPS = 25_000  # elements and texts; an article of 200 kB, thick with links, has half of it

_SPACE = re.compile("[ \t\n\r\f]+")


@dataclass(slots=True)
class _Element:
    tag: str
    style: int = 0
    indented: bool = False
    number: int | None = None
    """Of the next item, in an ordered list."""


class Flow:
    """Takes elements and text as they come, and makes lines of at most `width` cells.

    It asks nothing of its input: elements may be left open, closed twice, nested without end.
    Whatever it is given is made safe to show here, after entities were decoded.
    """

    def __init__(self, width: int, links: Links) -> None:
        self._lines = Lines(max(width, 4))
        self._links = links
        self._open: list[_Element] = []
        self._count: Counter[str] = Counter()
        self._too_deep: Counter[str] = Counter()
        self._style = 0
        self._spans: list[Span] = []
        self._url: str | None = None  # of the open link, until its number is shown
        self._linked: list[str] = []  # the text of that link
        self._steps = 0
        self._dropping: str | None = None
        self._dropped = 0  # open elements called as the one that is dropped
        self._table: Table | None = None
        self._cell: Cell | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open an element; `tag` in lower case. Raise `FullError` when that is too much."""
        self._step()
        if self._dropping:
            if tag == self._dropping:
                self._dropped += 1
            if self._dropping != "head" or tag in HEAD:
                return
            self._dropping = None  # an element that no head holds is the body's first
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
        self._step()
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
                self._lines.wrap([Span(line, style)])
            else:
                self._lines.gap = True

    def note(self, text: str) -> list[list[Segment]]:
        """Return the lines of a remark of our own."""
        return [segments(line) for line in wrap([Span(text, DIM)], self._lines.width)]

    def finish(self) -> list[list[Segment]]:
        """Close what is open and return all lines."""
        self._dropping = None
        self._steps = 0
        with suppress(FullError):  # then what is still open has no room either
            while self._open:
                self._pop()
            self._flush()
        return self._lines.done

    def _push(self, tag: str, attributes: Mapping[str, str]) -> None:
        element = _Element(tag)
        if tag in LISTS:
            if tag == "ol":
                given = attributes.get("start", "1")
                element.number = int(given) if re.fullmatch("[0-9]{1,9}", given) else 1
        elif tag == "li":
            element.indented = self._bullet()
        elif tag == "blockquote":
            element.indented = self._indent("│ ", "│ ", DIM)
        elif tag == "dd":
            element.indented = self._indent("  ", "  ")
        elif tag == "a":
            self._url = attributes.get("href")
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
        element = self._open.pop()
        tag = element.tag
        self._count[tag] -= 1
        if tag == "a":
            self._link_number()
        elif tag == "q":
            self.text("”")
        elif tag == "pre":
            self._code()
        elif tag in BLOCKS:
            self._flush()
        self._style = element.style
        if element.indented:
            self._lines.outdent()
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
            self._lines.wrap([Span("───", DIM)])
            self._lines.gap = True
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
        if self._count["pre"] and self._spans and self._spans[-1].text[-1] != "\n":
            self._add("\n")
        self._flush()
        if tag in APART or (
            tag in APART_OUTSIDE_LISTS and not any(self._count[name] for name in LISTS)
        ):
            self._lines.gap = True

    def _bullet(self) -> bool:
        for element in reversed(self._open):
            if element.tag in LISTS:
                if element.number is None:
                    break
                mark = f"{element.number}. "
                element.number += 1
                return self._indent(mark, " " * len(mark))
        return self._indent("• ", "  ")

    def _indent(self, first: str, rest: str, style: int = 0) -> bool:
        """Indent what follows; return False where it is not, because the text needs the room."""
        if self._cell is not None:
            self._add(first)
            return False
        return self._lines.indent(first, rest, style)

    def _link_number(self) -> None:
        """Show the number of the open link, once, after its text."""
        if self._url is not None:
            number = self._links.number(self._url, "".join(self._linked).strip())
            self._url = None
            if number is not None:
                self._mark(f"[{number}]")

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
        if self._url is not None:
            self._linked.append(text)
        self._spans.append(Span(text, self._style))

    def _flush(self) -> None:
        """Write the paragraph so far, if there is one."""
        if not self._spans or self._count["pre"]:
            return
        if self._url is not None and any(map(str.strip, self._linked)):
            self._link_number()
        spans, self._spans = self._spans, []
        while spans and spans[-1].text.isspace():
            spans.pop()
        first = next((at for at, span in enumerate(spans) if not span.text.isspace()), 0)
        spans = stripped(spans[first:])
        if not spans:
            return
        if self._cell is not None:
            if self._cell.spans:
                self._cell.spans.append(Span("\n", 0))
            self._cell.spans += spans
            return
        self._lines.wrap(spans)

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
        indented = self._indent("  ", "  ")
        room = self._lines.room
        for line in lines:
            for piece in chop(line.rstrip(), room):
                if piece.strip() or not line.strip():  # no blank lines from a deep indent
                    self._lines.add([Span(piece, 0)])
        if indented:
            self._lines.outdent()

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
        for line in table.lines(self._lines.room):
            self._lines.add(line)

    def _step(self) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise FullError


def safe(text: str) -> str:
    """Return `text` on one line with nothing a terminal would act on; spaces at its ends stay."""
    return text if text.isascii() and text.isprintable() else clean(text)


def safe_lines(text: str) -> str:
    """Like `safe`, line breaks kept."""
    return text if text.isascii() and text.isprintable() else clean_lines(text)
