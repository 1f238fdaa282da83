"""From evidence to a verdict: pure, and the only place that decides what is said."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import NamedTuple

from reader.links import pages, soft, walls
from reader.links.evidence import Answer, Evidence, Trouble, Unasked
from reader.links.pages import Page
from reader.records.text import clean
from reader.records.urls import is_web_url, normalise
from reader.records.verdicts import Check, Failure, Hop, Verdict

PERMANENT = frozenset({301, 308})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({404, 410})
_REFUSALS = {
    401: "asks for a login",
    402: "asks for payment",
    403: "refuses us",
    405: "refuses the way we ask",
    406: "refuses the way we ask",
    407: "is behind a proxy that asks for a login",
    412: "refuses the way we ask",
    418: "refuses robots",
    420: "asks for fewer requests",
    425: "refuses to answer now",
    426: "refuses the way we ask",
    428: "refuses the way we ask",
    429: "asks for fewer requests",
    430: "refuses us",
    444: "refuses us",
    451: "refuses for legal reasons",
    494: "refuses us",
    498: "refuses us",
    499: "refuses us",
    999: "refuses robots",
}
_HTML = ("text/html", "application/xhtml+xml", "")
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+\-]{1,60}/[a-z0-9!#$&^_.+\-]{1,80}")
_MAX_WORDS = 80


class _Said(NamedTuple):
    verdict: Verdict
    reason: str
    failure: Failure | None = None


def is_html(answer: Answer) -> bool:
    """Whether an answer says that it is an HTML page (or does not say)."""
    given = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return given in _HTML


def is_wall(answer: Answer) -> bool:
    """Whether an answer is a wall against robots: asking again would not help."""
    return walls.wall(answer.headers, _page(answer)) is not None


def judge(evidence: Evidence) -> Check:
    """Return what is said of a URL."""
    outcome = evidence.outcome
    days_left = None
    if isinstance(outcome, Answer):
        return _judged(evidence, outcome)
    if isinstance(outcome, Unasked):
        where = " A redirect leads there." if evidence.chain else ""
        said = _Said(Verdict.UNSAFE, clean(outcome.reason) + where)
    else:
        days_left = _days_left(outcome, evidence.at)
        why = outcome.why if days_left is None else f"{outcome.why}, {_ago(-days_left)}"
        said = _Said(Verdict.FAILING, _sentence(why, evidence), outcome.kind)
    return Check(
        evidence.url,
        said.verdict,
        said.reason,
        evidence.at,
        failure=said.failure,
        final_url=_final_url(evidence),
        chain=evidence.chain,
        tls_days_left=days_left,
    )


def _judged(evidence: Evidence, answer: Answer) -> Check:
    page = _page(answer)
    said = _said_of(evidence, answer, page)
    return Check(
        evidence.url,
        said.verdict,
        said.reason,
        evidence.at,
        status=answer.status,
        failure=said.failure,
        final_url=_final_url(evidence),
        chain=evidence.chain,
        moved_to=_moved_to(evidence, answer) if said.verdict is Verdict.MOVED else None,
        seconds_to_first_byte=answer.seconds_to_first_byte,
        tls_days_left=_days_left(answer, evidence.at),
        content_type=_content_type(answer),
        canonical=page.canonical if is_web_url(page.canonical or "") else None,
        declares_amp=page.declares_amp if evidence.page_wanted and page.text else None,
    )


def _final_url(evidence: Evidence) -> str | None:
    # A location that could not be read is a stranger's text; all others are ASCII.
    return clean(evidence.outcome.url) if evidence.chain else None


def _page(answer: Answer) -> Page:
    if not answer.body or not is_html(answer):
        return Page()
    return pages.read(answer.body, answer.headers.get("content-type", ""), answer.url)


def _said_of(evidence: Evidence, answer: Answer, page: Page) -> _Said:
    status = answer.status
    named = _named(status)
    whose = walls.wall(answer.headers, page)
    if whose:
        who = "A wall against robots" if whose == "a bot wall" else f"{whose}'s wall against robots"
        return _Said(Verdict.BLOCKED, f"{who} answered with {named}; a browser may get through.")
    if status in _REFUSALS:
        return _Said(Verdict.BLOCKED, _sentence(f"{named}: the site {_REFUSALS[status]}", evidence))
    if status in GONE:
        return _Said(Verdict.GONE, f"{named}, asked twice.")
    if status >= 500:
        return _Said(Verdict.FAILING, _sentence(named, evidence), Failure.SERVER)
    if status == 408:
        return _Said(Verdict.FAILING, _sentence(named, evidence), Failure.TIMEOUT)
    if status >= 400:
        return _Said(Verdict.FAILING, _sentence(named, evidence), Failure.SERVER)
    if not 200 <= status < 300:
        why = f"{named}, without saying where to" if status < 400 else named
        return _Said(Verdict.FAILING, _sentence(why, evidence), Failure.PROTOCOL)
    return _suspicion(evidence, answer, page) or _well(evidence, answer, named)


def _suspicion(evidence: Evidence, answer: Answer, page: Page) -> _Said | None:
    if soft.is_parked(page, answer.url):
        return _Said(Verdict.SUSPECT, "The domain seems to be parked or for sale.")
    says = soft.says_not_found(page)
    if says:
        says = clean(says)
        words = says if len(says) <= _MAX_WORDS else says[: _MAX_WORDS - 1] + "…"
        return _Said(Verdict.SUSPECT, f"{_named(answer.status)}, but the page says “{words}”.")
    if page.refresh and soft.leads_to_front(answer.url, page.refresh):
        return _Said(Verdict.SUSPECT, "The page only sends on to a front page.")
    if not evidence.chain:
        return None
    gate = soft.gate(evidence.url, answer.url)
    if gate:
        return _Said(Verdict.BLOCKED, f"Redirected to {gate}; a browser may get through.")
    if soft.leads_to_not_found(answer.url):
        return _Said(Verdict.SUSPECT, "Redirected to a page for what is not found.")
    if soft.leads_to_front(evidence.url, answer.url):
        return _Said(Verdict.SUSPECT, "Redirected to a front page instead of the page itself.")
    return None


def _well(evidence: Evidence, answer: Answer, named: str) -> _Said:
    notes = ""
    if evidence.denied_first:
        notes = ", after a first answer of not found"
    elif evidence.tries > 1:
        notes = f", at the {_ordinal(evidence.tries)} try"
    for trouble in (answer.broken, answer.unread):
        if trouble:
            notes += f"; {trouble}"
    chain = evidence.chain
    if not chain:
        return _Said(Verdict.OK, f"{named}{notes}.")
    target = _moved_to(evidence, answer)
    if target is None:
        return _Said(Verdict.REDIRECTED, f"Redirected for now ({_statuses(chain)}){notes}.")
    how = _difference(evidence.url, target)
    return _Said(Verdict.MOVED, f"Moved permanently{how} ({_statuses(chain)}){notes}.")


def _moved_to(evidence: Evidence, answer: Answer) -> str | None:
    """The URL to write instead: the end of the permanent redirects that the chain begins with."""
    chain = evidence.chain
    permanent = 0
    while permanent < len(chain) and chain[permanent].status in PERMANENT:
        permanent += 1
    if permanent == 0:
        return None
    url = answer.url if permanent == len(chain) else chain[permanent].url
    return url + evidence.fragment


def _difference(url: str, target: str) -> str:
    if normalise(url) == normalise(target):
        if url.lower().startswith("http:") and target.startswith("https:"):
            return " to https"
        return ", the same page by another spelling"
    if url.lower().startswith("https:") and target.startswith("http:"):
        return ", from https to http"
    return ""


def _statuses(chain: tuple[Hop, ...]) -> str:
    return ", ".join(str(hop.status) for hop in chain)


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third", 4: "fourth", 5: "fifth"}.get(number, f"{number}th")


def _sentence(why: str, evidence: Evidence) -> str:
    tries = f", tried {evidence.tries} times" if evidence.tries > 1 else ""
    return clean(f"{why[:1].upper()}{why[1:]}{tries}.")


def _days_left(outcome: Answer | Trouble, at: float) -> int | None:
    """Whole days; below zero since the certificate has expired."""
    ended = outcome.tls_not_after
    if ended is None or (isinstance(outcome, Trouble) and ended > at):
        return None  # it is one of an authority that has expired
    return int((ended - at) / 86400)


def _ago(days: int) -> str:
    return "less than a day ago" if days < 1 else f"{days:,} day{'s' if days > 1 else ''} ago"


def _content_type(answer: Answer) -> str | None:
    given = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return given if _MEDIA_TYPE.fullmatch(given) else None
