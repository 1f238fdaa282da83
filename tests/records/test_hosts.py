"""Hosts that may pass for others are shown in ASCII beside; the others are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.records.hosts import host_of, unmasked, warning


@pytest.mark.parametrize(
    ("host", "plain"),
    [
        ("аpple.example", "xn--pple-43d.example"),  # a Cyrillic а
        ("аррӏе.com", "xn--80ak6aa92e.com"),  # all of it Cyrillic
        ("www.αιν.com", "www.xn--mxaqm.com"),
        ("gօօgle.example", "xn--ggle-vifa.example"),  # Armenian
        ("мой-shop.ru", "xn---shop-nxeuq.ru"),
        ("google／evil.example", "google/evil.example"),  # a full-width slash
        ("ｇoogle.example", "google.example"),
        ("ɡoogle.example", "xn--oogle-qmc.example"),  # a phonetic g
        ("🍕.example", "xn--vi8h.example"),
        ("example.com。аpple.example", "example.com.xn--pple-43d.example"),
    ],
)
def test_a_host_that_may_pass_for_another(host: str, plain: str) -> None:
    assert unmasked(host) == plain
    assert warning(f"https://user@{host}:8080/path?x=https://b.example") == f"({plain})"


@pytest.mark.parametrize(
    "host",
    ["example.com", "xn--pple-43d.example", "bücher.example", "việtnam.vn", "пример.рф",
     "пример.com", "ѕсоре.рф", "ελλάδα.gr", "日本語.jp", "東京abcカナ.jp", "한국abc.kr",
     "例え.テスト", "مثال.إختبار", "हिन्दी.भारत", "ישראל.co.il", "straße.de", ""],
)  # fmt: skip
def test_a_host_of_one_script_is_shown_as_it_is(host: str) -> None:
    assert unmasked(host) is None
    assert warning(f"https://{host}/a") == ""


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://a.example/b", "a.example"),
        ("http://user:word@a.example:80?x", "a.example"),
        ("//a.example", "a.example"),
        ("a.example", ""),
        ("mailto:a@b.example", ""),
        ("https://[::1]/a", ""),
    ],
)
def test_the_host_of_a_url(url: str, host: str) -> None:
    assert host_of(url) == host


@given(st.text(st.characters(), max_size=80))
def test_any_text_whatever(text: str) -> None:
    for host in (text, f"a{text}.example", f"https://{text}"):
        plain = unmasked(host)
        assert plain is None or plain.isascii()
        warning(host)
