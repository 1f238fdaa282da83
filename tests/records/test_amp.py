"""AMP: the cache's URL as its published algorithm gives it, and what pages say of each other."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.records import front_matter
from reader.records.amp_cache import (
    CACHE,
    MAX_LABEL,
    Difference,
    cache_url,
    compare,
    differing,
    subdomain,
)
from reader.records.amp_pages import said_by_amp
from reader.records.record import Record
from reader.records.verdicts import Amp, Check, Verdict
from tests.real_records import CORPUS, needs_corpus


@pytest.mark.parametrize(
    ("domain", "label"),
    [
        ("something.com", "something-com"),
        ("SOMETHING.COM", "something-com"),
        ("hello-world.com", "hello--world-com"),
        ("hello--world.com", "hello----world-com"),
        ("en-us.example.com", "0-en--us-example-com-0"),
        ("toplevelnohyphens", "qsgpfjzulvuaxb66z77vlhb5gu2irvcnyp6t67cz6tqo5ae6fysa"),
        ("no-dot-domain", "4lxc7wqq7b25walg4rdiil62veijrmqui5z3ept2lyfqqwpowryq"),
        (
            "itwasadarkandstormynight.therainfellintorrents.exceptatoccasionalintervalswhenitwas"
            "checkedby.aviolentgustofwindwhichsweptupthestreets.com",
            "dgz4cnrxufaulnwku4ow5biptyqnenjievjht56hd7wqinbdbteq",
        ),
        ("xn--bcher-kva.ch", "xn--bcher-ch-65a"),
        ("bücher.ch", "xn--bcher-ch-65a"),
        (
            "xn--4gbrim.xn----rmckbbajlc6dj7bxne2c.xn--wgbh1c",
            "xn-------i5fvcbaopc6fkc0de0d9jybegt6cd",
        ),
        (
            "hello.xn--4gbrim.xn----rmckbbajlc6dj7bxne2c.xn--wgbh1c",
            "a6h5moukddengbsjm77rvbosevwuduec2blkjva4223o4bgafgla",
        ),
        ("點看.com", "xn---com-k47jg78q"),
    ],
)
def test_published_domains(domain: str, label: str) -> None:
    assert subdomain(domain) == label


@pytest.mark.parametrize(
    ("url", "cached"),
    [
        (
            "https://www.example.com",
            "https://www-example-com.cdn.ampproject.org/c/s/www.example.com",
        ),
        ("http://www.example.com", "https://www-example-com.cdn.ampproject.org/c/www.example.com"),
        (
            "https://www.example.com/index.html",
            "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/index.html",
        ),
        (
            "https://example.com/g?value=Hello%20World",
            "https://example-com.cdn.ampproject.org/c/s/example.com/g?value=Hello%20World",
        ),
        ("https://點看.com", "https://xn---com-k47jg78q.cdn.ampproject.org/c/s/點看.com"),
        ("https://a.example?b#c", "https://a-example.cdn.ampproject.org/c/s/a.example?b"),
        ("https://u:p@a.example/b", "https://a-example.cdn.ampproject.org/c/s/a.example/b"),
    ],
)
def test_published_urls(url: str, cached: str) -> None:
    assert cache_url(url) == cached


@pytest.mark.parametrize("url", ["", "nonsense", "ftp://a.example/", "https://", "https://a b/"])
def test_what_is_no_page_has_no_cache_url(url: str) -> None:
    assert cache_url(url) is None


@given(st.from_regex(r"\A([a-zé\-]{1,30}\.){0,5}[a-z]{1,20}\Z"))
def test_a_label_is_one_that_a_name_may_have(domain: str) -> None:
    label = subdomain(domain)
    assert label.isascii()
    assert 0 < len(label) <= MAX_LABEL
    assert "." not in label


WANTED = "https://a-b.cdn.ampproject.org/c/s/a.b/x%C3%A9?q=1"


@pytest.mark.parametrize(
    ("found", "difference"),
    [
        (WANTED, None),
        ("https://A-B.cdn.ampproject.org/c/s/a.b/x%c3%a9?q=1", None),
        ("https://a-b.cdn.ampproject.org:443/c/s/a.b/xé?q=1", None),
        (None, Difference.MISSING),
        ("", Difference.MISSING),
        ("not a url", Difference.NO_URL),
        ("http://a-b.cdn.ampproject.org/c/s/a.b/x%C3%A9?q=1", Difference.SCHEME),
        ("https://a-b.amp.cloudflare.com/c/s/a.b/x%C3%A9?q=1", Difference.CACHE),
        ("https://a--b.cdn.ampproject.org/c/s/a.b/x%C3%A9?q=1", Difference.DOMAIN),
        ("https://a-b.cdn.ampproject.org/v/s/a.b/x%C3%A9?q=1", Difference.KIND),
        ("https://a-b.cdn.ampproject.org/c/a.b/x%C3%A9?q=1", Difference.SECURE),
        ("https://a-b.cdn.ampproject.org/c/s/b.a/x%C3%A9?q=1", Difference.HOST),
        ("https://a-b.cdn.ampproject.org/c/s/a.b/y?q=1", Difference.PATH),
        ("https://a-b.cdn.ampproject.org/c/s/a.b/x%C3%A9", Difference.QUERY),
    ],
)
def test_the_difference_is_named(found: str | None, difference: Difference | None) -> None:
    assert compare(found, WANTED) is difference


@given(st.text(max_size=200))
def test_any_text_can_be_compared(found: str) -> None:
    assert compare(found, WANTED) is not None


def test_related_entries_are_looked_at_too() -> None:
    data = {
        "ampWebUrl": "https://a.example/amp",
        "cdnAmpWebUrl": "https://a-example.cdn.ampproject.org/c/s/a.example/amp",
        "related": [
            {"ampWebUrl": "https://b.example/amp"},
            {"ampWebUrl": "http://c.example/", "cdnAmpWebUrl": "https://c-example.cdn.ampproject.org/c/s/c.example/"},
            {"ampWebUrl": 7, "cdnAmpWebUrl": "https://x.example/"},
            {"ampWebUrl": "nonsense"},
            None,
        ],
    }  # fmt: skip
    missing, other = differing(data)
    assert missing.field == ("related", 0, "cdnAmpWebUrl")
    assert missing.difference is Difference.MISSING
    assert missing.wanted == "https://b-example.cdn.ampproject.org/c/s/b.example/amp"
    assert missing.reason == "The AMP cache URL is missing."
    assert other.field == ("related", 1, "cdnAmpWebUrl")
    assert other.difference is Difference.SECURE
    assert "`s/`" in other.reason


@needs_corpus
def test_every_pair_of_the_real_corpus_agrees() -> None:
    pairs = 0
    for file in CORPUS.rglob("*"):
        record = front_matter.read_record(file.read_bytes(), "a.md") if file.is_file() else None
        if not isinstance(record, Record):
            continue
        groups = [
            record.data,
            *(each for each in record.data.get("related") or () if isinstance(each, dict)),
        ]
        pairs += sum(bool(each.get("ampWebUrl") and each.get("cdnAmpWebUrl")) for each in groups)
        assert differing(record.data) == ()
    assert pairs > 0


# -- what the pages say ---------------------------------------------------------------------------

WEB = "https://a.example/story"
AMP_PAGE = Check("https://a.example/story/amp", Verdict.OK, "", 0, 200, declares_amp=True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"canonical": WEB}, Amp.MATCH),
        ({"canonical": f"{WEB}#top"}, Amp.MATCH),
        ({"canonical": "http://www.a.example/story/?utm_source=x"}, Amp.LOOSE),
        ({"canonical": "https://a.example/other"}, Amp.MISMATCH),
        ({"canonical": "nonsense"}, Amp.MISMATCH),
        ({"canonical": None}, Amp.MISSING),
        ({"canonical": WEB, "declares_amp": False}, Amp.NOT_AMP),
        ({"declares_amp": False}, Amp.NOT_AMP),
        ({"declares_amp": None}, None),
        ({"final_url": f"{WEB}/", "verdict": Verdict.MOVED, "canonical": WEB}, Amp.TO_WEB),
        ({"verdict": Verdict.BLOCKED, "declares_amp": False}, None),
    ],
)
def test_what_an_amp_page_says(changes: dict[str, object], said: Amp | None) -> None:
    assert said_by_amp(dataclasses.replace(AMP_PAGE, **changes), WEB) is said


def test_without_a_web_page_nothing_is_said() -> None:
    assert said_by_amp(AMP_PAGE, None) is None


def test_the_cache_is_the_public_one() -> None:
    assert CACHE == "cdn.ampproject.org"
