"""Opening a link outside the reader: which program, if any, and how it is run."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

TERMINAL_BROWSERS = frozenset({"w3m", "lynx", "links", "links2", "elinks", "browsh", "carbonyl"})


@dataclass(frozen=True, slots=True)
class Browser:
    """A program for links, with its arguments; `%s` stands for the link, else it comes last."""

    command: tuple[str, ...]
    in_terminal: bool

    def arguments(self, url: str) -> list[str]:
        """Return the argument list for a link: never a shell's line."""
        if any("%s" in part for part in self.command):
            return [part.replace("%s", url) for part in self.command]
        return [*self.command, url]


def find_browser(environ: Mapping[str, str] = os.environ) -> Browser | None:
    """Return the first program of $BROWSER that exists, else the desktop's where there is one."""
    for entry in environ.get("BROWSER", "").split(os.pathsep):
        try:
            command = shlex.split(entry)
        except ValueError:
            continue
        if command and shutil.which(command[0], path=environ.get("PATH")):
            name = os.path.basename(command[0])
            return Browser(tuple(command), name in TERMINAL_BROWSERS)
    remote = "SSH_CONNECTION" in environ or "SSH_TTY" in environ
    if remote:
        return None
    if sys.platform == "darwin" and shutil.which("open"):
        return Browser(("open",), in_terminal=False)
    has_desktop = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    if has_desktop and shutil.which("xdg-open", path=environ.get("PATH")):
        return Browser(("xdg-open",), in_terminal=False)
    return None


def open_detached(browser: Browser, url: str) -> str | None:
    """Start a browser that has a window of its own; return why not, or None when it started."""
    try:
        subprocess.Popen(
            browser.arguments(url),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        return f"{browser.command[0]}: {error.strerror}"
    return None


def open_in_terminal(browser: Browser, url: str) -> str | None:
    """Run a browser in this terminal until it ends; return why not, or None when it ran."""
    try:
        subprocess.run(browser.arguments(url), check=False)
    except OSError as error:
        return f"{browser.command[0]}: {error.strerror}"
    return None
