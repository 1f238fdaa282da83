"""The user's own views: queries with a name, perhaps a key, and an order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .querying import VIEWS, QueryError, parse
from .querying.patterns import folded_value
from .text import clean

MAX_NAME = 60
"""Characters of a view's name."""
KEYS = range(1, 10)


@dataclass(frozen=True, slots=True)
class SavedView:
    """A query with a name. Its place in the sidebar is its place among the others."""

    name: str
    query: str
    key: int | None = None
    """From 1 to 9: `g` and then this digit opens it."""


@dataclass(frozen=True, slots=True)
class WrongView:
    """What is wrong with one of the views. `field` is `name`, `query` or `key`."""

    at: int
    """Its place among them, from 0."""
    field: str
    reason: str


class ViewRefused(ValueError):  # noqa: N818  its name says enough
    """A change of the views that cannot be; the message says why."""


def queries_of(views: Iterable[SavedView]) -> dict[str, str]:
    """Return the queries by name, as the language takes them."""
    return {view.name: view.query for view in views}


def wrong_views(views: Sequence[SavedView], now: float = 0.0) -> list[WrongView]:
    """Return what is wrong with each view, nothing where all are right: names that are taken or
    cannot be, keys that are taken, queries that are none. Days count from `now`, in seconds since
    1970: they can make no query wrong."""
    wrong: list[WrongView] = []
    names: dict[str, str] = {folded_value(name): name for name in VIEWS}
    keys: dict[int, str] = {}
    queries: Mapping[str, str] = queries_of(views)
    for at, view in enumerate(views):
        reason = _wrong_name(view.name, names)
        if reason:
            wrong.append(WrongView(at, "name", reason))
        names.setdefault(folded_value(view.name), view.name)
        if view.key is not None:
            if view.key not in KEYS:
                wrong.append(WrongView(at, "key", "a key is a digit from 1 to 9"))
            elif view.key in keys:
                reason = f"the key {view.key} opens “{clean(keys[view.key])}” already"
                wrong.append(WrongView(at, "key", reason))
            keys.setdefault(view.key, view.name)
        parsed = parse(view.query, now=now, views=queries)
        if isinstance(parsed, QueryError):
            wrong.append(WrongView(at, "query", _pointed(view.query, parsed)))
        elif _leads_back(view, queries, now):
            wrong.append(WrongView(at, "query", "this view leads back to itself"))
    return wrong


def added(views: Sequence[SavedView], view: SavedView) -> list[SavedView]:
    """Return the views with one more at the end. Raises ViewRefused."""
    return _checked(views, [*views, _tidy(view)], len(views))


def changed(views: Sequence[SavedView], name: str, view: SavedView) -> list[SavedView]:
    """Return the views with the one of this name replaced. Raises ViewRefused."""
    at = place_of(views, name)
    return _checked(views, [*views[:at], _tidy(view), *views[at + 1 :]], at)


def removed(views: Sequence[SavedView], name: str) -> list[SavedView]:
    """Return the views without the one of this name. Raises ViewRefused."""
    at = place_of(views, name)
    return _checked(views, [*views[:at], *views[at + 1 :]], None)


def moved(views: Sequence[SavedView], name: str, to: int) -> list[SavedView]:
    """Return the views with the one of this name at place `to`, from 0; what lies beyond is the
    end. Raises ViewRefused."""
    at = place_of(views, name)
    rest = [*views[:at], *views[at + 1 :]]
    to = max(0, min(to, len(rest)))
    return [*rest[:to], views[at], *rest[to:]]


def place_of(views: Sequence[SavedView], name: str) -> int:
    """Return the place of the view with this name, whatever its case. Raises ViewRefused."""
    wanted = folded_value(name)
    for at, view in enumerate(views):
        if folded_value(view.name) == wanted:
            return at
    if wanted in map(folded_value, VIEWS):
        raise ViewRefused(f"“{clean(name)}” is a built-in view: it stays as it is")
    from .querying.errors import nearest

    near = nearest(name, [view.name for view in views])
    hint = f"; did you mean “{clean(near)}”?" if near else ""
    raise ViewRefused(f"there is no view “{clean(name)}” of your own{hint}")


def _tidy(view: SavedView) -> SavedView:
    return replace(view, name=" ".join(view.name.split()), query=view.query.strip())


def _wrong_name(name: str, taken: Mapping[str, str]) -> str:
    if not folded_value(name):
        return "a view needs a name"
    if len(name) > MAX_NAME:
        return f"a view's name may have {MAX_NAME} characters"
    if clean(name) != name or any("\ud800" <= each <= "\udfff" for each in name):
        return "a view's name is plain text on one line"
    found = taken.get(folded_value(name))
    if found is None:
        return ""
    if found in VIEWS:
        return f"“{found}” is a built-in view: choose another name"
    return f"there is a view “{clean(found)}” already: choose another name"


def _pointed(query: str, error: QueryError) -> str:
    part = query[error.start : error.end]
    at = f" (at “{clean(part[:40])}”)" if part.strip() else ""
    return f"{error.reason}{at}"


def _leads_back(view: SavedView, queries: Mapping[str, str], now: float) -> bool:
    from .querying.rewriting import term

    if not folded_value(view.name):
        return False
    parsed = parse(term("view", view.name), now=now, views=queries)
    return isinstance(parsed, QueryError) and "leads back" in parsed.reason


def _checked(
    before: Sequence[SavedView], after: list[SavedView], touched: int | None
) -> list[SavedView]:
    """Refuse a change that makes a view wrong: the one that is changed, or one that uses it."""
    already = {before[wrong.at] for wrong in wrong_views(before)}
    for wrong in wrong_views(after):
        view = after[wrong.at]
        if wrong.at == touched:
            raise ViewRefused(wrong.reason)
        if view not in already:
            raise ViewRefused(f"the view “{clean(view.name)}” would be wrong: {wrong.reason}")
    return after
