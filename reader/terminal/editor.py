"""The user's own editor on a record: on a copy, so that the file itself changes at once or not."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_USUAL = ("sensible-editor", "nano", "vim", "vi")
_BY_PLUS = frozenset(
    (
        "vi",
        "vim",
        "nvim",
        "gvim",
        "nano",
        "emacs",
        "emacsclient",
        "micro",
        "kak",
        "joe",
        "mcedit",
        "mg",
    )
)
"""Editors that take `+LINE` before the file."""
_BY_COLON: Mapping[str, tuple[str, ...]] = {
    "hx": (),
    "helix": (),
    "code": ("--goto",),
    "codium": ("--goto",),
}
"""Editors that take `FILE:LINE`, and what stands before that."""


def find_editor(environ: Mapping[str, str] = os.environ) -> list[str] | None:
    """Return the command of the editor that the user has set, else a usual one; None: there is
    none."""
    for variable in ("VISUAL", "EDITOR"):
        try:
            command = shlex.split(environ.get(variable, ""))
        except ValueError:
            continue
        if command:
            return command
    for name in _USUAL:
        if shutil.which(name, path=environ.get("PATH")):
            return [name]
    return None


def _opening(command: list[str], path: str, line: int) -> list[str]:
    """Return what opens a file: at a line (0: none), where the editor is known to take one."""
    name = os.path.basename(command[0])
    if line and name in _BY_PLUS:
        return [*command, f"+{line}", path]
    if line and name in _BY_COLON and ":" not in path:
        return [*command, *_BY_COLON[name], f"{path}:{line}"]
    return [*command, path]


class Copy:
    """A copy of a record's file in a folder of its own, to be edited, in the hands of this process."""

    def __init__(self, folder: str, name: str) -> None:
        self._folder = folder
        self._held = os.open(folder, os.O_RDONLY)
        self.path = Path(folder, os.path.basename(name))
        self.is_free = True
        """Whether nobody else has it in hand."""
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.is_free = False
        except OSError:
            pass  # a disk without locks

    @property
    def typed_at(self) -> float:
        """When something was typed last: seconds since 1970."""
        return self.path.stat().st_mtime

    def is_of(self, data: bytes) -> bool:
        """Whether it was made of these bytes."""
        return os.path.basename(self._folder).split("-")[1:2] == [_digest(data)]

    def edit(self, command: list[str], line: int = 0) -> str:
        """Run the editor until it ends, at a line where it is known how; return why it could not, or
        an empty text."""
        try:
            code = subprocess.run(_opening(command, str(self.path), line), check=False).returncode
        except OSError as error:
            return f"{command[0]} could not be started ({error.strerror}). Set $EDITOR."
        return f"{command[0]} ended with {code}; nothing was changed." if code else ""

    def read(self) -> bytes:
        """Return what the editor left; raises OSError."""
        return self.path.read_bytes()

    def keep(self) -> None:
        """Leave it where it is, for whoever edits the record next."""
        os.close(self._held)

    def remove(self) -> None:
        """Remove the copy and its folder; nothing is raised where they are gone."""
        os.close(self._held)
        shutil.rmtree(self._folder, ignore_errors=True)


def copied(name: str, data: bytes, state: str | None) -> Copy:
    """Return a new copy of a record's file. It lies beside the file of the `state`, where there is
    one, for its owner's eyes alone: what was typed into it outlasts a crash, and the machine's next
    start, and until it is removed `kept` finds it."""
    copy = Copy(_new_folder(name, data, state), name)
    with open(os.open(copy.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    return copy


def kept(name: str, state: str | None) -> Copy | None:
    """Return the latest copy of a record's file in which something was typed that was not put in
    place; None where there is none, or all are in someone's editor."""
    if state is None:
        return None
    with suppress(OSError):
        below = Path(_below(state))
        for folder in sorted(below.glob(f"{_key(name, state)}-*"), key=_changed_at, reverse=True):
            copy = Copy(str(folder), name)
            if not copy.is_free:
                copy.keep()
            elif copy.path.exists() and not copy.is_of(copy.read()):
                return copy
            else:  # nothing was typed
                copy.remove()
    return None


def _changed_at(folder: Path) -> float:
    return folder.stat().st_mtime


def _below(state: str) -> str:
    return os.path.join(os.path.dirname(state), "edited")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:8]


def _key(name: str, state: str) -> str:
    """Return what the folders begin with of the copies of a record, by its path in the collection
    that the state is of."""
    return _digest(os.fsencode(f"{state}\0{name}"))


def _new_folder(name: str, data: bytes, state: str | None) -> str:
    """Make a new folder: in the state folder, or where that cannot be written a temporary one."""
    if state is not None:
        with suppress(OSError):
            below = _below(state)
            Path(below).mkdir(mode=0o700, exist_ok=True)
            return tempfile.mkdtemp(prefix=f"{_key(name, state)}-{_digest(data)}-", dir=below)
    return tempfile.mkdtemp(prefix="reader-")
