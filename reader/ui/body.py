"""Article bodies for the detail pane: Markdown, HTML or plain text as styled lines.

Styles are bold, dim, italic and underline only; colours are the theme's. Nothing here is
imported before a body is shown: the parsers take some 50 ms the first time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reader.records.record import Body
from reader.records.text import clean_lines, display_lines

from .body_links import BodyLink, Links

if TYPE_CHECKING:
    from rich.segment import Segment

    from .body_flow import Flow

__all__ = ["BodyLink", "RenderedBody", "links_in_body", "plain_body", "render_body"]

MAX_MARKDOWN = 64_000  # characters rendered
MAX_HTML = 200_000
MAX_TEXT = 100_000
_LOOK = 4_000  # characters that a quick look is made of; of HTML, where tags take room, twice
_ANY_WIDTH = 80

_HIDDEN = re.compile(
    r"<(script|style|iframe|template|title|svg|math|noframes|noembed|textarea|select)\b"
    r".*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)",
    re.S | re.I,
)
_BREAK = re.compile(
    r"<(?:br|hr|/?(?:p|div|h[1-6]|li|ul|ol|tr|table|blockquote|pre|section|article|figure))"
    r"(?:\s[^<>]*)?/?>",
    re.I,
)
_PARAGRAPH_END = re.compile(r"\n\s*\n")
_ITEM = re.compile(r"\n(?=\s{0,8}(?:[-*+]|[0-9]{1,9}[.)])\s)")  # Markdown joins other lines
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*+(?:[\s\"'/][^<>]*)?(?:>|\Z)|<[!?][^<>]*(?:>|\Z)")
_LINK = re.compile(r"(!?)\[([^][\n]*)\]\((?:[^()\n]|\([^()\n]*\)){0,2000}\)")
_AUTOLINK = re.compile(r"<(https?://[^<>\s]*)>")
_LINE_MARKS = re.compile(r"\n[ ]{0,3}(?:#{1,6}[ ]+|>[ ]?|```[^\n]*)")
_MARKS = re.compile(r"[*_~`]+")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class RenderedBody:
    """A body as lines, each no wider than asked for and without spaces at its end."""

    lines: list[list[Segment]]
    links: tuple[BodyLink, ...]


def render_body(body: str, kind: Body, width: int, first_link: int = 1) -> RenderedBody:
    """Return all of a body (of a very long one its beginning, and a line that says so).

    Each web link's text is followed by its number, from `first_link` on; one URL has one
    number. Any text will do: what is no sensible Markdown is shown as it is written.
    """
    from .body_flow import Flow
    from .body_lines import FullError

    shown = _beginning(body, kind)
    links = Links(first_link)
    flow = Flow(width, links)
    rest = f" ({_size(len(body) - len(shown))})" if len(shown) < len(body) else None
    try:
        lines = _laid_out(flow, display_lines(shown), kind)
    except FullError:
        lines = flow.finish()
        rest = rest or ""
    if rest is not None:
        lines += [[]] if lines else []
        lines += flow.note(f"… the rest is not shown{rest}; the file has it")
    return RenderedBody(lines, links.all())


def plain_body(body: str, kind: Body, width: int, max_lines: int) -> list[str]:
    """Return at most `max_lines` lines of a body's beginning as plain text: a first look,
    made without a parser, for while the cursor moves on."""
    from .body_wrap import Span, wrap

    html = kind is Body.HTML
    look = min(_LOOK, max(width, 1) * max_lines * 2) * (2 if html else 1)
    text = display_lines(body[:look])
    if html:
        text = _TAG.sub("", _BREAK.sub("\n", _HIDDEN.sub("", text).replace("\n", " ")))
    elif kind is Body.MARKDOWN:
        text = _AUTOLINK.sub(r"\1", _HIDDEN.sub("", text))
        text = _TAG.sub("", _BREAK.sub(" ", text))
        text = _LINE_MARKS.sub("\n", "\n" + _LINK.sub(_link_text, text))
        text = _ESCAPE.sub(r"\1", _MARKS.sub(_unmarked, text))
    if "&" in text and kind is not Body.TEXT:
        from .body_html import unescaped

        text = clean_lines(unescaped(text))
    lines: list[str] = []
    for paragraph in _PARAGRAPH_END.split(text.strip()):
        if lines:
            lines.append("")
        for item in _ITEM.split(paragraph) if kind is Body.MARKDOWN else paragraph.split("\n"):
            words = " ".join(item.split())
            if words[:2] in ("- ", "* ", "+ ") and kind is Body.MARKDOWN:
                words = "• " + words[2:]
            words = words[: (max_lines - len(lines)) * (width + 1)]
            wrapped = wrap([Span(words, 0)], max(width, 4)) if words else []
            lines += ["".join(span.text for span in line) for line in wrapped]
            if len(lines) >= max_lines:
                return lines[:max_lines]
    return lines


def links_in_body(body: str, kind: Body) -> tuple[BodyLink, ...]:
    """Return the web links of a body as `render_body` numbers them."""
    return render_body(body, kind, _ANY_WIDTH).links


def _laid_out(flow: Flow, source: str, kind: Body) -> list[list[Segment]]:
    if kind is Body.MARKDOWN:
        from .body_markdown import TooTangledError, feed_markdown

        try:
            feed_markdown(flow, source)
        except TooTangledError:
            flow.plain(source)
            note = flow.note("Shown as it is written: its Markdown is too tangled to lay out.")
            return [*note, [], *flow.finish()]
    elif kind is Body.HTML:
        from .body_html import feed_html

        feed_html(flow, source)
    elif kind is Body.TEXT:
        flow.plain(source)
    return flow.finish()


def _beginning(body: str, kind: Body) -> str:
    """Return as much of a body as is rendered, not ending inside a line or tag if that is near."""
    limit = {Body.MARKDOWN: MAX_MARKDOWN, Body.HTML: MAX_HTML}.get(kind, MAX_TEXT)
    if len(body) <= limit:
        return body
    end = body.rfind("<" if kind is Body.HTML else "\n", limit - 1_000, limit)
    return body[: end if end > 0 else limit]


def _link_text(match: re.Match[str]) -> str:
    return f"[image: {match[2]}]" if match[1] else match[2]


def _unmarked(match: re.Match[str]) -> str:
    """Return marks that are no emphasis: `2 * 3`, `snake_case`, an item's, an escaped one."""
    before = match.string[match.start() - 1]
    after = match.string[match.end() : match.end() + 1] or " "
    if before == "\\" or (before.isalnum() and after.isalnum()):
        return match[0]
    return match[0] if before.isspace() and after.isspace() else ""


def _size(count: int) -> str:
    """Return a count of characters as a size, of at most three digits."""
    for unit, size in (("MB", 1_000_000), ("kB", 1_000)):
        if count >= size:
            value = count / size
            return f"{value:.1f} {unit}" if value < 10 else f"{value:,.0f} {unit}"
    return f"{count} B"
