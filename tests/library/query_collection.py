"""A fixed small collection to ask queries of, and what is known of each file in it."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reader.library import state
from reader.library.collection import Collection
from reader.library.opening import data_file
from reader.records import front_matter
from reader.records.record import Record
from reader.records.verdicts import Check, Verdict

from .slow_query import Facts

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC).timestamp()
DAY = 86400


def seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp())


def page(name: str) -> dict[str, str]:
    return {"webUrl": f"https://www.{name}"}


HARBOUR = {
    "name": "Harbour Courier",
    "domain": "harbour.example",
    "authors": [{"name": "Ana Ruiz"}],
}
VALE = {"name": "Vale Review", "domain": "vale.example"}
NOBODY = {"domain": "nobody.example"}

FILES: dict[str, tuple[dict[str, Any], str]] = {
    "_news/a.md": (
        {"title": "Power Apps meets GitHub", "excerpt": "Low-code workflow at last", "type": "article",
         "category": "news", "publishedDateTime": "2026-11-23T08:00:00Z", "quality": 86, "heat": 40,
         "published": False, "provider": HARBOUR, "topics": ["Power Apps", "Teams"],
         **page("harbour.example/2026/a"), "ampWebUrl": "https://harbour.example/2026/a/amp",
         "images": [{"url": "https://p.example/1.jpg", "width": 1, "height": 2}],
         "related": [{"title": "B", "webUrl": "http://vale.example/b/"}]}, "A body about bridges.\n"),
    "_news/b.md": (
        {"title": "Café culture", "excerpt": "Naïve façades", "type": "article", "category": "news",
         "publishedDateTime": "2026-11-20T12:00:00Z", "quality": 70, "heat": -1, "published": True,
         "provider": VALE, "topics": ["Bread"], **page("vale.example/b")}, ""),
    "_news/2020/c.md": (
        {"title": "Microsoft Build touts Power Apps", "type": "article", "category": "news",
         "publishedDateTime": "2020-06-12T16:05:00Z", "quality": 53, "heat": 80, "published": False,
         "removed": True, "provider": VALE, "topics": ["power  apps", "Portals"],
         "updatedDateTime": "2020-07-01T00:00:00Z", **page("vale.example/c")}, "PowerShell scripts.\n"),
    "_news/2020/d.md": (
        {"title": "Planar transformers", "excerpt": "settle in", "publishedDateTime": "2020-12-31T23:59:59Z",
         "quality": 37, "heat": 0, "published": False, "provider": NOBODY, "topics": []}, ""),
    "_learning/e.md": (
        {"title": "Solder your first station", "type": "video", "category": "learning", "length": "PT9M59S",
         "publishedDateTime": "2021-01-01T00:00:00Z", "ratings": {"average": 4.5, "count": 10},
         "levels": ["beginner"], "price": "free", "quality": 100, "provider": HARBOUR,
         "topics": ["Radio", "Teams"], **page("harbour.example/e"),
         "actions": [{"url": "https://harbour.example/enrol", "type": "enrol", "title": "Enrol"}]}, ""),
    "_learning/f.md": (
        {"title": "True a wheel", "type": "video", "category": "learning", "length": "PT10M",
         "publishedDateTime": "2026-11-16T00:00:00Z", "ratings": {"average": 4, "count": 3},
         "items": ["one", "two"], "published": True, "provider": VALE, "topics": ["Bicycles"],
         **page("vale.example/f")}, "Spokes, and a *nipple key*.\n"),
    "_learning/videos/g.md": (
        {"title": "Inside the turbine", "type": "video", "length": "PT1H30M", "published": False,
         "publishedDateTime": "2026-11-15T23:59:59Z", "updatedDateTime": "2026-11-22T10:00:00Z",
         "featuredContent": "<p>x</p>", "provider": {"name": "Lamplight", "authors": ["Élodie Ng", "Ana Ruiz"]},
         "topics": ["Energy / Wind"], "originalUrl": "https://lamplight.example/v?id=7&utm_source=x"}, ""),
    "_research/h.html": (
        {"title": "RF power meter", "publishedDateTime": "2022-05-05", "quality": "good", "heat": 110, "published": False,
         "related": [{"title": "A", "webUrl": "https://harbour.example/2026/a"},
                     {"title": "elsewhere", "webUrl": "https://else.example/1"}],
         "provider": HARBOUR, "topics": ["Radio"]}, "<p>Low <b>noise</b> amplifiers.</p>\n"),
    "_research/i.md": ({"excerpt": "No title, and no date", "type": "article"}, ""),
    "_research/deep/er/j.md": (
        {"title": "workflow empowered", "publishedDateTime": "2026-11-22T23:30:00Z", "quality": 12.5,
         "provider": {"name": "power company"}, "topics": ["Flow"], "published": True,
         **page("b.example/100%_sure")}, "Ends with power"),
    "top.md": (
        {"title": "C++ and F# — 50% off", "publishedDateTime": "2026-11-25T09:00:00Z", "quality": 50,
         "provider": VALE, "topics": ["Open Data"], "published": False, "type": "Release notes"}, ""),
    "_news/Ärger.md": (
        {"title": "日本語の題名", "excerpt": "Ωμέγα ёлка", "publishedDateTime": "1999-01-01",
         "provider": VALE, "topics": ["Open Data", "Bread"], "published": True}, ""),
}  # fmt: skip

PROBLEMS = ("_news/broken.md", "_old/bad.md")

KNOWN: Mapping[str, dict[str, Any]] = {
    "_news/a.md": {"deferred_until": int(NOW) - 60, "read": True},
    "_news/b.md": {"starred": True, "read": True, "decided_at": NOW - 2 * DAY},
    "_news/2020/c.md": {"decided_at": NOW - 90 * DAY},
    "_news/2020/d.md": {"deferred_until": int(NOW) + 3600, "decided_at": NOW - 60},
    "_learning/f.md": {"deferred_until": int(NOW) + 3600, "starred": True},
    "_learning/videos/g.md": {"deferred_until": int(NOW) + 1},
}
CHECKS = {
    "https://www.harbour.example/2026/a": ("ok", NOW - 60),
    "https://harbour.example/2026/a/amp": ("blocked", NOW - 40 * DAY),
    "https://www.vale.example/b": ("gone", NOW - 3 * DAY),
    "http://vale.example/b/": ("moved", NOW - DAY),
    "https://www.vale.example/c": ("moved", NOW - 400 * DAY),
    "https://p.example/1.jpg": ("gone", NOW - 60),
}
SEEN = {"_news/a.md": "2026-11-23T09:00:00", "_news/b.md": "2026-11-01T00:00:00"}
SEEN_ELSE = "2026-10-05T12:00:00"


def make(folder: Path, caches: Path) -> tuple[Collection, list[Facts]]:
    """Write the collection below `folder`, index it, and make known what is known of it."""
    contents = {path: written(*content) for path, content in FILES.items()}
    contents |= dict.fromkeys(PROBLEMS, b'---\ntitle: "open\n---\n')
    collection = index(folder, caches, contents)
    facts = [
        Facts(path, read(path, data), checks=CHECKS,
              first_seen=seconds(SEEN.get(path, SEEN_ELSE)), **KNOWN.get(path, {}))
        for path, data in contents.items()
    ]  # fmt: skip
    remember(collection, caches, facts)
    return collection, facts


def written(fields: Mapping[str, Any], body: str) -> bytes:
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    return "\n".join(["---", *lines, "---", body]).encode()


def read(path: str, data: bytes) -> Record | None:
    record = front_matter.read_record(data, os.path.basename(path))
    return record if isinstance(record, Record) else None


def index(folder: Path, caches: Path, contents: Mapping[str, bytes]) -> Collection:
    for path, data in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    collection = Collection.open(
        folder, cache_dir=caches / "cache", state_dir=caches / "state", now=lambda: NOW
    )
    collection.reconcile()
    return collection


def remember(collection: Collection, caches: Path, facts: list[Facts]) -> None:
    """Put the facts where the program keeps such: marks, journal, and when it was first seen."""
    ids = {each.path: collection.id_of_path(each.path) for each in facts}
    collection.set_read([id for each in facts if each.read and (id := ids[each.path])], True)
    collection.set_starred([id for each in facts if each.starred and (id := ids[each.path])], True)
    root = os.fsencode(os.path.realpath(collection.root))
    with closing(sqlite3.connect(data_file(caches / "cache", root))) as indexed, indexed:
        indexed.executemany(
            "UPDATE details SET seen = ? WHERE id = ?",
            [(each.first_seen, ids[each.path]) for each in facts],
        )
        keys = dict(indexed.execute("SELECT id, key FROM records"))
    indexed.close()
    checks = {url: said for each in facts for url, said in each.checks.items()}
    collection.verdicts.keep(
        [Check(url, Verdict(said), "", at) for url, (said, at) in checks.items()]
    )
    assert collection.state_path is not None
    kept = state.connect(collection.state_path)
    for each in facts:
        key = keys.get(ids[each.path])
        if each.deferred_until is not None:
            state.set_mark(kept, "deferred_until", key, each.path, each.deferred_until)
        if each.decided_at is not None:
            decide(kept, key, each, each.decided_at - 5, "publish", 1)
            decide(kept, key, each, each.decided_at, "quality", 1)
            decide(kept, key, each, each.decided_at + 5, "reject", 2)  # it came to nothing
        elif key is not None:
            decide(kept, key, each, NOW, "star", 1)
            undone = decide(kept, key, each, NOW, "publish", 1)
            decide(kept, key, each, NOW, "publish", 1, "undo", undone)
    kept.close()


def decide(
    kept: sqlite3.Connection, key: Any, facts: Facts, at: float, decision: str, status: int,
    how: str = "decision", of: int | None = None,
) -> int:  # fmt: skip
    step = kept.execute(
        "INSERT INTO steps(at, who, origin, session, how, decision) VALUES(?,'x','x','x',?,?)",
        (at, how, json.dumps({"decision": decision})),
    ).lastrowid
    entry = kept.execute(
        "INSERT INTO entries(step, status, path, title, key, changes, splices, before, after, temp,"
        " of) VALUES(?,?,?,'',?,'{}','[]',x'',x'',x'',?)",
        (step, status, facts.path.encode(), key, of),
    ).lastrowid
    assert entry is not None
    return entry
