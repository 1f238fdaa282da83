"""Asking one URL, one request at a time: each step ends in a verdict or says what comes next."""

from __future__ import annotations

import asyncio
import email.utils
import errno
import re
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx

from reader.links import cookies, judging
from reader.links.addresses import Address
from reader.links.evidence import Answer, Evidence, Near, Outcome, Trouble, Unasked
from reader.links.guard import Guard
from reader.links.proxies import Proxies, Proxy
from reader.links.resolving import Resolver
from reader.links.settings import CheckSettings
from reader.links.targets import RefusedError, Target, join
from reader.links.transport import DeadlineError, Origin, TLSFailure, Transport
from reader.links.unpacking import Unpacker
from reader.records.verdicts import Check, Failure, Hop

_NO_BODY = httpx.ByteStream(b"")
_ANYWHERE = httpx.URL("https://site.invalid/")
"""httpx wants a URL; ours is in the request's extensions, as it was judged, byte for byte."""
_MAX_DRAINED = 64 * 1024
_ACCEPT = b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 529})


@dataclass(slots=True)
class Job:
    """One URL on its way to a verdict."""

    url: str
    """As it stands in the record."""
    target: Target
    """What is asked next."""
    is_amp: bool = False
    home: str = ""
    """The host under which it is queued."""
    chain: list[Hop] = field(default_factory=list)
    tries: int = 0
    """Requests made of the present target."""
    retries: int = 0
    """Retries made, over the whole chain."""
    spent: float = 0.0
    """Seconds on the wire."""
    denied: bool = False
    """Whether the present target said 404 or 410 once."""
    fresh: bool = False
    """Whether the next request is to have a connection of its own."""
    ready_before: float = 0.0
    """When its host could have been asked if this job had not been handed out, and since it was."""
    ready_after: float = 0.0
    seen: set[tuple[str, int]] = field(default_factory=set)
    jar: cookies.Jar = field(default_factory=cookies.Jar)


@dataclass(frozen=True, slots=True)
class Again:
    """The job wants another request, of `job.target`, after some seconds."""

    wait: float = 0.0
    hold: bool = False
    """Whether the host asked for the wait: nobody asks it meanwhile."""


class Asker:
    """Makes requests for jobs. One for each run."""

    def __init__(
        self, settings: CheckSettings, guard: Guard, resolver: Resolver, transport: Transport
    ) -> None:
        self._settings = settings
        self._guard = guard
        self._resolver = resolver
        self._transport = transport
        self._proxies = Proxies(settings.proxy_from_environment)
        self._headers = (
            (b"User-Agent", re.sub(r"[^ -~]", "?", settings.user_agent).strip().encode()),
            (b"Accept", _ACCEPT),
            (b"Accept-Language", b"en, *;q=0.5"),
            (b"Accept-Encoding", b"gzip, deflate"),
        )
        self.requests = 0

    async def step(self, job: Job) -> tuple[Check | Again, Outcome]:
        """Make one request; return what becomes of the job, and what came of the request."""
        job.tries += 1
        outcome = await self._ask(job)
        return self._next(job, outcome), outcome

    # -- what comes next ----------------------------------------------------------------------
    def _next(self, job: Job, outcome: Outcome) -> Check | Again:
        if isinstance(outcome, Unasked):
            return self.check(job, outcome)
        spent = job.spent >= self._settings.deadline
        if isinstance(outcome, Trouble):
            return self._retry(job, outcome, None, outcome.may_pass and not spent)
        if outcome.status in judging.REDIRECTS and "location" in outcome.headers:
            return self._redirect(job, outcome)
        if outcome.status in judging.GONE and not job.denied and not judging.is_wall(outcome):
            job.denied = job.fresh = True
            return Again(self._settings.pause)
        if outcome.status in _RETRIED:
            after = outcome.headers.get("retry-after")
            return self._retry(job, outcome, after, not spent and not judging.is_wall(outcome))
        if outcome.broken and not outcome.body:
            broken = Trouble(outcome.url, Failure.RESET, outcome.broken)
            return self._retry(job, broken, None, not spent)
        return self.check(job, outcome)

    def _redirect(self, job: Job, answer: Answer) -> Check | Again:
        job.seen.add((job.target.url, job.jar.version))
        job.jar.keep(job.target, answer.headers)
        job.chain.append(Hop(answer.url, answer.status))
        try:
            target = join(job.target, answer.headers["location"])
        except RefusedError as refusal:
            return self.check(job, Unasked(answer.headers["location"][:2000], str(refusal)))
        job.target = target
        job.tries = 0
        job.denied = job.fresh = False
        if (target.url, job.jar.version) in job.seen:
            loop = Trouble(target.url, Failure.LOOP, "the redirects lead round in a circle")
            return self.check(job, loop)
        if len(job.chain) > self._settings.max_redirects:
            many = f"more than {self._settings.max_redirects} redirects"
            return self.check(job, Trouble(target.url, Failure.LOOP, many))
        if job.spent >= self._settings.deadline:
            return self.check(job, Trouble(target.url, Failure.TIMEOUT, self._too_long()))
        return Again()

    def _retry(
        self, job: Job, outcome: Answer | Trouble, after: str | None, worth_it: bool
    ) -> Check | Again:
        settings = self._settings
        if not worth_it or job.retries >= settings.retries:
            return self.check(job, outcome)
        wait = settings.retry_wait * 2**job.retries * (0.5 + settings.random())
        asked = self._seconds(after) if after else None
        if asked is not None:
            if asked > settings.retry_after_limit:
                return self.check(job, outcome)
            wait = max(asked, settings.pause)
        job.retries += 1
        job.fresh = True
        return Again(wait, hold=asked is not None)

    def _seconds(self, after: str) -> float | None:
        """Read a `Retry-After` in both of its forms."""
        text = after.strip()
        if text.isascii() and text.isdigit():
            return float(text[:9])
        try:
            return max(
                0.0, email.utils.parsedate_to_datetime(text).timestamp() - self._settings.clock()
            )
        except (ValueError, TypeError, OverflowError, OSError, IndexError):
            return None

    def check(self, job: Job, outcome: Outcome) -> Check:
        """Return the verdict on a job."""
        return judging.judge(
            Evidence(
                job.url,
                tuple(job.chain),
                outcome,
                self._settings.clock(),
                max(1, job.tries),
                job.target.fragment,
                job.denied,
                job.is_amp,
            )
        )

    # -- one request --------------------------------------------------------------------------
    async def _ask(self, job: Job) -> Outcome:
        target = job.target
        try:
            proxy = self._proxies.of(target)
            addresses = await self._addresses(target, proxy)
        except RefusedError as refusal:
            return Unasked(target.url, str(refusal))
        except TimeoutError:
            why = "looking up the host took too long"
            return Trouble(target.url, Failure.TIMEOUT, why, connected=False, near=Near.LOOKUP)
        except OSError as error:
            return _unresolved(target, error)
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            deadline = begun + max(0.0, self._settings.deadline - job.spent)
            return await self._exchange(job, target, addresses, proxy, deadline)
        except DeadlineError:
            return Trouble(target.url, Failure.TIMEOUT, self._too_long(), may_pass=False)
        except httpx.TransportError as error:
            return _trouble(target, error)
        except Exception as error:  # noqa: BLE001 - whatever a server does, the run goes on
            return Trouble(
                target.url, Failure.PROTOCOL, f"it cannot be asked ({type(error).__name__})", False
            )
        finally:
            job.spent += loop.time() - begun

    async def _addresses(self, target: Target, proxy: Proxy | None) -> tuple[Address, ...]:
        self._guard.check_port(target)
        if proxy is not None:
            return self._guard.check_unresolved(target)
        if target.literal is not None:
            return self._guard.check(target, [target.literal])
        async with asyncio.timeout(self._settings.deadline):
            given = await self._resolver.addresses(target.host)
        return self._guard.check(target, given)

    def _too_long(self) -> str:
        return f"no end within {self._settings.deadline:g} s"

    async def _exchange(
        self,
        job: Job,
        target: Target,
        addresses: Sequence[Address],
        proxy: Proxy | None,
        deadline: float,
    ) -> Answer:
        settings = self._settings
        headers = [(b"Host", target.netloc.encode()), *self._headers]
        cookie = job.jar.header(target)
        if cookie:
            headers.append((b"Cookie", cookie.encode()))
        asked = target.path
        if proxy is not None and target.scheme == "http":
            asked = target.url
            if proxy.authorization:
                headers.append((b"Proxy-Authorization", proxy.authorization))
        request = httpx.Request(
            "GET",
            _ANYWHERE,
            headers=headers,
            stream=_NO_BODY,
            extensions={
                "origin": Origin.of(target),
                "target": asked.encode(),
                "addresses": addresses,
                "deadline": deadline,
                "connect_timeout": settings.connect_timeout,
                "read_timeout": settings.read_timeout,
                "body_timeout": settings.max_read_seconds,
                "fresh": job.fresh,
                "proxy": proxy,
            },
        )
        self.requests += 1
        loop = asyncio.get_running_loop()
        begun = loop.time()
        response = await self._transport.handle_async_request(request)
        first_byte = loop.time() - begun
        given = _first_of_each(response)
        unpacker = Unpacker(given.get("content-encoding", ""), settings.max_bytes)
        try:
            body, broken = await self._body(response, given, unpacker, deadline)
        finally:
            await response.stream.aclose()  # type: ignore[union-attr]  # our transport's: async
        return Answer(
            target.url,
            response.status_code,
            given,
            body,
            broken,
            first_byte,
            response.extensions.get("tls_not_after"),
            unpacker.trouble if _is_text(given.get("content-type", "")) else None,
        )

    async def _body(
        self,
        response: httpx.Response,
        headers: Mapping[str, str],
        unpacker: Unpacker,
        deadline: float,
    ) -> tuple[bytes, str | None]:
        """Return what was read of a body, unpacked; and why it broke off, if it did."""
        settings = self._settings
        status = response.status_code
        wanted = status not in judging.REDIRECTS and _is_text(headers.get("content-type", ""))
        if not wanted and not _is_short(headers.get("content-length", "")):
            return b"", None
        pieces: list[bytes] = []
        wire = 0
        broken = None
        try:
            async for chunk in response.stream:  # type: ignore[union-attr]  # async, as above
                wire += len(chunk)
                if wanted:
                    pieces.append(unpacker.feed(chunk))
                if wire >= settings.max_bytes or (wanted and unpacker.full):
                    break
        except TimeoutError:
            if asyncio.get_running_loop().time() >= deadline:
                raise DeadlineError from None
            # Else what came is judged.
        except httpx.TransportError:
            broken = "the answer broke off"
        return b"".join(pieces), broken


def _first_of_each(response: httpx.Response) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in response.headers.raw:
        key = name.decode("latin-1").lower()
        if key == "set-cookie" and key in given:
            given[key] += "\n" + value.decode("latin-1")
        elif key not in given:
            try:
                given[key] = value.decode()
            except UnicodeDecodeError:
                given[key] = value.decode("latin-1")
    return given


def _is_text(content_type: str) -> bool:
    given = content_type.partition(";")[0].strip().lower()
    return given == "" or given.startswith("text/html") or given == "application/xhtml+xml"


def _is_short(length: str) -> bool:
    return length.isascii() and length.isdigit() and len(length) < 6 and int(length) <= _MAX_DRAINED


def _unresolved(target: Target, error: OSError) -> Trouble:
    passing = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
    why = "the host's name cannot be looked up just now" if passing else "the host is not known"
    near = Near.LOOKUP if passing else Near.WAY
    return Trouble(target.url, Failure.HOST, why, may_pass=passing, connected=False, near=near)


def _trouble(target: Target, error: httpx.TransportError) -> Trouble:
    if isinstance(error, TLSFailure):
        ended = error.not_after
        return Trouble(
            target.url, Failure.TLS, f"TLS: {error}", may_pass=False, tls_not_after=ended
        )
    if isinstance(error, httpx.ConnectTimeout):
        return Trouble(target.url, Failure.TIMEOUT, str(error), connected=False)
    if isinstance(error, httpx.ConnectError):
        return _unconnected(target, error)
    if isinstance(error, httpx.ProxyError):
        return Trouble(target.url, Failure.REFUSED, str(error), connected=False)
    if isinstance(error, httpx.TimeoutException):
        return Trouble(target.url, Failure.TIMEOUT, str(error))
    if isinstance(error, httpx.NetworkError):
        return Trouble(target.url, Failure.RESET, "the connection broke off without an answer")
    return Trouble(target.url, Failure.PROTOCOL, f"the answer is not HTTP ({error})"[:300], False)


def _unconnected(target: Target, error: httpx.ConnectError) -> Trouble:
    number = error.__cause__.errno if isinstance(error.__cause__, OSError) else None
    if number == errno.ECONNREFUSED:
        why, kind = "refused the connection", Failure.REFUSED
    elif number in (errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED):
        why, kind = "broke the connection off", Failure.RESET
    elif number in (errno.ETIMEDOUT,):
        why, kind = "did not answer", Failure.TIMEOUT
    elif isinstance(error.__cause__, ConnectionError):
        why, kind = "broke the connection off", Failure.RESET
    else:
        why, kind = "cannot be reached", Failure.REFUSED
    near = Near.WAY if number in (errno.ENETUNREACH, errno.EHOSTUNREACH) else None
    return Trouble(target.url, kind, f"the host {why}", connected=False, near=near)
