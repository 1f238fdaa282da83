"""Following the disk: what changes while the reader is open, as subtrees to look at again."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from .reconcile import WHOLE
from .scan import Scan

DEBOUNCE, STEP, WAIT = 200, 50, 250
"""Milliseconds: changes are gathered at most so long, until this long without one; and how long
one wait lasts before `cancelled` is looked at."""
MANY = 500  # changed paths above which the whole tree is looked at
POLL_EVERY = 2.0  # seconds between two looks where the system tells nothing
POLL_SHARE = 20  # and at least so many times what one look took


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
    notify: Any = None
    try:
        from watchfiles._rust_notify import RustNotify

        notify = RustNotify([os.fsdecode(scan.root)], False, False, 300, scan.single is None, True)
        ready()
        while not cancelled():
            yield _relevant(notify.watch(DEBOUNCE, STEP, WAIT, None), scan)
        return
    except Exception as error:  # noqa: BLE001  # whatever the system's watcher says, at any time
        notices.append(
            "Changes on the disk cannot be watched and are looked for every few seconds"
            f" instead ({error})."
        )
    finally:
        if notify is not None:
            notify.close()
    ready()
    pause = POLL_EVERY
    while _waited(pause, cancelled):
        start = time.monotonic()
        yield [*WHOLE]
        pause = max(POLL_EVERY, POLL_SHARE * (time.monotonic() - start))


def _relevant(changed: Any, scan: Scan) -> list[bytes]:
    """Return the changed paths that may matter to the collection; all of it for very many."""
    if isinstance(changed, str):  # "timeout", "signal" or "stop"
        return []
    root = os.fsdecode(scan.root).rstrip("/")
    paths: set[bytes] = set()
    for _, path in changed:
        if path == root or "\ufffd" in path:  # the root, or a name it could not spell for us
            return [*WHOLE]
        relative = os.fsencode(path[len(root) + 1 :])
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
