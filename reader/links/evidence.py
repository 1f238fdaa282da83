"""What asking one URL brought to light: values, before anything is said of them."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from reader.records.verdicts import Failure, Hop


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, its body cut to what was read."""

    url: str
    status: int
    headers: Mapping[str, str]
    """By lower-case name; the first of each."""
    body: bytes = b""
    broken: str | None = None
    """Why the body ended early: a sentence's part ("the connection broke off")."""
    seconds_to_first_byte: float | None = None
    tls_not_after: float | None = None
    """When the certificate ends, in seconds since 1970."""
    unread: str | None = None
    """Why the body could not be read: a sentence's part ("its packing is broken")."""


class Near(enum.Enum):
    """Trouble that looks the same where this machine has no network."""

    LOOKUP = enum.auto()
    """No name server gave an answer."""
    WAY = enum.auto()
    """The name is not known, or no way leads to its address."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there was no answer."""

    url: str
    kind: Failure
    why: str
    """A sentence's part: "the connection was refused"."""
    may_pass: bool = True
    """Whether trying again has a point."""
    connected: bool = True
    """False: not even a connection was made."""
    tls_not_after: float | None = None
    """When a certificate that has expired ended, in seconds since 1970."""
    near: Near | None = None
    """How it may be this machine's trouble and not the host's."""


@dataclass(frozen=True, slots=True)
class Unasked:
    """Why nothing was asked: the guard's reason, a sentence."""

    url: str
    reason: str


Outcome = Answer | Trouble | Unasked


@dataclass(frozen=True, slots=True)
class Evidence:
    """All there is to judge a URL by."""

    url: str
    """As it stands in the record."""
    chain: tuple[Hop, ...]
    """The redirects followed."""
    outcome: Outcome
    at: float
    """Seconds since 1970."""
    tries: int = 1
    """Requests made of the last URL of the chain."""
    fragment: str = ""
    """What the final URL's fragment is, with its `#`."""
    denied_first: bool = False
    """Whether it said 404 or 410 before its last answer."""
    page_wanted: bool = False
    """Whether it matters if the page declares itself AMP."""
