"""Article bodies for the detail pane: Markdown, HTML or plain text as styled lines.

Styles are bold, dim, italic and underline only; colours are the theme's. Nothing here is
imported before a body is shown: the parsers take some 50 ms the first time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reader.records.record import Body
from reader.records.text import display_lines

from .body_links import BodyLink, Links

if TYPE_CHECKING:
    from rich.segment import Segment

__all__ = ["BodyLink", "RenderedBody", "links_in_body", "plain_body", "render_body"]

MAX_MARKDOWN = 64_000  # characters rendered
MAX_HTML = 200_000
MAX_TEXT = 200_000
_ANY_WIDTH = 80

_NEWS = {"B": 1, "kB": 1_000, "MB": 1_000_000}


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

    shown = body[: _limit(kind)]
    source = display_lines(shown)
    links = Links(first_link)
    flow = Flow(width, links)
    if kind is Body.MARKDOWN:
        from .body_markdown import TooTangled, feed_markdown

        try:
            feed_markdown(flow, source)
        except TooTangled:
            flow.note("Shown as it is written: its Markdown is too tangled to lay out.")
            flow.plain(source)
    elif kind is Body.HTML:
        from .body_html import feed_html

        feed_html(flow, source)
    elif kind is Body.TEXT:
        flow.plain(source)
    flow.finish()
    if len(shown) < len(body):
        rest = _size(len(body) - len(shown))
        flow.note(f"… the rest is not shown ({rest}); v shows the file")
    return RenderedBody(flow.lines, links.all())
