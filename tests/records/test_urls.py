"""When two URLs mean one page."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.records.urls import is_web_url, normalise, shown, url_key


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("https://a.example/b", "http://a.example/b"),
        ("https://www.a.example/b/", "https://a.example/b"),
        ("https://A.Example/b", "https://a.example/b"),
        ("https://a.example:443/b", "https://a.example/b"),
        ("https://a.example/b#part", "https://a.example/b"),
        ("https://a.example/b?utm_source=x&c=1&fbclid=y", "https://a.example/b?c=1"),
        ("https://a.example/%7Eb/%c3%a9", "https://a.example/~b/%C3%A9"),
        ("https://a.example", "https://a.example/"),
        ("https://a.example/café?q=é", "https://a.example/caf%C3%A9?q=%c3%a9"),
        ("https://a.example:0443/b", "https://a.example/b"),
        (" https://a.example/b ", "https://a.example/b"),
    ],
)
def test_one_page(left: str, right: str) -> None:
    assert normalise(left) == normalise(right) is not None
    assert url_key(left) == url_key(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("https://a.example/b", "https://a.example/B"),
        ("https://a.example/b?c=1", "https://a.example/b?c=2"),
        ("https://a.example:8080/b", "https://a.example/b"),
        ("https://a.example/%2F", "https://a.example//"),
    ],
)
def test_two_pages(left: str, right: str) -> None:
    assert normalise(left) != normalise(right)


@given(
    st.lists(
        st.sampled_from(
            ["https://", "http://", "www.", "a", "B", "example", ".", "-", "/", "~", "%7e"]
        ),
        max_size=12,
    )
)
def test_plain_urls_take_a_shorter_way(parts: list[str]) -> None:
    """To the same end: a fragment is dropped, and takes the long one."""
    url = "".join(parts)
    assert normalise(url) == normalise(url + "#part")


@pytest.mark.parametrize(
    "url",
    ["", "a", "/b", "javascript:alert(1)", "ftp://a.example/", "http://", "http://[", "https://a b/",
     "http://a.example:99999/", "http://a.example:0/", "https://a.example/\x1b[31m", "-https://a",
     "https://a.example/" + "b" * 100_000, "http://[::1", "mailto:a@b.example",
     "https://evil.example\\@a.example/", "https://a.example/\u202egnp.exe", "https://a\u200b.example/",
     "https://a.example/\udc80", "https://../", "https://a\".example/"],
)  # fmt: skip
def test_no_web_url(url: str) -> None:
    assert not is_web_url(url)
    assert normalise(url) is None
    assert url_key(url) is None


@pytest.mark.parametrize(
    "url", ["http://[::1]:8080/a", "https://xn--bcher-kva.example/", "http://1.2.3.4"]
)
def test_a_web_url(url: str) -> None:
    assert is_web_url(url)


@given(st.text(max_size=100))
def test_any_text_whatever(text: str) -> None:
    for url in (text, f"https://{text}", f"http://a.example/{text}"):
        same = normalise(url)
        if same is not None:
            assert same
            assert normalise(f"https://{same}") == same or "www." in same
        shown(url)


def test_hostile_urls_take_no_time() -> None:
    start = time.perf_counter()
    for part in ("@", ":", "%41", "&utm_=", "/", "www."):
        normalise("https://" + part * 2000)
        normalise("https://a.example/?" + part * 2000)
    assert time.perf_counter() - start < 1


def test_shown() -> None:
    assert shown("https://www.a.example/b") == "a.example/b"
