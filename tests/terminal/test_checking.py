"""Checking links in a real terminal: progress and verdicts on the screen, and what a kill leaves."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.link_site import ALLOW, Site, write_record
from tests.terminal.conftest import Start
from tests.terminal.terminal import Terminal

KINDS = ("gone", "moved", "blocked", "suspect", "ok")
COUNT = 60


@pytest.fixture
def feed(tmp_path: Path, site: Site) -> Path:
    folder = tmp_path / "feed"
    for number in range(COUNT):
        kind = KINDS[number % len(KINDS)]
        write_record(
            folder,
            f"{number:03}.md",
            title=f"Story {number}: {kind}",
            publishedDateTime=f"{2026 - number}-01-01T00:00:00Z",
            webUrl=site.url(f"/{kind}/{number}"),
        )
    return folder


def begin(start: Start, feed: Path, **options: object) -> Terminal:
    terminal = start(feed, env={"READER_LINKS_ALLOW": ALLOW}, **options)  # type: ignore[arg-type]  # as given
    terminal.wait_for(re.compile(rf"\b1 of {COUNT}\b"))
    terminal.wait_quiet(0.3)
    terminal.press("c")
    terminal.wait_for(f"{COUNT} URLs on 1 host, of {COUNT} records.")
    terminal.press("y")
    return terminal


@pytest.mark.long
def test_progress_and_verdicts_are_on_the_screen(start: Start, feed: Path, site: Site) -> None:
    terminal = begin(start, feed)
    terminal.wait_for(re.compile(rf"links [1-9]\d* of {COUNT}"))
    terminal.wait_for(re.compile(r"\d+ gone"))
    terminal.press("j", "j", "j")  # one goes on reading meanwhile
    terminal.wait_for(re.compile(rf"\b4 of {COUNT}\b"))
    terminal.wait_for("Checked: 60 links: 12 ok, 12 moved, 12 blocked, 12 gone, 12 suspect.")
    for sign, kind in (("!", "gone"), ("~", "moved"), ("#", "blocked"), ("?", "suspect")):
        assert re.search(rf"Story \d+: {kind} +\{sign}", terminal.text), kind
    assert any("suspect, now" in line for line in terminal.lines)
    assert not re.search(rf"links \d+ of {COUNT}", terminal.text)
    assert len({path for path in site.asked if path != "/ok/new"}) == COUNT
    terminal.press("K")
    terminal.wait_for("gone  12")
    terminal.press("q", "q")
    assert terminal.wait_exit() == 0


@pytest.mark.long
def test_signs_are_ascii_where_there_is_no_unicode(start: Start, feed: Path) -> None:
    terminal = begin(start, feed, size=(80, 24), term="vt100")
    terminal.wait_for("Checked: 60 links")
    assert any(re.search(r"gone +!", line) for line in terminal.lines)
    assert terminal.text.isascii()


def test_a_kill_loses_no_verdict_that_was_shown(
    start: Start, feed: Path, program: Path, isolated: dict[str, str]
) -> None:
    terminal = begin(start, feed)
    terminal.wait_for(re.compile(r"links [1-9]\d of"))
    os.kill(terminal.pid, signal.SIGKILL)
    terminal.wait_exit()
    shown = re.search(r"links (\d+) of", terminal.text)
    assert shown is not None
    ran = subprocess.run(
        [program, "links", feed, "--jsonl"],
        env={**os.environ, **isolated},
        capture_output=True,
        text=True,
        check=True,
    )
    kept = [json.loads(line) for line in ran.stdout.splitlines()]
    assert int(shown[1]) <= len(kept) < COUNT
    assert all(each["verdict"] in each["url"] for each in kept)
