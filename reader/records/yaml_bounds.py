"""Bounds on hostile YAML, kept before a parser builds anything of it.

libyaml's scanner and event parser are iterative, but composing nodes recurses in C: 50 kB of
nested `[` or `- ` end the process with SIGSEGV. So the depth is bounded first: by a cheap look
that most records pass, else by walking the events, which stop at the first one too deep.
"""

from __future__ import annotations

import re
from typing import Any

import yaml as pyyaml

from .record import Problem

MAX_DEPTH = 100
MAX_EVENTS = 20_000
"""Values, beginnings and ends of collections in one front matter."""
MAX_NODES = 10_000
"""Nodes that aliases and merge keys may expand to."""

_SMALL = 32_768
# A block collection is nested deeper only at a larger column, an indentless list in a mapping
# counting twice: 48 columns of indentation and indicators hold fewer than 100 levels.
_DEEP_LINE = re.compile(rb"\n[ \t?:-]{48}")
_LOADER: Any = getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader)


def exceeded(text: bytes, first_line: int) -> Problem | None:
    """Return the Problem when `text` nests too deep, holds too many values or has directives.

    `first_line` is the file's line number of the first byte. Malformed YAML is not judged here.
    """
    if text.startswith(b"%"):
        return Problem("YAML directives (%) have no place in front matter", first_line)
    flow = text.count(b"[") + text.count(b"{")
    if len(text) <= _SMALL and flow < MAX_DEPTH // 2 and _DEEP_LINE.search(b"\n" + text) is None:
        return None
    return _walk(text, first_line)


def _walk(text: bytes, first_line: int) -> Problem | None:
    depth = events = 0
    loader = _LOADER(text)
    try:
        while True:
            event = loader.get_event()
            if event is None or isinstance(event, pyyaml.StreamEndEvent):
                return None
            events += 1
            if isinstance(event, pyyaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, pyyaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH or events > MAX_EVENTS:
                line = first_line + event.start_mark.line
                if depth > MAX_DEPTH:
                    return Problem(f"lists or mappings are nested over {MAX_DEPTH} deep", line)
                return Problem("the front matter holds too many values", line)
    except pyyaml.YAMLError:
        return None  # what is wrong is said where the values are read
    finally:
        loader.dispose()


def expands_too_far(root: pyyaml.Node) -> bool:
    """Whether the graph under `root` has over `MAX_NODES` nodes once aliases are written out,
    or contains itself. Sizes are remembered by node, so shared parts are counted once each."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()
    stack: list[tuple[pyyaml.Node, bool]] = [(root, False)]
    while stack:
        node, done = stack.pop()
        key = id(node)
        if not done:
            if key in sizes:
                continue
            if key in open_nodes:
                return True
            children = _children(node)
            if not children:
                sizes[key] = 1
                continue
            open_nodes.add(key)
            stack.append((node, True))
            for child in children:
                if id(child) in open_nodes:
                    return True
                if id(child) not in sizes:
                    stack.append((child, False))
        else:
            open_nodes.discard(key)
            size = 1 + sum(sizes[id(child)] for child in _children(node))
            if size > MAX_NODES:
                return True
            sizes[key] = size
    return False


def _children(node: pyyaml.Node) -> list[pyyaml.Node]:
    if isinstance(node, pyyaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return node.value if isinstance(node, pyyaml.SequenceNode) else []
