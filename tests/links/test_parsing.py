"""What parses strangers' text: never an exception of another kind, never without bound."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.links import cookies, pages, soft
from reader.links.targets import RefusedError, Target, join, parse
from reader.links.unpacking import Unpacker

ASCII = re.compile(r"[\x21-\x7e]+")
MARKUP = st.text(
    alphabet=st.sampled_from("<>/'\"= -!ah1titleinkmetacanonicalrefAMP⚡İ&;#\n\0"), max_size=400
)


def is_sound(target: Target) -> None:
    assert ASCII.fullmatch(target.path)
    assert target.path.startswith("/")
    assert "#" not in target.path
    assert ASCII.fullmatch(target.netloc)
    assert "@" not in target.netloc
    assert 0 < target.port < 65536
    again = parse(target.url)
    assert (again.host, again.port, again.path) == (target.host, target.port, target.path)


@given(st.text(max_size=200) | st.text(max_size=60).map("http://{}".format))
def test_a_url_is_refused_or_sound(text: str) -> None:
    try:
        target = parse(text)
    except RefusedError:
        return
    is_sound(target)


@given(st.text(max_size=100))
def test_a_location_is_refused_or_sound(text: str) -> None:
    with contextlib.suppress(RefusedError):
        is_sound(join(parse("http://example.com/a/b?c#d"), text))


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("http://EXAMPLE.com", "example.com", "/"),
        ("http://example.com?", "example.com", "/"),
        ("http://example.com?q", "example.com", "/?q"),
        ("http://example.com/a b?c d", "example.com", "/a%20b?c%20d"),
        ("http://example.com/ü", "example.com", "/%C3%BC"),
        ("http://bücher.example/", "xn--bcher-kva.example", "/"),
        ("http://BÜCHER.example/", "xn--bcher-kva.example", "/"),
        ("http://例え.テスト/", "xn--r8jz45g.xn--zckzah", "/"),
        ("http://faß.example/", "xn--fa-hia.example", "/"),
        ("http://under_score.example/", "under_score.example", "/"),
        ("http://example.com./", "example.com", "/"),
        ("http://example.com/a/../b", "example.com", "/a/../b"),
        ("http://example.com/%2e%2E", "example.com", "/%2e%2E"),
        ("http://[2606:4700:0:0::1111]:8080/", "2606:4700::1111", "/"),
    ],
)
def test_what_is_asked_for_a_url(url: str, host: str, path: str) -> None:
    target = parse(url)
    assert (target.host, target.path) == (host, path)
    is_sound(target)


@given(MARKUP)
def test_any_markup_is_read(text: str) -> None:
    page = pages.read(text.encode(), "text/html", "https://example.com/")
    soft.says_not_found(page)
    soft.is_parked(page, "https://example.com/")


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_bytes_are_decoded(body: bytes, kind: str) -> None:
    pages.decoded(body, kind)


@given(
    st.lists(st.binary(max_size=200), max_size=8), st.sampled_from(["gzip", "deflate", "br", ""])
)
def test_unpacking_never_gives_more_than_its_limit(chunks: list[bytes], name: str) -> None:
    unpacker = Unpacker(name, 100)
    assert sum(len(unpacker.feed(chunk)) for chunk in chunks) <= 100


@given(st.lists(st.text(max_size=60), max_size=30))
def test_cookies_never_break_a_header(lines: list[str]) -> None:
    jar = cookies.Jar()
    target = parse("http://example.com/")
    jar.keep(target, {"set-cookie": "\n".join(lines)})
    header = jar.header(target)
    assert header == "" or re.fullmatch(r"[\x20-\x7e]+", header)
    assert header.count("; ") < 16


@pytest.mark.parametrize(
    ("page", "canonical"),
    [
        ("<link rel=canonical href=/a>", "https://example.com/a"),
        ('<LINK HREF="/a" REL="Canonical">', "https://example.com/a"),
        ("<link rel='nofollow canonical' href='/a'/>", "https://example.com/a"),
        (
            '<link rel="canonical" href="https://b.example/?x=1&amp;y=2">',
            "https://b.example/?x=1&y=2",
        ),
        ("<base href='/dir/'><link rel=canonical href=a>", "https://example.com/dir/a"),
        ("<link rel=canonical>", None),
        ("<link rel=amphtml href=/amp>", None),
        ("<link rel=canonical href='http://[::1'>", None),
        (
            "<!--<link rel=canonical href=/no>--><link rel=canonical href=/a>",
            "https://example.com/a",
        ),
        ("<script>'<link rel=canonical href=/no>'</script>", None),
        ("<p title='>'><link data-x='a>b' rel=canonical href=/a>", "https://example.com/a"),
        ("İ<link rel=canonical href=/Straße/İ>", "https://example.com/Straße/İ"),
        ("<link rel=canonical href=/a><link rel=canonical href=/b>", "https://example.com/a"),
        ("<link\nrel=canonical\nhref=/a\n>", "https://example.com/a"),
    ],
)
def test_canonical(page: str, canonical: str | None) -> None:
    assert pages.read(page.encode(), "text/html", "https://example.com/x").canonical == canonical


@pytest.mark.parametrize(
    ("page", "amp"),
    [
        ("<!doctype html><html amp lang=en>", True),
        ("<html ⚡>", True),
        ("<html lang='en' ⚡='' >", True),
        ("<HTML AMP>", True),
        ("<html lang=amp>", False),
        ("<html><link rel=amphtml href=/amp>", False),
        ("<html amp4email>", False),
    ],
)
def test_a_page_declares_itself_amp(page: str, amp: bool) -> None:
    assert pages.read(page.encode(), "text/html", "https://example.com/").declares_amp is amp


@pytest.mark.parametrize(
    ("body", "kind", "title"),
    [
        ("<title>Größe</title>".encode(), "text/html", "Größe"),
        ("<title>Größe</title>".encode("latin-1"), "text/html; charset=ISO-8859-1", "Größe"),
        (b"<meta charset=windows-1251><title>" + "Не".encode("cp1251"), "text/html", "Не"),
        ("<title>ページ</title>".encode("cp932"), 'text/html; charset="Shift_JIS"', "ページ"),
        ("<title>x</title>".encode("utf-16"), "text/html", "x"),
        (b"<title>a &amp; b\n\t c</title>", "text/html", "a & b c"),
        (b"<title>a <b>bold</b></title>", "text/html", "a bold"),
    ],
)
def test_titles_are_decoded(body: bytes, kind: str, title: str) -> None:
    assert pages.read(body, kind, "https://example.com/").title == title
