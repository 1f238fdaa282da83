"""Text that tries to drive the terminal: none of it arrives there as more than text.

Collections attack with every character in every field and name (`hostile.py`). Every command of the
interface, of the line mode and of the shell is run on them in a pseudo-terminal, and every byte sent
has to be one of ours (`grammar.py`). A command or a screen that is new and not run here fails.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.screen import Screen

import reader.ui
from reader.commands import MODULES
from reader.ui.commands import COMMANDS
from tests.terminal import grammar, hostile, processes
from tests.terminal.conftest import Start
from tests.terminal.grammar import Stranger
from tests.terminal.terminal import KEYS, Terminal

PROBE = Path(__file__).with_name("probe.py")
ALONE = {"leave", "quit"}
"""Commands that end the program; they are run last."""
NAMED = {"backslash": "\\", "equals_sign": "=", "question_mark": "?", "colon": ":", "minus": "-",
         "plus": "+", "full_stop": ".", "asterisk": "*", "slash": "/", "f1": "\x1bOP",
         "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f6": "\x1b[17~",
         "f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~",
         "exclamation_mark": "!", "at": "@", "number_sign": "#", "percent_sign": "%",
         "ampersand": "&", "comma": ",", "semicolon": ";", "apostrophe": "'", "quotation_mark": '"',
         "left_square_bracket": "[", "right_square_bracket": "]", "underscore": "_", "tilde": "~",
         "circumflex_accent": "^", "dollar_sign": "$", "vertical_line": "|", "grave_accent": "`",
         "less_than_sign": "<", "greater_than_sign": ">", "left_parenthesis": "(",
         "right_parenthesis": ")"}  # fmt: skip


@pytest.fixture(scope="module")
def attacks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "feed\u202e\u009b5m"
    hostile.write_hostile(folder)
    hostile.make_hostile_repository(folder)
    return folder


@pytest.fixture
def probed(isolated: dict[str, str], tmp_path: Path) -> Iterator[list[Terminal]]:
    """Terminals that a test has started, closed at its end."""
    terminals: list[Terminal] = []
    yield terminals
    for terminal in terminals:
        terminal.close()


def key_bytes(key: str) -> bytes:
    """What a terminal sends for a key as the registry names it."""
    parts = key.split(" ") if " " in key else [key]
    sent = [KEYS.get(part) or NAMED.get(part) or part for part in parts]
    assert all(len(each) == 1 or each[0] == "\x1b" for each in sent), f"{key} is no key known here"
    return "".join(sent).encode()


def settle(terminal: Terminal, quiet: float = 0.06, first: float = 0.25) -> None:
    """Wait until nothing comes any more, and the program has nothing to do: on a busy machine a key may be
    answered late, and the next one would be taken by another screen than it is meant for."""
    terminal.begin()
    terminal.wait_quiet(quiet, first=first, timeout=10)
    deadline = time.monotonic() + 10
    while processes.is_busy(terminal.pid) and time.monotonic() < deadline:
        terminal.pump(0.02)
        terminal.wait_quiet(quiet, first=quiet, timeout=10)


def press(terminal: Terminal, *keys: str) -> None:
    for key in keys:
        terminal.send(key_bytes(key))
        settle(terminal)
        assert terminal.exit_code is None


def wait_stopped(terminal: Terminal) -> None:
    """Wait until the program has stopped itself, where that can be seen."""
    stat = Path(f"/proc/{terminal.pid}/stat")
    deadline = time.monotonic() + 20
    while stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "T":
        assert time.monotonic() < deadline, "it does not stop"
        terminal.pump(0.05)


# -- the interface ------------------------------------------------------------------------------------

FLOWS: tuple[tuple[str, ...], ...] = (
    (
        "enter",
        "pagedown",
        "pagedown",
        "pagedown",
        "1",
        "o",
        "escape",
        "backspace",
        "w",
        "pagedown",
        "escape",
    ),
    ("g", "e", "tab", *"x", "enter", "y"),  # fields, a look at the change
    ("escape", "escape", "g", "e", *"x", "ctrl+s", "pagedown", "escape", "escape", "escape"),
    ("/", *"to", "enter", "f3", "pagedown", "escape", "escape", "W", *"10", "enter", "escape"),
    ("F", "F", "f", "j", "enter", "b", *"v", "escape", "S", "j", "enter", "a", "a", "escape"),
    ("L", "K", "j", "enter", "escape", "escape", "i", "escape", "g", "l", "j", "i", "escape", "h"),
    ("t", *"Shared", "enter", "escape", "escape", "t", "escape", "escape"),
    ("M", "y", "escape"),
    ("z", "j", "enter", "G", "z", *"3w", "enter", "escape"),
    ("g", "p", "d", "P", "D", "-", "+", "u", "u", "U", "."),
    ("g", "space", "space", "space", "p", "pagedown", "y"),
    ("u", "V", "d", "pagedown", "enter", "y", "y"),  # all: a preview, then what was not done
    (
        "escape",
        "escape",
        "escape",
        "u",
        "escape",
        "H",
        "j",
        "j",
        "enter",
        "u",
        "y",
        "escape",
        "escape",
    ),
    ("*", *"nosuch:x", "enter", "*", *"a", "enter", "escape", "escape"),
    ("C", "y", "escape", "escape"),
    ("X", "y", "escape", "escape"),
    ("Y", "u", "escape", "Y", "p", "escape", "Y", "j", "escape", "Y", "m", "escape", "escape"),
    ("O", "y", "escape", "O", "O", "escape", "y", "escape"),
    ("g", "!", *"cat", "enter", "y", "pagedown", "escape", "escape"),
    ("m", "pagedown", "escape"),
    ("f2", "j", "escape", "escape", "H", "j", "pagedown", "escape"),
    ("?", "pagedown", "escape", ":", *"star", "escape"),
    (
        "h",
        "j",
        "j",
        "j",
        "j",
        "j",
        "j",
        "j",
        "j",
        "j",
        "j",
        "j",
        "j",
        "enter",
        "G",
        "enter",
        "h",
        "g",
        "l",
    ),
)
"""Keys that lead to every screen, one after the other."""


WIDE, NARROW = (160, 50), (70, 30)
TASKS = [("records", WIDE), ("records", NARROW), ("commands", WIDE), ("screens", NARROW)]
"""What is done, and at which size. READER_HOSTILE=all does all of it at both, in twice the time."""
if os.environ.get("READER_HOSTILE") == "all":
    TASKS += [("commands", NARROW), ("screens", WIDE)]


@pytest.mark.long
@pytest.mark.parametrize(("task", "size"), TASKS, ids=[f"{task}-{size[0]}" for task, size in TASKS])
def test_nothing_of_a_file_drives_the_interface(
    probed: list[Terminal],
    isolated: dict[str, str],
    attacks: Path,
    tmp_path: Path,
    task: str,
    size: tuple[int, int],
) -> None:
    folder = tmp_path / attacks.name
    subprocess.run(["cp", "-r", attacks, folder], check=True)
    noted = tmp_path / "screens"
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nprintf -- '---\\ntitle: [\\033]0;PWNED\\007\\n---\\n' > \"$1\"\n")
    editor.chmod(0o755)
    terminal = Terminal(
        [sys.executable, PROBE, noted, folder],
        size=size,
        env=isolated | {"EDITOR": str(editor), "READER_DEBUG": "1"},
        cwd=tmp_path,
        keep_output=True,
    )
    probed.append(terminal)
    terminal.wait_for(re.compile(r"\b1 of \d+\b"), 60)
    settle(terminal, 1.0)
    if task == "records":
        show_all_records(terminal)
    elif task == "commands":
        run_all_commands(terminal)
    else:
        press(terminal, "G", "g")
        # What tells of edits that fail comes below, where all files have changed.
        show_all_screens(terminal, noted, screens_there_are() - {"Unfinished"})
        decide_what_cannot_be_done(terminal, folder)
    terminal.send(b"\x11")
    assert terminal.wait_exit(60) == 0
    grammar.parse(bytes(terminal.output_bytes))
    if task == "screens":
        shown = set(noted.read_text().split())
        assert shown >= screens_there_are(), f"never shown: {screens_there_are() - shown}"


def show_all_records(terminal: Terminal) -> None:
    """Go to every record, in the list and beside it as an article."""
    count = int(re.findall(r"\b1 of (\d+)\b", terminal.text)[0])
    assert count >= len(hostile.pieces())
    for _ in range(count):
        terminal.press("j")
        settle(terminal, first=0.1)
    seen = terminal.output_bytes.decode()
    for word in ("Ti", "Ex", "Pn", "To"):
        assert word in seen, f"{word} was never shown: the test has lost its subject"


def run_all_commands(terminal: Terminal) -> None:
    """Press the key of every command, on the first record."""
    for command in COMMANDS:
        if command.id not in ALONE:
            terminal.press("g")
            press(terminal, command.keys[0])
            if command.id == "suspend":
                wait_stopped(terminal)
                os.kill(terminal.pid, signal.SIGCONT)
                settle(terminal, 0.5, first=5)
            terminal.press("j", "pagedown", "escape")
            press(terminal, "escape")


def decide_what_cannot_be_done(terminal: Terminal, folder: Path) -> None:
    """Have all records decided, and their files changed after what will be done was shown; then open
    the history."""
    press(terminal, "escape", "escape", "F", "F", "g", "V", "plus")
    terminal.wait_for("More than 20", 60)  # what is foreseen, before the files change
    for path in os.listdir(os.fsencode(folder)):  # what was foreseen cannot be done any more
        full = os.path.join(os.fsencode(folder), path)
        if os.path.isfile(full) and path.endswith(b".md"):
            Path(os.fsdecode(full)).write_bytes(
                b"---\ntitle: [\x1b]0;PWNED\x07 \xe2\x80\xae\n---\n"
            )
    press(terminal, "y")
    terminal.wait_for("not done for", 60)
    settle(terminal, 0.5)
    press(terminal, "pagedown", "escape", "escape")
    show_history(terminal)
    press(terminal, "j", "pagedown", "escape")


def show_all_screens(terminal: Terminal, noted: Path, wanted: set[str]) -> None:
    """Press what leads to every screen. Once more where one did not come: on a busy machine a question
    may come by itself a moment later, and take the keys that were meant for what is below it."""
    for _ in range(3):
        for keys in FLOWS:
            press(terminal, *keys)
        if set(noted.read_text().split()) >= wanted:
            return
        press(terminal, "escape", "escape", "escape", "F", "F")
        settle(terminal, 1.0)


def show_history(terminal: Terminal) -> None:
    """Open the history, whatever question stands before it by now, or comes by itself."""
    deadline = time.monotonic() + 60
    while "HISTORY" not in terminal.text:
        assert time.monotonic() < deadline, terminal.text
        press(terminal, "escape")
        terminal.press("H")
        settle(terminal, 0.3, first=1.0)


def screens_there_are() -> set[str]:
    """Return the names of all screens that the interface has, but for those others inherit from."""
    for module in pkgutil.walk_packages(reader.ui.__path__, "reader.ui."):
        importlib.import_module(module.name)
    found: set[type] = set()
    todo: list[type] = [Screen]
    while todo:
        below = [
            each for each in todo.pop().__subclasses__() if each.__module__.startswith("reader.")
        ]
        todo += below
        found |= {
            each
            for each in below
            if not any(sub.__module__.startswith("reader.") for sub in each.__subclasses__())
        }
    return {each.__name__ for each in found}


@pytest.mark.long
def test_what_is_typed_and_pasted_is_harmless(start: Start, attacks: Path) -> None:
    terminal = start(attacks, size=(120, 30))
    terminal.wait_for(re.compile(r"\b1 of \d+\b"), 60)
    settle(terminal, 0.5)
    for key in ("*", "t", "e"):
        for piece in ("".join(hostile.C1 + hostile.BIDI + hostile.HIDDEN), hostile.SEQUENCES[0]):
            press(terminal, key)
            terminal.send(b"\x1b[200~" + piece.encode() + b"\x1b[201~")
            settle(terminal)
            press(terminal, "enter", "escape", "escape")
    grammar.parse(bytes(terminal.output_bytes))


SETTINGS = {
    "unknown": '"\\u001b]0;PWNED\\u0007\\u202e" = 1',
    "folder": 'collection = "\\u001b[5m\\u202e\\u009b5m"',
    "comment": "exclude = 7 # \x1b[5m",
    "unfinished": 'x = "\x9b5m\u202e',
    "value": 'reject = "\\u202e\\u001b[5m"',
}
"""A line of the settings that is wrong in each way."""


@pytest.mark.parametrize("line", SETTINGS.values(), ids=list(SETTINGS))
def test_settings_that_attack(
    start: Start, attacks: Path, isolated: dict[str, str], line: str
) -> None:
    Path(isolated["READER_CONFIG"]).write_text(f"{line}\n")
    terminal = start(attacks, size=(120, 30))
    terminal.wait_for(re.compile(r"\b1 of \d+\b"), 60)
    settle(terminal, 0.5)
    press(terminal, "ctrl+q")
    terminal.wait_exit(30)
    grammar.parse(bytes(terminal.output_bytes))
    for command in (("list", attacks), ("doctor",), ("--plain",)):
        terminal = start(*command)
        if command[0] == "--plain":
            terminal.send(b"q\r")
        terminal.wait_exit(30)
        grammar.parse(bytes(terminal.output_bytes), drawn=command[0] == "doctor")


# -- the line mode ------------------------------------------------------------------------------------


def test_nothing_of_a_file_drives_the_line_mode(start: Start, attacks: Path) -> None:
    terminal = start("--plain", attacks, "--read-only")
    wait_prompt(terminal)
    count = len(hostile.pieces())
    lines = ["list"] * (count // 10 + 2)
    for number in range(1, count + 1, 3):
        lines += [f"show {number}", *[""] * 5, "1", "b", "links", "", "w", "", ""]
    lines += ["f", "topics", *[""] * 12, "folder", "type", "", "provider", "", "f problems", "show"]
    lines += [
        *(command.id for command in COMMANDS if command.id not in ALONE | {"back", "trail.back"})
    ]
    lines += ["\x16\x1b]0;PWNED", "/ \u202e\u009bx:1", "help \u202e", "set \u202e=1"]
    for line in lines:
        terminal.send(line.encode() + b"\r")
        wait_prompt(terminal)
    terminal.send(b"q\r")
    assert terminal.wait_exit(30) == 0
    text = bytes(terminal.output_bytes)
    assert b"Ti" in text
    assert b"SECRET" not in text
    # What is typed is echoed by the terminal, and is not the program's.
    text = re.sub(rb"(?m)^> [^\n]*$", b"", text)
    grammar.parse(text, drawn=False)


def wait_prompt(terminal: Terminal) -> None:
    deadline = time.monotonic() + 30
    seen = len(terminal.output_bytes)
    while time.monotonic() < deadline:
        terminal.pump(0.05)
        if len(terminal.output_bytes) > seen and terminal.output_bytes.endswith((b"n: ", b"? ")):
            seen = len(terminal.output_bytes)
            terminal.send(b"n\r")  # a question
        elif terminal.output_bytes.endswith(b"> ") and len(terminal.output_bytes) > seen:
            return
    raise TimeoutError(f"no prompt: {bytes(terminal.output_bytes[-500:])!r}")


# -- the shell's commands -----------------------------------------------------------------------------

EVIL = "\u202e\u009b5m\u200b"
LINES: dict[str, tuple[tuple[str, ...], ...]] = {
    "list": ((), ("--json",), ("--jsonl",), ("--format", "{title}\\t{excerpt}\\t{path}\\t{webUrl}"),
             ("--format", "{topics}\\0"), ("--sort", EVIL), ("-q", EVIL + ":1"), ("--topic", EVIL),
             ("--view", EVIL)),
    "count": (("-q", "a"), (EVIL + ":x",), ("*",)),
    "views": ((), ("--json",), ("--add", EVIL, "a"), ("--add", "x", EVIL + ":1"), ("--delete", EVIL)),
    "explain": (("a",), (EVIL,), (EVIL + ":1",), ("quality:>5", "RECORD")),
    "show": (("RECORD",), ("RECORD", "--json"), ("PROBLEM",), (EVIL,)),
    "topics": ((), ("--json",)),
    "problems": ((), ("--json",)),
    "index": ((), ("--rebuild",)),
    "edit": (("RECORD",), ("PROBLEM",), (EVIL,)),
    "star": (("RECORD",), (EVIL,)),
    "unstar": (("RECORD",),),
    "read": (("RECORD",),),
    "unread": (("RECORD",),),
    "triage": (("publish", "--where", "all", "--dry-run"), ("publish", "--where", "all"), (EVIL,),
               ("topics", "--add", EVIL, "--where", "RECORD"), ("reject", "--where", "all", "--json"),
               ("set", "--field", f"title={EVIL}", "--where", "RECORD"),
               ("mend", "--where", "all"), ("defer", "--until", EVIL, "--where", "all")),
    "log": ((), ("--diff",), ("--json",), ("--record", EVIL), ("--who", EVIL)),
    "undo": ((), (EVIL,), ("--since", EVIL)),
    "redo": ((),),
    "commit": (("--dry-run",), (), ("-m", EVIL)),
    "sync": ((), ("--json",)),
    "check": (("--offline",), ("--plan", "--where", EVIL), ("--offline", "--jsonl", "--roles", "all"),
              ("--offline", "--fail-on", EVIL), ("--allow", EVIL), ("--max-age", EVIL)),
    "links": ((), ("--json",), ("--verdict", EVIL), ("--host", EVIL), ("--works", EVIL),
              ("--where", "is:unpublished")),
    "config": ((), ("--json",), ("check",), ("check", "RECORD"), ("check", EVIL), ("--default",)),
    "keys": ((), ("--json",)),
    "manual": ((),),
    "completion": (("bash",), ("zsh",), ("fish",), (EVIL,), ("topics", "-C", "EXISTING"),
                   ("folders", "-C", "EXISTING"), ("providers", "-C", EVIL)),
    "sample": ((EVIL,), ("EXISTING",)),
    "doctor": ((), ("--json",)),
}  # fmt: skip
"""What each command is run with, in this order; RECORD and PROBLEM stand for files that attack."""
WITHOUT_A_COLLECTION = {"sample", "doctor", "config", "keys", "manual", "completion"}


def test_every_command_of_the_shell_is_run_here() -> None:
    assert set(LINES) == set(MODULES)


@pytest.fixture(scope="module")
def worked_on(attacks: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that the commands below change."""
    folder = tmp_path_factory.mktemp("worked") / attacks.name
    subprocess.run(["cp", "-r", attacks, folder], check=True)
    return folder


@pytest.mark.parametrize("command", list(MODULES))
def test_nothing_of_a_file_drives_the_terminal_from_a_command(
    start: Start, worked_on: Path, tmp_path: Path, command: str
) -> None:
    names = sorted(os.listdir(worked_on))
    stand_ins = {
        "RECORD": str(worked_on / next(name for name in names if name.startswith("10"))),
        "PROBLEM": str(worked_on / "broken3.md"),
        "EXISTING": str(worked_on),
    }
    lines = LINES.get(command, ((),))
    for line in (*lines, (*lines[-1], "--help")):
        arguments = [stand_ins.get(each, each) for each in line]
        if command not in WITHOUT_A_COLLECTION:
            arguments += ["-C", str(worked_on)]
        terminal = start(command, *arguments, env={"COLUMNS": "120", "EDITOR": "true"})
        for _ in range(20):
            terminal.send(b"a\r" if command == "sync" else b"\r")
            try:
                terminal.wait_exit(3)
                break
            except TimeoutError:
                continue
        assert terminal.exit_code in (0, 1, 2, 3), terminal.text
        sent = bytes(terminal.output_bytes)
        assert b"Traceback" not in sent
        assert b"SECRET" not in sent
        assert "should not" not in sent.decode(), sent.decode()
        # The doctor asks the terminal what it is; all else sends no escape sequence.
        grammar.parse(sent.replace(b"a\r\n", b""), drawn=command == "doctor")


def test_a_pipe_gets_the_exact_data(program: Path, isolated: dict[str, str], attacks: Path) -> None:
    """What is made safe for a terminal is whole in a pipe."""
    done = subprocess.run(
        [program, "list", "--jsonl", attacks],
        env={"PATH": os.environ["PATH"], **isolated},
        capture_output=True,
        check=True,
        timeout=120,
    )
    titles = {json.loads(line)["title"] for line in done.stdout.splitlines()}
    for number, piece in enumerate(hostile.pieces()):
        if "\ufffe" not in piece and "\U0001ffff" not in piece:
            assert f"Ti{piece}Ti {number}" in titles
    done = subprocess.run(
        [program, "list", "--format", "{path}\\0", attacks],
        env={"PATH": os.environ["PATH"], **isolated},
        capture_output=True,
        check=True,
        timeout=120,
    )
    for path in done.stdout.split(b"\0")[:-1]:
        assert os.path.exists(os.path.join(os.fsencode(attacks), path))


# -- the test itself ----------------------------------------------------------------------------------


@pytest.mark.parametrize("piece", hostile.pieces())
def test_the_check_notices_what_is_passed_on_raw(piece: str) -> None:
    harmless = piece.isascii() and piece.isprintable()
    if not harmless and not set(piece[1::2]) <= set(hostile.MARKS):  # a mark is right in its place
        sent = f"{piece}x{piece}".encode("utf-8", "surrogatepass")
        with pytest.raises(Stranger):
            grammar.parse(sent, drawn=False)


def test_the_check_passes_what_is_ours() -> None:
    ours = "\x1b[?1049h\x1b[1;2Ha\u2026\x1b[0;1;38;2;1;2;3;48;5;7mb\x1b[K\x1b]8;;https://a.example/\x1b\\c\x1b]8;;\x1b\\"
    assert grammar.parse(ours.encode()) == "a…bc"
    for strange in (
        "\x1b]8;;javascript:x\x1b\\",
        "\x1b]52;c;G1s1bQ==\x07",
        "\x1b]0;x\x07",
        "\x1b[5m",
    ):
        with pytest.raises(Stranger):
            grammar.parse(strange.encode())
