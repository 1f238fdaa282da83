"""The links of an article: its own, related ones, mentions and images, with what checking says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.style import Style

from reader.records import hosts
from reader.records.dates import age
from reader.records.edit import name_of
from reader.records.numbers import written
from reader.records.record import Record, Related
from reader.records.row import Row
from reader.records.text import display
from reader.records.urls import is_web_url, shown

from . import said
from .article_lines import ArticleLines, Target
from .hyperlinks import link_style
from .widgets.cells import fit, fit_right, width_of, wrap
from .widgets.pieces import Piece


class LinkLines(ArticleLines):
    """Adds what leads somewhere."""

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


def _related(record: Record) -> list[dict[str, object]]:
    related = record.data.get("related")
    return [each for each in related if isinstance(each, dict)] if isinstance(related, list) else []


def _embedded(html: str) -> str | None:
    """Return the page that a piece of HTML embeds."""
    found = re.search(r"""src=["'](https?://[^"'\s<>]{1,2000})["']""", html[:10_000])
    return found[1] if found else None
