"""The clipboard: the ways to it from here, in the order they are tried, and what each can promise."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from .surroundings import Surroundings

MAX_SENT = 74_994
"""Bytes that are sent to a terminal: more than 100,000 characters in their form many drop whole."""
MAX_COPIED = 8 << 20
"""Bytes that are handed to a program."""
_PROGRAM_TIME = 2.0  # seconds: a display that does not answer hangs those who ask
_SCREEN_CHUNK = 240  # bytes of a string that GNU screen hands on in one piece, with room to spare

_TOOLS = (
    ("wl-copy", "WAYLAND_DISPLAY", ("wl-copy",)),
    ("xclip", "DISPLAY", ("xclip", "-selection", "clipboard")),
    ("xsel", "DISPLAY", ("xsel", "--clipboard", "--input")),
)


@dataclass(frozen=True, slots=True)
class Way:
    """A way to the clipboard. `command` is a program that reads the text; without one it is sent
    to the terminal, in the form that `inside` lets through."""

    name: str
    command: tuple[str, ...] = ()
    inside: str = ""

    @property
    def confirms(self) -> bool:
        """Whether one knows afterwards that the text is in the clipboard."""
        return bool(self.command) and self.name != "tmux"


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of it. `way` is None where there was none; `trouble` says why, or what failed before
    the way that was taken."""

    way: Way | None
    trouble: str = ""

    @property
    def said(self) -> str:
        """A sentence for the user that promises no more than is known."""
        if self.way is None:
            return f"Not copied: {self.trouble}."
        failed = f"; {self.trouble}" if self.trouble else ""
        if self.way.confirms:
            return f"Copied (by {self.way.name}{failed})"
        through = {"tmux": " through tmux", "screen": " through screen"}.get(
            self.way.inside or self.way.name, ""
        )
        return f"Sent to your terminal{through} (it does not confirm{failed})"


def ways(around: Surroundings, environ: Mapping[str, str] = os.environ) -> list[Way]:
    """Return the ways there are: a desktop's own tool where the desktop is here, else the terminal."""
    found: list[Way] = []
    path = environ.get("PATH")
    if not around.remote:
        for name, variable, command in _TOOLS:
            if environ.get(variable) and shutil.which(command[0], path=path):
                found.append(Way(name, command))
        if around.has_desktop and shutil.which("pbcopy", path=path):
            found.append(Way("pbcopy", ("pbcopy",)))
    if around.inside == "tmux":
        if shutil.which("tmux", path=path):
            found.append(Way("tmux", ("tmux", "load-buffer", "-w", "-")))
        found.append(Way("the terminal", inside="tmux"))
    elif around.inside == "screen":
        found.append(Way("the terminal", inside="screen"))
    elif not (around.is_old or around.term.startswith("linux") or not around.term):
        found.append(Way("the terminal"))
    return found


def copy(text: str, to: list[Way], send: Callable[[str], None]) -> Copied:
    """Bring a text to the clipboard by the first way that works; `send` writes to the terminal.

    Takes up to some seconds where a display does not answer: not for the event loop.
    """
    if not text:
        return Copied(None, "there is nothing to copy")
    data = text.encode("utf-8", "replace")
    failed = ""
    for way in to:
        most = MAX_COPIED if way.command else MAX_SENT
        if len(data) > most:
            failed = f"{len(data):,} bytes are more than the {most:,} that {way.name} takes"
            continue
        if not way.command:
            send(clipboard_sequence(data, way.inside))
            return Copied(way, failed)
        wrong = _hand_over(way.command, data)
        if not wrong:
            return Copied(way, failed)
        failed = f"{way.name} {wrong}"
    nothing = "no way to a clipboard is known here; select the text with the mouse"
    return Copied(None, failed or nothing)


def _hand_over(command: tuple[str, ...], data: bytes) -> str:
    """Run a program with the text as its input; return what is wrong, or nothing."""
    try:
        done = subprocess.run(
            command,
            input=data,
            stdout=subprocess.DEVNULL,  # what stays behind to serve the text keeps it open
            stderr=subprocess.DEVNULL,
            timeout=_PROGRAM_TIME,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        return "did not answer"
    except OSError as error:
        return f"could not be started ({error.strerror})"
    return f"failed ({done.returncode})" if done.returncode else ""


def clipboard_sequence(data: bytes, inside: str = "") -> str:
    """Return OSC 52 for a text, wrapped so that tmux or screen hand it on."""
    body = base64.b64encode(data).decode("ascii")
    return wrapped(f"\x1b]52;c;{body}\x07", inside)


def wrapped(sequence: str, inside: str) -> str:
    """Return a sequence in the form in which what we are `inside` of hands it to its terminal."""
    if inside == "tmux":
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if inside == "screen":
        return "".join(f"\x1bP{piece}\x1b\\" for piece in _pieces(sequence))
    return sequence


def _pieces(sequence: str) -> Iterator[str]:
    for at in range(0, len(sequence), _SCREEN_CHUNK):
        yield sequence[at : at + _SCREEN_CHUNK]
