"""The links of a record: all of them, with their roles and places, whatever the record holds."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.records import front_matter
from reader.records.body_urls import urls_of_html, urls_of_markdown, urls_of_text
from reader.records.links import Link, link_key, links_of, places_of
from reader.records.record import Record
from reader.records.urls import host_of
from reader.records.verdicts import DEFAULT_ROLES, Role

SOURCE = """\
---
title: One
originalUrl: https://a.example/original
webUrl: " https://a.example/web "
ampWebUrl: https://a.example/amp
cdnAmpWebUrl: https://a-example.cdn.ampproject.org/c/s/a.example/amp
images:
  - url: https://img.example/1.png
  - url: 7
  - nonsense
provider:
  name: A
  images:
    - url: https://img.example/logo.png
    - title: no link
related:
  - webUrl: https://b.example/1
    ampWebUrl: https://b.example/1/amp
    cdnAmpWebUrl: https://b-example.cdn.ampproject.org/c/s/b.example/1/amp
  - originalUrl: https://c.example/2
  - title: no link
actions:
  - url: https://a.example/enrol
    type: enrol
  - title: no link
featuredContent: <p><img src="https://f.example/f.png"></p>
---
A [link](https://d.example/x) and ![another](<https://d.example/a b>).
"""


def record_of(source: str, name: str = "one.md") -> Record:
    record = front_matter.read_record(source.encode(), name)
    assert isinstance(record, Record)
    return record


def test_every_role_with_its_place() -> None:
    web = "https://a.example/web"
    assert links_of(record_of(SOURCE)) == (
        Link(Role.WEB, web, ("webUrl",)),
        Link(Role.AMP, "https://a.example/amp", ("ampWebUrl",), True, " https://a.example/web "),
        Link(
            Role.CDN_AMP,
            "https://a-example.cdn.ampproject.org/c/s/a.example/amp",
            ("cdnAmpWebUrl",),
            True,
            " https://a.example/web ",
        ),
        Link(Role.ORIGINAL, "https://a.example/original", ("originalUrl",)),
        Link(Role.IMAGE, "https://img.example/1.png", ("images", 0, "url")),
        Link(Role.IMAGE, "https://img.example/logo.png", ("provider", "images", 0, "url")),
        Link(Role.RELATED, "https://b.example/1", ("related", 0, "webUrl")),
        Link(
            Role.RELATED,
            "https://b.example/1/amp",
            ("related", 0, "ampWebUrl"),
            True,
            "https://b.example/1",
        ),
        Link(
            Role.RELATED,
            "https://b-example.cdn.ampproject.org/c/s/b.example/1/amp",
            ("related", 0, "cdnAmpWebUrl"),
            True,
            "https://b.example/1",
        ),
        Link(Role.RELATED, "https://c.example/2", ("related", 1, "originalUrl")),
        Link(Role.RELATED, "https://a.example/enrol", ("actions", 0, "url")),
        Link(Role.BODY, "https://d.example/x"),
        Link(Role.BODY, "https://d.example/a b"),
        Link(Role.BODY, "https://f.example/f.png"),
    )


def test_only_the_roles_asked_for() -> None:
    links = links_of(record_of(SOURCE), DEFAULT_ROLES)
    assert [link.role for link in links] == [Role.WEB, Role.AMP, Role.CDN_AMP]
    assert links_of(record_of(SOURCE), ()) == ()


def test_what_is_no_web_url_is_a_link_in_a_field_and_none_in_a_body() -> None:
    record = record_of("---\ntitle: a\nwebUrl: htp:/broken\n---\n[x](mailto:a@b) [y](/z) [n](#n)\n")
    assert links_of(record) == (Link(Role.WEB, "htp:/broken", ("webUrl",)),)
    assert links_of(record)[0].host == ""


def test_a_url_is_said_once_a_role() -> None:
    body = "[a](https://a.example/) [b](https://a.example/) <https://a.example/>\n"
    record = record_of(f"---\ntitle: a\nwebUrl: https://a.example/\n---\n{body}")
    assert [link.role for link in links_of(record)] == [Role.WEB, Role.BODY]


def test_the_key_is_of_what_a_server_is_asked() -> None:
    key = link_key("https://a.example/b")
    assert key == link_key(" https://a.example/b#part ")
    others = (
        "http://a.example/b",
        "https://a.example/B",
        "https://a.example/b?c",
        "https://a.example/b/",
    )
    assert key not in map(link_key, others)
    assert -(2**63) <= key < 2**63


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://A.Example./b", "a.example"),
        ("http://user:secret@a.example:8080/", "a.example"),
        ("http://[::1]:80/", "[::1]"),
        ("https://a.example?b", "a.example"),
        ("https://點看.example/", "點看.example"),
        ("ftp://a.example/", ""),
        ("https://", ""),
        ("https://a\u200b.example/", ""),
        ("a.example", ""),
    ],
)
def test_hosts(url: str, host: str) -> None:
    assert host_of(url) == host


# -- bodies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("[a](http://a.example/x)", ["http://a.example/x"]),
        ("[a](http://a.example/x_(y) 'title')", ["http://a.example/x_(y)"]),
        ("![a](<http://a.example/x y>)", ["http://a.example/x y"]),
        ("[a]( http://a.example/x )", ["http://a.example/x"]),
        (r"[a](http://a.example/\*\&amp;)", ["http://a.example/*&"]),
        ("[a][b]\n\n[b]: <http://a.example/x> 'title'", ["http://a.example/x"]),
        ("<http://a.example/x>", ["http://a.example/x"]),
        ("<a href='http://a.example/?a=1&amp;b=2'>x</a>", ["http://a.example/?a=1&b=2"]),
        ("`[a](http://a.example/x)`", []),
        ("``[a](http://a.example/`x)`` [b](http://b.example/)", ["http://b.example/"]),
        ("` [a](http://a.example/x)", ["http://a.example/x"]),
        ("```\n[a](http://a.example/x)\n```\n[b](http://b.example/)", ["http://b.example/"]),
        ("~~~ sh\n[a](http://a.example/x)", []),
        ("http://a.example/bare", []),
        ("[a](ftp://a.example/x)", []),
    ],
)  # fmt: skip
def test_urls_of_markdown(text: str, urls: list[str]) -> None:
    assert list(urls_of_markdown(text)) == urls


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ('<a class="b" href="http://a.example/x">', ["http://a.example/x"]),
        ("<IMG SRC=http://a.example/x>", ["http://a.example/x"]),
        ('<a href=" http://a.example/\n x">', ["http://a.example/ x"]),
        ('<a data-href="http://a.example/x">', []),
        ("<p>http://a.example/x</p>", []),
        ('<a href="#top"><a href="/x">', []),
    ],
)
def test_urls_of_html(text: str, urls: list[str]) -> None:
    assert list(urls_of_html(text)) == urls


def test_urls_of_text() -> None:
    text = "See http://a.example/x, (http://b.example/y_(z)) and http://c.example/."
    assert list(urls_of_text(text)) == [
        "http://a.example/x", "http://b.example/y_(z)", "http://c.example/",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["](http://", "`a``", "<a ", '<a href="', "](http://(", "[x]: ", "<http://", "](http://a\\",
     "```\n", "~~~\n`", "<a b='", "http://)", "(((", '<a href=http://a" '],
)  # fmt: skip
def test_hostile_bodies_take_time_that_grows_with_their_length(text: str) -> None:
    def seconds(size: int) -> float:
        body = text * (size // len(text))
        began = time.process_time()
        for read in (urls_of_markdown, urls_of_html, urls_of_text):
            list(read(body))
        return time.process_time() - began

    best = min(seconds(1 << 18) for _ in range(2))
    assert best < 2


@given(st.text())
def test_any_text_can_be_looked_through(text: str) -> None:
    for read in (urls_of_markdown, urls_of_html, urls_of_text):
        for url in read(text):
            assert url[:4].lower() == "http"


_URLS = st.sampled_from(
    ["https://a.example/1", "https://b.example/2#x", "HTTP://A.Example/1", "nonsense", "", " ", 7,
     None, "https://é.example/", "https://a.example"],
)  # fmt: skip
_ENTRIES = st.lists(
    st.none()
    | st.dictionaries(st.sampled_from(["webUrl", "originalUrl", "ampWebUrl", "url"]), _URLS)
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "webUrl": _URLS, "ampWebUrl": _URLS, "cdnAmpWebUrl": _URLS, "originalUrl": _URLS,
            "images": _ENTRIES, "related": _ENTRIES, "actions": _ENTRIES,
            "provider": st.none() | st.fixed_dictionaries({"images": st.integers() | _ENTRIES}),
        },
    ),
    st.lists(st.sampled_from(["[a](https://d.example/)", "<https://a.example/1>", "x"])).map(" ".join),
)  # fmt: skip
def test_the_index_is_told_the_same(values: dict[str, object], body: str) -> None:
    from reader.records.fields import build_record
    from reader.records.record import Body

    record = build_record(values, body, Body.MARKDOWN, [])
    hosts, places = places_of(record)
    told = {(role, key, hosts[host][0]) for role, key, host in places}
    links = links_of(record)
    assert {(role, key) for role, key, _ in told} == {
        (each.role.number, each.key) for each in links
    }
    assert {host for _, _, host in told} == {link.host for link in links}
    assert hosts[0] == ("", True)


_ODD = st.sampled_from(
    ["http", "https", "HTTP", "ftp", "javascript", "://", ":", "//", "a.example", "b-c.example", "127.0.0.1",
     "127.1", "0x7f.1", "2130706433", "[::1]", "[::1%25eth0]", "user@", "user:word@", ":22", ":80", ":8000", ":",
     "/x", "?q=/", "#f", "\\", ".", "..", ".local", ".onion", ".localhost", "printer", "x" * 64, ".x" * 130, "\t", " ",
     "%2e", "é.example", "xn--a", "-", "_", "\u212a.example", "y" * 9000],
)  # fmt: skip


@given(st.lists(_ODD, min_size=1, max_size=5).map("".join) | st.lists(_ODD, max_size=3).map(
    lambda parts: "https://a.example" + "".join(parts)))  # fmt: skip
def test_what_is_not_odd_may_be_asked_as_far_as_its_text_says(url: str) -> None:
    """The count of a preview rests on this: only odd URLs are read, and judged, for it."""
    from reader.links.guard import Guard
    from reader.records.fields import build_record
    from reader.records.record import Body

    record = build_record({"title": "a", "webUrl": url}, "", Body.MARKDOWN, [])
    hosts, places = places_of(record)
    for _, _, host in places:
        name, odd = hosts[host]
        if not odd:
            assert Guard((), frozenset()).target(url).host == name


@pytest.mark.parametrize(
    ("url", "odd"),
    [
        ("https://a.example/x", False),
        ("http://a-b.c.example?q", False),
        ("https://a.example", False),
        ("https://a.example:443/", True),
        ("http://127.0.0.1/", True),
        ("http://printer/", True),
        ("http://printer.local/", True),
        ("https://user@a.example/", True),
        ("https://a.example/" + "x" * 9000, True),
        ("nonsense", True),
    ],
)
def test_which_urls_are_odd(url: str, odd: bool) -> None:
    hosts, ((_, _, host),) = places_of(record_of(f"---\ntitle: a\nwebUrl: {url}\n---\n"))
    assert hosts[host][1] is odd
