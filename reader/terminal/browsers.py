"""Opening a link outside the reader: which program, if any, and how it is run."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from reader.records.urls import is_web_url

TERMINAL_BROWSERS = frozenset({"w3m", "lynx", "links", "links2", "elinks", "browsh", "carbonyl"})


@dataclass(frozen=True, slots=True)
class Browser:
    """A program for links, with its arguments; `%s` stands for the link, else it comes last."""

    command: tuple[str, ...]
    in_terminal: bool

    @property
    def name(self) -> str:
        """The program's name, without its folder."""
        return os.path.basename(self.command[0])

    def arguments(self, url: str) -> list[str]:
        """Return the argument list for a link: never a shell's line.

        Raises ValueError for what is no http or https link: one that begins with a dash would be
        an option.
        """
        if not is_web_url(url):
            raise ValueError(url)
        command, *rest = self.command
        if any("%s" in part for part in rest):
            # As the convention has it: %s is the link, %% a percent sign.
            return [command, *(_filled(part, url) for part in rest)]
        return [*self.command, url]


def _filled(part: str, url: str) -> str:
    return "%".join(piece.replace("%s", url) for piece in part.split("%%"))


def find_browser(environ: Mapping[str, str] = os.environ) -> Browser | None:
    """Return the first program of $BROWSER that exists, else the desktop's where there is one."""
    path = environ.get("PATH")
    for entry in environ.get("BROWSER", "").split(os.pathsep):
        try:
            command = shlex.split(entry)
        except ValueError:
            continue
        if command and shutil.which(command[0], path=path):
            return Browser(tuple(command), os.path.basename(command[0]) in TERMINAL_BROWSERS)
    if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"):
        return None  # a window would open where nobody sits, or slowly from afar
    if sys.platform == "darwin" and shutil.which("open", path=path):
        return Browser(("open",), in_terminal=False)
    has_desktop = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    if has_desktop and shutil.which("xdg-open", path=path):
        return Browser(("xdg-open",), in_terminal=False)
    return None


def browsers_here(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return the browsers for terminals that are installed, for a word of advice."""
    path = environ.get("PATH")
    return [name for name in sorted(TERMINAL_BROWSERS) if shutil.which(name, path=path)]


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
        return f"{browser.name}: {error.strerror}"
    return None


def open_in_terminal(browser: Browser, url: str) -> str | None:
    """Run a browser in this terminal until it ends; return why not, or None when it ran well."""
    try:
        done = subprocess.run(browser.arguments(url), check=False)
    except OSError as error:
        return f"{browser.name}: {error.strerror}"
    return f"{browser.name} ended with {done.returncode}." if done.returncode else None
