"""What the environment tells of the terminal: how far away it is, what lies between, what it can."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_COLOUR_ERASERS = (
    "xterm",
    "tmux",
    "linux",
    "kitty",
    "alacritty",
    "foot",
    "wezterm",
    "ghostty",
    "contour",
    "konsole",
    "vte",
    "gnome",
    "rxvt",
    "putty",
    "iterm",
    "st-",
    "mlterm",
    "mintty",
)
"""What TERM begins with where terminfo, or the terminal itself, has erased cells take the background."""
_OLD = ("vt1", "vt2", "vt3", "ansi", "dumb", "unknown", "cons25", "sun")
_LINKING = (
    "kitty",
    "wezterm",
    "iterm2",
    "foot",
    "vte",
    "ghostty",
    "contour",
    "konsole",
    "alacritty",
    "mintty",
    "windows terminal",
    "rio",
    "tmux",
    "xterm.js",
)
"""Names, as terminals tell them, of those that make links of OSC 8."""
_LINKING_SINCE = {"tmux": (3, 4)}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known before the terminal has been asked anything."""

    term: str
    remote: str
    """`ssh`, `mosh`, or empty: on this machine, as far as one can see."""
    inside: str
    """`tmux`, `screen`, or empty."""
    program: str
    """The terminal's name by its variables, where it sets any; they seldom come through ssh."""
    has_desktop: bool
    """Whether a display is near that programs can open windows on."""

    @property
    def is_old(self) -> bool:
        """Whether TERM names a terminal of before colours and moves to columns."""
        return self.term.startswith(_OLD)

    @property
    def erases_in_colour(self) -> bool:
        """Whether erased cells take the background that is set."""
        return self.inside == "tmux" or self.term.startswith(_COLOUR_ERASERS)

    def understands_links(self, name: str = "") -> bool:
        """Whether OSC 8 makes links; `name` is what the terminal calls itself, when asked."""
        if self.is_old or self.term.startswith("linux") or self.inside == "screen":
            return False
        known = (name or self.program).lower()
        if not known.startswith(_LINKING):
            return False
        since = next((v for key, v in _LINKING_SINCE.items() if known.startswith(key)), None)
        return since is None or _version(known) >= since


def look_around(environ: Mapping[str, str] = os.environ) -> Surroundings:
    """Return what the environment tells."""
    is_ours = environ is os.environ
    inside = "tmux" if environ.get("TMUX") else "screen" if environ.get("STY") else ""
    if is_ours and environ.get("TMUX") and environ.get("STY"):
        inside = _nearest(_ancestors())
    remote = ""
    if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY") or environ.get("SSH_CLIENT"):
        remote = "ssh"
    if is_ours and not inside and "mosh-server" in _ancestors():
        remote = "mosh"
    display = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    return Surroundings(
        term=environ.get("TERM", ""),
        remote=remote,
        inside=inside,
        program=_program(environ),
        has_desktop=bool(display) or (not remote and _is_mac()),
    )


def _is_mac() -> bool:
    import sys

    return sys.platform == "darwin"


def _program(environ: Mapping[str, str]) -> str:
    if environ.get("TMUX"):
        return (
            "tmux " + environ.get("TERM_PROGRAM_VERSION", "") if "TERM_PROGRAM" in environ else ""
        )
    for variable, name in (
        ("KITTY_WINDOW_ID", "kitty"),
        ("WEZTERM_EXECUTABLE", "wezterm"),
        ("KONSOLE_VERSION", "konsole"),
        ("WT_SESSION", "windows terminal"),
        ("ALACRITTY_WINDOW_ID", "alacritty"),
        ("GHOSTTY_RESOURCES_DIR", "ghostty"),
    ):
        if environ.get(variable):
            return name
    vte = environ.get("VTE_VERSION", "")
    if vte.isdigit() and int(vte) >= 5000:
        return "vte"
    program = environ.get("TERM_PROGRAM", "") or environ.get("LC_TERMINAL", "")
    return {"iTerm.app": "iterm2", "vscode": "xterm.js", "WezTerm": "wezterm"}.get(program, program)


def _version(name: str) -> tuple[int, int]:
    digits = "".join(each if each.isdigit() or each == "." else " " for each in name).split()
    parts = (digits[0] if digits else "0").split(".")
    numbers = [int(part) for part in parts if part]
    return (numbers[0], numbers[1] if len(numbers) > 1 else 0) if numbers else (0, 0)


def _nearest(ancestors: Sequence[str]) -> str:
    """Return which of tmux and screen is the inner one, by the names of the processes above."""
    for name in ancestors:
        if name.lower().startswith(("tmux", "screen")):
            return "tmux" if name.lower().startswith("tmux") else "screen"
    return "tmux"


def _ancestors() -> list[str]:
    """Return the names of the processes above this one, where /proc tells."""
    names: list[str] = []
    pid = os.getppid()
    while pid > 1 and len(names) < 30:
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
                before, _, after = file.read().rpartition(")")
            names.append(before.partition("(")[2])
            pid = int(after.split()[1])
        except (OSError, ValueError, IndexError):
            break
    return names
