"""Differences between two versions of a file: what is shown of them, and what never is."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from reader.ui.diff import MOST_CHARACTERS, MOST_LINES, diff_lines, wrapped
from reader.ui.widgets.pieces import Line

RECORD = b"---\ntitle: Tides\nquality: 56\nheat: -1\npublished: false\ntopics:\n  - Tides\n---\n"


def texts(lines: list[Line]) -> list[str]:
    return ["".join(piece.text for piece in line) for line in lines]


def roles(line: Line) -> set[str]:
    return {piece.role for piece in line}


def test_nothing_differs() -> None:
    assert diff_lines(RECORD, RECORD) == []


def test_one_line_with_its_surroundings() -> None:
    lines = diff_lines(RECORD, RECORD.replace(b"published: false", b"published: true"))
    assert texts(lines) == [
        "  line 3",
        "  quality: 56",
        "  heat: -1",
        "- published: false",
        "+ published: true",
        "  topics:",
        "    - Tides",
    ]
    assert [roles(line) for line in lines] == [
        {"pane--dim"}, {"pane--dim"}, {"pane--dim"}, {"pane--bad"}, {"pane--good"}, {"pane--dim"}, {"pane--dim"}
    ]  # fmt: skip
    stands_out = [piece.text for line in lines for piece in line if piece.style is not None]
    assert stands_out == ["fals", "tru"]


def test_places_far_apart_are_shown_apart() -> None:
    after = RECORD.replace(b"title: Tides", b"title: Ebb").replace(b"  - Tides", b"  - Ebb")
    assert texts(diff_lines(RECORD, after, context=1)) == [
        "  line 1", "  ---", "- title: Tides", "+ title: Ebb", "  quality: 56",
        "  line 6", "  topics:", "-   - Tides", "+   - Ebb", "  ---",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (b"", b"a\n", ["  line 1", "+ a"]),
        (b"a\n", b"", ["  line 1", "- a"]),
        (b"a\n", b"a", ["  line 1", "- a", "+ a  (no newline at the end)"]),
        (b"a\r\n", b"a\n", ["  line 1", "- a\\r", "+ a"]),
        (b"a  \n", b"a\n", ["  line 1", "- a\\x20\\x20", "+ a"]),
        (b"a  \r\n", b"a\r\n", ["  line 1", "- a\\x20\\x20\\r", "+ a\\r"]),
        (b"\xef\xbb\xbfa\n", b"a\n", ["  line 1", "- \\ufeffa", "+ a"]),
        (b"a\tb\n", b"a b\n", ["  line 1", "- a\\tb", "+ a b"]),
        ("a\u00a0b\n".encode(), b"a b\n", ["  line 1", "- a\\xa0b", "+ a b"]),
        ("a\u202eb\n".encode(), b"ab\n", ["  line 1", "- a\\u202eb", "+ ab"]),
        (b"\x1b[31m\n", b"\xff\n", ["  line 1", "- \\x1b[31m", "+ \\xff"]),
        (b"a\n", b"a\n\n", ["  line 1", "  a", "+ "]),
    ],
)
def test_what_is_invisible_is_spelled_out(before: bytes, after: bytes, shown: list[str]) -> None:
    assert texts(diff_lines(before, after)) == shown


SECRETS = [
    b"secured: SECRET;SECRET==\n",
    b'secured: "SECRET\n  SECRET\n\n  SECRET"\n',
    b'secured: "SECRET\nSECRET"\n',
    b"'secured': 'SECRET'\n",
    b"secured: >-\n  SECRET\n  SECRET\n",
    b"secured:\r\n  SECRET\r\n",
    b"related:\n  - secured: SECRET\n",
    b"{title: x, secured: SECRET}\n",
]


@pytest.mark.parametrize("secured", SECRETS)
def test_secured_is_never_shown(secured: bytes) -> None:
    other = secured.replace(b"SECRET", b"HIDDEN")
    for before, after in (
        (b"title: a\n" + secured + b"heat: 1\n", b"title: b\n" + other + b"heat: 2\n"),
        (b"\xef\xbb\xbf" + secured, b"\xef\xbb\xbfheat: 2\n" + other),
        (secured + b"heat: 1\n", secured + b"heat: 2\n"),
        (secured, b""),
    ):
        said = "\n".join(texts(diff_lines(before, after, context=9)))
        assert "(not shown)" in said
        assert "SECRET" not in said
        assert "HIDDEN" not in said
    lines = texts(diff_lines(secured + b"heat: 1\n", secured + b"heat: 2\n"))
    assert lines[-2:] == ["- heat: 1", "+ heat: 2"]


def test_a_plain_line_of_secured() -> None:
    lines = texts(diff_lines(b"secured: a;b\nheat: 1\n", b"secured: a;b\nheat: 2\n"))
    assert lines[1] == "  secured: (not shown)"


@given(st.binary(max_size=300), st.binary(max_size=300), st.integers(8, 60))
def test_any_bytes_are_shown_safely(before: bytes, after: bytes, width: int) -> None:
    lines = diff_lines(before, after)
    assert bool(lines) == (before != after)
    for line in wrapped(lines, width):
        text = "".join(piece.text for piece in line)
        assert cell_len(text) <= width
        assert not any(unicodedata.category(each) in ("Cc", "Cs", "Cf", "Zl") for each in text)


@given(st.lists(st.sampled_from([b"a\n", b"b\n", b"\n", b"c\r\n"]), max_size=30), st.data())
def test_the_signs_lead_from_one_file_to_the_other(lines: list[bytes], data: st.DataObject) -> None:
    other = data.draw(st.lists(st.sampled_from([b"a\n", b"b\n", b"\n", b"d\n"]), max_size=30))
    shown = [
        text for text in texts(diff_lines(b"".join(lines), b"".join(other), context=99))
        if not text.startswith("  line ")
    ]  # fmt: skip
    if lines != other:
        spelled = [line.decode().removesuffix("\n").replace("\r", "\\r") for line in lines]
        assert [text[2:] for text in shown if text[0] != "+"] == spelled
        spelled = [line.decode().removesuffix("\n") for line in other]
        assert [text[2:] for text in shown if text[0] != "-"] == spelled


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"x\n" * 500_000, b"y\n" * 500_000),
        (b"x\n" * 500_000, b"x\n" * 499_999),
        (b"x" * (1 << 20), b"x" * (1 << 19) + b"y" + b"x" * (1 << 19)),
        (b"\x1b" * (1 << 20), b"\x00\n" * (1 << 19)),
        (b" " * (1 << 20) + b"a", b" " * (1 << 20)),
        (b"secured: '" + b"a\n" * (1 << 19), b"secured: '" + b"b\n" * (1 << 19)),
        (b"a\n\n" * 66, b"b\n\n" * 66),
    ],
)
def test_large_files_are_quick_and_bounded(before: bytes, after: bytes) -> None:
    start = time.process_time()
    lines = wrapped(diff_lines(before, after), 80)
    assert time.process_time() - start < 5
    assert 0 < len(lines) < MOST_LINES * 2
    assert all(len("".join(p.text for p in line)) < 4 * MOST_CHARACTERS for line in lines)


def test_the_change_in_a_long_line_is_shown() -> None:
    long = b"word " * 2000
    lines = texts(diff_lines(long + b"old" + long, long + b"new" + long))
    assert "old" in lines[1]
    assert "new" in lines[2]
    assert lines[1].startswith("- (9,800 characters) word")
    assert lines[1].endswith(" characters)  (no newline at the end)")


def test_long_lines_are_broken_with_their_roles() -> None:
    lines = wrapped(diff_lines(b"a\n", b"0123456789" * 3 + b"\n"), 12)
    assert texts(lines) == ["  line 1", "- a", "+ 0123456789", "  0123456789", "  0123456789"]
    assert all(line[-1].role == "pane--good" for line in lines[2:])
    assert texts(wrapped(diff_lines(b"", "潮の満ち引き".encode()), 8))[1:3] == [
        "+ 潮の満",
        "  ち引き",
    ]
