"""A run on a thread of its own, for callers that have no event loop, or need theirs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable

from reader.links.run import RunSummary, Wanted, check_all
from reader.links.settings import CheckSettings
from reader.records.verdicts import Check


class Checker:
    """Checks URLs on its own thread and event loop. One run each.

    `on_check` is called on that thread, for each verdict as it comes; `on_end` once, with the
    summary, or with what `urls` or `on_check` raised. `urls` is iterated on that thread, too.
    """

    def __init__(
        self,
        settings: CheckSettings,
        on_check: Callable[[Check], None],
        on_end: Callable[[RunSummary | BaseException], None] | None = None,
    ) -> None:
        self._settings = settings
        self._on_check = on_check
        self._on_end = on_end
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._result: RunSummary | BaseException | None = None

    def start(self, urls: Iterable[Wanted]) -> None:
        """Begin to check."""
        assert self._thread is None, "a checker runs once"
        self._thread = threading.Thread(
            target=self._run, args=(urls,), name="reader-check", daemon=True
        )
        self._thread.start()

    def _run(self, urls: Iterable[Wanted]) -> None:
        try:
            self._result = asyncio.run(
                check_all(urls, self._settings, self._on_check, self._stop.is_set)
            )
        except BaseException as error:  # noqa: BLE001 - it is handed to whoever waits
            self._result = error
        if self._on_end is not None:
            self._on_end(self._result)

    @property
    def running(self) -> bool:
        """Whether the run has begun and not ended."""
        return self._thread is not None and self._thread.is_alive()

    def cancel(self) -> None:
        """End the run soon; what has a verdict keeps it. Returns at once."""
        self._stop.set()

    def wait(self, timeout: float | None = None) -> RunSummary | None:
        """Wait for the end and return the summary; None when it has not come in time.

        Raises what `urls` or `on_check` raised.
        """
        assert self._thread is not None
        self._thread.join(timeout)
        if isinstance(self._result, BaseException):
            raise self._result
        return self._result
