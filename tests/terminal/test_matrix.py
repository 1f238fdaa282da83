"""Every terminal at every size: start, move, filter, decide, check links, quit, and it is left as it
was.

A sample of them by default, all with READER_MATRIX=all. In real tmux and screen, where installed, the
screen is looked at from outside.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path

import pytest

from tests.corpus import write_collection
from tests.link_site import ALLOW, Site
from tests.terminal.conftest import RECORDS
from tests.terminal.terminal import Terminal
from tests.terminal.test_leaving import SHELL

TERMS = ("xterm-256color", "xterm-kitty", "tmux-256color", "screen", "linux", "vt100", "dumb")
SIZES = ((40, 12), (80, 24), (120, 40), (200, 60))
_ALL = list(product(TERMS, (True, False), (True, False), SIZES, ("lean", "stock")))
"""TERM, whether with colours, whether with Unicode, the size, and which output."""
_WHOLE = os.environ.get("READER_MATRIX") == "all"
CELLS = _ALL if _WHOLE else _ALL[::23]  # a number that meets every value of each


@pytest.fixture
def linked(tmp_path: Path, site: Site) -> Path:
    """A folder of RECORDS records whose links all lead to a site of the test's own, where none of
    their pages is. It takes its time, so that how far a check is can be seen."""
    folder = tmp_path / "linked"
    write_collection(folder, RECORDS)
    site.delay = 0.25
    for file in folder.rglob("*.md"):
        file.write_text(re.sub('https://[^/"]+/', site.url("/gone/"), file.read_text()))
    return folder


def _name(cell: tuple[str, bool, bool, tuple[int, int], str]) -> str:
    term, colours, unicode, (columns, rows), output = cell
    parts = [term, "" if colours else "NO_COLOR", "" if unicode else "ASCII", output]
    return "-".join([*filter(None, parts), f"{columns}x{rows}"])


def test_the_sample_meets_every_value() -> None:
    for at in range(5):
        assert {cell[at] for cell in CELLS} == {cell[at] for cell in _ALL}


@pytest.mark.parametrize("cell", CELLS, ids=_name)
def test_a_session(
    program: Path,
    isolated: dict[str, str],
    linked: Path,
    tmp_path: Path,
    cell: tuple[str, bool, bool, tuple[int, int], str],
) -> None:
    term, colours, unicode, size, output = cell
    env = isolated | {
        "READER_LINKS_ALLOW": ALLOW,
        "LANG": "C.UTF-8" if unicode else "C",
        "LC_ALL": "C.UTF-8" if unicode else "C",
        "PYTHONUTF8": "1" if unicode else "0",
        "PYTHONCOERCECLOCALE": "0",
        "COLORTERM": "truecolor" if term.startswith("xterm") and colours else "",
        "READER_OUTPUT": output,
        "READER_HINTS": "false",
    }
    if not colours:
        env["NO_COLOR"] = "1"
    command: list[str | Path] = ["sh", "-c", SHELL, "sh", program, linked]
    with Terminal(
        command, env=env, cwd=tmp_path, size=size, term=term, keep_output=True
    ) as terminal:
        if term == "dumb":
            _lines(terminal)
        else:
            _screens(terminal)
        terminal.wait_for("back in the shell")
        assert terminal.wait_exit() == 0
        assert terminal.emulator.modes == {7, 25}
        assert terminal.emulator.keyboard_depth == 0
        assert b"Traceback" not in terminal.output_bytes
        if not unicode:
            assert not re.search("[│●✓✗◷▌…›]", terminal.output_bytes.decode())
    assert (tmp_path / "code").read_text() == "0\n"
    assert (tmp_path / "after").read_text() == (tmp_path / "before").read_text()


def _screens(terminal: Terminal) -> None:
    terminal.wait_for(re.compile(rf"\b1 of {RECORDS}\b"), 40)
    terminal.press("j", "j", "k")
    terminal.wait_for(re.compile(rf"\b2 of {RECORDS}\b"))
    terminal.press("/")
    terminal.wait_for(re.compile(r"^ ?/ ", re.MULTILINE))
    terminal.press(*"is:unpublished", "enter")
    terminal.wait_for(re.compile(rf"\b1 of (?!{RECORDS})\d+\b"))
    terminal.wait_quiet(0.3)  # a decision among many keys at once would be taken for pasted
    terminal.press("p")
    terminal.wait_for("Published: ")
    terminal.wait_for(re.compile(r"\b2 of \d+\b"))
    _check(terminal)
    terminal.press("ctrl+q")


def _check(terminal: Terminal) -> None:
    """Check the links of the record under the cursor: how far that is, the sum, and the verdict."""
    assert "!" not in terminal.lines[terminal.emulator.cursor[0]]
    terminal.press("L")
    terminal.wait_for(re.compile(r"\blinks \d+(?: of |/)\d+\b"))
    terminal.wait_for(re.compile(r"\bChecked: \d+ li"))
    gone = re.compile(r" !(?:[ |│]|$)")
    terminal.until(lambda: bool(gone.search(terminal.lines[terminal.emulator.cursor[0]])))


def _lines(terminal: Terminal) -> None:
    terminal.wait_for("records,", 40)
    terminal.wait_quiet(0.3)
    for line in ("j", "p"):
        terminal.send(f"{line}\r".encode())
        terminal.wait_quiet(0.3)
    terminal.send(b"check\r")
    terminal.wait_for("gone: http://127.0.0.1:")
    terminal.wait_for(re.compile(r"Checked: \d+ gone"))
    terminal.send(b"quit\r")


# -- in programs that are terminals themselves -------------------------------------------------------
@pytest.fixture
def tmux(tmp_path: Path) -> Callable[..., str]:
    """Run tmux on a server of the test's own; return what it prints."""
    path = shutil.which("tmux")
    if path is None:
        pytest.skip("tmux is not installed")

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [path, "-S", str(tmp_path / "socket"), "-f", os.devnull, *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={
                **os.environ,
                "LANG": "C.UTF-8",
                "LC_ALL": "C.UTF-8",
                "TERM": "xterm-256color",
                "COLUMNS": "77",
                "LINES": "22",
            },  # the terminal's own word counts
        )
        return done.stdout

    return run


def _wait(look: Callable[[], str], wanted: str, seconds: float = 40) -> str:
    end = time.monotonic() + seconds
    while not re.search(wanted, shown := look(), re.DOTALL):
        assert time.monotonic() < end, f"{wanted!r} is not there:\n{shown}"
        time.sleep(0.05)
    return shown


@pytest.mark.long
def test_in_tmux_both_outputs_show_the_same(
    tmux: Callable[..., str], program: Path, isolated: dict[str, str], collection: Path
) -> None:
    """Attributes and colours too (capture-pane -e), after each of some keys."""
    keys = ("j", "j", "C-d", "G", "g", "l", "j", "h", "?", "Escape", "w", "Escape", "Space", "v")
    try:
        for output in ("stock", "lean"):
            env = isolated | {
                "READER_STATE_DIR": f"{isolated['READER_STATE_DIR']}-{output}",
                "READER_CACHE_DIR": f"{isolated['READER_CACHE_DIR']}-{output}",
                "READER_OUTPUT": output,
                "READER_HINTS": "false",
            }
            settings = [f"{name}={value}" for name, value in env.items()]
            tmux("new-session", "-d", "-s", output, "-x", "120", "-y", "36", "env", *settings,
                 str(program), str(collection))  # fmt: skip
        for output in ("stock", "lean"):
            look = partial(tmux, "capture-pane", "-p", "-t", output)
            _wait(look, rf"1 of {RECORDS}.*publish")
        for key in ("", *keys):
            for output in ("stock", "lean") if key else ():
                tmux("send-keys", "-t", output, key)
            # An article counts as read two seconds later: both come to rest, at last.
            time.sleep(0.4)
            end = time.monotonic() + 15
            while (shown := [_look(tmux, each) for each in ("stock", "lean")])[0] != shown[1]:
                assert time.monotonic() < end, f"after {key!r} they differ: {_first(*shown)}"
                time.sleep(0.1)
            assert len(shown[0]) >= 36
    finally:
        tmux("kill-server")


_Cells = list[list[tuple[str, str]]]


def _look(tmux: Callable[..., str], session: str) -> _Cells:
    return _cells(tmux("capture-pane", "-p", "-e", "-N", "-t", session))


def _first(one: _Cells, other: _Cells) -> str:
    for y, (a, b) in enumerate(zip(one, other, strict=False)):
        for x, (c, d) in enumerate(zip(a, b, strict=False)):
            if c != d:
                return f"line {y}, column {x}: {c}, {d}"
    return "in length"


def _cells(captured: str) -> _Cells:
    """Each character with the colours it has, of a blank only the background; without the blanks at
    the ends of lines."""
    lines = []
    codes: dict[str, str] = {}  # what one line ends with, the next one begins with
    for line in captured.split("\n"):
        cells: list[tuple[str, str]] = []
        for sgr, character in re.findall(r"\x1b\[([0-9;]*)m|([^\x1b])", line):
            if character:
                pen = codes.get("bg", "") if character == " " else str(sorted(codes.items()))
                cells.append((character, pen))
                continue
            _take(codes, (sgr or "0").split(";"))
        while cells and cells[-1][0] == " ":  # tmux leaves out those that were erased
            cells.pop()
        lines.append(cells)
    return lines


def _take(codes: dict[str, str], parts: list[str]) -> None:
    while parts:
        code = parts.pop(0)
        if code in ("0", ""):
            codes.clear()
        elif code in ("38", "48"):
            count = 2 if parts and parts[0] == "5" else 4
            codes["fg" if code == "38" else "bg"] = ";".join([code, *parts[:count]])
            del parts[:count]
        elif code in ("39", "49"):
            codes.pop("fg" if code == "39" else "bg", None)
        elif code[0] in "3" or (len(code) == 2 and code[0] == "9"):
            codes["fg"] = code
        elif code[0] == "4" and len(code) == 2:
            codes["bg"] = code
        else:
            codes[code] = code


_INSIDE = [(size, "stock" if at % 2 else "lean") for at, size in enumerate(SIZES)]
"""Sizes and outputs in real tmux and screen: each size once, or with both outputs."""
if _WHOLE:
    _INSIDE = list(product(SIZES, ("lean", "stock")))
_SIZE_NAMES = [f"{columns}x{rows}-{output}" for (columns, rows), output in _INSIDE]


@pytest.mark.parametrize(("size", "output"), _INSIDE, ids=_SIZE_NAMES)
def test_in_tmux_it_works_and_the_terminal_is_restored(
    tmux: Callable[..., str],
    program: Path,
    isolated: dict[str, str],
    linked: Path,
    tmp_path: Path,
    size: tuple[int, int],
    output: str,
) -> None:
    settings = [f"{name}={value}" for name, value in isolated.items()]
    columns, rows = map(str, size)
    try:
        tmux("new-session", "-d", "-s", "a", "-x", columns, "-y", rows, "env", *settings, "PS1=ready$ ",
             f"READER_OUTPUT={output}", f"READER_LINKS_ALLOW={ALLOW}", "READER_HINTS=false", "sh")  # fmt: skip

        def look() -> str:
            return tmux("capture-pane", "-p", "-t", "a")

        def type_line(line: str) -> None:
            tmux("send-keys", "-t", "a", line, "Enter")

        _wait(look, r"ready\$")
        type_line(f"clear; stty -g > {tmp_path}/before; echo before it")
        before = _wait(look, r"\nready\$|^before it\nready\$")
        type_line(f"{program} {linked}; stty -g > {tmp_path}/after")
        _wait(look, rf"\b1 of {RECORDS}\b")
        for key, wanted in (("j", rf"\b2 of {RECORDS}\b"), ("n", " of "), ("p", "Published: "),
                            ("L", r"Checked: \d+ li")):  # fmt: skip
            tmux("send-keys", "-t", "a", key)
            _wait(look, wanted)
        tmux("send-keys", "-t", "a", "C-q")
        _wait(lambda: str((tmp_path / "after").exists()), "True")
        after = _wait(look, r"ready\$.*ready\$")
        assert after.startswith(before.rstrip().rsplit("\n", 1)[0])
    finally:
        tmux("kill-server")
    assert (tmp_path / "after").read_text() == (tmp_path / "before").read_text()


@pytest.mark.parametrize(("size", "output"), _INSIDE, ids=_SIZE_NAMES)
def test_in_screen_it_works_and_the_terminal_is_restored(
    program: Path,
    isolated: dict[str, str],
    linked: Path,
    tmp_path: Path,
    size: tuple[int, int],
    output: str,
) -> None:
    path = shutil.which("screen")
    if path is None:
        pytest.skip("screen is not installed")
    folder = tmp_path / "screens"
    folder.mkdir(mode=0o700)
    env = isolated | {
        "SCREENDIR": str(folder),
        "SHELL": "/bin/sh",
        "READER_OUTPUT": output,
        "READER_LINKS_ALLOW": ALLOW,
    }
    command = [path, "-U", "-c", os.devnull, "-T", "screen-256color", "sh", "-c", SHELL, "sh",
               str(program), str(linked)]  # fmt: skip
    with Terminal(command, env=env, cwd=tmp_path, size=size) as terminal:
        terminal.wait_for(re.compile(rf"\b1 of {RECORDS}\b"))
        for key, wanted in (("j", rf"\b2 of {RECORDS}\b"), ("n", " of "), ("p", "Published: "),
                            ("L", r"Checked: \d+ li")):  # fmt: skip
            terminal.press(key)
            terminal.wait_for(re.compile(wanted))
        terminal.press("ctrl+q")
        terminal.wait_exit(20)
    assert (tmp_path / "code").read_text() == "0\n"
    assert (tmp_path / "after").read_text() == (tmp_path / "before").read_text()
