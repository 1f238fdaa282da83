"""Drive a program in a pseudo-terminal, see its screen, and clock its output.

    with Terminal(["reader", "sample"], size=(80, 24)) as terminal:
        terminal.wait_for("VIEWS")
        terminal.press("j", "enter")
        terminal.wait_quiet()
        print(terminal.text)

Reading goes before parsing, so that a slow parse never falsifies a time stamp. Times are seconds
of `time.perf_counter`, or seconds since the last `begin` where a method returns a duration.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import select
import signal
import struct
import termios
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.terminal import processes
from tests.terminal.emulator import Emulator

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "space": " ",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    **{f"ctrl+{letter}": chr(ord(letter) & 31) for letter in "abcdefghijklmnopqrstuvwxyz"},
}
"""Keys by name, as an xterm sends them. A key that is one character needs no name."""

FRAME_END = b"\x1b[?2026l"
"""The end of a synchronized update: programs that know it send one for each frame."""
_CURSOR_KEY = re.compile(r"\x1b\[[A-DHF]")
_PIECE = 1024  # bytes parsed at a time, so that reading is never held up for long


@dataclass
class Output:
    """What came since `begin`: when the first and last byte came, how much, and when frames
    (synchronized updates) ended."""

    begun: float
    first: float | None = None
    last: float | None = None
    bytes: int = 0
    frame_ends: list[float] = field(default_factory=list)

    @property
    def seconds_to_last(self) -> float:
        """From `begin` to the last byte; 0 when nothing came."""
        return 0.0 if self.last is None else self.last - self.begun

    def seconds_to_frame(self, after: float) -> float:
        """From `begin` to the end of the first frame that ended `after` seconds or later.

        A program that does not mark its frames: to the last byte.
        """
        ends = (end - self.begun for end in self.frame_ends)
        return next((end for end in ends if end >= after), self.seconds_to_last)


class Terminal:
    """A program in a pseudo-terminal of `size` (columns, rows).

    The program sees only PATH, HOME and LANG of our environment, TERM, COLORTERM, and `env`.
    With `keep_output`, `output_bytes` holds all it has sent.
    """

    def __init__(
        self,
        argv: Sequence[str | os.PathLike[str]],
        *,
        size: tuple[int, int] = (120, 40),
        term: str = "xterm-256color",
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        keep_output: bool = False,
    ) -> None:
        self.emulator = Emulator(*size)
        self.exit_code: int | None = None
        self.output_bytes = bytearray()
        self._keep_output = keep_output
        self._unparsed: list[tuple[float, bytes]] = []
        self._parsed = 0  # pieces
        self._parsed_at = 0.0  # when the piece parsed last had been read
        self._ended = False  # nothing more can be read
        environment = {
            name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ
        }
        environment |= {"TERM": term, "COLORTERM": "truecolor", "READER_HINTS": "false"}
        environment |= dict(env or {})
        self._fd, inner = os.openpty()
        _set_size(inner, size)
        self.output = Output(time.perf_counter())
        self.pid = _spawn([os.fspath(part) for part in argv], self._fd, inner, environment, cwd)
        os.close(inner)
        os.set_blocking(self._fd, False)

    # -- what is to be seen ---------------------------------------------------------------
    @property
    def lines(self) -> list[str]:
        """The screen's rows, blanks at their ends kept."""
        return self.emulator.lines

    @property
    def text(self) -> str:
        """The screen's rows joined by line ends."""
        return "\n".join(self.emulator.lines)

    @property
    def resident_mib(self) -> float:
        """Resident memory of the program and its children, in MiB."""
        return processes.resident_mib(self.pid)

    # -- input ------------------------------------------------------------------------------
    def begin(self) -> Output:
        """Start a new count of output from now; return it (also in `output`)."""
        self.output = Output(time.perf_counter())
        return self.output

    def press(self, *keys: str) -> None:
        """Send keys, by a name in KEYS or as the character they are, in one write."""
        sequences = [KEYS[key] if len(key) > 1 else key for key in keys]
        if 1 in self.emulator.modes:  # the program wants the cursor keys in their other form
            sequences = [
                "\x1bO" + sequence[-1] if _CURSOR_KEY.fullmatch(sequence) else sequence
                for sequence in sequences
            ]
        self.send("".join(sequences).encode())

    def send(self, data: bytes) -> None:
        """Send bytes as if typed; a program that has ended gets none."""
        while data:
            try:
                data = data[os.write(self._fd, data) :]
            except BlockingIOError:
                self.pump(0.001)
            except OSError:
                return

    def resize(self, columns: int, rows: int) -> None:
        """Change the terminal's size, which the program is told by SIGWINCH."""
        self.emulator.resize(columns, rows)
        _set_size(self._fd, (columns, rows))

    # -- waiting ------------------------------------------------------------------------------
    def pump(self, timeout: float) -> None:
        """Read what has come, else parse a little, else wait at most `timeout` seconds."""
        wait = 0 if self._unparsed else timeout
        if not self._ended and select.select([self._fd], [], [], wait)[0]:
            self._read()
        elif self._unparsed:
            self._parse()
        elif self._ended:
            time.sleep(min(timeout, 0.01))

    def _parse(self) -> None:
        self._parsed_at, piece = self._unparsed.pop(0)
        self._parsed += 1
        self.send(self.emulator.feed(piece))

    def _read(self) -> None:
        try:
            data = os.read(self._fd, 65536)
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno != errno.EIO:  # EIO: no process has the terminal open any more
                raise
            data = b""
        if not data:
            self._ended = True
            return
        self._take(data, time.perf_counter())

    def _take(self, data: bytes, arrived: float) -> None:
        output = self.output
        output.first = output.first or arrived
        output.last = arrived
        output.bytes += len(data)
        output.frame_ends += [arrived] * data.count(FRAME_END)
        if self._keep_output:
            self.output_bytes += data
        self._unparsed += [
            (arrived, data[start : start + _PIECE]) for start in range(0, len(data), _PIECE)
        ]

    @property
    def _silent(self) -> bool:
        return self._ended and not self._unparsed

    def wait_for(self, wanted: str | re.Pattern[str], timeout: float = 40.0) -> float:
        """Wait until `wanted` (a text, or a pattern searched for) is on the screen.

        Returns the seconds from the last `begin` (at first: the start) to the arrival of the
        output that showed it, 0 when it was there already. Raises TimeoutError, with the screen.
        """
        pattern = re.compile(re.escape(wanted)) if isinstance(wanted, str) else wanted
        if pattern.search(self.text):
            return 0.0
        deadline = time.perf_counter() + timeout
        while time.perf_counter() < deadline and not self._silent:
            before = self._parsed
            self.pump(0.05)
            if self._parsed > before and pattern.search(self.text):
                return self._parsed_at - self.output.begun
        ended = " (the program has ended)" if self._ended else f" after {timeout:g} s"
        raise TimeoutError(f"{pattern.pattern!r} is not on the screen{ended}:\n{self.text}")

    def until(self, condition: Callable[[], bool], timeout: float = 40.0) -> None:
        """Take in output until a condition holds. Raises TimeoutError, with the screen."""
        deadline = time.perf_counter() + timeout
        while not condition():
            if time.perf_counter() > deadline:
                raise TimeoutError(f"it did not come true after {timeout:g} s:\n{self.text}")
            self.pump(0.05)

    def wait_quiet(self, quiet: float = 0.1, first: float = 1.0, timeout: float = 60.0) -> None:
        """Wait until nothing has come for `quiet` seconds, or nothing at all for `first`."""
        deadline = time.perf_counter() + timeout
        while not self._silent:
            last = self.output.last
            due = self.output.begun + max(first, quiet) if last is None else last + quiet
            left = min(due, deadline) - time.perf_counter()
            if left <= 0 and not self._unparsed:
                return
            self.pump(max(0.0, left))

    def wait_exit(self, timeout: float = 30.0) -> int:
        """Wait for the program's end; return its exit code, or minus the signal that ended it.

        Raises TimeoutError, with the screen.
        """
        deadline = time.perf_counter() + timeout
        while not self._reap() or not self._silent:
            if time.perf_counter() > deadline:
                raise TimeoutError(f"still running after {timeout:g} s:\n{self.text}")
            self.pump(0.01)
        assert self.exit_code is not None
        return self.exit_code

    def _reap(self) -> bool:
        if self.exit_code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.exit_code = os.waitstatus_to_exitcode(status)
        return self.exit_code is not None

    def hang_up(self) -> None:
        """Close our end, as a connection that is lost does."""
        os.close(self._fd)
        self._fd = -1
        self._ended = True
        self._unparsed.clear()

    # -- the end ------------------------------------------------------------------------------
    def close(self) -> None:
        """End the program, if it still runs, and the processes it started."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self._reap():
                break
            started = processes.tree(self.pid)
            _signal_group(self.pid, number)
            deadline = time.perf_counter() + 2.0
            while not self._reap() and time.perf_counter() < deadline:
                self.pump(0.01)
            for pid in started[1:]:
                if _session(pid) == self.pid:
                    _signal(pid, signal.SIGKILL)
        if self._fd >= 0:
            os.close(self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _spawn(
    argv: list[str], outer: int, inner: int, environment: dict[str, str], cwd: Path | None
) -> int:
    with warnings.catch_warnings():
        # Python 3.12 warns of a fork in a process with threads; the child only calls exec.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid:
        return pid
    try:
        os.close(outer)
        os.login_tty(inner)  # a session of its own: its process group is its pid
        if cwd:
            os.chdir(cwd)
        os.execvpe(argv[0], argv, environment)
    except BaseException as error:
        os.write(2, f"cannot start {argv[0]}: {error}\n".encode())
    os._exit(127)


def _set_size(fd: int, size: tuple[int, int]) -> None:
    columns, rows = size
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def _signal_group(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None
