"""The few things of an HTML page that a verdict needs, read from a bounded piece in one pass.

Not `html.parser`: pages made for it keep it busy for minutes. Every search here goes forward only.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import urljoin

_RAW = ("script", "style", "template", "textarea", "noscript", "iframe", "svg", "xmp")
_TAG = re.compile(rf"<(?:!--|(html|base|link|meta|title|h1|{'|'.join(_RAW)})(?=[\s/>]))")
_AMP = frozenset({"amp", "\u26a1", "\u26a1\ufe0f"})
_ATTRIBUTE = re.compile(
    r"""([^\s"'>/=\x00]{1,64})(?:\s{0,16}=\s{0,16}("[^"]*"|'[^']*'|[^\s"'=<>`]+))?"""
)
_CHARSET = re.compile(
    rb"""charset\s{0,8}=\s{0,8}["']?\s{0,8}([a-zA-Z0-9_\-]{1,24})""", re.IGNORECASE
)
_SPACE = re.compile(r"\s+")
_INNER_TAG = re.compile(r"<[^<>]*>")
_MAX_TAG = 8192
_MAX_TAGS = 20_000
_MAX_TEXT = 300
_MAX_INNER = 4000
_MAX_HEADINGS = 3
_CODECS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "cp1252", "ascii": "cp1252",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "windows-1252": "cp1252",
    "iso-8859-15": "iso8859-15", "iso-8859-2": "iso8859-2", "windows-1250": "cp1250",
    "windows-1251": "cp1251", "koi8-r": "koi8-r", "windows-1253": "cp1253",
    "windows-1254": "cp1254", "iso-8859-9": "cp1254", "windows-1255": "cp1255",
    "windows-1256": "cp1256", "shift_jis": "cp932", "shift-jis": "cp932", "euc-jp": "euc_jp",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs",
    "euc-kr": "cp949", "utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself."""

    title: str = ""
    headings: tuple[str, ...] = ()
    """Its first h1 elements."""
    canonical: str | None = None
    """Absolute."""
    declares_amp: bool = False
    refresh: str | None = None
    """Where a `<meta http-equiv=refresh>` without delay leads, absolute."""
    text: str = ""
    """The piece that was read, in lower case."""


def decoded(body: bytes, content_type: str) -> str:
    """Return a body as text: by its header, its own word, or as UTF-8."""
    named = _CHARSET.search(content_type.encode("latin-1", "replace")) or _CHARSET.search(
        body[:2048]
    )
    codec = _CODECS.get(named[1].decode("ascii").lower(), "utf-8") if named else "utf-8"
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        codec = "utf-16"
    return body.decode(codec, "replace")


def read(body: bytes, content_type: str, url: str) -> Page:
    """Return what a page says; all of it empty when it is no HTML. Never raises."""
    text = decoded(body, content_type)
    # The one letter whose small form is longer: places in both would differ.
    lower = text.replace("\u0130", "I").lower()
    return _read(text, lower, url)


def _read(text: str, lower: str, url: str) -> Page:
    title = ""
    headings: list[str] = []
    canonical = refresh = base = None
    amp = False
    at = 0
    for _ in range(_MAX_TAGS):
        tag = _TAG.search(lower, at)
        if tag is None:
            break
        name = tag[1]
        if name is None:  # a comment
            at = lower.find("-->", tag.end())
            if at < 0:
                break
            continue
        at = after = _tag_end(text, tag.end())
        if name in _RAW:
            at = lower.find(f"</{name}", after)
            if at < 0:
                break  # all the rest is a part of it
        elif name == "h1":
            if len(headings) < _MAX_HEADINGS:
                headings.append(_inner(text, lower, name, after))
        elif name == "title":
            if not title:
                title = _inner(text, lower, name, after)
        else:
            given = _attributes(text[tag.end() : after - 1])
            if name == "html":
                amp = amp or not given.keys().isdisjoint(_AMP)
            elif name == "base":
                base = base or given.get("href")
            elif name == "link":
                if canonical is None and "canonical" in given.get("rel", "").lower().split():
                    canonical = given.get("href")
            elif given.get("http-equiv", "").lower() == "refresh":
                refresh = refresh or _refresh(given.get("content", ""))
    base = _absolute(base, url) or url
    return Page(
        title,
        tuple(headings),
        _absolute(canonical, base),
        amp,
        _absolute(refresh, base),
        lower,
    )


def _inner(text: str, lower: str, name: str, at: int) -> str:
    end = lower.find(f"</{name}", at, at + _MAX_INNER)
    return _words(text[at : end if end >= 0 else at + _MAX_INNER])


def _tag_end(text: str, at: int) -> int:
    """Return where a tag ends; a `>` inside quotes is none, within reason."""
    end = text.find(">", at, at + _MAX_TAG)
    if end < 0:
        return min(len(text), at + _MAX_TAG)
    quote = max(text.rfind("='", at, end), text.rfind('="', at, end))
    if quote >= 0 and text.find(text[quote + 1], quote + 2, end) < 0:
        closed = text.find(text[quote + 1], end, at + _MAX_TAG)
        if closed >= 0:
            later = text.find(">", closed, at + _MAX_TAG)
            end = later if later >= 0 else end
    return end + 1


def _attributes(text: str) -> dict[str, str]:
    given: dict[str, str] = {}
    for found in _ATTRIBUTE.finditer(text[:_MAX_TAG]):
        value = found[2] or ""
        if value[:1] in ("'", '"'):
            value = value[1:-1]
        given.setdefault(found[1].lower(), html.unescape(value).strip())
        if len(given) >= 64:
            break
    return given


def _words(text: str) -> str:
    plain = html.unescape(_INNER_TAG.sub(" ", text))
    return _SPACE.sub(" ", plain).strip()[:_MAX_TEXT]


def _refresh(content: str) -> str | None:
    found = re.match(
        r"\s{0,8}([0-9]{1,4})[.0-9]{0,8}\s{0,8}[;,]\s{0,8}(?:url\s{0,8}=\s{0,8})?(.+)",
        content,
        re.I,
    )
    if found is None or int(found[1]) > 5:
        return None
    return found[2].strip(" '\"")


def _absolute(url: str | None, base: str) -> str | None:
    if not url or len(url) > 8192:
        return None
    url = url.strip()
    try:
        whole = url.startswith(("https://", "http://")) and "[" not in url
        return url if whole else urljoin(base, url)
    except ValueError:
        return None
