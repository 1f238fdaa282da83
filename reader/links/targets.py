"""A URL taken apart once, strictly: what is asked for, and what the guard judges, are the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import unquote_to_bytes, urljoin

from reader.links.addresses import Address, ends_in_number, spelled_ipv4

MAX_URL = 8192
_DEFAULT_PORTS = {"http": 80, "https": 443}
_CONTROLS = "".join(map(chr, range(33)))
_BREAKS = re.compile(r"[\t\r\n]")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):")
_REST = re.compile(r"//([^/?#\\]*)([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_\-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_\-]*[a-z0-9_])?)*")
_TO_ESCAPE = re.compile(r"[^!$&'()*+,\-./0-9:;=?@A-Z_a-z~%\[\]|^`{}]")
_LONE_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
_NOT_ASKED = {
    "local": "names under .local are asked of the local network",
    "onion": "names under .onion are not of the public internet",
}


class RefusedError(Exception):
    """A URL that is not asked. `str` is the reason, a sentence."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for: all of it ASCII, credentials and fragment left out."""

    scheme: str
    host: str
    """Lower case, without brackets and trailing dot; Punycode."""
    port: int
    path: str
    """With the query; begins with a slash."""
    fragment: str
    """With its `#`; never sent."""
    literal: Address | None
    """The address, when the host is one."""

    @property
    def netloc(self) -> str:
        """Host and, unless it is the scheme's own, port: what the Host header says."""
        host = f"[{self.host}]" if isinstance(self.literal, IPv6Address) else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL as it is asked for."""
        return f"{self.scheme}://{self.netloc}{self.path}"


def parse(url: str) -> Target:
    """Return what is asked for a URL; raises RefusedError with the reason why nothing is."""
    text = _BREAKS.sub("", url.strip(_CONTROLS))
    if len(text) > MAX_URL:
        raise RefusedError(f"The URL is longer than {MAX_URL} characters.")
    scheme = _SCHEME.match(text)
    if scheme is None:
        raise RefusedError("This is not a complete URL: it has no scheme.")
    if scheme[1].lower() not in _DEFAULT_PORTS:
        raise RefusedError(f"Only http and https are asked, not {scheme[1].lower()[:20]}.")
    rest = _REST.fullmatch(text, scheme.end())
    if rest is None:
        raise RefusedError("This is not a complete URL: two slashes and a host are missing.")
    authority, path, query, fragment = rest.groups("")
    if path.startswith("\\"):
        raise RefusedError("A backslash after the host: programs disagree where it leads.")
    host, port, literal = _host_and_port(authority.rpartition("@")[2])
    asked = _escaped(path or "/") + _escaped(query if query != "?" else "")
    name = scheme[1].lower()
    part = f"#{_escaped(fragment[1:])}" if len(fragment) > 1 else ""
    return Target(name, host, port or _DEFAULT_PORTS[name], asked, part, literal)


def join(base: Target, location: str) -> Target:
    """Return where a `Location` leads from `base`; raises RefusedError. The fragment is inherited."""
    try:
        target = parse(urljoin(base.url, location.strip()))
    except ValueError:
        raise RefusedError("The redirect leads to something that is no URL.") from None
    if base.fragment and not target.fragment:
        return Target(
            target.scheme, target.host, target.port, target.path, base.fragment, target.literal
        )
    return target


def _escaped(text: str) -> str:
    if "%" in text:
        text = _LONE_PERCENT.sub("%25", text)
    return _TO_ESCAPE.sub(
        lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace")), text
    )


@lru_cache(4096)  # a run asks many URLs of few hosts
def _host_and_port(authority: str) -> tuple[str, int | None, Address | None]:
    if authority.startswith("["):
        inner, closed, after = authority[1:].partition("]")
        if not closed or (after and not after.startswith(":")):
            raise RefusedError("The brackets of the host are not closed.")
        if "%" in inner:
            raise RefusedError("An IPv6 address with a zone is one of the local network.")
        try:
            literal = IPv6Address(inner)
        except AddressValueError:
            raise RefusedError("The host in brackets is no IPv6 address.") from None
        return literal.compressed, _port(after[1:]), literal
    name, _, port = authority.partition(":")
    host = _name(name)
    if not ends_in_number(host):
        return host, _port(port), None
    number = spelled_ipv4(host)
    if number is None:
        raise RefusedError("The host ends in a number and is no IPv4 address.")
    return str(number), _port(port), number


def _port(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) < 65536:
        raise RefusedError("The port is no number from 1 to 65535.")
    return int(text)


def _name(text: str) -> str:
    """Return a host name in ASCII, in the one form that is looked up and judged."""
    if not text:
        raise RefusedError("The URL has no host.")
    if len(text) > 1000:
        raise RefusedError("The host is no valid name.")
    if "%" in text:
        try:
            text = unquote_to_bytes(text).decode()
        except UnicodeDecodeError:
            raise RefusedError("The host is no valid name.") from None
    host = text.lower() if text.isascii() else _punycode(text)
    host = host.removesuffix(".")
    if (
        len(host) > 253
        or not _NAME.fullmatch(host)
        or any(len(label) > 63 for label in host.split("."))
    ):
        raise RefusedError("The host is no valid name.")
    reason = _NOT_ASKED.get(host.rpartition(".")[2])
    if reason:
        raise RefusedError(f"Not asked: {reason}.")
    return host


def _punycode(text: str) -> str:
    import idna  # here: few hosts need it

    if len(text) > 253:
        raise RefusedError("The host is no valid name.")
    try:
        return idna.encode(text, uts46=True, transitional=False).decode().lower()
    except (idna.IDNAError, UnicodeError, ValueError, IndexError):
        raise RefusedError("The host is no valid name.") from None
