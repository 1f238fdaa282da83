"""Links in the interface: checked by keys, shown in list and detail, listed, and taken as edits."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from reader import config
from reader.library.collection import Collection
from reader.library.rules import Rules
from reader.records.query import Query
from reader.records.verdicts import Check, Verdict
from reader.terminal.clipboard import Copied, Way
from reader.ui.app import ReaderApp
from reader.ui.screens.links import Links
from reader.ui.screens.pager import Pager
from reader.ui.screens.question import Question
from tests.link_site import ALLOW, Site, served, write_record

BY_TOOL = Copied(Way("tool", ("tool",)))
Open = Callable[[Path], Collection]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Site]:
    monkeypatch.setenv("READER_LINKS_ALLOW", ALLOW)
    monkeypatch.setenv("READER_CONFIG", str(tmp_path / "none.toml"))
    with served() as site:
        yield site


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "feed"
    folder.mkdir()
    return folder


def feed(root: Path, site: Site, *kinds: str) -> list[Path]:
    return [
        write_record(
            root,
            f"{number:02}-{kind}.md",
            title=f"Story {number}: {kind}",
            publishedDateTime=f"2026-01-{28 - number:02}T10:00:00Z",
            webUrl=site.url(f"/{kind}/{number}"),
        )
        for number, kind in enumerate(kinds)
    ]


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, shown(pilot.app.screen)
        await pilot.pause(0.02)


def shown(widget: Widget) -> str:
    screen = widget if hasattr(widget, "_compositor") else widget.screen
    return "\n".join(strip.text.rstrip() for strip in screen._compositor.render_strips())


def made(open_collection: Open, root: Path) -> ReaderApp:
    return ReaderApp(open_collection(root), [], Rules(), None, config.load(root / "no settings"))


def said(app: ReaderApp) -> str:
    return app.desk.footer.said


async def test_a_key_checks_the_record(root: Path, site: Site, open_collection: Open) -> None:
    feed(root, site, "gone", "ok")
    app = made(open_collection, root)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        await pilot.press("L")
        await until(pilot, lambda: said(app) == "Checked: 1 link: 1 gone.")
        assert site.asked == ["/gone/0", "/gone/0"]
        await until(pilot, lambda: "gone 404, now" in shown(app.screen))
        row, other = app.desk.list.row(0), app.desk.list.row(1)
        assert row is not None
        assert row.link is Verdict.GONE
        assert other is not None
        assert other.link is None
        assert any(
            line.rstrip().endswith("!│") or " !│" in line for line in shown(app.screen).splitlines()
        )
        assert "404 Not Found, asked twice." in shown(app.screen)


async def test_the_view_is_checked_after_a_look(
    root: Path, site: Site, open_collection: Open
) -> None:
    feed(root, site, "ok", "moved", "blocked", "suspect", "ok")
    app = made(open_collection, root)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await until(pilot, lambda: "5 URLs on 1 host, of 5 records." in shown(app.screen))
        assert site.asked == []
        await pilot.press("n")
        await until(pilot, lambda: said(app) == "Nothing was asked.")
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("y")
        await until(pilot, lambda: said(app).startswith("Checked: 5 links"))
        assert said(app) == "Checked: 5 links: 2 ok, 1 moved, 1 blocked, 1 suspect."
        text = shown(app.screen)
        for sign, kind in (("~", "moved"), ("#", "blocked"), ("?", "suspect")):
            assert any(kind in line and sign in line for line in text.splitlines()), kind
        await pilot.press("c")
        await until(pilot, lambda: "5 URLs checked within 7 days left out" in shown(app.screen))
        await pilot.press("escape")
        assert len(site.asked) == 6  # a redirect was followed


async def test_the_look_counts_what_will_be_asked_and_the_rest_apart(
    root: Path, site: Site, open_collection: Open
) -> None:
    feed(root, site, "ok")
    write_record(root, "inside.md", title="Inside", webUrl="http://10.0.0.1/")
    write_record(root, "broken.md", title="Broken", webUrl="htp:/broken")
    app = made(open_collection, root)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        await pilot.press("c")
        await until(pilot, lambda: "1 URL on 1 host, of 3 records." in shown(app.screen))
        assert "2 more are unsafe: said so, not asked." in shown(app.screen)
        await pilot.press("y")
        await until(pilot, lambda: said(app) == "Checked: 3 links: 1 ok, 2 unsafe.")
        lines = shown(app.screen).splitlines()
        for title in ("Inside", "Broken"):
            assert any(re.search(rf"{title} +u", line) for line in lines), title
        await pilot.press("question_mark")
        await until(pilot, lambda: "LIST" in shown(app.screen))
        await pilot.press("G")
        await until(pilot, lambda: "u unsafe" in shown(app.screen))
        await pilot.press("escape")
        (root / "00-ok.md").unlink()
        app.desk.collection.reconcile()
        ids = app.desk.collection.ids(Query())
        app.desk.checking._ask(list(ids), None, at_once=False)
        await until(pilot, lambda: "0 URLs on 0 hosts, of 2 records." in shown(app.screen))
        assert "2 URLs are unsafe: said so, not asked." in shown(app.screen)
        await pilot.press("y")
        await until(pilot, lambda: said(app) == "Checked: 2 links: 2 unsafe.")
    assert site.asked == ["/ok/0"]


async def test_the_links_screen_says_itself_what_was_copied(
    root: Path, site: Site, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reader.ui.copying.copy", lambda text, to, send: BY_TOOL)
    monkeypatch.setattr("reader.ui.screens.link.find_browser", lambda: None)
    feed(root, site, "ok")
    app = made(open_collection, root)
    app_url = site.url("/ok/0")
    async with app.run_test(size=(160, 30)) as pilot:
        await pilot.pause()
        app.desk.collection.verdicts.keep([Check(app_url, Verdict.OK, "200 OK.", 1, 200)])
        await pilot.press("K")
        await until(pilot, lambda: isinstance(app.screen, Links))
        await until(pilot, lambda: "ok  1" in shown(app.screen))
        links = app.screen
        assert isinstance(links, Links)
        for keys in (("y",), ("o", "y")):
            links.footer.say("")
            await pilot.press(*keys)
            await until(pilot, lambda: "Copied (by tool)" in links.footer.said)
            assert "Copied" not in said(app)
            if app.screen is not links:
                await pilot.press("escape")
            await until(pilot, lambda: app.screen is links)
        await pilot.press("L")
        await until(pilot, lambda: links.footer.said == "Checked: 1 link: 1 ok.")


async def test_marks_are_checked_and_one_goes_on_meanwhile(
    root: Path, site: Site, open_collection: Open
) -> None:
    site.delay = 0.15
    feed(root, site, *["blocked"] * 25)
    app = made(open_collection, root)
    async with app.run_test(size=(150, 30)) as pilot:
        await pilot.pause()
        await pilot.press("space", "space", "L")
        await until(
            pilot,
            lambda: (
                "links 0 of 2" in shown(app.screen) or said(app) == "Checked: 2 links: 2 blocked."
            ),
        )
        await until(pilot, lambda: said(app) == "Checked: 2 links: 2 blocked.")
        assert sorted(site.asked) == ["/blocked/0", "/blocked/1"]
        await pilot.press("escape", "c")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("y")
        await until(pilot, lambda: "blocked" in shown(app.screen).splitlines()[0])
        at = app.desk.list.cursor
        await pilot.press("j", "j", "p")
        assert app.desk.list.cursor > at
        await pilot.press("L")
        await until(pilot, lambda: "are being checked still" in said(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("s")
        await until(pilot, lambda: said(app).startswith("Stopped: "))
        assert "links" not in shown(app.screen).splitlines()[0]
    kept = app.desk.collection.verdicts.counts()
    assert 2 < kept[Verdict.BLOCKED] < 25


async def test_progress_says_how_fast_and_how_long_and_a_question_stops_nothing(
    root: Path, site: Site, open_collection: Open
) -> None:
    site.delay = 0.05
    feed(root, site, *["gone"] * 5, *["ok"] * 45)
    app = made(open_collection, root)
    async with app.run_test(size=(180, 30)) as pilot:
        await pilot.pause()
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("y")
        wanted = r"links [1-9]\d* of 50 +.*\d+ s left .*\d gone .*\d+/s"
        top = lambda: shown(app.desk).splitlines()[0]  # noqa: E731
        await until(pilot, lambda: re.search(wanted, top()) is not None)
        await pilot.press("escape")
        await until(pilot, lambda: "STOP CHECKING?" in shown(app.screen))
        await pilot.press("g")
        await until(pilot, lambda: said(app) == "Checked: 50 links: 45 ok, 5 gone.")


async def test_leaving_keeps_what_was_found(root: Path, site: Site, open_collection: Open) -> None:
    site.delay = 0.1
    feed(root, site, *["ok"] * 25)
    app = made(open_collection, root)
    async with app.run_test(size=(150, 30)) as pilot:
        await pilot.pause()
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("y")
        await until(
            pilot,
            lambda: app.desk.telling.links != () and "links 0" not in app.desk.telling.links[0][0],
        )
        told = int(app.desk.telling.links[0][0].split()[1])
    app.desk.finish()
    assert told <= app.desk.collection.verdicts.counts()[Verdict.OK] < 25


async def test_a_moved_link_is_taken_after_a_look_and_undone(
    root: Path, site: Site, open_collection: Open
) -> None:
    (file,) = feed(root, site, "moved")
    before = file.read_bytes()
    app = made(open_collection, root)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        await pilot.press("T")
        await until(pilot, lambda: said(app).startswith("Nothing to take"))
        await pilot.press("L")
        await until(pilot, lambda: "leads to" in shown(app.screen))
        await pilot.press("T")
        await until(
            pilot, lambda: "/ok/new" in shown(app.screen) and "CHANGES" in shown(app.screen)
        )
        assert file.read_bytes() == before
        await pilot.press("enter")
        await until(pilot, lambda: file.read_bytes() == before.replace(b"/moved/0", b"/ok/new"))
        await until(pilot, lambda: said(app) == "Link moved: “Story 0: moved”.")
        await pilot.press("u")
        await until(pilot, lambda: file.read_bytes() == before)


async def test_the_amp_caches_url_is_offered(root: Path, site: Site, open_collection: Open) -> None:
    file = write_record(
        root, "a.md", webUrl="https://a.example/", ampWebUrl="https://a.example/amp"
    )
    app = made(open_collection, root)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        await until(pilot, lambda: "The AMP cache URL is missing." in shown(app.screen))
        await pilot.press("T")
        await until(pilot, lambda: "CHANGES" in shown(app.screen))
        await pilot.press("enter")
        wanted = "https://a-example.cdn.ampproject.org/c/s/a.example/amp"
        await until(pilot, lambda: wanted in file.read_text())
        await until(pilot, lambda: "AMP cache URL is missing" not in shown(app.screen))
    assert site.asked == []


async def test_the_users_word_and_the_evidence(
    root: Path, site: Site, open_collection: Open
) -> None:
    feed(root, site, "blocked")
    app = made(open_collection, root)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        await pilot.press("I")
        await until(pilot, lambda: said(app).startswith("This link was never checked"))
        await pilot.press("L")
        await until(pilot, lambda: "blocked 403" in shown(app.screen))
        await pilot.press("I")
        await until(pilot, lambda: "ok (you opened it), now" in shown(app.screen))
        row = app.desk.list.row(0)
        assert row is not None
        assert row.link is None
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, Pager))
        text = shown(app.screen)
        assert "you opened it" in text
        assert "403" in text
        await pilot.press("escape", "I")
        await until(pilot, lambda: "blocked 403" in shown(app.screen))


async def test_the_links_screen(root: Path, site: Site, open_collection: Open) -> None:
    files = feed(root, site, "gone", "ok", "moved")
    write_record(root, "also.md", title="Also gone", webUrl=site.url("/gone/0"))
    app = made(open_collection, root)
    collection = app.desk.collection if hasattr(app, "desk") else app.collection
    collection.verdicts.keep(
        [
            Check(site.url("/gone/0"), Verdict.GONE, "404 Not Found.", 1, 404),
            Check(site.url("/ok/1"), Verdict.OK, "200 OK.", 2, 200),
            Check(
                site.url("/moved/2"), Verdict.MOVED, "Moved.", 3, 200, moved_to=site.url("/ok/new")
            ),
            Check("https://else.example/\x1b[31m", Verdict.UNSAFE, "No\x1b[31m.", 4),
        ]
    )
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.pause()
        await pilot.press("K")
        await until(pilot, lambda: isinstance(app.screen, Links))
        await until(pilot, lambda: "gone  1" in shown(app.screen))
        text = shown(app.screen)
        assert "4 links" in text
        assert "\x1b" not in text
        assert text.index("gone  1") < text.index("moved  1") < text.index("ok  1")
        assert "Story 0: gone" in text
        assert "Also gone" in text
        await pilot.press("h")
        await until(pilot, lambda: "127.0.0.1  1 gone, 1 moved, 1 ok" in shown(app.screen))
        await pilot.press("s")
        await until(pilot, lambda: "by checked" in shown(app.screen))
        await pilot.press("h", "v")
        await until(pilot, lambda: "1 link " in shown(app.screen))
        await pilot.press("I")
        await until(pilot, lambda: "No link is so." in shown(app.screen))
        await pilot.press("escape", "v")
        await until(pilot, lambda: "moved  1" in shown(app.screen))
        await pilot.press("T")
        await until(
            pilot,
            lambda: "1 would change" in shown(app.screen) or "link moved" in shown(app.screen),
        )
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Links))
        await pilot.press("escape", "G")
        await until(pilot, lambda: "Also gone" in shown(app.screen))
        await pilot.press("enter")
        await until(pilot, lambda: "Several records have it" in shown(app.screen))
        await pilot.press("j", "enter")
        await until(pilot, lambda: app.screen is app.desk)
        current = app.desk.list.current
        assert current is not None
        assert current.title == "Also gone"
    assert site.asked == []
    assert all(b"ok/new" not in file.read_bytes() for file in files)


async def test_one_link_of_the_article_is_checked_again(
    root: Path, site: Site, open_collection: Open
) -> None:
    write_record(root, "a.md", webUrl=site.url("/ok/1"), originalUrl=site.url("/gone/2"))
    app = made(open_collection, root)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        await pilot.press("l")
        detail = app.desk.detail
        at = next(
            line for line, target in app.desk.reading.article.targets.items()
            if target.url == site.url("/gone/2")
        )  # fmt: skip
        detail.move_to(at)
        await pilot.press("L")
        await until(pilot, lambda: said(app) == "Checked: 1 link: 1 gone.")
        await until(pilot, lambda: "gone 404, now" in shown(app.screen))
        assert "/ok/1" not in site.asked
        await pilot.press("K")
        await until(pilot, lambda: "gone  1" in shown(app.screen))
        await pilot.press("L")
        await until(pilot, lambda: site.asked.count("/gone/2") == 4)
        await until(pilot, lambda: re.search(r"times +2", shown(app.screen)) is not None)


async def test_nothing_is_asked_by_itself(root: Path, site: Site, open_collection: Open) -> None:
    feed(root, site, "ok", "gone")
    app = made(open_collection, root)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause(0.3)
        await pilot.press("j", "k", "enter", "escape", "K", "escape", "question_mark", "escape")
        await pilot.pause(0.3)
    assert site.asked == []


async def test_wrong_settings_open_nothing(
    root: Path, site: Site, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("READER_LINKS_ALLOW", "127.0.0.0/8, nonsense")
    feed(root, site, "ok")
    app = made(open_collection, root)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        await pilot.press("L")
        await until(pilot, lambda: said(app) == "Checked: 1 link: 1 unsafe.")
    assert site.asked == []


async def test_it_checks_by_itself_where_the_settings_say_so(
    root: Path, site: Site, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("READER_LINKS_EVERY", "30")
    feed(root, site, "ok", "ok")
    collection = open_collection(root)
    now = time.time()
    collection.verdicts.keep([Check(site.url("/ok/1"), Verdict.OK, "", now - 86400 * 10, 200)])
    collection.close()
    app = made(open_collection, root)
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: said(app) == "Checked: 1 link: 1 ok.")
    assert site.asked == ["/ok/0"]


def test_a_row_knows_the_worst_of_its_links(root: Path, site: Site, open_collection: Open) -> None:
    write_record(root, "a.md", webUrl="https://a.example/1", ampWebUrl="https://a.example/2")
    collection = open_collection(root)
    (id,) = collection.ids(Query())
    for verdict, url, worst in (
        (Verdict.OK, "1", None),
        (Verdict.MOVED, "2", Verdict.MOVED),
        (Verdict.GONE, "1", Verdict.GONE),
        (Verdict.BLOCKED, "2", Verdict.GONE),
    ):
        collection.verdicts.keep([Check(f"https://a.example/{url}", verdict, "", time.time())])
        assert collection.rows([id])[0].link is worst
