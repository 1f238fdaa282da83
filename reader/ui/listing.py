"""What the desk lists: the records of one query, and the sidebar's numbers among them.

What is shown is a text of the query language (docs/queries.md), nothing besides: filter line,
sidebar, saved views and the order all read that text and write it.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reader.records.query import VIEW_LABELS, Count, Counts, View, plain_query
from reader.records.record import State
from reader.records.row import Row
from reader.records.text import display

from .commands import shown_key
from .first_filling import FirstFilling
from .jobs.asking import Explained
from .jobs.upkeep import FIRST, Counted, Listed, Misread
from .widgets.row_lines import Decided

if TYPE_CHECKING:
    from reader.records.querying.explained import Explanation
    from reader.records.querying.nodes import Node, Sort

    from .screens.desk import Desk


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was listed, and where one was in it."""

    text: str
    asked: str
    """What was being looked up then; the same text: nothing."""
    ids: array[int]
    complete: bool
    root: Node | None
    sort: tuple[Sort, ...]
    cursor: int
    top: int
    decided: Mapping[int, Decided]
    kept: frozenset[int]
    deciding: frozenset[int]


class Listing:
    """Lists one query after the other at one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._list = desk.list
        self.first_filling = FirstFilling(desk.list)
        self.text = ""
        """The query asked for last."""
        self.shown = ""
        """The query whose records are listed: the one before, while another one is looked up, and
        where that one is wrong."""
        self.root: Node | None = None
        """The tree of what is shown; None: a view and an order, nothing more."""
        self._sort: tuple[Sort, ...] = ()
        self.complete = True
        """Whether the list holds all ids of the query, or only those of the first screen."""
        self.left: array[int] = array("q")
        """The records that were on the screen when one left, while nothing else is known to be."""
        self.left_at = 0
        """Which of them one was at."""
        self.problems = 0
        """Files that cannot be read, in the whole collection."""
        self.drop_text: str | None = None
        """Where nothing is found: the query without the part that leaves out most."""
        self._advice: tuple[str, ...] = ()
        """What to say of that part, but for the keys; nothing, while it is not known."""
        self._renewal_due = False
        self._renewing = False
        self._wanted_id: int | None = None
        """The record the cursor belongs on once the query's ids are there."""
        self._wanted_line: int | None = None
        """On which line of the pane that record belongs; None: on any."""
        self._returning_id: int | None = None
        """A record that is back, and is not listed yet: then the cursor is put on it."""
        self._anchor: tuple[array[int], int] | None = None
        """The list and the place in it where the cursor was put by hand last."""
        self._placed: int | None = None
        """The record on which the cursor was put since then, that one or one near it."""
        self.is_explaining = False
        """Whether it is being looked up which part of a query has to go that finds nothing."""
        self._rest_due = False
        """Whether the rest of a list is on its way whose first screen is shown."""
        self._counting = self._count_due = self._whole_due = False
        self._uncounted = False
        """Whether the numbers are still those of the query before."""

    def show_first(self) -> None:
        """Fill the first screen, at once."""
        plain = plain_query(self.text)
        assert plain is not None  # the start is a view
        collection = self._desk.collection
        self._desk.sidebar.counts = collection.counts(cached=True)
        self._desk.sidebar.show(self._desk.sidebar.counts, self.chosen())
        ids = self.left or collection.ids(plain, limit=FIRST)
        self.complete = not self.left and len(ids) < FIRST
        if not self.left and not collection.is_indexed:
            self.first_filling.begin()
        self._list.said = self._why_empty()
        self._list.show(ids, cursor_id=ids[self.left_at] if ids else None, line=self.left_at)

    def complete_first(self) -> None:
        """Have the rest of the first screen's query listed."""
        if not self.complete:
            self._list_again()

    # -- another query --------------------------------------------------------------------------
    def ask(self, text: str, *, cursor_id: int | None = None, line: int | None = None) -> None:
        """List another query's records, the cursor on `cursor_id` (and that on `line` of the pane);
        without it, on the record that it is on, or the nearest of those that are listed then."""
        self.text = text
        self._desk.footer.no_longer("list")
        self._wanted_id, self._wanted_line = cursor_id, line
        self._returning_id = None
        self._renewing = True
        self._renewal_due = False
        if cursor_id is not None:
            self._anchor = None
        elif self._anchor is None or self._list.current_id != self._placed:
            self._anchor = self._list.ids, self._list.cursor
        if text.strip() == self.shown.strip():  # its view is not left
            self.text = self.shown
            self._list_again()
        else:
            self._desk.upkeep.list_ids(text, renewed=False, first=cursor_id is None)

    def listed(self, message: Listed) -> None:
        """Show the ids of a query, if it is still the one asked for."""
        if message.text != self.text:
            return
        if message.renewed and self._would_lose(message):
            self._list_again()
            return
        is_last = not self._desk.is_looking and not self._renewal_due
        if message.complete and is_last:
            self.first_filling.is_reading = False
        self.left = self.left[:0]
        self.complete = message.complete
        self._renewing = not message.complete
        is_new = self.shown != message.text
        self.shown = message.text
        self.root = None if message.parsed is None else message.parsed.root
        self._sort = () if message.parsed is None else message.parsed.sort
        self.drop_text, self._advice, self.is_explaining = None, (), False
        if is_new:
            self._uncounted = True
            self._list.let_go()
            self._list.highlight(self.root)
            self._desk.detail.highlight(self.root)
        if self._wanted_id is not None and message.complete:
            wanted, self._wanted_id = self._wanted_id, None
            self._list.show(message.ids, cursor_id=wanted, line=self._wanted_line)
        elif not message.renewed:
            self._put_near(message.ids)
        elif message.complete and not self.first_filling.show(message.ids, is_last=is_last):
            if self._rest_due and self._list.current_id == self._placed:
                self._put_near(message.ids)  # the record may be beyond the first screen
            else:
                self._list.renew(message.ids)
        self._rest_due = not message.complete
        self._list.said = self._why_empty()
        self._put_on_returned(message)
        self._desk.reading.refreshed()
        self._desk.query_changed()
        if message.complete:
            if self._uncounted:
                self._count_now()
            if not message.ids and self.root is not None:
                self.is_explaining = True
                self._desk.asks.explain(self.shown)
        if self._renewal_due:
            self._desk.set_timer(max(0.25, 4 * message.seconds), self._renew)
        self._desk.awaiting.listed()

    def _put_on_returned(self, message: Listed) -> None:
        """Put the cursor on the record that is back, where this list was asked for since then."""
        if self._returning_id is None or self._returning_id not in message.also:
            return
        returned, self._returning_id = self._returning_id, None
        if self._list.put_cursor_on(returned):
            self._desk.jumped_in_list()

    def _would_lose(self, message: Listed) -> bool:
        """Whether listed records would go that are to stay: what was decided about them is newer than
        this was asked for, and older than what the index said."""
        if message.text != self.shown:
            return False
        missed = self._list.staying.difference(message.also)
        if not missed:
            return False
        return not missed.difference(message.ids).isdisjoint(self._list.ids)

    def _put_near(self, ids: array[int]) -> None:
        """Show other records; the cursor stays on its record, or on the nearest one."""
        if self._anchor is None:
            self._list.show(ids)
        else:
            self._list.show_near(ids, *self._anchor)
        self._placed = self._list.current_id

    def misread(self, message: Misread) -> None:
        """A text was no query: what was listed before stays."""
        if message.text == self.text:
            self.text = self.shown
            self._wanted_id = self._returning_id = None
            self._renewing = False
            if not self.complete:  # its rest was given up for this
                self.ask_renewal()
            self._desk.query_wrong(message.text, message.error)
            self._desk.awaiting.forget()

    def gave_up(self) -> None:
        """Background work failed: what was waited for does not come."""
        self.text = self.shown
        self._wanted_id = self._returning_id = None
        self._renewing = self._counting = self.first_filling.is_reading = False
        self._desk.awaiting.forget()

    def nothing_to_come(self) -> None:
        """The files have been looked through, and there is no record that is not listed."""
        self.first_filling.is_reading = False
        self._desk.awaiting.listed()

    @property
    def is_asking(self) -> bool:
        """Whether what is listed is about to be something else."""
        is_jumping = self._wanted_id is not None or self._returning_id is not None
        return self.text != self.shown or is_jumping

    @property
    def awaits_first(self) -> bool:
        """Whether nothing is listed yet of a collection that is being read for the first time."""
        return self.first_filling.is_reading and not self._list.ids

    @property
    def may_jump(self) -> bool:
        """Whether the cursor may go elsewhere by itself: its record may be in the rest of the list."""
        is_placed = self._list.current_id == self._placed
        return self._rest_due and is_placed and self.missed_id is not None

    @property
    def missed_id(self) -> int | None:
        """The record that the cursor was on, where the query has left it out."""
        if self._anchor is None or self._anchor[1] >= len(self._anchor[0]):
            return None
        record_id = self._anchor[0][self._anchor[1]]
        return None if record_id == self._list.current_id else record_id

    # -- there and back -------------------------------------------------------------------------
    def snapshot(self) -> Snapshot:
        """Return what is listed, so that it can be restored."""
        return Snapshot(
            self.shown,
            self.text,
            self._list.ids,
            self.complete,
            self.root,
            self._sort,
            self._list.cursor,
            self._list.top,
            dict(self._list.decided),
            frozenset(self._list.kept),
            frozenset(self._list.deciding),
        )

    def restore(self, was: Snapshot) -> None:
        """List again what was listed, the cursor and all lines where they were; and then what was
        being looked up."""
        self._desk.upkeep.stop_listing()
        self._desk.footer.no_longer("list")
        self.text = self.shown = was.text
        self.root, self._sort, self.complete = was.root, was.sort, was.complete
        self.drop_text, self._advice, self.is_explaining = None, (), False
        self._wanted_id = self._returning_id = None
        self._renewing = False
        awaits = self._desk.edits.awaits if was.decided else bool
        self._list.decided = {
            # What was written or undone meanwhile is known by the rows.
            record_id: decided if awaits(record_id) else decided.settled()
            for record_id, decided in was.decided.items()
        }
        self._list.kept = set(was.kept)
        self._list.deciding = set(was.deciding)
        self._list.highlight(was.root)
        self._desk.detail.highlight(was.root)
        self._list.put_back(was.ids, was.cursor, was.top)
        self._list.said = self._why_empty()
        self._desk.reading.refreshed()
        self._desk.query_changed()
        self._count_now()
        if was.asked == was.text:
            self.ask_renewal()  # what changed meanwhile
        else:
            self.ask(was.asked)

    # -- the sidebar's numbers ------------------------------------------------------------------
    def count(self) -> None:
        """Have the sidebar's numbers counted anew, once at a time."""
        self._count_due = self._counting
        if not self._counting:
            self._count_now(whole=True)

    def _count_now(self, *, whole: bool = False) -> None:
        """Have them counted among the records of another query, whatever is being counted."""
        self._uncounted = False
        self._whole_due = whole or self._whole_due
        self._counting, self._count_due = True, False
        self._desk.upkeep.count(self.shown, whole=self._whole_due)

    def was_read(self, row: Row) -> None:
        """A record counts as read: one fewer is unread. Nothing is counted for that: in a large
        collection it would be too much to do at each record one reads."""
        if row.read:
            return
        sidebar = self._desk.sidebar
        same = sidebar.shown_counts is sidebar.counts
        sidebar.counts = _one_read(sidebar.counts, row)
        sidebar.show(
            sidebar.counts if same else _one_read(sidebar.shown_counts, row), self.chosen()
        )

    def counted(self, message: Counted) -> None:
        """Show the sidebar's numbers."""
        if message.is_whole:
            self._whole_due = False
            self._desk.sidebar.counts = message.counts
            counts = {count.key: count.total for count in message.counts.views}
            self.problems = counts.get(View.PROBLEMS.value, 0)
            if not self._list.ids:
                self.say_why_empty()
            self._desk.show_status()
            if self.shown.strip() or self._desk.sidebar.own_views:
                self._counted(message.seconds)
                return
        elif message.text != self.shown:
            return
        self._desk.sidebar.show(message.counts, self.chosen())
        self._counted(message.seconds)

    def _counted(self, seconds: float) -> None:
        self._counting = False
        if self._count_due:
            self._desk.set_timer(max(0.25, 4 * seconds), self.count)

    # -- the same query again -------------------------------------------------------------------
    def changed(self) -> None:
        """Records changed: list and numbers follow."""
        self.ask_renewal()
        self.count()

    def ask_renewal(self) -> None:
        """Have the same query listed as it is now, once at a time."""
        self._renewal_due = True
        if not self._renewing:
            self._renew()

    def put_cursor_on(self, record_id: int) -> None:
        """Put the cursor on a record of those that stay; where its file was away, as soon as it is
        listed again."""
        if self._list.put_cursor_on(record_id):
            self._desk.jumped_in_list()
        elif self.text == self.shown and self._wanted_id is None:
            self._returning_id = record_id
            self._renewal_due, self._renewing = False, True
            self._list_again()

    def _renew(self) -> None:
        if self._renewal_due and not self._renewing:
            self._renewal_due = False
            self._renewing = True
            self._list_again()

    def _list_again(self) -> None:
        """Have the same query listed as it is now; what was decided here stays in its place."""
        also = tuple(self._list.staying)
        self._desk.upkeep.list_ids(self.text, renewed=True, first=False, also=also)

    # -- what there is to say of it -------------------------------------------------------------
    def chosen(self) -> Mapping[str, frozenset[str]]:
        """Return the folded values that the query chooses, by the sidebar's fields."""
        plain = plain_query(self.shown)
        if plain is not None:
            return {} if plain.view is View.ALL else {"view": frozenset({plain.view.value})}
        from reader.records.choices import chosen

        return chosen(self.shown)

    @property
    def is_filtered(self) -> bool:
        """Whether the query is more than a view and an order."""
        if self.root is None:
            return False
        from reader.records.choices import is_filtered

        return is_filtered(self.shown)

    @property
    def asks_for_filter(self) -> bool:
        """Whether the query asked for last, which may not be listed yet, is that."""
        from reader.records.choices import is_filtered

        return is_filtered(self.text)

    def say_why_empty(self) -> None:
        """Have the list say why it is empty, where it is."""
        self._list.said = self._why_empty()
        self._list.redraw()

    def explained(self, message: Explained) -> None:
        """Say which part of a query that finds nothing has to go."""
        if message.text == self.shown:
            self.is_explaining = False
            self._advise(message.explanation)
            self._desk.awaiting.listed()

    def _advise(self, found: Explanation | None) -> None:
        if found is None or self._list.ids or not found.droppable or not found.droppable[0].count:
            return
        drop = found.droppable[0]
        self.drop_text = drop.text
        parts = " and ".join(
            display(self.shown[part.start : part.end].strip() or part.words) for part in drop.parts
        )
        records = "one record" if drop.count == 1 else f"{drop.count:,} records"
        self._advice = (" No record is all of this.", "", f" Without {parts}:", f" {records}.", "")
        self.say_why_empty()

    def _way_out(self) -> str:
        """Return which keys lead on from a query that finds nothing; while it is typed, most keys are
        typed into it."""
        key = self._desk.own_keys.key_of
        drops = f"{key('filter.drop')} drops it"
        clears = f"{key('filter.clear')} clears all"
        if not self._desk.filtering.is_open:
            return f" {drops}. {clears}, {key('explain')} explains."
        explaining = self._desk.filtering.explaining_key
        explains = f" {shown_key(explaining)} explains." if explaining else ""
        return f" Enter keeps the query; then {drops}, {clears}.{explains}"

    def _why_empty(self) -> tuple[str, ...]:
        name = display(self._desk.collection.name)
        if self._desk.is_looking and not self._desk.collection.is_indexed:
            return (f" Reading the records of {name} ...",)
        plain = plain_query(self.shown)
        if plain is None:
            if self._advice:
                return (*self._advice, self._way_out())
            return (" No record is all of this.",)
        if plain.view is View.ALL:
            return (
                f" No records in {name}.",
                "",
                *self._where_problems_are(),
                " A record is a file ending in .md, .markdown, .mdx, .html or .txt"
                " that begins with a line of three hyphens (front matter).",
                "",
                " reader FOLDER opens another folder,",
                " reader sample FOLDER writes a sample to try.",
            )
        if plain.view is View.PROBLEMS:
            return (" No problems: every file could be read.",)
        return (f" No records in {VIEW_LABELS[plain.view]}.",)

    def _where_problems_are(self) -> tuple[str, ...]:
        """Return how many files cannot be read, and which keys list them; nothing where all can."""
        if not self.problems:
            return ()
        from .screens.views import LETTERS

        is_one = self.problems == 1
        files = (
            "One file cannot be read as a record"
            if is_one
            else (f"{self.problems:,} files cannot be read as records")
        )
        keys = f"{self._desk.own_keys.key_of('views')} and then {LETTERS[View.PROBLEMS]}"
        return f" {files}.", f" {keys} lists {'it' if is_one else 'them'}, with what is wrong.", ""

    def place(self) -> list[str]:
        """Return where one is: the collection, and the view."""
        plain = plain_query(self.shown)
        if plain is not None:
            view = VIEW_LABELS[plain.view]
        else:
            from reader.records.choices import views_in_words

            view = views_in_words(self.shown) or VIEW_LABELS[View.ALL]
        return [display(self._desk.collection.name), display(view)]

    @property
    def sort_keys(self) -> list[tuple[str, bool]]:
        """What the list is sorted by: field, and whether the highest come first."""
        plain = plain_query(self.shown)
        if plain is not None:
            return [(plain.sort.removeprefix("-"), plain.sort.startswith("-"))]
        return [(key.field, key.descending) for key in self._sort] or [("date", True)]

    def order(self, *, short: bool = False) -> str:
        """Return the order of the list in words."""
        keys = self.sort_keys
        if keys in ([("date", True)], [("date", False)]):
            return "newest first" if keys[0][1] else "oldest first"
        if keys in ([("rank", True)], [("rank", False)]):
            return "worst match first" if keys[0][1] else "best match first"
        up, down = ("^", "v") if self._desk.glyphs.rule == "|" else ("↑", "↓")
        if short:
            keys = keys[:1]
        return " ".join(f"{field} {down if falling else up}" for field, falling in keys)


def _one_read(counts: Counts, row: Row) -> Counts:
    """Return the numbers after a record that was unread has been read."""
    unpublished = row.state is State.UNPUBLISHED

    def less(count: Count) -> Count:
        if count.key != View.UNREAD.value:
            return count
        return count._replace(
            unpublished=max(0, count.unpublished - unpublished), total=max(0, count.total - 1)
        )

    return replace(counts, views=tuple(map(less, counts.views)))
