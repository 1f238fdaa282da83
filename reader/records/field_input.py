"""Fields as a person edits them: which ones, a value as text, and typed text as a value."""

from __future__ import annotations

import enum
import re
import reprlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from .dates import parse_date
from .text import clean, display, fold
from .values import ABSENT, Absent

LONGEST = 10_000
"""Characters of a text that is edited in one line."""
LARGEST = 1_000_000

Value = str | int | float | bool | datetime | tuple[str, ...] | Absent
"""What typed text means; datetimes are aware, numbers finite, `ABSENT` takes the field away."""


class Kind(enum.StrEnum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"
    TOPICS = "topics"


@dataclass(frozen=True, slots=True)
class Field:
    """A field that the fields form edits."""

    name: str
    """As the data calls it."""
    label: str
    kind: Kind
    help: str
    """One short sentence or two: what it is, and how it is written."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why typed text is no value of its field."""

    reason: str


_DATE_HELP = "As 2020-06-12 or 2020-06-12 16:05 +02:00; UTC without a zone."
FIELDS: tuple[Field, ...] = (
    Field("title", "Title", Kind.TEXT, "What the record is called."),
    Field("excerpt", "Excerpt", Kind.TEXT, "What stands below the title; empty for none."),
    Field("quality", "Quality", Kind.NUMBER, "A number, mostly from 0 to 100."),
    Field("heat", "Heat", Kind.NUMBER, "A number; -1 or empty: not known."),
    Field("type", "Type", Kind.TEXT, "Such as article; the Right key completes."),
    Field("category", "Category", Kind.TEXT, "Such as news; the Right key completes."),
    Field("published", "Published", Kind.FLAG, "yes or no; empty is published too."),
    Field("publishedDateTime", "Published at", Kind.DATE, _DATE_HELP),
    Field("updatedDateTime", "Updated at", Kind.DATE, _DATE_HELP),
    Field("topics", "Topics", Kind.TOPICS, "With commas between; the Right key completes."),
)
_NAME = Field("name", "Name", Kind.TEXT, "What it is called.")
BY_NAME: dict[str, Field] = {field.name: field for field in (*FIELDS, _NAME)}

_NUMBER = re.compile(
    r"([+-]?\d{1,40})|[+-]?(?:\d{1,40}\.?\d{0,40}|\.\d{1,40})(?:[eE][+-]?\d{1,4})?", re.ASCII
)
_FLAGS = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
_TOPIC = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*(?=,|\Z)|([^,]*))(?:,|\Z)')
_PLAIN = reprlib.Repr()
_PLAIN.maxlevel = 3
_PLAIN.maxstring = _PLAIN.maxother = _PLAIN.maxlong = 60


def fields_of(data: Mapping[str, object]) -> tuple[Field, ...]:
    """Return the fields to edit of a record with this front matter: people and communities have
    a name where others have a title."""
    if "title" not in data and "name" in data:
        return (_NAME, *FIELDS[1:])
    return FIELDS


def can_be_shown(text: str) -> bool:
    """Whether `text` is one line that a screen shows as it is: no control, direction or invisible
    characters. Spaces of other widths are spaces."""
    if text.isascii():
        return text.isprintable()
    spaced = "".join(" " if unicodedata.category(each) == "Zs" else each for each in text)
    return clean(spaced) == spaced


def editable(text: str) -> str:
    """Return `text` as it is where it can be shown, else repaired and cleaned, on one line."""
    return text if can_be_shown(text) else display(text)


def shown(field: str, value: object) -> str:
    """Return a field's raw value as one line of text to edit; an absent one is the empty text.

    A value of the wrong type is shown as it stands in the file: a text in the place of a number,
    date or flag in quotation marks, so that it can be told from what it looks like.
    """
    if value is None or value is ABSENT:
        return ""
    kind = BY_NAME[field].kind
    if kind is Kind.TOPICS and isinstance(value, list | tuple):
        return ", ".join(_topic_shown(topic) for topic in value if topic is not None)
    if isinstance(value, str):
        text = editable(value)
        return text if kind in (Kind.TEXT, Kind.TOPICS) else f'"{text}"'
    if isinstance(value, bool):
        return ("yes" if value else "no") if kind is Kind.FLAG else str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, date):
        return _date_shown(value)
    return clean(_PLAIN.repr(value))


def _date_shown(value: date) -> str:
    offset = value.utcoffset() if isinstance(value, datetime) else None
    if isinstance(value, datetime) and offset is not None and offset.total_seconds() % 60:
        moment = parse_date(value)
        if moment is not None:  # zones of old have seconds, which no record can name
            value = moment.astimezone(UTC)
    text = value.isoformat()
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def _topic_shown(topic: object) -> str:
    if not isinstance(topic, str):
        return shown("title", topic)
    text = editable(topic)
    if "," in text or text.startswith('"') or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text


def parse_input(field: str, text: str) -> Value | Wrong:
    """Return what typed text means for a field, or why it means nothing."""
    if len(text) > LONGEST:
        return Wrong(f"over {LONGEST:,} characters: too long to edit here")
    if not can_be_shown(text):
        return Wrong("holds characters that cannot be shown")
    if not text.strip():
        return Wrong("cannot be empty") if field in ("title", "name") else ABSENT
    kind = BY_NAME[field].kind
    if kind is Kind.TEXT:
        return text
    if kind is Kind.TOPICS:
        return _parse_topics(text)
    text = text.strip()
    if kind is Kind.NUMBER:
        return _parse_number(text)
    if kind is Kind.FLAG:
        flag = _FLAGS.get(text.lower())
        return Wrong("write yes or no") if flag is None else flag
    moment = parse_date(text)
    return Wrong("write a date as 2020-06-12 or 2020-06-12 16:05") if moment is None else moment


def _parse_number(text: str) -> int | float | Wrong:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return Wrong("write a number as 56 or 56.5")
    number = int(text) if found[1] else float(text)
    if not -LARGEST <= number <= LARGEST:
        return Wrong(f"write a number up to {LARGEST:,}")
    return number


def _parse_topics(text: str) -> tuple[str, ...] | Absent | Wrong:
    topics: dict[str, str] = {}
    at = 0
    while at < len(text):
        found = _TOPIC.match(text, at)
        assert found is not None  # the second form matches anything, and each takes something
        at = found.end()
        topic = found[2].strip() if found[1] is None else found[1].replace('""', '"')
        key = fold(topic)
        if key in topics:
            return Wrong(f"{topic} is there twice")
        if key:
            topics[key] = topic
    return tuple(topics.values()) or ABSENT


def parse_topic(text: str) -> str | Wrong:
    """Return one typed topic, without spaces around it, or why it is none."""
    if len(text) > LONGEST:
        return Wrong(f"over {LONGEST:,} characters: too long to edit here")
    if not can_be_shown(text):
        return Wrong("holds characters that cannot be shown")
    return text.strip() or Wrong("cannot be empty")
