"""The terminal goes, or a signal ends or stops the program: nothing decided is lost, nothing is said
that should not be, and the terminal is left as it was."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path

import pytest

from tests.terminal import processes
from tests.terminal.conftest import RECORDS, Start
from tests.terminal.emulator import Emulator
from tests.terminal.terminal import Terminal
from tests.terminal.test_leaving import SHELL

FIRST = re.compile(rf"\b1 of {RECORDS}\b")
DECIDED = re.compile(r" published│.* rejected│.* published│", re.DOTALL)


def decided(program: Path, isolated: dict[str, str], collection: Path) -> int:
    """How many records were decided, by the journal."""
    done = subprocess.run(
        [program, "log", "--json", "-C", collection],
        env=os.environ | isolated,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.count('"path"')


@pytest.mark.parametrize("output", ["stock", "lean"])
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_ends_it_as_a_key_would(
    program: Path,
    isolated: dict[str, str],
    collection: Path,
    tmp_path: Path,
    number: signal.Signals,
    output: str,
) -> None:
    # A command in the background has no terminal to read from, unless it is given one.
    script = f"exec 3<&0\n{SHELL}".replace('"$@"\n', '"$@" <&3 &\necho $! > pid\nwait $!\n', 1)
    command: list[str | Path] = ["sh", "-c", script, "sh", program, collection]
    env = isolated | {"READER_OUTPUT": output}
    with Terminal(command, env=env, cwd=tmp_path, keep_output=True) as terminal:
        terminal.wait_for(FIRST)
        terminal.wait_quiet()
        terminal.press("p", "d", "p")
        terminal.wait_for(DECIDED)
        os.kill(int((tmp_path / "pid").read_text()), number)
        terminal.wait_for("back in the shell")
        assert terminal.wait_exit() == 0
        assert terminal.emulator.modes == {7, 25}
        assert terminal.emulator.keyboard_depth == 0
        assert b"Traceback" not in terminal.output_bytes
    assert (tmp_path / "code").read_text() == f"{128 + number}\n"
    assert (tmp_path / "after").read_text() == (tmp_path / "before").read_text()
    assert decided(program, isolated, collection) == 3


@pytest.mark.parametrize("output", ["stock", "lean"])
def test_a_lost_line_loses_no_decision(
    program: Path, isolated: dict[str, str], collection: Path, tmp_path: Path, output: str
) -> None:
    """The other end of the terminal is closed while the program writes to it."""
    env = isolated | {"READER_OUTPUT": output, "READER_DEBUG": "1"}
    with Terminal([program, collection], env=env, cwd=tmp_path) as terminal:
        terminal.wait_for(FIRST)
        terminal.wait_quiet()
        terminal.press("p", "d", "p", "j")
        terminal.wait_for(DECIDED)
        terminal.hang_up()
        ended = terminal.wait_exit(15)
    assert ended == 128 + signal.SIGHUP
    assert decided(program, isolated, collection) == 3


@pytest.mark.parametrize("output", ["stock", "lean"])
def test_stopped_and_brought_back(
    isolated: dict[str, str], program: Path, collection: Path, tmp_path: Path, output: str
) -> None:
    """As Ctrl+Z and fg in a shell with job control, twice over."""
    env = isolated | {"PS1": "ready$ "}
    with Terminal(["bash", "--norc", "-i"], env=env, cwd=tmp_path, keep_output=True) as shell:
        shell.wait_for("ready$")
        shell.send(b"stty -g > before\n")
        shell.send(f"READER_OUTPUT={output} {program} {collection}\n".encode())
        shell.wait_for(FIRST)
        for position in (2, 3):
            shell.press("j")
            shell.wait_for(re.compile(rf"\b{position} of {RECORDS}\b"))
            shell.press("ctrl+z")
            shell.until(lambda: 1049 not in shell.emulator.modes)
            shell.wait_quiet()
            assert shell.emulator.modes <= {7, 25, 2004}
            shell.send(b"stty -g > stopped\nfg\n")
            shell.until(lambda: 1049 in shell.emulator.modes)
            shell.wait_for("VIEWS")  # all of the screen, and not only what changes next
            shell.wait_for(re.compile(rf"\b{position} of {RECORDS}\b"))
            shell.wait_quiet()
        shell.press("ctrl+q")
        # The driver drops what was typed ahead of the end, mouse reports among it: type at the prompt.
        shell.until(lambda: shell.output_bytes.endswith(b"ready$ "))
        shell.send(b"stty -g > after\nexit\n")
        assert shell.wait_exit() == 0
    before = (tmp_path / "before").read_text()
    assert (tmp_path / "stopped").read_text() == before
    assert (tmp_path / "after").read_text() == before


_KILLED = """
"$@"
printf '%s\\n' killed
"$@"
printf 'back in the shell\\n'
"""


@pytest.mark.parametrize("output", ["stock", "lean"])
def test_what_a_kill_leaves_is_cleared_by_the_next_start(
    isolated: dict[str, str], program: Path, collection: Path, tmp_path: Path, output: str
) -> None:
    """A shell that sets nothing right by itself: all modes are ended when one leaves again, and what
    only `reset` can mend is told."""
    env = isolated | {"READER_OUTPUT": output}
    command: list[str | Path] = ["sh", "-c", _KILLED, "sh", program, collection]
    with Terminal(command, env=env, cwd=tmp_path, keep_output=True) as terminal:
        terminal.wait_for(FIRST)
        terminal.press("j")
        terminal.wait_for(re.compile(rf"\b2 of {RECORDS}\b"))
        os.kill(processes.tree(terminal.pid)[1], signal.SIGKILL)
        terminal.until(lambda: b"killed" in terminal.output_bytes)
        assert {1000, 1049} <= terminal.emulator.modes
        after = terminal.output_bytes.index(b"killed")
        painted = f" of {RECORDS}".encode()  # again: the screen of the first one is there still
        terminal.until(lambda: painted in terminal.output_bytes[after:])
        terminal.press("ctrl+q")
        terminal.wait_for("back in the shell")
        assert terminal.wait_exit() == 0
        assert b"type reset, then press Ctrl+J" in terminal.output_bytes
        assert terminal.emulator.modes == {7, 25}


@pytest.mark.long
@pytest.mark.parametrize("output", ["stock", "lean"])
def test_a_storm_of_sizes_ends_well(start: Start, collection: Path, output: str) -> None:
    terminal = start(collection, env={"READER_OUTPUT": output})
    terminal.wait_for(FIRST)
    sizes = [(1, 1), (500, 200), (2, 40), (80, 1), (40, 12), (200, 60), (1, 1), (120, 40)]
    for columns, rows in sizes * 3:
        terminal.resize(columns, rows)
        terminal.press("j")
        terminal.pump(0.02)
    for columns, rows in ((1, 1), (500, 200), (120, 40)):
        terminal.resize(columns, rows)
        terminal.wait_quiet(0.3, first=2.0)
    terminal.wait_for("VIEWS")
    terminal.wait_for(re.compile(rf"\b\d+ of {RECORDS}\b"))
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert b"Traceback" not in terminal.output_bytes


@pytest.mark.long
def test_a_terminal_that_takes_nothing_holds_no_one_up(
    program: Path, isolated: dict[str, str], collection: Path
) -> None:
    """Output stands still (nobody reads): a signal ends it all the same, soon."""
    outer, inner = os.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    env = {
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        **isolated,
        "READER_OUTPUT": "lean",
    }
    process = subprocess.Popen(
        [program, collection],
        stdin=inner,
        stdout=inner,
        stderr=inner,
        env=env,
        start_new_session=True,
    )
    os.close(inner)
    emulator = Emulator(120, 40)
    while not FIRST.search("\n".join(emulator.lines)):
        os.write(outer, emulator.feed(os.read(outer, 65536)))
    for _ in range(100):
        os.write(outer, b"\x0c")  # the whole screen again
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    try:
        assert process.wait(20) == 128 + signal.SIGTERM
    finally:
        process.kill()
        os.close(outer)
