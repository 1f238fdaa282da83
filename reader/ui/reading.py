"""What is read: the article in the detail pane, following the list's cursor."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping

from textual.screen import Screen

from reader.library.collection import Collection, Opened
from reader.records.record import Problem, Record, Related, State
from reader.records.row import Row

from .article import ArticleBuilder, urls_shown
from .article_lines import Article, Target
from .glyphs import Glyphs
from .key_hints import hints_of
from .output.display import TerminalApp
from .widgets.article_list import ArticleList
from .widgets.detail import Detail

FAST = 0.06
"""Seconds between two moves below which the detail waits for a pause."""
PAUSE = 0.1
"""Seconds without a move after which it no longer waits, and after which it is drawn in full."""
PAUSE_ON_SLOW_LINE = 0.5
"""The same where the article takes seconds to arrive, and all that follows would wait for it."""
READ_AFTER = 2.0
"""Seconds for which an article is shown before it counts as read."""


class Reading:
    """Fills the detail pane. At a single move it does so in the same breath as the list; while
    keys come fast it waits; Markdown and all comes when the cursor rests."""

    def __init__(
        self,
        screen: Screen[None],
        collection: Collection,
        articles: ArticleList,
        detail: Detail,
        glyphs: Glyphs,
        was_read: Callable[[Row], None] = lambda row: None,
        is_read_only: Callable[[], bool] = lambda: False,
    ) -> None:
        self.opened: Opened | None = None
        self.article = Article()
        self.card: Related | None = None
        """The related link from outside that is shown in place of the record."""
        self.git: Mapping[bytes, object] = {}
        """How files differ from the last commit, by path."""
        self._screen = screen
        self._collection = collection
        self._list = articles
        self._detail = detail
        self._glyphs = glyphs
        self._was_read = was_read
        """Called with the row of a record that now counts as read."""
        self._is_read_only = is_read_only
        self._has_begun = False
        """Whether what articles need is loaded."""
        self._is_full = False
        self._until: int | None = None
        """Until when the record that is shown is deferred, as its article says."""
        self._last_move = 0.0
        self._settling: asyncio.TimerHandle | None = None
        self._until_read: asyncio.TimerHandle | None = None

    # -- following the cursor -------------------------------------------------------------------
    def begin(self) -> None:
        """Show the first article, and from now on follow the cursor; nothing where that is so."""
        if not self._has_begun:
            self._has_begun = True
            self.jumped()

    def catch_up(self) -> None:
        """Have the record under the cursor shown now, if that waits until keys come less fast."""
        shown = None if self.opened is None else self.opened.id
        if self._has_begun and self.card is None and shown != self._list.current_id:
            self._show(full=False)

    def moved(self) -> None:
        """The cursor was moved to another record."""
        if not self._has_begun:
            return
        if self.card is not None:
            self.card = self.opened = None
        now = time.monotonic()
        fast = now - self._last_move < FAST or self._is_on_slow_line()
        self._last_move = now
        if not fast:
            self._show(full=False)
        self._settle_later()

    def _is_on_slow_line(self) -> bool:
        """Whether the list's answer should not have to wait for the detail's bytes."""
        app = self._screen.app
        return isinstance(app, TerminalApp) and app.terminal is not None and app.terminal.is_slow

    def jumped(self) -> None:
        """The cursor was put on a record that is to be shown now, however fast keys come."""
        self._last_move = 0.0
        self.moved()

    def refreshed(self) -> None:
        """The list was renewed around the cursor; its record may have changed on the disk."""
        if self.card is None and self._has_begun:
            self._show(full=False)
            self._settle_later()

    def resized(self) -> None:
        """The pane has another width."""
        if self.card is not None:
            self.show_card(self.card)
        elif self.opened is not None:
            self.article = self._build(self.opened)
            self._show_article(keep_place=True)

    def show_card(self, related: Related) -> None:
        """Show what is known of a related link from outside the collection."""
        self.card = related
        builder = self._builder()
        key = hints_of(self._screen.app, ascii_only=self._glyphs.ascii_only).key
        builder.way_on = f"{key('trail.back')} returns. {key('link.open')} opens the link."
        self.article = builder.card(related)
        self._show_article()

    def target(self) -> Target | None:
        """What the detail's line under the cursor leads to."""
        return self.article.targets.get(self._detail.cursor)

    def stop_waiting(self) -> None:
        """A mark set by hand outlasts the two seconds."""
        if self._until_read is not None:
            self._until_read.cancel()

    # -- how ------------------------------------------------------------------------------------
    def _settle_later(self) -> None:
        if self._settling is not None:
            self._settling.cancel()
        pause = PAUSE_ON_SLOW_LINE if self._is_on_slow_line() else PAUSE
        self._settling = _later(pause, self._settle)

    def _settle(self) -> None:
        self._settling = None
        if self.card is None and self._screen.is_attached:
            self._show(full=True)

    def _show(self, *, full: bool) -> None:
        record_id = self._list.current_id
        if record_id is None:
            self._show_nothing()
            return
        last = self.opened if self.opened is not None and self.opened.id == record_id else None
        if full and last is not None:
            if self._is_full:
                return
            opened: Opened | None = last
        else:
            opened = self._collection.open_record(record_id)
        if opened is None:
            self._show_nothing(" The file is gone.")
            return
        is_same = last is not None and last.data == opened.data
        if not full and is_same and self._until == self._deferred_until():
            return
        if last is None:
            self._wait_until_read(record_id)
        self.opened = opened
        self._is_full = full or not isinstance(opened.record, Record) or not opened.record.body
        self.article = self._build(opened)
        self._show_article(keep_place=last is not None)

    def _deferred_until(self) -> int | None:
        row = self._list.current
        return None if row is None else row.deferred_until

    def _show_article(self, *, keep_place: bool = False) -> None:
        article = self.article
        self._detail.show(article.lines, keep_place=keep_place, fields=article.fields)

    def _show_nothing(self, *said: str) -> None:
        self.opened = None
        self.article = Article()
        self._detail.said = said
        self._detail.show(())

    def _build(self, opened: Opened) -> Article:
        builder = self._builder()
        if isinstance(opened.record, Problem):
            builder.way_on = self._way_to_mend(opened)
            return builder.problem(opened.record, opened.path, opened.data)
        mentions = self._collection.mentioned_by(opened.id)
        builder.verdicts = self._collection.verdicts.of(urls_shown(opened.record))
        change = self.git.get(os.fsencode(opened.path)) if self.git else None
        self._until = builder.until = self._deferred_until()
        builder.git = "" if change is None else str(getattr(change, "value", change))
        return builder.record(opened.record, opened.path, mentions, full=self._is_full)

    def _way_to_mend(self, opened: Opened) -> str:
        """What to do about a problem; of a file that cannot be read at all its reason says that."""
        if not opened.data:
            return ""
        mended = "Once it is mended, it is a record and no problem any more."
        if self._is_read_only():
            return mended
        key = hints_of(self._screen.app, ascii_only=self._glyphs.ascii_only).key("edit")
        return f"{key} opens the file in your editor. {mended}"

    @property
    def is_unreadable(self) -> bool:
        """Whether nothing can be read of the file under the cursor, as far as that is known yet."""
        opened = self.opened
        return opened is not None and opened.id == self._list.current_id and not opened.data

    def _builder(self) -> ArticleBuilder:
        width = self._detail.size.width or 40
        resolve: Callable[[str], int | None] = self._collection.id_of_url
        builder = ArticleBuilder(width, self._glyphs, time.time(), resolve)
        app = self._screen.app
        builder.has_links = isinstance(app, TerminalApp) and app.has_links
        return builder

    def _wait_until_read(self, record_id: int) -> None:
        self.stop_waiting()
        self._until_read = _later(READ_AFTER, lambda: self._mark_read(record_id))

    def _mark_read(self, record_id: int) -> None:
        if not self._screen.is_attached:
            return
        row = self._list.current
        if row is None or row.id != record_id or row.read or row.state is State.PROBLEM:
            return
        if self._detail.display and self._screen.is_current and self.card is None:
            self._collection.set_read([record_id], True)
            self._list.forget_row(record_id)
            self._was_read(row)


def _later(seconds: float, call: Callable[[], None]) -> asyncio.TimerHandle:
    """Have something called later. Not a Textual timer: that is a task of its own, and two of them
    would be started and stopped at every key."""
    return asyncio.get_running_loop().call_later(seconds, call)
