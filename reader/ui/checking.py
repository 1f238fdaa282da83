"""Links at the desk: checking them, what is said of one, and what can be done about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reader.records.counting import counted
from reader.records.decisions import Decision
from reader.records.links import link_key
from reader.records.query import Query
from reader.records.text import display
from reader.records.verdicts import Role, Verdict

from .jobs.checks import Checks, Found, Over, Planned, Trouble
from .telling import NARROW
from .widgets.pieces import Line, Piece

if TYPE_CHECKING:
    from reader.checking import Asked
    from reader.config import Config
    from reader.links.settings import CheckSettings
    from reader.records.link_history import Known

    from .screens.desk import Desk
    from .screens.links import Links
    from .widgets.bars import FooterBar

AT_ONCE = 20
"""Records that are checked without a preview."""
RECENT = 7 * 86_400.0
"""Seconds within which a link of the view was checked lately, and is left out unless asked for."""
_TOLD = (
    Verdict.GONE,
    Verdict.SUSPECT,
    Verdict.FAILING,
    Verdict.FLAKY,
    Verdict.UNSAFE,
    Verdict.BLOCKED,
    Verdict.MOVED,
)


class CheckingKeys:
    """What keys do about links at one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._checks = Checks(desk, desk.collection)
        self._total = 0
        self._settings: CheckSettings | None = None
        self._screen: Links | None = None
        """The screen of all links, once it was shown."""

    # -- checking ---------------------------------------------------------------------------------
    def do_check(self) -> None:
        """Check the marked records; else the link or the record under the cursor."""
        marked = self._desk.list.marked
        if marked:
            ids = [each for each in self._desk.list.ids if each in marked]
            ids += sorted(marked.difference(ids))
            self._ask(ids, None, at_once=len(ids) <= AT_ONCE)
            return
        row = self._desk.record_row()
        if row is None:
            return
        target = self._desk.reading.target() if self._desk.pane is self._desk.detail else None
        if target is not None and target.url and not target.amp_cache:
            self._ask([row.id], None, at_once=True, only=link_key(target.url))
        else:
            self._ask([row.id], None, at_once=True)

    def do_check_view(self) -> None:
        """Check all that is listed, after a look at how much that is."""
        ids = self._desk.list.ids
        if not ids:
            self._say("There are no records here.")
            return
        self._ask(list(ids), RECENT, at_once=False)

    def check(self, ids: Sequence[int], key: int) -> None:
        """Check one link of these records at once."""
        self._ask(ids, None, at_once=True, only=key)

    def _ask(
        self,
        ids: Sequence[int],
        max_age: float | None,
        *,
        at_once: bool,
        only: int | None = None,
    ) -> None:
        if self._checks.is_running:
            key = self._desk.own_keys.key_of("back")
            self._say(f"Links are being checked still; {key} stops that.")
            return
        settings = self._chosen()
        if settings is None:
            return
        self._settings = settings
        roles = self._roles() if only is None else tuple(Role)
        preview = None if at_once else settings
        self._checks.plan(ids, roles, max_age, preview=preview, only=only)

    def _chosen(self) -> CheckSettings | None:
        from reader.checking import check_settings

        chosen = check_settings(self._config)
        if isinstance(chosen, str):
            self._say(display(chosen))
            return None
        return chosen

    @property
    def _config(self) -> Config:
        from .app import ReaderApp

        app = self._desk.app
        assert isinstance(app, ReaderApp)
        return app.settings

    def _roles(self) -> Sequence[Role]:
        from reader.checking import usual_roles

        return usual_roles(self._config)

    def start_by_itself(self) -> None:
        """Check what was not for so many days as the settings say; by default that is never."""
        from reader.config import table

        days = self._config[table.LINKS_EVERY]
        if days and not self._checks.is_running and (settings := self._chosen()) is not None:
            self._settings = settings
            ids = list(self._desk.collection.ids(Query()))
            self._checks.plan(ids, self._roles(), days * 86_400.0)

    def planned(self, message: Planned) -> None:
        """It is known what a check would ask: ask now, or after a yes."""
        plan = message.plan
        if self._checks.is_running:
            return
        if not plan.urls and not plan.recent:
            self._say("No links here to check.")
        elif message.would is not None and not self._is_free:
            key = self._desk.own_keys.key_of("check")
            self._say(f"No link was asked: something else came up. {key} asks again.")
        elif message.would is not None:
            self._preview(message, message.would)
        elif not plan.urls:
            self._say("All links here were checked lately.")
        else:
            self._start(plan.urls, message)

    @property
    def _is_free(self) -> bool:
        """Whether no question is open, over which this one would be drawn."""
        return self._desk.app.screen in (self._desk, self._screen)

    def _preview(self, message: Planned, would: Asked) -> None:
        from .screens.question import Choice, Question

        plan = message.plan
        urls = f"{counted(would.urls, 'URL')} on {counted(would.hosts, 'host')}"
        of = f", of {counted(len(message.ids), 'record')}."
        if not plan.urls:
            urls = "Nothing that was not checked within 7 days"
        lines: list[Line] = [(Piece(urls, "pane--strong"), Piece(of))]
        choices = []
        if would.urls:
            choices.append(Choice("y", f"check {'it' if would.urls == 1 else 'them'}", "check"))
        elif plan.urls:
            choices.append(Choice("y", "note that", "check"))
        if would.unsafe:
            more = f"{would.unsafe:,} more" if would.urls else counted(would.unsafe, "URL")
            of = "is unsafe" if would.unsafe == 1 else "are unsafe"
            lines.append((Piece(f"{more} {of}: said so, not asked.", "pane--warning"),))
        if plan.recent:
            more = counted(len(plan.recent), "URL")
            lines.append((Piece(f"{more} checked within 7 days left out."),))
        lines.append(
            (Piece("Each is asked once, a few at a time to one host, with pauses.", "pane--dim"),)
        )
        if plan.recent:
            choices.append(Choice("a", "check those too", "all"))
        choices.append(Choice("n", "no", ""))

        def answered(what: str | None) -> None:
            if what == "check":
                self._start(plan.urls, message)
            elif what == "all":
                self._checks.plan(message.ids, self._roles(), None)
            else:
                self._say("Nothing was asked.")

        self._desk.app.push_screen(
            Question(lines, choices, self._desk.glyphs, "CHECK LINKS"), answered
        )

    def _start(self, urls: int, message: Planned) -> None:
        if self._settings is None:
            return
        self._total = urls
        self._say(f"Checking {counted(urls, 'link')} …")
        self._checks.start(message.plan, self._settings)
        self._show(Counter(), 0, 0.0)

    # -- what comes of it ---------------------------------------------------------------------------
    def found(self, message: Found) -> None:
        """Some more is known."""
        if self._checks.is_running:
            self._show(message.counts, message.done, message.seconds)
        self._desk.list.forget_rows(message.records)
        if self._screen is not None and self._screen.is_attached:
            self._screen.checked()
        opened = self._desk.reading.opened
        if opened is not None and opened.id in message.records:
            self._desk.reading.resized()

    def over(self, message: Over) -> None:
        """The check has ended: say what came of it."""
        self._desk.telling.links = ()
        self._desk.show_status()
        if self._screen is not None and self._screen.is_attached:
            self._screen.load()
        ended = message.ended
        if ended.error:
            self._say(f"The check could not go on: {display(ended.error)}")
        elif ended.cut_off:
            self._say("No host answered at all, so nothing is remembered: is there a network?")
        else:
            counts = ", ".join(f"{message.counts[v]:,} {v}" for v in Verdict if message.counts[v])
            stopped = "Stopped" if ended.summary and message.done < self._total else "Checked"
            self._say(f"{stopped}: {counted(message.done, 'link')}: {counts or 'none'}.")

    def trouble(self, message: Trouble) -> None:
        self._say(display(message.reason))

    def _show(self, counts: Counter[Verdict], done: int, seconds: float) -> None:
        """Show how far it is in the status line: what does not fit is left out from the end."""
        bad = [(f"{counts[each]:,} {each}", "warning") for each in _TOLD if counts[each]]
        rate = done / seconds if seconds > 0 else 0.0
        left = f"{_time(max(0, self._total - done) / rate)} left" if rate else ""
        is_narrow = self._desk.size.width < NARROW
        of = "/" if is_narrow else " of "
        self._desk.telling.links = (
            (f"links {done:,}{of}{self._total:,}", "accent"),
            (left, "dim"),
            *bad,
            (f"{rate:,.0f}/s" if rate >= 1 else "", "dim"),
        )
        self._desk.show_status()

    def stop(self) -> bool:
        """Ask whether to stop a check; whether there is one."""
        from .screens.question import Choice, Question

        if not self._checks.is_running:
            return False
        lines: list[Line] = [
            (Piece("Links are being checked.", "pane--strong"),),
            (Piece("What has been found is kept, whatever you choose.", "pane--dim"),),
        ]
        choices = [Choice("s", "stop", True), Choice("g", "go on", False)]

        def answered(stop: bool | None) -> None:
            if stop:
                self._checks.cancel()

        question = Question(lines, choices, self._desk.glyphs, "STOP CHECKING?")
        self._desk.app.push_screen(question, answered)
        return True

    def finish(self) -> None:
        """After the interface has gone: end a check, what was found being kept."""
        self._checks.finish()

    # -- one link -----------------------------------------------------------------------------------
    def _link(self) -> str | None:
        """The link that is meant: under the cursor of the article, else the record's own."""
        desk = self._desk
        if desk.pane is desk.detail:
            target = desk.reading.target()
            if target is not None and target.url:
                return target.url
        return desk.reading.article.url

    def _known(self) -> Known | None:
        url = self._link()
        if url is None:
            self._say("This record has no link.")
            return None
        known = self._desk.collection.verdicts.of([url]).get(url)
        if known is None:
            self._say(f"This link was never checked; {self._desk.own_keys.key_of('check')} does.")
        return known

    def do_link_evidence(self) -> None:
        """Show all that is known of the link."""
        from .said import evidence
        from .screens.pager import Pager

        known = self._known()
        if known is None:
            return
        lines: list[Line] = [(Piece(f" {display(known.check.url)}", "pane--strong"),), ()]
        lines += [
            (Piece(f" {name:<14}", "pane--dim"), Piece(text)) for name, text in evidence(known)
        ]
        self._desk.app.push_screen(Pager("LINK", lines, self._desk.glyphs, folds=True))

    def do_link_works(self) -> None:
        """Note that the user opened the link and it works; again: take that back."""
        known = self._known()
        if known is not None:
            self.set_works(known.check.url, known.said.overridden_at is None)

    def set_works(self, url: str, works: bool) -> None:
        """Note the user's own word about a link, or take it back."""
        import sqlite3

        try:
            self._desk.collection.verdicts.set_works(url, works)
        except sqlite3.Error as error:
            self._say(f"That could not be kept ({error}).")
            return
        if works:
            self._say("You opened it and it works: that stands until a check finds otherwise.")
        else:
            self._say("Taken back: what checking found counts again.")
        records = {id for id, _ in self._desk.collection.verdicts.records_with(url)}
        self._desk.list.forget_rows(records)
        self._desk.reading.resized()

    def do_link_take(self) -> None:
        """Write where a moved link leads, or what the AMP cache URL has to be, into the file."""
        desk = self._desk
        if desk.list.marked:
            ids = list(desk.list.marked)
            targets = desk.collection.verdicts.moved(ids)
            if targets:
                desk.triage.decide(Decision("relink", {"targets": targets}), "T")
            else:
                self._say("None of the marked records has a link that has moved.")
            return
        decision = self._offered()
        if decision is None:
            self._say("Nothing to take: no link here has moved, and no AMP cache URL is wrong.")
        else:
            desk.forms.review(decision)

    def _offered(self) -> Decision | None:
        """The edit that is offered where the cursor is, else for the record as a whole."""
        desk = self._desk
        opened = desk.reading.opened
        if opened is None:
            return None
        moved = desk.collection.verdicts.moved([opened.id])
        if desk.pane is desk.detail:
            target = desk.reading.target()
            if target is not None and target.amp_cache:
                return Decision("amp-cache")
            if target is not None and target.url in moved:
                return Decision("relink", {"targets": {target.url: moved[target.url]}})
        if moved:
            return Decision("relink", {"targets": moved})
        amp = any(target.amp_cache for target in desk.reading.article.targets.values())
        return Decision("amp-cache") if amp else None

    # -- all of them ---------------------------------------------------------------------------------
    def do_links(self) -> None:
        """Show all links that were checked."""
        from .screens.links import Links

        desk = self._desk

        def chosen(record_id: int | None) -> None:
            if record_id is not None:
                desk.going.go_to_record(record_id)

        self._screen = Links(self, desk.collection, desk.glyphs)
        desk.app.push_screen(self._screen, chosen)

    def take_everywhere(self, known: Known, ids: Sequence[int]) -> str:
        """Have a moved link's target written into all records that have it, after a preview.
        Return what to say where that cannot be."""
        check = known.check
        if known.said.verdict is not Verdict.MOVED or not check.moved_to:
            return "Only a link that has moved has another URL to take."
        if not self._desk.triage.may_edit():
            return self._desk.editing.why_not
        decision = Decision("relink", {"targets": {check.url: check.moved_to}})
        self._desk.edits.foresee(decision, list(ids), "T", 0)
        return f"Looking at {counted(len(ids), 'record')}."

    def copy(self, text: str, footer: FooterBar) -> None:
        """Copy a text by the way that works here, and say so in that bar."""
        self._desk.copying.copy(text, footer)

    def _say(self, text: str) -> None:
        self._desk.footer.say(text)
        if self._screen is not None and self._screen.is_attached:
            self._screen.footer.say(text)


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
