"""What holds for all tests."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.cli_support import make_feed, own_folders
from tests.library.git_support import Checkout, copied, isolate, prepare

# Started in the background of a shell, tests ignore Ctrl+C; the programs that they start must not.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A busy machine is no finding: what has to be quick says so in a test of its own.
settings.register_profile("reader", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("reader")


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """Return half as many workers again as there are cores: half of the time tests wait, for the
    programs that they have started and for their own screens."""
    count = yield
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return count
    return count + (count + 1) // 2


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the long tests first, in the shares of all workers: none is left for the end, to run alone."""
    long = [item for item in items if item.get_closest_marker("long")]
    others = [item for item in items if not item.get_closest_marker("long")]
    workers = getattr(config, "workerinput", {"workercount": 1})["workercount"]
    share = -(-len(others) // workers)
    items[:] = [
        item
        for at in range(workers)
        for item in (*long[at::workers], *others[at * share : (at + 1) * share])
    ]


@pytest.fixture(scope="session", autouse=True)
def _own_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test sees the settings, views or state of whoever runs them: no READER_ variable is set,
    and the usual folders are empty ones. The variables that are for tests were read at import. Ctrl+C
    counts in the programs that tests start, though a shell in the background has it ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = tmp_path_factory.mktemp("usual")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("READER_")]:
            patch.delenv(name)
        for kind in ("CACHE", "CONFIG", "DATA", "STATE"):
            patch.setenv(f"XDG_{kind}_HOME", str(folder / kind.lower()))
        yield


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The settings file of a program that keeps all it has below the test's own folder."""
    return own_folders(monkeypatch, tmp_path)


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    """Five records and a file that cannot be read."""
    return make_feed(tmp_path / "feed")


@pytest.fixture
def in_feed(feed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, as the current folder."""
    monkeypatch.chdir(feed)
    return feed


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Local times are those of UTC."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(scope="session")
def git_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bare remote and two clones of it, to be copied."""
    folder = tmp_path_factory.mktemp("git")
    with pytest.MonkeyPatch.context() as patch:
        isolate(patch)
        prepare(folder)
    return folder


@pytest.fixture
def clones(git_template: Path, tmp_path: Path) -> tuple[Checkout, Checkout]:
    """Two clones of one bare remote."""
    return copied(git_template, tmp_path)


@pytest.fixture
def there(clones: tuple[Checkout, Checkout]) -> Checkout:
    """The other of the two clones."""
    return clones[1]
