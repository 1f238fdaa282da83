"""Keys that move: within a pane, from one to the next, and how much of the screen each has."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from reader.records.record import State

from .widgets.article_list import SEARCHED
from .widgets.line_pane import LinePane

if TYPE_CHECKING:
    from .screens.desk import Desk

G_WITHIN = 1.0
"""Seconds for which that can be taken back."""


class Moving:
    """What keys move at one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._went_first_from: tuple[float, int | None] = (0.0, None)
        """When the cursor went to the first row last, and from which record."""
        self._zoomed_for_room = False
        """Whether the article has the whole screen only because there is no room beside it."""

    # -- within a pane ------------------------------------------------------------------------------
    def _move(self, by: int) -> None:
        pane = self._desk.pane
        if pane.move(by):
            self._desk.moved(pane)

    def _page(self, pages: float) -> None:
        pane = self._desk.pane
        if pane.move_page(pages):
            self._desk.moved(pane)

    def do_move_down(self) -> None:
        self._move(1)

    def do_move_up(self) -> None:
        self._move(-1)

    def do_move_half_down(self) -> None:
        self._page(0.5)

    def do_move_half_up(self) -> None:
        self._page(-0.5)

    def do_move_page_down(self) -> None:
        self._page(1)

    def do_move_page_up(self) -> None:
        self._page(-1)

    def do_move_first(self) -> None:
        self._went_first_from = (time.monotonic(), self._desk.list.current_id)
        if self._desk.pane.move_to(0):
            self._desk.moved(self._desk.pane)

    def take_back_first(self) -> bool:
        """Take the move to the first row back: its key was the first of two. Whether it was just now."""
        at, record_id = self._went_first_from
        self._went_first_from = (0.0, None)
        if (
            time.monotonic() - at > G_WITHIN
            or self._desk.list.cursor
            or self._desk.pane is not self._desk.list
        ):
            return False
        if record_id is not None and self._desk.list.put_cursor_on(record_id):
            self._desk.moved(self._desk.list)
        return True

    def do_move_last(self) -> None:
        if self._desk.pane.move_to(self._desk.pane.line_count - 1, -1):
            self._desk.moved(self._desk.pane)

    def do_move_next_unpublished(self) -> None:
        self._to_unpublished(
            1, "further down", len(self._desk.list.ids) - self._desk.list.cursor - 1
        )

    def do_move_previous_unpublished(self) -> None:
        self._to_unpublished(-1, "further up", self._desk.list.cursor)

    def _to_unpublished(self, step: int, where: str, left: int) -> None:
        index = self._desk.list.find_state(State.UNPUBLISHED, step)
        if index is None:
            far = f" in the next {SEARCHED:,}; the view Unpublished lists them all"
            said = f"No unpublished record {where}{far if left > SEARCHED else ''}."
            self._desk.footer.say(said, about="list")
        elif self._desk.list.move_to(index):
            self._desk.moved(self._desk.list)

    def do_move_next_article(self) -> None:
        self._to_article(1, "last")

    def do_move_previous_article(self) -> None:
        self._to_article(-1, "first")

    def _to_article(self, step: int, end: str) -> None:
        articles = self._desk.list
        if articles.move(step):
            self._desk.moved(articles)
        elif articles.ids:
            self._desk.footer.say(f"This is the {end} article of the list.", about="list")

    # -- from pane to pane --------------------------------------------------------------------------
    def panes(self) -> list[LinePane]:
        """Return the panes that are shown, from left to right."""
        return [
            pane
            for pane in (self._desk.sidebar, self._desk.list, self._desk.detail)
            if pane.display
        ]

    def _to_pane(self, step: int, *, around: bool) -> None:
        panes = self.panes()
        at = panes.index(self._desk.pane) + step if self._desk.pane in panes else 0
        if around:
            self._desk.set_focus(panes[at % len(panes)])
        elif 0 <= at < len(panes):
            self._desk.set_focus(panes[at])
        elif at < 0 and not self._desk.sidebar.display:
            self.do_pane_sidebar()
        elif at > 0 and not self._desk.detail.display:
            self._desk.going.do_open()

    def do_pane_left(self) -> None:
        if self._desk.has_class("-zoom"):
            self._desk.going.do_back()
        else:
            self._to_pane(-1, around=False)

    def do_pane_right(self) -> None:
        self._to_pane(1, around=False)

    def do_pane_next(self) -> None:
        self._to_pane(1, around=True)

    def do_pane_previous(self) -> None:
        self._to_pane(-1, around=True)

    def do_pane_sidebar(self) -> None:
        if self._desk.has_class("-narrow") or self._desk.has_class("-single"):
            self._desk.toggle_class("-over")
            if self._desk.has_class("-over"):
                self._desk.remove_class("-zoom")
                self._zoomed_for_room = False
                self._desk.set_focus(self._desk.sidebar)
            else:
                self._desk.set_focus(self._desk.list)
        else:
            self._desk.toggle_class("-no-sidebar")
            if self._desk.has_class("-no-sidebar") and self._desk.pane is self._desk.sidebar:
                self._desk.set_focus(self._desk.list)
        self._desk.call_after_refresh(self._desk.after_resize)

    def do_pane_zoom(self) -> None:
        self.zoom(not self._desk.has_class("-zoom"))

    def fold(self, is_single: bool) -> None:
        """There is room for one pane only, or for more again: an article that is being read stays."""
        desk = self._desk
        if is_single and desk.pane is desk.detail and not desk.has_class("-zoom"):
            desk.add_class("-zoom")
            self._zoomed_for_room = True
        elif not is_single and self._zoomed_for_room:
            desk.remove_class("-zoom")
            self._zoomed_for_room = False

    def zoom(self, on: bool) -> None:
        """Show the article on the whole screen, or all panes again."""
        self._zoomed_for_room = on and self._desk.has_class("-single")
        self._desk.set_class(on, "-zoom")
        self._desk.set_focus(self._desk.detail if on else self._desk.list)
        self._desk.call_after_refresh(self._desk.after_resize)
