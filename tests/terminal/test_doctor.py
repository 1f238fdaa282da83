"""`reader doctor` in a terminal: what it answers, one that says nothing, and what is tried with the
user."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

from tests.terminal.conftest import RECORDS, Start
from tests.terminal.terminal import KEYS, Terminal


class Mute(Terminal):
    """A terminal that answers nothing, or everything too late."""

    late: bytes = b""

    def send(self, data: bytes) -> None:
        if data.startswith((b"\x1b[?", b"\x1bP", b"\x1b[>")) or data.endswith(b"R"):
            self.late += data
        else:
            super().send(data)


def test_what_the_terminal_answers_is_told(start: Start) -> None:
    terminal = start("doctor", env={"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"})
    terminal.wait_exit(30)
    assert re.search(r"answers +harness\(1\), whole frames, kitty's keys, after", terminal.text)
    assert "over SSH" in terminal.text
    assert "lean (the terminal is far away), nothing moves by itself" in terminal.text


def test_mosh_is_found_by_the_server_above(
    program: Path, isolated: dict[str, str], tmp_path: Path
) -> None:
    """A shell of that name stands in its place; inside tmux what is above it is not the connection."""
    server = tmp_path / "mosh-server"
    shutil.copy("/bin/sh", server)
    for env, found in (({}, "over mosh"), ({"TMUX": "/tmp/x,1,0"}, "on this machine, inside tmux")):
        command: list[str | Path] = [server, "-c", f"{program} doctor; true"]
        with Terminal(command, env=isolated | env, cwd=tmp_path) as terminal:
            terminal.wait_for(re.compile(rf"connection +{found}"))
            terminal.wait_exit(30)


def test_a_terminal_that_says_nothing_is_given_up_soon(
    program: Path, isolated: dict[str, str], tmp_path: Path
) -> None:
    command: list[str | Path] = ["sh", "-c", '"$1" doctor; stty -g > after; cat', "sh", program]
    with Mute(command, env=isolated, cwd=tmp_path) as terminal:
        terminal.wait_for(re.compile(r"answers +none within \d+ ms"))
        found = re.search(r"none within (\d+) ms", terminal.text)
        assert found
        assert 95 <= int(found[1]) < 1500  # a tenth of a second, on a machine that is busy
        terminal.wait_for(re.compile(r"watching .*"))


def test_the_interface_starts_at_once_where_nothing_is_answered(
    program: Path, isolated: dict[str, str], collection: Path
) -> None:
    """And what is answered much too late is not taken for keys."""
    env = isolated | {"READER_OUTPUT": "lean"}
    with Mute([program, collection], env=env, keep_output=True) as terminal:
        terminal.wait_for(re.compile(rf"\b1 of {RECORDS}\b"))
        terminal.press("j")
        terminal.wait_for(re.compile(rf"\b2 of {RECORDS}\b"))
        terminal.wait_quiet(2.5, first=3.0)  # the article is drawn in full, and read
        assert terminal.late
        before = terminal.text
        for at in range(0, len(terminal.late), 7):  # in pieces, as slow lines have it
            Terminal.send(terminal, terminal.late[at : at + 7])
            time.sleep(0.01)
        terminal.wait_quiet(0.5)
        assert terminal.text.split("\n")[1:-1] == before.split("\n")[1:-1]
        terminal.press("j")
        terminal.wait_for(re.compile(rf"\b3 of {RECORDS}\b"))
        terminal.press("ctrl+q")
        assert terminal.wait_exit(20) == 0


def test_what_is_tried_with_the_user(start: Start) -> None:
    terminal = start("doctor", "--ask", env={"COLORTERM": ""})
    for name, keys in (
        ("the down arrow", KEYS["down"]),
        ("Page Down", KEYS["pagedown"]),
        ("Home", KEYS["home"]),
        ("F6", "\x1b[18~"),  # another one
        ("Shift\\+Tab", "\r"),
    ):
        terminal.wait_for(re.compile(f"Press {name}"))
        terminal.send(keys.encode())
    terminal.wait_for("eight blocks")
    terminal.send(b"\n")
    terminal.wait_for("smooth band")
    terminal.send(b"n\n")
    terminal.wait_for("Paste here")
    terminal.send(b"something else\n")
    terminal.wait_for("can it be clicked")
    terminal.send(b"n\n")
    assert terminal.wait_exit() == 1
    text = terminal.text
    assert "the down arrow arrives" in text
    assert "! keys       F6 sends “Esc [18~”" in text
    assert "Shift+Tab: skipped" in text
    assert 'theme = "ansi"' in text
    assert "! clipboard  nothing arrived by the terminal" in text
    assert 'hyperlinks = "off"' in text


def test_asking_needs_a_terminal_and_can_be_stopped(start: Start) -> None:
    terminal = start("doctor", "--ask")
    terminal.wait_for("Press the down arrow")
    terminal.send(b"\x03")
    assert terminal.wait_exit() == 130
    assert "Traceback" not in terminal.text
