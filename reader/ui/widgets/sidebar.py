"""The sidebar: views, topics, folders, types and providers, with how many records each holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reader.records.query import Count, Counts, Facet, Query, View
from reader.ui.glyphs import Glyphs

from .cells import fit, fit_right
from .line_pane import Line, LinePane, Piece


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the sidebar: a section's title, or one thing to choose."""

    section: str
    count: Count | None = None
    """None: the section's title."""
    view: View | None = None
    facet: Facet | None = None


SECTIONS: tuple[tuple[str, Facet | None], ...] = (
    ("VIEWS", None),
    ("TOPICS", Facet.TOPIC),
    ("FOLDERS", Facet.FOLDER),
    ("TYPES", Facet.TYPE),
    ("PROVIDERS", Facet.PROVIDER),
)
_BLANK = Entry("")


class Sidebar(LinePane):
    """What there is to choose from; the query says what is chosen."""

    def __init__(self, *, glyphs: Glyphs, id: str | None = None) -> None:
        super().__init__("VIEWS", glyphs=glyphs, id=id)
        self.counts = Counts()
        self.asked = Query()
        self.base = View.ALL
        """The view that topics narrow: the last one settled on, not one passed over."""
        self.folded: set[str] = {"TYPES", "PROVIDERS"}
        self._entries: list[Entry] = []

    @property
    def line_count(self) -> int:
        return len(self._entries)

    def can_rest(self, index: int) -> bool:
        return self._entries[index] is not _BLANK

    @property
    def current(self) -> Entry | None:
        return self._entries[self.cursor] if self.cursor < len(self._entries) else None

    def show(self, counts: Counts, query: Query) -> None:
        """Show other numbers; the cursor stays on what it was on."""
        was = self.current
        self.counts = counts
        self.asked = query
        self._entries = list(self._build())
        if was is None:
            self._put_cursor_on_chosen()
        else:
            self._put_cursor_on(was)
        self.redraw()

    def choose(self, query: Query) -> None:
        """Mark what is chosen, and put the cursor on it."""
        if query != self.asked:
            self.asked = query
            self._put_cursor_on_chosen()
            self.redraw()

    def label_of(self, facet: Facet, key: str) -> str | None:
        """Return what the sidebar calls a value, if it lists it."""
        counts = self.counts
        listed = {
            Facet.TOPIC: counts.topics,
            Facet.FOLDER: counts.folders,
            Facet.TYPE: counts.types,
            Facet.PROVIDER: counts.providers,
        }
        return next((count.label for count in listed[facet] if count.key == key), None)

    def settle(self) -> None:
        """Let what topics narrow be the view that is listed now."""
        self.base = self.asked.view

    def fold(self, section: str) -> None:
        """Fold a section, or unfold it."""
        self.folded ^= {section}
        self.show(self.counts, self.asked)

    def query_for(self, entry: Entry) -> Query:
        """Return what choosing an entry asks for: a view drops the topic, a topic keeps the view
        that was settled on."""
        query = self.asked
        if entry.view is not None:
            return Query(entry.view, sort=query.sort)
        assert entry.count is not None
        return Query(self.base, entry.facet, entry.count.key, query.sort)

    def _build(self) -> Iterator[Entry]:
        counts = self.counts
        listed = (counts.views, counts.topics, counts.folders, counts.types, counts.providers)
        for (section, facet), rows in zip(SECTIONS, listed, strict=True):
            if not rows and facet is not None:
                continue
            if facet is not None:
                yield _BLANK
                yield Entry(section)
            if section in self.folded:
                continue
            for count in rows:
                view = View(count.key) if facet is None else None
                yield Entry(section, count, view, facet)

    def _put_cursor_on(self, was: Entry) -> None:
        wanted = (was.section, was.count and was.count.key)
        for index, entry in enumerate(self._entries):
            if (entry.section, entry.count and entry.count.key) == wanted:
                self.move_to(index)
                return
        self._put_cursor_on_chosen()

    def _put_cursor_on_chosen(self) -> None:
        for index, entry in enumerate(self._entries):
            chosen = self._is_chosen(entry)
            if chosen and (entry.facet is not None or self.asked.facet is None):
                self.move_to(index)
                return
        self.cursor = min(self.cursor, max(0, len(self._entries) - 1))

    def _is_chosen(self, entry: Entry) -> bool:
        if entry.count is None:
            return False
        if entry.view is not None:
            return entry.view is self.asked.view
        return entry.facet is self.asked.facet and entry.count.key == self.asked.facet_key

    def line(self, index: int, width: int, *, at_cursor: bool) -> Line:
        entry = self._entries[index]
        if entry is _BLANK:
            return ()
        if entry.count is None:
            fold = self.glyphs.folded if entry.section in self.folded else self.glyphs.unfolded
            return (
                Piece(fit(f" {entry.section}", width - 2), "pane--heading"),
                Piece(f"{fold} ", "pane--dim"),
            )
        chosen = self._is_chosen(entry)
        numbers = _numbers(entry)
        mark = self.glyphs.chosen if chosen else " "
        room = width - len(numbers) - 3
        label = fit(entry.count.label, room, self.glyphs.ellipsis)
        return (
            Piece(mark, "pane--accent"),
            Piece(label + " ", "pane--accent" if chosen else ""),
            Piece(fit_right(numbers, width - room - 3) + " ", "pane--dim"),
        )


def _numbers(entry: Entry) -> str:
    count = entry.count
    assert count is not None
    if entry.view is not None and entry.view not in (View.ALL, View.TODAY, View.THIS_WEEK):
        return str(count.total)
    return f"{count.unpublished}/{count.total}" if count.unpublished else str(count.total)
