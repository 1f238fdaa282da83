"""`reader doctor --ask`: keys, colours, clipboard, links and widths, tried out with the user, and what
to set for what was found."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from reader.terminal.asking import Conversation, conversation
from reader.terminal.clipboard import ways
from reader.terminal.surroundings import Surroundings, look_around

KEYS = (
    ("the down arrow", ("\x1b[B", "\x1bOB")),
    ("Page Down", ("\x1b[6~",)),
    ("Home", ("\x1b[H", "\x1bOH", "\x1b[1~", "\x1b[7~")),
    ("F6", ("\x1b[17~",)),
    ("Shift+Tab", ("\x1b[Z",)),
)
WIDTHS = (
    ("an accent that combines", "e\u0301", 1),
    ("a circle", "●", 1),
    ("an ellipsis", "…", 1),
    ("a line", "│", 1),
    ("a Chinese character", "漢", 2),
    ("an emoji", "🙂", 2),
)
_PATIENCE = 30.0


@dataclass
class Asked:
    """What came out of it."""

    lines: list[str] = field(default_factory=list)
    """A line for each thing tried, with `!` before what does not work."""
    advice: list[str] = field(default_factory=list)
    """What to set."""

    def well(self, name: str, found: str) -> None:
        """Note what works."""
        self.lines.append(f"  {name:<10} {found}")

    def wrong(self, name: str, found: str, advice: str) -> None:
        """Note what does not work, and what to set."""
        self.lines.append(f"! {name:<10} {found}")
        self.advice.append(advice)


def ask_all(say: Callable[[str], None], hear: Callable[[], str]) -> Asked:
    """Try everything. `say` writes a line, `hear` reads one that is typed.

    Raises OSError where there is no terminal, EOFError and KeyboardInterrupt where the user stops.
    """
    around = look_around()
    asked = Asked()
    assert sys.stdin is not None
    assert sys.stdout is not None
    reading, writing = sys.stdin.fileno(), sys.stdout.fileno()
    say("Enter alone means yes; Ctrl+C stops.")
    with conversation(reading, writing, far=bool(around.remote)) as terminal:
        _keys(terminal, asked)
        _widths(terminal, asked)
    _colours(say, hear, asked)
    _clipboard(say, hear, asked, around)
    _links(say, hear, asked)
    return asked


def _yes(say: Callable[[str], None], hear: Callable[[], str], question: str) -> bool:
    say(f"{question} [Y/n]")
    return hear().strip().casefold()[:1] not in ("n", "0")


def _keys(terminal: Conversation, asked: Asked) -> None:
    for name, expected in KEYS:
        terminal.write(f"\r\nPress {name} (Enter: skip): ")
        came = terminal.key(_PATIENCE)
        if came == "\x03":
            raise KeyboardInterrupt
        shown = came.replace("\x1b", "Esc ") if came.isprintable() or "\x1b" in came else repr(came)
        shown = "".join(each if each.isprintable() else "?" for each in shown)
        terminal.write(shown)
        if came in ("\r", "\n", ""):
            asked.well("keys", f"{name}: skipped")
        elif came in expected:
            asked.well("keys", f"{name} arrives")
        else:
            what = f"{name} sends “{shown}”"
            advice = f"Check TERM and the terminal's keyboard settings: {what}."
            asked.wrong("keys", what, advice)
    terminal.write("\r\n")


def _widths(terminal: Conversation, asked: Asked) -> None:
    wrong = []
    for name, text, wanted in WIDTHS:
        width = terminal.width(text)
        if width is None:
            asked.well("widths", "the terminal does not tell where its cursor is")
            return
        if width != wanted:
            wrong.append(f"{name} takes {width}, not {wanted}")
    if not wrong:
        asked.well("widths", "all as reckoned")
        return
    signs = {"a circle", "an ellipsis", "a line"}
    ambiguous = any(each.startswith(tuple(signs)) for each in wrong)
    asked.wrong(
        "widths",
        "; ".join(wrong),
        'glyphs = "ascii", or have the terminal show ambiguous characters in one column.'
        if ambiguous
        else 'output = "lean" keeps columns straight beside such characters.',
    )


def _colours(say: Callable[[str], None], hear: Callable[[], str], asked: Asked) -> None:
    say("".join(f"\x1b[4{number}m   " for number in range(8)) + "\x1b[m")
    if not _yes(say, hear, "Did you see eight blocks, seven of them in different colours?"):
        asked.wrong("colours", "not even eight", "Set NO_COLOR=1 in the environment.")
        return
    say("".join(f"\x1b[48;2;{at};{at // 2};{255 - at}m " for at in range(0, 256, 4)) + "\x1b[m")
    if _yes(say, hear, "Did you see a smooth band from blue to orange, without steps?"):
        asked.well("colours", "all; COLORTERM=truecolor has them used")
    else:
        asked.wrong(
            "colours", "not all", 'Unset COLORTERM; theme = "ansi" takes the terminal\'s own.'
        )


def _clipboard(
    say: Callable[[str], None], hear: Callable[[], str], asked: Asked, around: Surroundings
) -> None:
    from reader.terminal.clipboard import copy

    for way in ways(around):
        token = f"reader-{secrets.token_hex(3)}"
        copied = copy(token, [way], _send)
        if copied.way is None:
            asked.lines.append(f"! clipboard  {copied.trouble}")
            continue
        say(f"{copied.said}. Paste here what is in your clipboard, and press Enter:")
        if hear().strip() == token:
            asked.well("clipboard", f"works by {way.name}")
            return
        asked.lines.append(f"! clipboard  nothing arrived by {way.name}")
    if around.inside == "tmux":
        asked.advice.append(
            "In tmux.conf: set -g set-clipboard on, and set -g allow-passthrough on."
        )
    else:
        asked.advice.append(
            "Let the terminal's settings allow programs to set the clipboard (OSC 52)."
        )


def _links(say: Callable[[str], None], hear: Callable[[], str], asked: Asked) -> None:
    say("\x1b]8;;https://example.org/\x1b\\this is a link\x1b]8;;\x1b\\")
    if _yes(
        say, hear, "Did you see “this is a link” once, and can it be clicked (perhaps with Ctrl)?"
    ):
        asked.well("links", "can be clicked")
        asked.advice.append('hyperlinks = "on"')
    else:
        asked.wrong("links", "cannot be clicked", 'hyperlinks = "off"')


def _send(sequence: str) -> None:
    assert sys.stdout is not None
    sys.stdout.write(sequence)
    sys.stdout.flush()
