"""The line mode as a whole: its start, its help, every command, reading only."""

from __future__ import annotations

from pathlib import Path

from reader.config import Config, load
from reader.library.rules import Rules
from reader.plain.console import PAGE_LINES
from reader.plain.words import NOT_HERE, OWN, Words
from reader.ui.commands import COMMANDS

from .conftest import Lines, text_of


def test_the_start_says_where_one_is(lines: Lines) -> None:
    assert lines() == [
        "feed: 4 records, 3 unpublished.",
        "1. unpublished, 4 days, quality 80: Alpha",
    ]


def test_reading_only(lines: Lines, feed: Path) -> None:
    said = lines("p", "mark all", "p", "e", rules=Rules(False, "--read-only"))
    assert said.count("Decisions are off (--read-only).") == 4
    assert "published: false" in text_of(feed, "alpha")


def test_every_command_is_answered_with_a_sentence(lines: Lines) -> None:
    for command in COMMANDS:
        if command.id.startswith("check"):
            continue  # below: nothing is asked of a network here
        said = lines(command.id)
        if command.id not in ("leave", "quit"):
            assert len(said) > 2, f"{command.id} says nothing"
        assert not any("Traceback" in each or "object has no attribute" in each for each in said)
        if command.id in NOT_HERE and command.id not in OWN:
            assert said[2] == Words().help_of(command.id)


def test_help_names_every_command(lines: Lines) -> None:
    said = "\n".join(lines("help"))
    for command in COMMANDS:
        if command.id not in NOT_HERE and not command.id.startswith(("move.half", "move.page")):
            assert command.label.removesuffix(" …") in said
    assert lines("help p")[-1].startswith("p, publish: ")
    assert lines("help nonsense")[-1].startswith("There is no command")


def test_help_begins_with_what_one_cannot_do_without(lines: Lines) -> None:
    said = lines("help")[2:]
    first = [each.partition(":")[0].partition(",")[0] for each in said[1:PAGE_LINES]]
    assert first == ["open", "list", "j", "n", "p", "d", "z", "u", "q"]


def test_help_is_true_of_lines(lines: Lines) -> None:
    said = lines("help")[2:]
    text = "\n".join(said)
    for word in ("Esc", "Tab", "cursor", "row", "sidebar", "clipboard", "Space", "keys"):
        assert word not in text, f"{word} is of the screen"
    assert "/, filter: Only what a query asks for" in text
    assert "v, mark range: Mark those with these numbers: v 3-7." in text
    assert "way back: Return the way you came" in text
    named = [name for each in said[1:-1] for name in each.partition(": ")[0].split(", ")]
    assert len(named) == len(set(named)), "a name is listed twice"
    for each in said[1:-1]:
        names, _, told = each.partition(": ")
        for name in names.split(", "):
            assert lines(f"help {name}")[-1].endswith(f": {told}"), f"help {name} says otherwise"
    assert "v 3-7" in lines("help v")[-1]


def test_an_empty_folder(lines: Lines, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    said = lines("j", "p", "show", "list", "mark", "n", "1", "topics", "u", folder=empty)
    assert said[0] == "empty: 0 records, 0 unpublished."
    assert len(said) > 9


def test_lines_too_long_and_bytes_that_are_no_text(lines: Lines) -> None:
    said = lines("x" * 100_000, "\udcff\udcfe", "where")
    assert said[2].startswith("There is no command")
    assert said[3].startswith("There is no command")
    assert said[4] == "All: 4 records."


def chosen(lines: Lines, text: str) -> Config:
    lines.settings.write_text(text)
    return load(lines.settings, (), {})


def test_keys_of_ones_own_and_macros(lines: Lines, feed: Path) -> None:
    own = '[keys]\n"decide.publish" = "k"\n"edit" = "V"\n[macros]\n"m" = ["star.toggle", "move.down"]\n'
    said = lines("k", "m", "help m", "help k", chosen=chosen(lines, own))
    assert said[2] == "1 published."
    assert said[4] == "Starred."
    assert said[-2] == "m: star.toggle, move.down"
    assert said[-1].startswith("k, publish: ")
    assert "published: true" in text_of(feed, "alpha")


def test_lines_are_broken_between_words(lines: Lines) -> None:
    settings = chosen(lines, "plain_wrap = 20\n")
    said = lines("show", chosen=settings)
    assert all(len(each) <= 20 or " " not in each for each in said)
    assert any(len(each) > 20 for each in said), "a link is broken"
    said = lines("wrap", "wrap 25", "where", "wrap 0", "wrap x", "where", chosen=settings)
    text = "\n".join(said)
    assert "Lines are broken\nafter 20 columns." in text
    assert "Lines are broken after 25\ncolumns." in text
    assert "Lines are broken by the terminal." in said
    assert said[-3] == "Say after how many columns: a whole number from 0 to 500."
