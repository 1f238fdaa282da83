"""What a YAML parser complains of, as a Problem in plain words."""

from __future__ import annotations

import re
from typing import Any

import yaml as pyyaml

from .record import Problem
from .yaml_bounds import MAX_DEPTH

_LOADER: Any = getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader)
_NEVER_CLOSED = "a quotation mark is never closed"
_BEFORE_FIELD = re.compile(r"(?:- +| )*")
# At the beginning of a line: a list item, or a field with its value.
_ITEM_OR_FIELD = re.compile(r"( *)(?:- |[\"']?[A-Za-z_][\w-]*[\"']?:(?:\s|\Z))")

# What PyYAML says, through libyaml or in pure Python, and what it means for a file's author.
_PLAIN_WORDS = (
    ("mapping values are not allowed", "a colon stands where no field can begin: quote the text"),
    (
        "could not find expected ':'",
        "a line is neither `field: value` nor quoted: is a colon or a quotation mark missing?",
    ),
    ("that cannot start any token", "a value begins with a tab, @, ` or %: quote it"),
    ("found unexpected end of stream", _NEVER_CLOSED),
    ("found a tab character", "a tab is used for indentation: use spaces"),
    (
        "found unknown escape character",
        "a backslash in double quotes is no escape: double it or use single quotes",
    ),
    (
        "did not find expected hexdecimal number",
        "a backslash escape in double quotes is no number: double the backslash",
    ),
    (
        "did not find expected key",
        "a line is indented differently, or a quotation mark stands inside a quoted text",
    ),
    (
        "expected <block end>",
        "a line is indented differently, or a quotation mark stands inside a quoted text",
    ),
    (
        "did not find expected '-' indicator",
        "a list item is indented differently from those before",
    ),
    (
        "block sequence entries are not allowed",
        "a list begins on the line of its field: put it on lines of its own",
    ),
    ("expected ',' or ']'", "a list in [ ] is never closed, or a comma is missing"),
    ("expected ',' or '}'", "a mapping in { } is never closed, or a comma is missing"),
    ("did not find expected node content", "a value is missing, or a bracket is never closed"),
    ("expected the node content", "a value is missing, or a bracket is never closed"),
    ("did not find expected <document start>", "text follows where the front matter has ended"),
    ("found undefined alias", "an alias (*) names no anchor (&)"),
    ("found duplicate anchor", "two anchors (&) have one name"),
    ("second occurrence", "two anchors (&) have one name"),
    ("could not determine a constructor", "a tag (!) that would build an object: remove it"),
    ("found undefined tag handle", "a tag (!) that is not known: remove it"),
    ("found unhashable key", "a list or mapping is used as a field's name"),
    ("for merging, but found", "a merge (<<) of something that is no mapping"),
    ("but found another document", "there is more than one YAML document"),
    ("control characters are not allowed", "there is a control character in the front matter"),
    ("special characters are not allowed", "there is a control character in the front matter"),
    # libyaml's own bound, since 0.2.6; it lies far above ours
    ("exceeded maximum nesting depth", f"lists or mappings are nested over {MAX_DEPTH} deep"),
    ("does not fit its tag", "a value does not fit its tag (such as !!int or !!timestamp)"),
)


def problem_of(error: pyyaml.YAMLError, text: bytes, first_line: int) -> Problem:
    """Return a plain sentence for what PyYAML says of `text`, with the file's line."""
    quoted = _quoted_before(error, text)
    if quoted is not None and _goes_over_fields(text, *quoted):
        return Problem(_NEVER_CLOSED, first_line + quoted[0])
    said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if "end of stream" in said:  # the end says nothing: where the quotation began does
        mark = getattr(error, "context_mark", None) or mark
    position = getattr(error, "position", None)
    line = first_line
    if mark is not None:
        line += mark.line
    elif isinstance(position, int):
        line += text.count(b"\n", 0, position)
    line = min(line, first_line + text.count(b"\n"))
    for known, plain in _PLAIN_WORDS:
        if known in said:
            return Problem(plain, line)
    return Problem(f"it is no valid YAML: {' '.join(said.split())[:200]}", line)


def _quoted_before(error: pyyaml.YAMLError, text: bytes) -> tuple[int, int] | None:
    """Return the first and last line, from 0, of the quoted text in which or right after which the
    parser gave up; None where it was elsewhere."""
    if "quoted scalar" in str(getattr(error, "context", "")):
        return error.context_mark.line, error.problem_mark.line  # type: ignore[attr-defined]  # a MarkedYAMLError
    last = None
    loader = _LOADER(text)
    try:
        while loader.check_event():
            event = loader.get_event()
            if not isinstance(event, pyyaml.CollectionEndEvent):
                last = event
    except pyyaml.YAMLError:
        pass  # what came before it is looked at
    finally:
        loader.dispose()
    if not isinstance(last, pyyaml.ScalarEvent) or last.style not in ("'", '"'):
        return None
    first, end = last.start_mark, last.end_mark
    return None if first is None or end is None else (first.line, end.line)


def _goes_over_fields(text: bytes, first: int, last: int) -> bool:
    """Return whether a quoted text goes on over a line that begins another field or item: nobody
    closed it, and the first mark of a later value did."""
    opening, *others = text.decode("utf-8", "replace").split("\n")[first : last + 1] or [""]
    before = _BEFORE_FIELD.match(opening)
    column = before.end() if before is not None else 0
    begun = map(_ITEM_OR_FIELD.match, others)
    return any(found is not None and found.end(1) <= column for found in begun)
