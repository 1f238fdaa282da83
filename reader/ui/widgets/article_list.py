"""The article list: an array of record ids, of which only the visible rows are ever fetched."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Container, Sequence
from typing import TYPE_CHECKING

from reader.records.record import State
from reader.records.row import Row
from reader.ui.glyphs import Glyphs

from .highlights import marked
from .line_pane import LinePane
from .pieces import Line, Piece
from .row_lines import HEADING, Decided, RowLines

if TYPE_CHECKING:
    from reader.records.querying.nodes import Node

_CACHED_ROWS = 2000
NEAR = 2000
"""Rows on either side of the cursor among which the nearest one that is still listed is looked for."""
SEARCHED = 20_000
"""Rows that `find_state` looks at: more would keep the keys waiting."""


class ArticleList(LinePane):
    """One line a record. `fetch` gives the rows of ids, in their order, without those gone."""

    def __init__(
        self,
        fetch: Callable[[Sequence[int]], list[Row]],
        clock: Callable[[], float],
        *,
        glyphs: Glyphs,
        id: str | None = None,
    ) -> None:
        super().__init__(HEADING, glyphs=glyphs, id=id)
        self._fetch = fetch
        self._lines = RowLines(glyphs, clock)
        self._rows: OrderedDict[int, Row | None] = OrderedDict()
        self.ids: array[int] = array("q")
        self.marked: set[int] = set()
        self.decided: dict[int, Decided] = {}
        self._amended: dict[int, Row] = {}
        """Rows whose star and read mark are being written: they may be fetched as they were before."""
        self.kept: set[int] = set()
        """Records that stay listed though they have left the view: what was undone here."""
        self.deciding: set[int] = set()
        """Records of a decision on many that is being written: they stay listed until it is known
        what became of it."""
        self.said: Sequence[str] = ()
        """What to say while there are no records."""
        self._root: Node | None = None
        self._titles: dict[tuple[str, str], list[Piece]] = {}
        """Titles as they are drawn, by their text in cells and role, while words stand out."""

    @property
    def line_count(self) -> int:
        return len(self.ids)

    def empty_lines(self) -> Sequence[str]:
        return self.said

    @property
    def current_id(self) -> int | None:
        """The record under the cursor."""
        return self.ids[self.cursor] if self.cursor < len(self.ids) else None

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.row(self.cursor) if self.cursor < len(self.ids) else None

    # -- what is listed -------------------------------------------------------------------------
    @property
    def line_of_cursor(self) -> int:
        """On which line of the pane the cursor stands, from 0."""
        return self.cursor - self.top

    def show(
        self, ids: array[int], *, cursor_id: int | None = None, line: int | None = None
    ) -> None:
        """List other records, from the top, the cursor on `cursor_id` where that is among them, on
        `line` of the pane where that is given."""
        self.ids = ids
        self._rows.clear()
        self.cursor = self.top = 0
        if cursor_id is not None:
            self.put_cursor_on(cursor_id, line)
        self.redraw()

    def show_near(self, ids: array[int], old: array[int], near: int) -> None:
        """List other records; the cursor stays on the record at `near` of the `old` ones and that
        record on its line of the screen; if it is not listed, on the nearest one that is."""
        line = self.cursor - self.top
        self.ids = ids
        self._rows.clear()
        self.cursor = self._nearest(old, near)
        self.top = max(0, min(self.cursor - line, len(ids) - self.page))
        self.redraw()

    def _nearest(self, old: array[int], near: int) -> int:
        if near >= len(old):
            return 0
        first = max(0, near - NEAR)
        found = set(old[first : near + NEAR]).intersection(self.ids)
        for away in range(NEAR if found else 0):
            for index in (near + away, near - away):
                if first <= index < len(old) and old[index] in found:
                    return self.ids.index(old[index])
        return 0

    def put_back(self, ids: array[int], cursor: int, top: int) -> None:
        """List records that were listed before, with all lines where they were."""
        self.ids = ids
        self._rows.clear()
        self.cursor, self.top = cursor, top
        self.redraw()

    def highlight(self, root: Node | None) -> None:
        """Have the words that a query asks for stand out in the titles."""
        if root != self._root:
            self._root = root
            self._titles.clear()

    def put_cursor_on(self, record_id: int, line: int | None = None) -> bool:
        """Move to a record (so that it stands on `line` of the pane); whether it is in the list."""
        try:
            index = self.ids.index(record_id)
        except ValueError:
            return False
        self.move_to(index)
        if line is not None:
            self.top = max(0, min(index - line, len(self.ids) - self.page))
            self.redraw()
        return True

    def renew(self, ids: array[int], *, keep: bool = True) -> None:
        """List the same view as it is now. The cursor stays on its record and that record on its
        line of the screen; a current record that left the view stays (`keep`) until one moves."""
        self._rows.clear()
        current, line = self.current_id, self.cursor - self.top
        old, self.ids = self.ids, ids
        if current is not None:
            index = self._index_after(old, current, keep)
            self.cursor = index
            self.top = max(0, min(index - line, len(self.ids) - self.page))
        self.redraw()

    def _index_after(self, old: array[int], current: int, keep: bool) -> int:
        """Where the cursor belongs now: on its record, else on the nearest one still here."""
        try:
            return self.ids.index(current)
        except ValueError:
            pass
        near = self.cursor
        neighbours = [*old[near + 1 : near + 6], *reversed(old[max(0, near - 5) : near])]
        for offset, neighbour in enumerate(neighbours):
            try:
                index = self.ids.index(neighbour)
            except ValueError:
                continue
            if keep and self._fetch([current]):
                before = offset < len(old[near + 1 : near + 6])
                index = index if before else index + 1
                self.ids.insert(index, current)
            return index
        if keep and self._fetch([current]):
            index = min(near, len(self.ids))
            self.ids.insert(index, current)
            return index
        return max(0, min(near, len(self.ids) - 1))

    # -- rows -----------------------------------------------------------------------------------
    def row(self, index: int) -> Row | None:
        """The row at an index, fetched together with the rest of its page."""
        record_id = self.ids[index]
        try:
            row = self._rows[record_id]
        except KeyError:
            self._fetch_around(index)
            row = self._rows.get(record_id)
        return row

    def _fetch_around(self, index: int) -> None:
        page = self.page
        first = max(0, index - page // 2)
        wanted = [i for i in self.ids[first : index + page] if i not in self._rows]
        self._rows.update(dict.fromkeys(wanted))
        for row in self._fetch(wanted):
            ours = self._amended.get(row.id, row)
            self._rows[row.id] = row._replace(starred=ours.starred, read=ours.read)
        while len(self._rows) > _CACHED_ROWS:
            self._rows.popitem(last=False)

    def decided_of(self, row: Row) -> Decided | None:
        """Return what was decided here last about a record and is still so: it may have been changed
        elsewhere since then."""
        decided = self.decided.get(row.id)
        while decided is not None and not decided.agrees(row):
            decided = decided.before
        return decided

    @property
    def staying(self) -> set[int]:
        """The records that stay in their place until another view is listed."""
        return self.kept.union(self.decided, self.deciding)

    def let_go(self) -> None:
        """None stays that the view does not hold."""
        self.decided.clear()
        self.kept.clear()
        self.deciding.clear()

    def forget_row(self, record_id: int) -> None:
        """Have a row fetched and drawn again: its record's state changed."""
        self._rows.pop(record_id, None)
        self._refresh_row(record_id)

    def _refresh_row(self, record_id: int) -> None:
        for index in range(self.top, min(self.top + self.page, len(self.ids))):
            if self.ids[index] == record_id:
                self.refresh_line(index)

    def forget_rows(self, record_ids: Container[int]) -> None:
        """Have rows fetched and drawn again, in one go."""
        stale = [each for each in self._rows if each in record_ids]
        for record_id in stale:
            del self._rows[record_id]
        if stale:
            self.redraw()

    def amend(self, row: Row) -> None:
        """Draw a row with another star or read mark than it was fetched with, until `settle`."""
        self._amended[row.id] = row
        if row.id in self._rows:
            self._rows[row.id] = row
            self._refresh_row(row.id)

    def settle(self, record_id: int) -> None:
        """Have a row fetched and drawn again: all that was decided about its record is written."""
        self._amended.pop(record_id, None)
        if (decided := self.decided.get(record_id)) is not None:
            self.decided[record_id] = decided.settled()
        self.forget_row(record_id)

    def forget_all(self) -> None:
        """Have all rows fetched and drawn again."""
        self._rows.clear()
        self.redraw()

    def decide(self, record_id: int, decided: Decided | None) -> None:
        """Show a record as decided; None: as it is."""
        if decided is None:
            self.decided.pop(record_id, None)
            self._amended.pop(record_id, None)
        else:
            self.decided[record_id] = decided
        self.forget_row(record_id)

    def step_back(self, record_id: int) -> None:
        """What was decided last about a record does not count any more; what was before it does."""
        decided = self.decided.pop(record_id, None)
        if decided is not None and decided.before is not None:
            self.decided[record_id] = decided.before

    def mark(self, record_ids: Sequence[int], on: bool) -> None:
        """Mark records, or take their marks away."""
        if on:
            self.marked.update(record_ids)
        else:
            self.marked.difference_update(record_ids)
        self.redraw()

    def find_state(self, state: State, step: int, skip: Container[int] = ()) -> int | None:
        """Return the index of the nearest record in `state`, from the cursor in one direction, if
        there is one among the next `SEARCHED`; those in `skip` do not count."""
        index = self.cursor + step
        for near in range(self.page):  # mostly it is a row that is on the screen
            at = index + near * step
            if not 0 <= at < len(self.ids):
                return None
            record_id = self.ids[at]
            if record_id not in self._rows:
                break
            row = self._rows[record_id]
            if row is not None and row.state is state and record_id not in skip:
                return at
        end = max(-1, min(len(self.ids), index + step * SEARCHED))
        while 0 <= index < len(self.ids) and index != end:
            chunk = (
                self.ids[index : index + 500]
                if step > 0
                else self.ids[max(0, index - 499) : index + 1]
            )
            states = {row.id: row.state for row in self._fetch(chunk)}
            order = chunk if step > 0 else reversed(chunk)
            for record_id in order:
                if states.get(record_id) is state and record_id not in skip:
                    return index
                index += step
        return None

    # -- drawing --------------------------------------------------------------------------------
    def heading_line(self, width: int, role: str) -> Line:
        if self.row_height > 1 or not self.ids:
            return super().heading_line(width, role)
        return self._lines.heading(self.heading, width, role)

    def line(self, index: int, width: int, *, at_cursor: bool) -> Line:
        row = self.row(index)
        return self._lines.one(
            row,
            width,
            at_cursor=at_cursor,
            is_marked=row is not None and row.id in self.marked,
            decided=None if row is None else self.decided_of(row),
            with_numbers=self.row_height == 1,
            title=self._title,
        )

    def second_line(self, index: int, width: int) -> Line:
        row = self.row(index)
        return self._lines.second(row, width, None if row is None else self.decided_of(row))

    def _title(self, title: str, role: str) -> Sequence[Piece]:
        """A title, with the words that the query asks for standing out."""
        if self._root is None:
            return (Piece(title, role),)
        pieces = self._titles.get((title, role))
        if pieces is None:
            if len(self._titles) > _CACHED_ROWS:
                self._titles.clear()
            ellipsis = self.glyphs.ellipsis
            text = title.removesuffix(ellipsis)  # the words are looked for in ASCII much faster
            pieces = marked([Piece(text, role)], self._root, "title")
            pieces.append(Piece(title[len(text) :], role))
            self._titles[title, role] = pieces
        return pieces
