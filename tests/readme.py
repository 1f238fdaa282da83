"""Makes what the documents show of the program: README's key table and screenshot, the manual page.

`python -m tests.readme` writes them (`make docs`); tests find a key table or a page that has drifted.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path

from reader.config import Config, table
from reader.own.manual import page
from reader.ui.commands import key_table

ROOT = Path(__file__).resolve().parent.parent
_KEYS = re.compile(r"(<!-- keys:[^>]*-->\n).*?(<!-- /keys -->)", re.DOTALL)


def with_key_table(readme: str) -> str:
    """Return the text of README with the key table as the registry has it now."""
    return _KEYS.sub(lambda found: f"{found[1]}{key_table()}\n{found[2]}", readme)


async def screenshot(width: int = 120, height: int = 34) -> str:
    """Return an SVG picture of the program showing its sample."""
    from reader.library.collection import Collection
    from reader.library.sample import write_sample
    from reader.ui.app import ReaderApp

    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / "sample"
        write_sample(sample)
        where = Path(folder)
        collection = Collection.open(sample, cache_dir=where / "c", state_dir=where / "s")
        collection.reconcile()
        collection.counts()
        app = ReaderApp(collection, [], settings=Config().changed(table.THEME, "reader-dark", ""))
        async with app.run_test(size=(width, height)) as pilot:
            await pilot.press(*"jjj")
            await pilot.pause(0.5)
            svg = app.export_screenshot()
        collection.close()
    # The picture is to be seen without fetching fonts from anywhere.
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def main() -> None:
    readme = ROOT / "README.md"
    readme.write_text(with_key_table(readme.read_text()))
    (ROOT / "docs").mkdir(exist_ok=True)
    (ROOT / "docs" / "reader.1").write_text(page())
    (ROOT / "docs" / "screenshot.svg").write_text(asyncio.run(screenshot()))


if __name__ == "__main__":
    main()
