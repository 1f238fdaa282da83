"""The user's own editor on a record: on a copy, so that the file itself changes at once or not."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_USUAL = ("sensible-editor", "nano", "vim", "vi")


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


class Copy:
    """A copy of a record's file in a folder of its own, to be edited. It lies beside the file of the
    `state`, where there is one, for its owner's eyes alone: what was typed into it outlasts a crash,
    and the machine's next start."""

    def __init__(self, name: str, data: bytes, state: str | None = None) -> None:
        self._folder = _folder(state)
        self.path = Path(self._folder, os.path.basename(name))
        with open(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)

    def edit(self, command: list[str]) -> str:
        """Run the editor until it ends; return why it could not, or an empty text."""
        try:
            code = subprocess.run([*command, self.path], check=False).returncode
        except OSError as error:
            return f"{command[0]} could not be started ({error.strerror}). Set $EDITOR."
        return f"{command[0]} ended with {code}; nothing was changed." if code else ""

    def read(self) -> bytes:
        """Return what the editor left; raises OSError."""
        return self.path.read_bytes()

    def remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _folder(state: str | None) -> str:
    """Make a new folder: in the state folder, or where that cannot be written a temporary one."""
    if state is not None:
        with suppress(OSError):
            below = Path(state).parent / "edited"
            below.mkdir(mode=0o700, exist_ok=True)
            return tempfile.mkdtemp(prefix="", dir=below)
    return tempfile.mkdtemp(prefix="reader-")
