"""Walking the tree: which files of a collection may be records."""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence

from .files import is_inside

ENDINGS = (b".md", b".markdown", b".mdx", b".html", b".txt", b".yaml", b".yml")
SKIPPED_FOLDERS = frozenset((b"_site", b"_data", b"node_modules", b"vendor"))

Found = tuple[bytes, int, int, int]
"""Relative path, size in bytes, mtime in nanoseconds, inode. Who may read a file shows in none of
them: one that may not be read has the complement of its mtime, and is another file than before."""

_INT64 = 1 << 63
_FOR_ALL = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


class Scan:
    """The rules of one collection for what is looked at, and the walk that applies them."""

    def __init__(self, root: bytes, exclude: Sequence[str] = (), single: bytes | None = None):
        self.root = root
        self.single = single
        self.unreadable: list[tuple[bytes, str]] = []
        """Folders that could not be listed or entered, and why; of the last walk."""
        patterns = [each.strip("/") for each in exclude if each.strip("/")]
        self._names = _matcher([each for each in patterns if "/" not in each])
        self._paths = _matcher([each for each in patterns if "/" in each])

    def files(self, below: bytes = b"") -> Iterator[Found]:
        """Yield every file that may be a record, at `below` or under it, in no order.

        Raises OSError when the root itself cannot be listed.
        """
        if self.single is not None:
            found = self._file(self.single)
            if found is not None:
                yield found
            return
        if below:
            if not self._is_folder(below):
                found = self._file(below)
                if found is not None:
                    yield found
                return
            if not self.accepts_folder(below):
                return
        folders = [below]
        while folders:
            folder = folders.pop()
            try:
                entries = os.scandir(os.path.join(self.root, folder))
            except OSError as error:
                if not folder:
                    raise
                if not isinstance(error, FileNotFoundError | NotADirectoryError):
                    self.unreadable.append((folder, error.strerror or str(error)))
                continue
            prefix = folder + b"/" if folder else b""
            with entries:
                try:
                    for entry in entries:
                        found = self._entry(entry, prefix, folders)
                        if found is not None:
                            yield found
                except OSError as error:  # the listing broke off half way
                    self.unreadable.append((folder, error.strerror or str(error)))

    def folders(self, below: bytes = b"") -> Iterator[bytes]:
        """Yield every folder that the walk enters, from `below` on, in no order; what is no
        folder, or cannot be listed, is passed over. A single file's: the root."""
        if self.single is not None:
            yield b""
            return
        if below and not (self.accepts_folder(below) and self._is_folder(below)):
            return
        folders = [below]
        while folders:
            folder = folders.pop()
            yield folder
            prefix = folder + b"/" if folder else b""
            try:
                with os.scandir(os.path.join(self.root, folder)) as entries:
                    folders += [
                        prefix + entry.name
                        for entry in entries
                        if entry.is_dir(follow_symlinks=False) and self._enters(entry.name, prefix)
                    ]
            except OSError:
                continue

    def accepts(self, path: bytes) -> bool:
        """Return whether a file of this relative path would be looked at, judged by its name."""
        if self.single is not None:
            return path == self.single
        if not path.lower().endswith(ENDINGS) or self._is_excluded(path):
            return False
        folder = os.path.dirname(path)
        return not folder or self.accepts_folder(folder)

    def accepts_folder(self, path: bytes) -> bool:
        """Return whether the folder of this relative path would be walked."""
        parts = path.split(b"/")
        return not any(
            _is_skipped(part) or self._is_excluded(b"/".join(parts[: depth + 1]))
            for depth, part in enumerate(parts)
        )

    def _entry(
        self, entry: os.DirEntry[bytes], prefix: bytes, folders: list[bytes]
    ) -> Found | None:
        name = entry.name
        path = prefix + name
        try:
            if entry.is_dir(follow_symlinks=False):
                if self._enters(name, prefix):
                    folders.append(path)
                return None
            if not name.lower().endswith(ENDINGS) or self._is_excluded(path):
                return None
            if entry.is_symlink():
                return self._link(path)
            if not entry.is_file(follow_symlinks=False):
                return None
            found = entry.stat(follow_symlinks=False)
        except PermissionError:  # so are all in a folder that may be listed, but not entered
            raise
        except OSError:  # gone since it was listed
            return None
        return self._found(path, found)

    def _file(self, path: bytes) -> Found | None:
        if not self.accepts(path):
            return None
        try:
            found = os.lstat(os.path.join(self.root, path))
        except PermissionError as error:
            self.unreadable.append((os.path.dirname(path), error.strerror or str(error)))
            return None
        except OSError:
            return None
        if stat.S_ISLNK(found.st_mode):
            return self._link(path)
        if not stat.S_ISREG(found.st_mode) or not self._is_real(os.path.dirname(path)):
            return None
        return self._found(path, found)

    def _link(self, path: bytes) -> Found | None:
        """A symbolic link: only to a regular file inside the collection."""
        target = os.path.realpath(os.path.join(self.root, path))
        if not is_inside(self.root, target):
            return None
        try:
            found = os.lstat(target)
        except OSError:
            return None
        if not stat.S_ISREG(found.st_mode):
            return None
        return self._found(path, found)

    def _found(self, path: bytes, found: os.stat_result) -> Found:
        mtime = found.st_mtime_ns
        # The system is asked only about the few files that are not for all to read.
        if found.st_mode & _FOR_ALL != _FOR_ALL and not os.access(
            os.path.join(self.root, path), os.R_OK
        ):
            mtime = ~mtime
        return (path, found.st_size, _signed(mtime), _signed(found.st_ino))

    def _is_folder(self, path: bytes) -> bool:
        full = os.path.join(self.root, path)
        try:
            found = os.lstat(full)
        except OSError:
            return False
        return stat.S_ISDIR(found.st_mode) and self.single is None and self._is_real(path)

    def _is_real(self, folder: bytes) -> bool:
        """Whether no part of the folder's path is a symbolic link."""
        full = os.path.join(self.root, folder) if folder else self.root
        return os.path.realpath(full) == full

    def _enters(self, name: bytes, prefix: bytes) -> bool:
        return not _is_skipped(name) and not self._is_excluded(prefix + name)

    def _is_excluded(self, path: bytes) -> bool:
        if self._names is None and self._paths is None:
            return False
        text = os.fsdecode(path)
        if self._names is not None and self._names(os.path.basename(text)):
            return True
        return self._paths is not None and bool(self._paths(text))


def _is_skipped(name: bytes) -> bool:
    return name.startswith(b".") or name in SKIPPED_FOLDERS


def _matcher(patterns: list[str]) -> Callable[[str], object] | None:
    if not patterns:
        return None
    return re.compile("|".join(fnmatch.translate(each) for each in patterns)).match


def _signed(number: int) -> int:
    """Wrap into the 64 bits that SQLite stores; inodes and far-off times may pass them."""
    if -_INT64 <= number < _INT64:
        return number
    return (number + _INT64) % (2 * _INT64) - _INT64
