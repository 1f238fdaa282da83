"""Queries on the command line: read, with what is wrong told in place."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from reader.records.text import clean, encodable

from . import USAGE, CommandError, nearest

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from reader.library.collection import Collection
    from reader.records.querying import Parsed, QueryError

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+\Z")
_SHOWN = 60  # characters of a query that are shown beside what is wrong


def saved_views() -> dict[str, str]:
    """Return the user's own views, name to query, those that are wrong too: a query that uses one
    says so."""
    from reader import paths, views

    return views.load(paths.config_file()).queries


def add_query(parser: ArgumentParser) -> None:
    """Add which records a command is about: a query, a view, or what both ask for."""
    parser.add_argument(
        "-q", "--query", metavar="Q", help="only what a query asks for (docs/queries.md)"
    )
    parser.add_argument("--view", metavar="V", help="only of this view, also one of your own")


def asked(collection: Collection, args: Namespace) -> Parsed | None:
    """Return what --query and --view ask for, None where neither is given. Raises CommandError."""
    if args.query is None and args.view is None:
        return None
    if args.query is not None:
        parsed_query(collection, args.query)  # what is wrong is told of the query as it was given
    text = args.query or ""
    if args.view is not None:
        from reader.records.querying.rewriting import and_term, term

        text = and_term(text, term("view", view_named(args.view)), replacing=False)
    return parsed_query(collection, text)


def view_named(given: str, none: str = "no view") -> str:
    """Return the name of the view that is meant, a built-in one or the user's own, whatever the
    case. Raises CommandError (usage), beginning with `none`."""
    from reader.records.querying import VIEWS
    from reader.records.querying.patterns import folded_value

    names = [*VIEWS, *saved_views()]
    for name in names:
        if folded_value(name) == folded_value(given):
            return name
    listed = ", ".join(map(_safe, names))
    raise CommandError(f"{none} “{_safe(given)}”{nearest(given, names)} Views: {listed}.", USAGE)


def saved_view(given: str) -> str | None:
    """Return the query `view:NAME` if the user has a view of this name."""
    from reader.records.querying.patterns import folded_value
    from reader.records.querying.rewriting import term

    for name in saved_views():
        if folded_value(name) == folded_value(given):
            return term("view", name)
    return None


def parsed_query(collection: Collection, text: str) -> Parsed:
    """Return the query. Raises CommandError (usage) that names the place and the nearest word."""
    from reader.records.querying import QueryError

    parsed = collection.parse_query(text, saved_views())
    if isinstance(parsed, QueryError):
        part = text[parsed.start : parsed.end] or text[parsed.start : parsed.start + 20]
        at = f" at “{_safe(part)}”" if part.strip() else ""
        raise CommandError(
            f"the query is wrong{at} (character {parsed.start + 1}): {reason_of(parsed)}", USAGE
        )
    return parsed


def reason_of(error: QueryError) -> str:
    """Return why a query is wrong, with what could stand there instead."""
    reason = encodable(clean(error.reason)).rstrip(".")
    if not error.suggestion:
        return f"{reason}."
    reason = reason.partition(": did you mean")[0]  # said once, and as it is written
    return f"{reason}; did you mean “{_safe(error.suggestion)}”?"


def looks_like_query(collection: Collection, text: str) -> bool:
    """Return whether a text that may name a record by path or URL is a query instead."""
    if os.path.lexists(text) or os.path.lexists(os.path.join(collection.root, text)):
        return False
    return not _URL.match(text) and (":" in text or " " in text.strip())


def _safe(text: str) -> str:
    shown = encodable(clean(text))
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
