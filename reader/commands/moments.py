"""Moments that have passed, as a person names them on the command line."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from . import USAGE, CommandError

_AGO = re.compile(r"(\d{1,6}) ?(m|min|h|d|w)(?: ago)?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_UNITS = {"m": 60, "min": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


def moment_before(given: str, now: datetime | None = None) -> float:
    """Return the seconds since 1970 of a moment in local time: `10:30` (today), `2h` or `3d` (ago),
    `today`, `yesterday`, `2026-11-01`, `2026-11-01 14:00`. Raises CommandError."""
    now = now or datetime.now().astimezone()
    words = given.strip().casefold()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    try:
        if found := _AGO.fullmatch(words):
            return (now - timedelta(seconds=int(found[1]) * _UNITS[found[2]])).timestamp()
        if found := _CLOCK.fullmatch(words):
            return midnight.replace(hour=int(found[1]), minute=int(found[2])).timestamp()
        if words == "today":
            return midnight.timestamp()
        if words == "yesterday":
            return (midnight - timedelta(days=1)).timestamp()
        return datetime.fromisoformat(given.strip()).timestamp()
    except (ValueError, OverflowError):
        raise CommandError(
            f"“{given}” is no moment: 10:30, 2h, 3d, today, yesterday, 2026-11-01 or"
            " 2026-11-01T14:00.",
            USAGE,
        ) from None
