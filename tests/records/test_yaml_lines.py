"""Front matter read line by line is what the parser makes of it, or is left to the parser."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.records import yaml_bounds, yaml_lines, yaml_values
from reader.records.front_matter import Split, split
from tests.real_records import CORPUS, needs_corpus

CRAWLED = textwrap.dedent(
    """\
    category: news
    title: "The harbour’s \\"second\\" tide mill: a #tale"
    publishedDateTime: 2020-06-12T16:05:00Z
    webUrl: https://harbour.example/a?b=c#d
    quality: 56
    heat: -1
    published: false
    excerpt: ""

    provider:
      name: Harbour Weekly
      domain: harbour.example

    topics:
      - Tides
      - "Bread, old"
    levels:
    - beginner
    images:
      - url: "https://harbour.example/a.png"
        width: 50
    related:
      -   title: Plain words - and more
          quality: 8.5
          provider:
            name: yes
          images:
          - url: x
          note:
      - title: Another
    secured: "c2VjcmV0;AAAA"
    """
)
VALUES = {
    "category": "news",
    "title": 'The harbour’s "second" tide mill: a #tale',
    "publishedDateTime": datetime(2020, 6, 12, 16, 5, tzinfo=UTC),
    "webUrl": "https://harbour.example/a?b=c#d",
    "quality": 56,
    "heat": -1,
    "published": False,
    "excerpt": "",
    "provider": {"name": "Harbour Weekly", "domain": "harbour.example"},
    "topics": ["Tides", "Bread, old"],
    "levels": ["beginner"],
    "images": [{"url": "https://harbour.example/a.png", "width": 50}],
    "related": [
        {
            "title": "Plain words - and more",
            "quality": 8.5,
            "provider": {"name": True},
            "images": [{"url": "x"}],
            "note": None,
        },
        {"title": "Another"},
    ],
    "secured": "c2VjcmV0;AAAA",
}
UNUSUAL = [
    "a: b # comment", "# comment", "a: 'b'", "a: [b]", "a: {b: c}", "a: |\n  b", "a: &x b", "a: *x",
    "a: !!str 1", "a: b\n  c", "a: b\n c: d", "a: b\n- c", "a: b\na: c", "a:\n  b: c\n d: e",
    "a:\n- b\n - c", "a:\n  - b\n - c", "- a", "a: b: c", "a: b:", "a: b ", "a: \tb", "\ta: b",
    "yes: a", "null: a", "<<: a", "? a", "a : b", "a:b", "a: ---", "---", "...", "%YAML 1.1", "a: -",
    'a: "b', 'a: "b" c', 'a: "\\x41"', 'a: "\\/"', 'a: "\\u0041"', 'a: "b"\n "c"', "a: b\rc: d",
    "a: b\x85c: d", "a: b\u2028c: d", "\ufeffa: b", "a: \x1b", "a:\n  - b: c\n   d: e", "-a: b",
    "a:\n  - b: c\n    - d", "a:\n  -\n    b: c", "a:\n - - b", " a: b\nc: d", "é: b", f"{'a' * 101}: b",
]  # fmt: skip


def read(text: str) -> dict[Any, Any] | None:
    return yaml_lines.read(text.encode(), yaml_values.of_plain)


def test_what_crawlers_write_is_read_line_by_line() -> None:
    """A path that nothing takes would be a test of nothing."""
    assert read(CRAWLED) == VALUES
    assert read(CRAWLED.replace("\n", "\r\n")) == VALUES
    assert agrees(CRAWLED.encode())


@pytest.mark.parametrize("text", UNUSUAL)
def test_anything_else_is_left_to_the_parser(text: str) -> None:
    assert read(text) is None
    assert read(f"x: y\n{text}\n") is None


def test_bytes_that_are_no_text_are_left_to_the_parser() -> None:
    assert yaml_lines.read(b"a: \xff\n", yaml_values.of_plain) is None
    assert yaml_lines.read(b"a: \0\n", yaml_values.of_plain) is None
    assert read("a: b\n" + f'c: "{"d" * yaml_lines.MAX_LENGTH}"\n') is None
    nested = "\n".join(f"{'  ' * depth}a:" for depth in range(40))
    assert read(nested) is None


NAMES = st.sampled_from(["a", "b", "title", "webUrl", "_x", "yes", "on", "n0", "é", "<<", ""])
SCALARS = st.one_of(
    st.sampled_from(
        [
            "", "a", "A b", "-1", "8.5", "yes", "~", "null", "1:30", "014", "1_000", "2020-01-02",
            "2020-13-45", "2020-01-02 03:04:05 -0500", '"a"', '""', '"a: b"', '"\\""', '"\\n\\\\"',
            '"\\x41"', "'a'", "a:b", "a: b", "a #b", "a#b", "[a]", "- a", "-a", "--", "é", "a\u00a0",
            "|", "x:", "&a b", "*a", "!a b", '"a" b', '"a', "a b ", " a", "a\tb", "\u2028",
        ]
    ),
    st.text(st.characters(codec="utf-8"), max_size=8),
)  # fmt: skip
LINES = st.tuples(
    st.sampled_from(["", "", "", " ", "  ", "  ", "    ", "      ", "\t"]),
    st.sampled_from(["", "", "", "- ", "-   ", "-", "- - "]),
    st.one_of(
        st.builds("{}: {}".format, NAMES, SCALARS),
        st.builds("{}:".format, NAMES),
        SCALARS,
    ),
    st.sampled_from(["\n", "\n", "\n", "\r\n", "\n\n", "\r"]),
).map("".join)


@given(st.lists(LINES, max_size=8).map("".join))
@settings(max_examples=1000)
def test_lines_of_any_kind_agree_with_the_parser(text: str) -> None:
    agrees(text.encode())


@given(st.data())
@settings(max_examples=300)
def test_mutated_lines_agree_with_the_parser(data: st.DataObject) -> None:
    lines = CRAWLED.splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        lines[at : at + data.draw(st.integers(0, 2))] = data.draw(st.lists(LINES, max_size=2))
        lines = lines or [""]
    agrees("".join(lines).encode())


@needs_corpus
def test_real_records_are_read_line_by_line() -> None:
    read_so = records = 0
    for path in CORPUS.rglob("*.md"):
        data = path.read_bytes()
        where = split(data)
        if isinstance(where, Split):
            records += 1
            read_so += agrees(data[where.start : where.end])
    assert read_so == records > 200


def agrees(text: bytes) -> bool:
    """Check that what is read line by line is what the parser gives, in the same order and of the
    same types; return whether it was read so."""
    ours = yaml_lines.read(text, yaml_values.of_plain)
    if ours is None:
        return False
    assert b"\0" not in text
    assert yaml_bounds.exceeded(text, 2) is None
    theirs = yaml_values.load(text, 2)
    assert repr(ours) == repr(theirs)
    return True
