"""YAML 1.1 values, built straight from composed nodes.

PyYAML's constructor machinery takes more time than parsing does. Here the resolver, which the
composer asks for every scalar's tag, answers with the value itself where it is none of text,
and remembers it; building is then a walk that copies. Everything unusual (tags in the file,
merge keys, keys that are no scalars) is left to PyYAML's own safe loader.
"""

from __future__ import annotations

import operator
import re
from datetime import datetime
from typing import Any

import yaml as pyyaml

from .record import Problem
from .yaml_bounds import expansion_exceeded
from .yaml_errors import problem_of

HAS_LIBYAML: bool = pyyaml.__with_libyaml__
MAX_NUMBER = 1000
"""Characters of a number; Python reads and shows longer ones in quadratic time, or not at all."""

_SafeLoader: Any = getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader)
_Composer: Any = pyyaml.cyaml.CParser if HAS_LIBYAML else _SafeLoader  # type: ignore[attr-defined]
"""libyaml's parser and composer by itself: without the constructor and the resolver it is 7 % quicker."""
_ScalarNode, _SequenceNode, _MappingNode = (
    pyyaml.ScalarNode,
    pyyaml.SequenceNode,
    pyyaml.MappingNode,
)
_STR = "tag:yaml.org,2002:str"
_SEQ = "tag:yaml.org,2002:seq"
_MAP = "tag:yaml.org,2002:map"
_MERGE = "tag:yaml.org,2002:merge"
_VALUE = "tag:yaml.org,2002:value"
_CONSTRUCTOR: Any = pyyaml.constructor.SafeConstructor()
_CONSTRUCT = {
    f"tag:yaml.org,2002:{name}": getattr(_CONSTRUCTOR, f"construct_yaml_{name}")
    for name in ("int", "float", "bool", "null", "timestamp")
}
_RESOLVERS: dict[str, list[tuple[str, re.Pattern[str]]]] = (
    pyyaml.SafeLoader.yaml_implicit_resolvers  # by a scalar's first character
)
# What PyYAML's constructors raise for scalars that only look like a date or a number.
_MISFITS = (ValueError, LookupError, ArithmeticError, TypeError, AttributeError)
_UTC_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z", re.ASCII
)
_SHORT, _REMEMBERED = 64, 10_000
_plain_scalars: dict[str, Any] = {}


def _resolved(text: str) -> Any:
    """Return what a plain scalar is: `_STR`, `_MERGE`, or its value as a tuple of one."""
    if len(text) > MAX_NUMBER:
        return _STR
    tag = next((tag for tag, form in _RESOLVERS.get(text[:1], ()) if form.match(text)), _STR)
    if tag == _MERGE:
        return _MERGE
    construct = _CONSTRUCT.get(tag)
    if construct is None:
        return _STR
    try:
        if _UTC_MOMENT.fullmatch(text):
            return (datetime.fromisoformat(text),)
        return (construct(_ScalarNode(tag, text)),)
    except _MISFITS:
        return _STR


def of_plain(text: str) -> Any:
    """Return what a plain scalar is: a tuple of its value; something else for a text."""
    found = _plain_scalars.get(text)
    if found is None:
        found = _resolved(text)
        if len(text) <= _SHORT:
            if len(_plain_scalars) >= _REMEMBERED:
                _plain_scalars.clear()
            _plain_scalars[text] = found
    return found


def _resolve(kind: Any, value: str, implicit: Any) -> Any:
    """Return a node's tag for the composer; for plain scalars that are no text, their value."""
    if kind is _ScalarNode:
        return of_plain(value) if implicit[0] else _STR
    return _SEQ if kind is _SequenceNode else _MAP


class _FastLoader(_Composer):  # type: ignore[misc]  # either one, chosen at import
    """Composes nodes; never constructs."""

    resolve = staticmethod(_resolve)
    # There are no path resolvers to enter and leave. These builtins take the arguments, do
    # nothing of consequence, and cost a third of the Python methods, at every node.
    descend_resolver = staticmethod(operator.is_)
    ascend_resolver = staticmethod(tuple)


class _CarefulLoader(_SafeLoader):  # type: ignore[misc]  # either loader, chosen at import
    """PyYAML's safe loader, which reads a plain scalar as text where it cannot be what it
    looks like, and says where a value does not fit the tag the file gives it."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        tag = super().resolve(kind, value, implicit)
        if kind is _ScalarNode and tag in _CONSTRUCT and _resolved(value) is _STR:
            return _STR
        return tag

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            if (
                type(node) is _ScalarNode
                and len(node.value) > MAX_NUMBER
                and node.tag in _CONSTRUCT
            ):
                raise ValueError
            return super().construct_object(node, deep)
        except _MISFITS:
            raise pyyaml.constructor.ConstructorError(
                None, None, "does not fit its tag", node.start_mark
            ) from None


for _tag in (_MERGE, _VALUE):  # as values, not as keys, `<<` and `=` are text
    _CarefulLoader.add_constructor(_tag, _SafeLoader.construct_yaml_str)


class _UnusualError(Exception):
    """Something this module leaves to PyYAML's safe loader."""


def load(text: bytes, first_line: int) -> dict[Any, Any] | Problem:
    """Return the mapping that `text` (bounded, UTF-8, no NUL) holds, or the Problem."""
    loader = _FastLoader(text)
    try:
        root = loader.get_single_node()
    except pyyaml.YAMLError as error:
        return problem_of(error, text, first_line)
    finally:
        loader.dispose()
    if root is None:
        return {}
    if type(root) is not _MappingNode:
        return Problem("the front matter is no list of `field: value` lines", first_line)
    if b"*" in text and b"&" in text and (reason := expansion_exceeded(root)) is not None:
        return Problem(reason, first_line)
    try:
        values = _mapping(root)
    except _UnusualError:
        return _load_unusual(text, first_line)
    if len(values) != len(root.value):
        return _given_twice(root, first_line)
    return values


def _mapping(node: Any) -> dict[Any, Any]:
    if node.tag is not _MAP:
        raise _UnusualError
    built: dict[Any, Any] = {}
    for key, value in node.value:
        tag = key.tag
        if tag is _STR:
            name = key.value
        elif type(tag) is tuple:
            name = tag[0]
        else:
            raise _UnusualError
        tag = value.tag
        if tag is _STR:
            built[name] = value.value
        elif type(tag) is tuple:
            built[name] = tag[0]
        elif tag is _MAP:
            built[name] = _mapping(value)
        elif tag is _SEQ:
            built[name] = _sequence(value)
        elif tag is _MERGE:
            built[name] = value.value
        else:
            raise _UnusualError
    return built


def _sequence(node: Any) -> list[Any]:
    built: list[Any] = []
    for value in node.value:
        tag = value.tag
        if tag is _STR:
            built.append(value.value)
        elif type(tag) is tuple:
            built.append(tag[0])
        elif tag is _MAP:
            built.append(_mapping(value))
        elif tag is _SEQ:
            built.append(_sequence(value))
        elif tag is _MERGE:
            built.append(value.value)
        else:
            raise _UnusualError
    return built


def _given_twice(root: Any, first_line: int) -> Problem:
    seen = set()
    for key, _ in root.value:
        name = key.value if key.tag is _STR else key.tag[0]
        if name in seen:
            break
        seen.add(name)
    return _twice(key, first_line)


def _twice(key: Any, first_line: int) -> Problem:
    line = first_line + key.start_mark.line
    return Problem(f"the field {key.value[:60]} is given twice", line)


def _load_unusual(text: bytes, first_line: int) -> dict[Any, Any] | Problem:
    """Read with PyYAML's safe loader: merge keys, tags, keys that are no scalars."""
    loader = _CarefulLoader(text)
    try:
        root = loader.get_single_node()
        keys = [key for key, _ in root.value if type(key) is _ScalarNode and key.tag != _MERGE]
        seen = set()
        for key in keys:
            name = loader.construct_object(key)
            if name in seen:
                return _twice(key, first_line)
            seen.add(name)
        values = loader.construct_document(root)
    except pyyaml.YAMLError as error:
        return problem_of(error, text, first_line)
    except RecursionError:
        return Problem("lists or mappings are nested too deep", first_line)
    finally:
        loader.dispose()
    if not isinstance(values, dict):
        return Problem("the front matter is no list of `field: value` lines", first_line)
    return values
