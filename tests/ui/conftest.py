"""A small collection of our own, and the application showing it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot

from reader.library.collection import Collection
from reader.ui.jobs.upkeep import Upkeep

NOW = datetime.now(UTC)


def write_record(
    root: Path,
    name: str,
    title: str,
    *,
    days: float = 1,
    published: bool = True,
    topics: tuple[str, ...] = ("Tides",),
    related: tuple[tuple[str, str], ...] = (),
    extra: str = "",
    body: str = "",
) -> Path:
    """Write a record in the seed record's form; `related` holds (title, URL)."""
    when = (NOW - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    lines = [
        "---",
        "category: news",
        f'title: "{title}"',
        f'excerpt: "What {title} is about."',
        f"publishedDateTime: {when}",
        f'webUrl: "https://harbour.example/{name}"',
        "type: article",
        "quality: 56",
        "heat: -1",
        f"published: {str(published).lower()}",
        "",
        "provider:",
        "  name: Harbour Weekly",
        "  domain: harbour.example",
        "",
        "topics:",
        *(f"  - {topic}" for topic in topics),
    ]
    if related:
        lines += ["", "related:"]
        for related_title, url in related:
            lines += [f'  - title: "{related_title}"', f'    webUrl: "{url}"', "    quality: 80"]
    lines += ["", 'secured: "c2VjcmV0;AAAAAAAAAAAAAAAAAAAAAA=="']
    if extra:
        lines.append(extra)
    lines += ["---", "", body]
    path = root / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Thirty records, newest first `Article 00`; every third unpublished; one problem."""
    root = tmp_path / "harbour"
    for number in range(30):
        related: tuple[tuple[str, str], ...] = ()
        if number == 0:
            related = (
                ("The way to five", "https://www.harbour.example/_news/article-05/"),
                ("Far away", "https://elsewhere.example/far"),
            )
        write_record(
            root,
            f"_news/article-{number:02}",
            f"Article {number:02}",
            days=number + 0.5,
            published=number % 3 != 0,
            topics=("Tides", "Bread") if number % 2 else ("tides ",),
            related=related,
            body="Some **strong** words." if number == 1 else "",
        )
    (root / "_news" / "broken.md").write_text('---\ntitle: "never closed\n---\n')
    return root


@pytest.fixture
def open_collection(tmp_path: Path) -> Iterator[Callable[[Path], Collection]]:
    """Open a folder with cache and state in the test's own folder; closed afterwards."""
    opened: list[Collection] = []

    def open_it(root: Path, *, indexed: bool = True) -> Collection:
        collection = Collection.open(
            root, cache_dir=tmp_path / "cache", state_dir=tmp_path / "state"
        )
        opened.append(collection)
        if indexed:
            collection.reconcile()
            collection.counts()
        return collection

    yield open_it
    for collection in opened:
        collection.close()


class Slow:
    """Has every list that is asked for wait, until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._may = threading.Event()
        self._may.set()
        list_ids = Upkeep._list_ids

        def listed(*asked: Any) -> None:
            self._may.wait(30)
            list_ids(*asked)

        monkeypatch.setattr(Upkeep, "_list_ids", listed)

    def stop(self) -> None:
        self._may.clear()

    def go(self) -> None:
        self._may.set()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    made = Slow(monkeypatch)
    yield made
    made.go()


@pytest.fixture(scope="session", autouse=True)
def _style_sheets_are_parsed_once() -> Iterator[None]:
    """Every app parses all style sheets anew, and again for each theme: up to a third of a test's time.
    Here what has the same text and variables is parsed once; tests/terminal has the program do it all."""
    parsed: dict[tuple[Any, ...], Any] = {}
    parse = Stylesheet._parse_rules

    def parse_once(sheet: Stylesheet, *asked: Any, **named: Any) -> Any:
        key = (asked, tuple(named.items()), tuple(sheet._variables.items()))
        if key not in parsed:
            parsed[key] = parse(sheet, *asked, **named)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        yield


@pytest.fixture(autouse=True)
def _on_screens_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pressed is what one sees: never a key for a question that is still being put together, which
    would not count."""
    press = Pilot.press

    async def press_when_there(pilot: Pilot[None], *keys: str) -> None:
        while getattr(pilot.app, "_opening", None):
            await asyncio.sleep(0.005)
        await press(pilot, *keys)

    monkeypatch.setattr(Pilot, "press", press_when_there)
