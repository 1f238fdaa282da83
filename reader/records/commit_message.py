"""What a commit of decisions says: how many of each kind, and of which records."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from .decisions import Decision
from .text import clean, encodable

TAKEN_BACK = "taken back"
"""The kind of a record whose decisions were undone after they had been committed."""
MAX_SUBJECT = 72
"""Characters of the first line."""
MAX_PATHS = 50
"""Records that are named of one kind."""


def kinds_of(decisions: Sequence[Decision]) -> tuple[str, ...]:
    """Return in words what was decided of one record, each kind once; of those that settle its
    state only the last, for the others did not last."""
    states = [each for each in decisions if "state" in each.kind.touches]
    lasting = [each for each in decisions if each not in states] + states[-1:]
    return tuple(dict.fromkeys(each.kind.done for each in lasting)) or (TAKEN_BACK,)


def message(kinds: Mapping[bytes, Sequence[str]], subject: str = "") -> str:
    """Return a commit's message for records: their paths, each with what was decided in words.

    The first line is `subject`, or counts the kinds, the most frequent first."""
    paths: dict[str, list[bytes]] = {}
    for path in sorted(kinds):
        for kind in kinds[path]:
            paths.setdefault(kind, []).append(path)
    ordered = sorted(paths, key=lambda kind: (-len(paths[kind]), kind))
    lines = [clean(subject) or _subject({kind: len(paths[kind]) for kind in ordered})]
    for kind in ordered:
        lines += ["", f"{kind}:"]
        lines += [f"  {_shown(path)}" for path in paths[kind][:MAX_PATHS]]
        if len(paths[kind]) > MAX_PATHS:
            lines.append(f"  … and {len(paths[kind]) - MAX_PATHS:,} more")
    return "\n".join(lines) + "\n"


def _subject(counts: Mapping[str, int]) -> str:
    words = [f"{count:,} {kind}" for kind, count in counts.items()]
    for most in range(len(words), 0, -1):
        others = sum(list(counts.values())[most:])
        rest = [f"{others:,} other"] if others else []
        text = "Triage: " + ", ".join(words[:most] + rest)
        if len(text) <= MAX_SUBJECT:
            break
    return text


def _shown(path: bytes) -> str:
    return encodable(clean(os.fsdecode(path)))
