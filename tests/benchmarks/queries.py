"""Queries of the library: from the text of a query to the ids in its order, and what stands beside
them; against `rg -c` over the same files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks import noise, places
from tests.benchmarks.results import Results

QUERIES = "query to answer, ms"
SORTS = "sorting everything, ms"
BESIDE = "beside the list, ms"
INDEX = "index"
RG = "rg -c"
_WORDS = {"garden": "garden", "gar": "gar", "garden engine": "garden.*engine", "*arden": "arden",
          "/g.rd[ae]n/": "g.rd[ae]n"}  # fmt: skip
"""What is asked of ours, and of rg."""
_OTHERS = ("is:unpublished quality:>=70", "topic:Robotics", "date:2026 -garden", "folder:_news",
           'provider:"Harbour Courier" garden', "re*t")  # fmt: skip
_COUNTED = ("", "garden", "is:unpublished")

_TIMED = """
import json, sys, time
from pathlib import Path
from reader.library.collection import Collection
from reader.records.querying.fields import SORTS

collection = Collection.open(Path(sys.argv[1]))
asked = json.loads(sys.argv[2])
begun = time.perf_counter()
assert collection.complete()
told = {"index": {"made later, s": time.perf_counter() - begun}}

def timed(ask):
    ask()
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begun) * 1e3)
    return times

told["queries"] = {each: timed(lambda: collection.find(each)) for each in asked["queries"]}
words = {"rank": "gar "}  # by which there is something to rank
told["sorts"] = {
    each: timed(lambda: collection.find(words.get(each, "") + "sort:" + each)) for each in SORTS
}
told["beside"] = {
    f"counts of '{each}'": timed(lambda: collection.counts_matching(each)) for each in asked["counted"]
}
told["beside"]["explain"] = timed(lambda: collection.explain("garden is:unpublished quality:>=70"))
told["beside"]["complete topic:"] = timed(lambda: collection.completions("topic:", 6))
print(json.dumps(told))
"""


def measure(results: Results, sizes: list[int]) -> None:
    """Ask each query five times of a warm index; rg once a size and word, on files read before."""
    for size in sizes:
        name = places.name_of(size)
        env = places.warm(size)
        folder = places.collection(size)
        with noise.watched(results, "queries"):
            told = _timed(folder, env)
        for text, values in told["queries"].items():
            results.add(QUERIES, name, text, *values)
        for text, values in told["sorts"].items():
            results.add(SORTS, name, f"sort:{text}", *values)
        for text, values in told["beside"].items():
            results.add(BESIDE, name, text, *values)
        for text, value in told["index"].items():
            results.add(INDEX, name, text, value)
        _sizes(results, env, size, name)
        if size <= 100_000 and shutil.which("rg"):
            _against_rg(results, folder, name)
        _targets(results, name, told, size)


def _timed(folder: Path, env: dict[str, str]) -> dict[str, dict[str, list[float]]]:
    """In a process of its own, as nobody asks twice in one that has just measured."""
    asked = {"queries": [*_WORDS, *_OTHERS], "counted": _COUNTED}
    done = subprocess.run(
        [sys.executable, "-c", _TIMED, folder, json.dumps(asked)],
        env=os.environ | env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=True,
    )
    told: dict[str, dict[str, list[float]]] = json.loads(done.stdout)
    return told


def _sizes(results: Results, env: dict[str, str], size: int, name: str) -> None:
    files = Path(env["READER_CACHE_DIR"]).glob("*.sqlite")
    total = sum(file.stat().st_size for file in files)
    results.add(INDEX, name, "bytes a record", total / size)


def _against_rg(results: Results, folder: Path, name: str) -> None:
    for text, pattern in _WORDS.items():
        for _ in range(2):  # the first one reads the files
            begun = time.perf_counter()
            subprocess.run(
                ["rg", "-c", "-i", "--no-messages", pattern, folder],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                check=False,
            )
            seconds = time.perf_counter() - begun
        results.add(QUERIES, f"{RG}, {name}", text, seconds * 1e3)
        ratio = results.ratio(QUERIES, (f"{RG}, {name}", text), (name, text))
        results.target(f"{text}: {RG} by ours, {name}", ratio, 1.0, at_least=True)


def _targets(
    results: Results, name: str, told: dict[str, dict[str, list[float]]], size: int
) -> None:
    asked = sorted(results.median(QUERIES, name, text) or 0.0 for text in told["queries"])
    middle = asked[len(asked) // 2]
    results.target(
        f"query to answer, the middle one, {name}", middle, 250 if size > 100_000 else 50, " ms"
    )
    if size <= 100_000:
        slowest = max(results.median(SORTS, name, f"sort:{text}") or 0.0 for text in told["sorts"])
        results.target(f"sort: on the slowest field, {name}", slowest, 150, " ms")
        counts = max(
            results.median(BESIDE, name, f"counts of '{text}'") or 0.0 for text in _COUNTED
        )
        results.target(f"counts of the sidebar, {name}", counts, 200, " ms")
