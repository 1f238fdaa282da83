"""A small feed, and lines carried out on it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from reader.config import Config
from reader.library.collection import Collection
from reader.library.rules import Rules
from reader.plain.console import Console
from reader.plain.session import Session
from tests.cli_support import write

NOW = 1_700_000_000


class Typed(io.StringIO):
    """Lines for a session, as somebody types them."""

    def isatty(self) -> bool:
        return True


class Lines(Protocol):
    """Carries out lines in a session of their own, and returns what it said."""

    code: int
    """The exit code of the last one."""
    settings: Path
    """Where its settings are, and views of one's own."""

    def __call__(
        self,
        *typed: str,
        rules: Rules | None = None,
        folder: Path | None = None,
        piped: bool = False,
        chosen: Config | None = None,
    ) -> list[str]: ...


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    folder = tmp_path / "feed"
    for number, (title, state) in enumerate(
        [("Alpha", "false"), ("Beta", "true"), ("Gamma", "false"), ("Delta", "false")]
    ):
        write(
            folder,
            f"_news/{title.lower()}.md",
            f"title: {title}\npublished: {state}\nquality: {80 + number}\n"
            f"publishedDateTime: 2023-11-{10 - number:02}T10:00:00Z\n"
            f"webUrl: https://example.org/{title.lower()}\ntopics: [AI, Radio {number}]\n"
            "related:\n"
            "  - {title: Delta elsewhere, webUrl: 'https://example.org/delta'}\n"
            "  - {title: Outside, webUrl: 'https://аpple.example/x', excerpt: Far away.}",
            f"The body of {title}.\n",
        )
    return folder


@pytest.fixture
def lines(feed: Path, tmp_path: Path) -> Iterator[Lines]:
    sessions: list[Collection] = []

    def run(
        *typed: str,
        rules: Rules | None = None,
        folder: Path | None = None,
        piped: bool = False,
        chosen: Config | None = None,
    ) -> list[str]:
        collection = Collection.open(
            folder or feed,
            cache_dir=tmp_path / "cache",
            state_dir=tmp_path / "state",
            now=lambda: NOW + 60 * len(sessions),
        )
        sessions.append(collection)
        said = io.StringIO()
        text = "".join(f"{line}\n" for line in typed)
        console = Console(io.StringIO(text) if piped else Typed(text), said)
        session = Session(collection, console, rules or Rules(), [], chosen, run.settings)  # type: ignore[attr-defined]
        run.code = session.run()  # type: ignore[attr-defined]
        collection.close()
        assert "\x1b" not in said.getvalue()
        return said.getvalue().splitlines()

    run.settings = tmp_path / "config.toml"  # type: ignore[attr-defined]
    yield run  # type: ignore[misc]
    for each in sessions:
        each.close()


def text_of(feed: Path, name: str) -> str:
    """Return a record's file as it is now."""
    return (feed / "_news" / f"{name}.md").read_text()
