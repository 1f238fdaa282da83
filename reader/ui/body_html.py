"""HTML read for its text: a tokeniser that takes one pass over whatever it is given.

The standard library's `HTMLParser` takes quadratic time over input such as many `<a` or `<!--`,
and a tree of elements is what deep nesting kills; neither is needed to lay text out.
"""

from __future__ import annotations

import html
import re

from .body_elements import DROPPED, VOID
from .body_flow import Flow

# Quoted values may hold anything; how many parts a tag has is bounded, so that a tag that never
# ends costs little to give up on.
_TAG = re.compile(
    r"""<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30}+)(?![^\s/>])((?:[^<>"']++|"[^"]*+"|'[^']*+'){0,100}+)>"""
)
_ATTRIBUTE = re.compile(
    r"""\b(href|alt|start|width|height|style)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""",
    re.IGNORECASE,
)
_WANTED = frozenset({"a", "img", "ol", "td", "th"})
# Elements whose content is text up to their end tag, not elements.
_RAW = frozenset({"script", "style", "iframe", "noembed", "noframes", "xmp", "textarea", "title"})
_RAW_END = {name: re.compile(f"</{name}(?=[\\s/>])", re.IGNORECASE) for name in _RAW}


def feed_html(flow: Flow, source: str) -> None:
    """Give `flow` the elements and the text of `source`, which may be a part of a document."""
    at = 0
    while True:
        here = source.find("<", at)
        if here < 0:
            flow.text(unescaped(source[at:]))
            return
        if here > at:
            flow.text(unescaped(source[at:here]))
        if source.startswith(("<!", "<?"), here):
            comment = source.startswith("<!--", here)
            end = source.find("-->" if comment else ">", here + 2)
            if end < 0:
                return
            at = end + (3 if comment else 1)
            continue
        tag = _TAG.match(source, here)
        if tag is None:
            flow.text("<")
            at = here + 1
            continue
        at = tag.end()
        name = tag[2].lower()
        if tag[1]:
            flow.end(name)
            continue
        flow.start(name, _attributes(tag[3]) if name in _WANTED else {})
        if name in _RAW:
            end_tag = _RAW_END[name].search(source, at)
            at = end_tag.start() if end_tag else len(source)
        elif tag[3].endswith("/") and name in DROPPED and name not in VOID:
            flow.end(name)  # `<svg/>` holds nothing; `<script/>` is a start to every browser


def unescaped(text: str) -> str:
    """Return `text` with its entities decoded."""
    if "&" not in text:
        return text
    try:
        return html.unescape(text)
    except ValueError:  # a number of more digits than Python reads
        return text


def _attributes(source: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(source):
        found.setdefault(match[1].lower(), unescaped(match[2] or match[3] or match[4] or ""))
    return found
