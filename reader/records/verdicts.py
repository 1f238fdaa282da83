"""What checking says of a link: the closed set of verdicts, and the evidence for one.

Pure values: `reader.links` makes them, `reader.library` keeps them, commands and interface show them.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Role(enum.StrEnum):
    """What a URL is to its record. The words are those of the data, of queries and of `--roles`."""

    WEB = "web"
    AMP = "amp"
    CDN_AMP = "cdn-amp"
    ORIGINAL = "original"
    IMAGE = "image"
    RELATED = "related"
    BODY = "body"

    number: int
    """The role as the index stores it: its place in this list. New roles come last."""


for _at, _role in enumerate(Role):
    _role.number = _at

DEFAULT_ROLES = (Role.WEB, Role.AMP, Role.CDN_AMP)
"""What is checked when nobody says otherwise."""


class Verdict(enum.StrEnum):
    """What is said of a link. Nothing else is ever said."""

    OK = "ok"
    MOVED = "moved"
    """A permanent redirect: the target is kept, and offered as an edit."""
    REDIRECTED = "redirected"
    """A temporary redirect."""
    BLOCKED = "blocked"
    """The site refuses us, and perhaps nobody else: 401, 403, 407, 429, 451, 999, a bot wall."""
    GONE = "gone"
    """404 or 410, confirmed; or a failure on three days."""
    FAILING = "failing"
    """A server's error, a timeout, a reset, trouble with TLS; `Failure` says which."""
    FLAKY = "flaky"
    """It answers now and then, as the history says."""
    SUSPECT = "suspect"
    """Status 200, but it says not found, leads to the front page, or the domain is parked."""
    UNSAFE = "unsafe"
    """A scheme, port or address that is not requested."""
    UNKNOWN = "unknown"
    """Never checked, or stopped before an answer."""


WORST = (
    Verdict.GONE, Verdict.SUSPECT, Verdict.FAILING, Verdict.FLAKY, Verdict.UNSAFE, Verdict.BLOCKED,
    Verdict.MOVED,
)  # fmt: skip
"""What a list of records shows, the worst first."""


class Failure(enum.StrEnum):
    """Of which kind a failure is."""

    HOST = "unknown host"
    REFUSED = "refused"
    TIMEOUT = "timed out"
    RESET = "reset"
    TLS = "TLS"
    SERVER = "server error"
    PROTOCOL = "no HTTP"
    LOOP = "redirect loop"


class Amp(enum.StrEnum):
    """What an AMP page says of the page it stands for."""

    MATCH = "match"
    LOOSE = "loosely"
    MISMATCH = "mismatch"
    MISSING = "missing"
    NOT_AMP = "not AMP"
    TO_WEB = "leads to the web page"


@dataclass(frozen=True, slots=True)
class Hop:
    """One answer on the way to the last one."""

    url: str
    status: int


@dataclass(frozen=True, slots=True)
class Check:
    """What one check of one URL found, before the history is asked."""

    url: str
    verdict: Verdict
    reason: str
    """A sentence for people."""
    at: float
    """When, in seconds since 1970."""
    status: int | None = None
    """The HTTP status of the last answer."""
    failure: Failure | None = None
    final_url: str | None = None
    """Where the last answer came from, when it is not `url`."""
    chain: tuple[Hop, ...] = ()
    """The redirects on the way, in order; without the last answer."""
    moved_to: str | None = None
    """With `moved`: the URL to write instead."""
    seconds_to_first_byte: float | None = None
    tls_days_left: int | None = None
    """Of the certificate; with a failure by TLS: since when it has expired, as a number below zero."""
    content_type: str | None = None
    canonical: str | None = None
    """The page's `rel=canonical`, absolute, when it is HTML and names one."""
    declares_amp: bool | None = None
    """Whether the page declares itself AMP; None when it was not looked at."""
