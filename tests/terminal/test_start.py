"""Starting: what is on the screen, at which size, in which terminal, with which folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.corpus import heads
from tests.terminal.conftest import RECORDS, Start

NEWEST = [head.title[:16] for head in heads(RECORDS, 12)]
COLOUR = re.compile(rb"\x1b\[(?:[0-9]+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
def test_the_newest_records_are_listed_at_any_size(
    start: Start, collection: Path, size: tuple[int, int]
) -> None:
    terminal = start(collection, size=size)
    terminal.wait_for(re.compile(".*".join(map(re.escape, NEWEST)), re.DOTALL))
    terminal.wait_for(re.compile(rf"\b1 of {RECORDS}\b"))
    terminal.wait_for(re.compile(r"\?"))
    assert ("VIEWS" in terminal.text) == (size[0] >= 110)
    assert terminal.emulator.modes >= {1049}
    assert 25 in terminal.emulator.modes  # the cursor stands on the current row


def test_j_and_k_move_and_the_detail_follows(start: Start, collection: Path) -> None:
    terminal = start(collection)
    terminal.wait_for(re.compile(rf"\b1 of {RECORDS}\b"))
    for key, position in (("j", 2), ("j", 3), ("down", 4), ("k", 3), ("up", 2), ("G", RECORDS)):
        terminal.press(key)
        terminal.wait_for(re.compile(rf"\b{position} of {RECORDS}\b"))
    terminal.press("g")
    terminal.wait_for(re.compile(rf"\b1 of {RECORDS}\b"))
    newest, second = heads(RECORDS, 2)
    below = f"{second.provider[1]}/{second.published_at:%Y}"
    assert below != f"{newest.provider[1]}/{newest.published_at:%Y}"
    terminal.press("j")
    terminal.wait_for(below)


def test_a_new_size_is_followed(start: Start, collection: Path) -> None:
    terminal = start(collection, size=(120, 40))
    terminal.wait_for("VIEWS")
    terminal.resize(80, 24)
    terminal.wait_for(re.compile(rf"{re.escape(NEWEST[0])}.*\n.*{re.escape(NEWEST[1])}"))
    terminal.wait_quiet()
    assert "VIEWS" not in terminal.text
    terminal.resize(120, 40)
    terminal.wait_for("VIEWS")


def test_without_a_collection_the_sample_opens_and_says_so(start: Start) -> None:
    terminal = start()
    terminal.wait_for(re.compile(r"\b1 of \d\d\b"))
    terminal.wait_for("sample")
    terminal.wait_for("reader FOLDER")


def test_records_in_the_current_folder_are_opened(start: Start, collection: Path) -> None:
    terminal = start(cwd=collection)
    terminal.wait_for(NEWEST[0])


def test_a_single_file_is_a_collection_of_one(start: Start, collection: Path) -> None:
    file = next(iter(sorted(collection.rglob("*.md"))))
    start(file).wait_for(re.compile(r"\b1 of 1\b"))


def test_a_folder_that_does_not_exist_is_said_plainly(start: Start, empty: Path) -> None:
    terminal = start(empty / "nowhere")
    assert terminal.wait_exit() in (2, 3)
    assert "nowhere" in terminal.text.replace("\n", "").replace(" ", "")
    assert "Traceback" not in terminal.text
    assert 1049 not in terminal.emulator.modes


def test_an_empty_folder_says_what_to_do(start: Start, empty: Path) -> None:
    terminal = start(empty)
    terminal.wait_for("No records")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0


@pytest.mark.parametrize("term", ["linux", "vt100", "screen-256color", "no-such-terminal"])
def test_poor_terminals_will_do(start: Start, collection: Path, term: str) -> None:
    terminal = start(collection, term=term, env={"COLORTERM": ""})
    terminal.wait_for(NEWEST[0])
    terminal.press("j")
    terminal.wait_for(re.compile(rf"\b2 of {RECORDS}\b"))
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0


def test_no_color_means_no_colour(start: Start, collection: Path) -> None:
    coloured = start(collection)
    coloured.wait_for(NEWEST[0])
    assert COLOUR.search(coloured.output_bytes)
    terminal = start(collection, env={"NO_COLOR": "1", "COLORTERM": ""})
    terminal.wait_for(NEWEST[0])
    terminal.press("j")
    terminal.wait_for(re.compile(rf"\b2 of {RECORDS}\b"))
    tinted = {
        match[0]
        for match in re.finditer(rb"\x1b\[[0-9;]*m", terminal.output_bytes)
        if COLOUR.match(match[0]) and not _is_grey(match[0])
    }
    assert not tinted


def _is_grey(sequence: bytes) -> bool:
    """Whether a colour has no hue: greys are shades, which NO_COLOR leaves to programs."""
    exact = re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", sequence)
    of_palette = {int(number) for number in re.findall(rb"[34]8;5;(\d+)", sequence)}
    greys = {0, 7, 8, 15, 16, 59, 102, 145, 188, 231, *range(232, 256)}
    return (
        bool(exact or of_palette)
        and of_palette <= greys
        and all(len(set(colour)) == 1 for colour in exact)
    )
