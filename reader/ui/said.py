"""What checking says of a link, as pieces of a line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from reader.records.amp_pages import said_by_amp
from reader.records.counting import counted
from reader.records.dates import age
from reader.records.link_history import Known, failed_in_a_row
from reader.records.shown_value import cut
from reader.records.text import display
from reader.records.verdicts import Amp, Failure, Verdict

from .widgets.pieces import Piece

ROLES: dict[Verdict, str] = {
    Verdict.OK: "pane--good",
    Verdict.REDIRECTED: "pane--good",
    Verdict.MOVED: "pane--accent",
    Verdict.BLOCKED: "pane--dim",
    Verdict.UNKNOWN: "pane--dim",
    Verdict.GONE: "pane--bad",
    Verdict.SUSPECT: "pane--bad",
}
"""The colour of each; all else is a warning."""
_AGREES = (Amp.MATCH, Amp.LOOSE)
MAX_SHOWN = 300
"""Characters of one piece of evidence that are shown."""


def short(known: Known, now: float) -> str:
    """Return the verdict with its status and age: `gone 404, 2 d`."""
    check = known.check
    said = known.said
    parts = said.verdict.value
    if said.overridden_at is not None:
        parts += " (you opened it)"
    elif said.verdict in (Verdict.MOVED, Verdict.REDIRECTED) and check.chain:
        parts += f" {check.chain[0].status}"
    elif check.status is not None and said.verdict is not Verdict.SUSPECT:
        parts += f" {check.status}"
    return f"{parts}, {age(int(check.at), int(now))}"


def role(known: Known) -> str:
    """Return the colour of what is said."""
    return ROLES.get(known.said.verdict, "pane--warning")


def reasons(known: Known, web: str | None = None) -> Iterator[Piece]:
    """Yield what stands under a link that is not simply well: why, where to, and what an AMP page
    says of the page it stands for."""
    check, said = known.check, known.said
    if said.verdict is not Verdict.OK or said.overridden_at is not None:
        yield Piece(cut(display(said.reason), MAX_SHOWN), "pane--dim")
    if check.moved_to and said.verdict is Verdict.MOVED:
        yield Piece(f"leads to {cut(display(check.moved_to), MAX_SHOWN)}", "pane--accent")
    amp = said_by_amp(check, web)
    if amp is not None and amp not in _AGREES:
        yield Piece(f"the AMP page: {amp}", "pane--warning")


def evidence(known: Known) -> Iterator[tuple[str, str]]:
    """Yield all that is known of a link, as names and values that are safe to show."""
    check, said = known.check, known.said
    yield "verdict", said.verdict.value
    yield "why", cut(display(said.reason), MAX_SHOWN)
    yield "checked", when(check.at)
    yield "times", f"{known.times:,}"
    if failed := failed_in_a_row(known.past):
        yield "failed", f"{failed} in a row"
    if said.overridden_at is not None:
        yield "you opened it", when(said.overridden_at)
    if check.status is not None:
        yield "status", str(check.status)
    if check.failure is not None:
        yield "failure", check.failure.value
    for hop in check.chain:
        yield "redirect", f"{hop.status} {cut(display(hop.url), MAX_SHOWN)}"
    for name, url in (
        ("final URL", check.final_url),
        ("moved to", check.moved_to),
        ("canonical", check.canonical),
    ):
        if url:
            yield name, cut(display(url), MAX_SHOWN)
    if check.seconds_to_first_byte is not None:
        yield "first byte", f"{check.seconds_to_first_byte * 1000:,.0f} ms"
    if check.tls_days_left is not None:
        yield "TLS", _tls(check.tls_days_left, expired=check.failure is Failure.TLS)
    if check.content_type:
        yield "type", cut(display(check.content_type), MAX_SHOWN)
    if check.declares_amp is not None:
        yield "AMP", "declares itself so" if check.declares_amp else "no"
    before = known.past[:-1]
    for past in reversed(before[-8:]):
        what = past.failure.value if past.failure is not None else past.status or ""
        yield "before", f"{when(past.at)}  {past.verdict} {what}".rstrip()


def _tls(days_left: int, *, expired: bool) -> str:
    if not expired:
        return f"{counted(days_left, 'day')} left"
    return (
        f"expired {counted(-days_left, 'day')} ago" if days_left else "expired less than a day ago"
    )


def when(seconds: float) -> str:
    """Return a moment in words: its day and its time."""
    try:
        return datetime.fromtimestamp(seconds).strftime("%d %b %Y, %H:%M")
    except (OverflowError, ValueError, OSError):
        return "?"
