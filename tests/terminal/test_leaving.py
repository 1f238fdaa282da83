"""Leaving: the terminal is as it was before."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.corpus import write_collection
from tests.terminal.conftest import RECORDS
from tests.terminal.terminal import Terminal

SHELL = """
stty -g > before
"$@"
echo $? > code
stty -g > after
printf 'back in the shell\\n'
"""
"""The program is started by a shell, as users do: a terminal whose session ends is reset."""


@pytest.mark.parametrize(
    "keys", [("q",), ("j", "enter", "q", "q", "q"), ("ctrl+q",), ("?", "ctrl+q")]
)
def test_the_terminal_is_restored(
    program: Path, isolated: dict[str, str], collection: Path, tmp_path: Path, keys: tuple[str, ...]
) -> None:
    command: list[str | Path] = ["sh", "-c", SHELL, "sh", program, collection]
    with Terminal(command, env=isolated, cwd=tmp_path, keep_output=True) as terminal:
        terminal.wait_for(re.compile(rf"\b1 of {RECORDS}\b"))
        terminal.wait_quiet()
        assert 1049 in terminal.emulator.modes
        for key in keys:
            if (tmp_path / "code").exists():
                break  # `q` leaves panes first; how many it takes is not what is tested
            terminal.begin()
            terminal.press(key)
            terminal.wait_quiet(0.2, first=1.0)
        terminal.wait_for("back in the shell")
        assert terminal.wait_exit() == 0
        assert terminal.emulator.modes == {7, 25}
        assert terminal.emulator.keyboard_depth == 0
    assert (tmp_path / "code").read_text() == "0\n"
    assert (tmp_path / "after").read_text() == (tmp_path / "before").read_text()


@pytest.mark.parametrize("mouse", [True, False])
def test_the_mouse_is_the_terminals_where_the_settings_say_so(
    program: Path, isolated: dict[str, str], collection: Path, tmp_path: Path, mouse: bool
) -> None:
    env = isolated | {"READER_MOUSE": str(mouse).lower(), "READER_OUTPUT": "lean"}
    with Terminal([program, collection], env=env, cwd=tmp_path) as terminal:
        terminal.wait_for(re.compile(rf"\b1 of {RECORDS}\b"))
        terminal.wait_quiet()
        assert (1000 in terminal.emulator.modes) is mouse
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        assert terminal.emulator.modes == {7, 25}


def test_ctrl_q_quits_while_files_are_read(
    program: Path, isolated: dict[str, str], tmp_path: Path
) -> None:
    write_collection(tmp_path / "many", 3000)
    with Terminal([program, tmp_path / "many"], env=isolated, cwd=tmp_path) as terminal:
        terminal.wait_for("VIEWS")
        terminal.press("ctrl+q")
        assert terminal.wait_exit(5) == 0
        assert terminal.emulator.modes == {7, 25}
