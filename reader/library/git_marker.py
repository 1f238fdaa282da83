"""What the reader keeps inside the git folder: a lock, and the marker of a move."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import stat
from collections.abc import Iterator

from .git_program import GitError
from .git_rebase import Conflict, Merge

MARKER = b"moving"  # its name


class Marker:
    """The file that says between which commits the work tree is on its way, and what was answered
    to conflicts meanwhile: all that is needed to finish after a kill."""

    def __init__(self, path: bytes):
        self._path = path
        self._answers: dict[str, list[str]] = {}

    def read(self) -> tuple[bytes, bytes]:
        """Return the old and the new commit, both empty when nothing is on its way."""
        try:
            with open(self._path, "rb") as file:
                held = json.loads(file.read())
            self._answers = dict(held["answers"])
            return str(held["old"]).encode("ascii"), str(held["new"]).encode("ascii")
        except (OSError, ValueError, KeyError, TypeError):
            return b"", b""

    def write(self, old: bytes, new: bytes) -> None:
        """Say that the move begins. Raises GitError."""
        old_text, new_text = old.decode("ascii"), new.decode("ascii")
        text = json.dumps({"old": old_text, "new": new_text, "answers": self._answers})
        try:
            with open(self._path + b".new", "wb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
            os.replace(self._path + b".new", self._path)
        except OSError as error:
            raise _unwritable(error) from error

    def remove(self) -> None:
        """Say that nothing is on its way."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._path)

    def remembering(self, merge: Merge) -> Merge:
        """Return `merge`, its answers kept for `write`."""

        def ask(conflict: Conflict) -> bytes | None:
            merged = merge(conflict)
            if merged is not None:
                self._answers[conflict.path.hex()] = [_digest(conflict.ours), merged.hex()]
            return merged

        return ask

    def answer(self, conflict: Conflict) -> bytes | None:
        """Return what was answered before, if the file is as it was then or as was answered."""
        before, merged = self._answers.get(conflict.path.hex(), ("", ""))
        answer = bytes.fromhex(merged)
        same = before == _digest(conflict.ours) or answer == conflict.ours
        return answer if before and same else None


def _digest(data: bytes | None) -> str:
    return "none" if data is None else hashlib.sha256(data).hexdigest()


@contextlib.contextmanager
def locked(home: bytes) -> Iterator[int | None]:
    """Hold the reader's lock of a work tree: the number of its open file; None when another
    reader, or what it left running, holds it."""
    lock = os.path.join(home, b"lock")
    try:
        mode = stat.S_IMODE(os.stat(os.path.dirname(home)).st_mode)  # shared, if the repository is
        if not os.path.isdir(home):
            os.makedirs(home, exist_ok=True)
            os.chmod(home, mode)
        is_new = not os.path.exists(lock)
        fd = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise _unwritable(error) from error
    try:
        try:
            if is_new:
                os.fchmod(fd, mode & 0o666)
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        except OSError as error:
            raise _unwritable(error) from error
        yield fd
    finally:
        os.close(fd)


def _unwritable(error: OSError) -> GitError:
    return GitError(
        f"The repository's git folder cannot be written: {error.strerror or error}. Nothing was "
        "changed; see to its permissions and to space on the disk, then try again."
    )
