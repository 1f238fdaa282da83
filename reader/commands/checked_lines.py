"""A check told in lines: what is not well as it comes, how far it is, and the sum."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from reader.records.counting import counted
from reader.records.text import clean, encodable
from reader.records.urls import host_of
from reader.records.verdicts import Check, Verdict

from .check_findings import Finding
from .output import ProgressLine, exact_path, is_terminal, note, write

if TYPE_CHECKING:
    from reader.checking import Ended, Found
    from reader.library.link_plan import LinkPlan

EVERY = 0.25
"""Seconds between two changes of the line on a terminal."""
EVERY_PLAIN = 30.0
"""Seconds between two lines that say how far it is, where there is no terminal."""
_QUIET = (Verdict.OK, Verdict.REDIRECTED)
_MAX = 500  # characters of a URL that are shown


class Lines:
    """Writes them, unless standard output is for JSON."""

    def __init__(
        self, args: Namespace, total: int, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        """`now` tells the seconds since some moment."""
        self._is_quiet = args.json or args.jsonl or "-" in (args.junit, args.markdown)
        self._all = args.all
        self._total = total
        self._line = ProgressLine("checking")
        self._has_terminal = is_terminal(sys.stderr)
        self._now = now
        self._begun = self._shown = now()
        self._came = 0
        self._unsafe = 0
        self._hosts: set[str] = set()

    def link(self, found: Found, counts: Counter[Verdict]) -> None:
        """Tell of one link."""
        said = found.known.said
        if found.asked:
            self._count(found.known.check)
        if self._all or said.verdict not in _QUIET or found.amp not in (None, "match", "loosely"):
            reason = said.reason
            if found.amp is not None and found.amp not in ("match", "loosely"):
                reason += f" The AMP page: {found.amp}."
            if found.known.check.moved_to and said.verdict is Verdict.MOVED:
                reason += f" It leads to {found.known.check.moved_to}"
            place = found.places[0] if found.places else None
            more = f" (+{len(found.places) - 1})" if len(found.places) > 1 else ""
            path = exact_path(place.path) + more if place else ""
            role = place.role.value if place else ""
            self._write(said.verdict, role, found.known.check.url, path, reason)
        self.progress(counts)

    def _count(self, check: Check) -> None:
        self._came += 1
        if check.verdict is Verdict.UNSAFE and not check.chain:  # one may be led to on the way
            self._unsafe += 1
        else:
            self._hosts.add(host_of(check.url))

    def finding(self, finding: Finding) -> None:
        """Tell of something that was seen without the network."""
        reason = finding.reason
        if finding.wanted:
            reason += f" It has to be {finding.wanted}"
        self._write(
            finding.kind, finding.field, finding.found or "", exact_path(finding.path), reason
        )

    def progress(self, counts: Counter[Verdict]) -> None:
        """Say how far it is, when it is time."""
        now = self._now()
        if now - self._shown < (EVERY if self._has_terminal else EVERY_PLAIN):
            return
        self._shown = now
        text = progress_text(self._came, self._total, now - self._begun, counts)
        if self._has_terminal:
            self._line.show(text)
        else:
            note(text)

    def clear(self) -> None:
        self._line.clear()

    def end(
        self, counts: Counter[Verdict], plan: LinkPlan, ended: Ended, interrupted: bool
    ) -> None:
        """Write the sum."""
        self.clear()
        summary = ended.summary
        if summary is None:
            return
        begun = "stopped" if interrupted else "checked"
        asked, hosts = self._came - self._unsafe, len(self._hosts)
        told = verdicts_text(counts) or "nothing to check"
        if ended.cut_off:  # what was asked has come to nothing, and was not told
            asked, hosts = summary.checked - self._unsafe, summary.hosts
            told = ", ".join(filter(None, (verdicts_text(counts), "none answered")))
        text = f"{begun}: {counted(asked, 'URL')} on {counted(hosts, 'host')} in"
        text += f" {time_of(summary.seconds)}"
        if self._unsafe:
            text += f", {self._unsafe:,} not asked (unsafe)"
        if plan.recent:
            text += f", {len(plan.recent):,} more as found lately"
        note(f"{text}: {told}.")
        if interrupted:
            note(f"{max(0, plan.urls - self._came):,} were not asked; what was found is kept.")
        for host in () if ended.cut_off else summary.left_hosts[:20]:
            note(f"{clean(host)} could not be connected to and was left.")

    def offline(self, records: int, told: Sequence[Finding]) -> None:
        """Write the sum of a check without the network."""
        amp = sum(finding.kind == "amp" for finding in told)
        text = f"{counted(records, 'record')} looked at: {counted(amp, 'AMP cache URL')} to mend,"
        others = len(told) - amp
        are = "that is" if others == 1 else "that are"
        note(f"{text} {counted(others, 'link')} {are} no web address.")

    def _write(self, verdict: str, role: str, url: str, path: str, reason: str) -> None:
        if self._is_quiet:
            return
        self.clear()
        parts = (verdict, role, encodable(clean(url))[:_MAX], path, encodable(clean(reason)))
        if is_terminal(sys.stdout):
            write(f"{parts[0]:<10} {parts[2]}\n{'':<10} {parts[1]} of {parts[3]}: {parts[4]}")
        else:
            write("\t".join(part.replace("\t", " ").replace("\n", " ") for part in parts))


def progress_text(done: int, total: int, seconds: float, counts: Counter[Verdict]) -> str:
    """Return how far a check is: count, verdicts that matter, rate, time left."""
    rate = done / seconds if seconds > 0 else 0.0
    parts = [f"checking {done:,} of {total:,}"]
    parts += [f"{count:,} {verdict}" for verdict, count in _told(counts)]
    if done:
        parts.append(f"{rate:,.0f}/s" if rate >= 1 else f"{rate * 60:,.0f}/min")
        if total > done and rate > 0:
            parts.append(f"{time_of((total - done) / rate)} left")
    return " · ".join(parts)


def verdicts_text(counts: Counter[Verdict]) -> str:
    """Return how many there are of each verdict, the good ones first."""
    return ", ".join(f"{counts[each]:,} {each}" for each in Verdict if counts[each])


def time_of(seconds: float) -> str:
    """Return a length of time in words, as long as it matters."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def _told(counts: Counter[Verdict]) -> list[tuple[Verdict, int]]:
    return [(each, counts[each]) for each in Verdict if counts[each] and each not in _QUIET]
