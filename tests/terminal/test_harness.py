"""The harness itself: what it sees, answers, counts and clocks."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tests.terminal.emulator import Emulator
from tests.terminal.regions import bytes_by_region
from tests.terminal.terminal import FRAME_END, Terminal


def test_the_screen_holds_what_was_printed_and_queries_are_answered() -> None:
    emulator = Emulator(20, 3)
    assert emulator.feed(b"one\r\n\x1b[2;5Htwo\x1b[6n") == b"\x1b[2;8R"
    assert [line.rstrip() for line in emulator.lines] == ["one", "    two", ""]
    assert emulator.feed(b"\x1b[?2026$p") == b"\x1b[?2026;2$y"
    assert emulator.feed(b"\x1b[?9999$p") == b"\x1b[?9999;0$y"
    assert emulator.feed(b"\x1b[c").startswith(b"\x1b[?62;")


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pieces_of_any_size_give_the_same_screen(size: int) -> None:
    data = "ä\x1b]0;title\x07b\x1b[1;31mc\x1b[3b\x1b[?1049h\x1bP+q544e\x1b\\d".encode()
    emulator = Emulator(20, 2)
    for start in range(0, len(data), size):
        emulator.feed(data[start : start + size])
    assert emulator.lines[0].rstrip() == "äbccccd"
    assert 1049 in emulator.modes


def test_modes_and_keyboard_protocols_are_followed() -> None:
    emulator = Emulator(20, 2)
    emulator.feed(b"\x1b[?1049h\x1b[?25l\x1b[?1000;1006h\x1b[>1u")
    assert emulator.modes == {7, 1049, 1000, 1006}
    assert emulator.keyboard_depth == 1
    emulator.feed(b"\x1b[?1000;1006l\x1b[?25h\x1b[?1049l\x1b[<u")
    assert emulator.modes == {7, 25}
    assert emulator.keyboard_depth == 0


def test_bytes_are_counted_where_they_are_written() -> None:
    data = b"\x1b[?2026h\x1b[1;1Hab\x1b[2;9H\x1b[31mcd\x1b[0m"
    counts = bytes_by_region(data, lambda row, column: "right" if column >= 5 else "left")
    assert counts == {"": 8, "left": 6 + 2, "right": 6 + 5 + 2 + 4}
    assert counts.total() == len(data)


def test_a_program_is_driven_and_its_end_seen(tmp_path: Path) -> None:
    code = (
        "import os, sys, time\n"
        "print('at', os.getcwd(), 'as', os.environ['TERM'], os.get_terminal_size())\n"
        "name = input('name? ')\n"
        f"sys.stdout.write('hello ' + name + {FRAME_END.decode()!r}); sys.stdout.flush()\n"
        "time.sleep(0.3); sys.exit(7)"
    )
    command = [sys.executable, "-c", code]
    with Terminal(command, size=(150, 5), term="vt220", cwd=tmp_path) as terminal:
        terminal.wait_for("name?")
        assert f"at {tmp_path} as vt220" in terminal.text
        assert "columns=150, lines=5" in terminal.text
        output = terminal.begin()
        pressed = time.perf_counter()
        terminal.press("a", "b", "enter")
        seconds = terminal.wait_for("hello ab")
        assert 0 < seconds <= time.perf_counter() - pressed
        assert len(output.frame_ends) == 1
        assert output.seconds_to_frame(0.0) >= seconds
        assert output.seconds_to_frame(60.0) == output.seconds_to_last
        assert output.bytes > len("hello ab")
        assert terminal.wait_exit() == 7


def test_a_text_that_never_comes_is_an_error_with_the_screen() -> None:
    command = [sys.executable, "-c", "print('what there is')"]
    with Terminal(command) as terminal, pytest.raises(TimeoutError, match="what there is"):
        terminal.wait_for("what there is not")


def test_closing_ends_a_program_that_will_not() -> None:
    code = (
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('stays', flush=True)\ntime.sleep(60)"
    )
    with Terminal([sys.executable, "-c", code]) as terminal:
        terminal.wait_for("stays")
    assert terminal.exit_code == -9
