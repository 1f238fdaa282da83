"""Following the disk: what changes while the reader is open, as subtrees to look at again."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .reconcile import WHOLE
from .scan import Scan

DEBOUNCE, STEP, WAIT = 0.2, 0.05, 0.25
"""Seconds: changes are gathered at most so long, until this long without one; and how long one
wait lasts, in which `cancelled` is looked at before and after."""
PORTION = 25
"""Folders one notifier is made for. Making one stops every thread of the process while the system
goes through the folders' files: up to 12 milliseconds for 100 of them with 330 files each, but a
third of a second for a tree of 100,000 files at once."""
BREATH = 0.005  # seconds between two of them, for keys that were pressed meanwhile
PORTIONS = 16  # notifiers at most (a user may have some 128); beyond, portions grow
MANY = 500  # changed paths above which the whole tree is looked at
POLL_EVERY = 2.0  # seconds between two looks where the system tells nothing
POLL_SHARE = 20  # and at least so many times what one look took

MODIFIED = 2  # of watchfiles.Change, whose import would bring asyncio helpers with it

Told = set[tuple[int, str]]
"""What the system told: the kind of each change, and the whole path."""


def changes(
    scan: Scan,
    cancelled: Callable[[], bool],
    notices: list[str],
    ready: Callable[[], None] = lambda: None,
) -> Iterator[list[bytes]]:
    """Yield the paths that changed, relative to the root, until cancelled; nothing changed: an
    empty list now and then. `ready` is called once changes are no longer missed.

    By watchfiles (inotify, FSEvents …); where that fails a notice says so, and the whole tree is
    named every few seconds.
    """
    watched = _Watched(scan)
    try:
        watched.follow([b""])
        ready()
        while not cancelled():
            yield _relevant(watched.wait(cancelled), scan)
        return
    except Exception as error:  # noqa: BLE001  # whatever the system's watcher says, at any time
        notices.append(
            "Changes on the disk cannot be watched and are looked for every few seconds"
            f" instead ({error})."
        )
    finally:
        watched.close()
    ready()
    pause = POLL_EVERY
    while _waited(pause, cancelled):
        start = time.monotonic()
        yield [*WHOLE]
        pause = max(POLL_EVERY, POLL_SHARE * (time.monotonic() - start))


@dataclass
class _Portion:
    """Folders that one notifier tells about, each by itself and not what lies below it."""

    notifier: Any = None
    folders: set[str] = field(default_factory=set)


class _Watched:
    """The folders of a collection that the system tells about.

    What the system's watcher says against it is raised as it comes.
    """

    def __init__(self, scan: Scan) -> None:
        self._scan = scan
        self._portions: list[_Portion] = []
        self._late: Told = set()

    def follow(self, trees: Sequence[bytes]) -> None:
        """Watch these folders and all below them, until a walk finds none that is not watched."""
        while True:
            found = {_full(self._scan, each) for tree in trees for each in self._scan.folders(tree)}
            new = found.difference(*(portion.folders for portion in self._portions))
            if not new:
                return
            self._add(new)

    def wait(self, cancelled: Callable[[], bool]) -> Told:
        """Return what the system told within WAIT or a little more; folders that came are watched
        by then, so that whoever looks at what was told misses nothing after it."""
        told, self._late = self._late, set()
        begun = time.monotonic()
        while not cancelled():
            new = set[tuple[int, str]]().union(*(_poll(each.notifier) for each in self._portions))
            waited = time.monotonic() - begun
            if waited > WAIT or (told and (new <= told or waited > DEBOUNCE)):
                told |= new
                break
            told |= new
            time.sleep(STEP if told else WAIT)
        if self._scan.single is None:
            self._refresh({path for kind, path in told if kind != MODIFIED})
        return told

    def close(self) -> None:
        for portion in self._portions:
            portion.notifier.close()
        self._portions.clear()

    def _refresh(self, changed: set[str]) -> None:
        """Watch the folders that came or went anew: what the system still tells under
        an old name, or no longer, is not for us to know."""
        for portion in self._portions:
            gone = {each for each in portion.folders if _is_at_or_below(each, changed)}
            if gone:
                self._renew(portion, portion.folders - gone)
        trees = [_relative(self._scan, path) for path in changed if os.path.isdir(path)]
        self.follow([tree for tree in trees if not tree or self._scan.accepts_folder(tree)])

    def _add(self, folders: set[str]) -> None:
        total = len(folders) + sum(len(portion.folders) for portion in self._portions)
        size = max(PORTION, -(-total // PORTIONS))
        left = sorted(folders)
        for portion in [*self._portions, *(_Portion() for _ in range(PORTIONS))]:
            room = size - len(portion.folders)
            if left and room > 0:
                self._renew(portion, portion.folders.union(left[:room]))
                del left[:room]
                if left:
                    time.sleep(BREATH)

    def _renew(self, portion: _Portion, folders: set[str]) -> None:
        """Have the portion tell about these folders, missing nothing in between."""
        from watchfiles._rust_notify import RustNotify

        before = portion.notifier
        # Polling, debugging: no; a delay for polling; below the folders too: no; folders that
        # may not be read: left out, as are those that are gone.
        portion.notifier = RustNotify(sorted(folders), False, False, 300, False, True)
        portion.folders = folders
        if before is None:
            self._portions.append(portion)
        else:
            self._late |= _poll(before)
            before.close()


def _poll(notifier: Any) -> Told:
    """Return what a notifier has gathered. (It takes a millisecond; none would mean: for ever.)"""
    told = notifier.watch(1, 1, 1, None)
    return set() if isinstance(told, str) else told  # "timeout", "signal" or "stop"


def _is_at_or_below(path: str, others: set[str]) -> bool:
    while path not in others:
        parent = os.path.dirname(path)
        if parent == path:
            return False
        path = parent
    return True


def _full(scan: Scan, path: bytes) -> str:
    return os.fsdecode(os.path.join(scan.root, path) if path else scan.root)


def _relative(scan: Scan, path: str) -> bytes:
    return os.fsencode(path)[len(scan.root.rstrip(b"/")) + 1 :]


def _relevant(told: Told, scan: Scan) -> list[bytes]:
    """Return the changed paths that may matter to the collection; all of it for very many."""
    root = os.fsdecode(scan.root)
    paths: set[bytes] = set()
    for _, path in told:
        if path == root or "\ufffd" in path:  # the root, or a name it could not spell for us
            return [*WHOLE]
        relative = _relative(scan, path)
        if _matters(relative, scan):
            paths.add(relative)
    return sorted(paths) if len(paths) <= MANY else [*WHOLE]


def _matters(path: bytes, scan: Scan) -> bool:
    if scan.accepts(path):
        return True
    if scan.single is not None or not scan.accepts_folder(path):
        return False
    # A folder, or something gone that may have been one.
    return not os.path.isfile(os.path.join(scan.root, path))


def _waited(seconds: float, cancelled: Callable[[], bool]) -> bool:
    """Wait; return whether the whole time went by without being cancelled."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while time.monotonic() < end:
        if cancelled():
            return False
        pause.wait(WAIT / 1000)
    return not cancelled()
