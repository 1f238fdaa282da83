"""Front matter: what is read, and what hostile input comes to."""

from __future__ import annotations

import math
import subprocess
import sys
import textwrap
import time
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.records.front_matter import Split, parse, read_record, split
from reader.records.record import Body, Problem, Record, State
from tests.real_records import CORPUS, needs_corpus


def same(left: Any, right: Any) -> bool:
    """Equality of values and types, where NaN equals itself."""
    if isinstance(left, dict) and isinstance(right, dict):
        return len(left) == len(right) and all(
            same(a, b) and same(left[a], right[b]) for a, b in zip(left, right, strict=True)
        )
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) and isinstance(right, float) and math.isnan(left):
        return math.isnan(right)
    return type(left) is type(right) and left == right


def record_of(front: str, body: str = "", name: str = "a.md") -> Record:
    record = read_record(f"---\n{front}\n---\n{body}".encode(), name)
    assert isinstance(record, Record)
    return record


def problem_of(front: str | bytes, name: str = "a.md") -> Problem:
    data = front.encode() if isinstance(front, str) else front
    problem = read_record(b"---\n" + data + b"\n---\n", name)
    assert isinstance(problem, Problem)
    return problem


# -- the fences ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "front", "body"),
    [
        (b"---\na: b\n---\ntext\n", b"a: b\n", b"text\n"),
        (b"---\r\na: b\r\n---\r\ntext", b"a: b\r\n", b"text"),
        (b"\xef\xbb\xbf---\na: b\n---", b"a: b\n", b""),
        (b"---  \t\na: b\n---  \nx", b"a: b\n", b"x"),
        (b"---\na: b\n...\nx", b"a: b\n", b"x"),
        (b"---\n---\nx", b"", b"x"),
        (b"---\na: |\n  ---x\n--- y\n---\nz", b"a: |\n  ---x\n--- y\n", b"z"),
        (b"---\na: 1\n----\nb: 2\n---\n", b"a: 1\n----\nb: 2\n", b""),
    ],
)
def test_split(data: bytes, front: bytes, body: bytes) -> None:
    where = split(data)
    assert isinstance(where, Split)
    assert data[where.start : where.end] == front
    assert data[where.body :] == body


@pytest.mark.parametrize("data", [b"", b"text", b" ---\na: b\n---\n", b"----\n", b"--- a\n---\n"])
def test_a_file_without_a_fence_is_no_record(data: bytes) -> None:
    assert split(data) is None
    assert read_record(data, "a.md") is None


@pytest.mark.parametrize("data", [b"---", b"---\n", b"---\na: b\n", b"---\na: b\n --- \n"])
def test_a_fence_that_is_never_closed_is_a_problem(data: bytes) -> None:
    problem = split(data)
    assert isinstance(problem, Problem)
    assert "never closed" in problem.reason
    assert problem.line == 1


# -- the values ---------------------------------------------------------------------------------

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30),
    st.dates(),
    st.datetimes(),
    st.sampled_from(
        [
            "yes",
            "No",
            "on",
            "~",
            "null",
            "0o14",
            "014",
            "0x1F",
            "1_000",
            "1:30:00",
            ".inf",
            "-.5",
            "2020-01-02 03:04:05 -0500",
            "=",
            "<<",
            "- a",
            "a: b",
            "#",
            "'",
            '"',
            "%",
            "@",
            "\x85",
        ]
    ),
)
KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=1, max_size=12)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(
    st.dictionaries(KEYS, VALUES, max_size=8),
    st.sampled_from([None, "'", '"', "|", ">"]),
    st.sampled_from([None, True, False]),
)
@settings(max_examples=150, deadline=None)
def test_values_equal_those_of_csafeloader(
    values: dict[str, Any], style: str | None, flow: bool | None
) -> None:
    text = yaml.dump(values, default_style=style, default_flow_style=flow, allow_unicode=True)
    agrees_with_loader(text.encode())


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_mutated_documents_agree_or_are_problems(data: st.DataObject) -> None:
    text = bytearray(SEED.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        cut = data.draw(st.integers(0, 3))
        text[at : at + cut] = data.draw(st.sampled_from(PIECES))
    agrees_with_loader(bytes(text))
    read_record(b"---\n" + bytes(text) + b"---\n", "a.md")


PIECES = [
    b"", b" ", b"\n", b"\t", b":", b": ", b"- ", b"'", b'"', b"[", b"]", b"{", b"}", b",", b"#",
    b"&a ", b"*a", b"!!int ", b"!x ", b"<<: ", b"|", b">", b"\\", b"%", b"@", b"~", b"1", b"-1",
    b"2020-13-45", b"\xff", b"\0", b"\x1b", "é".encode(), b"? ", b"---\n", b"=", b".nan", b"yes",
]  # fmt: skip
SEED = textwrap.dedent(
    """\
    category: news
    title: "The harbour's \\"second\\" tide mill"
    excerpt: 'It''s not what it was'
    publishedDateTime: 2020-06-12T16:05:00Z
    updatedDateTime: 2020-01-02 03:04:05 -0500
    quality: 56
    heat: -1
    published: false

    provider:
      name: Harbour Weekly  # a comment
      images:
        - {url: "https://harbour.example/a.png", width: 50}

    topics: [Tides, Bread]
    related:
      - title: Plain words
        quality: 8.5
    levels:
      - beginner
    secured: "c2VjcmV0;AAAA"
    """
)


def agrees_with_loader(text: bytes) -> None:
    for by_lines in (True, False):
        _agrees_with_loader(text, parse(text, by_lines=by_lines))


def _agrees_with_loader(text: bytes, ours: dict[Any, Any] | Problem) -> None:
    try:
        theirs = yaml.load(text, Loader=yaml.CSafeLoader)
    except Exception:  # the loader raises all kinds of things
        return  # ours is a Problem, or the text where it looked like a date
    if isinstance(ours, Problem):
        refused = ("twice", "git conflict", "NUL", "UTF-8", "directive", "expand", "values")
        assert any(word in ours.reason for word in refused) or not isinstance(theirs, dict), ours
        return
    assert same(dict(ours), theirs or {})


@needs_corpus
def test_every_real_record_is_read_as_csafeloader_reads_it() -> None:
    states = dict.fromkeys(State, 0)
    for path in [*CORPUS.rglob("*.md"), *CORPUS.rglob("*.txt")]:
        data = path.read_bytes()
        record = read_record(data, path.name)
        if record is None:
            continue
        assert isinstance(record, Record), path
        where = split(data)
        assert isinstance(where, Split)
        agrees_with_loader(data[where.start : where.end])
        states[record.state] += 1
        assert "secured" not in record.data
    assert states[State.UNPUBLISHED] == 61
    assert states[State.PUBLISHED] == 199


# -- hostile input ------------------------------------------------------------------------------

BOMB = "\n".join(
    ["a0: &a0 {x: 1, y: 2, z: 3}"]
    + [
        f"a{n}: &a{n}\n  <<: [{', '.join(f'*a{n - 1}' for _ in range(9))}]\n  k{n}: [*a{n - 1}, *a{n - 1}]"
        for n in range(1, 9)
    ]
)
ALIASES = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
)
HOSTILE: dict[str, tuple[str, str]] = {
    "nested flow lists": ("a: " + "[" * 50_000, "nested"),
    "nested flow maps": ("a: " + "{a: " * 50_000, "nested"),
    "nested block lists": ("- " * 50_000, "nested"),
    "nested keys": ("? " * 50_000, "nested"),
    "lists over lines": ("a: " + "[\n" * 20_000, "nested"),
    "indentation": ("".join(" " * n + "a:\n" for n in range(1400)), "nested"),
    "mixed": ("a: " + "[- " * 20_000, ""),
    "merge bomb": (BOMB, "expand"),
    "alias bomb": (ALIASES, "expand"),
    "an alias of itself": ("a: &a [*a]", "inside what it names"),
    "very many values": ("a: [" + "b," * 400_000 + "]", "over 20,000 values"),
    "very many lines": ("a:\n" + "- b\n" * 250_000, "over 20,000 values"),
    "a tag that builds an object": ("a: !!python/object/apply:os.system ['true']", "tag"),
    "an unknown tag": ("a: !thing b", "tag"),
    "a duplicate field": ("a: 1\nb: 2\na: 3", "twice"),
    "a bad explicit int": ("a: !!int ''", "fit its tag"),
    "a directive": ("%TAG ! x\n", ""),
    "a conflict": ("<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> other", "git conflict"),
    "a list on top": ("- a\n- b", "field: value"),
    "a scalar on top": ("just words", "field: value"),
    "an unclosed quotation": ('title: "never closed', "quotation mark"),
    "a colon too many": ("title: a: b", "colon"),
    "a tab for indentation": ("a:\n\tb: c", "tab"),
    "an unhashable key": ("? [a]\n: b", "field's name"),
    "an undefined alias": ("a: *b", "alias"),
    "a control character": ("a: \x1b[31m", "control character"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_front_matter_is_a_problem_at_once(name: str) -> None:
    text, said = HOSTILE[name]
    start = time.perf_counter()
    problem = problem_of(text)
    assert time.perf_counter() - start < 1  # milliseconds; a second on the busiest machine
    assert said in problem.reason
    assert problem.line >= 2
    assert "\n" not in problem.reason


def test_the_crashers_end_no_process() -> None:
    """libyaml's composer ends the process with SIGSEGV on these; so try in another process."""
    code = (
        "import sys; from reader.records.front_matter import read_record\n"
        "for text in (b'[' * 50_000, b'- ' * 50_000, b'{a: ' * 50_000, b'? ' * 50_000):\n"
        "    print(read_record(b'---\\n' + text + b'\\n---\\n', 'a.md').reason)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("nested over 100 deep") == 4


@pytest.mark.parametrize(
    "opened",
    [
        'title: "abc\nexcerpt: "def"\nb: 1',
        'title: "abc\nexcerpt: def',
        "title: 'abc\nexcerpt: it's so",
        'title: "abc\r\nexcerpt: "def"\r',
        'title: "abc\nexcerpt: "def: ghi"',
        'title: "abc\nexcerpt: \'\\d\'\nwebUrl: "x"',
        'topics: ["abc", "def]\nexcerpt: "ghi"',
        '- "abc\n- def\nb: "x"',
        '- "abc\n- "def"\n- ghi',
        '"title": "abc\n"excerpt": "def"',
    ],
)
def test_a_quotation_nobody_closes_is_told_where_it_opens(opened: str) -> None:
    """The parser gives up after the first mark of a later value, lines below."""
    before = "topics:\n" if opened.startswith("- ") else "a: 1\n"
    problem = problem_of(before + opened)
    assert problem.reason == "a quotation mark is never closed"
    assert problem.line == 3


@pytest.mark.parametrize(
    "text",
    ['title: "abc\n  Note: def" ghi', 'title: "abc" d', 'title: "a "b" c"\nb: 1'],
)
def test_a_quotation_that_is_closed_too_early_is_told_as_that(text: str) -> None:
    assert "a quotation mark stands inside a quoted text" in problem_of(text).reason


def test_problems_name_the_line_of_the_file() -> None:
    assert problem_of("a: 1\nb: 2\nb: 3").line == 4
    assert problem_of("a: 1\nb: c: d").line == 3
    assert problem_of(b"a: 1\nb: \xff").line == 3
    assert problem_of(b"a: 1\nb: \0").line == 3
    assert "UTF-8" in problem_of(b"a: \xff").reason
    assert "NUL" in problem_of(b"a: \0").reason
    assert "1 MiB" in problem_of("a: " + "b" * (1 << 20)).reason


@pytest.mark.parametrize(
    "text",
    [
        "title: " + "[x] " * 200,
        'title: "' + "[{" * 400 + '"',
        "excerpt: |\n" + " " * 80 + "deep but flat",
        "topics:\n" + "".join(f"  - topic {n}\n" for n in range(400)),
        "a:\n" + "\n".join(" " * n + "b:" for n in range(1, 90)),
    ],
)
def test_what_only_looks_deep_is_read(text: str) -> None:
    if "[x]" in text:
        text = text.replace("title: ", "title: '") + "'"
    assert isinstance(parse(text.encode()), dict)


# -- the record ---------------------------------------------------------------------------------


def test_a_record_has_its_fields() -> None:
    record = record_of(SEED, "Some *words*.\n")
    assert record.title == 'The harbour\'s "second" tide mill'
    assert record.excerpt == "It's not what it was"
    assert record.published_at is not None
    assert record.published_at.isoformat() == "2020-06-12T16:05:00+00:00"
    assert record.updated_at is not None
    assert record.updated_at.isoformat() == "2020-01-02T03:04:05-05:00"
    assert record.quality == 56
    assert record.heat is None  # -1: not known
    assert record.state is State.UNPUBLISHED
    assert record.provider.name == "Harbour Weekly"
    assert record.topics == ("Tides", "Bread")
    assert record.related[0].quality == 8.5
    assert record.body == "Some *words*.\n"
    assert record.body_kind is Body.MARKDOWN
    assert record.warnings == ()
    assert "secured" not in record.data


@pytest.mark.parametrize(
    ("front", "state"),
    [
        ("title: a", State.PUBLISHED),
        ("published: true", State.PUBLISHED),
        ("published: null", State.PUBLISHED),
        ("published: false", State.UNPUBLISHED),
        ("published: no", State.UNPUBLISHED),
        ("removed: true", State.REJECTED),
        ("published: false\nremoved: true", State.REJECTED),
        ("removed: false", State.PUBLISHED),
    ],
)
def test_states(front: str, state: State) -> None:
    assert record_of(front).state is state


@pytest.mark.parametrize(
    ("front", "field"),
    [
        ("title: 42", "title"),
        ("topics: Tides", "topics"),
        ("topics: [1]", "topics[0]"),
        ("quality: .nan", "quality"),
        ("quality: .inf", "quality"),
        ("quality: true", "quality"),
        ("quality: high", "quality"),
        ("quality: " + "9" * 400, "quality"),
        ("quality: " + "9" * 5000, "quality"),
        ("publishedDateTime: 2020-13-45", "publishedDateTime"),
        ("publishedDateTime: 0000-01-01", "publishedDateTime"),
        ("publishedDateTime: yesterday", "publishedDateTime"),
        ("published: 'false'", "published"),
        ("provider: Harbour", "provider"),
        ("provider: {name: 1}", "provider.name"),
        ("related: {a: b}", "related"),
        ("related: [a]", "related[0]"),
        ("related: [{title: 1}]", "related[0].title"),
        ("related: [{}, ~, {images: [{url: 1}]}]", "related[2].images[0].url"),
        ("provider: {name: a, authors: [b, 5]}", "provider.authors[1]"),
        ("excerpt: 2020-01-01", "excerpt"),
        ("images: [{width: wide}]", "images[0].width"),
        ("length: 13 minutes", "length"),
        ("ratings: {average: good}", "ratings.average"),
    ],
)
def test_a_field_of_the_wrong_type_is_absent_and_warned_of(front: str, field: str) -> None:
    record = record_of(front)
    assert [warning.field for warning in record.warnings] == [field]
    assert record.warnings[0].reason


def test_null_and_missing_fields_are_absent_without_warning() -> None:
    record = record_of("title:\nquality: null\ntopics: ~\nprovider:\nrelated: []")
    assert record.warnings == ()
    assert record.title is None
    assert record.topics == ()


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("a.md", "", Body.NONE),
        ("a.md", "\n \n", Body.NONE),
        ("a.md", "words", Body.MARKDOWN),
        ("a.md", "\n<p>words</p>", Body.HTML),
        ("a.html", "words", Body.HTML),
        ("a.txt", "words", Body.TEXT),
        ("A.MDX", "words", Body.MARKDOWN),
    ],
)
def test_how_the_body_is_written(name: str, body: str, kind: Body) -> None:
    assert record_of("title: a", body, name).body_kind is kind


def test_a_body_that_is_not_utf8_is_kept_with_a_warning() -> None:
    record = read_record(b"---\ntitle: a\n---\n\xff words", "a.md")
    assert isinstance(record, Record)
    assert record.body == "\ufffd words"
    assert record.warnings[0].field == "body"


@pytest.mark.parametrize(
    ("data", "is_record"),
    [
        (b"title: a\nwebUrl: https://a.example/\n", True),
        (b"---\nname: a\noriginalUrl: https://a.example/\n---\nother: document\n", True),
        (b"# a comment\n---\ntitle: a\nwebUrl: https://a.example/\n...\n[", True),
        (b'{"title": "a", "webUrl": "https://a.example/"}', True),
        (b"title: a\nampWebUrl: https://a.example/amp/\n", True),
        (b"name: a\ncdnAmpWebUrl: https://a.example/amp/\n", True),
        (b"title: a\nurl: https://a.example/\n", False),
        (b"title: 5\nwebUrl: https://a.example/\n", False),
        (b"title: a\n", False),
        (b"- title: a\n  webUrl: b\n", False),
        (b"a: [\n", False),
        (b"", False),
    ],
)
def test_yaml_files_are_records_when_they_look_like_one(data: bytes, is_record: bool) -> None:
    assert isinstance(read_record(data, "a.yml"), Record) is is_record


def test_the_settings_of_the_site_generator_are_no_record() -> None:
    assert read_record(b"title: a\nwebUrl: https://a.example/\n", "_config.yml") is None


def test_people_and_communities_have_a_name_instead_of_a_title() -> None:
    assert record_of("name: Harbour readers").title == "Harbour readers"


def test_prices_are_texts_or_numbers() -> None:
    assert record_of("price: Free").price == "Free"
    assert record_of("price: 9.5").price == "9.5"


def test_a_broken_yaml_file_that_looks_like_a_record_is_a_problem() -> None:
    data = b'title: "a\nwebUrl: https://a.example/\n'
    assert isinstance(read_record(data, "a.yaml"), Problem)


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_whatever_are_read_without_an_exception(data: bytes) -> None:
    for name in ("a.md", "a.yaml", "a.html"):
        read_record(data, name)
        read_record(b"---\n" + data + b"\n---\n", name)
