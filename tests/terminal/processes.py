"""Memory and processor time of a process and its descendants, from Linux's /proc."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

_KIB = re.compile(r"^(?:VmRSS|Pss):\s+(\d+) kB", re.MULTILINE)


def tree(pid: int) -> list[int]:
    """Return `pid` and all its living descendants; only `pid` where there is no /proc."""
    found: list[int] = []
    todo = [pid]
    while todo:
        parent = todo.pop()
        found.append(parent)
        try:
            for thread in os.listdir(f"/proc/{parent}/task"):
                text = Path(f"/proc/{parent}/task/{thread}/children").read_text()
                todo += [int(child) for child in text.split()]
        except (OSError, ValueError):
            continue  # it ended meanwhile
    return found


def is_busy(pid: int) -> bool:
    """Return whether a thread of the tree runs, would run if there was a free processor, or waits for
    the disk; False where there is no /proc."""
    for process in tree(pid):
        try:
            for thread in os.listdir(f"/proc/{process}/task"):
                stat = Path(f"/proc/{process}/task/{thread}/stat").read_text()
                if stat.rpartition(")")[2].split()[0] in "RD":
                    return True
        except OSError:
            continue  # it ended meanwhile
    return False


def resident_mib(pid: int) -> float:
    """Return the resident memory of the tree in MiB; pages shared by two count twice."""
    return _sum_mib(pid, lambda process: f"/proc/{process}/status")


def proportional_mib(pid: int) -> float:
    """Return the memory the tree takes from the machine in MiB; shared pages count once."""
    return _sum_mib(pid, lambda process: f"/proc/{process}/smaps_rollup")


def _sum_mib(pid: int, source: Callable[[int], str]) -> float:
    total = 0
    for process in tree(pid):
        try:
            match = _KIB.search(Path(source(process)).read_text())
        except OSError:
            continue
        total += int(match[1]) if match else 0
    return total / 1024


def machine_busy_seconds() -> float | None:
    """Return the processor time the whole machine has spent working; None where unknown."""
    try:
        first = Path("/proc/stat").read_text().split("\n", 1)[0]
    except OSError:
        return None
    ticks = [int(field) for field in first.split()[1:9]]
    return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")
