"""`--format`: a line for each record, made from its fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reader.records.json_fields import plain, to_json
from reader.records.record import Problem, Record, State
from reader.records.text import encodable

from . import USAGE, CommandError, nearest
from .filters import Filter, made
from .output import exact_path

OWN_FIELDS = ("path", "state", "url")
DATA_FIELDS = (
    "category", "title", "name", "excerpt", "publishedDateTime", "updatedDateTime", "webUrl",
    "originalUrl", "ampWebUrl", "cdnAmpWebUrl", "type", "quality", "heat", "published", "removed",
    "provider", "topics", "images", "related", "length", "price", "ratings", "levels", "items",
    "actions", "featuredContent",
)  # fmt: skip

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_ESCAPES = {"t": "\t", "n": "\n", "0": "\0", "\\": "\\"}
_BREAKS = re.compile("[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


class Template:
    """A checked `--format`. Between the braces stand names of fields, each perhaps with filters,
    and nothing else: only the record's own values can come out."""

    def __init__(self, given: str) -> None:
        """Raises CommandError (usage): unknown field or filter, unpaired brace."""
        text = re.sub(r"\\([tn0\\])", lambda found: _ESCAPES[found[1]], given)
        self.ends_itself = text.endswith("\0")
        """Ends in NUL (for `xargs -0`): values keep their line breaks, no newline is added."""
        self._parts = [
            part if isinstance(part, str) else _Field.read(part[0]) for part in _split(text)
        ]

    @property
    def needs_record(self) -> bool:
        """Whether a field is wanted that only the file holds."""
        named = [part.name for part in self._parts if isinstance(part, _Field)]
        return any(name not in ("path", "state") for name in named)

    def line(self, path: str, state: State, record: Record | Problem | None) -> str:
        """Return the text for one record; a field it does not have is empty."""
        shown: list[str] = []
        for part in self._parts:
            if isinstance(part, str):
                shown.append(part)
                continue
            value: object = None
            if part.name == "path":
                value = exact_path(path)
            elif part.name == "state":
                value = state.name.lower()
            elif isinstance(record, Record):
                value = plain(record.url if part.name == "url" else record.data.get(part.name))
            shown.append(part.text(value, on_one_line=not self.ends_itself))
        return "".join(shown)


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a template, and what becomes of its value."""

    name: str
    filters: tuple[Filter, ...]

    @classmethod
    def read(cls, written: str) -> _Field:
        """Raises CommandError (usage)."""
        name, *rest = re.split(r"(?<!\\)\|", written)
        filters = []
        for each in rest:
            filter, colon, value = each.partition(":")
            given = value.replace("\\|", "|") if colon else None
            filters.append(made(filter.strip(), given, value_text))
        name = name.strip()
        if ":" in name or "!" in name:
            raise CommandError(
                f"--format: “{{{written}}}” takes the name of a field, filters after a |, and"
                " nothing else.",
                USAGE,
            )
        return cls(_known(name), tuple(filters))

    def text(self, value: object, *, on_one_line: bool) -> str:
        """Line breaks go before any filter sees them: what is quoted stays quoted, and what a
        filter puts in stays."""
        if on_one_line:
            value = _on_one_line(value)
        for filter in self.filters:
            value = filter(value)
        return value if isinstance(value, str) else value_text(value)


def _split(text: str) -> Iterator[str | tuple[str]]:
    """Yield what is written as it is, and what stands between braces, as a tuple of one. Raises
    CommandError (usage)."""
    at = 0
    for found in _BRACES.finditer(text):
        if found.start() > at:
            yield text[at : found.start()]
        at = found.end()
        if found[0] in ("{{", "}}"):
            yield found[0][0]
        elif found[1] is None:
            raise CommandError(
                "--format: a brace has no partner; a brace itself is written {{ or }}.", USAGE
            )
        else:
            yield (found[1],)
    if at < len(text):
        yield text[at:]


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


def _on_one_line(value: Any) -> Any:
    if isinstance(value, str):
        return _BREAKS.sub(" ", value)
    if isinstance(value, list):
        return [_on_one_line(each) for each in value]
    if isinstance(value, dict):
        return {key: _on_one_line(each) for key, each in value.items()}
    return value
