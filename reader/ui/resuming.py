"""Where one is, kept whenever it changes, and found again at the next start."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from reader.library.places import (
    MOST_MARKS,
    Place,
    place_file,
    read_place,
    rows_left,
    write_place,
)
from reader.records.query import plain_query

if TYPE_CHECKING:
    from .screens.desk import Desk

KEEP_AFTER = 1.0
"""Seconds after a change when it is written; what changes meanwhile is written with it."""


class Resuming:
    """Keeps the place of one desk; not of a single record's, nor where no state can be written.
    `resumes`: begin where one was."""

    def __init__(self, desk: Desk, *, resumes: bool) -> None:
        self._desk = desk
        collection = desk.collection
        path = collection.state_path
        self._file: Path | None = None
        if path is not None and collection.single is None:
            self._file = place_file(path)
        self._found = read_place(self._file) if self._file and resumes else None
        self._kept = self._found
        self._waiting: asyncio.TimerHandle | None = None
        self._begun = False
        self._rows = array("q")
        """The rows on the screen, or those that were when the list was shown last."""
        self._marked: set[int] = set()
        self._marked_paths: tuple[str, ...] = ()

    @property
    def is_due(self) -> bool:
        """Whether there is a place where one was, and the first screen does not show it yet."""
        return self._found is not None and not self._begun

    def before_first(self) -> None:
        """Have the first screen show the view that was left, where that needs no search, and the
        rows that it showed then."""
        found, desk = self._found, self._desk
        if found is None:
            return
        if plain_query(found.query) is not None:
            desk.listing.text = found.query
        else:
            desk.filtering.announce(found.query)
        rows, desk.listing.left_at = rows_left(found, desk.collection)
        desk.listing.left = array("q", (row.id for row in rows))

    def after_first(self) -> bool:
        """List what was listed, the cursor on its record and the marks set; whether there was
        anything but a beginning."""
        self._begun = True
        self._desk.awaiting.listed()
        found = self._found
        if found is None:
            return False
        collection, desk = self._desk.collection, self._desk
        record_id = collection.id_of_path(found.record) if found.record else None
        marks = [collection.id_of_path(path) for path in found.marks]
        desk.list.marked.update(each for each in marks if each is not None)
        first = desk.list.ids[0] if desk.list.ids else None
        left = desk.listing.left
        if left or found.query != desk.listing.shown or record_id not in (None, first):
            line = desk.list.line_of_cursor if left else None
            desk.listing.ask(found.query, cursor_id=record_id, line=line)
            return True
        if found.marks:
            desk.list.redraw()
        return bool(found.marks)

    def touch(self) -> None:
        """Something may have changed: write it soon."""
        articles = self._desk.list
        if articles.size:
            # More than are shown: some may be decided, and leave the list.
            self._rows = articles.ids[articles.top : articles.top + 2 * articles.page]
        if self._file is not None and self._begun and self._waiting is None:
            loop = asyncio.get_running_loop()
            self._waiting = loop.call_later(KEEP_AFTER, self._keep_later)

    def _keep_later(self) -> None:
        self._waiting = None
        place = self._place()
        if place is not None and place != self._kept and self._file is not None:
            # Not the toolkit's worker: this may come while the app is leaving already, and then
            # neither takes it; `finish` writes it.
            with suppress(RuntimeError):
                asyncio.get_running_loop().run_in_executor(None, self._write, place)
                self._kept = place

    def finish(self) -> None:
        """Write what has changed since. The interface has gone."""
        place = self._place() if self._begun else None
        if place is not None and place != self._kept:
            self._write(place)

    def _write(self, place: Place) -> None:
        # Without a state folder that can be written the next start is a fresh one.
        with suppress(OSError):
            if self._file is not None:
                write_place(self._file, self._desk.collection.root, place)

    def _place(self) -> Place | None:
        """Where one is; None while that is only being looked up."""
        desk = self._desk
        if desk.listing.is_asking:
            return None
        current = desk.list.current_id
        path = desk.collection.path(current) if current is not None else None
        rows: Iterable[int] = self._rows
        if plain_query(desk.listing.shown) is None:
            # Whether they are still in it takes too long to ask before a first frame.
            rows = (each for each in rows if each not in desk.list.decided)
        return Place(desk.listing.shown, path or "", self._marks(), tuple(rows))

    def _marks(self) -> tuple[str, ...]:
        """The paths of the marked records, looked up when others are marked."""
        marked = self._desk.list.marked
        if marked != self._marked:
            self._marked = set(marked)
            paths = map(self._desk.collection.path, sorted(marked)[:MOST_MARKS])
            self._marked_paths = tuple(path for path in paths if path)
        return self._marked_paths
