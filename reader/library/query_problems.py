"""The files that cannot be read, as far as a query asks for them: nothing is known of them but their
paths."""

from __future__ import annotations

import os
import sqlite3

from reader.records import text
from reader.records.querying import Parsed, leaves
from reader.records.querying.nodes import And, Every, Included, Is, Node, Not, Or, Place, Regex
from reader.records.querying.patterns import compiled, folded, is_below, is_part

from .schema import PROBLEM


def asks_for_problems(query: Parsed) -> bool:
    """Return whether problems take part: they do where `is:problem` is said."""
    return any(isinstance(leaf, Is) and leaf.what == "problem" for leaf in leaves(query.root))


def problem_ids(
    connection: sqlite3.Connection, query: Parsed, wanted: bool | None = None
) -> list[int]:
    """Return the ids of the problems that are asked for; `wanted` says whether any are (None: the
    query itself does)."""
    if not (asks_for_problems(query) if wanted is None else wanted):
        return []
    rows = connection.execute(
        "SELECT id, path FROM files WHERE kind > 0 AND kind = ? ORDER BY path", (PROBLEM,)
    )
    return [id for id, path in rows if problem_holds(query.root, os.fsdecode(path))]


def problem_holds(node: Node, path: str) -> bool:
    """Return whether a problem is what is asked for: nothing is known of it but its path."""
    match node:
        case And():
            return all(problem_holds(part, path) for part in node.parts)
        case Or():
            return any(problem_holds(part, path) for part in node.parts)
        case Not():
            return not problem_holds(node.part, path)
        case Included():
            return problem_holds(node.part, path)
        case Every():
            return True
        case Is():
            return node.what == "problem"
        case Place(field="path"):
            return is_part(node.pieces, path)
        case Place(field="folder"):
            return is_below(node.pieces, path.rpartition("/")[0])
        case Regex(field="path" | "folder"):
            of = path if node.field == "path" else path.rpartition("/")[0]
            return compiled(node.pattern)(folded(text.encodable(of)))
    return False
