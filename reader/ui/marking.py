"""Marks at the desk: the records that the next decision is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reader.records.text import display

if TYPE_CHECKING:
    from .jobs.asking import Matched
    from .screens.desk import Desk


class Marking:
    """What keys mark at one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._list = desk.list
        self.last: set[int] = set()
        """The marks that were there last."""
        self._range_from: int | None = None

    def do_mark_toggle(self) -> None:
        if self._desk.pane is self._desk.sidebar:
            self._desk.selecting.toggle(both=False)
            return
        record_id = self._list.current_id
        if record_id is None:
            return
        self._list.mark([record_id], record_id not in self._list.marked)
        self._to_next_row()
        self._marks_changed()

    def do_mark_range(self) -> None:
        if self._range_from is None:
            self._range_from = self._list.current_id
            key = self._desk.own_keys.key_of
            self._say(
                f"Marking from here: {key('mark.range')} again marks up to the cursor,"
                f" {key('back')} does not."
            )
            return
        started, self._range_from = self._range_from, None
        try:
            first, last = sorted((self._list.ids.index(started), self._list.cursor))
        except ValueError:
            self._say("The record where the range began is not listed any more.")
            return
        self._list.mark(self._list.ids[first : last + 1], True)
        self._marks_changed()

    def do_mark_all(self) -> None:
        """All that are listed, without those that were decided here and only stand there still."""
        ids = self._undecided(self._list.ids)
        self._list.mark(ids, not self._list.marked.issuperset(ids))
        self._marks_changed(left_out=len(self._list.ids) - len(ids))

    def _undecided(self, ids: Sequence[int]) -> Sequence[int]:
        """Return those that were not decided here, or all where there are no others."""
        decided = {id for id, each in self._list.decided.items() if each.word}
        return [id for id in ids if id not in decided] or ids

    def do_mark_again(self) -> None:
        if not self.last:
            self._say("There are no marks to bring back.")
            return
        self._list.mark(list(self.last), True)
        self._marks_changed()

    def do_mark_matching(self) -> None:
        from .screens.query_prompt import QueryPrompt

        desk = self._desk
        label = "words, or a query: quality:<20 topic:AI"
        prompt = QueryPrompt("MARK", label, "mark", desk.glyphs, desk.collection, desk.asks.views)
        desk.app.push_screen(prompt, self._matched)

    def _matched(self, found: Matched | None) -> None:
        """Mark those of the listed records that a query asks for, without those decided here."""
        if found is None:
            return
        listed = list(set(self._list.ids).intersection(found.ids))
        if not listed:
            self._say(f"No record listed here is asked for by {display(found.text)}.")
            return
        marked = self._undecided(listed)
        self._list.mark(marked, True)
        self._marks_changed(left_out=len(listed) - len(marked))

    def clear(self) -> bool:
        """Give up a range that was begun, or clear the marks; whether there was any of them."""
        if self._range_from is not None:
            self._range_from = None
            self._say("No range.")
            return True
        if self._list.marked:
            self.last = set(self._list.marked)
            self._list.marked.clear()
            self._list.redraw()
            key = self._desk.own_keys.key_of("mark.again")
            self._say(f"Marks cleared; {key} brings them back.")
            self._desk.show_status()
            return True
        return False

    def _marks_changed(self, left_out: int = 0) -> None:
        count = len(self._list.marked)
        without = f", without the {left_out:,} decided here" if left_out else ""
        said = f"{count:,} marked{without}: what you decide now is for them."
        self._say(said if count else "No marks.")
        self._desk.show_status()

    def _to_next_row(self) -> None:
        if self._list.move(1):
            self._desk.moved(self._list)

    def _say(self, text: str) -> None:
        self._desk.footer.say(text)
