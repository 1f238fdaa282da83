"""The query language: one small language for the filter line, views, bulk decisions and commands.

`parse` reads a query into a tree of nodes, or says what is wrong with it and where. What the
nodes mean is written down in docs/queries.md.

What stands here is imported when it is asked for: processes that parse files use only the names of
the fields and how text is folded.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import InvalidQuery, QueryError
    from .highlighting import highlights
    from .nodes import Parsed, Sort, leaves, ranked_words
    from .parser import MAX_LENGTH, RANK, parse, parse_sort
    from .views import VIEWS

__all__ = [
    "MAX_LENGTH",
    "RANK",
    "VIEWS",
    "InvalidQuery",
    "Parsed",
    "QueryError",
    "Sort",
    "highlights",
    "leaves",
    "parse",
    "parse_sort",
    "ranked_words",
]

_WHERE = {
    "MAX_LENGTH": "parser",
    "RANK": "parser",
    "VIEWS": "views",
    "InvalidQuery": "errors",
    "Parsed": "nodes",
    "QueryError": "errors",
    "Sort": "nodes",
    "highlights": "highlighting",
    "leaves": "nodes",
    "parse": "parser",
    "parse_sort": "parser",
    "ranked_words": "nodes",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_WHERE[name]}", __name__), name)
    globals()[name] = value
    return value
