"""A list that is being filled for the first time shows its top until a key is pressed.

Later the cursor stays on its record wherever that goes. While a collection is first read, nobody has
chosen the record that happens to be read first: the newest one comes into its place. A key pressed in
the moment after that is about the record that stood there before: it is the one that was seen.
"""

from __future__ import annotations

import time
from array import array

from reader.library.collection import Progress

from .widgets.article_list import ArticleList

SEEN_AFTER = 0.25
"""Seconds for which a record has to be under the cursor before a key can be about it."""
SOON = 500
"""Files that are mostly read in a moment: they are listed together, not bit by bit."""
PATIENCE = 1.0
"""Seconds after which what there is of them is listed all the same: the disk is a slow one."""


class FirstFilling:
    """Fills one list for the first time."""

    def __init__(self, articles: ArticleList) -> None:
        self._list = articles
        self.is_reading = False
        """Whether records are still to come, whatever has been pressed meanwhile."""
        self._is_on = False
        self._before: int | None = None
        """The record that was under the cursor before another one took its place."""
        self._since = float("-inf")
        """When that was, on the monotonic clock."""
        self._listed = 0.0
        """When it was listed last."""

    def begin(self) -> None:
        """The collection has never been read to its end."""
        self._is_on = self.is_reading = True
        self._listed = time.monotonic()

    def is_worth_listing(self, progress: Progress) -> bool:
        """Whether what has been read so far is to be listed before the rest is there."""
        return (
            not self._is_on
            or not progress.total
            or progress.total - progress.done > SOON
            or time.monotonic() - self._listed > PATIENCE
        )

    def show(self, ids: array[int], *, is_last: bool) -> bool:
        """List what is there now from its top, if that is how it is shown; `is_last`: all of it."""
        if not self._is_on:
            return False
        self._is_on = not is_last
        self._listed = time.monotonic()
        before = self._list.current_id
        self._list.show(ids)
        if before is not None and before != self._list.current_id:
            if time.monotonic() - self._since >= SEEN_AFTER:
                self._before = before
            self._since = time.monotonic()
        return True

    def chosen(self) -> None:
        """The cursor was put on a record by hand: there it stays."""
        self._is_on = False
        self._before = None

    def touched(self) -> bool:
        """A key was pressed: it is about the record that could be seen, and there the cursor stays.
        Whether it was put back on that."""
        before = self._before
        self.chosen()
        return (
            before is not None
            and time.monotonic() - self._since < SEEN_AFTER
            and self._list.put_cursor_on(before)
        )
