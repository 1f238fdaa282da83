"""The links of a record: each URL with what it is to the record and where it stands."""

from __future__ import annotations

import re
import struct
from collections.abc import Collection, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from .edit import Field
from .record import Body, Record
from .urls import host_of
from .verdicts import Role

MAX_LINKS = 2000
"""Links of one record that are looked at."""
MAX_BODY = 1 << 18
"""Characters of a body that links are looked for in."""

_OWN = (
    ("webUrl", Role.WEB),
    ("ampWebUrl", Role.AMP),
    ("cdnAmpWebUrl", Role.CDN_AMP),
    ("originalUrl", Role.ORIGINAL),
)
_AMP = ("ampWebUrl", "cdnAmpWebUrl")
_BOUND = " \t\r\n\f\0"
_OWN_NAMES = tuple(name for name, _ in _OWN)
_OWN_NUMBERS = tuple((name, role.number) for name, role in _OWN)
_IMAGE, _RELATED, _BODY = Role.IMAGE.number, Role.RELATED.number, Role.BODY.number
_NOWHERE = ("", True)
_INTEGER = struct.Struct(">q")
_HTTP = re.compile("https?:", re.IGNORECASE)
_PLAIN = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+(?!(?:local|onion)(?:[?#]|\Z))[a-z]{2,63}"
    r"(?=[?#]|\Z)",
    re.IGNORECASE | re.ASCII,
)
_LONGEST_PLAIN = 2000
_LONGEST_NAME = 253
_ALL = frozenset(Role)


class Link(NamedTuple):
    """One URL of a record, as it is written there (spaces around it dropped)."""

    role: Role
    url: str
    field: Field = ()
    """Where it stands; empty: in the body or in the featured content."""
    is_amp: bool = False
    """Whether it is to lead to an AMP page."""
    web: str | None = None
    """With `is_amp`: the page that it is the AMP form of, when the record says so."""

    @property
    def key(self) -> int:
        """What verdicts know the URL by (`link_key`)."""
        return link_key(self.url)

    @property
    def host(self) -> str:
        """The host, in small letters; empty when this is no web URL."""
        return host_of(self.url)


def links_of(record: Record, roles: Collection[Role] = _ALL) -> tuple[Link, ...]:
    """Return the record's links in these roles, each URL once a role: the record's own, its
    images and its provider's, its related ones (with their AMP forms) and what its actions lead to,
    and those of its body and featured content.

    What is no web URL in a field of the record is a link too, a broken one; in a body only web
    URLs are. At most `MAX_LINKS`.
    """
    found: dict[tuple[Role, str], Link] = {}
    for link in map(Link._make, _all(record, roles)):
        found.setdefault((link.role, link.url), link)
        if len(found) == MAX_LINKS:
            break
    return tuple(found.values())


Hosts = tuple[tuple[str, bool], ...]
"""Hosts, and of each whether its URLs are odd: more than the look-up of a name decides if they may be
asked, since they name a port or an address, are very long, or are written in some rare way."""


def places_of(record: Record) -> tuple[Hosts, tuple[tuple[int, int, int], ...]]:
    """Return the hosts of all the record's links, the first of them being empty, and each link as
    the index stores it: the number of its role, its key, and which of the hosts it is on.

    What `links_of` says, quicker: every file of a collection comes through."""
    hosts = {_NOWHERE: 0}
    starts: dict[str, int] = {}
    seen: dict[str, tuple[int, int]] = {}
    found: dict[tuple[int, int], int] = {}
    for role, url in _pairs(record):
        known = seen.get(url)
        if known is None:
            if len(seen) == MAX_LINKS:
                break
            slash = url.find("/", 8)
            start = url if slash < 0 else url[:slash]
            if len(url) > _LONGEST_PLAIN:
                number = hosts.setdefault((_host_of_start(start)[0], True), len(hosts))
            elif (number := starts.get(start, -1)) < 0:
                number = starts[start] = hosts.setdefault(_host_of_start(start), len(hosts))
            known = seen[url] = _hash(url), number
        found[role, known[0]] = known[1]
    return tuple(hosts), tuple([(role, key, host) for (role, key), host in found.items()])


@lru_cache(4096)  # hosts come again and again
def _host_of_start(start: str) -> tuple[str, bool]:
    host = host_of(start)
    return host, len(host) > _LONGEST_NAME or _PLAIN.match(start) is None


def _pairs(record: Record) -> list[tuple[int, str]]:
    data = record.data
    images = _groups(data.get("images"))
    if type(provider := data.get("provider")) is dict and "images" in provider:
        images = images + _groups(provider["images"])
    pairs = [
        (role, url.strip(_BOUND))
        for name, role in _OWN_NUMBERS
        if type(url := data.get(name)) is str and url
    ]
    pairs += [
        (_IMAGE, url.strip(_BOUND))
        for image in images
        if type(image) is dict and type(url := image.get("url")) is str
    ]
    pairs += [
        (_RELATED, url.strip(_BOUND))
        for entry in _groups(data.get("related"))
        if type(entry) is dict
        for name in _OWN_NAMES
        if type(url := entry.get(name)) is str
    ]
    if "actions" in data:
        pairs += [
            (_RELATED, url.strip(_BOUND))
            for action in _groups(data["actions"])
            if type(action) is dict and type(url := action.get("url")) is str
        ]
    if record.body or record.featured_content:
        pairs += [(_BODY, url) for url in _body(record)]
    return [pair for pair in pairs if pair[1]]


def link_key(url: str) -> int:
    """Return the key by which verdicts know a URL: a signed 64-bit hash of what is requested of
    a server, which is all but the fragment. Unlike `urls.url_key` it tells http from https."""
    return _hash(url.strip(_BOUND))


def _hash(url: str) -> int:
    if "#" in url:
        url = url.partition("#")[0]
    digest = blake2b(url.encode("utf-8", "replace"), digest_size=8).digest()
    number: int = _INTEGER.unpack(digest)[0]
    return number


_Found = tuple[Role, str, Field, bool, str | None]
"""What `Link` is made of."""


def _all(record: Record, roles: Collection[Role]) -> Iterator[_Found]:
    data = record.data
    for name, role in _OWN:
        url = data.get(name)
        if type(url) is str and role in roles and (url := url.strip(_BOUND)):
            is_amp = name in _AMP
            yield role, url, (name,), is_amp, record.url if is_amp else None
    if Role.IMAGE in roles and (images := data.get("images")):
        for at, image in enumerate(_groups(images)):
            yield from _from(image, "url", Role.IMAGE, ("images", at))
    if Role.IMAGE in roles and isinstance(provider := data.get("provider"), dict):
        for at, image in enumerate(_groups(provider.get("images"))):
            yield from _from(image, "url", Role.IMAGE, ("provider", "images", at))
    if Role.RELATED in roles and (related := data.get("related")):
        for at, entry in enumerate(_groups(related)):
            for name, _ in _OWN:
                yield from _from(entry, name, Role.RELATED, ("related", at))
    if Role.RELATED in roles and (actions := data.get("actions")):
        for at, action in enumerate(_groups(actions)):
            yield from _from(action, "url", Role.RELATED, ("actions", at))
    if Role.BODY in roles and (record.body or record.featured_content):
        for url in _body(record):
            yield Role.BODY, url, (), False, None


def _groups(value: object) -> list[object]:
    return value[:MAX_LINKS] if isinstance(value, list) else []


def _from(group: object, name: str, role: Role, place: Field) -> Iterator[_Found]:
    if isinstance(group, dict):
        url = group.get(name)
        if type(url) is str and (url := url.strip(_BOUND)):
            is_amp = name in _AMP
            web = (group.get("webUrl") or group.get("originalUrl")) if is_amp else None
            yield role, url, (*place, name), is_amp, web if type(web) is str else None


def _body(record: Record) -> Iterator[str]:
    body = record.body[:MAX_BODY]
    featured = (record.featured_content or "")[:MAX_BODY]
    in_body, in_featured = _HTTP.search(body), _HTTP.search(featured)
    if not in_body and not in_featured:
        return
    from .body_urls import urls_of_html, urls_of_markdown, urls_of_text  # here: few bodies have any

    if in_body:
        read = {Body.HTML: urls_of_html, Body.MARKDOWN: urls_of_markdown}
        yield from read.get(record.body_kind, urls_of_text)(body)
    if in_featured:
        yield from urls_of_html(featured)
