"""`reader check` and `reader links`, against sites on loopback."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from reader.cli import main
from reader.commands.checked_lines import Lines
from tests.cli_support import run, run_in_terminal
from tests.link_site import ALLOW, Site, served, write_record

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("config")


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


@pytest.fixture
def feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "feed"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def check(*argv: str) -> int:
    return main(["check", ".", "--allow", ALLOW, *argv])


def jsonl(text: str) -> dict[str, dict[str, Any]]:
    return {each["url"]: each for each in map(json.loads, text.splitlines())}


def test_verdicts_are_told_and_remembered(feed: Path, site: Site, capsys: Capture) -> None:
    write_record(feed, "a.md", webUrl=site.url("/ok/1"), ampWebUrl=site.url("/amp/1"),
                 cdnAmpWebUrl="htp:/broken")  # fmt: skip
    write_record(feed, "b.md", webUrl=site.url("/moved/1"), originalUrl=site.url("/gone/2"))
    write_record(feed, "c.md", webUrl=site.url("/blocked/1"))
    assert check("--jsonl") == 0
    captured = capsys.readouterr()
    links = jsonl(captured.out)
    assert {url: each["verdict"] for url, each in links.items()} == {
        site.url("/ok/1"): "ok", site.url("/amp/1"): "ok", "htp:/broken": "unsafe",
        site.url("/moved/1"): "moved", site.url("/blocked/1"): "blocked",
    }  # fmt: skip
    moved = links[site.url("/moved/1")]
    assert moved["moved_to"] == site.url("/ok/new")
    assert moved["chain"] == [{"url": site.url("/moved/1"), "status": 301}]
    assert moved["records"] == [{"path": "b.md", "role": "web"}]
    assert links[site.url("/amp/1")]["amp"] == "match"
    assert "/gone/2" not in site.asked
    assert "4 URLs on 1 host in " in captured.err
    assert " s, 1 not asked (unsafe): 2 ok" in captured.err
    assert "2 ok, 1 moved, 1 blocked, 1 unsafe" in captured.err
    asked = len(site.asked)
    assert main(["links", "--verdict", "blocked,moved", "--jsonl"]) == 0
    assert set(jsonl(capsys.readouterr().out)) == {site.url("/moved/1"), site.url("/blocked/1")}
    assert main(["list", "-q", "link:moved", "--format", "{path}"]) == 0
    assert capsys.readouterr().out == "b.md\n"
    assert len(site.asked) == asked


def test_what_is_not_well_is_a_line_and_an_exit_code(
    feed: Path, site: Site, capsys: Capture
) -> None:
    write_record(feed, "a.md", webUrl=site.url("/gone/1"))
    write_record(feed, "b.md", webUrl=site.url("/ok/1"))
    assert check() == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.split("\t") == [
        "gone", "web", site.url("/gone/1"), "a.md", "404 Not Found, asked twice.",
    ]  # fmt: skip
    assert site.asked.count("/gone/1") == 2
    assert check("--all", "--max-age", "1h") == 1  # what was found lately counts
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert len(site.asked) == 3
    assert check("--fail-on", "moved") == 0
    assert check("--fail-on", "none", "--max-age", "1d") == 0
    assert check("--where", "path:b") == 0


def test_a_url_of_many_records_is_asked_once(feed: Path, site: Site, capsys: Capture) -> None:
    for name in ("a.md", "b.md", "c.md"):
        write_record(feed, name, webUrl=site.url("/suspect/1"))
    assert check() == 1
    assert site.asked == ["/suspect/1"]
    (line,) = capsys.readouterr().out.splitlines()
    assert "\ta.md (+2)\t" in line


def test_nothing_inside_is_asked_unless_allowed(feed: Path, site: Site, capsys: Capture) -> None:
    write_record(feed, "a.md", webUrl=site.url("/ok/1"))
    assert main(["check", "--fail-on", "unsafe"]) == 1
    assert site.asked == []
    assert capsys.readouterr().out.startswith("unsafe\t")


def test_a_plan_asks_nothing(feed: Path, site: Site, capsys: Capture) -> None:
    write_record(feed, "a.md", webUrl=site.url("/ok/1"), originalUrl=site.url("/ok/2"))
    write_record(feed, "b.md", webUrl="https://other.example/")
    assert check("--plan") == 0
    assert capsys.readouterr().out == "2 URLs on 2 hosts would be asked.\n"
    assert check("--plan", "--roles", "all", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "urls": 3,
        "hosts": 2,
        "unsafe": 0,
        "recent": 0,
    }
    assert site.asked == []


def test_a_plan_and_a_sum_count_apart_what_is_unsafe(
    feed: Path, site: Site, capsys: Capture
) -> None:
    write_record(feed, "a.md", webUrl=site.url("/ok/1"), originalUrl="http://10.0.0.1/")
    write_record(feed, "b.md", webUrl="javascript:alert(1)", originalUrl="http://[::1]/")
    write_record(feed, "c.md", webUrl="http://2130706433/", originalUrl="https://192.168.1.1:22/")
    roles = ("--roles", "web,original")
    assert main(["check", "--plan", *roles]) == 0
    assert capsys.readouterr().out == "0 URLs on 0 hosts would be asked, 6 would not (unsafe).\n"
    assert main(["check", "--plan", "--allow", "10.0.0.0/8", *roles]) == 0
    assert capsys.readouterr().out == "1 URL on 1 host would be asked, 5 would not (unsafe).\n"
    # The site's network is 127.0.0.0/8, where 2130706433 lies too.
    (feed / "c.md").unlink()
    assert check(*roles) == 0
    assert re.fullmatch(
        r"reader: checked: 1 URL on 1 host in \d+ s, 3 not asked \(unsafe\): 1 ok, 3 unsafe\.\n",
        capsys.readouterr().err,
    )
    assert site.asked == ["/ok/1"]


def test_offline_looks_at_what_needs_no_network(feed: Path, site: Site, capsys: Capture) -> None:
    write_record(feed, "a.md", webUrl="nonsense", ampWebUrl="https://a.example/amp")
    write_record(feed, "b.md", webUrl=site.url("/ok/1"))
    assert check("--offline", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert [(each["kind"], each["field"]) for each in told["findings"]] == [
        ("amp", "cdnAmpWebUrl"), ("unsafe", "webUrl"),
    ]  # fmt: skip
    wanted = "https://a-example.cdn.ampproject.org/c/s/a.example/amp"
    assert told["findings"][0]["wanted"] == wanted
    assert check("--offline", "--jsonl") == 1
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == told["findings"]
    assert check("--offline", "--fail-on", "gone") == 0
    assert site.asked == []
    assert main(["triage", "amp-cache", "--where", "a.md"]) == 0
    assert f"cdnAmpWebUrl: {wanted}" in (feed / "a.md").read_text().replace('"', "")
    assert check("--offline", "--where", "has:amp", "--fail-on", "amp") == 0


def test_reports(feed: Path, site: Site, tmp_path: Path, capsys: Capture) -> None:
    write_record(feed, "a|b.md", webUrl=site.url("/gone/<&>|`x"))
    write_record(feed, "c.md", webUrl=site.url("/ok/1"), ampWebUrl=site.url("/amp/2"))
    junit, markdown = tmp_path / "report.xml", tmp_path / "report.md"
    assert check("--json", "--junit", str(junit), "--markdown", str(markdown)) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["summary"]["gone"] == 1
    assert told["summary"]["hosts"] == 1
    assert len(told["links"]) == 3
    suite = ET.parse(junit).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("4", "1")
    (failure,) = suite.iter("failure")
    assert failure.get("type") == "gone"
    text = markdown.read_text()
    assert "## Gone" in text
    assert all(re.fullmatch(r"(\|[^|]*)+\|", line) for line in text.splitlines() if "gone/" in line)


def test_moved_links_are_taken_into_the_files_and_back(
    feed: Path, site: Site, capsys: Capture
) -> None:
    file = write_record(
        feed, "a.md", webUrl=site.url("/moved/1") + "#part", originalUrl=site.url("/moved/1")
    )
    before = file.read_bytes()
    assert check() == 0
    assert main(["triage", "relink", "--where", "link:moved", "--dry-run"]) == 0
    assert file.read_bytes() == before
    assert main(["triage", "relink", "--where", "link:moved"]) == 0
    assert file.read_bytes() == before.replace(b"/moved/1", b"/ok/new")
    assert main(["undo"]) == 0
    assert file.read_bytes() == before
    assert "link moved" in capsys.readouterr().err


def test_the_users_own_word(feed: Path, site: Site, capsys: Capture) -> None:
    url = site.url("/blocked/1")
    write_record(feed, "a.md", webUrl=url)
    assert main(["links", "--works", url]) == 3
    assert "was never checked" in capsys.readouterr().err
    assert main(["links", "--works", url, "--json"]) == 3
    assert json.loads(capsys.readouterr().out) == []
    assert check("--fail-on", "blocked") == 1
    assert main(["links", "--works", url]) == 0
    assert check("--fail-on", "blocked") == 0
    capsys.readouterr()
    assert main(["links", "--works", url, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"url": url, "works": True}]
    assert main(["links", "--doubts", url, "--jsonl"]) == 0
    assert json.loads(capsys.readouterr().out) == {"url": url, "works": False}
    assert main(["count", "link:blocked"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1"
    assert main(["links", "--works", url, "--works", f"{url}?none"]) == 3
    assert capsys.readouterr().out == f"works\t{url}\n"


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--roles", "webb"], "did you mean “web”?"),
        (["--fail-on", "dead"], "there is no verdict “dead”"),
        (["--max-age", "7"], "“7” is no time like"),
        (["--allow", "10.0.0.0/99"], "“10.0.0.0/99” is no network"),
        (["--where", "is:nothing"], "the query is wrong"),
        (["--where", ""], "--where is empty"),
        (["--junit", ""], "--junit is empty"),
        (["--junit", "/nowhere/at/all.xml"], "/nowhere/at/all.xml cannot be written"),
        (["--junit", "-", "--json"], "only one report can be the output"),
        (["--plan", "--junit", "report.xml"], "with --plan there is nothing to report yet"),
    ],
)
def test_wrong_usage(feed: Path, argv: list[str], message: str, capsys: Capture) -> None:
    write_record(feed, "a.md", webUrl="https://a.example/")
    assert main(["check", *argv]) == 2
    assert message in capsys.readouterr().err


def test_the_settings_count(feed: Path, site: Site, config: Path, capsys: Capture) -> None:
    write_record(feed, "a.md", webUrl=site.url("/ok/1"), originalUrl=site.url("/blocked/1"))
    config.write_text(
        f'[links]\nallow = ["{ALLOW}"]\nroles = ["original"]\nuser_agent = "we, {ALLOW}"'
    )
    assert main(["check", "--jsonl"]) == 0
    assert list(jsonl(capsys.readouterr().out)) == [site.url("/blocked/1")]
    assert site.agents == {f"we, {ALLOW}"}
    config.write_text('[links]\nallow = ["10.0.0.0/99"]\n')
    assert main(["check", "--fail-on", "unsafe"]) == 1
    assert "“10.0.0.0/99” is no network" in capsys.readouterr().err
    assert site.asked == ["/blocked/1"]


def test_without_a_network_nothing_is_remembered(
    feed: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    import reader.links.settings as link_settings

    def nobody(name: str) -> list[str]:
        raise OSError("no network")

    made = link_settings.CheckSettings
    has_way_out = False
    monkeypatch.setattr(
        link_settings,
        "CheckSettings",
        lambda **given: made(
            **given
            | {"resolver": nobody, "retry_wait": 0.01, "pause": 0}
            | {"has_way_out": lambda: has_way_out}
        ),
    )
    for host in "abcd":
        write_record(feed, f"{host}.md", webUrl=f"https://{host}.example/")
    write_record(feed, "e.md", webUrl="ftp://e.example/")
    for where, counted in ((), "4 URLs on 4 hosts"), (("--where", "path:a"), "1 URL on 1 host"):
        assert main(["check", *where]) == 3
        said = capsys.readouterr().err
        assert f"checked: {counted} in" in said
        assert "none answered." in said
        assert "no host answered at all" in said
    assert main(["links"]) == 0
    assert "failing" not in capsys.readouterr().out
    has_way_out = True
    assert main(["check", "--where", "path:a"]) == 0  # one host may well be gone
    assert main(["links"]) == 0
    assert "failing" in capsys.readouterr().out


def test_in_a_terminal_it_says_how_far_it_is(feed: Path) -> None:
    with served(delay=0.1) as site:
        for number in range(25):
            write_record(feed, f"{number:03}.md", webUrl=site.url(f"/blocked/{number}"))
        ran = run_in_terminal("check", str(feed), "--allow", ALLOW)
    assert ran.code == 0
    assert re.search(r"checking \d+ of 25 · \d+ blocked · .*/(s|min) · .* left", ran.text)


def test_without_a_terminal_it_says_each_half_minute_how_far_it_is(
    feed: Path, site: Site, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    for number in range(5):
        write_record(feed, f"{number}.md", webUrl=site.url(f"/blocked/{number}"))
    ticks: list[float] = []

    def now() -> float:  # twenty seconds pass between two looks at the clock
        ticks.append(20.0 * len(ticks))
        return ticks[-1]

    monkeypatch.setattr("reader.commands.check.Lines", partial(Lines, now=now))
    assert check("--jsonl") == 0
    captured = capsys.readouterr()
    assert len(jsonl(captured.out)) == 5
    *lines, last = captured.err.splitlines()
    assert len(lines) == (len(ticks) - 1) // 2 >= 2
    how_far = r"reader: checking \d of 5( · \d blocked · \d/min( · \d+ (s|min) left)?)?"
    assert [line for line in lines if not re.fullmatch(how_far, line)] == []
    assert "\r" not in captured.err
    assert last.startswith("reader: checked: 5 URLs on 1 host in ")


def test_ctrl_c_keeps_what_is_done(feed: Path) -> None:
    with served() as site:
        for number in range(300):
            write_record(feed, f"{number:03}.md", webUrl=site.url(f"/blocked/{number}"))
        process = subprocess.Popen(
            [sys.executable, "-m", "reader", "check", str(feed), "--allow", ALLOW],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline().startswith("blocked")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "were not asked; what was found is kept" in errors
    told = re.search(r"stopped: (\d+) URL", errors)
    assert told is not None
    assert int(told[1]) == run("links", str(feed)).text.count("\n") < 300


def test_a_reader_of_the_output_that_leaves_does_no_harm(feed: Path, site: Site) -> None:
    for number in range(30):
        write_record(feed, f"{number}.md", webUrl=site.url(f"/blocked/{number}"))
    process = subprocess.Popen(
        [sys.executable, "-m", "reader", "check", str(feed), "--allow", ALLOW],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"blocked")
    process.stdout.close()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"Traceback" not in errors
    assert run("links", str(feed)).text.count("\n") >= 1
