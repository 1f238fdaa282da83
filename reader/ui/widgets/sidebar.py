"""The sidebar: views, topics, folders, types and providers, with how many records each holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reader.records.query import VIEW_LABELS, Count, Counts, View
from reader.ui.glyphs import Glyphs

from .cells import fit, fit_right
from .line_pane import LinePane
from .pieces import Line, Piece

Chosen = Mapping[str, frozenset[str]]
"""The values that the query chooses, by field, folded as `querying.patterns.folded_value` does."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the sidebar: a section's title, or one thing to choose."""

    section: str
    count: Count | None = None
    """None: the section's title."""
    field: str = ""
    """The field of the query language that it is a value of."""

    @property
    def key(self) -> str:
        """The value as a query names it: folders by their path, views by their name."""
        assert self.count is not None
        return self.count.key if self.field in ("view", "folder") else self.count.label


SECTIONS = (
    ("VIEWS", "view"),
    ("TOPICS", "topic"),
    ("FOLDERS", "folder"),
    ("TYPES", "type"),
    ("PROVIDERS", "provider"),
)
_BLANK = Entry("")
_UNKNOWN = -1
"""The number of a view that has not been counted yet."""


class Sidebar(LinePane):
    """What there is to choose from; the query says what is chosen."""

    def __init__(self, *, glyphs: Glyphs, id: str | None = None) -> None:
        super().__init__("VIEWS", glyphs=glyphs, id=id)
        self.counts = Counts()
        """Those of the whole collection."""
        self.own_views: tuple[str, ...] = ()
        """The names of the user's own views."""
        self.shown_counts = Counts()
        """Those among the records of the query."""
        self._chosen: Chosen = {}
        self._is_entered = False
        """Whether the cursor is being moved here: then no line goes away under it."""
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

    def show(self, counts: Counts, chosen: Chosen) -> None:
        """Show other numbers; the cursor stays on what it was on."""
        self.shown_counts = counts
        self._chosen = chosen
        self._renew()

    def show_own_views(self, names: Iterable[str]) -> None:
        """List the user's own views after the others."""
        self.own_views = tuple(names)
        self._renew()

    def _renew(self) -> None:
        was = self.current
        self._entries = list(self._build())
        if was is None:
            self._put_cursor_on_chosen()
        else:
            self._put_cursor_on(was)
        self.redraw()

    def choose(self, chosen: Chosen) -> None:
        """Mark what is chosen; the cursor goes there, unless one is moving it just now."""
        if chosen != self._chosen:
            self._chosen = chosen
            if not self.has_focus:
                self._put_cursor_on_chosen()
            self.redraw()

    def fold(self, section: str) -> None:
        """Fold a section, or unfold it."""
        self.folded ^= {section}
        self._renew()

    def on_focus(self) -> None:
        self._is_entered = True
        self._renew()

    def on_blur(self) -> None:
        self._is_entered = False
        self._renew()

    def _build(self) -> Iterator[Entry]:
        for section, field in SECTIONS:
            rows = self._views() if field == "view" else self._rows(field)
            if not rows and field != "view":
                continue
            if field != "view":
                yield _BLANK
                yield Entry(section)
            if section in self.folded:
                continue
            for count in rows:
                yield Entry(section, count, field)

    def _rows(self, field: str) -> list[Count]:
        """A section's values in the order of the whole collection, so that none changes its place
        while one types: those that are found, and those chosen, so that they can be taken out."""
        name = f"{field}s"
        found = {count.key: count for count in getattr(self.shown_counts, name)}
        rows: list[Count] = []
        for count in getattr(self.counts, name):
            here = found.pop(count.key, None)
            if here is not None:
                rows.append(here)
            elif self._is_entered or (
                field in self._chosen and self._is_chosen(Entry("", count, field))
            ):
                rows.append(Count(count.key, count.label, 0, 0))
        return [*rows, *found.values()]

    def _views(self) -> list[Count]:
        """All views, those too that hold nothing."""
        found = {count.key: count for count in self.shown_counts.views}
        rows = [
            found.get(view.value, Count(view.value, label, 0, 0))
            for view, label in VIEW_LABELS.items()
        ]
        rows += [found.get(name, Count(name, name, 0, _UNKNOWN)) for name in self.own_views]
        return rows if self.shown_counts.views or self.own_views else []

    def _put_cursor_on(self, was: Entry) -> None:
        wanted = (was.section, was.count and was.count.key)
        for index, entry in enumerate(self._entries):
            if (entry.section, entry.count and entry.count.key) == wanted:
                self.move_to(index)
                return
        self._put_cursor_on_chosen()

    def _put_cursor_on_chosen(self) -> None:
        narrowed = any(field != "view" for field in self._chosen)
        for index, entry in enumerate(self._entries):
            if (entry.field != "view" or not narrowed) and self._is_chosen(entry):
                self.move_to(index)
                return
        self.cursor = min(self.cursor, max(0, len(self._entries) - 1))

    def _is_chosen(self, entry: Entry) -> bool:
        if entry.count is None:
            return False
        wanted = self._chosen.get(entry.field)
        if wanted is None:
            return entry.field == "view" and entry.key == View.ALL
        if entry.key in wanted:
            return True
        from reader.records.querying.patterns import folded_value

        return folded_value(entry.key) in wanted

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
    if count.total == _UNKNOWN:
        return ""
    mixed = entry.field != "view" or count.key in (View.ALL, View.TODAY, View.THIS_WEEK)
    if mixed and 0 < count.unpublished < count.total:
        return f"{count.unpublished}/{count.total}"
    return str(count.total)
