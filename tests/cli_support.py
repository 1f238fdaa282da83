"""What the tests of the command line share: a small feed, and ways to run the program."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

OWN = {
    "READER_CACHE_DIR": "cache",
    "READER_STATE_DIR": "state",
    "READER_DATA_DIR": "data",
    "READER_CONFIG": "config.toml",
}


def own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let the program keep its files below `tmp_path`; return the settings file's path."""
    for variable, name in OWN.items():
        monkeypatch.setenv(variable, str(tmp_path / "own" / name))
    monkeypatch.delenv("READER_DEBUG", raising=False)
    (tmp_path / "own").mkdir()
    return tmp_path / "own" / "config.toml"


def write(folder: Path, name: str, front_matter: str, body: str = "") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{front_matter.strip()}\n---\n{body}", encoding="utf-8")
    # An old file: one that changed just now is read again by the next look, to be safe.
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


def make_feed(folder: Path) -> Path:
    """Write five records and a file that cannot be read."""
    write(
        folder,
        "_news/alpha.md",
        """
title: Alpha
excerpt: "The first\\tof all: governmentâ€™s"
publishedDateTime: 2021-03-01T10:00:00Z
webUrl: https://example.org/alpha
type: article
quality: 30
published: false
provider: {name: The Post, domain: post.example}
topics: [Power Apps, Portals]
secured: "c2VjcmV0;aXY="
related:
  - {title: Beta elsewhere, webUrl: "https://example.org/beta", provider: {name: Blog}}
  - {title: Outside, webUrl: "https://elsewhere.example/x"}
""",
        "The *body* of alpha.\n",
    )
    write(
        folder,
        "_news/beta.md",
        """
title: "Beta\\tand\\nmore"
publishedDateTime: 2021-03-02
webUrl: https://example.org/beta
type: video
quality: .nan
heat: 12
provider: {name: The Post}
topics: [power apps]
""",
    )
    write(
        folder,
        "_learning/gamma.html",
        """
title: Gamma
publishedDateTime: 2021-03-03T00:00:00Z
originalUrl: https://example.org/gamma
type: article
quality: 90
removed: true
provider: {name: Blog}
topics: [AI]
""",
        "<p>One &amp; two</p><script>alert(1)</script><p>three</p>\n",
    )
    write(
        folder,
        "_learning/videos/delta.md",
        "title: Delta\npublishedDateTime: 2020-01-02\ntopics: [AI]\nprovider: {name: Blog}",
    )
    write(
        folder,
        "escape.md",
        'title: "\\e[31mred\\u202e\\x85"\nwebUrl: https://example.org/escape\npublishedDateTime: 2020-01-01',
    )
    (folder / "broken.md").write_text("---\ntitle: [never\n---\n")
    (folder / "notes.txt").write_text("no front matter\n")
    return folder


@dataclass(frozen=True)
class Ran:
    code: int
    out: bytes
    err: bytes = b""

    @property
    def text(self) -> str:
        return self.out.decode()


def run(*argv: str, cwd: Path | None = None, **env: str) -> Ran:
    """Run the program in a process of its own, without a terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "reader", *argv],
        cwd=cwd,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=240,  # edits wait for the disk, which others keep busy
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def run_in_terminal(
    *argv: str, columns: int = 80, until: bytes = b"", keys: bytes = b"", **env: str
) -> Ran:
    """Run the program in a pseudo-terminal; `out` is what the terminal got.

    `keys` are pressed once `until` has been shown.
    """
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "reader", *argv],
        env={
            **os.environ,
            "COLUMNS": str(columns),
            "LINES": "24",
            "TERM": "xterm",
            "READER_HINTS": "false",
            **env,
        },
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    got = bytearray()
    try:
        while part := os.read(ours, 65536):
            got += part
            if keys and until in got:
                os.write(ours, keys)
                keys = b""
    except OSError:  # Linux: the last one at the other end has gone
        pass
    finally:
        os.close(ours)
    return Ran(process.wait(240), bytes(got))
