"""Queries of the index: a table of them, and any at all, held against the slow evaluation."""

from __future__ import annotations

import itertools
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reader.library import query_running
from reader.library.collection import Collection
from reader.library.query_running import QueryCancelled
from reader.records.query import SORTS
from reader.records.querying import (
    InvalidQuery,
    Parsed,
    QueryError,
    Sort,
    fields,
    parse,
    ranked_words,
)
from reader.records.verdicts import Verdict

from . import query_collection
from .query_collection import FILES, NOW
from .query_table import TABLE
from .slow_query import Facts, evaluate, scores

Asked = tuple[Collection, list[Facts]]


@pytest.fixture(scope="module", params=["just indexed", "complete"])
def asked(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Asked]:
    place = tmp_path_factory.mktemp("queries")
    collection, facts = query_collection.make(place / "feed", place)
    if request.param == "complete":
        assert collection.complete()
    yield collection, facts
    collection.close()


def understood(text: str) -> Parsed:
    parsed = parse(text, now=NOW, zone=UTC)
    assert isinstance(parsed, Parsed), parsed
    return parsed


def paths(collection: Collection, query: Parsed) -> list[str | None]:
    return [collection.path(id) for id in collection.find(query)]


def name(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


def test_there_are_enough_queries() -> None:
    assert len({text for text, _ in TABLE}) >= 120


@pytest.mark.parametrize(("text", "names"), TABLE)
def test_a_query_gives_exactly_these(asked: Asked, text: str, names: str) -> None:
    collection, facts = asked
    query = understood(text)
    found = [path for path in paths(collection, query) if path is not None]
    slowly = evaluate(query, facts, NOW)
    assert sorted(found) == sorted(slowly)
    assert [name(path) for path in (slowly if query.sort else sorted(slowly, key=name))] == (
        names.split()
    )
    if query.sort:
        assert found == slowly
    assert collection.count_matching(query) == len(found)


def test_the_newest_come_first_and_a_limit_cuts(asked: Asked) -> None:
    ids = asked[0].find("")
    assert name(asked[0].path(ids[0]) or "") == "top"
    assert asked[0].find("", 3) == ids[:3]


@pytest.mark.parametrize(
    ("text", "start", "end", "suggestion"),
    [
        ("topic:Bred", 6, 10, "Bread"),
        ("a -topic:portal", 9, 15, "Portals"),
        ("provider:vale", 9, 13, '"Vale Review"'),
        ("type:vidoe", 5, 10, "video"),
        ("category:new", 9, 12, "news"),
        ("folder:_new", 7, 11, "_news"),
        ("author:qqqqqq", 7, 13, None),
        ("host:wwww.vale.example", 5, 22, "www.vale.example"),
        ("link:gon", 5, 8, "gone"),
        ("link:dead", 5, 9, None),
        ("link.amp:blokked", 9, 16, "blocked"),
        ("link.amq:gone", 0, 8, "link.amp"),
        ("link:/gone/", 5, 11, None),
        ("is:chekced", 3, 10, None),
        ("related:nothing.md", 8, 18, None),
        ("view:gone", 5, 9, None),
        ("qualty:1", 0, 6, "quality"),
    ],
)
def test_unknown_values_are_errors(
    asked: Asked, text: str, start: int, end: int, suggestion: str | None
) -> None:
    views = {"gone": "is:unread topic:gone"}
    error = asked[0].parse_query(text, views)
    assert isinstance(error, QueryError)
    assert (error.start, error.end, error.suggestion) == (start, end, suggestion)
    with pytest.raises(InvalidQuery):
        asked[0].find(text, views=views)


def test_a_query_can_be_cancelled(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_running, "_STEPS", 1)
    with pytest.raises(QueryCancelled):
        asked[0].find("power OR cafe", cancelled=lambda: True)
    assert len(asked[0].find("power")) == 4  # the connection is none the worse


def test_what_takes_too_long_is_cut_off_with_a_message(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query_running, "REGEX_SECONDS", -1.0)
    with pytest.raises(InvalidQuery, match="given up") as raised:
        asked[0].find("a OR /b+/")
    assert (raised.value.error.start, raised.value.error.end) == (5, 9)


def test_no_file_is_opened(asked: Asked) -> None:
    collection, _ = asked
    everything = " OR ".join(["power", "*pow*r", "/x/", "path:a", "url:a", "has:body"])
    before = collection.find(everything)
    hidden = collection.root.with_name("hidden")
    collection.root.rename(hidden)
    try:
        assert collection.find(everything) == before
    finally:
        hidden.rename(collection.root)


def test_when_it_was_first_seen_outlives_a_change(tmp_path: Path) -> None:
    collection, _ = query_collection.make(tmp_path / "feed", tmp_path)
    file = tmp_path / "feed" / "top.md"
    file.write_bytes(file.read_bytes() + b"More.\n")
    collection.reconcile()
    assert [name(path or "") for path in paths(collection, understood("more seen:<2026-11"))] == [
        "top"
    ]
    collection.close()


def test_many_words_are_no_trouble(asked: Asked) -> None:
    for text in (
        " ".join(["power"] * 199),
        " OR ".join(["power", "-cafe"] * 99),
        " ".join(f"-zz{n}" for n in range(199)),
        "(" * 49 + "power -cafe" + ")" * 49,
        "*".join(["w"] * 9),
        "\U0001fae8x \u1c80",
        'title:"power\tapps"',
    ):
        asked[0].find(understood(text))


# -- any query, of any records ---------------------------------------------------------------------

_word = st.sampled_from(
    ["power", "Power", "pow", "apps", "flow", "Café", "cafe", "naïve", "x1", "ελλα", "a", "ёлка", "b_c",
     "50%", "c++", "tide-table"]
)  # fmt: skip
_words = st.lists(_word, min_size=1, max_size=4).map(" ".join)
_maybe = st.none() | _words
_day = st.integers(0, 4000).map(
    lambda n: f"{2016 + n // 365}-{n % 12 + 1:02}-{n % 28 + 1:02}T{n % 24:02}:00:00Z"
)
_number = st.sampled_from([0, 1, 4.5, 40, 70, 70.5, 110, -1])
_page = st.sampled_from(
    [f"https://{host}.example/{page}" for host in "ab" for page in ("x", "Y_%")]
)
_record = st.fixed_dictionaries(
    {},
    optional={
        "title": _words, "excerpt": _maybe, "type": _word, "category": _word, "quality": _number,
        "heat": _number, "published": st.booleans(), "removed": st.booleans(),
        "publishedDateTime": _day, "updatedDateTime": _day, "webUrl": _page, "ampWebUrl": _page,
        "provider": st.fixed_dictionaries(
            {}, optional={"name": _words, "domain": _word, "authors": st.lists(_words, max_size=2)}
        ),
        "topics": st.lists(_words, max_size=3), "length": st.sampled_from(["PT1M", "PT10M", "x"]),
        "ratings": st.fixed_dictionaries({"average": _number}),
        "related": st.lists(st.fixed_dictionaries({"webUrl": _page}), max_size=2),
        "images": st.just([{"url": "https://p.example/1"}]),
    },
)  # fmt: skip
_known = st.fixed_dictionaries(
    {
        "read": st.booleans(),
        "starred": st.booleans(),
        "deferred_until": st.none() | st.sampled_from([int(NOW) - 1, int(NOW), int(NOW) + 1]),
        "decided_at": st.none() | st.sampled_from([NOW - 86400 * 9, NOW - 60]),
        "first_seen": st.sampled_from([int(NOW) - 86400 * 9, int(NOW) - 60]),
    }
)
_checks = st.dictionaries(
    st.sampled_from(
        [
            f"{url}/{n}"
            for n in range(3)
            for url in ("https://a.example/x", f"https://w.example/{n}")
        ]
        + ["https://a.example/x", "https://b.example/Y_%", "https://p.example/1"]
    ),
    st.tuples(st.sampled_from(list(Verdict)), st.sampled_from([NOW - 60, NOW - 86400 * 9])),
)
_quoted = st.tuples(_words, st.sampled_from(["", "*"]), st.sampled_from(["", "*"])).map(
    lambda parts: f'"{parts[1]}{parts[0]}{parts[2]}"'
)
_starred = st.tuples(_word, _word).map("*".join) | _word.map("*{}".format) | _word.map("{}*".format)
_value = _word | _quoted | _starred
_span = st.tuples(st.sampled_from(["", ">", ">=", "<", "<="]), _number).map(
    lambda parts: f"{parts[0]}{parts[1]}"
) | st.tuples(_number, _number).map(lambda pair: f"{min(pair)}..{max(pair)}")
_date = st.sampled_from(["2018", "..2020-06", ">2019", "<=2021-03", "7d..", "today", "2017..2019"])
_term = st.one_of(
    _value,
    st.sampled_from([*fields.TEXTS, *fields.VALUES]).flatmap(lambda of: _value.map(f"{of}:{{}}".format)),
    st.sampled_from(fields.NUMBERS).flatmap(lambda of: _span.map(f"{of}:{{}}".format)),
    st.sampled_from(fields.DATES).flatmap(lambda of: _date.map(f"{of}:{{}}".format)),
    st.sampled_from([f"is:{each}" for each in fields.IS if each != "problem"]),
    st.sampled_from([f"{word}:{each}" for each in (*fields.HAS, "checked") for word in ("has", "no")]),
    st.tuples(st.sampled_from(fields.LINKS), st.sampled_from([*Verdict, "*", "*o*"])).map(":".join),
    _page.map("related:{}".format),
    _page,
    st.sampled_from(["/pow.r/", "title:/^a/", "url:*b*y", "path:r1", "folder:f", "-folder:f", "length:<=10m",
                     "topic:/s$/", "url:_%", "body:/[fx]/", "/owe/", "/(power|caf.) /", "/flow$/", "/^pow/", "*owe*",
                     "*afe", "t*le", "tid*ble", "/a.*s/", "/na[iï]ve|apps/", "/(?i)POWER/", "/ow(er)+/", "title:/low/",
                     "/a\\s+p/", "/[^a]pps/", "*,a*", '"*ps *a"', '"po* apps"', "/50%/", "/c\\+\\+/"]),
)  # fmt: skip
_query = st.recursive(
    _term,
    lambda inner: st.one_of(
        inner.map("-({})".format),
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} OR {pair[1]})"),
    ),
    max_leaves=5,
)


_KNOWN = {
    "read": False,
    "decided_at": None,
    "starred": False,
    "deferred_until": None,
    "first_seen": NOW,
}


@pytest.mark.long
@example(  # two topics that differ by an accent
    [
        (
            {
                "title": "power",
                "excerpt": "power power power power",
                "topics": ["Café", "cafe", "power power"],
            },
            None,
            _KNOWN,
        ),
        ({"title": "50% pow", "topics": ["apps Power"]}, "cafe Café power", _KNOWN),
    ],
    ['(*pow OR "Café")'],
    {},
)
@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(_record, _maybe, _known), min_size=1, max_size=6),
    st.lists(_query, min_size=15, max_size=25),
    _checks,
)
def test_the_index_and_the_slow_evaluation_agree(
    records: list[tuple[dict[str, object], str | None, dict[str, object]]],
    queries: list[str],
    checks: dict[str, tuple[Verdict, float]],
) -> None:
    said = {url: each for url, each in checks.items() if each[0] is not Verdict.UNKNOWN}
    contents, facts = {}, []
    for number, (values, body, known) in enumerate(records):
        path = f"{'f/' if number % 2 else ''}r{number}.md"
        # A page of its own, so that no two records share what is known of them.
        values.setdefault("webUrl", f"https://w.example/{number}")
        data = query_collection.written(
            values | {"webUrl": f"{values['webUrl']}/{number}"}, body or ""
        )
        contents[path] = data
        record = query_collection.read(path, data)
        assert record is not None
        facts.append(Facts(path, record, checks=said, **known))  # type: ignore[arg-type]  # as generated
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        collection = query_collection.index(place / "feed", place, contents)
        try:
            query_collection.remember(collection, place, facts)
            for whole in (False, True):
                if whole:
                    assert collection.complete()
                for text in queries:
                    query = understood(text)
                    try:
                        found = paths(collection, query)
                    except InvalidQuery:
                        continue  # a value that none of these records has
                    assert sorted(map(str, found)) == sorted(evaluate(query, facts, NOW)), text
                    if ranked_words(query.root):
                        assert_ranked(collection, query, facts)
        finally:
            collection.close()


def assert_ranked(collection: Collection, query: Parsed, facts: list[Facts]) -> None:
    """By rank the same records are found, in the order of scores reckoned by hand."""
    found = paths(collection, replace(query, sort=(Sort("rank", False),)))
    assert sorted(map(str, found)) == sorted(map(str, paths(collection, query)))
    known = scores(query, facts)
    ranked = [known.get(path or "", 0.0) for path in found]
    for better, worse in itertools.pairwise(ranked):
        assert better >= worse - 1e-9, query.text


def test_the_table_covers_every_field_and_word() -> None:
    text = " ".join(text for text, _ in TABLE)
    assert [each for each in fields.FIELDS if f"{each}:" not in text] == []
    assert [each for each in fields.IS if f"is:{each}" not in text] == []
    assert [each for each in SORTS if not re.search(rf"sort:\S*\b{each}\b", text)] == []
    assert len(FILES) > 10
