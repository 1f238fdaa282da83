"""What an AMP page says of the page it stands for, from what a check saw of it."""

from __future__ import annotations

from .urls import normalise
from .verdicts import Amp, Check, Verdict

_READ = (Verdict.OK, Verdict.MOVED, Verdict.REDIRECTED)


def said_by_amp(check: Check, web: str | None) -> Amp | None:
    """Return how the AMP page of a check stands to the page `web`; None when it was not read, or
    when there is nothing to hold it against."""
    if web is None or check.verdict not in _READ:
        return None
    if check.final_url is not None and _same(check.final_url, web) and not _same(check.url, web):
        return Amp.TO_WEB
    if check.declares_amp is None and check.canonical is None:
        return None
    if not check.declares_amp:
        return Amp.NOT_AMP
    if check.canonical is None:
        return Amp.MISSING
    if check.canonical.partition("#")[0] == web.strip().partition("#")[0]:
        return Amp.MATCH
    return Amp.LOOSE if _same(check.canonical, web) else Amp.MISMATCH


def _same(left: str, right: str) -> bool:
    same = normalise(left)
    return same is not None and same == normalise(right)
