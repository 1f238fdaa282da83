"""What a YAML parser complains of, as a Problem in plain words."""

from __future__ import annotations

import yaml as pyyaml

from .record import Problem
from .yaml_bounds import MAX_DEPTH

# What PyYAML says, through libyaml or in pure Python, and what it means for a file's author.
_PLAIN_WORDS = (
    ("mapping values are not allowed", "a colon stands where no field can begin: quote the text"),
    (
        "could not find expected ':'",
        "a line is neither `field: value` nor quoted: is a colon or a quotation mark missing?",
    ),
    ("that cannot start any token", "a value begins with a tab, @, ` or %: quote it"),
    ("found unexpected end of stream", "a quotation mark is never closed"),
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
