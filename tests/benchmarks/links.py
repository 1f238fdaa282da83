"""Checking links: against other ways to ask as many URLs, of a server of our own.

Every way has the same 100 connections, no pauses, and is started anew for each measurement, with what
it has to load counted in:

- raw sockets: asyncio's streams, each connection kept to one host's URLs; nothing is judged or kept.
- bare httpx: one client whose limits are those 100 connections, all of them kept alive, and 100 workers
  that take URLs in turn, which is the set-up that suits it: with a task for each URL, as one would
  write it first, requests queue in its pool, and it does not end within minutes.
- linkchecker: 100 threads, its limit for each host lifted, no robots.txt, pages not followed.

On 2,500 hosts half of the requests need a new connection, which costs all ways about the same: there
raw sockets themselves come to seven times bare httpx and less than five times linkchecker.
"""

from __future__ import annotations

import contextlib
import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import link_keys, noise, places
from tests.benchmarks.link_clients import urls
from tests.benchmarks.results import Results

HERE = Path(__file__).resolve().parent
COUNT = 5000
MANY = 50_000
WORKERS = 100
"""Connections of every way."""
SECONDS = 0.02
"""Until the server answers."""
NAMES = {"ours": "reader", "raw": "raw sockets", "httpx": "bare httpx"}
LINKCHECKER = "linkchecker"
RATE, CPU, MEMORY = "URLs a second", "processor, s", "memory, MB"


def measure(results: Results, reps: int, many: bool) -> None:
    """Check 5,000 URLs on 20 hosts and on 2,500, and (`many`) 50,000 on 20."""
    for hosts in (20, 2500):
        table = f"{COUNT:,} links on {hosts:,} hosts"
        with _server(hosts) as port:
            for _ in range(reps):
                with noise.watched(results, "links"):
                    for way in NAMES:
                        _once(results, table, way, port, COUNT, hosts)
            # The rival takes minutes: once.
            _linkchecker(results, table, port, hosts)
            if hosts == link_keys.HOSTS:
                link_keys.measure(results, port, reps)
        _targets(results, table, hosts)
    if many:
        with _server(20) as port:
            _once(results, f"{MANY:,} links on 20 hosts", "ours", port, MANY, 20)
    most = [
        max(results.values(table, "reader", MEMORY), default=0.0)
        for table in results.samples
        if "links on" in table
    ]
    results.target("links: memory", max(most), 100, " MB")
    small, large = (
        results.median(f"{count:,} links on 20 hosts", "reader", MEMORY) for count in (COUNT, MANY)
    )
    growth = large / small if small and large else None
    results.target(f"links: memory at {MANY:,} URLs by that at {COUNT:,}", growth, 1.5)


def _targets(results: Results, table: str, hosts: int) -> None:
    ours = ("reader", RATE)
    for rival, limit in (("raw sockets", 1 / 3), ("bare httpx", 8), (LINKCHECKER, 5)):
        results.target(
            f"links on {hosts:,} hosts: reader's rate by {rival}",
            results.ratio(table, ours, (rival, RATE)),
            limit,
            at_least=True,
        )


@contextlib.contextmanager
def _server(addresses: int) -> Iterator[int]:
    """Serve on so many addresses, in a process of its own; give the port."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with subprocess.Popen(
        [sys.executable, HERE / "link_server.py", str(addresses), str(SECONDS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            assert server.stdin is not None
            server.stdin.close()
            server.wait(10)


def _once(results: Results, table: str, way: str, port: int, count: int, hosts: int) -> None:
    argv = [way, str(port), str(count), str(hosts), str(WORKERS)]
    places.ROOT.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, HERE / "link_clients.py", *argv, places.ROOT],
        check=False,
        capture_output=True,
    )
    if done.returncode:
        raise RuntimeError(f"{way}: {done.stderr.decode()}")
    found = json.loads(done.stdout)
    name = NAMES[way]
    results.add(table, name, RATE, found["urls"] / found["seconds"])
    results.add(table, name, CPU, found["cpu"])
    results.add(table, name, MEMORY, found["memory"])


def _linkchecker(results: Results, table: str, port: int, hosts: int) -> None:
    """At its best settings: as many threads, no robots.txt, its limit for each host lifted."""
    program = shutil.which(LINKCHECKER)
    if program is None:
        return
    folder = places.ROOT / "linkchecker"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    page, config = folder / "page.html", folder / "linkcheckerrc"
    links = (f'<a href="{url}">x</a>\n' for url in urls(port, COUNT, hosts))
    page.write_text("<title>x</title>" + "".join(links))
    config.write_text(f"[checking]\nmaxrequestspersecond=100000\nthreads={WORKERS}\n")
    argv = ["-f", config, "--check-extern", "-r1", "--no-robots", "--no-status", "-otext", "-v"]
    begun = time.perf_counter()
    done = subprocess.run(
        [program, *argv, page.as_uri()], capture_output=True, text=True, check=False, timeout=1800
    )
    seconds = time.perf_counter() - begun
    checked = done.stdout.count("200 OK")
    if checked < COUNT:
        print(f"linkchecker found {checked} of {COUNT} links: not counted")
        return
    results.add(table, LINKCHECKER, RATE, checked / seconds)
