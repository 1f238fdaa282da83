"""The web URLs that a body leads to: of Markdown, HTML and plain text.

Not a parser of either: patterns, each in time linear in the text, because every body of a
collection comes through. What stands in code is no link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_TICKS = re.compile(r"`+")
_INLINE = re.compile(
    r"\]\(\s{0,8}(?:<(https?://[^<>\n]++)>|(https?://(?:[^\s()\\]|\\[!-/:-@\[-`{-~]|\([^\s()]*+\))++))",
    re.IGNORECASE,
)
_DEFINED = re.compile(r"^ {0,3}\[[^\]\n]{1,999}\]:[ \t]*(https?://[^\s<>]++)", re.M | re.I)
_AUTO = re.compile(r"<(https?://[^\s<>]++)>", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_ATTRIBUTE = re.compile(
    r"""<[a-z][a-z0-9]{0,30}\s(?:[^<>"']|"[^"<>]*+"|'[^'<>]*+')*+>""", re.IGNORECASE
)
_VALUE = re.compile(
    r"""\s(?:href|src)\s{0,8}=\s{0,8}(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]++))""", re.IGNORECASE
)
_PLAIN = re.compile(r"https?://[^\s<>\"']++", re.IGNORECASE)
_DROPPED = str.maketrans("", "", "\t\r\n")  # as browsers drop them inside a URL


def urls_of_markdown(text: str) -> Iterator[str]:
    """Yield the web URLs of inline links and images, of link definitions, of autolinks, and of
    HTML inside the text."""
    text = _without_code(text)
    for found in _INLINE.finditer(text):
        yield unescape(_ESCAPED.sub(r"\1", found[1] or found[2]))
    for pattern in (_DEFINED, _AUTO):
        for found in pattern.finditer(text):
            yield unescape(found[1])
    yield from urls_of_html(text)


def urls_of_html(text: str) -> Iterator[str]:
    """Yield the web URLs of `href` and `src`."""
    for tag in _ATTRIBUTE.finditer(text):
        for found in _VALUE.finditer(tag[0]):
            url = unescape(found[1] or found[2] or found[3] or "").translate(_DROPPED).strip()
            if url[:7].lower() == "http://" or url[:8].lower() == "https://":
                yield url


def urls_of_text(text: str) -> Iterator[str]:
    """Yield the web URLs that stand in the text as they are, without the punctuation after them."""
    for found in _PLAIN.finditer(text):
        url = found[0].rstrip(".,;:!?*_~")
        while url.endswith(")") and url.count(")") > url.count("("):
            url = url[:-1].rstrip(".,;:!?*_~")
        yield url


def _without_code(text: str) -> str:
    """Return Markdown without its fenced blocks and its spans of code."""
    if "`" not in text and "~~~" not in text:
        return text
    kept: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        found = _FENCE.match(line)
        if fence:
            closes = (
                found is not None and found[1].startswith(fence) and not line[found.end() :].strip()
            )
            fence = "" if closes else fence
        elif found is not None and not (found[1][0] == "`" and "`" in line[found.end() :]):
            fence = found[1]
        else:
            kept.append(line)
    return _without_spans("".join(kept))


def _without_spans(text: str) -> str:
    """Return the text without what stands between two equal runs of backticks."""
    runs = [(found.start(), found.end()) for found in _TICKS.finditer(text)]
    ends: dict[int, list[int]] = {}
    for at, (start, end) in enumerate(runs):
        ends.setdefault(end - start, []).append(at)
    for places in ends.values():
        places.reverse()  # the next one is taken from the end
    kept: list[str] = []
    done = at = 0
    while at < len(runs):
        start, end = runs[at]
        places = ends[end - start]
        while places and places[-1] <= at:
            places.pop()
        if not places:
            at += 1
            continue
        closing = places.pop()
        kept.append(text[done:start])
        done = runs[closing][1]
        at = closing + 1
    return "".join([*kept, text[done:]])
