"""An article as lines: what the detail pane shows of a record.

Pure: what it needs to know of the collection comes in as values and one callback.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from reader.records.dates import age, duration
from reader.records.links import links_of
from reader.records.numbers import written
from reader.records.record import Body, Problem, Record, Related, State
from reader.records.row import Row
from reader.records.text import clean, display, display_lines

from .article_lines import Article
from .article_links import LinkLines
from .widgets.cells import fit, fit_right
from .widgets.pieces import Piece

QUICK_BODY_LINES = 60
STATE_NAMES = {
    State.UNPUBLISHED: "unpublished",
    State.PUBLISHED: "published",
    State.REJECTED: "rejected",
    State.PROBLEM: "problem",
}


class ArticleBuilder(LinkLines):
    """Builds articles for one width."""

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
        if self.way_on:
            self._blank()
            self._text(self.way_on, "pane--dim")
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
        if record.state is State.UNPUBLISHED and self.until is not None:
            from reader.records.when import say_deferred  # here: few records are deferred

            said = say_deferred(self.until, self.now)
            role = "pane--open" if self.until <= self.now else "pane--dim"
            state = STATE_NAMES[record.state]
            self._text(f"{self.glyphs.deferred} {state} {self.glyphs.dot} {said}", role)
        elif record.state is not State.PUBLISHED:
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


def urls_shown(record: Record) -> list[str]:
    """Return the URLs of the record whose verdicts an article shows."""
    return [link.url for link in links_of(record)]
