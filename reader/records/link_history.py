"""What is said of a link now: from its newest check, the ones before it, and the user's own word.

One check is one moment. A host that does not answer is failing, and gone after it was silent on
three days; one that answers in between is flaky until it answers twice in a row. What the user
has opened works, until a check finds something else than it did then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .links import link_key
from .verdicts import Check, Failure, Verdict

MAX_PAST = 24
"""Checks that are remembered of one URL."""
GONE_DAYS = 3
"""Days on which a link has to fail, without an answer in between, to be called gone."""
CLEARING = 2
"""Answers in a row after which earlier failures count no more."""
DAY = 86_400

_SILENCE = (Failure.HOST, Failure.REFUSED, Failure.TIMEOUT, Failure.TLS)
_SAYS_NOTHING = (Verdict.UNKNOWN, Verdict.UNSAFE)
_MAY_BE_FLAKY = (Verdict.OK, Verdict.MOVED, Verdict.REDIRECTED)


@dataclass(frozen=True, slots=True)
class Past:
    """What is remembered of one check."""

    at: float
    """Seconds since 1970."""
    verdict: Verdict
    failure: Failure | None = None
    status: int | None = None

    @property
    def is_failing(self) -> bool:
        """Whether this check alone said that the link fails."""
        return self.verdict is Verdict.FAILING

    @property
    def is_silence(self) -> bool:
        """Whether nobody answered: what makes a link gone in the end."""
        return self.is_failing and self.failure in _SILENCE

    @property
    def is_answer(self) -> bool:
        """Whether the site answered, be it with a refusal."""
        return not self.is_failing and self.verdict not in _SAYS_NOTHING

    @property
    def kind(self) -> tuple[bool, bool, bool]:
        """What counts of it in a history."""
        return self.is_silence, self.is_failing, self.is_answer

    @property
    def day(self) -> int:
        """The day (UTC)."""
        return int(self.at // DAY)

    def found_the_same(self, other: Past) -> bool:
        """Return whether two checks found the same, whenever that was."""
        return (self.verdict, self.failure, self.status) == (
            other.verdict, other.failure, other.status,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Override:
    """“I opened it, it works.”"""

    at: float
    of: Past
    """What the newest check had found then."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a link."""

    verdict: Verdict
    reason: str
    """A sentence for people."""
    overridden_at: float | None = None
    """When the user said that it works, where that is what counts."""


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of a link that was checked."""

    check: Check
    """The newest one."""
    past: tuple[Past, ...]
    """The newest last; that is `check`."""
    times: int
    """How often it was checked, ever."""
    override: Override | None = None

    @property
    def key(self) -> int:
        """What verdicts know the URL by."""
        return link_key(self.check.url)

    @property
    def said(self) -> Said:
        """What is said of it now."""
        return said_of(self.check, self.past, self.override)

    def after(self, check: Check) -> Known:
        """Return what is known after another check. One that was stopped changes nothing, and the
        user's word ends where the check found something else."""
        if check.verdict is Verdict.UNKNOWN:
            return self
        override = self.override
        if override is not None and not override.of.found_the_same(past_of(check)):
            override = None
        return Known(check, remembered(self.past, check), self.times + 1, override)


def first_known(check: Check) -> Known:
    """Return what is known after a first check."""
    return Known(check, remembered((), check), 1)


def past_of(check: Check) -> Past:
    """Return what is remembered of a check."""
    return Past(check.at, check.verdict, check.failure, check.status)


def remembered(past: Sequence[Past], check: Check) -> tuple[Past, ...]:
    """Return the checks to remember, the newest last: at most `MAX_PAST`.

    A check that was stopped says nothing and is not remembered. Of more than two of a kind in a
    row on one day the middle ones go first, so that days are not crowded out."""
    newest = past_of(check)
    if newest.verdict is Verdict.UNKNOWN:
        return tuple(past)
    kept = [*past, newest]
    if len(kept) > CLEARING:
        *_, before, middle, last = kept
        if before.kind == middle.kind == last.kind and before.day == middle.day == last.day:
            del kept[-2]
    return tuple(kept[-MAX_PAST:])


def said_of(check: Check, past: Sequence[Past], override: Override | None = None) -> Said:
    """Return what is said of a link whose newest check is `check`; `past` ends with that one."""
    if override is not None and override.of.found_the_same(past_of(check)):
        return Said(Verdict.OK, f"You opened it and it worked; {_low(check.reason)}", override.at)
    known = [each for each in past if each.verdict not in _SAYS_NOTHING]
    if not known or check.verdict in _SAYS_NOTHING:
        return Said(check.verdict, check.reason)
    since = _since_cleared(known)
    failures = sum(each.is_failing for each in since)
    if check.verdict is Verdict.FAILING:
        days = _silent_days(known)
        if days >= GONE_DAYS:
            return Said(Verdict.GONE, f"On {days} days nobody answered: {_low(check.reason)}")
        if _is_answered_between(since):
            return Said(
                Verdict.FLAKY,
                f"It answers now and then, {failures} of {len(since)} checks failed:"
                f" {_low(check.reason)}",
            )
    elif check.verdict in _MAY_BE_FLAKY and failures:
        return Said(
            Verdict.FLAKY,
            f"It answers now, but {failures} of the last {len(since)} checks failed.",
        )
    return Said(check.verdict, check.reason)


def failed_in_a_row(past: Sequence[Past]) -> int:
    """Return how many of the newest checks failed, one after the other."""
    count = 0
    for each in reversed(past):
        if not each.is_failing:
            break
        count += 1
    return count


def _since_cleared(known: Sequence[Past]) -> list[Past]:
    """Return the checks after the last two answers in a row; nothing, where those are the newest."""
    run = 0
    for at in range(len(known) - 1, -1, -1):
        run = run + 1 if known[at].is_answer else 0
        if run == CLEARING:
            return list(known[at + CLEARING :])
    return list(known)


def _silent_days(known: Sequence[Past]) -> int:
    """Return on how many days the newest checks, one after the other, met silence."""
    days = set()
    for each in reversed(known):
        if not each.is_silence:
            break
        days.add(each.day)
    return len(days)


def _is_answered_between(checks: Sequence[Past]) -> bool:
    failed = False
    for each in checks[:-1]:
        if failed and each.is_answer:
            return True
        failed = failed or each.is_failing
    return False


def _low(sentence: str) -> str:
    """Return a sentence as the second half of one."""
    first = sentence[:2]
    return sentence[:1].lower() + sentence[1:] if first[1:].islower() else sentence
