"""Checks of links in the background: what is planned, what was found, and the end of it, each posted
as a message; the keys never wait for a network or a disk."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message
from textual.screen import Screen

from reader.library.collection import Collection
from reader.records.verdicts import Role, Verdict

if TYPE_CHECKING:
    from reader.checking import Asked, Checking, Ended
    from reader.library.link_plan import LinkPlan
    from reader.links.settings import CheckSettings
    from reader.records.link_history import Known

EVERY = 0.2
"""Seconds between two messages about what was found, at least."""


@dataclass
class Planned(Message):
    """What a check would ask."""

    plan: LinkPlan
    ids: Sequence[int]
    would: Asked | None
    """What it comes to; None where it was asked for so clearly that no preview is needed."""


@dataclass
class Found(Message):
    """Links that were checked, and the records that have them; all of it is on the disk."""

    counts: Counter[Verdict]
    """Of the whole run so far."""
    done: int
    seconds: float
    """Since the run began."""
    records: frozenset[int]


@dataclass
class Over(Message):
    """A check has ended."""

    ended: Ended
    counts: Counter[Verdict]
    done: int


@dataclass
class Trouble(Message):
    """Something about a check that the user has to know."""

    reason: str


class Checks:
    """The check of one screen: one at a time."""

    def __init__(self, screen: Screen[None], collection: Collection) -> None:
        self._screen = screen
        self._collection = collection
        self._run: _Run | None = None

    @property
    def is_running(self) -> bool:
        """Whether a check was begun that is not over."""
        return self._run is not None and not self._run.checking.is_over

    def plan(
        self,
        ids: Sequence[int],
        roles: Sequence[Role],
        max_age: float | None,
        *,
        preview: CheckSettings | None = None,
        only: int | None = None,
    ) -> None:
        """Post Planned once it is known what a check of these records would ask; `preview`: with
        what it comes to by these settings; `only`: the key of one link, the others left out."""

        def look() -> None:
            from reader.checking import asked

            would = None
            try:
                plan = self._collection.plan_links(ids, roles, max_age)
                plan = plan if only is None else plan.only((only,))
                if preview is not None:
                    would = asked(self._collection, plan, preview)
            except Exception as error:  # noqa: BLE001  told, not raised: this is nobody's thread
                self._screen.post_message(Trouble(f"The links cannot be looked up ({error})."))
                return
            self._screen.post_message(Planned(plan, ids, would))

        threading.Thread(target=look, name="reader-link-plan", daemon=True).start()

    def start(self, plan: LinkPlan, settings: CheckSettings) -> None:
        """Begin to check. What was found is posted, at most five times a second."""
        self._run = _Run(self._screen.post_message, self._collection, plan, settings)
        threading.Thread(target=self._run.begin, name="reader-check-begin", daemon=True).start()

    def cancel(self) -> None:
        """End it soon; what was found is kept."""
        if self._run is not None:
            self._run.cancel()

    def finish(self) -> None:
        """End it, and wait until what was found is kept."""
        if self._run is not None and not self._run.checking.is_over:
            self._run.cancel()
            self._run.checking.wait(3)


class _Run:
    """One check. Its callbacks come on the keeper's thread, one after the other."""

    def __init__(
        self,
        post: Callable[[Message], bool],
        collection: Collection,
        plan: LinkPlan,
        settings: CheckSettings,
    ) -> None:
        from reader.checking import Checking

        self._post = post
        self._collection = collection
        self._counts: Counter[Verdict] = Counter()
        self._done = 0
        self._begun = time.monotonic()
        self._posted = 0.0
        self._records: set[int] = set()
        self._cancelled = False
        self.checking: Checking = Checking(
            collection,
            plan,
            settings,
            on_kept=self._kept,
            on_end=self._ended,
            on_error=self._trouble,
        )

    def begin(self) -> None:
        """Begin, on a thread of its own: loading what asks the network takes a moment."""
        self.checking.start()
        if self._cancelled:
            self.checking.cancel()

    def cancel(self) -> None:
        self._cancelled = True
        self.checking.cancel()

    def _kept(self, known: Sequence[Known]) -> None:
        for each in known:
            self._counts[each.said.verdict] += 1
            places = self._collection.verdicts.records_with(each.check.url)
            self._records.update(record for record, _ in places)
        self._done += len(known)
        if time.monotonic() - self._posted >= EVERY:
            self._tell()

    def _tell(self) -> None:
        self._posted = time.monotonic()
        seconds = self._posted - self._begun
        records, self._records = frozenset(self._records), set()
        self._post(Found(Counter(self._counts), self._done, seconds, records))

    def _trouble(self, reason: str) -> None:
        self._post(Trouble(reason))

    def _ended(self, ended: Ended) -> None:
        self._tell()
        self._post(Over(ended, Counter(self._counts), self._done))
