"""The guard at work: names that mean inside addresses, names that change, what is allowed."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from reader.links.guard import Guard
from reader.links.targets import RefusedError, parse
from reader.records.verdicts import Verdict
from tests.links.servers import Names, answer, check_one, checked, redirect, run, serving
from tests.links.test_addresses import NOT_PUBLIC, SPELLINGS


@pytest.mark.parametrize("url", SPELLINGS)
async def test_no_spelling_of_this_computer_is_asked(url: str) -> None:
    found, summary = await run([url], allow=())
    assert found[url].verdict is Verdict.UNSAFE
    assert summary.requests == 0


@pytest.mark.parametrize("address", [address for address, _ in NOT_PUBLIC])
async def test_no_name_leads_to_an_inside_address(address: str) -> None:
    names = Names(site_test=["93.184.216.34", address])
    found, summary = await run(["https://site.test/x"], allow=(), resolver=names)
    check = found["https://site.test/x"]
    assert check.verdict is Verdict.UNSAFE
    assert str(ip_address(address)) in check.reason
    assert summary.requests == 0


async def test_a_name_that_mixes_public_and_inside_is_unsafe_in_any_order() -> None:
    for given in (["1.1.1.1", "10.0.0.1"], ["10.0.0.1", "1.1.1.1"], ["2606:4700::1", "::1"]):
        check = await check_one("http://site.test/", allow=(), resolver=Names(site_test=given))
        assert check.verdict is Verdict.UNSAFE


async def test_a_name_with_very_many_addresses_is_unsafe() -> None:
    many = [f"1.1.{n // 250}.{n % 250}" for n in range(100)]
    check = await check_one("http://site.test/", allow=(), resolver=Names(site_test=many))
    assert check.verdict is Verdict.UNSAFE


async def test_the_connection_goes_to_the_address_that_was_judged() -> None:
    """A name that changes between looking and connecting (rebinding) is looked up only once."""
    async with serving({"*": answer(200, "x")}, address="127.0.0.5") as server:
        turns = iter(["127.0.0.5"])
        check = await check_one(server.url(), resolver=lambda _: [next(turns)])
        assert check.verdict is Verdict.OK
        assert server.seen[0].headers["host"] == f"site.test:{server.port}"


async def test_a_name_that_changes_during_a_run_is_still_what_was_judged() -> None:
    async with serving({"*": answer(200, "x")}, address="127.0.0.5") as server:
        server.scripts["/page"] = redirect(302, "/next")
        names = Names()
        answers = iter([["127.0.0.5"], ["10.0.0.1"], ["10.0.0.1"]])

        def changing(name: str) -> list[str]:
            names.asked.append(name)
            return next(answers)

        found = await checked([server.url(), server.url("/other")], resolver=changing, workers=1)
        assert {check.verdict for check in found.values()} == {Verdict.OK, Verdict.REDIRECTED}
        assert names.asked == ["site.test"]


async def test_a_redirect_to_a_name_that_leads_inside_is_unsafe() -> None:
    async with serving({"/inside": answer(200, "secret")}, address="127.0.0.6") as inside:
        async with serving({}, address="127.0.0.5") as server:
            for to in (
                f"http://rebound.test:{inside.port}/inside",
                f"http://127.0.0.6:{inside.port}/inside",
                f"http://0x7f000006:{inside.port}/inside",
                f"http://2130706438:{inside.port}/inside",
                f"http://[::ffff:127.0.0.6]:{inside.port}/inside",
                f"//127.0.0.6:{inside.port}/inside",
            ):
                server.scripts["/page"] = redirect(302, to)
                names = Names(site_test="127.0.0.5", rebound_test="127.0.0.6")
                allow = (ip_network("127.0.0.5/32"),)
                check = await check_one(server.url(), resolver=names, allow=allow)
                assert check.verdict is Verdict.UNSAFE, to
        assert inside.seen == []


async def test_an_allowed_network_is_open_on_every_port_and_no_other_is() -> None:
    async with serving({"*": answer(200, "x")}, address="127.0.0.5") as server:
        names = Names(site_test="127.0.0.5")
        allowed = await check_one(server.url(), resolver=names, allow=(ip_network("127.0.0.0/29"),))
        assert allowed.verdict is Verdict.OK
        other = await check_one(server.url(), resolver=names, allow=(ip_network("127.0.0.8/29"),))
        assert other.verdict is Verdict.UNSAFE


@pytest.mark.parametrize(
    ("port", "asked"),
    [(80, True), (443, True), (8080, True), (8443, True), (22, False), (25, False), (6379, False)],
)
def test_ports(port: int, asked: bool) -> None:
    target = parse(f"http://example.com:{port}/")
    guard = Guard((), frozenset())
    if asked:
        assert guard.check(target, [ip_address("1.1.1.1")])
    else:
        with pytest.raises(RefusedError, match=f"Port {port} is not asked"):
            guard.check_port(target)
        with pytest.raises(RefusedError, match=f"Port {port} is not asked"):
            guard.check(target, [ip_address("1.1.1.1")])
        assert Guard((), frozenset({port})).check(target, [ip_address("1.1.1.1")])
        assert Guard([ip_network("1.0.0.0/8")], frozenset()).check(target, [ip_address("1.1.1.1")])
        with pytest.raises(RefusedError):  # allowing one network opens no port of others
            Guard([ip_network("10.0.0.0/8")], frozenset()).check(target, [ip_address("1.1.1.1")])


async def test_a_port_that_is_not_asked_is_not_even_looked_up() -> None:
    names = Names()
    check = await check_one("http://site.test:22/", allow=(), resolver=names)
    assert check.verdict is Verdict.UNSAFE
    assert names.asked == []


def test_an_allowed_network_holds_for_addresses_mapped_into_ipv6() -> None:
    guard = Guard([ip_network("10.1.0.0/16")], frozenset())
    target = parse("http://inside.example/")
    assert guard.check(target, [ip_address("::ffff:10.1.2.3")]) == (ip_address("10.1.2.3"),)
    with pytest.raises(RefusedError):
        guard.check(target, [ip_address("::ffff:10.2.2.3")])


def test_the_reason_says_what_would_open_it() -> None:
    with pytest.raises(
        RefusedError, match=r"inside.example is 10.1.2.3: a private network; --allow"
    ):
        Guard((), frozenset()).check(parse("http://inside.example/"), [ip_address("10.1.2.3")])


async def test_addresses_are_tried_in_turn() -> None:
    async with serving({"*": answer(200, "x")}, address="127.0.0.5") as server:
        names = Names(site_test=["127.0.0.9", "127.0.0.5"])  # nobody listens at the first
        assert (await check_one(server.url(), resolver=names)).verdict is Verdict.OK
