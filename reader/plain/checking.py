"""Checking links in the line mode: asked for, told as verdicts come, stopped by Ctrl+C."""

from __future__ import annotations

import queue
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from reader.config import Config
from reader.records.counting import counted
from reader.records.link_history import Known
from reader.records.text import display
from reader.records.verdicts import Verdict
from reader.terminal.stopping import stoppable

from .console import YES_OR_NO
from .links import verdict_line

if TYPE_CHECKING:
    from reader.checking import Ended

    from .session import Session

ASKED_OVER = 50
"""URLs that are asked without a question before."""


class CheckingLines:
    """The commands that have to do with checking links."""

    def __init__(self, session: Session, chosen: Config) -> None:
        self._session = session
        self._chosen = chosen

    def do_check(self, rest: str) -> None:
        """Check the links of the record, or of the marked ones."""
        current = self._session.listing.current_id
        ids = list(self._session.listing.marked) or ([] if current is None else [current])
        self._check(ids)

    def do_check_view(self, rest: str) -> None:
        self._check(self._session.listing.ids)

    def _check(self, ids: Sequence[int]) -> None:
        from reader.checking import Checking, asked, check_settings, usual_roles

        settings = check_settings(self._chosen)
        if isinstance(settings, str):
            self._session.fail(display(settings))
            return
        collection = self._session.collection
        plan = collection.plan_links(ids, usual_roles(self._chosen), None)
        if not plan.urls:
            self._session.say("There is no link to ask.")
            return
        would = asked(collection, plan, settings)
        urls = counted(would.urls, "URL")
        if would.urls > ASKED_OVER:
            instead = "`reader check --where QUERY` in the shell does that without a question."
            if (
                self._session.console.ask(f"Ask {urls}? y or n:", YES_OR_NO, instead=instead)
                != "yes"
            ):
                self._session.fail("Nothing was asked.")
                return
        told = [f"Asking {urls}; Ctrl+C stops."] if would.urls else []
        told += [f"{would.unsafe:,} unsafe, not asked."] if would.unsafe else []
        self._session.say(" ".join(told))
        came: queue.SimpleQueue[Sequence[Known] | Ended] = queue.SimpleQueue()
        checking = Checking(
            collection,
            plan,
            settings,
            on_kept=came.put,
            on_end=came.put,
            on_error=collection.notices.append,
        )
        counts: Counter[Verdict] = Counter()
        with stoppable() as stopped:
            checking.start()
            try:
                ended = self._told(came, counts, checking.cancel, stopped.is_set)
            finally:
                checking.cancel()
                checking.wait(10)
        if ended.error:
            self._session.fail(f"The check could not go on: {display(ended.error)}.")
        elif ended.cut_off:
            self._session.fail(
                "No host answered at all, so nothing is remembered: is there a network?"
            )
        else:
            summed = ", ".join(f"{count:,} {verdict}" for verdict, count in counts.most_common())
            self._session.say(
                f"{'Stopped' if stopped.is_set() else 'Checked'}: {summed or 'nothing'}."
            )

    def _told(
        self,
        came: queue.SimpleQueue[Sequence[Known] | Ended],
        counts: Counter[Verdict],
        cancel: Callable[[], None],
        is_stopped: Callable[[], bool],
    ) -> Ended:
        """Say each verdict as it comes; return how it ended."""
        cancelled = False
        while True:
            if is_stopped() and not cancelled:
                cancelled = True
                cancel()
            try:
                each = came.get(timeout=0.2)
            except queue.Empty:
                continue
            if not isinstance(each, Sequence):
                return each
            for known in each:
                counts[known.said.verdict] += 1
                if known.said.verdict is not Verdict.OK:
                    self._session.say(verdict_line(known))
