"""The installed program, a small collection, and an environment of the test's own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from tests.corpus import write_collection
from tests.link_site import Site, served
from tests.terminal.terminal import Terminal

RECORDS = 60
"""More than fit on the screens that the tests use."""


class Start(Protocol):
    """Starts the program with arguments, closed at the test's end."""

    def __call__(
        self,
        *arguments: str | os.PathLike[str],
        size: tuple[int, int] = (120, 40),
        term: str = "xterm-256color",
        env: dict[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Terminal: ...


@pytest.fixture
def program() -> Path:
    """The installed `reader`, beside this Python."""
    path = Path(sys.executable).parent / "reader"
    if not path.exists():
        pytest.fail(f"{path} is missing: pip install --editable . (make test does)")
    return path


@pytest.fixture
def isolated(tmp_path: Path) -> dict[str, str]:
    """The environment that keeps the program to folders below tmp_path."""
    return surroundings(tmp_path / "home")


def surroundings(home: Path) -> dict[str, str]:
    """Make a home, and return the environment that keeps the program to folders below it."""
    home.mkdir()
    return {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "READER_CACHE_DIR": str(home / "cache"),
        "READER_STATE_DIR": str(home / "state"),
        "READER_DATA_DIR": str(home / "data"),
        "READER_CONFIG": str(home / "config.toml"),
    }


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """A folder of RECORDS records, their dates from today backwards by number."""
    folder = tmp_path / "articles"
    write_collection(folder, RECORDS)
    return folder


@pytest.fixture
def site() -> Iterator[Site]:
    """A web site on loopback, slow enough for progress to be seen: what a path begins with says what
    it answers (`Site`). The program asks it with READER_LINKS_ALLOW=`tests.link_site.ALLOW`;
    `tests.link_site.write_record` writes a record that links to `site.url("/gone/1")`."""
    with served(delay=0.05) as site:
        yield site


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A folder with nothing in it."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


@pytest.fixture
def start(program: Path, isolated: dict[str, str], empty: Path) -> Iterator[Start]:
    """Start the program in a terminal, in an empty folder unless told otherwise."""
    with ExitStack() as stack:

        def run(
            *arguments: str | os.PathLike[str],
            size: tuple[int, int] = (120, 40),
            term: str = "xterm-256color",
            env: dict[str, str] | None = None,
            cwd: Path | None = None,
        ) -> Terminal:
            terminal = Terminal(
                [program, *arguments],
                size=size,
                term=term,
                env=isolated | (env or {}),
                cwd=cwd or empty,
                keep_output=True,
            )
            return stack.enter_context(terminal)

        yield run


@pytest.fixture
def leave() -> Callable[[Terminal], int]:
    """Press `q` (it leaves a pane, then the program) until the program has ended."""

    def press_q(terminal: Terminal) -> int:
        for _ in range(3):
            terminal.press("q")
            try:
                return terminal.wait_exit(5)
            except TimeoutError:
                continue
        return terminal.wait_exit(1)

    return press_q
