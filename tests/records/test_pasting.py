"""What is pasted does no harm, and means the same."""

from __future__ import annotations

import os
import subprocess
from urllib.parse import unquote

from hypothesis import given, settings
from hypothesis import strategies as st

from reader.records.pasting import path_to_paste, url_to_paste
from reader.records.text import clean

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def test_a_url() -> None:
    assert url_to_paste("https://a.example/café?q=%20") == "https://a.example/café?q=%20"
    assert (
        url_to_paste("https://a.example/\x1b[5m\n\u202eb")
        == "https://a.example/%1B[5m%0A%E2%80%AEb"
    )
    assert url_to_paste("a\udc80") == "a%3F"


def test_a_path() -> None:
    assert path_to_paste("/a/b c.md") == "/a/b c.md"
    assert path_to_paste("/a'\x1b\udcff.md") == "$'/a\\'\\x1b\\xff.md'"


@given(ANY)
def test_nothing_harmful_is_pasted(text: str) -> None:
    for pasted in (url_to_paste(text), path_to_paste(text)):
        assert pasted.isprintable()
        assert clean(pasted) == pasted or clean(pasted[:1]) != pasted[:1]
    assert unquote(url_to_paste(text.replace("%", "")), errors="strict") == text.replace("%", "")


@given(st.binary(min_size=1, max_size=20).filter(lambda name: b"\0" not in name))
@settings(max_examples=20, deadline=None)
def test_a_shell_reads_the_path_back(name: bytes) -> None:
    pasted = path_to_paste(os.fsdecode(name))
    if pasted.startswith("$'") and pasted != os.fsdecode(name):
        said = subprocess.run(
            ["bash", "-c", f"printf %s {pasted}"], capture_output=True, check=True
        ).stdout
        assert said == name
