"""YAML 1.1 values, built straight from composed nodes.

PyYAML's constructor machinery takes more time than parsing does. This builds the same values
for what records use (mappings, lists, plain scalars), with the tags of plain scalars remembered,
and hands everything unusual to `CSafeLoader`.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

import yaml as pyyaml

from .record import Problem
from .yaml_bounds import MAX_NODES, expands_too_far

HAS_LIBYAML: bool = pyyaml.__with_libyaml__
_Loader: Any = getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader)

_STR = "tag:yaml.org,2002:str"
_SEQ = "tag:yaml.org,2002:seq"
_MAP = "tag:yaml.org,2002:map"
_MERGE = "tag:yaml.org,2002:merge"
_VALUE = "tag:yaml.org,2002:value"
_CONSTRUCTOR: Any = pyyaml.constructor.SafeConstructor()
_RESOLVER: Any = pyyaml.resolver.Resolver()
_CONSTRUCT = {
    f"tag:yaml.org,2002:{name}": getattr(_CONSTRUCTOR, f"construct_yaml_{name}")
    for name in ("int", "float", "bool", "null", "timestamp")
}
_ScalarNode, _SequenceNode = pyyaml.ScalarNode, pyyaml.SequenceNode
_REMEMBERED = 20_000
_SHORT = 64

_tags: dict[str, str] = {}
_values: dict[tuple[str, str], Any] = {}


class _FastLoader(_Loader):  # type: ignore[misc]  # either loader, chosen at import
    # There are no path resolvers to enter and leave. These builtins take the arguments, do
    # nothing of consequence, and cost a third of the Python methods, at every node.
    descend_resolver = staticmethod(operator.is_)
    ascend_resolver = staticmethod(tuple)

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        """`Resolver.resolve`, remembering the tags of short plain scalars."""
        if kind is not _ScalarNode:
            return _SEQ if kind is _SequenceNode else _MAP
        if not implicit[0]:
            return _STR
        tag = _tags.get(value)
        if tag is None:
            tag = super().resolve(kind, value, implicit)
            if len(value) <= _SHORT:
                if len(_tags) >= _REMEMBERED:
                    _tags.clear()
                _tags[value] = tag
        return tag


class _UnusualError(Exception):
    """Something this module leaves to CSafeLoader."""


def load(text: bytes, first_line: int) -> Mapping[Any, Any] | Problem:
    """Return the mapping that `text` (bounded, UTF-8, no NUL) holds, or the Problem."""
    loader = _FastLoader(text)
    try:
        root = loader.get_single_node()
    except pyyaml.YAMLError as error:
        return _problem(error, text, first_line)
    finally:
        loader.dispose()
    if root is None:
        return {}
    if not isinstance(root, pyyaml.MappingNode):
        return Problem("the front matter is no list of `key: value` lines", first_line)
    if b"*" in text and b"&" in text and expands_too_far(root):
        return Problem(f"aliases expand to over {MAX_NODES:,} values", first_line)
    duplicate = _duplicate(root)
    if duplicate is not None:
        line = first_line + duplicate.start_mark.line
        return Problem(f"the field {duplicate.value[:60]} is given twice", line)
    try:
        return _mapping(root)
    except _UnusualError:
        return _load_unusual(text, first_line)


def _duplicate(root: pyyaml.MappingNode) -> pyyaml.ScalarNode | None:
    seen: set[tuple[str, str]] = set()
    for key, _ in root.value:
        if type(key) is _ScalarNode and key.tag != _MERGE:
            if (key.tag, key.value) in seen:
                return key
            seen.add((key.tag, key.value))
    return None


def _mapping(node: pyyaml.MappingNode) -> dict[Any, Any]:
    if node.tag != _MAP:
        raise _UnusualError
    built: dict[Any, Any] = {}
    for key, value in node.value:
        if type(key) is not _ScalarNode:
            raise _UnusualError
        name = key.value if key.tag == _STR else _scalar(key)
        kind = type(value)
        if kind is _ScalarNode:
            built[name] = value.value if value.tag == _STR else _scalar(value)
        elif kind is _SequenceNode:
            built[name] = _sequence(value)
        else:
            built[name] = _mapping(value)
    return built


def _sequence(node: pyyaml.SequenceNode) -> list[Any]:
    if node.tag != _SEQ:
        raise _UnusualError
    built: list[Any] = []
    for value in node.value:
        kind = type(value)
        if kind is _ScalarNode:
            built.append(value.value if value.tag == _STR else _scalar(value))
        elif kind is _SequenceNode:
            built.append(_sequence(value))
        else:
            built.append(_mapping(value))
    return built


def _scalar(node: pyyaml.ScalarNode) -> Any:
    tag, text = node.tag, node.value
    known = (tag, text)
    try:
        return _values[known]
    except KeyError:
        pass
    construct = _CONSTRUCT.get(tag)
    if construct is None:
        if tag == _VALUE and text == "=":
            return text
        raise _UnusualError
    try:
        value = construct(node)
    except (ValueError, IndexError, KeyError, AttributeError, OverflowError):
        if not _is_plain(node):
            raise _UnusualError from None
        value = text
    if len(text) <= _SHORT:
        if len(_values) >= _REMEMBERED:
            _values.clear()
        _values[known] = value
    return value


def _is_plain(node: pyyaml.ScalarNode) -> bool:
    """Whether the tag comes from how the scalar looks, not from a tag in the file."""
    return bool(_RESOLVER.resolve(pyyaml.ScalarNode, node.value, (True, False)) == node.tag)


def _load_unusual(text: bytes, first_line: int) -> Mapping[Any, Any] | Problem:
    """Read with CSafeLoader: merge keys, tags, keys that are no scalars."""
    try:
        values = pyyaml.load(text, Loader=_Loader)  # noqa: S506  # a safe loader
    except pyyaml.YAMLError as error:
        return _problem(error, text, first_line)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError):
        return Problem("a value does not fit its tag (such as !!int or !!timestamp)", first_line)
    except RecursionError:
        return Problem("lists or mappings are nested too deep", first_line)
    if not isinstance(values, dict):
        return Problem("the front matter is no list of `key: value` lines", first_line)
    return values


_PLAIN_WORDS = (
    ("mapping values are not allowed", "a colon stands where no field can begin: quote the text"),
    (
        "could not find expected ':'",
        "a line is neither `field: value` nor quoted: is a colon or a quotation mark missing?",
    ),
    (
        "found character that cannot start any token",
        "a value begins with a tab, @, ` or %: quote it",
    ),
    ("found unexpected end of stream", "a quotation mark is never closed"),
    ("found a tab character", "a tab is used for indentation: use spaces"),
    (
        "found unknown escape character",
        "a backslash in double quotes is no escape: double it or use single quotes",
    ),
    (
        "did not find expected key",
        "a line is indented differently, or a quotation mark stands inside a quoted text",
    ),
    (
        "did not find expected '-' indicator",
        "a list item is indented differently from those before",
    ),
    ("did not find expected ',' or ']'", "a list in [ ] is never closed, or a comma is missing"),
    ("did not find expected ',' or '}'", "a mapping in { } is never closed, or a comma is missing"),
    ("found undefined alias", "an alias (*) names no anchor (&)"),
    ("could not determine a constructor", "a tag (!) that would build an object: remove it"),
    ("found unhashable key", "a list or mapping is used as a field's name"),
    ("expected a single document", "there is more than one YAML document"),
    ("control characters are not allowed", "there is a control character in the front matter"),
    ("special characters are not allowed", "there is a control character in the front matter"),
)


def _problem(error: pyyaml.YAMLError, text: bytes, first_line: int) -> Problem:
    """Return a plain sentence for what PyYAML says, with the file's line."""
    said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    position = getattr(error, "position", None)
    if mark is not None:
        line = first_line + mark.line
    elif isinstance(position, int):
        line = first_line + text.count(b"\n", 0, position)
    else:
        line = first_line
    line = min(line, first_line + text.count(b"\n"))
    for known, plain in _PLAIN_WORDS:
        if known in said:
            return Problem(plain, line)
    return Problem(f"it is no valid YAML: {' '.join(said.split())[:200]}", line)
