"""The programs that are driven, and when each has painted its first screenful."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests import corpus
from tests.benchmarks import places, rivals
from tests.terminal.terminal import Terminal

SIZE = (120, 40)


@dataclass(frozen=True)
class Subject:
    """A program to drive. `ready` is on the screen once it shows what it is for."""

    name: str
    argv: Sequence[str | os.PathLike[str]]
    ready: re.Pattern[str]
    env: Mapping[str, str] = field(default_factory=dict)
    opening: tuple[str, ...] = ()
    """Keys that lead from the first screenful to the list of articles."""
    listed: re.Pattern[str] | None = None
    """On the screen once `opening` has led there."""
    whole: re.Pattern[str] | None = None
    """On the screen once all of it is there, where that comes later."""
    quit: tuple[str, ...] = ("ctrl+q",)

    def start(self, keep_output: bool = False) -> Terminal:
        """Start the program."""
        return Terminal(self.argv, size=SIZE, env=self.env, keep_output=keep_output)

    def leave(self, terminal: Terminal) -> None:
        """End the program as a user does, and wait for its end."""
        for key in self.quit:
            terminal.press(key)
            terminal.wait_quiet(0.05, first=0.2)
        terminal.wait_exit(30)


def hello() -> Subject:
    """Return the bare Textual app."""
    script = Path(__file__).with_name("hello.py")
    return Subject("bare Textual app", [sys.executable, script], re.compile("hello, world"))


def reader_name(count: int) -> str:
    """Return what ours is called in the tables."""
    return f"reader {places.name_of(count)}"


def reader(count: int) -> Subject:
    """Return ours with a warm index of the collection of `count` records."""
    return Subject(
        reader_name(count),
        [places.program(), "--fresh", places.collection(count)],
        _titles(count),
        places.warm(count),
        whole=re.compile(r"\b1 of [\d,]+\+? .*VIEWS.*DETAIL", re.DOTALL),
    )


def newsboat(count: int) -> Subject | None:
    """Return newsboat with a feed of `count` items in its cache; None where not installed."""
    command = rivals.newsboat(count)
    if command is None:
        return None
    return Subject(
        f"newsboat {places.name_of(count)}",
        command,
        re.compile(rivals.FEED_TITLE),
        opening=("enter",),
        listed=_titles(count),
        quit=("q", "q"),
    )


def _titles(count: int) -> re.Pattern[str]:
    """What shows that a screenful of the list is painted: the newest title, and the 25th."""
    heads = list(corpus.heads(count, 25))
    begin = [re.escape(heads[place].title[:14]) for place in (0, -1)]
    return re.compile(".*".join(begin), re.DOTALL)
