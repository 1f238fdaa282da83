"""Words of a query as questions to the full-text table, and the rank that it gives by them."""

from __future__ import annotations

from reader.records.querying.nodes import And, Node, Or, Text, ranked_words
from reader.records.querying.patterns import folded

MATCHING = "r.id IN (SELECT rowid FROM words WHERE words MATCH ?)"
"""The records that a question of `match_of` asks for, as SQL over `records r`."""

WEIGHTS = {"title": 4.0, "excerpt": 2.0, "provider": 1.0, "topics": 2.0, "body": 1.0}
"""How often a word counts that stands in a column: they are the columns of `words`, in order."""
# LIMIT keeps SQLite from looking the words up anew for each record: they are ranked once.
RANKED = (
    f"(SELECT rowid AS id, bm25(words, {', '.join(map(str, WEIGHTS.values()))}) AS rank"
    " FROM words WHERE words MATCH ? LIMIT -1)"
)
"""The rank of the records that hold one of the words of `ranking`: the least is the best."""


def match_of(node: Node) -> str | None:
    """Return the question to the full-text table that the node is, if it is one."""
    if isinstance(node, Text) and len(node.pieces) == 1:
        words = folded(node.pieces[0]).replace('"', " ")
        column = f"{node.field} : " if node.field else ""
        return f'{column}"{words}" *'
    if isinstance(node, (And, Or)):
        parts = [match_of(part) for part in node.parts]
        if any(part is None for part in parts):
            return None
        word = " AND " if isinstance(node, And) else " OR "
        return word.join(f"({part})" for part in parts)
    return None


def ranking(root: Node) -> str:
    """Return the question by whose words the records of a query are ranked: each word once, joined
    so that as few records as can be are ranked that are not asked for."""
    words = dict.fromkeys(match_of(word) for word in ranked_words(root))
    parts = root.parts if isinstance(root, And) else (root,)
    has_to_hold = [part for part in parts if isinstance(part, Text) and match_of(part) in words]
    needed = dict.fromkeys(match_of(part) for part in has_to_hold)
    word = " AND " if len(needed) == len(words) else " OR "
    return word.join(f"({each})" for each in words)
