"""The bounds kept before a parser composes anything: none missed, none imagined."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.records.front_matter import parse
from reader.records.record import Problem
from reader.records.yaml_bounds import MAX_DEPTH, exceeded

OPENERS = st.sampled_from(
    ["[", "{", "- ", "? ", "a: ", "[? ", "{a: ", "[a: ", "\n", "\r", "\r\n", "\x85", "\u2028", " ", "&x "]
)  # fmt: skip


def depth_of(text: bytes) -> int:
    """How deep the events of a text nest before it ends or is found malformed."""
    deepest = depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                deepest = max(deepest, depth)
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError:
        pass
    return deepest


@given(st.lists(st.tuples(st.lists(OPENERS, max_size=4), st.integers(1, 60)), max_size=5))
@settings(max_examples=300, deadline=None)
def test_too_deep_is_said_exactly_where_the_parser_nests_too_deep(
    parts: list[tuple[list[str], int]],
) -> None:
    text = "".join("".join(pieces) * times for pieces, times in parts).encode()
    problem = exceeded(text, 2)
    assert (problem is not None) == (depth_of(text) > MAX_DEPTH)


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\x85", "\u2028"])
@pytest.mark.parametrize(("levels", "allowed"), [(99, True), (130, False)])
def test_indentation_counts_after_every_kind_of_line_break(
    line_break: str, levels: int, allowed: bool
) -> None:
    text = "".join(" " * level + "a:" + line_break for level in range(levels))
    assert (exceeded(text.encode(), 2) is None) is allowed


def test_a_hundred_levels_are_read_and_one_more_is_not() -> None:
    assert isinstance(parse(("a: " + "[" * 99 + "]" * 99).encode()), dict)
    assert isinstance(parse(("a: " + "[" * 100 + "]" * 100).encode()), Problem)


@pytest.mark.parametrize(
    "text",
    [
        "# a comment\n" + "".join(f"%TAG !a{n}! tag:x,2000:\n" for n in range(20_000)),
        "a: 1" + ":00" * 300_000,
        "a: !!int 1" + ":00" * 300_000,
        "a: 0x" + "f" * 900_000,
        "a: " + "9" * 900_000,
        "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 130)),
        "? " + "[" * 95 + "]" * 95 + "\n: b",
        "a: !!set {" + "".join(f"{n}, " for n in range(5000)) + "}",
    ],
)
def test_what_would_take_long_is_answered(text: str) -> None:
    """In a process of its own, because a hang could not be ended here; ten seconds are plenty."""
    code = (
        "import sys; from reader.records.front_matter import parse\n"
        "print(type(parse(sys.stdin.buffer.read())).__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=text.encode(), capture_output=True, timeout=10
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().strip() in ("dict", "Problem")


def test_aliases_are_counted_apart_from_what_is_written() -> None:
    many = "a: &a [b]\nc: *a\nd:\n" + "- e\n" * 15_000
    assert isinstance(parse(many.encode()), dict)
    text = "a: &a [" + "b," * 999 + "]\nc: [" + "*a," * 11 + "]"
    problem = parse(text.encode())
    assert isinstance(problem, Problem)
    assert "aliases expand" in problem.reason


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a: 2020-13-45\n<<: {b: 1}", {"a": "2020-13-45", "b": 1}),
        ("a: 2020-13-45\nb: !!str 5", {"a": "2020-13-45", "b": "5"}),
        ("a: <<\nb: =", {"a": "<<", "b": "="}),
        ("a: 1:1:1:1" + ":1" * 200 + ".5", {"a": "1:1:1:1" + ":1" * 200 + ".5"}),
        ("x: &x {a: 1}\ny: {<<: *x, b: 2}", {"x": {"a": 1}, "y": {"a": 1, "b": 2}}),
        ("", {}),
        ("# only a comment", {}),
    ],
)
def test_values_where_the_loader_raises_or_merges(text: str, values: dict[str, Any]) -> None:
    assert parse(text.encode()) == values


def test_the_line_of_a_value_that_does_not_fit_its_tag() -> None:
    assert parse(b"a: 1\nb: !!int ''", 2) == Problem(
        "a value does not fit its tag (such as !!int or !!timestamp)", 3
    )


def test_the_pure_parser_reads_the_same_where_libyaml_is_missing() -> None:
    code = (
        "import sys; sys.modules['yaml._yaml'] = None\n"
        "from reader.records.front_matter import parse, parser_name\n"
        "print(parser_name())\n"
        "print(parse(b'a: [1, yes, 2020-13-45, \"x\"]\\nb: {c: ~}\\n<<: {d: 1.5}'))\n"
        "for text in (b'[' * 50_000, b'- ' * 50_000, b'? ' * 50_000, b'a: \"b', b'a: b: c'):\n"
        "    print(parse(text).reason)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    name, values, *reasons = done.stdout.splitlines()
    assert name == "pure Python"
    assert values == "{'d': 1.5, 'a': [1, True, '2020-13-45', 'x'], 'b': {'c': None}}"
    assert [reason.split(":")[0] for reason in reasons] == [
        *["lists or mappings are nested over 100 deep"] * 3,
        "a quotation mark is never closed",
        "a colon stands where no field can begin",
    ]
