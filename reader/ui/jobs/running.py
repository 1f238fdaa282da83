"""What the desk's background jobs have in common: each runs in a thread, posts what it found, and
touches no widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from textual.message import Message
from textual.screen import Screen
from textual.worker import get_current_worker

from reader.library.collection import Collection


@dataclass
class Failed(Message):
    """Background work could not be done."""

    reason: str


class Running:
    """The jobs of one screen. A new job of a kind takes the place of the one before; jobs of
    different kinds never cancel each other."""

    def __init__(self, screen: Screen[Any], collection: Collection) -> None:
        self._screen = screen
        self._collection = collection
        self.views: Mapping[str, str] = {}
        """The user's own, name to query."""

    def _run(self, kind: str, job: Callable[[Callable[[], bool]], None]) -> None:
        def work() -> None:
            worker = get_current_worker()
            try:
                job(lambda: worker.is_cancelled)
            except Exception as error:  # noqa: BLE001  # a thread's last resort: say it
                if not worker.is_cancelled:  # else it was cut off, as it was meant to be
                    self._post(Failed(str(error) or type(error).__name__))

        self._screen.run_worker(work, group=kind, exclusive=True, thread=True, exit_on_error=False)

    def _post(self, message: Message) -> None:
        if self._screen.is_attached:
            self._screen.post_message(message)
