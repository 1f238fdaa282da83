"""From the tree of a query to a condition in SQL over the index.

Whatever a user wrote is bound, never part of the SQL. Values that are compared as a whole are
looked up among those of the collection first, so that an unknown one is an error, and that the
rule of what is equal is the language's own.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from reader.records import text, urls
from reader.records.querying import InvalidQuery, Parsed, QueryError, literals
from reader.records.querying.errors import nearest, shown
from reader.records.querying.fields import HAS, LENGTH, LINKS, TEXTS
from reader.records.querying.nodes import (
    And,
    Between,
    Every,
    Has,
    Included,
    Is,
    Node,
    Not,
    Or,
    Page,
    Place,
    Regex,
    RelatedTo,
    Text,
    Value,
)
from reader.records.querying.patterns import (
    compiled,
    folded,
    folders_above,
    is_below,
    is_whole,
    word_pattern,
)
from reader.records.record import State
from reader.records.verdicts import DEFAULT_ROLES, Role, Verdict

from . import trigrams
from .query_words import MATCHING, match_of
from .schema import PROBLEM
from .value_order import known_values

_MAX_FOLDERS = 30_000  # bound values of one statement

_PLAIN = str.maketrans("", "", "-_/.")  # need no quotation marks inside a value
COLUMNS = {"title": "c0", "excerpt": "c1", "provider": "c2", "topics": "c3", "body": "c4"}
# Not through the full-text table itself: that would load every column of every row.
_TEXTS = "SELECT id FROM words_content WHERE"
LISTED = "(SELECT value FROM json_each(?))"
MARKED = "EXISTS (SELECT 1 FROM state.reading s WHERE s.key = r.key AND {})"
DECIDED = (
    "SELECT e.key AS key, max(s.at) AS at FROM state.entries e JOIN state.steps s ON s.id = e.step"
    " WHERE e.status = 1 AND s.how != 'undo' AND json_extract(s.decision, '$.decision')"
    " NOT IN ('read', 'unread', 'star', 'unstar')"  # nobody's decision, only marks
    " AND NOT EXISTS (SELECT 1 FROM state.entries b WHERE b.of = e.id AND b.status = 1)"
    " GROUP BY e.key"
)
_CHECKED = (
    "r.id IN (SELECT l.record FROM state.verdicts v CROSS JOIN links l ON l.key = v.key WHERE {})"
)
_IN_RECORDS = ("date", "quality", "heat")
_BETWEEN = {"updated": "updated", "seen": "seen", "rating": "rating", LENGTH: "length"}
_VOCABULARY = {
    "provider": "SELECT DISTINCT provider, provider FROM records WHERE provider != ''",
    "type": "SELECT DISTINCT type, type FROM records WHERE type != ''",
    "topic": "SELECT key, min(label) FROM topics GROUP BY key",
    "category": "SELECT DISTINCT category, category FROM records WHERE category != ''",
    "domain": "SELECT DISTINCT domain, domain FROM records WHERE domain != ''",
    "author": "SELECT DISTINCT name, name FROM authors",
    "host": "SELECT DISTINCT name, name FROM hosts WHERE name != ''",
}
_AMONG = {
    "provider": f"r.provider IN {LISTED}",
    "type": f"r.type IN {LISTED}",
    "topic": f"r.id IN (SELECT record FROM topics WHERE key IN {LISTED})",
    "category": f"r.category IN {LISTED}",
    "domain": f"r.domain IN {LISTED}",
    "author": f"r.id IN (SELECT record FROM authors WHERE name IN {LISTED})",
    "host": (
        "r.id IN (SELECT record FROM links WHERE host IN"
        f" (SELECT id FROM hosts WHERE name IN {LISTED}))"
    ),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL over `records r`, and the values bound in it."""

    sql: str
    values: tuple[object, ...]


def compile_query(
    connection: sqlite3.Connection, query: Parsed, now: float, only: int | None = None
) -> Condition:
    """Return the query as a condition; `only`: one that is asked of this record alone, so that no
    other's texts are looked through. Raises InvalidQuery when it names an unknown value."""
    sql, values = Compiler(connection, int(now), only).node(query.root)
    return Condition(sql, tuple(values))


Sql = tuple[str, list[object]]


class Compiler:
    """Makes the condition of each node."""

    def __init__(self, connection: sqlite3.Connection, now: int, only: int | None) -> None:
        self._connection = connection
        self._now = now
        self._only = only
        self._has_trigrams = only is None and trigrams.filled(connection) == trigrams.WHOLE
        self._known: dict[str, list[tuple[str, str]]] = {}
        self._view: Included | None = None

    def node(self, node: Node) -> Sql:
        """Return the condition on `records r` under which a record is one of the node's, and its values."""
        match node:
            case Every():
                return "1", []
            case And():
                return self.joined(node, "AND")
            case Or():
                return self.joined(node, "OR")
            case Not():
                sql, values = self.node(node.part)
                return f"NOT ifnull({sql}, 0)", values  # NULL means that it does not hold
            case Included():
                return self._included(node)
            case Text():
                return self.text(node)
            case Regex():
                return self._regex(node)
            case Value():
                return self._value(node)
            case Place():
                return self._place(node)
            case Page():
                key = urls.url_key(node.url)
                return "r.id IN (SELECT record FROM urls WHERE key = ?)", [key]
            case RelatedTo():
                return self._related(node)
            case Between():
                return self._between(node)
            case Is():
                return self._is(node)
            case Has(what="checked"):
                return _CHECKED.format("1"), []
            case Has():
                bit = 1 << HAS.index(node.what)
                # Looked up record by record: most records have most fields, a list would be long.
                return "(SELECT has & ? FROM details WHERE id = r.id)", [bit]

    def _included(self, node: Included) -> Sql:
        outer = self._view
        self._view = outer or node
        try:
            return self.node(node.part)
        finally:
            self._view = outer

    def joined(self, node: And | Or, word: str) -> Sql:
        """Return the conditions of all parts with AND or OR (`word`) between them."""
        # Words side by side are one question to the full-text table: it joins them best.
        matches: list[str] = []
        rest: list[Node] = []
        for part in node.parts:
            match = match_of(part)
            if match is None:
                rest.append(part)
            else:
                matches.append(match)
        conditions: list[str] = []
        values: list[object] = []
        if matches:
            conditions.append(MATCHING)
            values.append(f" {word} ".join(f"({match})" for match in matches))
        for part in rest:
            sql, bound = self.node(part)
            conditions.append(sql)
            values += bound
        return f"({f' {word} '.join(conditions)})", values

    def text(self, node: Text) -> Sql:
        """Return the condition that a record has these words."""
        match = match_of(node)
        if match is not None:
            return MATCHING, [match]
        pieces = node.pieces
        need = literals.of_words(pieces)
        column = COLUMNS[node.field] if node.field else trigrams.TEXT
        pattern = word_pattern(pieces)
        has_space = any(map(str.isspace, "".join(pieces)))
        if len(pieces) == 2 and not pieces[0] and not has_space:
            return self._in_texts(f"instr({column}, ?)", [folded(pieces[1])], need)
        if not node.field and has_space:
            # Words that follow each other do so in one of the texts.
            tests = [f"reader_matches(?, CAST({each} AS BLOB))" for each in COLUMNS.values()]
            return self._in_texts(" OR ".join(tests), [pattern] * len(tests), need)
        return self._in_texts(f"reader_matches(?, CAST({column} AS BLOB))", [pattern], need)

    def _in_texts(self, tests: str, values: list[object], need: literals.Need | None) -> Sql:
        """The records whose texts pass; only those are looked at that may hold what is needed."""
        among, bound = "", []
        if self._only is not None:
            among = f" id = {self._only:d} AND"
        elif need is not None and self._has_trigrams:
            among = " id IN (SELECT rowid FROM trigrams WHERE trigrams MATCH ?) AND"
            bound = [literals.trigrams(need)]
        return f"r.id IN ({_TEXTS}{among} ({tests}))", [*bound, *values]

    def _regex(self, node: Regex) -> Sql:
        field = node.field
        if field is None or field in TEXTS:
            columns = [COLUMNS[field]] if field else list(COLUMNS.values())
            if not field and literals.stays_in_a_line(node.pattern):
                columns = [trigrams.TEXT]
            tests = " OR ".join(f"reader_matches(?, CAST({each} AS BLOB))" for each in columns)
            need = literals.of_regex(node.pattern)
            return self._in_texts(tests, [node.pattern] * len(columns), need)
        if field == "path":
            sql = "r.id IN (SELECT id FROM files WHERE reader_path(?, path))"
            return sql, [node.pattern]
        if field == "url":
            sql = "r.id IN (SELECT id FROM addresses WHERE reader_lines(?, urls))"
            return sql, [node.pattern]
        search = compiled(node.pattern)
        if field == "folder":
            return self._folders(lambda folder: search(folded(text.encodable(folder))))
        stored = [value for value, _ in self._values(field) if search(folded(value))]
        return self.among(field), [json.dumps(stored)]

    def _value(self, node: Value) -> Sql:
        if node.field in LINKS:
            return _link(node)
        known = self._values(node.field)
        stored = [value for value, _ in known if is_whole(node.pieces, value)]
        if not stored and len(node.pieces) == 1:
            self._refuse(node, node.field, node.pieces[0], [label for _, label in known])
        return self.among(node.field), [json.dumps(stored)]

    def among(self, field: str) -> str:
        """Return the condition of one of the values that are bound in it, as JSON."""
        return _AMONG[field]

    def _values(self, field: str) -> list[tuple[str, str]]:
        """Return the values of a field in this collection: as stored, as shown."""
        if field not in self._known:
            known = known_values(self._connection, field)
            if known is None:
                known = self._connection.execute(_VOCABULARY[field]).fetchall()
            self._known[field] = known
        return self._known[field]

    def _refuse(self, node: Node, field: str, value: str, known: list[str]) -> None:
        near = nearest(value, known)
        reason = f"no record has the {field} {shown(value)}"
        if near is not None:
            reason += f": did you mean {shown(near)}?"
            quoted = '"' + near.replace("\\", "\\\\").replace('"', '\\"').replace("*", "\\*") + '"'
            near = near if near.translate(_PLAIN).isalnum() else quoted
        if self._view is not None:
            node, near = self._view, None
            reason = f"in the view {shown(self._view.name)}: {reason}"
        raise InvalidQuery(QueryError(reason, node.start, node.end, near))

    def _place(self, node: Place) -> Sql:
        if node.field == "folder":
            return self._folders(lambda folder: is_below(node.pieces, folder), node)
        like = "%" + "%".join(map(_escaped, node.pieces)) + "%"
        if node.field == "path":
            sql = "SELECT id FROM files WHERE CAST(path AS TEXT) LIKE ? ESCAPE '\\'"
            return f"r.id IN ({sql})", [like]
        sql = "SELECT id FROM addresses WHERE urls LIKE ? ESCAPE '\\'"
        if len(node.pieces) == 1:
            return f"r.id IN ({sql})", [like]
        return f"r.id IN ({sql} AND reader_part(?, urls))", [like, json.dumps(node.pieces)]

    def _folders(self, wanted: Callable[[str], bool], node: Place | None = None) -> Sql:
        rows = self._connection.execute("SELECT DISTINCT folder FROM records").fetchall()
        names = [os.fsdecode(folder) for (folder,) in rows]
        found = [os.fsencode(name) for name in names if wanted(name)]
        if node is not None and not found and len(node.pieces) == 1:
            known = {above for name in names + self._odd_folders() for above in folders_above(name)}
            if any(is_whole(node.pieces, each) for each in known):
                return "0", []
            self._refuse(node, "folder", node.pieces[0], sorted(map(text.encodable, known)))
        if len(found) > _MAX_FOLDERS:
            reason = f"this is over {_MAX_FOLDERS:,} folders: name one"
            raise InvalidQuery(QueryError(reason, 0, 0))
        return f"r.folder IN ({','.join('?' * len(found))})", [*found]

    def _odd_folders(self) -> list[str]:
        sql = "SELECT path FROM files WHERE kind > 0 AND kind = ?"
        paths = self._connection.execute(sql, (PROBLEM,))
        return [os.fsdecode(os.path.dirname(path)) for (path,) in paths]

    def _related(self, node: RelatedTo) -> Sql:
        if node.is_url:
            key = urls.url_key(node.target)
            return "r.id IN (SELECT record FROM mentions WHERE key = ?)", [key]
        path = os.fsencode(node.target)
        row = self._connection.execute(
            "SELECT r.id FROM files f JOIN records r USING(id) WHERE f.path = ?", (path,)
        ).fetchone()
        if row is None:
            place = self._view or node
            reason = f"there is no record at {shown(node.target)}"
            raise InvalidQuery(QueryError(reason, place.start, place.end))
        sql = (
            "r.id IN (SELECT m.record FROM urls u JOIN mentions m ON m.key = u.key"
            " WHERE u.record = ? AND m.record != u.record)"
        )
        return sql, [row[0]]

    def _between(self, node: Between) -> Sql:
        if node.field in _IN_RECORDS:
            return _bounded(f"r.{node.field}", node)
        if node.field == "changed":
            sql, values = _bounded("at", node)
            return f"r.key IN (SELECT key FROM ({DECIDED}) WHERE {sql})", values
        if node.field == "checked":
            sql, values = _bounded("v.at", node)
            return _CHECKED.format(sql), values
        sql, values = _bounded(_BETWEEN[node.field], node)
        return f"r.id IN (SELECT id FROM details WHERE {sql})", values

    def _is(self, node: Is) -> Sql:
        match node.what:
            case "unpublished" | "published" | "rejected":
                return "r.state = ?", [int(State[node.what.upper()])]
            case "read":
                return MARKED.format("s.read_at IS NOT NULL"), []
            case "unread":
                return f"NOT {MARKED.format('s.read_at IS NOT NULL')}", []
            case "starred":
                return MARKED.format("s.starred_at IS NOT NULL"), []
            case "deferred":
                return f"(r.state = 0 AND {MARKED.format('s.deferred_until > ?')})", [self._now]
            case "due":
                return f"(r.state = 0 AND {MARKED.format('s.deferred_until <= ?')})", [self._now]
            case "decided":
                return f"r.key IN (SELECT key FROM ({DECIDED}))", []
            case "warning":
                return "r.warned", []
            case _:  # a problem is no record
                return "0", []


def _link(node: Value) -> Sql:
    """What checking says of a link. It says `unknown` of one that was never checked; without a
    role that is asked only of the links that are checked when nobody says otherwise."""
    wanted = [verdict for verdict in Verdict if is_whole(node.pieces, verdict)]
    role = node.field.partition(".")[2]
    number = f" AND l.role = {Role(role).number}" if role else ""
    sql = _CHECKED.format(f"v.said IN {LISTED}{number}")
    values: list[object] = [json.dumps(wanted)]
    if Verdict.UNKNOWN in wanted:
        roles = [Role(role)] if role else DEFAULT_ROLES
        numbers = ",".join(str(each.number) for each in roles)
        never = (
            f"EXISTS (SELECT 1 FROM links l WHERE l.record = r.id AND l.role IN ({numbers})"
            " AND l.key NOT IN (SELECT key FROM state.verdicts))"
        )
        return f"({sql} OR {never})", values
    return sql, values


def _bounded(column: str, node: Between) -> Sql:
    tests, values = [f"{column} IS NOT NULL"], []
    if node.low is not None:
        tests.append(f"{column} {'>=' if node.includes_low else '>'} ?")
        values.append(node.low)
    if node.high is not None:
        tests.append(f"{column} {'<=' if node.includes_high else '<'} ?")
        values.append(node.high)
    return f"({' AND '.join(tests)})", [*values]


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
