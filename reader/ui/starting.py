"""The first moments: what begins once the first screen is painted, while keys are answered already."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from reader.library.editing import Editing

    from .first_frame import FirstFrame
    from .screens.desk import Desk

FOR_ARTICLES = (
    "yaml",
    "reader.records.yaml_lines",
    "reader.records.front_matter",
    "reader.records.amp_cache",
    "reader.library.parsing",
)
FOR_DECISIONS = (
    "reader.records.bulk",
    "reader.records.decisions",
    "reader.records.splice",
    "reader.library.journal",
    "reader.library.outcome",
    "reader.library.preparing",
    "reader.library.editing",
    "reader.ui.jobs.edits",
    "reader.ui.triage",
)
FOR_VIEWS = (
    "reader.records.querying.nodes",
    "reader.records.querying.outline",
    "reader.records.querying.terms",
    "reader.records.views",
    "reader.views",
)
FOR_FILES = (
    "watchfiles",
    "reader.library.watch",
    "reader.library.git_objects",
    "reader.library.git_status",
    "reader.library.git_checkout",
    "reader.library.git_watch",
)
"""What takes a fifth of a second to load, in parts for which a key can wait. Not in a thread: two that
want the interpreter get in each other's way at every turn."""
GAP = 0.005
"""Seconds between two parts."""
ANSWER = 0.025
"""Seconds after a key in which it is answered, and nothing is loaded."""
PATIENCE = 0.1
"""Seconds after which the next part is loaded all the same: a key may be held down."""
CALM = 0.1
"""Seconds after all that at which a large collection is looked through for changes."""
DUE_EVERY = 20.0
"""Seconds between two looks whether a deferred record has come due."""


@dataclass
class Recovered(Message):
    """What was found half done of a reader that was killed."""

    told: list[str]


def _recovered(editing: Editing) -> Message:
    return Recovered(editing.recover())


def _loading(modules: Iterable[str]) -> Iterator[Callable[[], object]]:
    return (partial(import_module, name) for name in modules)


class Starting:
    """Sees to the start of one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.first_frame: FirstFrame | None = None
        """What the terminal showed before; None in tests."""
        self._last_key = self._last_step = 0.0
        self._steps: deque[Callable[[], object]] = deque(
            [
                *_loading(FOR_ARTICLES),
                desk.reading.begin,
                desk.listing.complete_first,
                *_loading(FOR_DECISIONS),
                self._show_whether_read_only,
                self._look_after_edits,
                *_loading(FOR_VIEWS),
                desk.asks.read_views,
                *_loading(FOR_FILES),
                self._keep_up,
            ]
        )

    def painted(self) -> None:
        """The first screen is on the terminal: the list is there, and nothing beside it yet."""
        desk = self._desk
        self._last_step = time.monotonic()
        self._compare_ground()
        desk.show_status()
        desk.telling.show_keys()
        desk.telling.tell_notices()
        if desk.resuming is not None and desk.resuming.after_first() and not desk.footer.said:
            desk.footer.say("As you left it; reader --fresh begins anew.", about="list")
        desk.own_keys.show_hints()
        if not desk.collection.is_indexed:  # there is nothing else to do yet
            self._steps.remove(self._keep_up)
            desk.upkeep.keep_up()
        self._go_on()

    def _compare_ground(self) -> None:
        """Keep what the next first frame is drawn on, where none is known, or another one."""
        first = self.first_frame
        if first is None or not first.key or self._desk.app.screen is not self._desk:
            return
        region = self._desk.list.region
        if first.ground is None or first.ground.place != tuple(region):
            from .ground_taking import take_ground
            from .grounds import keep_ground

            if (ground := take_ground(self._desk)) is not None:
                self._steps.appendleft(partial(keep_ground, first.cache, first.key, ground))

    def key_came(self) -> None:
        """A key is about to be answered."""
        self._last_key = time.monotonic()

    def _go_on(self) -> None:
        if self._desk.is_attached:
            now = time.monotonic()
            if now - self._last_key > ANSWER or now - self._last_step > PATIENCE:
                self._last_step = now
                self._steps.popleft()()
            if self._steps:
                # By the desk's queue: after the keys in it, and what goes wrong is not passed over.
                again = partial(self._desk.call_later, self._go_on)
                asyncio.get_running_loop().call_later(GAP, again)

    def _show_whether_read_only(self) -> None:
        if self._desk.editing.why_not:  # which was not known yet
            self._desk.show_status()
            self._desk.telling.show_keys()

    def _look_after_edits(self) -> None:
        self._desk.edits.do(_recovered)
        self._desk.look_for_due()
        self._desk.set_interval(DUE_EVERY, self._desk.look_for_due)

    def _keep_up(self) -> None:
        """From here on the files are followed."""
        desk = self._desk
        if desk.listing.complete:
            desk.upkeep.keep_up()
        else:  # of a large collection: the first keys come first
            desk.set_timer(CALM, desk.upkeep.keep_up)
