"""What a `--format` can do with a value: `{title|trunc:40|shell}`."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from urllib.parse import quote

from reader.records.dates import parse_date
from reader.records.json_fields import plain, to_json

from . import USAGE, CommandError, nearest
from .output import fit

Filter = Callable[[object], object]
"""From a field's value, as the data has it, or what another filter made of it."""

HELP = {
    "upper": "in capitals",
    "lower": "in small letters",
    "trunc": "cut to so many columns: trunc:40",
    "join": "a list with this between: join:; ",
    "first": "the first of a list",
    "count": "how many a list holds",
    "date": "a date in your own time zone: date:%Y-%m-%d",
    "default": "this where there is nothing: default:none",
    "json": "as JSON",
    "url": "escaped as part of a URL",
    "shell": "quoted for a shell, as one word",
}
"""Every filter, and what it does in a few words."""
_WITH_VALUE = ("trunc", "join", "date", "default")


def made(name: str, given: str | None, text_of: Callable[[object], str]) -> Filter:
    """Return the filter called `name` with what stands after its colon (None: no colon). `text_of`
    says how a value is written. Raises CommandError (usage)."""
    if name not in HELP:
        known = ", ".join(HELP)
        raise CommandError(
            f"--format: there is no filter “{name}”{nearest(name, list(HELP))} Filters: {known}.",
            USAGE,
        )
    if name in _WITH_VALUE and not given:
        raise CommandError(f"--format: “{name}” needs a value: {HELP[name]}.", USAGE)
    if name not in _WITH_VALUE and given is not None:
        raise CommandError(f"--format: “{name}” takes no value: {HELP[name]}.", USAGE)
    value = given or ""
    if name == "trunc":
        return _trunc(value, text_of)
    if name == "date":
        return _date(value, text_of)
    if name == "join":
        return lambda each: value.join(map(text_of, each)) if isinstance(each, list) else each
    if name == "default":
        return lambda each: value if text_of(each) == "" else each
    simple: dict[str, Filter] = {
        "upper": lambda each: text_of(each).upper(),
        "lower": lambda each: text_of(each).lower(),
        "first": lambda each: (each[0] if each else None) if isinstance(each, list) else each,
        "count": _count,
        "json": lambda each: to_json(plain(each)),
        "url": lambda each: quote(text_of(each), safe="", errors="surrogateescape"),
        "shell": lambda each: shlex.quote(text_of(each).replace("\0", "")),
    }
    return simple[name]


def _trunc(value: str, text_of: Callable[[object], str]) -> Filter:
    if not (value.isascii() and value.isdigit()) or not 0 < int(value[:6]) <= 9999:
        raise CommandError(f"--format: trunc:{value}: write how many columns, like 40.", USAGE)
    columns = int(value)
    return lambda each: fit(text_of(each), columns, pad=False)


def _date(value: str, text_of: Callable[[object], str]) -> Filter:
    def written(each: object) -> object:
        moment = parse_date(each)
        if moment is None:
            return text_of(each)
        try:
            return moment.astimezone().strftime(value)
        except (ValueError, OverflowError, OSError):
            return moment.isoformat()

    return written


def _count(value: object) -> str:
    if value is None or value == "":
        return "0"
    return str(len(value)) if isinstance(value, list | dict) else "1"
