"""Where keys lead: into an article, along its related links, out to the web, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reader.records.counting import counted

from .article_lines import Target
from .trail import Stop, Trail

if TYPE_CHECKING:
    from .screens.desk import Desk


class Going:
    """What keys open at one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.trail = Trail()

    def do_open(self) -> None:
        desk = self._desk
        pane = desk.pane
        if pane is desk.sidebar:
            self._open_entry()
        elif pane is desk.detail:
            self.open_target()
        elif desk.list.current_id is None:
            return
        elif desk.has_class("-single"):
            desk.moving.zoom(True)
        else:
            desk.set_focus(desk.detail)

    def _open_entry(self) -> None:
        entry = self._desk.sidebar.current
        if entry is None:
            return
        if entry.count is None:
            self._desk.sidebar.fold(entry.section)
            return
        self._desk.selecting.settle(entry)
        self._desk.set_focus(self._desk.list)

    def open_target(self) -> None:
        """Go where the detail's line under the cursor leads."""
        target = self._desk.reading.target()
        if target is not None:
            self._go(target)

    def do_related_open(self, number: int) -> None:
        reading = self._desk.reading
        if reading.opened is None and reading.card is None:
            self._say("There is no record here.")
            return
        related = reading.article.related
        if number <= len(related):
            self._go(related[number - 1])
        else:
            how_many = counted(len(related), "related link") if related else "no related links"
            self._say(f"There is no number {number}: this record has {how_many}.")

    def _go(self, target: Target) -> None:
        desk = self._desk
        if target.record_id is None and target.related is None:
            self._open_url(target.url)
            return
        stop = Stop(
            desk.listing.shown, desk.list.current_id, desk.reading.card, desk.list.line_of_cursor
        )
        self.trail.leave(stop)
        if target.record_id is not None:
            self._go_to_record(target.record_id, desk.listing.shown)
        elif target.related is not None:
            desk.reading.show_card(target.related)

    def go_to_record(self, record_id: int) -> None:
        """Put the list's cursor on a record, in all records where the list does not hold it."""
        self._go_to_record(record_id, self._desk.listing.shown)

    def _go_to_record(self, record_id: int, query: str, line: int | None = None) -> None:
        """`line`: on which line of the list it belongs."""
        desk = self._desk
        if query != desk.listing.shown:
            desk.listing.ask(query, cursor_id=record_id, line=line)
        elif desk.list.put_cursor_on(record_id, line):
            desk.jumped_in_list()
        else:
            desk.listing.ask("", cursor_id=record_id)

    def do_trail_back(self) -> None:
        stop = self.trail.back()
        if stop is None:
            self._say("You are where you began.")
        elif stop.card is not None:
            self._desk.reading.show_card(stop.card)
        elif stop.record_id is not None:
            self._go_to_record(stop.record_id, stop.query, stop.line)

    def do_back(self) -> None:
        desk = self._desk
        if desk.has_class("-over"):
            desk.moving.do_pane_sidebar()
        elif (
            desk.triage.stop()
            or (desk.pane is desk.list and desk.marking.clear())
            or (desk.pane is desk.list and not desk.has_class("-zoom") and desk.checking.stop())
        ):
            return
        elif desk.reading.card is not None:
            self.do_trail_back()
        elif desk.has_class("-zoom"):
            desk.moving.zoom(False)
        elif desk.pane is not desk.list:
            desk.set_focus(desk.list)
        elif desk.listing.asks_for_filter:
            desk.filtering.do_filter_clear()

    def do_leave(self) -> None:
        desk = self._desk
        if desk.has_class("-over") or desk.has_class("-zoom") or desk.pane is not desk.list:
            self.do_back()
            if desk.reading.card is None and desk.pane is not desk.list:
                desk.set_focus(desk.list)
        else:
            desk.app.exit()

    # -- links and files ------------------------------------------------------------------------
    def current_url(self) -> str | None:
        """The link that keys are about: the one under the detail's cursor, else the record's."""
        if self._desk.pane is self._desk.detail:
            target = self._desk.reading.target()
            if target is not None and target.url:
                return target.url
        return self._desk.reading.article.url

    def do_link_open(self) -> None:
        self._open_url(self.current_url())

    def _open_url(self, url: str | None) -> None:
        from reader.ui.screens.link import open_link

        if url is None:
            self._say("This record has no link.")
        else:
            self._say(open_link(self._desk.app, url, self._desk.copying.copy, self._desk.glyphs))

    def do_link_code(self) -> None:
        from reader.records.urls import is_web_url
        from reader.ui.screens.link import LinkShown

        url = self.current_url()
        if url is None or not is_web_url(url):
            self._say("This record has no http or https link.")
        else:
            copy = self._desk.copying.copy
            self._desk.app.push_screen(LinkShown(url, copy, self._desk.glyphs, code=True))

    def do_raw(self) -> None:
        from reader.ui.screens.raw import RawFile

        opened = self._desk.reading.opened
        if opened is not None:
            self._desk.app.push_screen(RawFile(opened.path, opened.data, self._desk.glyphs))

    def _say(self, text: str) -> None:
        self._desk.footer.say(text)
