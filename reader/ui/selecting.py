"""Selecting in the sidebar: it writes terms into the query, and takes them out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.timer import Timer

from reader.records.text import display

from .widgets.sidebar import Entry

if TYPE_CHECKING:
    from .screens.desk import Desk

CHOOSE_AFTER = 0.05
"""Seconds for which the sidebar's cursor rests before what is under it is listed."""


class Selecting:
    """What the sidebar's cursor and keys choose at one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._choosing: Timer | None = None
        self._base = ""
        """The query that the line under the cursor is added to: not the one of a line that the
        cursor only passed over."""
        self._is_picking = False
        """Whether several are being chosen: then the cursor's way changes nothing."""

    def begin(self) -> None:
        """The sidebar has the focus from now on."""
        self._base = self._desk.listing.text
        self._is_picking = False

    def moved(self) -> None:
        """List what is under the cursor, if it rests there."""
        if self._is_picking:
            return
        self._stop()
        self._choosing = self._desk.set_timer(CHOOSE_AFTER, self.preview)

    def preview(self) -> None:
        """List what is under the cursor."""
        self._stop()
        entry = self._desk.sidebar.current
        if entry is None or entry.count is None or self._is_picking:
            return
        from reader.records.choices import choose, chosen_one

        key = entry.key
        if chosen_one(self._base, entry.field, key):
            self._ask(self._base)
        else:
            self._ask(choose(self._base, entry.field, key))

    def choose_now(self) -> None:
        """List what is under the cursor, if it is waited whether it rests there."""
        if self._choosing is not None:
            self.preview()

    def settle(self, entry: Entry) -> None:
        """Keep what is under the cursor; what was chosen before is taken out."""
        self._stop()
        if self._is_picking:
            return
        from reader.records.choices import choose

        text = choose(self._base, entry.field, entry.key)
        if text == self._base and entry.field != "view":
            return
        self._ask(text)
        self._base = text

    def toggle(self, *, both: bool) -> None:
        """Add what is under the cursor to what is chosen there, as another possibility or (`both`)
        as one more condition; or take it out."""
        entry = self._desk.sidebar.current
        self._stop()
        if entry is None or entry.count is None:
            return
        from reader.records.choices import choose_and, choose_or

        if entry.field == "view" and entry.key == "all":
            self._desk.footer.say("All is every record: there is nothing to add.")
            return
        self._is_picking = True
        how = choose_and if both else choose_or
        text = how(self._base, entry.field, entry.key)
        taken = len(text) < len(self._base)
        self._base = text
        self._ask(text)
        label = display(entry.count.label)
        said = f"{label}: taken out." if taken else f"{label}: added."
        self._desk.footer.say(said, about="list")

    def do_select_and(self) -> None:
        if self._desk.pane is self._desk.sidebar:
            self.toggle(both=True)
        else:
            key = self._desk.own_keys.key_of("select.and")
            self._desk.footer.say(f"{key} adds what is under the sidebar's cursor to the query.")

    def _ask(self, text: str) -> None:
        if text.strip() != self._desk.listing.text.strip():
            self._desk.listing.ask(text)

    def _stop(self) -> None:
        if self._choosing is not None:
            self._choosing.stop()
            self._choosing = None
