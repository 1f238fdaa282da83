"""The query language: what parses to what, what is refused and where, and that nothing breaks it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reader.records.querying import (
    MAX_LENGTH,
    Parsed,
    QueryError,
    Sort,
    fields,
    nodes,
    parse,
    parse_sort,
    ranked_words,
)
from reader.records.querying.patterns import (
    compiled,
    expression,
    folded,
    is_part,
    is_whole,
    word_pattern,
)
from reader.records.text import clean

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC).timestamp()


def root(text: str, **views: str) -> nodes.Node:
    parsed = parse(text, now=NOW, zone=UTC, views=views)
    assert isinstance(parsed, Parsed), parsed
    return parsed.root


def error(text: str, **views: str) -> QueryError:
    parsed = parse(text, now=NOW, zone=UTC, views=views)
    assert isinstance(parsed, QueryError), parsed
    return parsed


def test_side_by_side_binds_more_than_or() -> None:
    node = root("a b OR c AND d")
    assert isinstance(node, nodes.Or)
    assert [type(part) for part in node.parts] == [nodes.And, nodes.And]


def test_every_node_knows_its_place() -> None:
    text = 'one -title:"two three" (four OR /fi.e/)'
    node = root(text)
    assert isinstance(node, nodes.And)
    assert [text[part.start : part.end] for part in node.parts] == [
        "one", '-title:"two three"', "four OR /fi.e/",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("", nodes.Every(0, 0)),
        ("power", nodes.Text(None, ("power",), 0, 5)),
        ("power*", nodes.Text(None, ("power",), 0, 6)),
        ("*flow", nodes.Text(None, ("", "flow"), 0, 5)),
        ("p**r", nodes.Text(None, ("p", "r"), 0, 4)),
        (r"a\*b", nodes.Text(None, ("a*b",), 0, 4)),
        (r'"say \"so\""', nodes.Text(None, ('say "so"',), 0, 12)),
        (r"/a\/b\d/", nodes.Regex(None, r"a/b\d", 0, 8)),
        ("12:30", nodes.Text(None, ("12:30",), 0, 5)),
        ("c++", nodes.Text(None, ("c++",), 0, 3)),
        ("TOPIC:x", nodes.Value("topic", ("x",), 6, 7)),
        ("topics:x", nodes.Value("topic", ("x",), 7, 8)),
        ("title:*", nodes.Has("title", 6, 7)),
        ("folder:_news/", nodes.Place("folder", ("_news",), 7, 13)),
        ("url:a.example", nodes.Place("url", ("a.example",), 4, 13)),
        ("url:https://a.example/b,c", nodes.Page("https://a.example/b,c", 4, 25)),
        ("https://a.example/x_(y)", nodes.Page("https://a.example/x_(y)", 0, 23)),
        ("(https://a.example/x)", nodes.Page("https://a.example/x", 1, 20)),
        ("related:_news/a.md", nodes.RelatedTo("_news/a.md", 8, 18)),
        ("quality:>=70", nodes.Between("quality", 70, None, True, False, 8, 12)),
        ("quality:>70", nodes.Between("quality", 70, None, False, False, 8, 11)),
        ("quality:<70", nodes.Between("quality", None, 70, False, False, 8, 11)),
        ("quality:<=70", nodes.Between("quality", None, 70, False, True, 8, 12)),
        ("quality:70", nodes.Between("quality", 70, 70, True, True, 8, 10)),
        ("heat:-5..80.5", nodes.Between("heat", -5, 80.5, True, True, 5, 13)),
        ("length:<PT10M", nodes.Between("length", None, 600, False, False, 7, 13)),
        ("length:1h30m..", nodes.Between("length", 5400, None, True, False, 7, 14)),
        ("is:DUE", nodes.Is("due", 3, 6)),
        ("has:images", nodes.Has("image", 4, 10)),
        ("no:amp", nodes.Not(nodes.Has("amp", 3, 6), 3, 6)),
        ("NOT -a", nodes.Not(nodes.Not(nodes.Text(None, ("a",), 5, 6), 4, 6), 0, 6)),
    ],
)  # fmt: skip
def test_what_it_parses_to(text: str, node: nodes.Node) -> None:
    assert root(text) == node


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("2020", "2020-01-01", "2021-01-01"),
        ("2020-06", "2020-06-01", "2020-07-01"),
        ("2020-12", "2020-12-01", "2021-01-01"),
        ("2020-06-12", "2020-06-12", "2020-06-13"),
        ("2020-06-12T16:05", "2020-06-12T16:05:00", "2020-06-12T16:06:00"),
        ("today", "2026-11-23", "2026-11-24"),
        ("yesterday", "2026-11-22", "2026-11-23"),
        ("7d..", "2026-11-16", None),
        ("2w", "2026-11-09", "2026-11-10"),
        ("9m", "2026-02-23", "2026-02-24"),
        ("1y..today", "2025-11-23", "2026-11-24"),
        ("5h..", "2026-11-23T05:30:00", None),
        ("..2020-12-31", None, "2021-01-01"),
        (">2020", "2021-01-01", None),
        (">=2020", "2020-01-01", None),
        ("<2020", None, "2020-01-01"),
        ("<=2020", None, "2021-01-01"),
        ("2019..2020-02", "2019-01-01", "2020-03-01"),
    ],
)
def test_dates(text: str, first: str | None, after: str | None) -> None:
    def seconds(moment: str | None) -> float | None:
        return moment and datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()

    node = root(f"date:{text}")
    assert isinstance(node, nodes.Between)
    assert (node.low, node.high) == (seconds(first), seconds(after))
    assert not (node.includes_high and node.high != node.low)


def test_days_are_the_zones_own_and_as_long_as_they_are_there() -> None:
    zone = ZoneInfo("Europe/Paris")
    parsed = parse("date:2026-10-25", now=NOW, zone=zone)  # the clocks go back
    assert isinstance(parsed, Parsed)
    assert isinstance(parsed.root, nodes.Between)
    assert parsed.root.low == datetime(2026, 10, 24, 22, tzinfo=UTC).timestamp()
    assert parsed.root.high == parsed.root.low + 25 * 3600


def test_commas_are_or_and_no_with_commas_lacks_one() -> None:
    assert root("type:a,b") == nodes.Or(
        (nodes.Value("type", ("a",), 5, 6), nodes.Value("type", ("b",), 7, 8)), 0, 8
    )
    node = root("no:amp,image")
    assert isinstance(node, nodes.Or)
    assert all(isinstance(part, nodes.Not) for part in node.parts)


def test_what_records_are_ranked_by() -> None:
    parsed = parse('a title:b -c d*e "f g" /h/ (i OR -j) view:mine', now=NOW, views={"mine": "k"})
    assert isinstance(parsed, Parsed)
    assert [word.pieces for word in ranked_words(parsed.root)] == [
        ("a",), ("b",), ("f g",), ("i",), ("k",),
    ]  # fmt: skip


def test_an_order_by_itself() -> None:
    assert parse_sort("quality,-heat") == (Sort("quality", False), Sort("heat", True))
    wrong = parse_sort("title,-qualty")
    assert isinstance(wrong, QueryError)
    assert (wrong.start, wrong.end, wrong.suggestion) == (6, 13, "-quality")
    assert isinstance(parse_sort(""), QueryError)


def test_sort() -> None:
    parsed = parse("a sort:quality,-heat", now=NOW)
    assert isinstance(parsed, Parsed)
    assert parsed.sort == (Sort("quality", False), Sort("heat", True))
    assert parsed.root == nodes.Text(None, ("a",), 0, 1)


def test_views_within_views() -> None:
    node = root("view:MINE x", mine='view:unpublished topic:"A B"')
    assert isinstance(node, nodes.And)
    assert isinstance(node.parts[0], nodes.Included)
    assert node.parts[0].name == "mine"
    parsed = parse("view:mine", now=NOW, views={"mine": "a sort:title"})
    assert isinstance(parsed, Parsed)
    assert parsed.sort == (Sort("title", False),)


@pytest.mark.parametrize(
    ("text", "at", "said", "suggestion"),
    [
        ("qualty:3", "qualty", "no field", "quality"),
        ("a tite:b", "tite", "no field", "title"),
        ("a published:true", "published:true", "did you mean is:published?", "is:published"),
        ("Published:FALSE", "Published:FALSE", "is:unpublished", "is:unpublished"),
        ("(removed:true)", "removed:true", "no field removed: did", "is:rejected"),
        ("removed:no", "removed:no", "-is:rejected", "-is:rejected"),
        ("published:2020", "published", "publisheddatetime", "publisheddatetime"),
        ("zzzz:b", "zzzz", "quotation marks", None),
        ("is:unpublishd", "unpublishd", "did you mean unpublished", "unpublished"),
        ("has:imag", "imag", "did you mean", "image"),
        ("sort:-qualty", "-qualty", "sorted", "-quality"),
        ("view:unp", "unp", "no view", "unpublished"),
        ("title:", ":", "needs a value", None),
        ("title:,a", ":", "needs a value", None),
        ('title:"a', '"a', "close it", None),
        ('title:"a"b', "b", "space or a comma", None),
        ("title:(a)", "(", "quotation marks", None),
        ("(a", "(", "close it", None),
        ("a)", ")", "never opened", None),
        ("()", "()", "nothing", None),
        ("a OR", "OR", "after", None),
        ("OR a", "OR", "before", None),
        ("a AND", "AND", "after", None),
        ("AND a", "AND", "before", None),
        ("a NOT", "NOT", "after", None),
        ("a | b", "|", "no letter or digit", None),
        ("/a", "/a", "close it", None),
        ("/a/b", "/a/b", "ends at /", None),
        ("/(?=a)/", "/(?=a)/", "not understood", None),
        ("title:/[/", "/[/", "not understood", None),
        ("quality:/7/", "/7/", "no regular expression", None),
        ("quality:good", "good", "write a number", None),
        ("quality:80..40", "80..40", "ends before", "40..80"),
        ("quality:..", "..", "one end", None),
        ("length:long", "long", "write a length", None),
        ("date:2020-13", "2020-13", "no such date", None),
        ("date:2020-02-30", "2020-02-30", "no such date", None),
        ("date:9999999d", "9999999d", "date", None),
        ("date:2020..soon", "soon", "write a date", None),
        ("date:0001", "0001", "no such date", None),
        ("related:https://", "https://", "no web address", None),
        ("https://", "https://", "no web address", None),
        ("-sort:date", "sort:date", "outside", None),
        ("(a sort:date)", "sort:date", "outside", None),
        ("sort:date sort:-heat", "sort:-heat", "write sort:date,-heat", None),
        ("sort:rank", "rank", "no words to rank by", None),
        ("*a sort:title,-rank -b /c/", "-rank", "no words to rank by", None),
        ("\ud800", "\ud800", "half", "*"),
    ],
)
def test_errors_point_at_the_place(text: str, at: str, said: str, suggestion: str | None) -> None:
    found = error(text)
    assert said in found.reason
    assert text[found.start : found.end] == at
    assert found.suggestion == suggestion


def test_a_view_that_leads_back_to_itself_is_an_error() -> None:
    found = error("x view:a", a="view:b", b="y OR view:A")
    assert "leads back" in found.reason
    assert (found.start, found.end) == (7, 8)


def test_an_error_inside_a_view_names_the_view() -> None:
    found = error("view:a", a="qualty:3")
    assert found.reason.startswith("in the view a: there is no field")


def test_views_cannot_grow_without_bound() -> None:
    views = {f"v{n}": f"view:v{n + 1} view:v{n + 1}" for n in range(40)} | {"v40": "a"}
    assert "200 parts" in error("view:v0", **views).reason
    deep = {f"v{n}": f"view:v{n + 1}" for n in range(60)} | {"v60": "a"}
    assert "50 deep" in error("view:v0", **deep).reason


HARD = [
    "(" * 4000, "-" * 4000, "NOT " * 1000, "a " * 2000, "a OR " * 800, '"' * 4000, "/" * 4000,
    "*" * 4000, "a*" * 2000, "topic:" + "a," * 1990, "is:" + "unpub" * 700, "x" * 3990 + ":",
    "quality:" + "9" * 3900, "view:" + "v" * 3900, "sort:" + ",x" * 1900, "a" * 5000,
    " ".join("/" + r"\pL" * 80 + str(n) + "/" for n in range(15)),
    " ".join("/" + r"(\pL{9})" * 20 + str(n) + "/" for n in range(10)),
    " ".join("*a" * 10 for _ in range(190)),
]  # fmt: skip


@pytest.mark.parametrize("text", HARD)
def test_nothing_takes_long_to_parse(text: str) -> None:
    compiled("a")  # loaded before
    best = 1.0
    for _ in range(3):
        compiled.cache_clear()
        expression.cache_clear()
        start = time.process_time()
        parse(text, now=NOW)
        best = min(best, time.process_time() - start)
    assert best < 0.05


_bits = st.sampled_from(
    [*fields.FIELDS, *fields.IS, *fields.HAS, ":", ",", "-", "(", ")", '"', "/", "*", "\\", "..",
     ">", "<=", " ", "OR", "AND", "NOT", "7d", "2020-06", "PT1M", "70", "é", "\x1b", "\0", "\ud800"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(st.characters(), max_size=80), st.lists(_bits, max_size=30).map("".join)))
@example("\\")
@example("title:\\")
@example("date:²")
@example("-")
def test_any_text_parses_or_says_what_is_wrong(text: str) -> None:
    parsed = parse(text, now=NOW, zone=UTC)
    if isinstance(parsed, QueryError):
        assert clean(parsed.reason) == parsed.reason
        assert 0 <= parsed.start < max(parsed.end, 1)
        assert parsed.end <= len(text) + 1
        if parsed.suggestion is not None:  # it is no dead end
            mended = text[: parsed.start] + parsed.suggestion + text[parsed.end :]
            assert parse(mended, now=NOW, zone=UTC) != parsed
    else:
        assert parsed.text == text


def test_too_long_is_said() -> None:
    assert error("a" * (MAX_LENGTH + 1)).start == MAX_LENGTH


# -- comparing -----------------------------------------------------------------------------------


def test_folding() -> None:
    assert folded("ÉCOLE Straße Ωμέγα Ёлка") == "ecole strasse ωμεγα елка"
    assert folded("e" + "\u0301" * 100_000) == "e"


def test_whole_values() -> None:
    assert is_whole(("power  apps",), "Power Apps")
    assert is_whole(("p", "s"), "Power Apps")
    assert is_whole(("", "w", "p", ""), "Power Apps")
    assert not is_whole(("aba", "aba"), "aba")
    assert not is_whole(("power",), "Power Apps")


def test_parts_of_places() -> None:
    assert is_part(("NEWS", ".md"), "_news/a.md")
    assert not is_part((".md", "news"), "_news/a.md")


def test_words_with_stars() -> None:
    assert compiled(word_pattern(("p", "r")))("the power")
    assert not compiled(word_pattern(("o", "r")))("the power")
    assert compiled(word_pattern(("", "o", "r")))("the power")
    assert not compiled(word_pattern(("", "h", "r")))("the power")
