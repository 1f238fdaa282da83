"""How checking behaves: limits, politeness, what is allowed."""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from reader import __version__
from reader.links.way_out import has_way_out

Network = IPv4Network | IPv6Network
Resolve = Callable[[str], list[str]]
"""Gives a name's addresses, blocking, on a thread; raises OSError (`socket.gaierror`)."""

STANDARD_PORTS = frozenset({80, 443, 8080, 8443})

USER_AGENT = f"reader-tui/{__version__} (link check of a feed reader, run by a person)"


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What a run may do. Times are in seconds."""

    workers: int = 32
    """Requests under way at once, over all hosts."""
    per_host: int = 4
    """Requests under way at once to one host."""
    pause: float = 0.1
    """Least time between the beginnings of two requests to one host."""
    deadline: float = 30.0
    """Most time on the wire for one URL, over all its redirects and retries; waits do not count."""
    connect_timeout: float = 10.0
    read_timeout: float = 15.0
    """Most time from the request to the end of the answer's headers."""
    max_bytes: int = 256 * 1024
    """Most bytes read of a body, and most that come of unpacking it."""
    max_read_seconds: float = 2.0
    """Most time on a body; what has come by then is judged."""
    max_redirects: int = 10
    retries: int = 2
    """How often what may pass (timeouts, resets, 5xx, 429) is tried again."""
    retry_wait: float = 1.0
    """Before the first retry; doubled for each further one, and jittered."""
    retry_after_limit: float = 30.0
    """A `Retry-After` up to this is waited for; one beyond it is taken as the answer."""
    host_failures: int = 5
    """So many failures to connect in a row, and a host is left for the rest of the run."""
    user_agent: str = USER_AGENT
    """What the program calls itself; a contact belongs there. Printable ASCII, the rest is `?`."""
    allow: tuple[Network, ...] = ()
    """Networks that may be asked although they are not public; on every port."""
    allow_ports: frozenset[int] = frozenset()
    """Ports that may be asked besides 80, 443, 8080 and 8443."""
    proxy_from_environment: bool = False
    resolver: Resolve | None = None
    """None: the system's."""
    has_way_out: Callable[[], bool] = has_way_out
    """Whether a route leads out of this machine, asked where nobody answered."""
    ssl_context: Callable[[], ssl.SSLContext] | None = None
    """Makes what certificates are verified with; None: the usual authorities."""
    clock: Callable[[], float] = time.time
    """Seconds since 1970: for `Check.at`, dates in `Retry-After` and certificates."""
    random: Callable[[], float] = random.random
    """From 0 to 1: the jitter of waits."""
