"""What a query's text chooses of the sidebar's lists, and choosing otherwise: the text is all there
is, whoever writes it."""

from __future__ import annotations

from itertools import groupby

from .query import VIEW_LABELS, View, plain_query
from .querying.errors import Wrong
from .querying.outline import Item, Kind, outline
from .querying.parser import RANK
from .querying.patterns import folded_value
from .querying.rewriting import (
    and_term,
    has_term,
    term,
    toggle,
    without_field,
    without_term,
)

SECTIONS = {
    "view": "views",
    "topic": "topics",
    "folder": "folders",
    "type": "types",
    "provider": "providers",
}
"""The fields that the sidebar lists, in its order, and what `query.Counts` calls their values."""
QUEUE = "view:unpublished"
_UNPUBLISHED = "is:unpublished"


def chosen(text: str) -> dict[str, frozenset[str]]:
    """Return the folded values that every record asked for has one of, by field of `SECTIONS`."""
    found: dict[str, frozenset[str]] = {}
    for item in _beside(text):
        if item.field in SECTIONS and not item.negated:
            values = frozenset(folded_value(raw.text) for raw in item.values)
            found[item.field] = found.get(item.field, frozenset()) | values
    return found


def chosen_one(text: str, field: str, value: str) -> bool:
    """Return whether this value alone is chosen of the field; All, where no view is."""
    wanted = chosen(text).get(field)
    if wanted is None:
        return field == "view" and value == View.ALL
    return wanted == {folded_value(value)}


def choose(text: str, field: str, value: str) -> str:
    """Return the query for this value alone of the field; without it where it was chosen so."""
    if field == "view" and value == View.ALL:
        return without_field(text, field)
    if chosen_one(text, field, value):
        return text if field == "view" else without_field(text, field)
    return and_term(text, term(field, value))


def choose_or(text: str, field: str, value: str) -> str:
    """Return the query for this value too, besides those of the field that are chosen; without
    it where it was among them."""
    item = next((each for each in _beside(text) if each.field == field and not each.negated), None)
    if item is None:
        return and_term(text, term(field, value))
    wanted = folded_value(value)
    written = [text[raw.start : raw.end] for raw in item.values if folded_value(raw.text) != wanted]
    if len(written) == len(item.values):
        written.append(term(field, value).partition(":")[2])
    replaced = f"{field}:{','.join(written)}" if written else ""
    return " ".join(
        part for part in (text[: item.start].strip(), replaced, text[item.end :].strip()) if part
    )


def choose_and(text: str, field: str, value: str) -> str:
    """Return the query for this value besides all that is asked for; without it where it was."""
    wanted = term(field, value)
    if has_term(text, wanted):
        return without_term(text, wanted)
    if not text.strip() or not _beside(text):
        return and_term(text, wanted)
    return f"{text.strip()} {wanted}"


def switch_queue(text: str) -> str:
    """Return the same query on the queue, what is unpublished, or on all if it was on the queue."""
    for unpublished in (QUEUE, _UNPUBLISHED):
        if has_term(text, unpublished):
            return without_term(text, unpublished)
    return toggle(text, _UNPUBLISHED if "view" in chosen(text) else QUEUE)


def is_on_queue(text: str) -> bool:
    """Return whether the query asks for what is unpublished."""
    return has_term(text, QUEUE) or has_term(text, _UNPUBLISHED)


def ordered(text: str, sort: str) -> str:
    """Return the query in another order, as in `-quality`; the newest first where it is empty."""
    text = without_field(text, "sort")
    return and_term(text, f"sort:{sort}") if sort else text


def cleared(text: str) -> str:
    """Return the query without its filter: its view and its order are left (but no order by the
    words that go); of those alone, nothing."""
    kept = " ".join(
        text[item.start : item.end]
        for item in _beside(text)
        if item.field == "view" or (item.field == "sort" and not is_by_rank(item))
    )
    return "" if kept == text.strip() else kept


def is_filtered(text: str) -> bool:
    """Return whether the query is more than a view and an order."""
    if plain_query(text) is not None:
        return False
    try:
        items = outline(text)
    except Wrong:
        return True
    return any(item.field not in ("view", "sort") or item.negated for item in items)


def is_by_rank(item: Item) -> bool:
    """Return whether it is an order that goes by the words of the query."""
    return any(raw.text.removeprefix("-").lower() == RANK for raw in item.values)


def _beside(text: str) -> list[Item]:
    """Return the terms that stand side by side; none where OR joins them, or the text is no query."""
    try:
        items = outline(text)
    except Wrong:
        return []
    has_or = any(item.kind is Kind.OR for item in items)
    return [
        item for item in items if item.kind is Kind.SORT or (item.kind is Kind.TERM and not has_or)
    ]


def views_in_words(text: str) -> str:
    """Return what to call the views that the query chooses, joined as it joins them; empty where
    it does not say of every record which view it is of."""
    return " or ".join(_views(text))


def is_of_views(text: str) -> bool:
    """Return whether the query asks for views and nothing else, so that their names say it all."""
    try:
        items = outline(text)
    except Wrong:
        return False
    return bool(items) and all(
        item.kind in (Kind.OR, Kind.AND)
        or (not item.negated and item.field == "view")
        or (not item.negated and item.kind is Kind.GROUP and is_of_views(_inside(text, item)))
        for item in items
    )


def _views(text: str) -> list[str]:
    """Return views in words, of one of which every record asked for has to be; none where one may
    be of any."""
    try:
        items = outline(text)
    except Wrong:
        return []
    found: list[str] = []
    for is_or, branch in groupby(items, lambda item: item.kind is Kind.OR):
        if is_or:
            continue
        all_of = [names for names in (_views_of(text, item) for item in branch) if names]
        if not all_of:
            return []
        found += all_of[0] if len(all_of) == 1 else [" and ".join(map(_one_of, all_of))]
    return found


def _views_of(text: str, item: Item) -> list[str]:
    if item.negated:
        return []
    if item.kind is Kind.GROUP:
        return _views(_inside(text, item))
    return [_view_name(raw.text) for raw in item.values] if item.field == "view" else []


def _inside(text: str, group: Item) -> str:
    return text[group.inner + 1 : group.end - 1]


def _one_of(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"({' or '.join(names)})"


def _view_name(name: str) -> str:
    known = name.lower()
    return VIEW_LABELS[View(known)] if known in VIEW_LABELS else name
