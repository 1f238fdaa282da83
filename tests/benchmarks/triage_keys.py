"""Three hundred decisions by keys, twenty a second, in a large collection: all there, and how soon
each shows."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import time

from tests.benchmarks import noise, places, subjects
from tests.benchmarks.results import Results

TABLE = "decisions by keys"
SHOWN = "key to repaint, ms"
DONE = "decided, of 300"
KEYS = "keys a decision"

DECISIONS = 300
RATE = 20
_OPENING = ("h", "j", "enter")  # the sidebar, Unpublished, and into its list


def measure(results: Results, size: int, reps: int) -> None:
    """Decide, check every file against the journal, and take all of it back."""
    subject = subjects.reader(size)
    for _ in range(reps):
        begun_at = time.time()
        before = _unpublished(size, subject.env)
        with noise.watched(results, "triage"), subject.start() as terminal:
            terminal.wait_for(subject.ready, 60)
            terminal.wait_quiet(1.5, first=3.0)
            for key in _OPENING:
                terminal.begin()
                terminal.press(key)
                terminal.wait_quiet(0.3)
            terminal.wait_for("› Unpublished ")
            shown = []
            begun = time.perf_counter()
            for number in range(DECISIONS):
                output = terminal.begin()
                terminal.press("pd"[number % 2])
                due = begun + (number + 1) / RATE
                while (left := due - time.perf_counter()) > 0:
                    terminal.pump(left)
                if output.first is not None:
                    shown.append((output.first - (due - 1 / RATE)) * 1e3)
            terminal.wait_quiet(1.0)
            subject.leave(terminal)
        decided = _decided(size, subject.env, begun_at)
        results.add(TABLE, subject.name, SHOWN, *shown)
        results.add(TABLE, subject.name, DONE, decided)
        results.add(TABLE, subject.name, KEYS, (DECISIONS + len(_OPENING)) / max(1, decided))
        _reader(["undo", "--since", _iso(begun_at), "-C", places.collection(size)], subject.env)
        if _hashes(before) != before:
            raise SystemExit("undo did not restore every byte")
    results.target("key to repaint", results.median(TABLE, subject.name, SHOWN), 30, " ms")
    results.target("decided", results.median(TABLE, subject.name, DONE), DECISIONS, "", True)
    results.target("keys a decision", results.median(TABLE, subject.name, KEYS), 1.05)


def _unpublished(size: int, env: dict[str, str]) -> dict[str, str]:
    folder = places.collection(size)
    listed = _reader(["list", "--view", "unpublished", "--format", "{path}", folder], env)
    return _hashes({os.path.join(folder, path): "" for path in listed.split("\n") if path})


def _hashes(files: dict[str, str]) -> dict[str, str]:
    found = {}
    for path in files:
        with open(path, "rb") as file:
            found[path] = hashlib.sha256(file.read()).hexdigest()
    return found


def _decided(size: int, env: dict[str, str], since: float) -> int:
    """How many records the journal says were decided, and whose files say so too."""
    folder = places.collection(size)
    log = _reader(["log", "--since", _iso(since), "--json", "-C", folder], env)
    count = 0
    for step in json.loads(log):
        wanted = {"publish": r"^published: true$", "reject": r"^removed: true$"}[step["decision"]]
        for record in step["records"]:
            with open(os.path.join(folder, record["path"]), encoding="utf-8") as file:
                count += bool(re.search(wanted, file.read(), re.MULTILINE))
    return count


def _iso(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(at))


def _reader(arguments: list[object], env: dict[str, str]) -> str:
    done = subprocess.run(
        [places.program(), *map(str, arguments)],
        env=os.environ | env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
