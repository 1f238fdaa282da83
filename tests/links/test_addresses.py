"""The guard: what is public, what is not, and every way we know to write it."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from reader.links import addresses
from reader.links.guard import Guard
from reader.links.targets import RefusedError, parse

NOT_PUBLIC = [
    ("127.0.0.1", "this computer"),
    ("127.255.255.254", "this computer"),
    ("0.0.0.0", "this computer"),
    ("0.1.2.3", "this computer"),
    ("10.0.0.1", "private"),
    ("10.255.255.255", "private"),
    ("172.16.0.1", "private"),
    ("172.31.255.255", "private"),
    ("192.168.0.1", "private"),
    ("192.168.255.255", "private"),
    ("100.64.0.1", "shared"),
    ("100.127.255.255", "shared"),
    ("100.100.100.200", "metadata"),
    ("169.254.0.1", "local link"),
    ("169.254.169.254", "metadata"),
    ("169.254.170.2", "metadata"),
    ("168.63.129.16", "metadata"),
    ("192.0.0.192", "metadata"),
    ("192.0.0.8", "reserved"),
    ("192.0.2.1", "documentation"),
    ("198.51.100.7", "documentation"),
    ("203.0.113.9", "documentation"),
    ("192.88.99.1", "6to4"),
    ("192.31.196.1", "reserved"),
    ("192.52.193.1", "reserved"),
    ("192.175.48.1", "reserved"),
    ("198.18.0.1", "benchmarks"),
    ("198.19.255.255", "benchmarks"),
    ("224.0.0.1", "multicast"),
    ("239.255.255.255", "multicast"),
    ("240.0.0.1", "reserved"),
    ("255.255.255.255", "broadcast"),
    ("::", "this computer"),
    ("::1", "this computer"),
    ("fd00:ec2::254", "metadata"),
    ("fd20:ce::254", "metadata"),
    ("fc00::1", "private"),
    ("fdff::1", "private"),
    ("fe80::1", "local link"),
    ("febf::1", "local link"),
    ("fec0::1", "private"),
    ("ff02::1", "multicast"),
    ("100::1", "reserved"),
    ("2001:db8::1", "documentation"),
    ("3fff::1", "documentation"),
    ("2001:2::1", "reserved"),
    ("2001:10::1", "reserved"),
    ("2001::7f00:1", "Teredo"),
    ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "Teredo"),
    ("5f00::1", "reserved"),
    ("4000::1", "reserved"),
    ("e000::1", "reserved"),
    ("::ffff:127.0.0.1", "this computer, inside IPv6"),
    ("::ffff:10.1.2.3", "private network, inside IPv6"),
    ("::ffff:169.254.169.254", "metadata service, inside IPv6"),
    ("::ffff:8.8.8.8", "written as IPv6"),
    ("::ffff:0:10.0.0.1", "private network, inside IPv6"),
    ("::10.0.0.1", "private network, inside IPv6"),
    ("::8.8.8.8", "old form"),
    ("64:ff9b::10.0.0.1", "private network, inside IPv6"),
    ("64:ff9b::169.254.169.254", "metadata service, inside IPv6"),
    ("64:ff9b::7f00:1", "this computer, inside IPv6"),
    ("64:ff9b:1::8.8.8.8", "NAT64"),
    ("2002:a00:1::", "private network, inside IPv6"),
    ("2002:7f00:1::1", "this computer, inside IPv6"),
    ("2002:a9fe:a9fe::", "metadata service, inside IPv6"),
    ("2a00:1450::5efe:10.0.0.1", "private network, inside IPv6"),
    ("2a00:1450::200:5efe:192.168.1.1", "private network, inside IPv6"),
]

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.1",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001::200e",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
]


@pytest.mark.parametrize(("address", "what"), NOT_PUBLIC)
def test_what_is_not_public_is_named(address: str, what: str) -> None:
    assert what in (addresses.unsafe(ip_address(address)) or "")


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_may_be_asked(address: str) -> None:
    assert addresses.unsafe(ip_address(address)) is None


SPELLINGS = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0X7F.0.0.1/",
    "http://0x7f.1/",
    "http://017700000001/",
    "http://0177.0.0.01/",
    "http://0177.0x0.1/",
    "http://127.0.0.1./",
    "http://00000000000000000177.0.0.1/",
    "http://%31%32%37.0.0.1/",
    "http://127%2e0%2e0%2e1/",
    "http://１２７.0.0.1/",
    "http://①②⑦.0.0.1/",
    "http://127。0。0。1/",
    "http://127．0．0．1/",
    "http://user:word@127.0.0.1/",
    "http://1.1.1.1@127.0.0.1/",
    "http://127.0.0.1:80/",
    "HTTP://127.0.0.1/",
    "  http://127.0.0.1/\n",
    "ht\ntp://127.0.0.1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]/",
    "http://[::127.0.0.1]/",
]


def judged(url: str, guard: Guard | None = None) -> None:
    target = parse(url)
    assert target.literal is not None
    (guard or Guard((), frozenset())).check(target, [target.literal])


@pytest.mark.parametrize("url", SPELLINGS)
def test_every_spelling_of_this_computer_is_seen_through(url: str) -> None:
    with pytest.raises(RefusedError, match="this computer"):
        judged(url)


NO_HOSTS = [
    "http://",
    "http:///path",
    "http://:80/",
    "http://[::1/",
    "http://[::1]x/",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[1.2.3.4]/",
    "http://[v1.x]/",
    "http://256.256.256.256/",
    "http://1.2.3.4.5/",
    "http://example.0xzz.1/",
    "http://4294967296/",
    "http://127.0.0.0x100/",
    "http://exa mple.com/",
    "http://example.com\\@127.0.0.1/",
    "http://example.com:99999/",
    "http://example.com:0/",
    "http://example.com:8²/",
    "http://example.com:-1/",
    "http://example..com/",
    "http://.example.com/",
    "http://-example.com/",
    "http://" + "a" * 64 + ".com/",
    "http://" + "a." * 127 + "com/",
    "http://" + "é" * 500 + "/",
    "http://%ff%fe/",
    "http://%00/",
    "http://exa%2fmple.com/",
    "http://exa%40mple.com/",
    "http://printer.local/",
    "http://abcdef.onion/",
    "http:example.com",
    "http:/example.com",
    "//example.com/",
    "example.com",
    "",
    "http://example.com/" + "a" * 9000,
]


@pytest.mark.parametrize("url", NO_HOSTS)
def test_what_programs_read_differently_is_not_asked(url: str) -> None:
    with pytest.raises(RefusedError):
        parse(url)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "gopher://x/",
        "mailto:a@b",
    ],
)
def test_only_http_and_https_are_asked(url: str) -> None:
    with pytest.raises(RefusedError, match="Only http and https"):
        parse(url)
