"""The article list: an array of record ids, of which only the visible rows are ever fetched."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence

from reader.records.dates import age
from reader.records.record import State
from reader.records.row import Row
from reader.ui.glyphs import Glyphs

from .cells import fit, fit_right, width_of
from .line_pane import Line, LinePane, Piece

STATE_ROLES = {
    State.UNPUBLISHED: "pane--open",
    State.PUBLISHED: "pane--good",
    State.REJECTED: "pane--bad",
    State.PROBLEM: "pane--warning",
}
_CACHED_ROWS = 2000
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
        super().__init__("ARTICLES", glyphs=glyphs, id=id)
        self._fetch = fetch
        self._clock = clock
        self._rows: OrderedDict[int, Row | None] = OrderedDict()
        self.ids: array[int] = array("q")
        self.said: Sequence[str] = ()
        """What to say while there are no records."""

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
    def show(self, ids: array[int], *, cursor_id: int | None = None) -> None:
        """List other records, from the top, the cursor on `cursor_id` where that is among them."""
        self.ids = ids
        self._rows.clear()
        self.cursor = self.top = 0
        if cursor_id is not None:
            self.put_cursor_on(cursor_id)
        self.redraw()

    def put_cursor_on(self, record_id: int) -> bool:
        """Move to a record; whether it is in the list."""
        try:
            index = self.ids.index(record_id)
        except ValueError:
            return False
        self.move_to(index)
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
            self._rows[row.id] = row
        while len(self._rows) > _CACHED_ROWS:
            self._rows.popitem(last=False)

    def forget_row(self, record_id: int) -> None:
        """Have a row fetched and drawn again: its record's state changed."""
        self._rows.pop(record_id, None)
        for index in range(self.top, min(self.top + self.page, len(self.ids))):
            if self.ids[index] == record_id:
                self.refresh_line(index)

    def find_state(self, state: State, step: int) -> int | None:
        """Return the index of the nearest record in `state`, from the cursor in one direction, if
        there is one among the next `SEARCHED`."""
        index = self.cursor + step
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
                if states.get(record_id) is state:
                    return index
                index += step
        return None

    # -- drawing --------------------------------------------------------------------------------
    def line(self, index: int, width: int, *, at_cursor: bool) -> Line:
        glyphs = self.glyphs
        row = self.row(index)
        mark = Piece(glyphs.cursor if at_cursor else " ", "pane--accent")
        if row is None:
            return (mark, Piece(" (gone)", "pane--dim"))
        strong = "" if row.read else "pane--strong"
        meta = ""
        if row.state is not State.PROBLEM:
            when = "" if row.date is None else age(row.date, int(self._clock()))
            meta = f" {fit_right(when, 5)} {_number(row.quality)}"
            if width >= 56:
                meta += f" {_number(row.heat)}"
            if width >= 72:
                meta += f"  {fit(row.provider, min(24, width // 5), glyphs.ellipsis)}"
            meta += " "
        sign = glyphs.warned if row.warned else ""
        unread = " " if row.read else glyphs.unread
        room = width - 4 - width_of(meta) - (2 if sign else 0)
        return (
            mark,
            Piece(glyphs.state(row.state), STATE_ROLES[row.state]),
            Piece(unread, "pane--accent"),
            Piece(glyphs.star if row.starred else " ", "pane--warning"),
            Piece(meta, "pane--dim"),
            Piece(fit(row.title, room, glyphs.ellipsis), strong),
            Piece(f" {sign}" if sign else "", "pane--warning"),
        )


def _number(value: float | None) -> str:
    """Return a quality or heat in three cells."""
    return "   " if value is None else fit_right(f"{value:.0f}", 3)
