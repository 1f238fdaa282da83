"""How busy other processes keep the machine while something is measured."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.benchmarks.results import Results
from tests.terminal.processes import machine_busy_seconds


def _own_seconds() -> float:
    """Processor time of this process and of those it started that have ended."""
    return sum(os.times()[:4])


@contextmanager
def watched(results: Results, measure: str) -> Iterator[None]:
    """Note the cores that others use during the block, all programs started in it having ended."""
    busy, own, begun = machine_busy_seconds(), _own_seconds(), time.perf_counter()
    yield
    after = machine_busy_seconds()
    if busy is not None and after is not None:
        others = (after - busy - (_own_seconds() - own)) / (time.perf_counter() - begun)
        results.noise.setdefault(measure, []).append(max(0.0, others))
