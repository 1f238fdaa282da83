"""The query language: one small language for the filter line, views, bulk decisions and commands.

`parse` reads a query into a tree of nodes, or says what is wrong with it and where. What the
nodes mean is written down in docs/queries.md.
"""

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
