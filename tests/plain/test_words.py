"""What a typed line means."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.config import load
from reader.plain.words import ALIASES, HELP, NOT_HERE, OWN, Said, Words
from reader.ui.commands import BY_ID, COMMANDS
from reader.ui.keymap import keymap


@pytest.mark.parametrize(
    ("line", "id", "rest"),
    [
        ("", "open", ""),
        ("p", "decide.publish", ""),
        ("P", "decide.unpublish", ""),
        ("publish", "decide.publish", ""),
        ("PUBLISH", "decide.publish", ""),
        ("decide.publish", "decide.publish", ""),
        ("pub", "decide.publish", ""),
        ("z 3w", "decide.defer", "3w"),
        ("defer 1 dec 14:30", "decide.defer", "1 dec 14:30"),
        ("next", "move.next_unpublished", ""),
        ("next unpublished", "move.next_unpublished", ""),
        ("n", "move.next_unpublished", ""),
        ("j", "move.down", ""),
        ("12", "related.open", "12"),
        ("/ quality:>70 -AI", "filter", "quality:>70 -AI"),
        ("/radio", "filter", "radio"),
        ("-", "quality.down", ""),
        ("- 5", "quality.down", "5"),
        ("+5", "quality.up", "5"),
        ("* quality:<20", "mark.matching", "quality:<20"),
        (".", "repeat", ""),
        ("u", "undo", ""),
        ("U", "redo", ""),
        ("b Good  ones", "view.save", "Good ones"),
        ("back", "back", ""),
        ("way back", "trail.back", ""),
        ("g 3", "view.open", "3"),
        ("g v", "mark.again", ""),
        (": publish", "decide.publish", ""),
        ("!jq  .title", "pipe", "jq  .title"),
        ("K gone", "links", "gone"),
        ("checked gone", "plain.checked", "gone"),
        ("rename view A=B", "plain.rename_view", "A=B"),
        ("copy title", "copy.menu", "title"),
        ("f unpublished", "views", "unpublished"),
        ("set title=A  b", "fields", "title=A b"),
        ("?", "help", ""),
        ("q", "leave", ""),
        ("mark all", "mark.all", ""),
        ("mark 3-7", "mark.toggle", "3-7"),
        ("y 2", "link.copy", "2"),
    ],
)
def test_a_line(line: str, id: str, rest: str) -> None:
    said = Words().understood(line)
    assert isinstance(said, Said)
    assert (said.id, said.rest) == (id, rest)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("publsh", "Did you mean publish?"),
        ("unp", "unpublish"),
        ("xyzzy", "There is no command “xyzzy”."),
        ("re", "There is no command"),  # too short to decide anything
        ("\x1b[31m", "There is no command"),
    ],
)
def test_a_line_that_means_nothing(line: str, told: str) -> None:
    said = Words().understood(line)
    if line == "unp":  # the beginning of one word only
        assert isinstance(said, Said)
    else:
        assert isinstance(said, str)
        assert told in said


def test_every_command_is_meant_by_its_letter_and_its_id() -> None:
    words = Words()
    for command in COMMANDS:
        if command.id not in OWN:
            assert words.understood(command.id) == Said(command.id, "", command.id)
        letter = words.letter_of(command.id)
        if letter and command.id != "view.open":
            assert words.understood(letter) == Said(command.id, "", letter)


def test_the_words_lead_somewhere() -> None:
    ids = {*BY_ID, *(f"plain.{word.replace(' ', '_')}" for word in OWN)}
    assert set(ALIASES.values()) <= ids
    assert set(NOT_HERE) <= set(BY_ID)
    assert set(HELP) <= set(BY_ID)
    for id in ids:  # each name in braces is one of a command, but for those of a program's words
        assert set(re.findall(r"\{([^}]*)\}", Words().help_of(id))) <= {"path", "url"}


def words_with(tmp_path: Path, settings: str) -> Words:
    file = tmp_path / "config.toml"
    file.write_text(settings)
    return Words(keymap(load(file, (), {})))


def test_letters_are_those_of_the_settings(tmp_path: Path) -> None:
    words = words_with(
        tmp_path,
        """[keys]
"decide.publish" = ["k", "f6"]
"decide.reject" = "d d"
"views" = "V"
"raw" = ""
[macros]
"m" = ["star.toggle", "move.down"]
""",
    )
    assert words.understood("k") == Said("decide.publish", "", "k")
    assert words.understood("up") == Said("move.up", "", "up")
    assert words.letter_of("move.up") == ""
    assert words.understood("d d") == Said("decide.reject", "", "d d")
    assert words.understood("V unread") == Said("views", "unread", "V")
    assert words.understood("mark all") == Said("mark.all", "", "mark all")
    assert words.letter_of("raw") == ""
    assert isinstance(words.understood("w"), str)
    assert words.understood("m") == Said("macro", "m", "m")
    assert "V 2 or V unpublished" in words.help_of("views")
    assert words.name_of("move.up") == "up"


def test_letters_of_presets_and_those_that_are_left_free(tmp_path: Path) -> None:
    words = words_with(tmp_path, 'keys.preset = "newsboat"\n')
    assert words.understood("A") == Said("decide.publish", "", "A")
    assert words.understood("p") == Said("move.previous_unpublished", "", "p")
    words = words_with(tmp_path, 'keys.preset = "emacs"\n')
    assert words.understood("j") == Said("move.down", "", "j")  # Ctrl+N cannot be typed here


@given(st.text(st.characters(), max_size=100))
def test_any_line_whatever(line: str) -> None:
    said = Words().understood(line)
    assert isinstance(said, str | Said)
