"""What a typed line means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.plain.session import NO_SENSE
from reader.plain.words import ALIASES, OWN, Said, letter_of, understood
from reader.ui.commands import BY_ID, COMMANDS


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
        ("/ quality:>70 -AI", "plain.find", "quality:>70 -AI"),
        ("/radio", "plain.find", "radio"),
        ("-", "quality.down", ""),
        ("- 5", "quality.down", "5"),
        ("+5", "quality.up", "5"),
        ("* quality:<20", "mark.matching", "quality:<20"),
        (".", "repeat", ""),
        ("u", "undo", ""),
        ("U", "redo", ""),
        ("b", "trail.back", ""),
        ("f unpublished", "plain.views", "unpublished"),
        ("set title=A  b", "fields", "title=A b"),
        ("?", "help", ""),
        ("q", "leave", ""),
        ("mark all", "mark.all", ""),
        ("mark 3-7", "mark.toggle", "3-7"),
        ("y 2", "link.copy", "2"),
    ],
)
def test_a_line(line: str, id: str, rest: str) -> None:
    said = understood(line)
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
    said = understood(line)
    if line == "unp":  # the beginning of one word only
        assert isinstance(said, Said)
    else:
        assert isinstance(said, str)
        assert told in said


def test_every_command_of_the_registry_has_its_letter_and_its_id() -> None:
    taken: dict[str, str] = {}
    for command in COMMANDS:
        if command.id not in OWN:
            assert understood(command.id) == Said(command.id, "", command.id)
        letter = letter_of(command)
        own = letter in OWN or letter in ALIASES or letter == "/"  # b returns, f lists the views
        if letter and not own and not letter.isdigit() and command.id not in NO_SENSE:
            said = understood(letter)
            assert isinstance(said, Said)
            assert said.id == command.id, f"{letter} means {said.id}"
            assert taken.setdefault(letter, command.id) == command.id


def test_the_words_lead_somewhere() -> None:
    ids = {*BY_ID, *(id for id, _ in OWN.values())}
    assert set(ALIASES.values()) <= ids
    assert set(NO_SENSE) <= set(BY_ID)


@given(st.text(st.characters(), max_size=100))
def test_any_line_whatever(line: str) -> None:
    said = understood(line)
    assert isinstance(said, str | Said)
