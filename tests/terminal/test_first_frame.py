"""The first frame: the list, before the toolkit is loaded, as the toolkit draws it afterwards."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from pyte.screens import Char

from reader.ui.grounds import FILE
from tests.corpus import Generator, heads, write_collection
from tests.terminal import processes
from tests.terminal.conftest import RECORDS, Start, surroundings
from tests.terminal.emulator import Emulator
from tests.terminal.terminal import Terminal

NEWEST = [head.title[:10] for head in heads(RECORDS, 5)]
WHOLE = re.compile(rf"\b1 of {RECORDS}\b")
TAKEN = b"\x1b[?1000h"
"""What the toolkit sends first."""
TERMINALS = {
    "exact": {},
    "of 256": {"COLORTERM": ""},
    "no colour": {"NO_COLOR": "1"},
    "screen": {"TERM": "screen-256color", "COLORTERM": ""},
    "far": {"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 2", "COLORTERM": ""},
    "light": {"READER_THEME": "reader-light"},
    "two lines": {"READER_LIST_LINES": "2"},
    "console": {"TERM": "linux", "COLORTERM": ""},
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A home and a collection that the program has shown there."""
    folder = tmp_path_factory.mktemp("shown")
    env = surroundings(folder / "home")
    write_collection(folder / "articles", RECORDS)
    program = Path(sys.executable).parent / "reader"
    with Terminal([program, folder / "articles"], env=env, cwd=folder) as terminal:
        _wait_kept(terminal, env)
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    return folder / "home", folder / "articles"


@pytest.fixture
def shown_before(shown: tuple[Path, Path], isolated: dict[str, str]) -> Path:
    """A collection that the program has shown before; the ground of that is in the cache."""
    home, collection = shown
    shutil.copytree(home, isolated["HOME"], dirs_exist_ok=True)
    return collection


def _looks(cell: Char) -> tuple[object, ...]:
    if cell.data == " ":
        return " ", cell.bg, cell.reverse, cell.underscore
    return cell.data, cell.fg, cell.bg, cell.bold, cell.italics, cell.reverse, cell.underscore


def _first_frame(terminal: Terminal, size: tuple[int, int]) -> Emulator:
    """Return what the terminal showed before the toolkit took it."""
    before, _, rest = bytes(terminal.output_bytes).partition(TAKEN)
    assert rest
    emulator = Emulator(*size)
    emulator.feed(before)
    return emulator


SIZES = dict.fromkeys(TERMINALS, (80, 24)) | {"exact": (200, 50), "far": (60, 20)}


@pytest.mark.parametrize(("kind", "size"), SIZES.items())
def test_it_is_the_list_as_the_toolkit_draws_it(
    start: Start,
    program: Path,
    isolated: dict[str, str],
    collection: Path,
    size: tuple[int, int],
    kind: str,
) -> None:
    env = TERMINALS[kind]
    # The newest one counts as read, or its mark would go meanwhile.
    newest, _ = Generator(RECORDS).record(0)
    subprocess.run([program, "read", newest, "-C", collection], env=isolated, check=True)
    terminal = start(collection, size=size, env=env)
    terminal.wait_for(WHOLE)
    terminal.wait_for("?")
    _wait_kept(terminal, isolated)
    assert _first_frame(terminal, size).lines[0].strip() == ""  # nothing was known for one

    terminal = start("--fresh", collection, size=size, env=env)
    terminal.wait_for(WHOLE)
    terminal.wait_quiet()
    emulator, frame = terminal.emulator, _first_frame(terminal, size)
    assert all(title in "\n".join(frame.lines) for title in NEWEST)
    left = min(line.index(NEWEST[0]) for line in frame.lines if NEWEST[0] in line)
    top = next(y for y, line in enumerate(frame.lines) if "ARTICLES" in line)
    for y in range(top, size[1] - 1):
        for x in range(left - 12 if y > top else left, left + 10):
            assert _looks(frame.cell(y, x)) == _looks(emulator.cell(y, x)), (y, x, frame.lines[y])
    assert frame.cursor == emulator.cursor
    assert terminal.output_bytes.count(b"\x1b[?1049h") == 1
    # Where every byte counts, none of them is sent again.
    if kind == "far":
        assert bytes(terminal.output_bytes).count(NEWEST[2].encode()) == 1


def test_what_it_shows_stays_until_all_is_there(start: Start, shown_before: Path) -> None:
    terminal = start(shown_before)
    terminal.wait_for(WHOLE)
    emulator = Emulator(120, 40)
    shown = False
    data = bytes(terminal.output_bytes)
    for at in range(0, len(data), 256):
        emulator.feed(data[at : at + 256])
        text = "\n".join(emulator.lines)
        shown = shown or all(title in text for title in NEWEST)
        assert not shown or all(title in text for title in NEWEST), text
    assert shown


def test_keys_pressed_at_it_are_answered(start: Start, shown_before: Path) -> None:
    terminal = start(shown_before)
    terminal.wait_for(NEWEST[0])
    terminal.press("j", "j", "ctrl+d", "k", "enter")
    terminal.wait_for(re.compile(rf"\b\d\d of {RECORDS}\b"))
    assert "jj" not in terminal.text


@pytest.mark.parametrize("query", ["", "quality:>1"])
def test_it_is_what_one_left(
    start: Start, isolated: dict[str, str], collection: Path, query: str
) -> None:
    terminal = start(collection)
    _wait_kept(terminal, isolated)
    if query:
        terminal.press("/", *query, "enter")
        terminal.wait_for(re.compile(rf"\b1 of (?!{RECORDS}).*{query}", re.DOTALL))
    terminal.press("ctrl+d", "ctrl+d", "ctrl+d", "j", "k", "k")
    terminal.wait_for(re.compile(r"\b[345]\d of \d\d\b"))
    terminal.wait_quiet()
    left, cursor, title = _list(terminal.emulator), terminal.emulator.cursor, NEWEST[0]
    assert title not in terminal.text
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0

    terminal = start(collection)
    terminal.wait_for(re.compile(r"\b[345]\d of \d\d\b"))
    terminal.wait_quiet()
    frame = _first_frame(terminal, (120, 40))
    assert (_list(frame), frame.cursor) == (left, cursor)
    assert (_list(terminal.emulator), terminal.emulator.cursor) == (left, cursor)
    assert title.encode() not in terminal.output_bytes  # nor did the list jump on the way


def test_what_was_decided_and_has_left_the_view_is_not_shown(
    start: Start, isolated: dict[str, str], collection: Path
) -> None:
    terminal = start(collection)
    _wait_kept(terminal, isolated)
    terminal.press("f", "u")
    terminal.wait_for(re.compile(r"› Unpublished.*\b1 of \d\d?\b"))
    terminal.press("p", "p", "j", "d", "j")
    terminal.wait_for(re.compile(r"› Unpublished.*\b6 of \d\d?\b"))
    terminal.wait_quiet()
    current = next(line for line in terminal.lines if "▌" in line)[46:76]
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0

    terminal = start(collection)
    terminal.wait_for(re.compile(r"› Unpublished.*\b3 of \d\d?\b"))
    terminal.wait_quiet()
    frame = _first_frame(terminal, (120, 40))
    assert _list(frame) == _list(terminal.emulator)
    assert frame.cursor == terminal.emulator.cursor
    assert frame.lines[frame.cursor[0]][46:76] == current


def _list(emulator: Emulator) -> list[str]:
    """The list's titles as they stand; what comes before them (a mark, an age) changes by itself."""
    return [line[46:76] for line in emulator.lines[2:36]]


def test_a_damaged_ground_is_none(
    start: Start, isolated: dict[str, str], shown_before: Path
) -> None:
    file = Path(isolated["READER_CACHE_DIR"]) / FILE
    file.write_text('{"x": [' * 1000)
    terminal = start(shown_before)
    terminal.wait_for(WHOLE)
    assert b"ARTICLES" not in bytes(terminal.output_bytes).partition(TAKEN)[0]


GAP = """
import signal, sys, time
from pathlib import Path
from reader import config, paths
from reader.library.collection import Collection
from reader.ui.first_frame import FirstFrame
collection = Collection.open(Path(sys.argv[1]))
with FirstFrame(config.load(paths.config_file()), paths.cache_dir()) as frame:
    frame.show(collection, resumes=False)
    {then}
print("not reached" if frame.ground is None else "back")
"""
"""A start that stays before the toolkit is loaded."""


@pytest.mark.parametrize(
    ("then", "key", "signal_name", "code"),
    [
        ("time.sleep(60)", "ctrl+c", "", 130),
        ("time.sleep(60)", "", "SIGTERM", 143),
        ("time.sleep(60)", "", "SIGHUP", 129),
        ("raise ValueError('wrong')", "", "", 1),
        ("pass", "", "", 0),
    ],
)
def test_however_it_ends_the_shell_is_shown_as_it_was(
    isolated: dict[str, str],
    shown_before: Path,
    then: str,
    key: str,
    signal_name: str,
    code: int,
) -> None:
    script = Path(isolated["HOME"]) / "gap.py"
    script.write_text(GAP.replace("{then}", then))
    # Under a shell: what a session's first process wrote last is lost where it is killed at once.
    shell = ["sh", "-c", '"$0" "$@"; echo "left with $?"', sys.executable, script, shown_before]
    with Terminal(shell, env=isolated, keep_output=True) as terminal:
        before = termios.tcgetattr(terminal._fd)
        if then.startswith("time"):
            terminal.wait_for(NEWEST[0])
            assert not termios.tcgetattr(terminal._fd)[3] & (termios.ECHO | termios.ICANON)
            terminal.press("x", "ctrl+z")
            if key:
                terminal.press(key)
            else:
                (_, pid, *_) = processes.tree(terminal.pid)
                os.kill(pid, getattr(signal, signal_name))
        if not key:  # which ends the shell, too
            terminal.wait_for(f"left with {code}")
        terminal.wait_exit()
        assert 1049 not in terminal.emulator.modes
        assert NEWEST[0].encode() in terminal.output_bytes
        assert NEWEST[0] not in terminal.text
        after = termios.tcgetattr(terminal._fd)
    assert after[:4] == before[:4]
    assert after[6] == before[6]


def _wait_kept(terminal: Terminal, env: dict[str, str]) -> None:
    """Wait until the ground is in the cache."""
    file = Path(env["READER_CACHE_DIR"]) / FILE
    terminal.wait_for(WHOLE)
    terminal.until(file.exists)
