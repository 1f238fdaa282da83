"""Where to: rows, related links and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reader.records.text import clean

from .asked import Asked

if TYPE_CHECKING:
    from .session import Session

PAGE = 10


class Going:
    """The commands that change where one is."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._listing = session.listing
        self._trail: list[tuple[Asked, int | None]] = []
        self._list_from: tuple[int, int] | None = None
        """Where one was when rows were last listed, and the row that comes next."""

    # -- rows -------------------------------------------------------------------------------------
    def do_move_down(self, rest: str) -> None:
        self._move(rest, 1)

    def do_move_up(self, rest: str) -> None:
        self._move(rest, -1)

    do_move_next_article = do_move_down
    do_move_previous_article = do_move_up

    def _move(self, rest: str, direction: int) -> None:
        by = self._number(rest or "1")
        if by is None:
            return
        last = len(self._listing.ids) - 1
        at = max(0, min(last, self._listing.at + direction * by))
        if last < 0 or at == self._listing.at:
            end = "the last" if direction > 0 else "the first"
            self._session.say(f"This is {end} one." if last >= 0 else "There is nothing here.")
            return
        self.go_to(at)

    def go_to(self, at: int) -> None:
        """Go to a place of the list and say what is there."""
        self._listing.at = at
        self._session.looking.card = None
        self._session.tell_current()

    def do_move_first(self, rest: str) -> None:
        self.go_to(0)

    def do_move_last(self, rest: str) -> None:
        self.go_to(max(0, len(self._listing.ids) - 1))

    def do_go(self, rest: str) -> None:
        number = self._number(rest)
        if number is None:
            return
        if not 1 <= number <= len(self._listing.ids):
            there = "There is" if len(self._listing.ids) == 1 else "There are"
            self._session.fail(f"{there} {self._listing.count_in_words()} here.")
        else:
            self.go_to(number - 1)

    def do_move_next_unpublished(self, rest: str) -> None:
        self._to_undecided(1, "further down")

    def do_move_previous_unpublished(self, rest: str) -> None:
        self._to_undecided(-1, "further up")

    def _to_undecided(self, step: int, where: str) -> None:
        at = self._listing.find_undecided(step, self._session.now)
        if at is None:
            self._session.say(f"No unpublished record {where}.")
        else:
            self.go_to(at)

    def do_list(self, rest: str) -> None:
        """Say the next ten rows; `rest`: from which number on."""
        if rest:
            number = self._number(rest)
            if number is None:
                return
            self._list(max(0, number - 1))
        elif self._session.console.has_more:
            self._session.console.more()
        elif self._list_from is not None and self._list_from[0] == self._listing.at:
            self._list(self._list_from[1])
        else:
            self._list(self._listing.at)

    do_move_page_down = do_move_half_down = do_list

    def do_move_page_up(self, rest: str) -> None:
        start = self._list_from[1] - 2 * PAGE if self._list_from else self._listing.at - PAGE
        self._list(max(0, start))

    do_move_half_up = do_move_page_up

    def _list(self, start: int) -> None:
        end = min(len(self._listing.ids), start + PAGE)
        self._list_from = (self._listing.at, end)
        if start >= len(self._listing.ids):
            self._session.say("That was the last one." if self._listing.ids else "Nothing here.")
            self._list_from = None
            return
        for at, row in self._listing.rows_from(start):
            if at >= end:
                break
            here = "Here: " if at == self._listing.at else ""
            self._session.say(here + self._session.line_of(at, row))
        if end < len(self._listing.ids):
            self._session.say(f"{len(self._listing.ids) - end:,} more: list.")

    def _number(self, text: str) -> int | None:
        if text.isascii() and text.isdigit() and len(text) < 10:
            return int(text)
        self._session.fail(f"“{clean(text[:40])}” is no number." if text else "Give a number.")
        return None

    def do_where(self, rest: str) -> None:
        records = self._listing.count_in_words()
        self._session.say(f"{self._listing.asked.place()}: {records}.")
        self._session.tell_current()

    # -- related links and the way back -----------------------------------------------------------
    def came_from(self, asked: Asked, record_id: int | None) -> None:
        """Something else is listed now, and one is at its beginning; the way back leads there."""
        self._trail.append((asked, record_id))
        self._list_from = None
        self._session.looking.card = None

    def leave_for(self, record_id: int) -> None:
        """Go to a record, also to one that is not listed; the way back leads here."""
        self.came_from(self._listing.asked, self._listing.current_id)
        if record_id not in self._listing.ids:
            self._listing.ask(Asked(), cancelled=lambda: False)
        self._put_on(record_id)
        self._session.tell_current()

    @property
    def returns(self) -> str:
        """Which command returns, in two words."""
        return f"{self._session.words.letter_of('trail.back') or 'back'} returns"

    def do_trail_back(self, rest: str) -> None:
        if self._session.looking.card is not None:
            self._session.looking.card = None
            self._session.tell_current()
        elif not self._trail:
            self._session.say("You are where you began.")
        else:
            asked, record_id = self._trail.pop()
            self._listing.ask(asked, cancelled=lambda: False)
            self._put_on(record_id)
            self._session.say(f"{asked.place()}.")
            self._session.tell_current()

    do_back = do_trail_back

    def _put_on(self, record_id: int | None) -> None:
        if record_id is not None and record_id in self._listing.ids:
            self._listing.at = self._listing.ids.index(record_id)
