"""Where the text of a value stands in front matter, and which texts to put in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml as pyyaml

from .dates import parse_date
from .edit import AddItem, Change, RemoveItem, SetField
from .values import ABSENT
from .yaml_text import texts_of

ORDER = (
    "category",
    "title",
    "name",
    "excerpt",
    "publishedDateTime",
    "updatedDateTime",
    "webUrl",
    "originalUrl",
    "ampWebUrl",
    "cdnAmpWebUrl",
    "type",
    "quality",
    "heat",
    "removed",
    "published",
    "provider",
    "topics",
    "images",
    "related",
    "length",
    "price",
    "ratings",
    "levels",
    "items",
    "actions",
    "featuredContent",
    "secured",
)
"""Where a new field goes: next to its neighbours in this order."""

BY_HAND = "edit the file by hand"
_LOADER: Any = getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader)
_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\Z)")
_END_OF_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\Z)")
_NEWLINE = re.compile(r"\r\n|\n")

Way = tuple[int, int, str]
"""From which character, to which, and what goes there."""


class CannotError(Exception):
    """This cannot be edited safely; the reason is for the user."""


def compose(text: str) -> Any:
    loader = _LOADER(text)
    try:
        return loader.get_single_node()
    except (pyyaml.YAMLError, RecursionError):
        return None
    finally:
        loader.dispose()


def ways(text: str, root: Any, change: Change) -> Iterator[Way]:
    """Yield splices that may make the change, the best one first."""
    parent = root
    for part in change.field[:-1]:
        parent = _child(parent, part)
        if parent is None:
            raise CannotError(f"stands where it cannot be found; {BY_HAND}")
    last = change.field[-1]
    entry = _entry(parent, last)
    if isinstance(change, SetField):
        if entry is None:
            if change.to is ABSENT or not isinstance(last, str):
                raise CannotError(f"cannot be put there; {BY_HAND}")
            if parent is not None and not isinstance(parent, pyyaml.MappingNode):
                raise CannotError(f"cannot be put there; {BY_HAND}")
            yield from _insertions(text, parent, last, change)
        elif change.to is ABSENT:
            yield _removal(text, root, entry)
        else:
            yield from _replacements(text, entry, change)
    elif isinstance(change, RemoveItem):
        yield from _without_item(text, _list_of(text, entry), change.item)
    elif entry is None:
        if len(change.field) > 1 or not isinstance(last, str):
            raise CannotError(f"cannot be put there; {BY_HAND}")
        yield from _insertions(text, root, last, change)
    elif _value_is_empty(entry[1]):
        yield from _first_item(text, entry, change)
    else:
        yield from _with_item(text, _list_of(text, entry), change)


def _child(node: Any, part: str | int) -> Any:
    entry = _entry(node, part)
    return None if entry is None else entry[1]


def _entry(node: Any, part: str | int) -> tuple[Any, Any] | None:
    """Return the key's node (a list's item has none) and the value's."""
    if isinstance(part, int):
        if isinstance(node, pyyaml.SequenceNode) and part < len(node.value):
            return None, node.value[part]
    elif isinstance(node, pyyaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, pyyaml.ScalarNode) and key.value == part:
                return key, value
    return None


def _value_is_empty(node: Any) -> bool:
    """Return whether a field is there without a value: `topics:` and nothing more."""
    return (
        isinstance(node, pyyaml.ScalarNode)
        and not node.style
        and node.start_mark.index == node.end_mark.index
    )


def _span(text: str, key: Any, value: Any) -> tuple[int, int]:
    """Return from where to where a single value's text runs. Raises CannotError."""
    start, end = value.start_mark.index, value.end_mark.index
    if key is not None and start < key.end_mark.index:
        raise CannotError(f"is an alias (*) of another value; {BY_HAND}")
    if not isinstance(value, pyyaml.ScalarNode):
        raise CannotError(f"holds more than one value; {BY_HAND}")
    first = text[start : start + 1]
    if first in "&!*" and start < end:
        what = {"&": "an anchor (&)", "!": "a tag (!)", "*": "an alias (*)"}[first]
        raise CannotError(f"carries {what}; {BY_HAND}")
    if value.style in ("|", ">"):
        raise CannotError(f"is a block of text (| or >); {BY_HAND}")
    return start, end


def _replacements(text: str, entry: tuple[Any, Any], change: SetField) -> Iterator[Way]:
    start, end = _span(text, *entry)
    source = text[start:end]
    space = " " if start == end and text[start - 1 : start] == ":" else ""
    if change.text and "\n" not in change.text:
        yield start, end, space + change.text
    for new in texts_of(change.to, source):
        yield start, end, space + new
    moment = parse_date(change.to) if not isinstance(change.to, str) else None
    if moment is not None and source[:1] in ("'", '"') and parse_date(source[1:-1]):
        for new in texts_of(change.to, source):
            yield start, end, source[0] + new + source[0]


def _removal(text: str, root: Any, entry: tuple[Any, Any]) -> Way:
    """A field's whole lines, from its key to its last value."""
    key, value = entry
    if isinstance(value, pyyaml.ScalarNode):
        _span(text, key, value)
    start = _line_start(text, root, key)
    end = _line_end(text, max(_last(value), key.end_mark.index))
    return start, end, ""


def _line_start(text: str, root: Any, key: Any) -> int:
    """Return where the line of a top-level key begins; nothing but indentation may precede it."""
    if root.flow_style:
        raise CannotError(f"stands in braces with all other fields; {BY_HAND}")
    at: int = key.start_mark.index
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    if text[start:at].strip(" "):
        raise CannotError(f"does not begin its line; {BY_HAND}")
    return start


def _line_end(text: str, at: int) -> int:
    """Return where the line after the one of `at` begins; only a comment may follow there."""
    rest = _REST_OF_LINE.match(text, at)
    if rest is None and text[at : at + 1] == ":":  # a key without a value
        rest = _REST_OF_LINE.match(text, at + 1)
    if rest is None:
        raise CannotError(f"shares its line with something else; {BY_HAND}")
    return rest.end()


def _last(node: Any) -> int:
    """Return where the text of a value ends, trailing blank lines and comments left out.

    A block list's own mark lies at what follows it, so its last value's counts."""
    if isinstance(node, pyyaml.ScalarNode):
        if node.style in ("|", ">"):
            raise CannotError(f"has a block of text (| or >) in it; {BY_HAND}")
        return int(node.end_mark.index)
    if node.flow_style or not node.value:
        return int(node.end_mark.index)
    child = node.value[-1]
    if isinstance(child, tuple):
        key, value = child
        return max(int(key.end_mark.index) + _value_is_empty(value), _last(value))
    return _last(child)


def _insertions(text: str, root: Any, name: str, change: SetField | AddItem) -> Iterator[Way]:
    """A new field on a line of its own, next to its neighbours."""
    if root is None:
        raise CannotError(f"has no other field to stand beside; {BY_HAND}")
    if root.flow_style:
        raise CannotError(f"would stand in braces with all other fields; {BY_HAND}")
    at, neighbour = _place(text, root, name)
    indent = " " * neighbour.start_mark.column
    newline = _newline(text)
    before = "" if at == 0 or text[at - 1] in "\n\r" else newline
    after = newline if before == "" else ""
    if isinstance(change, SetField):
        if change.text:
            lines = change.text.rstrip("\r\n")
            yield at, at, before + lines + after
        for written in texts_of(change.to, _common_style(text, root)):
            yield at, at, f"{before}{indent}{name}: {written}{after}"
    else:
        for written in texts_of(change.item, "a"):
            yield at, at, f"{before}{indent}{name}:{newline}{indent}  - {written}{after}"


def _place(text: str, root: Any, name: str) -> tuple[int, Any]:
    """Return at which character a new field's line begins, and the key it stands beside."""
    keys = {
        key.value: (key, value) for key, value in root.value if isinstance(key, pyyaml.ScalarNode)
    }
    order = ORDER.index(name) if name in ORDER else len(ORDER) - 1
    if name == "removed" and "published" in keys:
        key = keys["published"][0]
        return _line_start(text, root, key), key
    for neighbour in reversed(ORDER[:order]):
        if neighbour in keys:
            key, value = keys[neighbour]
            try:
                return _line_end(text, max(_last(value), key.end_mark.index)), key
            except CannotError:
                continue
    for neighbour in ORDER[order + 1 :]:
        if neighbour in keys:
            key = keys[neighbour][0]
            return _line_start(text, root, key), key
    if not root.value:
        raise CannotError(f"has no other field to stand beside; {BY_HAND}")
    key = root.value[0][0]
    return _line_start(text, root, key), key


def _newline(text: str) -> str:
    found = _NEWLINE.search(text)
    return found[0] if found else "\n"


def _common_style(text: str, root: Any) -> str:
    """Return the quoting that most texts of the record have, as their first character."""
    counts = {"'": 0, '"': 0, "a": 0}
    for _, value in root.value:
        if isinstance(value, pyyaml.ScalarNode) and value.tag == "tag:yaml.org,2002:str":
            counts[text[value.start_mark.index] if value.style in ("'", '"') else "a"] += 1
    return max(counts, key=lambda style: counts[style])


# -- lists ----------------------------------------------------------------------------------------


def _list_of(text: str, entry: tuple[Any, Any] | None) -> Any:
    if entry is None:
        raise CannotError(f"is not there; {BY_HAND}")
    key, node = entry
    if not isinstance(node, pyyaml.SequenceNode):
        raise CannotError(f"is no list; {BY_HAND}")
    start = node.start_mark.index
    if key is not None and start < key.end_mark.index:
        raise CannotError(f"is an alias (*) of another list; {BY_HAND}")
    if text[start : start + 1] in "&!":
        raise CannotError(f"carries an anchor or a tag; {BY_HAND}")
    return node


def _first_item(text: str, entry: tuple[Any, Any], change: AddItem) -> Iterator[Way]:
    """The first item of a field that has no value."""
    key, value = entry
    at: int = value.start_mark.index
    end = _line_end(text, at)
    newline = _newline(text)
    indent = " " * key.start_mark.column
    for written in texts_of(change.item, "a"):
        line = f"{indent}  - {written}"
        whole = text[at:end]
        if whole.endswith("\n"):
            yield end, end, line + newline
        else:
            yield end, end, newline + line


def _with_item(text: str, node: Any, change: AddItem) -> Iterator[Way]:
    items = node.value
    index = change.at if 0 <= change.at <= len(items) else len(items)
    if node.flow_style:
        if not items:
            inside = node.start_mark.index + 1
            for written in texts_of(change.item, "a"):
                yield inside, inside, written
            return
        beside = items[index - 1] if index else items[0]
        start, end = _span(text, None, beside)
        for written in texts_of(change.item, text[start:end]):
            if index:
                yield end, end, f", {written}"
            else:
                yield start, start, f"{written}, "
        return
    beside = items[index - 1] if index else items[0]
    start, end = _span(text, None, beside)
    line, dash = _dash(text, start)
    newline = _newline(text)
    for written in texts_of(change.item, text[start:end]):
        if not index:
            yield line, line, f"{dash}{written}{newline}"
            continue
        after = _line_end(text, end)
        if text[:after].endswith(("\n", "\r")):
            yield after, after, f"{dash}{written}{newline}"
        else:
            yield after, after, f"{newline}{dash}{written}"


def _without_item(text: str, node: Any, item: str) -> Iterator[Way]:
    items = node.value
    index = next(
        (
            at
            for at, each in enumerate(items)
            if isinstance(each, pyyaml.ScalarNode) and each.value == item
        ),
        None,
    )
    if index is None:
        raise CannotError(f"does not hold this item as a text; {BY_HAND}")
    start, end = _span(text, None, items[index])
    if node.flow_style:
        if len(items) == 1:
            yield node.start_mark.index, node.end_mark.index, "[]"
        elif index + 1 < len(items):
            yield start, items[index + 1].start_mark.index, ""
        else:
            yield items[index - 1].end_mark.index, end, ""
        return
    if len(items) == 1:  # without any item left it would be no list but nothing
        line, _ = _dash(text, start)
        before = text[:line].rstrip("\r\n")
        if before.endswith(":"):
            yield len(before), _value_end(text, end), " []"
        raise CannotError(f"has its only item where it cannot be taken out; {BY_HAND}")
    line, _ = _dash(text, start)
    yield line, _line_end(text, end), ""


def _value_end(text: str, at: int) -> int:
    """Return where the line of `at` ends, its newline left out; only blanks may follow there."""
    end = _END_OF_LINE.match(text, at)
    if end is None or end[0].strip():
        raise CannotError(f"has a comment beside its only item; {BY_HAND}")
    return at + len(end[0].rstrip("\r\n"))


def _dash(text: str, start: int) -> tuple[int, str]:
    """Return where an item's line begins, and what precedes the item there: its dash."""
    line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    dash = text[line:start]
    if dash.strip(" ") != "-":
        raise CannotError(f"has an item that does not begin its line; {BY_HAND}")
    return line, dash
