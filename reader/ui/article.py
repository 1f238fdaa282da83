"""An article as lines: what the detail pane shows of a record.

Pure: what it needs to know of the collection comes in as values and one callback.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rich.style import Style

from reader.records import hosts
from reader.records.dates import age, duration
from reader.records.edit import name_of
from reader.records.link_history import Known
from reader.records.links import links_of
from reader.records.numbers import written
from reader.records.record import Body, Problem, Record, Related, State
from reader.records.row import Row
from reader.records.text import clean, display, display_lines
from reader.records.urls import is_web_url, shown

from . import said
from .glyphs import Glyphs
from .hyperlinks import link_style
from .widgets.cells import fit, fit_right, width_of, wrap
from .widgets.detail import Fields
from .widgets.line_pane import Line, Piece

QUICK_BODY_LINES = 60
STATE_NAMES = {
    State.UNPUBLISHED: "unpublished",
    State.PUBLISHED: "published",
    State.REJECTED: "rejected",
    State.PROBLEM: "problem",
}


@dataclass(frozen=True, slots=True)
class Target:
    """What Enter on a line of the article leads to: a record here, a card, or a link."""

    record_id: int | None = None
    related: Related | None = None
    url: str | None = None
    amp_cache: bool = False
    """It is what an AMP cache URL has to be: to be taken as an edit."""


@dataclass(slots=True)
class Article:
    """The lines, which of them lead where, and the related links by number (from 1)."""

    lines: list[Line] = field(default_factory=list)
    targets: dict[int, Target] = field(default_factory=dict)
    related: list[Target] = field(default_factory=list)
    url: str | None = None
    fields: dict[int, Fields] = field(default_factory=dict)
    """Of which field of the record a line is, or each piece of it: where words that are looked for
    stand out."""


class ArticleBuilder:
    """Builds articles for one width."""

    def __init__(
        self,
        width: int,
        glyphs: Glyphs,
        now: float,
        resolve: Callable[[str], int | None],
    ) -> None:
        self.width = max(10, width - 2)
        self.glyphs = glyphs
        self.now = int(now)
        self.resolve = resolve
        self.article = Article()
        self.verdicts: Mapping[str, Known] = {}
        """What checking says of URLs."""
        self.git = ""
        """How the file differs from the last commit, in a word."""
        self.has_links = False
        """Whether the terminal makes links of those that are shown."""
        self.way_on = ""
        """Which keys lead on from a card."""

    def record(self, record: Record, path: str, mentions: Sequence[Row], *, full: bool) -> Article:
        """Return the article of a record; `full`: its body with all its Markdown."""
        self.article.url = record.url
        self._title(record.title or "(no title)")
        self._meta(record)
        if record.excerpt:
            self._blank()
            self._text(display_lines(record.excerpt), of="excerpt")
        body_links = self._body(record, full)
        self._links(record, body_links)
        self._related(record.related)
        self._mentions(mentions)
        self._images(record)
        if record.warnings:
            self._section("WARNINGS")
            for warning in record.warnings:
                self._text(
                    f"{self.glyphs.warned} {display(warning.field)}: {display(warning.reason)}",
                    "pane--warning",
                )
        self._file(path)
        return self.article

    def problem(self, problem: Problem, path: str, data: bytes) -> Article:
        """Return what there is to say of a file that cannot be read, with the lines at fault."""
        self._title(display(path))
        self._text(
            f"{self.glyphs.state(State.PROBLEM)} cannot be read as a record", "pane--warning"
        )
        self._blank()
        where = f" (line {problem.line})" if problem.line else ""
        self._text(display(problem.reason) + where)
        if problem.line:
            self._section("THE FILE THERE")
            self._excerpt_of_file(data, problem.line)
        self._blank()
        self._text(
            "Mend the file in an editor; it appears here as soon as it is saved.", "pane--dim"
        )
        return self.article

    def card(self, related: Related) -> Article:
        """Return what is known of a related link that is not in the collection."""
        self.article.url = related.url
        self._title(related.title or related.url or "(no title)")
        parts = [related.provider.name or related.provider.domain or ""]
        if related.published_at is not None:
            parts.append(self._when(related.published_at))
        parts.append(related.type or "")
        if related.quality is not None:
            parts.append(f"quality {written(related.quality)}")
        self._dotted(*([(part, "")] for part in parts))
        self._text("Not a record of this collection.", "pane--dim")
        if related.excerpt:
            self._blank()
            self._text(display_lines(related.excerpt))
        if related.url:
            self._section("LINK")
            self._link("web", related.url)
        self._blank()
        self._text(self.way_on, "pane--dim")
        return self.article

    # -- parts ----------------------------------------------------------------------------------
    def _title(self, title: str) -> None:
        self._text(display(title), "pane--strong", of="title")

    def _meta(self, record: Record) -> None:
        provider = record.provider.name or record.provider.domain or ""
        when = self._when(record.published_at) if record.published_at else "no date"
        kind = "type" if record.type else "category"
        self._dotted(
            [(provider, "provider")], [(when, "")], [(record.type or record.category or "", kind)]
        )
        quality, heat = record.quality, record.heat
        self._dotted(
            [(topic, "topic") for topic in record.topics],
            [("" if quality is None else f"quality {written(quality)}", "")],
            [("" if heat is None else f"heat {written(heat)}", "")],
        )
        length = "" if record.length_seconds is None else duration(record.length_seconds)
        rated = "" if record.rating is None else f"rated {record.rating:g}"
        if rated and record.rating_count is not None:
            rated += f" ({record.rating_count})"
        self._dotted(
            [(length, "")],
            [(rated, "")],
            [(record.price or "", "")],
            [(level, "") for level in record.levels],
            [(author, "author") for author in record.provider.authors],
        )
        if record.state is not State.PUBLISHED:
            role = "pane--open" if record.state is State.UNPUBLISHED else "pane--bad"
            self._text(f"{self.glyphs.state(record.state)} {STATE_NAMES[record.state]}", role)

    def _when(self, moment: datetime) -> str:
        local = moment.astimezone()
        short = age(int(moment.timestamp()), self.now)
        told = f"{local.day} {local:%b %Y, %H:%M}"
        return told if short == str(local.year) else f"{told} ({short})"

    def _body(self, record: Record, full: bool) -> Sequence[tuple[int, str, str]]:
        if record.body_kind is Body.NONE:
            return ()
        from .body import plain_body, render_body

        self._blank()
        if not full:
            for text in plain_body(record.body, record.body_kind, self.width, QUICK_BODY_LINES):
                self._line([Piece(f" {text}")], of="body")
            return ()
        rendered = render_body(record.body, record.body_kind, self.width)
        for segments in rendered.lines:
            pieces = [Piece(segment.text, "", segment.style) for segment in segments]
            self._line([Piece(" "), *pieces], of="body")
        return rendered.links

    def _links(self, record: Record, body_links: Sequence[tuple[int, str, str]]) -> None:
        roles = (
            ("web", record.web_url),
            ("original", record.original_url),
            ("amp", record.amp_url),
            ("cdn-amp", record.cdn_amp_url),
        )
        given = [(role, url) for role, url in roles if url]
        given += [(action.type or "action", action.url) for action in record.actions if action.url]
        if record.featured_content and (embedded := _embedded(record.featured_content)):
            given.append(("embed", embedded))
        given += [(f"[{number}]", url) for number, _, url in body_links]
        if given:
            self._section("LINKS")
            for role, url in given:
                self._link(role, url, record.url if "amp" in role else None)
        self._amp_cache(record)

    def _link(self, role: str, url: str, web: str | None = None) -> None:
        target = Target(url=url) if is_web_url(url) or url in self.verdicts else None
        label = fit(display(role), 9, self.glyphs.ellipsis)
        known = self.verdicts.get(url)
        if known is None:
            self._line([Piece(f" {label}", "pane--dim"), *self._url(url, self.width - 9)], target)
            return
        verdict = said.short(known, self.now)
        room = self.width - 9 - width_of(verdict) - 2
        pieces = [Piece(f" {label}", "pane--dim"), Piece(verdict, said.role(known)), Piece("  ")]
        if room >= 20:
            self._line([*pieces, *self._url(url, room)], target)
        else:
            self._line(pieces[:2], target)
            self._line([Piece(" " * 10), *self._url(url, self.width - 9)], target)
        for reason in said.reasons(known, web):
            for line in wrap(reason.text, self.width - 9):
                self._line([Piece(" " * 10), Piece(line, reason.role)], target)

    def _amp_cache(self, record: Record) -> None:
        """What the AMP cache's URL has to be, where it is missing or another."""
        if record.amp_url is None and not any("ampWebUrl" in each for each in _related(record)):
            return
        from reader.records.amp_cache import differing

        for each in differing(record.data):
            target = Target(url=each.wanted, amp_cache=True)
            where = "" if len(each.field) == 1 else f"{name_of(each.field)}: "
            for line in wrap(f"{self.glyphs.warned} {where}{each.reason}", self.width):
                self._line([Piece(f" {line}", "pane--warning")], target)
            self._line([Piece(" " * 10), *self._url(each.wanted, self.width - 9)], target)

    def _said_below(self, url: str | None, target: Target, indent: int) -> None:
        """The verdict of a link that stands in another section, under it."""
        known = self.verdicts.get(url) if url else None
        if known is None:
            return
        text = fit(said.short(known, self.now), self.width - indent, self.glyphs.ellipsis).rstrip()
        self._line([Piece(" " * (indent + 1)), Piece(text, said.role(known))], target)

    def _url(self, url: str, room: int) -> list[Piece]:
        """Return a URL in so many cells; its host in ASCII beside it is never what is cut off."""
        warning = display(hosts.warning(url))
        style = self._clickable(url)
        if not warning:
            text = fit(display(shown(url)), room, self.glyphs.ellipsis).rstrip()
            return [Piece(text, "", style)]
        warning = fit(warning, min(width_of(warning), room * 2 // 3), self.glyphs.ellipsis)
        left = room - width_of(warning) - 1
        text = fit(display(shown(url)), left, self.glyphs.ellipsis).rstrip()
        return [Piece(text, "", style), Piece(" "), Piece(warning, "pane--warning")]

    def _clickable(self, url: str | None) -> Style | None:
        return link_style(url) if self.has_links and url else None

    def _related(self, related: Sequence[Related]) -> None:
        if related:
            self._section("RELATED")
        for number, entry in enumerate(related, 1):
            record_id = self.resolve(entry.url) if entry.url else None
            target = Target(record_id, entry, entry.url)
            self.article.related.append(target)
            mark = self.glyphs.here if record_id is not None else " "
            style = self._clickable(entry.url)
            title = display(entry.title or entry.url or "(no title)")
            first, *rest = wrap(title, self.width - 5) or [""]
            self._line(
                [
                    Piece(f" {fit_right(str(number), 2)} ", "pane--dim"),
                    Piece(f"{mark} ", "pane--accent"),
                    Piece(first, "", style),
                ],
                target,
            )
            for text in rest:
                self._line([Piece("      "), Piece(text, "", style)], target)
            parts = [display(entry.provider.name or entry.provider.domain or "")]
            if entry.published_at is not None:
                parts.append(age(int(entry.published_at.timestamp()), self.now))
            if entry.quality is not None:
                parts.append(f"quality {written(entry.quality)}")
            told = f" {self.glyphs.dot} ".join(part for part in parts if part)
            if told:
                told = fit(told, self.width - 5, self.glyphs.ellipsis).rstrip()
                self._line([Piece(f"      {told}", "pane--dim")], target)
            self._said_below(entry.url, target, 5)

    def _mentions(self, mentions: Sequence[Row]) -> None:
        if mentions:
            self._section("MENTIONED BY")
        for row in mentions:
            when = "" if row.date is None else age(row.date, self.now)
            title = fit(row.title, self.width - 8, self.glyphs.ellipsis).rstrip()
            self._line(
                [
                    Piece(f" {fit_right(when, 5)} ", "pane--dim"),
                    Piece(f"{self.glyphs.here} ", "pane--accent"),
                    Piece(title),
                ],
                Target(record_id=row.id),
            )

    def _images(self, record: Record) -> None:
        if not any(image.url for image in record.images):
            return
        self._section("IMAGES")
        for image in record.images:
            if not image.url:
                continue
            size = f"{image.width}x{image.height}" if image.width and image.height else ""
            target = Target(url=image.url) if is_web_url(image.url) else None
            room = self.width - width_of(size) - (2 if size else 0)
            pieces = self._url(image.url, room)
            size = f"  {size}" if size else ""
            self._line([Piece(" "), *pieces, Piece(size, "pane--dim")], target)
            if target is not None:
                self._said_below(image.url, target, 1)
            if image.title and image.title != record.title:
                self._text(display(image.title), "pane--dim")

    def _file(self, path: str) -> None:
        self._section("FILE")
        self._text(display(path), "pane--dim")
        if self.git:
            role = "pane--bad" if self.git == "conflicted" else "pane--dim"
            self._text(f"git: {self.git}", role)

    def _excerpt_of_file(self, data: bytes, line: int) -> None:
        lines = data[: 1 << 20].decode("utf-8", "replace").split("\n")
        for number in range(max(1, line - 3), min(len(lines), line + 3) + 1):
            text = clean(lines[number - 1][:500])
            if text.lstrip().startswith("secured:"):
                text = "secured: (not shown)"
            here = number == line
            self._line(
                [
                    Piece(
                        f" {fit_right(str(number), 4)} ", "pane--warning" if here else "pane--dim"
                    ),
                    Piece(fit(text, self.width - 6, self.glyphs.ellipsis).rstrip()),
                ]
            )

    # -- lines ----------------------------------------------------------------------------------
    def _line(self, pieces: Line, target: Target | None = None, of: Fields = "") -> None:
        if of:
            self.article.fields[len(self.article.lines)] = of
        if target is not None:
            self.article.targets[len(self.article.lines)] = target
        self.article.lines.append(pieces)

    def _text(self, text: str, role: str = "", of: str = "") -> None:
        for line in wrap(text, self.width):
            self._line([Piece(f" {line}", role)], of=of)

    def _dotted(self, *parts: Sequence[tuple[str, str]]) -> None:
        """Add parts with dots between them, the values of a part with commas; lines are broken
        between two values where that can be. A value is (text, field of the record)."""
        line: list[Piece] = []
        fields: list[str] = []
        taken = 0

        def put(text: str, of: str = "") -> None:
            nonlocal taken
            line.append(Piece(text, "pane--dim"))
            fields.append(of)
            taken += width_of(text)

        def end() -> None:
            nonlocal line, fields, taken
            self._line([Piece(" "), *line], of=("", *fields))
            line, fields, taken = [], [], 0

        for part in parts:
            values = [(told, of) for text, of in part if (told := display(text))]
            for number, (text, of) in enumerate(values):
                between = ", " if number else f" {self.glyphs.dot} "
                comma = number < len(values) - 1
                if line and taken + width_of(f"{between}{text}") + comma > self.width:
                    if number:
                        put(",")
                    end()
                elif line:
                    put(between)
                first, *rest = wrap(text, self.width - comma)
                put(first, of)
                for more in rest:
                    end()
                    put(more, of)
        if line:
            end()

    def _blank(self) -> None:
        if self.article.lines and self.article.lines[-1]:
            self._line(())

    def _section(self, title: str) -> None:
        self._blank()
        self._line([Piece(f" {title}", "pane--heading")])


def _related(record: Record) -> list[dict[str, object]]:
    related = record.data.get("related")
    return [each for each in related if isinstance(each, dict)] if isinstance(related, list) else []


def _embedded(html: str) -> str | None:
    """Return the page that a piece of HTML embeds."""
    found = re.search(r"""src=["'](https?://[^"'\s<>]{1,2000})["']""", html[:10_000])
    return found[1] if found else None


def urls_shown(record: Record) -> list[str]:
    """Return the URLs of the record whose verdicts an article shows."""
    return [link.url for link in links_of(record)]


def plain_lines(article: Article) -> Iterator[str]:
    """Yield the article's lines as text."""
    for line in article.lines:
        yield "".join(piece.text for piece in line).rstrip()
