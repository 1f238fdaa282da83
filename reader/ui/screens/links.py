"""The links that were checked: by verdict or by host, with what is known of each and its records."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from reader.library.collection import Collection
from reader.library.verdicts import Checked
from reader.records.counting import counted
from reader.records.dates import age
from reader.records.pasting import url_to_paste
from reader.records.text import display
from reader.records.urls import shown
from reader.records.verdicts import Role, Verdict
from reader.ui import said
from reader.ui.bindings import bindings_of
from reader.ui.body_wrap import chop
from reader.ui.glyphs import Glyphs
from reader.ui.key_hints import hints_of
from reader.ui.styles import style_sheet
from reader.ui.widgets.bars import FooterBar, StatusBar
from reader.ui.widgets.cells import fit, fit_right, width_of
from reader.ui.widgets.detail import Detail
from reader.ui.widgets.line_pane import LinePane
from reader.ui.widgets.pieces import Line, Piece

from .help import show_help
from .panel import move_pane

if TYPE_CHECKING:
    from reader.records.link_history import Known
    from reader.ui.checking import CheckingKeys

ORDER = (
    Verdict.GONE, Verdict.SUSPECT, Verdict.FAILING, Verdict.FLAKY, Verdict.BLOCKED, Verdict.MOVED,
    Verdict.UNSAFE, Verdict.REDIRECTED, Verdict.OK, Verdict.UNKNOWN,
)  # fmt: skip
"""The verdicts as they are listed: what asks for something first."""
MAX_PLACES = 200
"""Records of one link that are listed."""
RELOAD_EVERY = 2.0
"""Seconds between two looks at what a running check has found."""
SORTS = ("url", "checked", "records", "times")
_KEYS: dict[str, Callable[[Checked], object]] = {
    "url": lambda link: (link.host, link.url),
    "checked": lambda link: -link.at,
    "records": lambda link: -link.records,
    "times": lambda link: -link.times,
}


class LinkList(LinePane):
    """Groups, each with a heading line and its links."""

    def __init__(self, clock: Callable[[], float], glyphs: Glyphs) -> None:
        super().__init__("LINKS", glyphs=glyphs, id="links")
        self._clock = clock
        self.rows: list[str | Checked] = []
        """A text: the heading of the group that follows."""
        self.said: Sequence[str] = ()
        self.by_host = False

    @property
    def line_count(self) -> int:
        return len(self.rows)

    def empty_lines(self) -> Sequence[str]:
        return self.said

    def can_rest(self, index: int) -> bool:
        return not isinstance(self.rows[index], str)

    @property
    def current(self) -> Checked | None:
        """The link under the cursor."""
        row = self.rows[self.cursor] if self.cursor < len(self.rows) else None
        return row if isinstance(row, Checked) else None

    def show(self, rows: list[str | Checked]) -> None:
        """List other rows; the cursor stays on its link where that is among them."""
        current = self.current
        self.rows = rows
        place = 1 if len(rows) > 1 else 0
        if current is not None:
            same = (at for at, row in enumerate(rows) if _key(row) == current.key)
            place = next(same, min(self.cursor, max(0, len(rows) - 1)))
        self.move_to(place)
        self.redraw()

    def line(self, index: int, width: int, *, at_cursor: bool) -> Line:
        row = self.rows[index]
        if isinstance(row, str):
            return (Piece(f" {fit(row, width - 1, self.glyphs.ellipsis)}", "pane--strong"),)
        verdict = fit(row.said.value, 10)
        when = fit_right(age(int(row.at), int(self._clock())), 5)
        records = f" {fit_right(f'{row.records:,}', 5)}"
        url = display(shown(row.url))
        room = width - 1 - width_of(when) - 2 - len(verdict) - 1 - len(records)
        return (
            Piece(self.glyphs.cursor if at_cursor else " ", "pane--accent"),
            Piece(f"{when}  ", "pane--dim"),
            Piece(f"{verdict} ", said.ROLES.get(row.said, "pane--warning")),
            Piece(fit(url, room, self.glyphs.ellipsis)),
            Piece(records, "pane--dim"),
        )


class Links(Screen[int]):
    """Links at the top, what is known of the one under the cursor below. Enter goes to its record."""

    CSS_PATH: ClassVar[list[Path]] = [style_sheet("links.tcss")]  # type: ignore[assignment]  # narrower than the base's union
    AUTO_FOCUS = "#links"
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[Binding]] = bindings_of("Links")  # type: ignore[assignment]  # narrower than the base's union

    def __init__(self, checking: CheckingKeys, collection: Collection, glyphs: Glyphs) -> None:
        super().__init__()
        self._checking = checking
        self._collection = collection
        self.glyphs = glyphs
        self._links: list[Checked] = []
        self._sort = "url"
        self._verdict: Verdict | None = None
        self._host: str | None = None
        self._places: list[tuple[int, Role]] = []
        self._loaded = 0.0
        self._first_place = 0
        """The line of the evidence on which the first record stands."""
        self.status = StatusBar(glyphs)
        self.list = LinkList(collection.now, glyphs)
        self.detail = Detail(glyphs=glyphs, id="evidence")
        self.detail.heading = "EVIDENCE"
        self.footer = FooterBar(glyphs, said_before_keys=True)

    def compose(self) -> ComposeResult:
        yield self.status
        yield self.list
        yield self.detail
        yield self.footer

    def on_mount(self) -> None:
        hints = hints_of(self.app, ascii_only=self.glyphs.ascii_only)
        self.footer.more = hints.more
        self.footer.show_keys(
            hints.footer(
                ("Enter", "record", True),
                "links.group",
                "links.sort",
                "links.verdict",
                "links.host",
                *hints.footer_as("check", "check again"),
                "link.works",
                *hints.footer_as("link.take", "take new URL"),
                *hints.footer_as("link.open", "open"),
                *hints.footer_as("back", "leave", always=True),
                "!help",
            )
        )
        self.call_after_refresh(self.load)

    def load(self) -> None:
        """Read what is known again."""
        self._loaded = time.monotonic()
        self._links = self._collection.verdicts.checked()
        self._arrange()

    def _arrange(self) -> None:
        links = [
            link
            for link in self._links
            if (self._verdict is None or link.said is self._verdict)
            and (self._host is None or link.host == self._host)
        ]
        key = _KEYS[self._sort]
        links.sort(key=_KEYS["url"])  # type: ignore[arg-type]  # each gives what can be compared
        links.sort(key=key)  # type: ignore[arg-type]
        hints = hints_of(self.app, ascii_only=self.glyphs.ascii_only)
        self.list.said = (
            (
                " No link has been checked yet.",
                f" {hints.key('check')} checks those of a record,"
                f" {hints.key('check.view')} those of a view.",
            )
            if not self._links
            else (" No link is so.",)
        )
        by_host = self.list.by_host
        self.list.show(_by_host(links) if by_host else _by_verdict(links))
        self._show()

    def action_run(self, command_id: str, key: str = "") -> None:
        """Move in the pane that has the focus, or do what a key does here."""
        self.footer.make_room()
        does: dict[str, Callable[[], None]] = {
            "open": self._go,
            "links.group": self._group,
            "links.sort": self._sort_by_next,
            "links.verdict": self._next_verdict,
            "links.host": self._this_host,
            "link.open": self._open,
            "link.copy": self._copy_link,
            "check": self._check,
            "link.works": self._works,
            "link.take": self._take,
            "rescan": self.load,
            "pane.next": self._to_other_pane,
            "back": self._leave,
            "leave": self._leave,
        }
        if command_id in ("help", "messages"):
            show_help(self, "Links", self.glyphs, command_id)
        elif command_id in does:
            does[command_id]()
        else:
            pane = self.focused if isinstance(self.focused, LinePane) else self.list
            if move_pane(pane, command_id) and pane is self.list:
                self._show()

    def on_line_pane_pointed(self, message: LinePane.Pointed) -> None:
        if message.pane is self.list:
            self._show()
        if message.again:
            self._go()

    def on_resize(self) -> None:
        self._show()

    # -- the link under the cursor ------------------------------------------------------------------
    def _known(self) -> Known | None:
        link = self.list.current
        return (
            None
            if link is None
            else next(iter(self._collection.verdicts.of_keys([link.key])), None)
        )

    def _show(self) -> None:
        place = ["Links", "by host" if self.list.by_host else "by verdict"]
        place += [part for part in (self._verdict and self._verdict.value, self._host) if part]
        shown_count = sum(not isinstance(row, str) for row in self.list.rows)
        sort = f"by {self._sort}"
        self.status.show(place, [(counted(shown_count, "link"), "dim"), (sort, "dim")])
        known = self._known()
        self.detail.show(() if known is None else self._lines(known))

    def _lines(self, known: Known) -> list[Line]:
        width = max(20, self.app.size.width - 2)
        lines: list[Line] = [
            (Piece(f" {part}", "pane--strong"),) for part in chop(display(known.check.url), width)
        ]
        why = f"{known.said.verdict}: {display(known.said.reason)}"
        lines += [(Piece(f" {part}", said.role(known)),) for part in chop(why, width)]
        self._places = self._collection.verdicts.records_with(known.check.url)[:MAX_PLACES]
        rows = {row.id: row for row in self._collection.rows([id for id, _ in self._places])}
        lines += [(), (Piece(" RECORDS", "pane--heading"),)]
        self._first_place = len(lines)
        for id, role in self._places:
            title = rows[id].title if id in rows else self._collection.path(id) or "?"
            text = fit(title, width - 10, self.glyphs.ellipsis).rstrip()
            lines.append((Piece(f" {role.value:<9}", "pane--dim"), Piece(text)))
        if not self._places:
            lines.append((Piece(" No record has it any more.", "pane--dim"),))
        lines += [(), (Piece(" ALL THAT IS KNOWN", "pane--heading"),)]
        for name, text in said.evidence(known):
            for at, part in enumerate(chop(text, width - 14)):
                lines.append((Piece(f" {'' if at else name:<14}", "pane--dim"), Piece(part)))
        return lines

    # -- what keys do -------------------------------------------------------------------------------
    def _go(self) -> None:
        """To the record: of the line under the cursor below, else the newest that has the link."""
        if not self._places:
            self.footer.say("No record has this link any more.")
            return
        at = 0
        if self.focused is self.detail:
            at = self.detail.cursor - self._first_place
        elif len({id for id, _ in self._places}) > 1:
            self.detail.focus()
            self.detail.move_to(self._first_place)
            self.footer.say("Several records have it: Enter goes to the one under the cursor.")
            return
        if 0 <= at < len(self._places) and self.is_current:
            self.dismiss(self._places[at][0])

    def _group(self) -> None:
        """Group by host, or by verdict."""
        self.list.by_host = not self.list.by_host
        self._arrange()

    def _sort_by_next(self) -> None:
        """Sort by the next thing."""
        self._sort = SORTS[(SORTS.index(self._sort) + 1) % len(SORTS)]
        self._arrange()

    def _next_verdict(self) -> None:
        """Only the next verdict that there is, and after the last one all again."""
        there = [each for each in ORDER if any(link.said is each for link in self._links)]
        if not there:
            return
        at = there.index(self._verdict) + 1 if self._verdict in there else 0
        self._verdict = there[at] if at < len(there) else None
        self._arrange()

    def _this_host(self) -> None:
        """Only the links on this host, or all again."""
        link = self.list.current
        self._host = None if self._host is not None or link is None else link.host
        self._arrange()

    def _open(self) -> None:
        """Open the link."""
        from .link import open_link

        known = self._known()
        if known is not None:
            self.footer.say(open_link(self.app, known.check.url, self._copy, self.glyphs))

    def _copy_link(self) -> None:
        """Send the link to the terminal's clipboard."""
        known = self._known()
        if known is not None:
            self._copy(url_to_paste(known.check.url))

    def _copy(self, text: str) -> None:
        self._checking.copy(text, self.footer)

    def _check(self) -> None:
        """Check the link again."""
        link = self.list.current
        if link is not None and self._places:
            self._checking.check([self._places[0][0]], link.key)
            self.footer.say("Checking it …")

    def checked(self) -> None:
        """Something was checked meanwhile: show it, but not so often that keys wait."""
        now = time.monotonic()
        if now - self._loaded >= RELOAD_EVERY:
            self.load()

    def _works(self) -> None:
        """Note that the link works, or take that back."""
        known = self._known()
        if known is not None:
            self._checking.set_works(known.check.url, known.said.overridden_at is None)
            self.load()

    def _take(self) -> None:
        """Write the URL that a moved link leads to into all records that have it."""
        known = self._known()
        if known is not None:
            ids = list(dict.fromkeys(id for id, _ in self._places))
            self.footer.say(self._checking.take_everywhere(known, ids))

    def _to_other_pane(self) -> None:
        """The focus to the other pane."""
        (self.detail if self.focused is self.list else self.list).focus()

    def _leave(self) -> None:
        """Show all again where only some are listed; else leave."""
        if self.focused is self.detail:
            self.list.focus()
        elif self._host is not None or self._verdict is not None:
            self._host = self._verdict = None
            self._arrange()
        elif self.is_current:
            self.dismiss(None)


def _key(row: str | Checked) -> int | None:
    return row.key if isinstance(row, Checked) else None


def _by_verdict(links: Sequence[Checked]) -> list[str | Checked]:
    rows: list[str | Checked] = []
    for verdict in ORDER:
        group = [link for link in links if link.said is verdict]
        if group:
            rows += [f"{verdict.value}  {len(group):,}", *group]
    return rows


def _by_host(links: Sequence[Checked]) -> list[str | Checked]:
    groups: dict[str, list[Checked]] = {}
    for link in links:
        groups.setdefault(link.host, []).append(link)
    rows: list[str | Checked] = []
    for host, group in sorted(groups.items(), key=lambda each: (-_bad(each[1]), each[0])):
        counts = Counter(link.said for link in group)
        told = ", ".join(f"{counts[each]:,} {each}" for each in ORDER if counts[each])
        group.sort(key=lambda link: ORDER.index(link.said))
        rows += [f"{display(host) or '(no host)'}  {told}", *group]
    return rows


def _bad(links: Sequence[Checked]) -> int:
    return sum(link.said in ORDER[:4] for link in links)
