"""What `j` costs while links are checked: from the key to the place in the list on the screen."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.benchmarks import noise, places
from tests.benchmarks.link_clients import urls
from tests.benchmarks.results import Results
from tests.link_site import write_record
from tests.terminal.terminal import Terminal

TABLE = "j while links are checked, ms"
COUNT = 5000
HOSTS = 20
_PRESSES = 60
_NAME = "link-keys"


def measure(results: Results, port: int, reps: int) -> None:
    """Press `j` while nothing is checked, while all is at the usual pace, and without pauses."""
    folder = places.ROOT / "collection-links"
    shutil.rmtree(folder, ignore_errors=True)
    for number, url in enumerate(urls(port, COUNT, HOSTS)):
        write_record(folder, f"{number:05}.md", title=f"Story {number}", webUrl=url)
    for _ in range(reps):
        with noise.watched(results, "links: j"):
            _session(results, folder, "not checked", None)
            _session(results, folder, "usual pace", "0.1")
            _session(results, folder, "no pauses", "0")
    results.target(
        "j while links are checked",
        results.median(TABLE, "reader", "usual pace"),
        40,
        " ms",
    )


def _session(results: Results, folder: Path, measured: str, pause: str | None) -> None:
    places.forget(_NAME)
    environment = places.environment(_NAME) | {"READER_LINKS_ALLOW": "127.0.0.0/8"}
    if pause is not None:
        environment["READER_LINKS_PAUSE"] = pause
    with Terminal([places.program(), folder], env=environment) as terminal:
        terminal.wait_for(re.compile(rf"\b1 of {COUNT:,}\b"), 60)
        terminal.wait_quiet(1.0, first=3.0)
        if pause is not None:
            terminal.press("c")
            terminal.wait_for(f"{COUNT:,} URLs on {HOSTS} hosts", 30)
            terminal.press("y")
            terminal.wait_for(re.compile(r"links [1-9][\d,]* of"), 30)
        for place in range(2, 2 + _PRESSES):
            terminal.begin()
            terminal.press("j")
            seconds = terminal.wait_for(re.compile(rf"\b{place} of {COUNT:,}\b"), 10)
            results.add(TABLE, "reader", measured, seconds * 1e3)
            terminal.pump(0.05)
        if pause is not None and not re.search(rf"links [\d,]+ of {COUNT:,}", terminal.text):
            print(f"the check was over before the last key ({measured})")
        terminal.press("ctrl+q")
        terminal.wait_exit(30)
