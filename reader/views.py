"""The user's own views in the settings file: `[[view]]` tables, read, and changed byte by byte."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reader import settings_file
from reader.records.views import (
    KEYS,
    SavedView,
    ViewRefused,
    added,
    changed,
    moved,
    queries_of,
    removed,
    wrong_views,
)

TABLE = "view"
FIELDS = {
    "name": "a text in quotes: what the view is called",
    "query": "a text in quotes: what it asks for (docs/queries.md)",
    "key": "a number from 1 to 9: g and this digit open it",
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with the views of a settings file. `str` is one line: file, line, reason."""

    file: Path
    line: int
    """From 1; 0: not known."""
    field: str
    """`name`, `query` or `key`, or whatever stands there."""
    reason: str
    name: str = ""
    """The view's; empty where it has none."""

    def __str__(self) -> str:
        at = f"{self.file}:{self.line}" if self.line else f"{self.file}"
        return f"{at}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The views of a settings file, in its order. One whose query is wrong is among `views` too,
    so that it can be mended."""

    views: tuple[SavedView, ...] = ()
    wrong: tuple[Wrong, ...] = ()

    @property
    def queries(self) -> dict[str, str]:
        """The queries by name, as `Collection.find` and the others take them."""
        return queries_of(self.views)


def load(file: Path) -> Loaded:
    """Return the views of a settings file; none when there is no such file, or when it is not
    TOML: that is for the settings to say. Never raises."""
    try:
        text = settings_file.read(file)
    except (OSError, UnicodeDecodeError):
        return Loaded()
    if TABLE not in text:
        return Loaded()
    return _understood(file, text.removeprefix(settings_file.BOM))


def add(file: Path, view: SavedView) -> Loaded:
    """Add a view after the others. Raises ViewRefused: it is wrong, or the file cannot be
    changed."""
    return _change(file, lambda views: added(views, view))


def change(file: Path, name: str, view: SavedView) -> Loaded:
    """Put a view in the place of the one called `name`. Raises ViewRefused."""
    return _change(file, lambda views: changed(views, name, view))


def remove(file: Path, name: str) -> Loaded:
    """Delete a view. Raises ViewRefused."""
    return _change(file, lambda views: removed(views, name))


def move(file: Path, name: str, to: int) -> Loaded:
    """Move a view to a place among the others, from 0. Raises ViewRefused."""
    return _change(file, lambda views: moved(views, name, to))


# -- reading ---------------------------------------------------------------------------------------


def _understood(file: Path, text: str) -> Loaded:
    values = settings_file.tables(text)
    if values is None or TABLE not in values:
        return Loaded()
    given = values[TABLE]
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        reason = "views are written as [[view]] tables, each with a name and a query."
        return Loaded((), (Wrong(file, _line(text, _first(text)), TABLE, reason),))
    lines = _Lines(text)
    wrong: list[Wrong] = []
    views: list[SavedView] = []
    at_of: list[int] = []
    for at, table in enumerate(given):
        found = [
            Wrong(file, lines.of(at, field), field, reason, _text(table.get("name")))
            for field, reason in _mistakes(table)
        ]
        wrong += found
        if not any(each.field in ("name", "query") for each in found):
            key = table.get("key")
            views.append(SavedView(table["name"], table["query"], _key(key)))
            at_of.append(at)
    for each in wrong_views(views):
        line = lines.of(at_of[each.at], each.field)
        name = views[each.at].name
        reason = f"the view “{_shown(name)}”: {each.reason.rstrip('.')}."
        wrong.append(Wrong(file, line, each.field, reason, name))
    return Loaded(tuple(views), tuple(sorted(wrong, key=lambda each: each.line)))


def _mistakes(table: object) -> list[tuple[str, str]]:
    """Return what cannot be read in one table: the field and the reason."""
    if not isinstance(table, dict):
        return [(TABLE, "this is no table.")]
    found = []
    for field in ("name", "query"):
        if field not in table:
            found.append((field, f"this view has no {field}: it has to be {FIELDS[field]}."))
        elif not isinstance(table[field], str):
            found.append((field, f"“{field}” has to be {FIELDS[field]}."))
    if "key" in table and _key(table["key"]) is None:
        found.append(("key", f"“key” has to be {FIELDS['key']}."))
    for field in table:
        if field not in FIELDS:
            import difflib  # here: only a mistake needs it

            near = difflib.get_close_matches(field, FIELDS, n=1)
            meant = f"; did you mean “{near[0]}”?" if near else "."
            reason = f"a view has no “{_shown(field)}”{meant} It has {', '.join(FIELDS)}."
            found.append((field, reason))
    return found


def _key(value: object) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool) and value in KEYS
    return value if isinstance(value, int) and is_number else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _shown(text: str) -> str:
    from reader.records.text import clean, encodable

    return encodable(clean(text[:60]))


class _Lines:
    """On which line what is written; looked for only when something is wrong."""

    def __init__(self, text: str) -> None:
        self._text = text

    def of(self, at: int, field: str) -> int:
        from reader.toml_blocks import blocks_of

        blocks = blocks_of(self._text, TABLE)
        if at >= len(blocks):
            return _line(self._text, _first(self._text))
        place = blocks[at].header.start
        for key in blocks[at].keys:
            if key.name == field:
                place = key.start
        return _line(self._text, place)


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _first(text: str) -> int:
    import re

    found = re.search(r"^[ \t]*\[*[ \t]*[\"']?view\b", text, re.MULTILINE)
    return found.start() if found else 0


# -- writing ---------------------------------------------------------------------------------------


def _change(file: Path, how: Callable[[Sequence[SavedView]], list[SavedView]]) -> Loaded:
    try:
        return _changed(file, how)
    except settings_file.NotWritten as error:
        raise ViewRefused(str(error)) from None


def _changed(file: Path, how: Callable[[Sequence[SavedView]], list[SavedView]]) -> Loaded:
    text = settings_file.read_to_change(file)
    mark = settings_file.BOM if text.startswith(settings_file.BOM) else ""
    text = text.removeprefix(settings_file.BOM)
    values = settings_file.tables(text)
    if values is None:
        raise ViewRefused(f"{file} is not TOML: mend it first (`reader doctor` says where)")
    before = _understood(file, text)
    tables = values.get(TABLE, [])
    if not isinstance(tables, list) or any(_mistakes(table) for table in tables):
        raise ViewRefused(f"mend the views in the settings first: {before.wrong[0]}")
    after = how(before.views)
    if tuple(after) == before.views:
        return before
    changed_text = _rewritten(text, before.views, after)
    expected = values | {TABLE: [_table(view) for view in after]}
    if not after:
        del expected[TABLE]
    if changed_text is None or settings_file.tables(changed_text) != expected:
        raise ViewRefused(
            f"the views in {file} are not written as [[view]] tables that can be changed here:"
            " change them with an editor"
        )
    settings_file.write(file, mark + text, mark + changed_text)
    return _understood(file, changed_text)


def _table(view: SavedView) -> dict[str, object]:
    table: dict[str, object] = {"name": view.name, "query": view.query}
    return table if view.key is None else table | {"key": view.key}


def _rewritten(text: str, before: Sequence[SavedView], after: list[SavedView]) -> str | None:
    """Return the text with the views as they are after; None where their places are not found."""
    from reader.toml_blocks import blocks_of

    newline = "\r\n" if "\r\n" in text else "\n"
    blocks = blocks_of(text, TABLE)
    if len(blocks) != len(before):
        return None
    if len(after) > len(before):
        at = blocks[-1].end if blocks else len(text)
        head = text[:at]
        if head:
            head += ("" if head.endswith("\n") else newline) + newline
        if text[at:] and not text[at:].startswith(("\n", "\r\n")):
            return head + _block(after[-1], newline) + newline + text[at:]
        return head + _block(after[-1], newline) + text[at:]
    if len(after) < len(before):
        gone = next(n for n, view in enumerate(before) if n >= len(after) or after[n] != view)
        start, end = blocks[gone].start, blocks[gone].end
        rest = text[end:]
        for blank in ("\r\n", "\n"):
            if rest.startswith(blank):
                rest = rest.removeprefix(blank)
                break
        return text[:start] + rest
    if sorted(map(repr, before)) == sorted(map(repr, after)):
        return _ordered(text, before, after, newline)
    for at in reversed(range(len(before))):
        if before[at] != after[at]:
            text = _replaced(text, at, after[at], newline)
    return text


def _ordered(text: str, before: Sequence[SavedView], after: list[SavedView], newline: str) -> str:
    from reader.toml_blocks import blocks_of

    blocks = blocks_of(text, TABLE)
    contents = {
        view.name: text[block.start : block.end] for view, block in zip(before, blocks, strict=True)
    }
    written = ""
    at = 0
    for block, view in zip(blocks, after, strict=True):
        content = contents[view.name]
        if block.end < len(text) and not content.endswith("\n"):
            content += newline
        written += text[at : block.start] + content
        at = block.end
    return written + text[at:]


def _replaced(text: str, at: int, view: SavedView, newline: str) -> str:
    from reader.toml_blocks import blocks_of
    from reader.toml_blocks import written as toml

    block = blocks_of(text, TABLE)[at]
    values = {"name": toml(view.name), "query": toml(view.query)}
    if view.key is not None:
        values["key"] = str(view.key)
    had = settings_file.tables(text) or {}
    old = had[TABLE][at]
    for key in reversed(block.keys):
        if key.name not in values:
            text = text[: key.start] + text[key.end :]
        elif old.get(key.name) != getattr(view, key.name):
            text = text[: key.value[0]] + values[key.name] + text[key.value[1] :]
    missing = [name for name in values if name not in {key.name for key in block.keys}]
    if missing:
        block = blocks_of(text, TABLE)[at]
        last = block.keys[-1].end if block.keys else block.header.end
        lines = "".join(f"{name} = {values[name]}{newline}" for name in missing)
        if not text[:last].endswith("\n"):
            lines = newline + lines
        text = text[:last] + lines + text[last:]
    return text


def _block(view: SavedView, newline: str) -> str:
    from reader.toml_blocks import written as toml

    lines = ["[[view]]", f"name = {toml(view.name)}", f"query = {toml(view.query)}"]
    if view.key is not None:
        lines.append(f"key = {view.key}")
    return "".join(line + newline for line in lines)
