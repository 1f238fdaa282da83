"""Counts beside a query, completion, explanations, and why a record is left out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reader.library import query_running
from reader.library.collection import Collection
from reader.library.query_running import QueryCancelled
from reader.records.query import Counts
from reader.records.querying import (
    VIEWS,
    InvalidQuery,
    Parsed,
    QueryError,
    fields,
    highlights,
    parse,
)
from reader.records.querying.explained import Reason
from reader.records.querying.rewriting import term
from reader.records.text import clean

from . import query_collection
from .query_collection import NOW
from .query_table import TABLE


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    place = tmp_path_factory.mktemp("asking")
    made, _ = query_collection.make(place / "feed", place)
    yield made
    made.close()


# -- counts ---------------------------------------------------------------------------------------


def test_the_counts_of_everything_are_the_sidebars(collection: Collection) -> None:
    assert collection.counts_matching("") == collection.counts()


@pytest.mark.parametrize("text", [text for text, _ in TABLE[::7] if "OR" not in text])
def test_a_count_is_what_the_query_with_that_term_finds(collection: Collection, text: str) -> None:
    counts = collection.counts_matching(text)
    assert {each.key for each in counts.views} == set(VIEWS)
    for each in counts.views:
        assert each.total == collection.count_matching(f"{text} view:{each.key}"), each
    sections = {"topic": counts.topics, "folder": counts.folders, "type": counts.types,
                "provider": counts.providers}  # fmt: skip
    for field, section in sections.items():
        for each in section:
            narrowed = f"{text} {term(field, each.key)}"
            assert each.total == collection.count_matching(narrowed), each
            unpublished = f"{narrowed} is:unpublished"
            assert each.unpublished == collection.count_matching(unpublished), each


def test_own_views_are_counted_after_the_others(collection: Collection) -> None:
    views = {"good": "quality:>=70", "wrong": "qualty:1", "nobody's": "topic:nothing"}
    counts = collection.counts_matching("power", views=views)
    assert [each.key for each in counts.views[len(VIEWS) :]] == ["good"]
    assert counts.views[-1].total == collection.count_matching("power quality:>=70") == 1


def test_counting_can_be_stopped(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_running, "_STEPS", 1)
    for ask in (collection.counts_matching, collection.explain, collection.find):
        with pytest.raises(QueryCancelled):
            ask("power", cancelled=lambda: True)
    assert collection.counts_matching("zzz") != Counts()


def test_what_is_wrong_is_raised(collection: Collection) -> None:
    for ask in (collection.counts_matching, collection.explain):
        with pytest.raises(InvalidQuery):
            ask("topic:nothing")


# -- completion -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "completed"),
    [
        ("qua|", "quality:"),
        ("power -qua|", "power -quality:"),
        ("(a OR qua|)", "(a OR quality:)"),
        ("ti|tle:x", "title:x"),
        ("is:unp|", "is:unpublished"),
        ("is:read,unp|", "is:read,unpublished"),
        ("no:im|", "no:image"),
        ("sort:-qu|", "sort:-quality"),
        ("sort:date,qu|", "sort:date,quality"),
        ("power sort:ran|", "power sort:rank"),
        ("view:ra|", "view:raw"),
        ("view:so|", 'view:"so many"'),
        ("topic:pow|", 'topic:"Power Apps"'),
        ("topic:POW| x", 'topic:"Power Apps" x'),
        ('topic:"pow|', 'topic:"Power Apps"'),
        ('topic:"power a|pps"', 'topic:"Power Apps"'),
        ("topic:Bread,por|", "topic:Bread,Portals"),
        ("topics:wind|", 'topics:"Energy / Wind"'),
        ("author:elo|", 'author:"Élodie Ng"'),
        ("folder:_le|", "folder:_learning"),
        ("folder:esea|", "folder:_research"),
        ("domain:val|", "domain:vale.example"),
        ("category:l|", "category:learning"),
        ("date:tod|", "date:today"),
    ],
)
def test_the_first_completion(collection: Collection, text: str, completed: str) -> None:
    at = text.index("|")
    text = text.replace("|", "")
    views = {"raw": "", "so many": "power"}
    first = collection.completions(text, at, views=views)[0]
    assert text[: first.start] + first.text + text[first.end :] == completed


@pytest.mark.parametrize(
    "text", ["/pow|", "title:/po|", "https://a|", '"pow|', "quality:|", "zzzz|"]
)
def test_where_nothing_can_be_completed(collection: Collection, text: str) -> None:
    assert collection.completions(text[:-1], len(text) - 1) == []


def test_values_have_counts_and_the_most_frequent_come_first(collection: Collection) -> None:
    found = collection.completions("provider:", 9)
    assert (found[0].text, found[0].count) == ('"Vale Review"', 5)
    assert [each.count for each in found] == sorted(
        (each.count or 0 for each in found), reverse=True
    )
    for each in found:
        assert collection.count_matching(f"provider:{each.text}") == each.count
    assert len(collection.completions("", 0, limit=3)) == 3


def test_a_hostile_folder_is_completed_safely(tmp_path: Path) -> None:
    file = tmp_path / "feed" / "a\x1b[31m\u202eb" / "r.md"
    file.parent.mkdir(parents=True)
    file.write_text("---\ntitle: x\n---\n")
    own = {"cache_dir": tmp_path / "cache", "state_dir": tmp_path / "state"}
    collection = Collection.open(tmp_path / "feed", **own)
    collection.reconcile()
    (found,) = collection.completions("folder:a", 8)
    assert found.text == '"a*[31m*b"'
    assert found.label == clean(found.label)
    assert collection.count_matching(f"folder:{found.text}") == found.count == 1
    collection.close()


# -- explaining -----------------------------------------------------------------------------------


def test_an_explanation_shows_which_part_empties_it(collection: Collection) -> None:
    found = collection.explain("power is:unpublished quality:>90 sort:-quality")
    assert found.count == 0
    assert [(part.words, part.count, part.left) for part in found.root.parts] == [
        ("a word that begins “power” somewhere", 4, 4),
        ("unpublished", 5, 2),
        ("quality over 90", 1, 0),
    ]
    assert [found.text[part.start : part.end] for part in found.root.parts] == [
        "power", "is:unpublished", "quality:>90",
    ]  # fmt: skip
    assert [(drop.text, drop.count) for drop in found.droppable] == [
        ("power is:unpublished sort:-quality", 2)
    ]
    assert found.order == "by quality, falling"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("zzz", [""]),
        ("zzz power", ["power"]),
        ("(zzz power)", ["power"]),
        ("zzz qqq power", ["power"]),
        ("zzz OR qqq", [""]),
        ("-zzz", []),
        ("is:starred is:rejected is:problem", ["is:starred", "is:rejected", "is:problem"]),
        ("z1 z2 z3 z4 z5 z6 z7 z8 power", ["power"]),
    ],
)
def test_what_to_drop(collection: Collection, text: str, left: list[str]) -> None:
    found = collection.explain(text)
    assert sorted(drop.text for drop in found.droppable) == sorted(left)
    for drop in found.droppable:
        assert drop.count > 0
        asked = drop.text or "*"
        assert collection.count_matching(asked) in (drop.count, drop.count - 2)


def test_every_count_is_that_of_its_part(collection: Collection) -> None:
    for text in ("power -apps", "(power OR cafe) no:amp", "is:problem folder:_news", "-(a b)",
                 'topic:"Power Apps",Bread view:unpublished', "date:2020 -quality:>50"):  # fmt: skip
        found = collection.explain(text)
        assert found.count == found.root.count == collection.count_matching(text)
        for _, part in found.root.walk():
            assert text[part.start : part.end].strip() or not text
            assert all(each.left is None or each.left <= each.count for each in part.parts)
        left = [part.left for part in found.root.parts if part.left is not None]
        assert left == sorted(left, reverse=True)


# -- why not --------------------------------------------------------------------------------------


def accepted(reasons: list[Reason]) -> list[tuple[str, bool]]:
    return [(each.words, each.accepts) for each in reasons]


def test_why_a_record_is_left_out(collection: Collection) -> None:
    id = collection.id_of_path("_news/a.md")
    assert id is not None
    text = "power quality:>90 -topic:Teams view:unpublished /power.*github/ *flow"
    assert accepted(collection.why_not(text, id)) == [
        ("a word that begins “power” somewhere", True),
        ("quality over 90", False),
        ("not: topic is “Teams”", False),
        ("the view “unpublished”", True),
        ("the text matches /power.*github/", True),
        ("“*flow” somewhere", True),
    ]
    (either,) = collection.why_not("cafe OR bridges", id)
    assert either.accepts
    assert accepted(list(either.parts)) == [
        ("a word that begins “cafe” somewhere", False),
        ("a word that begins “bridges” somewhere", True),
    ]
    assert collection.why_not("power", 10**9) == []


def test_why_a_problem_is_left_out(collection: Collection) -> None:
    id = collection.id_of_path("_news/broken.md")
    assert id is not None
    assert accepted(collection.why_not("is:problem folder:_old power", id)) == [
        ("a file that cannot be read", True),
        ("folder is or lies in “_old”", False),
        ("a word that begins “power” somewhere", False),
    ]


@pytest.mark.parametrize("text", [text for text, _ in TABLE[::3]])
def test_the_reasons_agree_with_the_list(collection: Collection, text: str) -> None:
    found = set(collection.find(text))
    for id in collection.find(""):
        assert all(each.accepts for each in collection.why_not(text, id)) == (id in found)


# -- highlighting ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "field", "text", "marked"),
    [
        ("pow", "title", "Power to the powerful, empowered", ["Power", "powerful"]),
        ("cafe", "title", "Un CAFÉ, deux cafés", ["CAFÉ", "cafés"]),
        ("café", "body", "cafe", ["cafe"]),
        ('"power app"', "title", "power apps and power", ["power apps"]),
        ("*flow", "title", "workflow flows", ["flow", "flow"]),
        ("p*r", "title", "the power of paper", ["power", "paper"]),
        ("/w.r/", "excerpt", "power wor", ["wer", "wor"]),
        ("title:power", "title", "power", ["power"]),
        ("title:power", "excerpt", "power", []),
        ("power -apps", "title", "power apps", ["power"]),
        ("power OR apps", "title", "power apps", ["power", "apps"]),
        ("topic:ai", "topic", "AI", ["AI"]),
        ("topic:ai", "title", "AI", []),
        ("provider:vale*", "provider", "Vale Review", ["Vale Review"]),
        ("power", "type", "power", []),
        ("view:mine", "title", "a power", ["power"]),
        ("strasse", "title", "Die Straße, ﬁn", ["Straße"]),
        ("fin", "title", "Die ﬁnale", ["ﬁnale"]),
        ("", "title", "power", []),
    ],
)
def test_what_is_marked(query: str, field: str, text: str, marked: list[str]) -> None:
    parsed = parse(query, now=NOW, views={"mine": "power"})
    assert isinstance(parsed, Parsed)
    assert [text[start:end] for start, end in highlights(parsed.root, text, field)] == marked


def test_what_is_found_is_marked(collection: Collection) -> None:
    for text in ("power", "cafe", "*ower", '"low code"', "50", "日本", "ωμεγα", "c++"):
        for row in collection.rows(collection.find(f"title:{text}")):
            parsed = parse(text, now=NOW)
            assert isinstance(parsed, Parsed)
            assert highlights(parsed.root, row.title, "title"), (text, row.title)


# -- any text --------------------------------------------------------------------------------------

_bits = st.sampled_from(
    [*fields.FIELDS, *fields.IS, ":", ",", "-", "(", ")", '"', "/", "*", "\\", " ", "OR", "NOT", "power",
     "topic:pow", 'topic:"Po', "view:", "sort:-", "é", "\x1b", "\0", "\ud800", "https://a.example/"]
)  # fmt: skip
_any_text = st.one_of(st.text(max_size=30), st.lists(_bits, max_size=8).map("".join))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_any_text, st.integers(-1, 40))
def test_any_text_can_be_completed(collection: Collection, text: str, at: int) -> None:
    for each in collection.completions(text, at):
        assert 0 <= each.start <= each.end <= len(text)
        assert each.start <= max(0, min(at, len(text)))
        written = text[: each.start] + each.text
        again = parse(written, now=NOW)
        if isinstance(again, QueryError):  # wrong before it, or a value is still to come
            wrong_before = isinstance(parse(text[: each.start], now=NOW), QueryError)
            assert each.text.endswith(":") or again.start <= each.start or wrong_before


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_any_text)
def test_any_query_can_be_explained(collection: Collection, text: str) -> None:
    try:
        found = collection.explain(text)
    except InvalidQuery:
        return
    assert found.count == collection.count_matching(text)
    for drop in found.droppable:
        assert drop.count > 0
    assert collection.counts_matching(text).views[0].total == found.count


@settings(max_examples=150, deadline=None)
@given(_any_text, st.text(max_size=60), st.sampled_from([*fields.TEXTS, *fields.VALUES]))
def test_any_text_can_be_marked(query: str, text: str, field: str) -> None:
    parsed = parse(query, now=NOW)
    if isinstance(parsed, Parsed):
        last = 0
        for start, end in highlights(parsed.root, text, field):
            assert last <= start < end <= len(text)
            last = end


def test_marking_takes_time_linear_in_the_text() -> None:
    parsed = parse('power "a a a" *a p*r /(a|b)*c/ a', now=NOW)
    assert isinstance(parsed, Parsed)
    begun = time.process_time()
    found = highlights(parsed.root, "a é " * 100_000, "body")
    assert len(found) <= 1000
    assert time.process_time() - begun < 5
