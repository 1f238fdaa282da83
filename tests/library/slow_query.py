"""What a query means, in plain Python over parsed records: slow, and independent of the index.

It shares with the program only the query's tree, the records, and the display of their text.
"""

from __future__ import annotations

import math
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reader.records import text, urls
from reader.records.links import links_of
from reader.records.querying import Parsed, nodes
from reader.records.record import Record, State


@dataclass(frozen=True)
class Facts:
    """One file: its record (None: a problem) and what is known of it here."""

    path: str
    record: Record | None
    read: bool = False
    starred: bool = False
    deferred_until: int | None = None
    decided_at: float | None = None
    first_seen: int = 0
    checks: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    """What checking says of URLs, and when it last did."""


def fold(value: str) -> str:
    bare = unicodedata.normalize("NFD", value.casefold())
    bare = "".join(each for each in bare if not "\u0300" <= each <= "\u036f")
    return unicodedata.normalize("NFC", bare)


def show(value: str | None) -> str:
    return text.display(value) if value else ""


def evaluate(query: Parsed, files: Sequence[Facts], now: float) -> list[str]:
    """Return the paths of what the query asks for, in its order."""
    slow = Slow(files, now)
    ranks = scores(query, files)
    asks_for_problems = "Is(what='problem'" in repr(query.root)
    found = [each for each in files if each.record is not None and slow.holds(query.root, each)]
    found.sort(key=lambda each: each.path)  # sorting is stable: the last criterion first
    for key in reversed([*[(key.field, key.descending) for key in query.sort], ("date", True)]):
        found.sort(key=lambda each: sort_key(each, key[0], ranks), reverse=key[1])
        found.sort(key=lambda each: sort_key(each, key[0], ranks)[0] == 0)
    problems = [
        each
        for each in files
        if each.record is None and asks_for_problems and slow.holds(query.root, each)
    ]
    return [each.path for each in (*found, *sorted(problems, key=lambda each: each.path))]


def sort_key(facts: Facts, field: str, ranks: Mapping[str, float]) -> tuple[int, float | str]:
    record = facts.record
    assert record is not None
    if field == "rank":  # the best match comes first
        score = ranks.get(facts.path)
        return (0, 0.0) if score is None else (1, -round(score, 12))
    value: float | str | None = {
        "path": facts.path,
        "title": ascii_lower(title_of(facts)),
        "provider": ascii_lower(provider_of(record)),
        "type": ascii_lower(show(record.type)),
        "category": ascii_lower(show(record.category)),
        "domain": ascii_lower(show(record.provider.domain)),
    }.get(field, number_of(facts, field) if field not in NAMES else "")
    if value is None or value == "":
        return (0, "" if field in NAMES else 0.0)
    return (1, value)


WEIGHTS = {"title": 4, "excerpt": 2, "provider": 1, "topic": 2, "body": 1}


def scores(query: Parsed, files: Sequence[Facts]) -> dict[str, float]:
    """Return how well each record matches the query's words, by its path: BM25 with k1 = 1.2 and
    b = 0.75, a word in a column counting as often as its weight says. Without those that match
    none."""
    tokens = {each.path: tokens_of(each) for each in files if each.record is not None}
    lengths = {path: sum(map(len, columns.values())) for path, columns in tokens.items()}
    average = sum(lengths.values()) / max(1, len(lengths))
    found: dict[str, float] = {}
    for where, asked in dict.fromkeys(words_asked(query.root)):
        often = {
            path: sum(
                WEIGHTS[column] * occurrences(words(asked), held)
                for column, held in columns.items()
                if where in (None, column)
            )
            for path, columns in tokens.items()
        }
        holding = sum(1 for times in often.values() if times)
        rarity = math.log((len(tokens) - holding + 0.5) / (holding + 0.5))
        for path, times in often.items():
            if times:
                length = 1.2 * (0.25 + 0.75 * lengths[path] / average)
                score = max(rarity, 1e-6) * times * 2.2 / (times + length)
                found[path] = found.get(path, 0.0) + score
    return found


def words_asked(node: nodes.Node) -> list[tuple[str | None, str]]:
    match node:
        case nodes.And() | nodes.Or():
            return [each for part in node.parts for each in words_asked(part)]
        case nodes.Included():
            return words_asked(node.part)
        case nodes.Text() if len(node.pieces) == 1:
            return [(node.field, fold(node.pieces[0]))]
    return []


def tokens_of(facts: Facts) -> dict[str, list[str]]:
    texts = texts_of(facts)
    held = {column: words(" ".join(texts[column])) for column in WEIGHTS}
    labels: dict[str, str] = {}
    for label in texts["topic"]:  # one where they differ by case and spaces alone, not by accents
        labels.setdefault(" ".join(label.split()).casefold(), label)
    topics = [words(each) for each in labels.values()]
    # Between two topics stands a word of nobody's.
    held["topic"] = [word for at, topic in enumerate(topics) for word in ("|" * bool(at), *topic)]
    held["topic"] = [word for word in held["topic"] if word]
    return held


def occurrences(wanted: list[str], among: list[str]) -> int:
    *whole, last = wanted
    return sum(
        among[at : at + len(whole)] == whole and among[at + len(whole)].startswith(last)
        for at in range(len(among) - len(whole))
    )


NAMES = ("path", "title", "provider", "type", "category", "domain")


def ascii_lower(value: str) -> str:
    return "".join(each.lower() if each.isascii() else each for each in value)


def title_of(facts: Facts) -> str:
    assert facts.record is not None
    return show(facts.record.title) or os.path.basename(facts.path)


def provider_of(record: Record) -> str:
    return show(record.provider.name) or show(record.provider.domain)


def number_of(facts: Facts, field: str) -> float | None:
    record = facts.record
    if record is None:
        return None
    if field in ("date", "updated"):
        moment = record.published_at if field == "date" else record.updated_at
        return None if moment is None else int(moment.timestamp())
    if field == "changed":
        return facts.decided_at
    if field == "seen":
        return facts.first_seen
    return record.length_seconds if field == "length" else getattr(record, field)


def texts_of(facts: Facts) -> dict[str, list[str]]:
    record = facts.record
    if record is None:
        return {}
    return {
        "title": [title_of(facts)],
        "excerpt": [show(record.excerpt)],
        "provider": [provider_of(record)],
        "topic": [show(each) for each in record.topics],
        "body": [re.sub("<[^<>]*>", " ", record.body)],
        "type": [show(record.type)],
        "category": [show(record.category)],
        "domain": [show(record.provider.domain)],
        "author": [show(each) for each in record.provider.authors],
        "url": own_urls(record),
        "host": [each.host for each in links_of(record)],
        "path": [facts.path],
        "folder": [os.path.dirname(facts.path)],
    }


def own_urls(record: Record) -> list[str]:
    return [each for each in (record.web_url, record.original_url, record.amp_url) if each]


def same_pages(record: Record) -> set[str | None]:
    return {urls.normalise(each) for each in own_urls(record)} - {None}


def mentions(record: Record) -> set[str | None]:
    return {urls.normalise(each.url) for each in record.related if each.url} - {None}


def words(value: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(value))


def follow_each_other(wanted: list[str], among: list[str]) -> bool:
    *whole, last = wanted
    return any(
        among[at : at + len(whole)] == whole and among[at + len(whole)].startswith(last)
        for at in range(len(among) - len(whole))
    )


def any_of(pieces: Sequence[str], value: str, between: str, whole: bool) -> bool:
    pattern = between.join(re.escape(each) for each in pieces)
    return bool((re.fullmatch if whole else re.search)(pattern, value))


def spaced(value: str) -> str:
    return " ".join(fold(value).split())


class Slow:
    def __init__(self, files: Sequence[Facts], now: float) -> None:
        self.files = {each.path: each for each in files}
        self.now = int(now)

    def holds(self, node: nodes.Node, facts: Facts) -> bool:
        record = facts.record
        match node:
            case nodes.Every():
                return True
            case nodes.And():
                return all(self.holds(part, facts) for part in node.parts)
            case nodes.Or():
                return any(self.holds(part, facts) for part in node.parts)
            case nodes.Not():
                return not self.holds(node.part, facts)
            case nodes.Included():
                return self.holds(node.part, facts)
            case nodes.Place(field="folder"):
                at = os.path.dirname(facts.path)
                above = []
                while at:
                    above.append(at)
                    at = os.path.dirname(at)
                pieces = [spaced(piece) for piece in node.pieces]
                return any(any_of(pieces, spaced(each), ".*", True) for each in above)
            case nodes.Place(field="path"):
                pieces = [ascii_lower(piece) for piece in node.pieces]
                return any_of(pieces, ascii_lower(facts.path), ".*", False)
            case nodes.Is(what="problem"):
                return record is None
            case nodes.Regex(field="path" | "folder"):
                return self.matches(node, facts)
        if record is None:
            return False
        match node:
            case nodes.Text():
                return self.has_words(node, facts)
            case nodes.Regex():
                return self.matches(node, facts)
            case nodes.Value() if node.field.startswith("link"):
                return self.is_said(node, facts, record)
            case nodes.Between(field="checked"):
                moments = [at for _, at in said_of(facts, record)]
                return any(between(node, at) for at in moments)
            case nodes.Has(what="checked"):
                return bool(said_of(facts, record))
            case nodes.Value():
                values = [spaced(each) for each in texts_of(facts)[node.field] if each.strip()]
                pieces = [spaced(piece) for piece in node.pieces]
                return any(any_of(pieces, each, ".*", True) for each in values)
            case nodes.Place():
                pieces = [ascii_lower(piece) for piece in node.pieces]
                return any(
                    any_of(pieces, ascii_lower(each), ".*", False) for each in own_urls(record)
                )
            case nodes.Page():
                return urls.normalise(node.url) in same_pages(record)
            case nodes.RelatedTo():
                if node.is_url:
                    return urls.normalise(node.target) in mentions(record)
                target = self.files[node.target]
                assert target.record is not None
                pages = same_pages(target.record)
                return target.path != facts.path and bool(pages & mentions(record))
            case nodes.Between():
                return between(node, number_of(facts, node.field))
            case nodes.Is():
                return self.is_so(node.what, facts, record)
            case nodes.Has():
                return has(node.what, record)
        raise AssertionError(node)

    def is_said(self, node: nodes.Value, facts: Facts, record: Record) -> bool:
        role = node.field.partition(".")[2]
        links = [each for each in links_of(record) if not role or each.role == role]
        said = {facts.checks[each.url][0] for each in links if each.url in facts.checks}
        if any(
            each.url not in facts.checks
            for each in links
            if role or each.role in ("web", "amp", "cdn-amp")
        ):
            said.add("unknown")
        return any(any_of(node.pieces, each, ".*", True) for each in said)

    def has_words(self, node: nodes.Text, facts: Facts) -> bool:
        texts = texts_of(facts)
        fields = [node.field] if node.field else ["title", "excerpt", "provider", "topic", "body"]
        values = [value for field in fields for value in texts[field]]
        if len(node.pieces) == 1:
            return any(follow_each_other(words(node.pieces[0]), words(each)) for each in values)
        begin = r"(?<![^\W_])" if node.pieces[0] else ""
        pieces = [piece for piece in node.pieces if piece]
        pattern = begin + r"[^\W_]*".join(
            r"[\W_]+".join(map(re.escape, re.split(r"\s+", fold(piece)))) for piece in pieces
        )
        return any(re.search(pattern, fold(each)) for each in values)

    def matches(self, node: nodes.Regex, facts: Facts) -> bool:
        texts = texts_of(facts) or {
            "path": [facts.path], "folder": [os.path.dirname(facts.path)]
        }  # fmt: skip
        fields = [node.field] if node.field else ["title", "excerpt", "provider", "topic", "body"]
        pattern = re.compile(
            node.pattern if "\\" in node.pattern else fold(node.pattern), re.I | re.M
        )
        values = [value for field in fields for value in texts[field]]
        if node.field not in (None, "title", "excerpt", "body"):
            values = [each for each in values if each or node.field == "folder"]
        elif node.field is None and not texts["topic"]:
            values.append("")
        return any(pattern.search(fold(each)) for each in values)

    def is_so(self, what: str, facts: Facts, record: Record) -> bool:
        until = facts.deferred_until
        unpublished = record.state is State.UNPUBLISHED
        return {
            "unpublished": unpublished,
            "published": record.state is State.PUBLISHED,
            "rejected": record.state is State.REJECTED,
            "read": facts.read,
            "unread": not facts.read,
            "starred": facts.starred,
            "deferred": unpublished and until is not None and until > self.now,
            "due": unpublished and until is not None and until <= self.now,
            "decided": facts.decided_at is not None,
            "warning": bool(record.warnings),
        }[what]


def said_of(facts: Facts, record: Record) -> list[tuple[str, float]]:
    return [facts.checks[each.url] for each in links_of(record) if each.url in facts.checks]


def between(node: nodes.Between, value: float | None) -> bool:
    if value is None:
        return False
    if node.low is not None and (value < node.low or (value == node.low and not node.includes_low)):
        return False
    return node.high is None or value < node.high or (value == node.high and node.includes_high)


def has(what: str, record: Record) -> bool:
    provider = record.provider
    return {
        "title": record.title is not None,
        "excerpt": record.excerpt is not None,
        "date": record.published_at is not None,
        "updated": record.updated_at is not None,
        "url": bool(record.web_url or record.original_url),
        "original": record.original_url is not None,
        "amp": bool(record.amp_url or record.cdn_amp_url),
        "category": record.category is not None,
        "type": record.type is not None,
        "quality": record.quality is not None,
        "heat": record.heat is not None,
        "provider": bool(provider.name or provider.domain),
        "domain": provider.domain is not None,
        "author": len(provider.authors) > 0,
        "topic": len(record.topics) > 0,
        "image": len(record.images) > 0,
        "related": len(record.related) > 0,
        "action": len(record.actions) > 0,
        "length": record.length_seconds is not None,
        "price": record.price is not None,
        "rating": record.rating is not None,
        "level": len(record.levels) > 0,
        "item": bool(record.data.get("items")),
        "featured": record.featured_content is not None,
        "body": bool(record.body.strip()),
    }[what]
