"""The filter line at the desk: the query typed, looked up at each key, kept or given up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reader.library.query_history import QueryHistory
from reader.records.text import display

from .commands import shown_key
from .completing import Completing
from .jobs.asking import Completed
from .key_names import sign_of
from .listing import Snapshot
from .waiting import Waiting
from .widgets.cells import width_of

if TYPE_CHECKING:
    from reader.records.querying import QueryError

    from .screens.desk import Desk

_KEYS = (
    ("Enter", "keep"),
    ("Esc", "as it was"),
    ("Tab", "complete"),
    ("Up", "earlier ones"),
)


class Filtering:
    """What is typed into the filter line of one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._widget = desk.query_line
        self._line = desk.query_line.line
        self._before: Snapshot | None = None
        """What was listed when the line was opened."""
        self._kept = ""
        self._wrong: tuple[str, QueryError] | None = None
        """A text that cannot be understood, and why."""
        self._waiting = Waiting(desk, self._say_still_looked_up)
        self._completing = Completing(
            self._line,
            desk.candidates,
            self._waiting,
            ask=desk.asks.complete,
            changed=self._typed,
            shown=lambda are: desk.set_class(are, "-completing"),
            nothing=self._say_nothing_to_complete,
        )
        self.history = QueryHistory(desk.collection.state_path)
        self._earlier: list[str] | None = None
        """The queries typed before; None: they are being read."""
        self._first_step = 0
        """What is to be done with them when they are there."""
        self._back = 0
        self._draft = ""

    @property
    def is_open(self) -> bool:
        """Whether keys are typed into the line."""
        return self._widget.is_open

    @property
    def typed_text(self) -> str:
        """What the line says."""
        return self._line.text.strip()

    @property
    def is_waiting(self) -> bool:
        """Whether keys wait for what is looked up for the one before them."""
        return self._waiting.is_on

    # -- opening and leaving ------------------------------------------------------------------------
    def do_filter(self) -> None:
        text = self._desk.listing.text
        self._open(f"{text} " if text.strip() else "")

    def _open(self, text: str) -> None:
        desk = self._desk
        if self.is_open:
            return
        if desk.has_class("-over"):
            desk.moving.do_pane_sidebar()
        if desk.has_class("-zoom"):
            desk.moving.zoom(False)
        self._before = desk.listing.snapshot()
        self._wrong = None
        self._earlier, self._first_step, self._back = None, 0, 0
        self._line.put(text)
        self._widget.is_open = True
        desk.add_class("-typing")
        desk.set_focus(self._widget)
        desk.asks.recall(self.history)
        desk.listing.say_why_empty()
        self.show()

    def _close(self) -> None:
        self._widget.is_open = False
        self._completing.end()
        self._first_step = 0
        self._waiting.end()
        self._desk.remove_class("-typing")
        self._desk.set_focus(self._desk.list)
        self._desk.listing.say_why_empty()

    def keep(self) -> None:
        """Leave the line; what is listed stays."""
        if not self.is_open:
            return
        text = self._line.text.strip()
        if self._wrong is not None and self._wrong[0] == text:
            return
        self._kept = text
        self._close()
        if text:
            self._desk.asks.remember(self.history, text)
        self.show()

    def leave(self) -> None:
        """Leave the line; all is as it was before."""
        before = self._before
        self._wrong = None
        self._close()
        self.show()
        if before is not None:
            self._desk.listing.restore(before)
            # The panes are a line taller again: what was at the top is there once they are.
            self._desk.call_after_refresh(self._put_top_back, before)

    def _put_top_back(self, before: Snapshot) -> None:
        rows = self._desk.list
        if rows.ids is before.ids and rows.cursor == before.cursor:  # no key has moved it since
            rows.put_back(before.ids, before.cursor, before.top)

    def do_filter_clear(self) -> None:
        from reader.records.choices import cleared

        text = self._desk.listing.text
        if not text.strip():
            self._desk.footer.say("There is no filter: all records are listed.", about="list")
            return
        left = cleared(text)
        self._desk.listing.ask(left)
        self._desk.footer.say("Filter cleared." if left else "All records.", about="list")

    def do_filter_drop(self) -> None:
        desk = self._desk
        text = desk.listing.drop_text
        if text is not None:
            desk.listing.ask(text)
            return
        key = desk.own_keys.key_of
        if desk.list.ids:
            drops = f"{key('filter.drop')} drops a part of one that finds nothing"
            desk.footer.say(f"This query finds records; {drops}.", about="list")
        elif desk.listing.root is None:
            desk.footer.say("There is no query here to drop a part of.", about="list")
        else:
            clears = f"{key('filter.clear')} clears all of it"
            desk.footer.say(
                f"Without any one part it finds nothing either; {clears}.", about="list"
            )

    # -- keys -----------------------------------------------------------------------------------------
    def pressed(self, key: str, character: str | None) -> None:
        """Take a key."""
        match key:
            case "escape" | "ctrl+g":
                self.leave()
            case "enter":
                self.keep()
            case _ if self._completing.press(key):
                pass
            case "up":
                self._recall(1)
            case "down":
                self._recall(-1)
            case _ if key == self.explaining_key:
                self._desk.action_run("explain")
            case _:
                if self._line.press(key):
                    self._completing.end()
                    self._typed()
                elif character and character.isprintable() and not key.startswith("alt+"):
                    self.insert(character)

    @property
    def explaining_key(self) -> str:
        """The key that explains the query while it is typed: one that types nothing itself."""
        keys = self._desk.own_keys.keys.keys_of("explain")
        return next((each for each in keys if len(sign_of(each)) > 1 and " " not in each), "")

    def insert(self, text: str) -> None:
        """Put text in at the cursor."""
        self._completing.end()
        self._back = 0
        self._line.insert(text)
        self._typed()

    def _typed(self) -> None:
        """Look up what the line says now."""
        text = self._line.text.strip()
        if text != self._desk.listing.text and not (self._wrong and self._wrong[0] == text):
            self._desk.listing.ask(text)
        self.show()

    # -- what became of it ------------------------------------------------------------------------
    def wrong(self, text: str, error: QueryError) -> None:
        """A text is no query."""
        if self._before is not None and self._before.asked == text:
            self._before = replace(self._before, asked=self._before.text)
        if not self.is_open and text == self._kept and self._before is not None:
            before = self._before
            self._open(text)
            self._before = before
        if self.is_open:
            if text == self.typed_text:
                self._wrong = (text, error)
                self._list_before(text, error)
                self.show()
        else:
            self._desk.footer.say(f"{display(text)}: {display(error.reason)}")

    def _list_before(self, text: str, error: QueryError) -> None:
        """Where it is the last word that is not understood (yet), list what stands before it."""
        if error.end < len(text):
            return
        head = text[: text.rfind(" ", 0, error.start + 1) + 1].strip()
        if head and head != self._desk.listing.text:
            self._desk.listing.ask(head)

    def announce(self, text: str) -> None:
        """Show the line of a query whose records are about to be listed."""
        self._line.put(text)
        self._desk.add_class("-query")

    def show(self) -> None:
        """Show the line, and what stands under it, as things are now."""
        listing = self._desk.listing
        if not self.is_open:
            self._line.put(listing.shown)
            filtered = listing.is_filtered
            self._desk.set_class(filtered, "-query")
            clears = f"{self._desk.own_keys.key_of('filter.clear')} clears"
            self._widget.show(clears if self._desk.size.width >= 60 else "")
            return
        count = f"{len(self._desk.list.ids):,}{'' if listing.complete else '+'}"
        if listing.text != listing.shown:
            count = self._desk.glyphs.ellipsis  # not known yet
        text = self._line.text
        if self._wrong is None or self._wrong[0] != text.strip():
            self._widget.show(count)
            key = self.explaining_key
            self._desk.under_line.show_keys(
                (*_KEYS, *([(shown_key(key), "explain")] if key else ()))
            )
            return
        error = self._wrong[1]
        before = len(text) - len(text.lstrip())
        start, end = error.start + before, max(error.end, error.start + 1) + before
        self._widget.show("", (start, end))
        column = self._widget.cell_of(start)
        self._desk.under_line.show_wrong(display(error.reason), column, width_of(text[start:end]))

    # -- completion -------------------------------------------------------------------------------
    def completed(self, message: Completed) -> None:
        """What could be completed is known."""
        if self.is_open:
            self._completing.completed(message)

    def _say_nothing_to_complete(self) -> None:
        self._say_here("nothing to complete here")

    def _say_still_looked_up(self) -> None:
        self._first_step = 0
        self._say_here("still being looked up")

    def _say_here(self, text: str) -> None:
        self._desk.under_line.show_wrong(text, self._widget.cell_of(self._line.at), 1)

    # -- history ----------------------------------------------------------------------------------
    def recalled(self, earlier: list[str]) -> None:
        """The queries typed before have been read."""
        self._earlier = earlier
        step, self._first_step = self._first_step, 0
        if step:
            self._recall(step)
            self._waiting.end()

    def _recall(self, step: int) -> None:
        earlier = self._earlier
        if earlier is None:
            self._first_step = step
            self._waiting.begin()
        if not earlier:
            return
        if not self._back:
            self._draft = self._line.text
        self._back = max(0, min(len(earlier), self._back + step))
        self._line.put(earlier[-self._back] if self._back else self._draft)
        self._typed()
