"""The desk at its breakpoints, pinned as plain text in `pictures/`.

`READER_PICTURES=write make test ARGS="-k pictures"` writes them anew; look at them then.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reader.library.collection import Collection
from reader.ui.app import ReaderApp
from reader.ui.glyphs import UNICODE

PICTURES = Path(__file__).parent / "pictures"
WRITES = os.environ.get("READER_PICTURES") == "write"
RECORD = """\
---
category: news
title: "{title}"
excerpt: "What the harbour said of number {number}, at some length, so that it has to be wrapped."
publishedDateTime: 20{year}-06-12T16:05:00Z
webUrl: "https://harbour.example/{number}"
ampWebUrl: "https://harbour.example/{number}/amp"
type: article
quality: {quality}
heat: {number}
published: {published}
provider:
  name: Harbour Weekly
topics:
  - Tides
related:
  - title: "The one before, which is told here in a title of some length"
    webUrl: "https://harbour.example/{before}"
    quality: 80
---
{body}"""


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    root = tmp_path / "harbour"
    (root / "_news").mkdir(parents=True)
    for number in range(15):
        title = f"Number {number}: the tide mill turns again"
        if number == 3:
            title = "潮の満ち引きで開く図書館 and café"
        record = RECORD.format(
            title=title,
            number=number,
            before=number - 1,
            year=24 - number,
            quality=number * 9,
            published=str(number % 3 != 0).lower(),
            body="# A heading\n\nSome *words* with a [link](https://a.example/).\n" * (number == 0),
        )
        (root / "_news" / f"{number:02}.md").write_text(record)
    (root / "_news" / "broken.md").write_text('---\ntitle: "never closed\n---\n')
    return root


@pytest.mark.parametrize("size", [(200, 24), (120, 24), (80, 24), (60, 18), (40, 12)])
@pytest.mark.usefixtures("utc")
async def test_pictures(
    harbour: Path,
    open_collection: Callable[[Path], Collection],
    size: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("reader.ui.app.choose", lambda *_: UNICODE)
    app = ReaderApp(open_collection(harbour), [])
    async with app.run_test(size=size) as pilot:
        await pilot.pause(0.5)  # until the cursor rests and the body is drawn in full
        await pilot.press("j", "k")
        await pilot.pause(0.5)
        strips = app.screen._compositor.render_strips()
        shown = "\n".join(strip.text.rstrip() for strip in strips) + "\n"
    expected = PICTURES / f"{size[0]}x{size[1]}.txt"
    if WRITES:
        PICTURES.mkdir(exist_ok=True)
        expected.write_text(shown)
    assert shown == expected.read_text()
