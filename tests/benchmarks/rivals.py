"""Other people's programs over the same collections: newsboat and Hugo, where installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

from tests import corpus
from tests.benchmarks import places

FEED_TITLE = "Measured feed"


def newsboat(count: int) -> list[str | os.PathLike[str]] | None:
    """Return the command that opens newsboat on a feed of `count` items; None: not installed.

    The feed is fetched into newsboat's cache now, which is not part of any measurement.
    """
    path = shutil.which("newsboat")
    if path is None:
        return None
    home = places.ROOT / f"newsboat-{places.name_of(count)}"
    command: list[str | os.PathLike[str]] = [
        path,
        "-u",
        home / "urls",
        "-c",
        home / "cache.db",
        "-C",
        home / "config",
    ]
    config = "max-items 0\nshow-read-feeds yes\nauto-reload no\nbind-key j down\nbind-key k up\n"
    if not (home / "ready").exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        _write_feed(home / "feed.xml", count)
        (home / "urls").write_text(f"file://{home}/feed.xml\n")
        (home / "config").write_text(config)
        subprocess.run(
            [*command, "-x", "reload"],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        (home / "ready").touch()
    (home / "config").write_text(config)
    return command


def _write_feed(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(f'<?xml version="1.0"?><rss version="2.0"><channel><title>{FEED_TITLE}</title>')
        file.write("<link>https://feed.example/</link><description>-</description>\n")
        for head in corpus.heads(count, count):
            file.write(
                f"<item><title>{escape(head.title)}</title><link>{head.url}</link>"
                f"<guid>{head.url}</guid><pubDate>{format_datetime(head.published_at)}</pubDate>"
                f"<description>{escape(head.title)}. {'Lorem ipsum dolor. ' * 15}</description>"
                "</item>\n"
            )
        file.write("</channel></rss>\n")


def hugo(count: int) -> tuple[list[str], Path] | None:
    """Return Hugo's command that lists the collection, and where to run it; None: no Hugo."""
    path = shutil.which("hugo")
    if path is None:
        return None
    site = places.ROOT / f"hugo-{places.name_of(count)}"
    site.mkdir(parents=True, exist_ok=True)
    (site / "config.toml").write_text(
        f'baseURL = "https://site.example/"\ncontentDir = "{places.collection(count)}"\n'
    )
    return [path, "list", "all"], site
