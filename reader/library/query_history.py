"""The queries typed before, kept beside the reader's own state from one start to the next."""

from __future__ import annotations

import os
from pathlib import Path

MOST = 200
"""Queries that are kept."""
_MAX_FILE = 1 << 20  # bytes; what lies before is not looked at


class QueryHistory:
    """The queries of one collection, the last one last. Lost without harm: nothing here raises."""

    def __init__(self, state_path: str | None) -> None:
        """`state_path`: the file of the reader's own state (None: it is in memory)."""
        self._path = None if state_path is None else Path(state_path).with_suffix(".queries")
        self._added: list[str] = []

    def load(self) -> list[str]:
        """Return them, each once."""
        return _once([*self._stored(), *self._added])

    def add(self, text: str) -> None:
        """Take one more, until the program ends."""
        if text := " ".join(text.split()):
            self._added.append(text)

    def store(self, text: str) -> None:
        """Keep one more for the next start."""
        text = " ".join(text.split())
        if not text or self._path is None:
            return
        try:
            # One line in one write: two readers at once each add theirs.
            with open(self._path, "a", encoding="utf-8", errors="replace") as stream:
                stream.write(f"{text}\n")
            if os.path.getsize(self._path) > _MAX_FILE // 4:
                self._shorten()
        except OSError:
            pass

    def _stored(self) -> list[str]:
        if self._path is None:
            return []
        try:
            with open(self._path, "rb") as stream:
                stream.seek(max(0, os.path.getsize(self._path) - _MAX_FILE))
                return stream.read(_MAX_FILE).decode("utf-8", "replace").splitlines()
        except OSError:
            return []

    def _shorten(self) -> None:
        assert self._path is not None
        lines = _once(self._stored())
        beside = self._path.with_suffix(".queries-new")
        beside.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        os.replace(beside, self._path)


def _once(lines: list[str]) -> list[str]:
    """Return each line once, where it stood last, and the last ones of them."""
    last = dict.fromkeys(line for line in reversed(lines) if line.strip())
    return [*reversed(last)][-MOST:]
