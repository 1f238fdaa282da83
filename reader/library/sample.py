"""The built-in sample: some sixty records that come with the reader, dated up to today.

The shipped files are dated around `SAMPLE_DAY`. Written out, every date moves by whole days so
that this day becomes today. Their times of day are local ones, and today's articles are of the
first hours after midnight: in any time zone the view "Today" is never empty, and after two at
night no article lies in the future.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from reader import paths

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

SAMPLE_DAY = date(2026, 11, 22)
"""The newest date in the shipped files."""

_MOMENT = re.compile(
    rb"""^([ ]*(?:published|updated)DateTime:[ ]*["']?)(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)Z)?""",
    re.MULTILINE,
)
_DATED_NAME = re.compile(r"(\d{4}-\d\d-\d\d)-")
_MARK = ".sample"
"""Kept in the sample that the reader itself unpacked: the day, and a digest of what it wrote."""
_NEW, _OLD = ".sample-new-", "sample-old-"
_HOUR = 3600
_PATIENCE = 2.0  # seconds
_MOST_FILES, _MOST_BYTES = 1000, 4 << 20
"""A sample with more in it is no longer only ours: no need to read it all."""


def write_sample(folder: Path, today: date | None = None) -> int:
    """Write the sample into `folder` (made where missing) and return the number of files.

    Nothing but the dates differs from the shipped bytes. Raises FileExistsError when the folder
    is not empty, NotADirectoryError when it is no folder, and other OSErrors as they come.
    """
    if today is None:
        today = _today()
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, data in _shipped():
        target = folder / _shifted_name(name, today - SAMPLE_DAY)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_shifted(data, today - SAMPLE_DAY))
        count += 1
    return count


def opened_sample(today: date | None = None) -> Path:
    """Return the folder of the sample to open: the reader's own copy, in its data folder.

    It is made when missing, and made anew on a later day as long as nothing in it has been
    changed. Where the data folder cannot be written: a temporary folder. Raises OSError when
    there is no place for that either.
    """
    if today is None:
        today = _today()
    folder = paths.data_dir() / "sample"
    try:
        if _is_wanting(folder, today):
            folder.parent.mkdir(parents=True, exist_ok=True)
            with _alone(folder.parent):
                if _is_wanting(folder, today):  # still: no other reader has just made it
                    _make(folder, today)
    except OSError:
        if not _is_made(folder):
            folder = Path(tempfile.mkdtemp(prefix="reader-sample-"))
            write_sample(folder, today)
    return folder


def _today() -> date:
    return datetime.now().astimezone().date()


# -- what ships, and its dates -----------------------------------------------------------------
def _shipped() -> Iterator[tuple[str, bytes]]:
    """Yield each shipped file's path (`/` between its parts) and bytes."""
    from importlib.resources import files  # here: no list or command but the sample needs it

    yield from _files_below(files("reader") / "sample", "")


def _files_below(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _files_below(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, entry.read_bytes()


def _shifted_name(name: str, by: timedelta) -> str:
    folder, slash, file = name.rpartition("/")
    dated = _DATED_NAME.match(file)
    if dated is None:
        return name
    day = date.fromisoformat(dated[1]) + by
    return f"{folder}{slash}{day.isoformat()}{file[len(dated[1]) :]}"


def _shifted(data: bytes, by: timedelta) -> bytes:
    def replace(match: re.Match[bytes]) -> bytes:
        day, clock = match[2].decode(), match[3]
        if clock is None:
            return match[1] + (date.fromisoformat(day) + by).isoformat().encode()
        local = datetime.fromisoformat(f"{day}T{clock.decode()}") + by
        return match[1] + local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()

    return _MOMENT.sub(replace, data)


# -- the reader's own copy ---------------------------------------------------------------------
def _is_made(folder: Path) -> bool:
    """Whether there is anything to be seen in the folder."""
    try:
        return any(folder.iterdir())
    except OSError:
        return False


def _is_wanting(folder: Path, today: date) -> bool:
    """Whether the copy is missing, or of another day and still as the reader wrote it."""
    if not _is_made(folder):
        return True
    mark = _mark(folder)
    return mark is not None and mark[0] != today.isoformat() and _digest(folder) == mark[1]


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other readers waiting meanwhile, so that none finds the copy gone between two renames.

    After two seconds, or where there are no locks, it goes on all the same: the renames are
    safe, only the moment between them could be seen.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    break
                time.sleep(0.01)
            except OSError:
                break
        yield
    finally:
        os.close(descriptor)


def _make(folder: Path, today: date) -> None:
    """Put a new copy in place of whatever unchanged one is there.

    It is written beside and renamed, so that a kill leaves no half of it.
    """
    _sweep(folder.parent)
    new = Path(tempfile.mkdtemp(prefix=_NEW, dir=folder.parent))
    try:
        write_sample(new, today)
        (new / _MARK).write_text(f"{today.isoformat()} {_digest(new)}\n", encoding="utf-8")
        if _is_made(folder) and not _put_aside(folder):
            return
        try:
            os.rename(new, folder)
        except OSError:
            if not _is_made(folder):  # else another reader was first
                raise
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _put_aside(folder: Path) -> bool:
    """Take an unchanged copy away. False, with all in its place, when it was changed just now."""
    old = Path(tempfile.mkdtemp(prefix=_OLD, dir=folder.parent))
    try:
        os.rename(folder, old)
    except FileNotFoundError:  # another reader was first
        os.rmdir(old)
        return True
    mark = _mark(old)
    if mark is not None and _digest(old) == mark[1]:
        shutil.rmtree(old, ignore_errors=True)
        return True
    with contextlib.suppress(OSError):  # else it stays under its new name: nothing is lost
        os.rename(old, folder)
    return False


def _sweep(parent: Path) -> None:
    """Remove what readers killed half way left behind more than an hour ago."""
    for entry in parent.iterdir():
        if not entry.name.startswith((_NEW, _OLD)):
            continue
        with contextlib.suppress(OSError):
            if time.time() - entry.lstat().st_mtime < _HOUR:
                continue
            mark = _mark(entry)
            if entry.name.startswith(_NEW) or (mark is not None and _digest(entry) == mark[1]):
                shutil.rmtree(entry, ignore_errors=True)


def _mark(folder: Path) -> tuple[str, str] | None:
    """Return the day and the digest noted in a copy of ours; None where there is no such note."""
    if folder.is_symlink():
        return None
    try:
        with open(folder / _MARK, "rb") as file:
            day, digest = file.read(200).decode("ascii").split()
    except (OSError, ValueError):
        return None
    return day, digest


def _digest(folder: Path) -> str | None:
    """Return a hash of all names and bytes in the folder but the mark's; None when it holds
    something that the reader would never have put there, or cannot be read."""
    import hashlib

    hashed = hashlib.sha256()
    total = 0
    try:
        for count, entry in enumerate(_entries(folder)):
            info = entry.lstat()
            total += info.st_size
            if count > _MOST_FILES or total > _MOST_BYTES:
                return None
            hashed.update(os.fsencode(entry.relative_to(folder)) + b"\0")
            if stat.S_ISREG(info.st_mode):
                hashed.update(hashlib.sha256(entry.read_bytes()).digest())
            elif not stat.S_ISDIR(info.st_mode):
                return None
    except OSError:
        return None
    return hashed.hexdigest()


def _entries(folder: Path) -> Iterator[Path]:
    """Yield all files and folders below, in the order of their names, the mark left out."""
    for entry in sorted(folder.iterdir()):
        if entry.name == _MARK:
            continue
        yield entry
        if entry.is_dir() and not entry.is_symlink():
            yield from _entries(entry)
