"""The query language: one small language for the filter line, views, bulk decisions and commands.

`parse` reads a query into a tree of nodes, or says what is wrong with it and where. What the
nodes mean is written down in docs/queries.md.
"""

from .errors import InvalidQuery, QueryError
from .highlighting import highlights
from .nodes import Parsed, Sort, leaves
from .parser import MAX_LENGTH, parse
from .views import VIEWS

__all__ = [
    "MAX_LENGTH",
    "VIEWS",
    "InvalidQuery",
    "Parsed",
    "QueryError",
    "Sort",
    "highlights",
    "leaves",
    "parse",
]
