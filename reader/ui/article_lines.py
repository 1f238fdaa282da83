"""Lines of an article: what they lead to, and how they are filled and broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from reader.records.link_history import Known
from reader.records.record import Related
from reader.records.text import display

from .glyphs import Glyphs
from .widgets.cells import width_of, wrap
from .widgets.detail import Fields
from .widgets.pieces import Line, Piece


@dataclass(frozen=True, slots=True)
class Target:
    """What Enter on a line of the article leads to: a record here, a card, or a link."""

    record_id: int | None = None
    related: Related | None = None
    url: str | None = None
    amp_cache: bool = False
    """It is what an AMP cache URL has to be: to be taken as an edit."""


@dataclass(slots=True)
class Article:
    """The lines, which of them lead where, and the related links by number (from 1)."""

    lines: list[Line] = field(default_factory=list)
    targets: dict[int, Target] = field(default_factory=dict)
    related: list[Target] = field(default_factory=list)
    url: str | None = None
    fields: dict[int, Fields] = field(default_factory=dict)
    """Of which field of the record a line is, or each piece of it: where words that are looked for
    stand out."""


class ArticleLines:
    """Makes the lines of one article, for one width."""

    def __init__(
        self,
        width: int,
        glyphs: Glyphs,
        now: float,
        resolve: Callable[[str], int | None],
    ) -> None:
        self.width = max(10, width - 2)
        self.glyphs = glyphs
        self.now = int(now)
        self.resolve = resolve
        self.article = Article()
        self.verdicts: Mapping[str, Known] = {}
        """What checking says of URLs."""
        self.git = ""
        """How the file differs from the last commit, in a word."""
        self.has_links = False
        """Whether the terminal makes links of those that are shown."""
        self.until: int | None = None
        """When a deferral of the record ends, in seconds since 1970."""
        self.way_on = ""
        """Which keys lead on from a card."""

    def _line(self, pieces: Line, target: Target | None = None, of: Fields = "") -> None:
        if of:
            self.article.fields[len(self.article.lines)] = of
        if target is not None:
            self.article.targets[len(self.article.lines)] = target
        self.article.lines.append(pieces)

    def _text(self, text: str, role: str = "", of: str = "") -> None:
        for line in wrap(text, self.width):
            self._line([Piece(f" {line}", role)], of=of)

    def _dotted(self, *parts: Sequence[tuple[str, str]]) -> None:
        """Add parts with dots between them, the values of a part with commas; lines are broken
        between two values where that can be. A value is (text, field of the record)."""
        line: list[Piece] = []
        fields: list[str] = []
        taken = 0

        def put(text: str, of: str = "") -> None:
            nonlocal taken
            line.append(Piece(text, "pane--dim"))
            fields.append(of)
            taken += width_of(text)

        def end() -> None:
            nonlocal line, fields, taken
            self._line([Piece(" "), *line], of=("", *fields))
            line, fields, taken = [], [], 0

        for part in parts:
            values = [(told, of) for text, of in part if (told := display(text))]
            for number, (text, of) in enumerate(values):
                between = ", " if number else f" {self.glyphs.dot} "
                comma = number < len(values) - 1
                if line and taken + width_of(f"{between}{text}") + comma > self.width:
                    if number:
                        put(",")
                    end()
                elif line:
                    put(between)
                first, *rest = wrap(text, self.width - comma)
                put(first, of)
                for more in rest:
                    end()
                    put(more, of)
        if line:
            end()

    def _blank(self) -> None:
        if self.article.lines and self.article.lines[-1]:
            self._line(())

    def _section(self, title: str) -> None:
        self._blank()
        self._line([Piece(f" {title}", "pane--heading")])
