"""HTML read for its text: a tokeniser that takes one pass over whatever it is given.

The standard library's `HTMLParser` takes quadratic time over input such as many `<a` or `<!--`,
and a tree of elements is what deep nesting kills; neither is needed to lay text out.
"""

from __future__ import annotations

import html
import re

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
    at = begin = 0  # `begin`: of the text not yet given
    while True:
        here = source.find("<", at)
        if here < 0:
            flow.text(unescaped(source[begin:]))
            return
        end = _end_of_comment(source, here) or _TAG.match(source, here)
        if end is None:
            at = here + 1  # a `<` that is text
            continue
        if here > begin:
            flow.text(unescaped(source[begin:here]))
        if isinstance(end, int):
            at = begin = end
            continue
        at = begin = _element(flow, end)


def _end_of_comment(source: str, here: int) -> int | None:
    """Return where a comment, declaration or instruction at `here` ends, None if none is there."""
    if not source.startswith(("<!", "<?"), here):
        return None
    mark = "-->" if source.startswith("<!--", here) else ">"
    end = source.find(mark, here + 2)
    return len(source) if end < 0 else end + len(mark)


def _element(flow: Flow, tag: re.Match[str]) -> int:
    """Start or end an element and return where the source goes on."""
    name = tag[2].lower()
    if tag[1]:
        flow.end(name)
        return tag.end()
    flow.start(name, _attributes(tag[3]) if name in _WANTED else {})
    if name in _RAW:
        end_tag = _RAW_END[name].search(tag.string, tag.end())
        return end_tag.start() if end_tag else len(tag.string)
    if tag[3].endswith("/") and name in ("svg", "math"):
        flow.end(name)  # these alone may end where they start; `<script/>` is a start
    return tag.end()


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
