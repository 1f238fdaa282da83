"""`--format`: a line for each record, made from its fields."""

from __future__ import annotations

import re
import string
from collections.abc import Callable

from reader.records.record import Problem, Record, State
from reader.records.text import encodable

from . import USAGE, CommandError, nearest
from .output import exact_path
from .values import plain, to_json

OWN_FIELDS = ("path", "state", "url")
DATA_FIELDS = (
    "category", "title", "name", "excerpt", "publishedDateTime", "updatedDateTime", "webUrl",
    "originalUrl", "ampWebUrl", "cdnAmpWebUrl", "type", "quality", "heat", "published", "removed",
    "provider", "topics", "images", "related", "length", "price", "ratings", "levels", "items",
    "actions", "featuredContent",
)  # fmt: skip

_ESCAPES = {"t": "\t", "n": "\n", "0": "\0", "\\": "\\"}
_BREAKS = re.compile("[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


class Template:
    """A checked `--format`. Only names of fields stand between the braces: no attribute, no
    index, no width, so that nothing but the record's own values can come out."""

    def __init__(self, given: str) -> None:
        """Raises CommandError (usage): unknown field, unpaired brace."""
        text = re.sub(r"\\([tn0\\])", lambda found: _ESCAPES[found[1]], given)
        self.ends_itself = text.endswith("\0")
        """Ends in NUL (for `xargs -0`): values keep their line breaks, no newline is added."""
        self._parts: list[tuple[str, str]] = []
        try:
            for literal, field, width, conversion in string.Formatter().parse(text):
                if width or conversion:
                    raise CommandError(
                        f"--format: “{{{field}}}” takes the name of a field and nothing else.",
                        USAGE,
                    )
                self._parts.append((literal, _known(field) if field is not None else ""))
        except ValueError:
            raise CommandError(
                "--format: a brace has no partner; a brace itself is written {{ or }}.", USAGE
            ) from None

    @property
    def needs_record(self) -> bool:
        """Whether a field is wanted that only the file holds."""
        return any(field not in ("", "path", "state") for _, field in self._parts)

    def line(self, path: str, state: State, record: Record | Problem | None) -> str:
        """Return the text for one record; a field it does not have is empty."""
        shown: list[str] = []
        tidy: Callable[[str], str] = str if self.ends_itself else _on_one_line
        for literal, field in self._parts:
            shown.append(literal)
            if field == "path":
                shown.append(tidy(exact_path(path)))
            elif field == "state":
                shown.append(state.name.lower())
            elif field and isinstance(record, Record):
                value = record.url if field == "url" else record.data.get(field)
                shown.append(tidy(value_text(value)))
        return "".join(shown)


def value_text(value: object) -> str:
    """Return a field's value as text: a list of words joined by commas, a provider's name, JSON
    for whatever has more inside."""
    given = plain(value)
    if given is None:
        return ""
    if isinstance(given, str):
        return given
    if isinstance(given, list) and all(isinstance(each, str | int | float) for each in given):
        return ", ".join(map(value_text, given))
    if isinstance(given, dict) and isinstance(given.get("name"), str):
        return encodable(given["name"])
    return to_json(given)


def _known(field: str) -> str:
    known = [*DATA_FIELDS, *OWN_FIELDS]
    if field in known:
        return field
    if field == "secured":
        raise CommandError("--format: “secured” is never shown.", USAGE)
    raise CommandError(
        f"--format: there is no field “{field}”{nearest(field, known)} Fields: {', '.join(known)}.",
        USAGE,
    )


def _on_one_line(text: str) -> str:
    return _BREAKS.sub(" ", text)
