"""Moments to come, as a person names them: `tomorrow`, `3d`, `next monday`, `2026-12-01 14:30`."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, TypeAlias

MORNING = time(6)
"""The hour meant by a day without one."""
MOST_DAYS = 3653
"""How many days ahead a moment may be: ten years."""
LONGEST = 64
"""Characters of a text that is looked at."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_CLOCK = re.compile(r"(.+?)(?: (?:at )?|(?<=\d)t)(\d{1,2}):(\d{2})", re.ASCII)
_AMOUNT = re.compile(r"(?:in ?)?(\d+|a ) ?(d|days?|w|weeks?|months?)", re.ASCII)
_AGO = re.compile(r"(?:\d+|an?) ?(?:h|hours?|d|days?|w|weeks?|months?|years?) ago", re.ASCII)
_LAST = re.compile(r"last ([a-z]{3,9})")
_WEEKDAY = re.compile(r"(?:next )?([a-z]{3,9})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.? ?([a-z]{3,9})\.?(?:,? (\d{4}))?", re.ASCII)
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.? ?(\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A text that names no moment to come, and why, in plain words."""

    reason: str


When: TypeAlias = datetime | Wrong

HINT = "try tomorrow, 3d, monday, 2026-12-01"
NOT_UNDERSTOOD = Wrong(f"not understood: {HINT}")
PAST = Wrong("that is in the past")
TOO_FAR = Wrong("that is more than ten years away")
NO_SUCH_DAY = Wrong("there is no such day")
NO_SUCH_TIME = Wrong("there is no such time of day")


class Choice(NamedTuple):
    """A moment that one key chooses; `text` is what `parse_when` reads."""

    key: str
    label: str
    text: str


CHOICES = (
    Choice("t", "tomorrow", "tomorrow"),
    Choice("3", "in 3 days", "3 days"),
    Choice("m", "next Monday", "monday"),
    Choice("w", "in a week", "7 days"),
    Choice("M", "in a month", "1 month"),
)


def parse_when(text: str, now: datetime) -> When:
    """Return the moment after `now` (which is aware) that `text` names, in the zone of `now`; or
    why there is none.

    Understood, in any case and spacing: `today 18:00`, `tomorrow`, `3 days`, `in 2 weeks`, `3d`, `2w`,
    `1 month`, `monday` and `next mon` (never today), `2026-12-01`, `1 dec` and `dec 1` (the
    coming one), each with a time (`14:30`) after it or meaning 06:00. A zone of one fixed offset
    stays at that offset beyond a change of the clocks.
    """
    if len(text) > LONGEST:
        return NOT_UNDERSTOOD
    words = " ".join(text.split()).casefold()
    hour, minute = MORNING.hour, MORNING.minute
    if found := _CLOCK.fullmatch(words):
        words, hour, minute = found[1], int(found[2]), int(found[3])
    try:
        days = _days(words, now.date())
    except OverflowError:
        return TOO_FAR
    if days is None:
        return NOT_UNDERSTOOD
    if not days:
        return NO_SUCH_DAY
    if hour > 23 or minute > 59:
        return NO_SUCH_TIME
    for day in days:
        moment = datetime.combine(day, time(hour, minute), now.tzinfo)
        # Moments of one zone compare by the clock on the wall, which may go back.
        if moment - _EPOCH > now - _EPOCH:
            return moment if (day - now.date()).days <= MOST_DAYS else TOO_FAR
    return PAST


def seconds_of(moment: datetime) -> int:
    """Return the seconds since 1970 of a moment by the clock of this place: a day's morning is that of
    its own clock, summer time or not."""
    return int(moment.replace(tzinfo=None).timestamp())


def say_when(moment: datetime) -> str:
    """Return a moment as a person reads it: `Mon 30 Nov 2026, 06:00`."""
    weekday = _WEEKDAYS[moment.weekday()][:3].capitalize()
    month = _MONTHS[moment.month - 1][:3].capitalize()
    return f"{weekday} {moment.day} {month} {moment.year}, {moment:%H:%M}"


def say_deferred(until: float, now: float) -> str:
    """Return until when something is deferred, both in seconds since 1970, in this place's time:
    `deferred until Mon 30 Nov 2026, 06:00`, or `deferred until now` where that has passed."""
    if until <= now:
        return "deferred until now"
    return f"deferred until {say_when(datetime.fromtimestamp(until).astimezone())}"


def _days(words: str, today: date) -> list[date] | None:
    """Return the days that `words` can mean, the soonest first, or None if nothing is understood.

    Raises OverflowError for what is too far away to be counted.
    """
    if words == "today":
        return [today]
    if words == "tomorrow":
        return [today + timedelta(days=1)]
    if _is_gone(words):
        return [today - timedelta(days=1)]  # it matters no more which
    if found := _AMOUNT.fullmatch(words):
        return [_later(today, 1 if found[1] == "a " else int(found[1]), found[2][0])]
    if found := _WEEKDAY.fullmatch(words):
        weekday = _number(found[1], _WEEKDAYS)
        if weekday is not None:
            return [today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)]
    if found := _ISO.fullmatch(words):
        return _valid([int(found[1])], int(found[2]), int(found[3]))
    if found := _DAY_MONTH.fullmatch(words):
        day, name, year = found.groups()
    elif found := _MONTH_DAY.fullmatch(words):
        name, day, year = found.groups()
    else:
        return None
    month = _number(name, _MONTHS)
    if month is None:
        return None
    # Eight years hold a 29 February, also around 2100.
    years = [int(year)] if year else range(today.year, today.year + 9)
    return _valid(years, month + 1, int(day))


def _is_gone(words: str) -> bool:
    """Return whether `words` name a day that has gone: `yesterday`, `2 days ago`, `last week`."""
    if words == "yesterday" or _AGO.fullmatch(words):
        return True
    found = _LAST.fullmatch(words)
    return found is not None and (
        found[1] in ("week", "month", "year") or _number(found[1], _WEEKDAYS) is not None
    )


def _later(today: date, number: int, unit: str) -> date:
    """Return the day so many days, weeks or months on; the last of a month that is shorter."""
    if number > MOST_DAYS:
        raise OverflowError
    if unit != "m":
        return today + timedelta(days=number * (7 if unit == "w" else 1))
    years, month = divmod(today.month - 1 + number, 12)
    year = today.year + years
    if year > date.max.year:
        raise OverflowError
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def _number(word: str, names: tuple[str, ...]) -> int | None:
    """Return the place of the name that begins with `word` (three letters or more)."""
    return next((at for at, name in enumerate(names) if name.startswith(word)), None)


def _valid(years: range | list[int], month: int, day: int) -> list[date]:
    days = []
    for year in years:
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    return days
