"""Every verdict, from what a server answered."""

from __future__ import annotations

import errno
import socket

import pytest

from reader.links import soft
from reader.links.run import Wanted
from reader.records.verdicts import Failure, Hop, Verdict
from tests.links.servers import Exchange, Names, answer, check_one, checked, redirect, serving


async def test_an_answer_is_ok_with_its_evidence() -> None:
    page = "<html><head><title>A page</title><link rel=canonical href=/other></head></html>"
    async with serving({"/page": answer(200, page)}) as server:
        check = await check_one(server.url())
        assert check.verdict is Verdict.OK
        assert check.status == 200
        assert check.reason == "200 OK."
        assert check.content_type == "text/html"
        assert check.at == 1_800_000_000.0
        assert check.final_url is None
        assert check.chain == ()
        assert check.canonical == server.url("/other")
        assert check.seconds_to_first_byte is not None
        assert 0 <= check.seconds_to_first_byte < 10
        assert check.tls_days_left is None
        assert len(server.seen) == 1
        assert server.seen[0].method == "GET"


@pytest.mark.parametrize("status", [200, 201, 202, 203, 204, 206, 226])
async def test_every_success_is_ok(status: int) -> None:
    body = b"" if status == 204 else b"x"
    async with serving({"/page": answer(status, body, type="text/plain")}) as server:
        assert (await check_one(server.url())).verdict is Verdict.OK


@pytest.mark.parametrize("status", [301, 308])
async def test_a_permanent_redirect_is_moved_with_its_target(status: int) -> None:
    scripts = {"/page": redirect(status, "/new?x=1"), "/new": answer(200, "here")}
    async with serving(scripts) as server:
        check = await check_one(server.url("/page#part"))
        assert check.verdict is Verdict.MOVED
        assert check.moved_to == server.url("/new?x=1#part")
        assert check.final_url == server.url("/new?x=1")
        assert check.chain == (Hop(server.url("/page"), status),)
        assert check.status == 200


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_a_temporary_redirect_is_redirected_without_a_target(status: int) -> None:
    scripts = {"/page": redirect(status, "/new"), "/new": answer(200, "here")}
    async with serving(scripts) as server:
        check = await check_one(server.url())
        assert check.verdict is Verdict.REDIRECTED
        assert check.moved_to is None
        assert check.final_url == server.url("/new")


async def test_moved_to_is_where_the_permanent_redirects_end() -> None:
    scripts = {
        "/page": redirect(301, "/second"),
        "/second": redirect(308, "/third"),
        "/third": redirect(302, "/today"),
        "/today": answer(200, "here"),
    }
    async with serving(scripts) as server:
        check = await check_one(server.url())
        assert check.verdict is Verdict.MOVED
        assert check.moved_to == server.url("/third")
        assert [hop.status for hop in check.chain] == [301, 308, 302]


async def test_a_temporary_redirect_first_makes_the_whole_temporary() -> None:
    scripts = {
        "/page": redirect(302, "/second"),
        "/second": redirect(301, "/third"),
        "/third": answer(200, "here"),
    }
    async with serving(scripts) as server:
        assert (await check_one(server.url())).verdict is Verdict.REDIRECTED


@pytest.mark.parametrize("status", [401, 402, 403, 405, 406, 407, 418, 451, 999])
async def test_a_refusal_is_blocked_and_asked_once(status: int) -> None:
    async with serving({"/page": answer(status, "no")}) as server:
        check = await check_one(server.url())
        assert check.verdict is Verdict.BLOCKED
        assert check.status == status
        assert len(server.seen) == 1


@pytest.mark.parametrize("status", [404, 410])
async def test_not_found_is_confirmed_once_on_a_fresh_connection(status: int) -> None:
    async with serving({"/page": answer(status, "no")}) as server:
        check = await check_one(server.url())
        assert check.verdict is Verdict.GONE
        assert check.status == status
        assert "asked twice" in check.reason
        assert len(server.seen) == 2
        assert len({each.connection for each in server.seen}) == 2


async def test_not_found_that_is_found_the_second_time_is_ok() -> None:
    async with serving({"/page": [answer(404), answer(200, "here")]}) as server:
        check = await check_one(server.url())
        assert check.verdict is Verdict.OK
        assert "after a first answer of not found" in check.reason


async def test_a_redirect_to_what_is_not_found_is_gone() -> None:
    async with serving({"/page": redirect(301, "/new"), "/new": answer(404)}) as server:
        check = await check_one(server.url())
        assert check.verdict is Verdict.GONE
        assert check.moved_to is None
        assert server.paths() == ["/page", "/new", "/new"]


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 599])
async def test_a_server_error_is_failing(status: int) -> None:
    async with serving({"/page": answer(status)}) as server:
        check = await check_one(server.url())
        assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.SERVER)
        assert check.status == status


@pytest.mark.parametrize("status", [400, 409, 414, 422])
async def test_other_errors_of_the_request_are_failing(status: int) -> None:
    async with serving({"/page": answer(status)}) as server:
        check = await check_one(server.url())
        assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.SERVER)


async def test_a_redirect_without_a_target_is_failing() -> None:
    async with serving({"/page": answer(302)}) as server:
        check = await check_one(server.url())
        assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.PROTOCOL)
        assert "without saying where to" in check.reason


async def test_an_unknown_host_is_failing_and_its_name_asked_for_once() -> None:
    names = Names()
    urls = [f"http://nowhere.invalid/{n}" for n in range(3)]
    found = await checked(urls, resolver=names)
    for check in found.values():
        assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.HOST)
    assert names.asked == ["nowhere.invalid"]


async def test_a_lookup_that_may_pass_is_tried_again() -> None:
    names = Names(site_test=socket.gaierror(socket.EAI_AGAIN, "try again"))
    check = await check_one("http://site.test/", resolver=names)
    assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.HOST)
    assert len(names.asked) == 3


async def test_a_refused_connection_is_failing_and_tried_again() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refuses
        check = await check_one(f"http://site.test:{taken.getsockname()[1]}/")
    assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.REFUSED)
    assert "tried 3 times" in check.reason


async def test_no_answer_in_time_is_failing() -> None:
    async def silent(exchange: Exchange) -> None:
        await exchange.reader.read()

    async with serving({"/page": silent}) as server:
        check = await check_one(server.url(), read_timeout=0.05)
        assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.TIMEOUT)
        assert "no answer within" in check.reason.lower()
        assert len(server.seen) == 3


async def test_a_reset_is_failing() -> None:
    async def reset(exchange: Exchange) -> None:
        exchange.hang_up(reset=True)

    async with serving({"/page": reset}) as server:
        check = await check_one(server.url())
        assert (check.verdict, check.failure) == (Verdict.FAILING, Failure.RESET)


async def test_what_passes_is_ok_and_says_so() -> None:
    async def reset(exchange: Exchange) -> None:
        exchange.hang_up(reset=True)

    async with serving({"/page": [reset, answer(503), answer(200, "here")]}) as server:
        check = await check_one(server.url())
        assert check.verdict is Verdict.OK
        assert check.reason == "200 OK, at the third try."


@pytest.mark.parametrize(
    "page",
    [
        "<title>Page not found</title>",
        "<title>404</title>",
        "<title>Page Not Found | The Site</title>",
        "<title>The Site – 404 Not Found</title>",
        "<title>Seite nicht gefunden – Zeitung</title>",
        "<title>Page introuvable - Le Journal</title>",
        "<title>Página no encontrada</title>",
        "<title>Страница не найдена</title>",
        "<title>ページが見つかりません</title>",
        "<title>Welcome</title><body><h1>Oops! Page not found.</h1>",
        "<title>Site</title><h1 class=x><span>404</span></h1>",
        "<title>Site</title><h1>We can&rsquo;t find that page</h1>",
    ],
)
async def test_a_page_that_says_not_found_is_suspect(page: str) -> None:
    async with serving({"/page": answer(200, page)}) as server:
        check = await check_one(server.url())
        assert check.verdict is Verdict.SUSPECT
        assert check.status == 200
        assert "the page says" in check.reason


@pytest.mark.parametrize(
    "page",
    [
        "<title>Why error 404 is the web's most loved mistake</title>",
        "<title>Not found in translation: a novel</title><h1>Not found in translation</h1>",
        "<title>Room 404</title>",
        "<script>var t='<title>Page not found</title>'</script><title>Fine</title>",
        "<!-- <title>Page not found</title> --><title>Fine</title>",
    ],
)
async def test_a_page_about_not_finding_is_ok(page: str) -> None:
    async with serving({"/page": answer(200, page)}) as server:
        assert (await check_one(server.url())).verdict is Verdict.OK


@pytest.mark.parametrize("front", ["/", "/index.html", "/en/", "/home"])
async def test_a_page_that_became_the_front_page_is_suspect(front: str) -> None:
    scripts = {"/2020/05/story.html": redirect(301, front), front: answer(200, "welcome")}
    async with serving(scripts) as server:
        check = await check_one(server.url("/2020/05/story.html"))
        assert check.verdict is Verdict.SUSPECT
        assert "front page" in check.reason


@pytest.mark.parametrize("short", ["/ok", "/go", "/x1"])
async def test_a_short_path_is_no_language(short: str) -> None:
    scripts = {"/2020/05/story.html": redirect(301, short), short: answer(200, "the story")}
    async with serving(scripts) as server:
        check = await check_one(server.url("/2020/05/story.html"))
        assert check.verdict is Verdict.MOVED


async def test_another_spelling_of_the_url_is_no_other_url() -> None:
    async with serving({"*": answer(200, "x")}) as server:
        check = await check_one(server.url("/ä?#part", host="SITE.test"))
        assert check.verdict is Verdict.OK
        assert check.final_url is None


async def test_the_front_page_itself_may_move() -> None:
    async with serving({"/": redirect(301, "/en/"), "/en/": answer(200, "welcome")}) as server:
        assert (await check_one(server.url("/"))).verdict is Verdict.MOVED
        assert (await check_one(server.url("/?utm_source=x"))).verdict is Verdict.MOVED


def test_every_text_of_a_parked_domain_has_a_hint() -> None:
    assert all(any(hint in text for hint in soft._PARKED_HINTS) for text in soft._PARKED_TEXTS)


@pytest.mark.parametrize(
    "page",
    [
        "<title>example.com is for sale</title>",
        "<title>example.com</title><script src=//img.sedoparking.com/x.js></script>",
        "<title>x</title><body>This domain may be for sale!</body>",
    ],
)
async def test_a_parked_domain_is_suspect(page: str) -> None:
    async with serving({"/page": answer(200, page)}) as server:
        check = await check_one(server.url())
        assert check.verdict is Verdict.SUSPECT
        assert "parked" in check.reason


WALLS = [
    (403, "<title>Just a moment...</title>", [("cf-mitigated", "challenge")], "Cloudflare"),
    (503, "<title>Just a moment...</title>", [("server", "cloudflare")], "Cloudflare"),
    (
        200,
        "<title>Just a moment...</title><script>window._cf_chl_opt={}</script>",
        [],
        "Cloudflare",
    ),
    (403, "<title>Attention Required! | Cloudflare</title>", [], "Cloudflare"),
    (200, "<script src=https://geo.captcha-delivery.com/captcha/></script>", [], "DataDome"),
    (403, "<title>Access to this page has been denied.</title>", [], "PerimeterX"),
    (200, "<div id=px-captcha></div><script>window._pxAppId='x'</script>", [], "PerimeterX"),
    (403, "<title>Access Denied</title> https://errors.edgesuite.net/18.x", [], "Akamai"),
    (200, "<div id=sec-if-cpt-container></div>", [], "Akamai"),
    (200, "<html>Request unsuccessful. Incapsula incident ID: 1</html>", [], "Imperva"),
    (200, "<script src=/_Incapsula_Resource?SW=1></script>", [], "Imperva"),
    (
        429,
        "<title>Vercel Security Checkpoint</title>",
        [("x-vercel-mitigated", "challenge")],
        "Vercel",
    ),
    (202, "<p>x", [("x-amzn-waf-action", "challenge")], "AWS"),
    (200, "<title>Are you a robot?</title>", [], "wall against robots"),
    (404, "<title>Just a moment...</title>", [("cf-mitigated", "challenge")], "Cloudflare"),
]


@pytest.mark.parametrize(("status", "page", "headers", "whose"), WALLS)
async def test_a_wall_against_robots_is_blocked_and_asked_once(
    status: int, page: str, headers: list[tuple[str, str]], whose: str
) -> None:
    async with serving({"/page": answer(status, page, headers)}) as server:
        check = await check_one(server.url())
        assert check.verdict is Verdict.BLOCKED
        assert whose in check.reason
        assert len(server.seen) == 1


async def test_a_page_with_the_walls_own_scripts_is_none() -> None:
    page = (
        "<title>News</title><script src=/cdn-cgi/challenge-platform/scripts/jsd/main.js></script>"
        "<script src=https://js.datadome.co/tags.js></script>" + "<p>words</p>" * 2000
    )
    async with serving({"/page": answer(200, page)}) as server:
        assert (await check_one(server.url())).verdict is Verdict.OK


async def test_amp_pages_declare_themselves() -> None:
    amp = "<!doctype html><html ⚡ lang=en><link rel='canonical' href='https://site.example/a?b&amp;c'>"
    scripts = {"/amp": answer(200, amp), "/not": answer(200, "<html lang=en><p>x")}
    async with serving(scripts) as server:
        urls = [Wanted(server.url("/amp"), True), Wanted(server.url("/not"), True)]
        found = await checked(urls)
        assert found[server.url("/amp")].declares_amp is True
        assert found[server.url("/amp")].canonical == "https://site.example/a?b&c"
        assert found[server.url("/not")].declares_amp is False
        assert found[server.url("/not")].canonical is None
        assert (await check_one(server.url("/amp"))).declares_amp is None


async def test_an_unreachable_network_is_failing() -> None:
    def unreachable(name: str) -> list[str]:
        raise OSError(errno.ENETUNREACH, "no network")

    check = await check_one("http://site.test/", resolver=unreachable)
    assert check.verdict is Verdict.FAILING


@pytest.mark.parametrize("path", ["/404", "/404.html", "/not-found", "/error/404", "/PageNotFound"])
async def test_a_redirect_to_a_page_for_what_is_not_found_is_suspect(path: str) -> None:
    async with serving({"/page": redirect(302, path), path: answer(200, "sorry")}) as server:
        check = await check_one(server.url())
        assert check.verdict is Verdict.SUSPECT
        assert "not found" in check.reason


@pytest.mark.parametrize(
    ("to", "what"),
    [
        ("/login?next=/page", "a login"),
        ("/users/sign_in", "a login"),
        ("http://accounts.test:PORT/x", "a login"),
        ("http://consent.test:PORT/x", "a question of consent"),
    ],
)
@pytest.mark.parametrize("status", [301, 302])
async def test_a_gate_is_blocked_and_no_target_of_a_move(to: str, what: str, status: int) -> None:
    async with serving({"*": answer(200, "who are you?")}) as server:
        server.scripts["/page"] = redirect(status, to.replace("PORT", str(server.port)))
        check = await check_one(server.url())
        assert check.verdict is Verdict.BLOCKED
        assert what in check.reason
        assert check.moved_to is None


async def test_a_login_that_moves_to_a_login_is_moved() -> None:
    async with serving({"/login": redirect(301, "/sign-in"), "/sign-in": answer(200)}) as server:
        assert (await check_one(server.url("/login"))).verdict is Verdict.MOVED


@pytest.mark.parametrize(
    ("page", "verdict"),
    [
        ("<meta http-equiv=refresh content='0; url=/'>", Verdict.SUSPECT),
        ("<META HTTP-EQUIV='Refresh' CONTENT='1;URL=index.html'>", Verdict.OK),
        ("<meta http-equiv=refresh content='0; url=/other/page'>", Verdict.OK),
        ("<meta http-equiv=refresh content='600'>", Verdict.OK),
        ("<meta http-equiv=refresh content='300; url=/'>", Verdict.OK),
    ],
)
async def test_a_page_that_only_sends_on_to_the_front_page(page: str, verdict: Verdict) -> None:
    async with serving({"/deep/page": answer(200, page)}) as server:
        assert (await check_one(server.url("/deep/page"))).verdict is verdict


async def test_an_ipv6_address_is_asked_where_it_is_allowed() -> None:
    try:
        async with serving({"*": answer(200, "x")}, address="::1") as server:
            check = await check_one(server.url(host="[::1]"))
            assert check.verdict is Verdict.OK
            assert server.seen[0].headers["host"] == f"[::1]:{server.port}"
    except OSError:
        pytest.skip("this machine has no IPv6")
