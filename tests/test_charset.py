"""What stands for characters that a terminal of the C locale does not show."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from textual.color import Color

from reader.terminal.charset import ERRORS, ascii_cells, prepare_errors, shows_unicode
from reader.ui.ascii_lines import AsciiLines
from reader.ui.widgets.cells import width_of


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("plain", "plain"),
        ("café naïve e\u0301", "cafe naive e"),
        ("“a” – ‘b’…", "\"a\" - 'b'~"),
        ("漢字", "????"),
        ("ＡＢ", "A?B?"),
        ("┌─┐│ ▊", "+-+| #"),
        ("● ✓ ✗ → ·", "o + x > -"),
        ("½ € Ω", "1 ? ?"),
    ],
)
def test_what_is_drawn_in_ascii(text: str, drawn: str) -> None:
    assert ascii_cells(text) == drawn


@given(st.text(max_size=30))
def test_any_line_is_as_wide_in_ascii(text: str) -> None:
    (segment,) = AsciiLines().apply([Segment(text)], Color(0, 0, 0))
    assert segment.text.isascii()
    if text.isprintable():
        assert width_of(segment.text) == width_of(text)


@given(st.text(max_size=30))
def test_a_stream_takes_any_text(text: str) -> None:
    prepare_errors()
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors=ERRORS, newline="")
    stream.write(text)
    stream.flush()
    assert stream.buffer.getvalue().isascii()


@pytest.mark.parametrize(
    ("environ", "shown"),
    [
        ({"LANG": "C.UTF-8"}, True),
        ({"LANG": "C"}, False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, False),  # Python's own doing
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "POSIX"}, False),
        ({"LANG": "C", "LC_CTYPE": "en_GB.UTF-8"}, True),
    ],
)
def test_where_unicode_is_shown(
    environ: dict[str, str], shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("locale.getpreferredencoding", lambda _=False: "UTF-8")
    assert shows_unicode(environ) is shown
