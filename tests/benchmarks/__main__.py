"""Measure, and print tables with the targets; `make bench` runs this."""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks import (
    deciding,
    filter_keys,
    indexing,
    keys,
    links,
    queries,
    start,
    triage_keys,
    wire,
)
from tests.benchmarks.results import Results

MEASURES = (
    "start",
    "keys",
    "filter",
    "index",
    "reconcile",
    "triage",
    "triage-keys",
    "links",
    "wire",
    "queries",
)


def main() -> None:
    """Run the measures asked for and print what they found."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description=__doc__)
    parser.add_argument("--million", action="store_true", help="also start and keys at 1M records")
    parser.add_argument("--quick", action="store_true", help="1k and 10k records, two repetitions")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=MEASURES,
        metavar="NAME",
        default=MEASURES,
        help=f"of {', '.join(MEASURES)}",
    )
    parser.add_argument("--reps", type=int, help="repetitions, interleaved (5; --quick: 2)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all samples there")
    options = parser.parse_args()

    reps = options.reps or (2 if options.quick else 5)
    large = 10_000 if options.quick else 100_000
    sizes = [1000, large] + [1_000_000] * options.million
    indexed = [10_000] if options.quick else [10_000, 100_000]
    results = Results()
    runs: dict[str, Callable[[], None]] = {
        "start": lambda: start.measure(results, sizes, reps),
        "keys": lambda: keys.measure(results, sizes, min(reps, 3)),
        "filter": lambda: filter_keys.measure(results, sizes, min(reps, 3)),
        "index": lambda: indexing.measure_first(results, indexed, min(reps, 3)),
        "reconcile": lambda: indexing.measure_reconcile(results, large, reps),
        "triage": lambda: deciding.measure(results, min(reps, 3)),
        "triage-keys": lambda: triage_keys.measure(results, large, min(reps, 2)),
        "links": lambda: links.measure(results, min(reps, 3), not options.quick),
        "wire": lambda: wire.measure(results, 1000, min(reps, 2), 5 if options.quick else 60),
        "queries": lambda: queries.measure(results, sizes[1:]),
    }
    begun = time.perf_counter()
    for name in MEASURES:
        if name in options.only:
            print(f"measuring: {name}", flush=True)
            runs[name]()
    _print(results, time.perf_counter() - begun)
    if options.json:
        options.json.write_text(json.dumps({"machine": _machine()} | results.as_json(), indent=1))


def _machine() -> dict[str, object]:
    return {
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "textual": version("textual"),
    }


def _print(results: Results, seconds: float) -> None:
    print("\nMedian (least-greatest) of interleaved repetitions, terminal 120x40.")
    for table in results.samples:
        print()
        print("\n".join(results.table_lines(table)))
    print()
    print("\n".join(results.target_lines()))
    print(f"\n{results.noise_line()}")
    print(", ".join(f"{name} {value}" for name, value in _machine().items()), end="")
    print(f"; measured in {seconds:.0f} s")


if __name__ == "__main__":
    main()
