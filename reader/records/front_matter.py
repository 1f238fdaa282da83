"""Front matter: the YAML between the `---` lines at the start of a record's file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from . import yaml_bounds, yaml_lines, yaml_values
from .fields import build_record
from .record import Body, Problem, Record, Warned

MAX_FRONT_MATTER = 1 << 20
"""Bytes."""

BOM = b"\xef\xbb\xbf"
_LINE_ENDS = (b"\n", b"")
_BLANK_REST = re.compile(rb"[ \t\r]*(?:\n|\Z)")
_CONFLICT = re.compile(rb"(?:\A|\n)<{7}(?: [^\n]*)?\r?(?:\n|\Z)")
_HTML_BODY = re.compile(
    r"\s*<(?:!doctype|html|head|body|p|div|h[1-6]|ul|ol|dl|table|section|article|aside|header"
    r"|footer|main|nav|figure|picture|video|blockquote|pre|details|form|center|iframe|hr|br|img)\b",
    re.IGNORECASE,
)
URLS = ("webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl")
"""The fields of which a plain YAML file has to have one to be a record."""
_LOOKS_LIKE_RECORD = (
    re.compile(rb"^[\"']?(?:title|name)[\"']?[ \t]*:[ \t]*\S", re.MULTILINE),
    re.compile(rb"^[\"']?(?:%b)[\"']?[ \t]*:[ \t]*\S" % "|".join(URLS).encode(), re.MULTILINE),
)
_DOCUMENT_MARKER = re.compile(rb"^(?:---|\.\.\.)(?=[ \t\r\n]|\Z)", re.MULTILINE)
_NO_CONTENT = re.compile(rb"(?:[ \t]*(?:#[^\n]*)?\r?\n|%[^\n]*\n)*")


@dataclass(frozen=True, slots=True)
class Split:
    """Where a file's front matter and body lie, as byte offsets into the file."""

    start: int
    """First byte of the YAML."""
    end: int
    """One past its last byte (the closing fence's line begins here)."""
    body: int
    """First byte of the body."""
    first_line: int = 2
    """The file's line number of the first byte of the YAML."""


def split(data: bytes) -> Split | Problem | None:
    """Return where the front matter lies; None when the file does not begin with a fence.

    A fence is a line `---`, the closing one also `...`, as the site generator (Jekyll's
    YAML_FRONT_MATTER_REGEXP) reads it; spaces may follow.
    """
    fence = 3 if data.startswith(BOM) else 0
    if not data.startswith(b"---", fence):
        return None
    newline = data.find(b"\n", fence)
    if data[fence : newline if newline >= 0 else len(data)].rstrip() != b"---":
        return None
    if newline < 0:
        return Problem("the front matter is never closed: a line --- is missing", 1)
    start = newline + 1
    limit = start + MAX_FRONT_MATTER + 8
    end = _closing(data, newline, b"\n---", limit)
    dots = _closing(data, newline, b"\n...", end if end >= 0 else limit)
    if dots >= 0:
        end = dots
    if end < 0:
        if len(data) - start > MAX_FRONT_MATTER:
            return Problem("the front matter is over 1 MiB, or never closed by a line ---", 1)
        return Problem("the front matter is never closed: a line --- is missing", 1)
    after = data.find(b"\n", end + 3)
    return Split(start, end, len(data) if after < 0 else after + 1)


def locate(data: bytes, name: str) -> Split | Problem | None:
    """Return where the front matter of a file called `name` lies: between its fences, or, in a
    plain YAML file, the first document."""
    if not _is_yaml(name):
        return split(data)
    start = len(BOM) if data.startswith(BOM) else 0
    end = start + len(_first_document(data[start:]))
    return Split(start, end, len(data), 1)


def _is_yaml(name: str) -> bool:
    return name.lower().endswith((".yaml", ".yml"))


def _is_settings(name: str) -> bool:
    """Whether these are the site generator's own settings, which have a title and a URL too."""
    return name.rpartition("/")[2].startswith("_config")


def why_no_record(name: str) -> str:
    """Return why a file called `name` of which `read_record` makes none is no record: a sentence."""
    if not _is_yaml(name):
        return "it does not begin with a line of three dashes (---)."
    if _is_settings(name):
        return "YAML files named _config… are the site generator's settings."
    return f"a YAML file needs a title or name, and one of {', '.join(URLS)}."


def _closing(data: bytes, newline: int, fence: bytes, limit: int) -> int:
    """Return where the line of a closing fence begins, or -1."""
    at = data.find(fence, newline, limit)
    while at >= 0:
        if data[at + 4 : at + 5] in _LINE_ENDS or _BLANK_REST.match(data, at + 4):
            return at + 1
        at = data.find(fence, at + 4, limit)
    return -1


def parse(yaml: bytes, first_line: int = 2, *, by_lines: bool = True) -> dict[Any, Any] | Problem:
    """Return the values of a YAML mapping, as `yaml.load(…, CSafeLoader)` would, or the Problem.

    `first_line` is the file's line number of the first byte of `yaml`. `by_lines`: what can be read
    line by line need not go to the parser; edits, which nobody looks over, are verified by the parser
    alone. What differs from the
    loader: a plain scalar that looks like a date or number and is none (`2020-13-45`), is over
    1,000 characters long, or is `=` or `<<` where a value belongs, is the string it is, where the
    loader raises or takes minutes; nothing at all is an empty mapping; and what the
    module `yaml_bounds` refuses, or a field given twice, is a Problem.
    """
    if len(yaml) > MAX_FRONT_MATTER:
        return Problem("the front matter is over 1 MiB", first_line)
    if by_lines and (values := yaml_lines.read(yaml, yaml_values.of_plain)) is not None:
        return values
    nul = yaml.find(b"\0")
    if nul >= 0:
        line = first_line + yaml.count(b"\n", 0, nul)
        return Problem("there is a NUL byte in the front matter", line)
    try:
        yaml.decode()
    except UnicodeDecodeError as error:
        line = first_line + yaml.count(b"\n", 0, error.start)
        return Problem("the front matter is not UTF-8", line)
    conflict = _CONFLICT.search(yaml) if b"<<<<<<<" in yaml else None
    if conflict is not None:
        line = first_line + yaml.count(b"\n", 0, conflict.start() + 1)
        return Problem("there is an unresolved git conflict (<<<<<<<) in the front matter", line)
    problem = yaml_bounds.exceeded(yaml, first_line)
    if problem is not None:
        return problem
    return yaml_values.load(yaml, first_line)


def read_record(data: bytes, name: str) -> Record | Problem | None:
    """Return the record held by the bytes of a file called `name` (its ending says how the body
    is written, and whether it is a plain YAML file); None when the file is no record."""
    if _is_yaml(name):
        return _read_yaml_file(data, name)
    ending = name.rpartition(".")[2].lower()
    where = split(data)
    if not isinstance(where, Split):
        return where
    values = parse(data[where.start : where.end])
    if isinstance(values, Problem):
        return values
    raw = data[where.body :]
    warnings: list[Warned] = []
    try:
        body = raw.decode()
    except UnicodeDecodeError:
        body = raw.decode("utf-8", "replace")
        warnings.append(Warned("body", "is not UTF-8 throughout"))
    if not body or body.isspace():
        return build_record(values, "", Body.NONE, warnings)
    return build_record(values, body, _body_kind(body, ending), warnings)


def _body_kind(body: str, ending: str) -> Body:
    if ending == "txt":
        return Body.TEXT
    if ending == "html" or _HTML_BODY.match(body[:1000]):
        return Body.HTML
    return Body.MARKDOWN


def _read_yaml_file(data: bytes, name: str) -> Record | Problem | None:
    """Read the first document of a YAML file; None unless it has a title or name and one of `URLS`."""
    if _is_settings(name):
        return None
    text = data.removeprefix(BOM)
    if not any(name.encode() in text for name in URLS):
        return None
    values = parse(_first_document(text), first_line=1)
    if isinstance(values, Problem):
        like = all(pattern.search(text, 0, MAX_FRONT_MATTER) for pattern in _LOOKS_LIKE_RECORD)
        return values if like else None
    titled = isinstance(values.get("title"), str) or isinstance(values.get("name"), str)
    linked = any(isinstance(values.get(url), str) for url in URLS)
    return build_record(values, "", Body.NONE, []) if titled and linked else None


def _first_document(text: bytes) -> bytes:
    """Return the text up to the end of its first YAML document."""
    marker = _DOCUMENT_MARKER.search(text)
    if (
        marker is not None
        and marker[0] == b"---"
        and _NO_CONTENT.fullmatch(text, 0, marker.start())
    ):
        marker = _DOCUMENT_MARKER.search(text, marker.end())
    return text if marker is None else text[: marker.start()]


def parser_name() -> str:
    """Return which YAML parser reads front matter: `libyaml` or `pure Python`."""
    return "libyaml" if yaml_values.HAS_LIBYAML else "pure Python"
