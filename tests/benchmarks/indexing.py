"""The first index, and the reconcile of files that have not changed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks import noise, places, rivals, subjects
from tests.benchmarks.keys import to_top
from tests.benchmarks.results import Results
from tests.terminal import processes
from tests.terminal.terminal import Terminal

INDEX = "first index, s"
OURS, CSAFE, HUGO = "reader index", "CSafeLoader loop", "hugo list all"
MEMORY = "memory of reader index, MiB"
RESIDENT, PROPORTIONAL = "resident, highest sum", "without double counting"
RECONCILE = "reconcile of unchanged files"
SECONDS, WALL = "its own count, s", "whole command, s"
KEY_MEANWHILE, SLOWEST = "key meanwhile, ms", "slowest of a run, ms"

_COLD = "cold"  # the environment whose index is thrown away each time
_WATCHED_SECONDS = 2.0  # after the list is painted, while the reconcile may run


def measure_first(results: Results, sizes: list[int], reps: int) -> None:
    """Index from nothing, against one parser loop and Hugo in turn; then once more for memory."""
    for size in sizes:
        name = places.name_of(size)
        folder = places.collection(size)
        loop = Path(__file__).with_name("csafe_loop.py")
        hugo = rivals.hugo(size)
        _read_all(folder)
        for _ in range(reps):
            with noise.watched(results, "index"):
                places.forget(_COLD)
                ours = _run([places.program(), "index", folder], places.environment(_COLD))
                results.add(INDEX, OURS, name, ours)
                results.add(INDEX, CSAFE, name, _run([sys.executable, loop, folder]))
                if hugo:
                    results.add(INDEX, HUGO, name, _run(hugo[0], cwd=hugo[1]))
        results.target(
            f"first index {name}, {CSAFE} by ours",
            results.ratio(INDEX, (CSAFE, name), (OURS, name)),
            1.8,
            at_least=True,
        )
        if hugo:
            by_hugo = results.ratio(INDEX, (HUGO, name), (OURS, name))
            results.target(f"first index {name}, hugo by ours", by_hugo, 1.0, at_least=True)
        _memory(results, folder, name)


def _memory(results: Results, folder: Path, name: str) -> None:
    places.forget(_COLD)
    process = _start([places.program(), "index", folder], places.environment(_COLD))
    resident = proportional = 0.0
    while process.poll() is None:
        resident = max(resident, processes.resident_mib(process.pid))
        proportional = max(proportional, processes.proportional_mib(process.pid))
        time.sleep(0.05)
    if resident:
        results.add(MEMORY, name, RESIDENT, resident)
        results.add(MEMORY, name, PROPORTIONAL, proportional)
    results.target(f"memory while indexing {name}", resident or None, 250, " MiB")


def measure_reconcile(results: Results, size: int, reps: int) -> None:
    """Look for changes where there are none: by the command, and behind the interface."""
    subject = subjects.reader(size)
    for _ in range(reps):
        with noise.watched(results, "reconcile"):
            begun = time.perf_counter()
            done = subprocess.run(
                [places.program(), "index", places.collection(size), "--json"],
                env=os.environ | dict(subject.env),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                check=True,
            )
            results.add(RECONCILE, subject.name, WALL, time.perf_counter() - begun)
            results.add(RECONCILE, subject.name, SECONDS, json.loads(done.stdout)["seconds"])
            with subject.start() as terminal:
                terminal.wait_for(subject.whole or subject.ready, 60)
                seconds = _keys_meanwhile(terminal)
                results.add(RECONCILE, subject.name, KEY_MEANWHILE, *(s * 1e3 for s in seconds))
                results.add(RECONCILE, subject.name, SLOWEST, max(seconds) * 1e3)
                to_top(terminal)
                subject.leave(terminal)
    its_own = results.median(RECONCILE, subject.name, SECONDS)
    results.target(f"reconcile of unchanged, {subject.name}", its_own, 1.0, " s")
    keys = sorted(results.values(RECONCILE, subject.name, KEY_MEANWHILE))
    slow = keys[int(len(keys) * 0.95)] if keys else None
    results.target("key meanwhile, 95 of 100", slow, 30, " ms")
    slowest = results.median(RECONCILE, subject.name, SLOWEST)
    results.target("key meanwhile, slowest of a run", slowest, 30, " ms")


def _keys_meanwhile(terminal: Terminal) -> list[float]:
    """Press `j` about twenty times a second; return each one's seconds to the new position.

    The position in the status line, and not any output, is the answer: progress paints too.
    """
    seconds = []
    end = time.perf_counter() + _WATCHED_SECONDS
    for position in range(2, 30):
        due = time.perf_counter() + 0.05
        terminal.begin()
        terminal.press("j")
        seconds.append(terminal.wait_for(re.compile(rf"(?<!\d){position} of \d"), 5))
        while (left := due - time.perf_counter()) > 0:
            terminal.pump(left)
        if due > end:
            break
    return seconds


def _start(
    command: Sequence[str | os.PathLike[str]], env: Mapping[str, str], cwd: Path | None = None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        env=os.environ | dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def _run(
    command: Sequence[str | os.PathLike[str]],
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> float:
    """Run a command to its end; return its seconds."""
    begun = time.perf_counter()
    code = _start(command, env or {}, cwd).wait()
    seconds = time.perf_counter() - begun
    if code not in (0, 1):
        raise SystemExit(f"{' '.join(map(str, command))} ended with {code}")
    return seconds


def _read_all(folder: Path) -> None:
    """Read every file once, so that the first program measured does not pay for the disk."""
    for parent, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(parent, name), "rb") as file:
                file.read()
