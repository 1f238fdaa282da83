"""What first frames are drawn on: kept whole, few, and nothing but what a terminal may be sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.config import Config, table
from reader.terminal.surroundings import look_around
from reader.ui.grounds import FILE, Ground, keep_ground, key_of, read_ground
from reader.ui.output.pens import Pen

PEN = Pen(1, "38;2;1;2;3", "48;5;17")
GROUND = Ground(
    (27, 1, 50, 28),
    {("", ""): PEN, ("pane--dim", "pane--cursor"): Pen(2)},
    (((" " * 26, PEN), ("│", Pen()), (" " * 10, PEN)),),
)


def test_a_ground_is_found_as_it_was_kept(tmp_path: Path) -> None:
    assert read_ground(tmp_path, "a") is None
    keep_ground(tmp_path, "a", GROUND)
    assert read_ground(tmp_path, "a") == GROUND
    assert read_ground(tmp_path, "b") is None


def test_so_many_are_kept_and_the_oldest_goes(tmp_path: Path) -> None:
    for number in range(20):
        keep_ground(tmp_path, f"{number}", GROUND)
        keep_ground(tmp_path, "kept", GROUND)
    known = [number for number in range(20) if read_ground(tmp_path, f"{number}")]
    assert known == list(range(5, 20))
    assert read_ground(tmp_path, "kept") == GROUND
    assert [each.name for each in tmp_path.iterdir()] == [FILE]


def test_without_a_folder_nothing_is_kept_and_nothing_fails(tmp_path: Path) -> None:
    keep_ground(tmp_path / "gone", "a", GROUND)
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize(
    ("where", "what"),
    [
        (("pens", 0), [1, "0m\x1b]0;title\x07", ""]),
        (("pens", 0), [1, "", "48;2;1;2;3m"]),
        (("pens", 0), [1, None, ""]),
        (("pens", 0), ["bold", "", ""]),
        (("lines", 0, 0, 1), "\x1b"),
        (("lines", 0, 0, 1), "two"),
        (("lines", 0, 0, 2), 99),
        (("roles", 0), ["", ""]),
        (("place",), [1, 2, 3]),
        (("place",), "here"),
        ((), None),
        ((), []),
    ],
)
def test_what_is_no_ground_is_not_drawn(tmp_path: Path, where: tuple[Any, ...], what: Any) -> None:
    keep_ground(tmp_path, "a", GROUND)
    known = json.loads((tmp_path / FILE).read_text())
    inside: Any = known
    *way, last = ("a", *where)
    for step in way:
        inside = inside[step]
    inside[last] = what
    (tmp_path / FILE).write_text(json.dumps(known))
    assert read_ground(tmp_path, "a") is None
    keep_ground(tmp_path, "a", GROUND)
    assert read_ground(tmp_path, "a") == GROUND


@given(data=st.binary(max_size=200))
def test_any_file_is_read_without_an_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    folder = tmp_path_factory.mktemp("grounds")
    (folder / FILE).write_bytes(data)
    assert read_ground(folder, "a") is None
    keep_ground(folder, "a", GROUND)
    assert read_ground(folder, "a") == GROUND


def test_its_name_is_of_all_it_depends_on(monkeypatch: pytest.MonkeyPatch) -> None:
    settings, around = Config(), look_around()
    light = settings.changed(table.THEME, "reader-light", "--setting")
    names = {
        key_of(settings, around, (80, 24)),
        key_of(settings, around, (80, 25)),
        key_of(light, around, (80, 24)),
    }
    monkeypatch.setenv("NO_COLOR", "1")
    names.add(key_of(settings, around, (80, 24)))
    monkeypatch.delenv("NO_COLOR")
    names.add(key_of(settings, look_around({"SSH_TTY": "x"}), (80, 24)))
    assert len(names) == 5
    monkeypatch.setenv("WINDOWID", "7")  # which has nothing to do with it
    assert key_of(settings, around, (80, 24)) in names
