"""Servers that mean harm, or are broken: each ends in a verdict, in bounded time and memory."""

from __future__ import annotations

import asyncio
import gzip
import subprocess
import sys
import time
import tracemalloc
import zlib

import pytest

from reader.records.verdicts import Check, Failure, Verdict
from tests.links.servers import (
    Exchange,
    Script,
    answer,
    check_one,
    checked,
    redirect,
    serving,
)

OK_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


async def quickly(script: Script, **given: object) -> Check:
    """Check one URL against a script, in bounded time and memory; the server is then still there."""
    async with serving({"/page": script, "/well": answer(200, "fine")}) as server:
        tracemalloc.start()
        begun = time.monotonic()
        found = await checked([server.url(), server.url("/well")], workers=1, **given)
        taken = time.monotonic() - begun
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert taken < 30
        assert peak < 12 << 20
        assert found[server.url("/well")].verdict is Verdict.OK
        return found[server.url()]


def flood(head: bytes, piece: bytes, pause: float = 0.0) -> Script:
    async def send(exchange: Exchange) -> None:
        await exchange.send(head)
        for _ in range(100_000):
            await exchange.send(piece)
            if pause:
                await asyncio.sleep(pause)

    return send


async def test_an_endless_body_is_cut() -> None:
    check = await quickly(flood(OK_HEAD + b"\r\n", b"<p>more</p>" * 500))
    assert check.verdict is Verdict.OK


async def test_an_endless_chunked_body_is_cut() -> None:
    head = OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    check = await quickly(flood(head, b"1000\r\n" + b"x" * 4096 + b"\r\n"))
    assert check.verdict is Verdict.OK


async def test_a_huge_promised_length_is_cut() -> None:
    head = OK_HEAD + b"Content-Length: 99999999999999\r\n\r\n"
    assert (await quickly(flood(head, b"x" * 4096))).verdict is Verdict.OK


async def test_a_body_that_drips_is_judged_by_what_came() -> None:
    head = OK_HEAD + b"\r\n<title>Page not found</title>"
    check = await quickly(flood(head, b".", 0.02), max_read_seconds=0.1)
    assert check.verdict is Verdict.SUSPECT


async def test_endless_headers_are_no_answer() -> None:
    check = await quickly(flood(OK_HEAD, b"X-More: " + b"x" * 1000 + b"\r\n"), retries=0)
    assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.PROTOCOL)


async def test_one_endless_header_is_no_answer() -> None:
    check = await quickly(flood(OK_HEAD + b"X-More: ", b"x" * 4096), retries=0)
    assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.PROTOCOL)


async def test_headers_that_drip_end_by_the_deadline() -> None:
    script = flood(OK_HEAD, b"X: y\r\n", 0.01)
    check = await quickly(script, deadline=0.3, read_timeout=10)
    assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.TIMEOUT)
    assert "No end within 0.3 s" in check.reason


async def test_one_deadline_holds_over_all_redirects() -> None:
    async def onwards(exchange: Exchange) -> None:
        number = int(exchange.seen.path.strip("/")) + 1
        await exchange.send(redirect(302, f"/{number}"))

    async with serving({"*": onwards}, delay=0.2) as server:
        check = await check_one(server.url("/1"), deadline=0.5, max_redirects=50)
        assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.TIMEOUT)
        assert "No end within 0.5 s" in check.reason
        assert len(server.seen) <= 3


async def test_one_deadline_holds_over_all_retries() -> None:
    async with serving({"*": answer(503, "x")}, delay=0.2) as server:
        check = await check_one(server.url(), deadline=0.5, retries=50)
        assert check.verdict is Verdict.FAILING
        assert len(server.seen) <= 3


async def test_endless_interim_answers_are_no_answer() -> None:
    check = await quickly(flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), retries=0)
    assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.PROTOCOL)


async def test_endless_chunk_extensions_and_trailers_end() -> None:
    head = OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    for piece in (b"1;" + b"e" * 4000 + b"\r\nx\r\n", b"1;" + b"e" * 4000):
        check = await quickly(flood(head, piece), retries=0)
        assert check.verdict in (Verdict.OK, Verdict.FAILING)
    trailing = head + b"4\r\nwell\r\n0\r\n"
    assert (await quickly(flood(trailing, b"X-T: " + b"t" * 999 + b"\r\n"))).verdict is Verdict.OK


@pytest.mark.parametrize("layers", [1, 2])
async def test_a_compressed_bomb_stays_small(layers: int) -> None:
    data = b"<p>" + b"0" * (64 << 20)
    for _ in range(layers):
        data = gzip.compress(data)
    encoding = ", ".join(["gzip"] * layers)
    check = await quickly(answer(200, data, [("Content-Encoding", encoding)]))
    assert check.verdict is Verdict.OK


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("gzip, deflate", lambda data: zlib.compress(gzip.compress(data))),
        ("identity", lambda data: data),
    ],
)
async def test_packed_bodies_are_read(name: str, pack: object) -> None:
    data = pack(b"<title>Page not found</title>" + b"<p>" * 1000)  # type: ignore[operator]
    check = await quickly(answer(200, data, [("Content-Encoding", name)]))
    assert check.verdict is Verdict.SUSPECT


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("br", "packed as br, which was not asked for"),
        ("zstd", "packed as zstd, which was not asked for"),
        ("gzip, br", "packed as br, which was not asked for"),
        ("gzip, gzip, gzip", "packed in a way that was not asked for"),
        ("\x1b[31m\u202e" + "n" * 99, "packed in a way that was not asked for"),
        ("gzip", "its packing is broken"),
        ("deflate", "its packing is broken"),
    ],
)
async def test_what_cannot_be_unpacked_is_judged_without_its_body_and_says_so(
    name: str, why: str
) -> None:
    data = b"\xff<title>Page not found</title>"
    head = answer(200, data, [("Content-Encoding", "PACKED")]).replace(b"PACKED", name.encode())
    check = await quickly(head)
    assert check.verdict is Verdict.OK
    assert check.reason.startswith("200 OK; ")
    assert why in check.reason
    assert ": its text was not read" in check.reason
    assert check.canonical is None


@pytest.mark.parametrize("name", ["br", "zstd"])
async def test_what_is_packed_unasked_is_what_its_status_says(name: str) -> None:
    packed = [("Content-Encoding", name)]
    assert (await quickly(answer(404, b"\xff", packed))).verdict is Verdict.GONE
    assert (await quickly(answer(403, b"\xff", packed))).verdict is Verdict.BLOCKED
    image = await quickly(answer(200, b"\xff", packed, type="image/svg+xml"))
    assert image.reason == "200 OK."  # whose text is not looked at anyway


GARBAGE = {
    "binary": b"\x00\x01\x02\xff\xfe garbage",
    "a greeting": b"SSH-2.0-OpenSSH_9.6\r\n",
    "no status": b"HTTP/1.1\r\n\r\n",
    "a status too long": b"HTTP/1.1 20000 OK\r\n\r\n",
    "a status in words": b"HTTP/1.1 OK OK\r\n\r\n",
    "a NUL in a header": b"HTTP/1.1 200 OK\r\nX: a\x00b\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a switch of protocols": b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n",
    "only an interim answer": b"HTTP/1.1 103 Early Hints\r\n\r\n",
    "nothing": b"",
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE.keys())
async def test_garbage_is_failing(garbage: bytes) -> None:
    async def send(exchange: Exchange) -> None:
        await exchange.send(garbage)
        exchange.hang_up()

    check = await quickly(send)
    assert check.verdict is Verdict.FAILING
    assert check.failure in (Failure.PROTOCOL, Failure.RESET)
    assert check.reason.isprintable()


@pytest.mark.parametrize(
    "line",
    [
        b"Warning: mysql_connect() in /var/www/x.php",
        b"nonsense",
        b": x",
        b"Content-Length: -1",
        b"Content-Length: many",
        b"X-Spaced : y",
        b"na me: y",
        b"n\xc3\xa4me: y",
    ],
)
async def test_header_lines_that_are_none_are_left_out_as_browsers_do(line: bytes) -> None:
    async def send(exchange: Exchange) -> None:
        await exchange.send(OK_HEAD + line + b"\r\n\r\n<title>Page not found</title>")
        exchange.hang_up()

    check = await quickly(send)
    assert check.verdict is Verdict.SUSPECT
    assert check.content_type == "text/html"


async def test_foreign_bytes_in_headers_do_no_harm() -> None:
    head = b"HTTP/1.1 200 \xe4\xff\r\nX-\xc3\xa4: y\r\nX: \xff\xfe\r\nContent-Length: 0\r\n\r\n"
    check = await quickly(head)
    assert check.verdict in (Verdict.OK, Verdict.FAILING)
    check = await quickly(b"HTTP/1.1 302 F\r\nLocation: /\xff\xfe\r\nContent-Length: 0\r\n\r\n")
    assert check.verdict in (Verdict.GONE, Verdict.SUSPECT)


@pytest.mark.parametrize(
    "broken", [b"zz\r\nhello\r\n", b"5\r\nhel", b"5\r\nhelloXX3\r\n", b"-1\r\n"]
)
async def test_broken_chunks_after_some_body_are_judged_by_what_came(broken: bytes) -> None:
    head = OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n"

    async def send(exchange: Exchange) -> None:
        await exchange.send(head + b"5\r\nhello\r\n" + broken)
        exchange.hang_up()

    check = await quickly(send)
    assert check.verdict is Verdict.OK
    assert "broke off" in check.reason


async def test_a_body_shorter_than_promised_is_judged_by_what_came() -> None:
    async def send(exchange: Exchange) -> None:
        await exchange.send(OK_HEAD + b"Content-Length: 500\r\n\r\n<title>Page not found</title>")
        exchange.hang_up()

    assert (await quickly(send)).verdict is Verdict.SUSPECT


async def test_a_promised_body_that_never_begins_is_failing() -> None:
    async def send(exchange: Exchange) -> None:
        await exchange.send(OK_HEAD + b"Content-Length: 500\r\n\r\n")
        exchange.hang_up(reset=True)

    check = await quickly(send)
    assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.RESET)


async def test_bytes_beyond_the_length_do_not_poison_the_next_answer() -> None:
    poison = answer(200, "fine") + b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    async with serving({"*": poison}) as server:
        urls = [server.url(f"/{n}") for n in range(6)]
        found = await checked(urls, workers=1, per_host=1)
        assert {check.verdict for check in found.values()} == {Verdict.OK}
        assert server.connections == 6


async def test_bytes_that_come_late_do_not_poison_the_next_answer() -> None:
    late = asyncio.Event()

    async def send(exchange: Exchange) -> None:
        await exchange.send(answer(200, "fine"))
        if exchange.seen.path == "/0":
            await exchange.send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            late.set()

    async with serving({"*": send}) as server:
        urls = [server.url(f"/{n}") for n in range(3)]
        found = await checked(urls, workers=1, per_host=1, pause=0.05)
        assert late.is_set()
        assert {check.verdict for check in found.values()} == {Verdict.OK}


async def test_a_connection_closed_while_idle_costs_nothing() -> None:
    async def send(exchange: Exchange) -> None:
        await exchange.send(answer(200, "fine"))
        exchange.hang_up()

    async with serving({"*": send}) as server:
        urls = [server.url(f"/{n}") for n in range(5)]
        found = await checked(urls, workers=1, per_host=1)
        assert {check.reason for check in found.values()} == {"200 OK."}
        assert len(server.seen) == 5


async def test_a_large_file_is_not_fetched() -> None:
    sent = 0

    async def send(exchange: Exchange) -> None:
        nonlocal sent
        await exchange.send(
            b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 900000000\r\n\r\n"
        )
        for _ in range(10_000):
            await exchange.send(b"x" * 65536)
            sent += 65536

    check = await quickly(send)
    assert check.verdict is Verdict.OK
    assert check.content_type == "video/mp4"
    assert sent < 16 << 20


HOSTILE_PAGES = {
    "tags without end": b"<a " * 90_000,
    "comments without end": b"<!--" * 60_000,
    "declarations": b"<!" * 120_000,
    "quotes": b"<link rel='" * 20_000,
    "attributes": b"<link " + b"a=b " * 60_000 + b">",
    "spaces": b"<link" + b" " * 250_000 + b">",
    "titles": b"<title>" * 36_000,
    "headings": b"<h1>" * 64_000,
    "entities": b"<title>" + b"&amp;" * 50_000,
    "numbers": b"<title>&#" + b"9" * 200_000 + b";</title>",
    "scripts": b"<script>" * 32_000,
    "greater": b"<link href=\">" * 20_000,
    "nested": b"<div>" * 50_000,
    "equals": b"<meta " + b"=" * 200_000,
    "refresh": b"<meta http-equiv=refresh content='0;" + b" " * 200_000 + b"url=x'>",
    "marks": b"<title>" + "a\u0301".encode() * 80_000,
}  # fmt: skip


@pytest.mark.parametrize("page", HOSTILE_PAGES.values(), ids=HOSTILE_PAGES.keys())
async def test_pages_made_to_be_slow_are_not(page: bytes) -> None:
    begun = time.process_time()
    check = await quickly(answer(200, page))
    assert check.verdict is Verdict.OK
    assert time.process_time() - begun < 5


async def test_nothing_a_server_says_reaches_a_terminal_raw() -> None:
    evil = "&#27;[31m\x9b2J&#x202e;\u200b\x07"
    page = f"<title>Page not found | {evil}</title><link rel=canonical href='/a{evil}'>"
    scripts: dict[str, Script] = {
        "/page": answer(200, page),
        "/type": answer(200, "x", type="text/html\x9b31m"),
        "/location": b"HTTP/1.1 302 F\r\nLocation: ftp://\xc2\x9b\xe2\x80\xae\r\nContent-Length: 0\r\n\r\n",
        "/status": b"HTTP/1.1 999 \xc2\x9b31m\r\nContent-Length: 0\r\n\r\n",
        "/head": b"HTTP/1.1 200 \x1b[31m\r\nX\x1b: \x1b\r\n\r\n",
    }
    async with serving(scripts) as server:
        found = await checked([server.url(path) for path in scripts], retries=0)
        for check in found.values():
            said = (check.reason, check.final_url, check.moved_to, check.content_type)
            for text in (*said, check.canonical, *(hop.url for hop in check.chain)):
                assert text is None or (text.isprintable() and "\u202e" not in text), text
        assert found[server.url("/page")].verdict is Verdict.SUSPECT
        assert found[server.url("/page")].canonical is None
        assert found[server.url("/location")].verdict is Verdict.UNSAFE


async def test_a_name_of_codecs_is_not_believed() -> None:
    for name in ("zlib", "idna", "undefined", "unicode_escape", "utf-7", "rot13", "nonsense"):
        kind = f"text/html; charset={name}"
        assert (await quickly(answer(200, "<p>x", type=kind))).verdict is Verdict.OK


async def test_a_url_made_of_anything_ends_in_a_verdict() -> None:
    urls = [
        "",
        " ",
        "\x00",
        "http://\x00/",
        "http://[",
        "http://]",
        "http://%",
        "http://@",
        "http://:@:/",
        "http://\ud800/",
        "http://site.test/\ud800",
        "http://xn--/",
        "http://xn--a/",
        "http://xn--" + "9" * 50 + ".test/",
        "http://\u202e.test/",
        "http://" + "\u0301" * 100 + "/",
        "http://" + "a" * 300 + "/",
        "http://a.test:00000000000080/",
        "http://a.test:٣/",
        "https://127.0.0.1:1/",
        "http://[::1]:1/",
        "http://[2001:db8::1]/",
        "x" * 100_000,
    ]
    found = await checked(urls, retries=0)
    assert set(found) == set(urls)
    for check in found.values():
        assert check.verdict in (Verdict.UNSAFE, Verdict.FAILING)
        assert check.reason.isprintable()
        assert check.reason.endswith(".")


async def test_a_slow_resolver_ends() -> None:
    import threading

    release = threading.Event()

    def hanging(_: str) -> list[str]:
        release.wait(20)
        return []

    try:
        check = await check_one("http://site.test/", resolver=hanging, deadline=0.1, retries=0)
    finally:
        release.set()
    assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.TIMEOUT)


def test_a_name_that_hangs_does_not_keep_the_program_open() -> None:
    source = """
import asyncio, time
from reader.links.run import Wanted, check_all
from reader.links.settings import CheckSettings
settings = CheckSettings(resolver=lambda name: time.sleep(600) or [], deadline=0.1, retries=0)
asyncio.run(check_all([Wanted("http://slow.test/")], settings, lambda check: print(check.reason)))
"""
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "Looking up the host took too long.\n"
    assert done.stderr == ""


async def test_a_resolver_that_says_nonsense_ends() -> None:
    for given in ([], ["nonsense"], ["fe80::1%eth0"], ["127.0.0.1", ""], ["127.0.0.1\n"]):
        check = await check_one("http://site.test/", resolver=lambda _, g=given: g)  # type: ignore[misc]
        assert check.verdict is Verdict.FAILING
