"""What a command loads: `reader list` never waits for the interface or the network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli_support import make_feed, own_folders

SLOW = ("textual", "rich", "httpx", "markdownify", "markdown_it", "watchfiles", "asyncio")

PROBE = """
import sys
from reader.__main__ import main
sys.argv = ["reader", *sys.argv[1:]]
code = main()
sys.stdout.flush()
print("\\n".join(sorted(sys.modules)), file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture
def feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    own_folders(monkeypatch, tmp_path)
    return make_feed(tmp_path / "feed")


def loaded_by(*argv: str) -> tuple[str, set[str]]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *argv],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout, set(done.stderr.split("\n"))


@pytest.mark.parametrize("form", [[], ["--json"], ["--jsonl"], ["--format", "{title}"]])
def test_list_loads_neither_interface_nor_network(feed: Path, form: list[str]) -> None:
    for _ in range(2):  # a first index, and one that is there
        out, modules = loaded_by("list", str(feed), *form)
        assert "Gamma" in out
        assert "reader.library.collection" in modules  # it did run
        assert modules.isdisjoint(SLOW)
        assert not any(name.startswith("reader.ui") for name in modules)


@pytest.mark.parametrize(
    "argv", [["show", "_news/alpha.md"], ["topics"], ["star", "_news/beta.md"]]
)
def test_other_commands_neither(feed: Path, argv: list[str]) -> None:
    _, modules = loaded_by(*argv, "-C", str(feed))
    assert "reader.library.collection" in modules
    assert modules.isdisjoint(("textual", "rich", "httpx"))


def test_the_way_to_the_interface_loads_it_last(feed: Path) -> None:
    # Without a terminal it stops just before.
    _, modules = loaded_by(str(feed))
    assert modules.isdisjoint(SLOW)


def test_the_line_mode_loads_neither_toolkit_nor_network(feed: Path) -> None:
    out, modules = loaded_by("--plain", str(feed))
    assert "records" in out
    assert "reader.plain.session" in modules
    assert modules.isdisjoint(SLOW)


def test_help_and_version_load_nothing(feed: Path) -> None:
    for argv in (["--help"], ["--version"], ["list", "--help"]):
        _, modules = loaded_by(*argv)
        assert "reader.library.collection" not in modules
        assert "sqlite3" not in modules
