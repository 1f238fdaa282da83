"""Which IP addresses are not the public internet, and the ways to write one.

Explicit tables: `ipaddress.is_global` alone misses several (metadata services, addresses inside
addresses), and what it says differs from one Python to the next.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

_V4 = tuple(
    (IPv4Network(network), what)
    for network, what in (
        ("169.254.169.254/32", "a cloud's metadata service"),
        ("169.254.170.2/32", "a cloud's metadata service"),
        ("100.100.100.200/32", "a cloud's metadata service"),
        ("192.0.0.192/32", "a cloud's metadata service"),
        ("168.63.129.16/32", "a cloud's metadata service"),
        ("127.0.0.0/8", "this computer"),
        ("0.0.0.0/8", "this computer"),
        ("10.0.0.0/8", "a private network"),
        ("172.16.0.0/12", "a private network"),
        ("192.168.0.0/16", "a private network"),
        ("100.64.0.0/10", "a provider's shared network"),
        ("169.254.0.0/16", "the local link"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "reserved for documentation"),
        ("198.51.100.0/24", "reserved for documentation"),
        ("203.0.113.0/24", "reserved for documentation"),
        ("192.31.196.0/24", "reserved"),
        ("192.52.193.0/24", "reserved"),
        ("192.88.99.0/24", "reserved for 6to4 relays"),
        ("192.175.48.0/24", "reserved"),
        ("198.18.0.0/15", "reserved for benchmarks"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_V6 = tuple(
    (IPv6Network(network), what)
    for network, what in (
        ("fd00:ec2::254/128", "a cloud's metadata service"),
        ("fd20:ce::254/128", "a cloud's metadata service"),
        ("::1/128", "this computer"),
        ("::/128", "this computer"),
        ("fc00::/7", "a private network"),
        ("fe80::/10", "the local link"),
        ("fec0::/10", "a private network"),
        ("ff00::/8", "multicast"),
        ("64:ff9b:1::/48", "a private network, by NAT64"),
        ("100::/64", "reserved"),
        ("100:0:0:1::/64", "reserved"),
        ("2001::/32", "a Teredo tunnel"),
        ("2001:db8::/32", "reserved for documentation"),
        ("2001::/23", "reserved"),
        ("2620:4f:8000::/48", "reserved"),
        ("3fff::/20", "reserved for documentation"),
        ("5f00::/16", "reserved"),
    )
)
_PUBLIC_V6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_6TO4 = IPv6Network("2002::/16")
_LOW_32 = (  # an IPv4 address in the last 32 bits; these forms reach nothing public by themselves
    (IPv6Network("::ffff:0:0/96"), "an IPv4 address written as IPv6"),
    (IPv6Network("::ffff:0:0:0/96"), "an IPv4 address translated to IPv6"),
    (IPv6Network("::/96"), "an IPv4 address in an old form of IPv6"),
)
_ISATAP = (0x00005EFE, 0x02005EFE)


def unsafe(address: Address) -> str | None:
    """Return what makes an address none to ask ("a private network"), or None for a public one."""
    if isinstance(address, IPv4Address):
        return next((what for network, what in _V4 if address in network), None)
    for network, what in _V6:
        if address in network:
            return what
    for network, form in _LOW_32:
        if address in network:
            inside = unsafe(IPv4Address(int(address) & 0xFFFFFFFF))
            return f"{inside}, inside IPv6" if inside else form
    number = int(address)
    inside = None
    if address in _NAT64 or (number >> 32) & 0xFFFFFFFF in _ISATAP:
        inside = unsafe(IPv4Address(number & 0xFFFFFFFF))
    elif address in _6TO4:
        inside = unsafe(IPv4Address((number >> 80) & 0xFFFFFFFF))
    if inside:
        return f"{inside}, inside IPv6"
    if address not in _PUBLIC_V6 and address not in _NAT64:
        return "reserved"
    return None


def plain(address: Address) -> Address:
    """Return the IPv4 address that an IPv4-mapped IPv6 address means; any other as it is."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


_NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")


def ends_in_number(host: str) -> bool:
    """Whether browsers read a host as an IPv4 address: its last part is a number."""
    return _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]) is not None


def spelled_ipv4(host: str) -> IPv4Address | None:
    """Return the IPv4 address that browsers and C libraries read in a host: decimal, octal or
    hexadecimal parts, one to four of them. None when it is no such spelling."""
    parts = host.removesuffix(".").split(".")
    if not 1 <= len(parts) <= 4:
        return None
    numbers: list[int] = []
    for part in parts:
        if not _NUMBER.fullmatch(part) or len(part) > 20:
            return None
        try:
            if part[:2].lower() == "0x":
                numbers.append(int(part[2:] or "0", 16))
            else:
                numbers.append(int(part, 8 if part[0] == "0" and len(part) > 1 else 10))
        except ValueError:
            return None
    *heads, last = numbers
    if any(number > 255 for number in heads) or last >= 256 ** (5 - len(numbers)):
        return None
    for place, number in enumerate(heads):
        last += number << (8 * (3 - place))
    return IPv4Address(last)


def read(text: str) -> Address | None:
    """Return the address a resolver wrote, None when it is none (or one with a zone)."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return None if getattr(address, "scope_id", None) else address
