"""Bounds on hostile YAML, kept before a parser builds anything of it.

libyaml's scanner and event parser are iterative, but composing nodes recurses in C: 50 kB of
nested `[` or `- ` end the process with SIGSEGV. So depth and number of values are bounded
first: by a cheap look that most records pass, else by walking the events, which stops at the
first one too many.
"""

from __future__ import annotations

import re
from typing import Any

import yaml as pyyaml

from .record import Problem

MAX_DEPTH = 100
MAX_VALUES = 20_000
"""Values (texts, numbers, lists, mappings) written in one front matter."""
MAX_NODES = 10_000
"""Values that aliases and merge keys may add to those written."""
MAX_DIRECTIVES = 100
"""`%TAG` lines; libyaml compares each with all before it."""

_SMALL = 16_384  # bytes, which hold fewer than MAX_VALUES values however they are written
# A block collection nested in another begins at a larger column, a list right below a field
# excepted, so 25 columns hold 50 levels at most. What comes before that column in its line is
# indentation and indicators.
_DEEP_LINE = re.compile(rb"\n[ \t?:-]{24}")
_DEEP_FIRST_LINE = re.compile(rb"[ \t?:-]{24}")
_DEEP_AFTER_CR = re.compile(rb"\r[ \t?:-]{24}")
# A bracket opens one level, and another when a pair without braces stands in a list: `[a: [b: …`
_MAX_BRACKETS = 25
_LOADER: Any = getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader)


def exceeded(text: bytes, first_line: int) -> Problem | None:
    """Return the Problem when `text` nests too deep, holds too many values or directives.

    `first_line` is the file's line number of the first byte. Malformed YAML is not judged here.
    """
    # A search for one byte is so much faster that one stands before each for more.
    if b"%" in text and text.count(b"%TAG") > MAX_DIRECTIVES:
        return Problem(f"there are over {MAX_DIRECTIVES} %TAG directives", first_line)
    brackets = text.count(b"[") + text.count(b"{")
    if (
        brackets <= _MAX_BRACKETS
        and _DEEP_LINE.search(text) is None
        and _DEEP_FIRST_LINE.match(text) is None
        and (b"\r" not in text or _DEEP_AFTER_CR.search(text) is None)
        and (text.isascii() or not _has_other_line_breaks(text))
        and (len(text) <= _SMALL or _at_most(text, brackets) <= MAX_VALUES)
    ):
        return None
    return _walk(text, first_line)


def _has_other_line_breaks(text: bytes) -> bool:
    """Whether NEL, LS or PS, line breaks to YAML 1.1, are in the text."""
    return (
        (b"\x85" in text and b"\xc2\x85" in text)
        or (b"\xa8" in text and b"\xe2\x80\xa8" in text)
        or (b"\xa9" in text and b"\xe2\x80\xa9" in text)
    )


def _at_most(text: bytes, brackets: int) -> int:
    """Return a number of values that `text` cannot exceed: each follows an indicator."""
    pairs = brackets + text.count(b":") + text.count(b",") + text.count(b"?")
    return 2 * (1 + pairs) + text.count(b"-")


def _walk(text: bytes, first_line: int) -> Problem | None:
    depth = values = 0
    loader = _LOADER(text)
    try:
        # A second document is refused where the values are read.
        while not isinstance(
            event := loader.get_event(), pyyaml.DocumentEndEvent | pyyaml.StreamEndEvent
        ):
            if isinstance(event, pyyaml.NodeEvent):
                values += 1
                if isinstance(event, pyyaml.CollectionStartEvent):
                    depth += 1
            elif isinstance(event, pyyaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                line = first_line + event.start_mark.line
                return Problem(f"lists or mappings are nested over {MAX_DEPTH} deep", line)
            if values > MAX_VALUES:
                line = first_line + event.start_mark.line
                return Problem(f"there are over {MAX_VALUES:,} values", line)
    except pyyaml.YAMLError:
        pass  # what is wrong is said where the values are read
    finally:
        loader.dispose()
    return None


def expansion_exceeded(root: pyyaml.Node) -> str | None:
    """Return what is wrong when the graph under `root`, its aliases written out, has over
    `MAX_NODES` more nodes than are written, is over `MAX_DEPTH` deep, or contains itself.

    Nothing is written out: a node's size is remembered, so each is looked at once.
    """
    sizes: dict[int, tuple[int, int]] = {}  # nodes, depth
    open_nodes: set[int] = set()
    stack: list[tuple[pyyaml.Node, bool]] = [(root, False)]
    while stack:
        node, done = stack.pop()
        key = id(node)
        if done:
            open_nodes.discard(key)
            size = depth = 1
            for child in _children(node):
                child_size, child_depth = sizes[id(child)]
                size += child_size
                depth = max(depth, child_depth + 1)
            if size > MAX_VALUES + MAX_NODES:
                break
            if depth > MAX_DEPTH + 1:  # a scalar in the innermost collection is one more
                return f"lists or mappings are nested over {MAX_DEPTH} deep, by way of aliases"
            sizes[key] = size, depth
        elif key not in sizes:
            open_nodes.add(key)
            stack.append((node, True))
            for child in _children(node):
                if id(child) in open_nodes:
                    return "an alias (*) stands inside what it names"
                if id(child) not in sizes:
                    stack.append((child, False))
    else:
        if sizes[id(root)][0] - len(sizes) <= MAX_NODES:
            return None
    return f"aliases expand to over {MAX_NODES:,} values"


def _children(node: pyyaml.Node) -> list[pyyaml.Node]:
    if isinstance(node, pyyaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return node.value if isinstance(node, pyyaml.SequenceNode) else []
