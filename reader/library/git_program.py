"""Running the git program: what every call has in common, and its errors in plain words."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reader.records.text import clean

from .values import never

TICK = 0.1  # seconds between two looks at `cancelled`
PATIENCE = 2.0  # seconds a git that was told to end has for it
SAID = 3  # lines of git's own, or paths, that an error repeats
SAID_LENGTH = 400  # characters of them

_ASTRAY = frozenset(
    (
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_COMMON_DIR",
        "GIT_INDEX_FILE",
        "GIT_PREFIX",
        "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_QUARANTINE_PATH",
        "GIT_NAMESPACE",
        "GIT_CONFIG",
        "GIT_CONFIG_PARAMETERS",
        "GIT_GRAFT_FILE",
        "GIT_SHALLOW_FILE",
        "GIT_ATTR_SOURCE",
        "GIT_NO_REPLACE_OBJECTS",
        "GIT_REPLACE_REF_BASE",
        "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_REFLOG_ACTION",
        "GIT_LITERAL_PATHSPECS",
        "GIT_GLOB_PATHSPECS",
        "GIT_NOGLOB_PATHSPECS",
        "GIT_ICASE_PATHSPECS",
        "GIT_EXTERNAL_DIFF",
        "GIT_DIFF_OPTS",
        "GIT_PAGER",
        "GIT_TRACE",
        "GIT_AUTHOR_DATE",
        "GIT_COMMITTER_DATE",
    )
)
"""Variables a hook of another repository leaves in the environment, and what changes answers."""

_ALWAYS = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_EDITOR": "true",
    "GIT_SEQUENCE_EDITOR": "true",
    "GIT_MERGE_AUTOEDIT": "no",
}

_SETTINGS = (
    "core.quotePath=false",
    "core.pager=cat",
    "color.ui=false",
    "column.ui=never",
    "advice.diverging=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "submodule.recurse=false",
)


class GitError(Exception):
    """What git could not do; the message is for the user, and says what to do."""


class NoGitError(GitError):
    """There is no git program, or the collection is not in a work tree."""


class CancelledError(GitError):
    """The caller ended it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one git process gave back."""

    code: int
    out: bytes
    said: str
    """Its last words on stderr, on one line, safe to show."""


def find_program() -> str:
    """Return the absolute path of the git program. Raises NoGit."""
    program = shutil.which("git")
    if program is None:
        raise NoGitError("git is not installed, or not in PATH. Install it to commit and sync.")
    return os.path.abspath(program)


class Git:
    """The git program at work in one folder."""

    def __init__(self, program: str, folder: bytes, can_prompt: bool, held: int | None = None):
        self.program = program
        self.folder = folder
        self.can_prompt = can_prompt
        self.held = held
        """An open file of a lock that stays held until the last git has ended, though the reader
        was killed before it."""

    def at(self, folder: bytes) -> Git:
        """Return the same for another folder."""
        return Git(self.program, folder, self.can_prompt, self.held)

    def holding(self, held: int) -> Git:
        """Return the same, holding the lock of the open file `held`."""
        return Git(self.program, self.folder, self.can_prompt, held)

    def run(
        self,
        *arguments: str | bytes,
        data: bytes | None = None,
        env: Mapping[str, str | bytes] | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> Answer:
        """Return the answer of `git arguments`, whatever its exit code; `data` is its stdin.

        The process has ended when this returns or raises. Raises CancelledError, and NoGitError
        when the program or the folder is gone.
        """
        command: list[str | bytes] = [self.program]
        for setting in _SETTINGS:
            command += ["-c", setting]
        with tempfile.TemporaryFile() as said:  # a pipe would stay open in what git leaves running
            try:
                process = subprocess.Popen(
                    [*command, *arguments],
                    cwd=self.folder,
                    env=self._environment(env or {}),
                    stdin=subprocess.DEVNULL if data is None else subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=said,
                    start_new_session=not self.can_prompt,
                    pass_fds=() if self.held is None else (self.held,),
                )
            except OSError as error:
                reason = clean(error.strerror or str(error))
                raise NoGitError(f"git cannot be run in the collection: {reason}.") from error
            try:
                out = _finish(process, data, cancelled)
            except BaseException:
                self._end(process)
                raise
            said.seek(0)
            return Answer(process.returncode, out, _last_lines(said.read()))

    def ask(
        self,
        aim: str,
        *arguments: str | bytes,
        data: bytes | None = None,
        env: Mapping[str, str | bytes] | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> bytes:
        """Return what git writes to stdout. Raises GitError “git could not `aim`: …”."""
        answer = self.run(*arguments, data=data, env=env, cancelled=cancelled)
        if answer.code != 0:
            raise failure(aim, answer)
        return answer.out

    def change(
        self,
        aim: str,
        *arguments: str | bytes,
        data: bytes | None = None,
        env: Mapping[str, str | bytes] | None = None,
    ) -> bytes:
        """Like `ask`, for what changes the index: waits a while for another git at work there."""
        give_up = time.monotonic() + PATIENCE
        while True:
            answer = self.run(*arguments, data=data, env=env)
            if answer.code == 0:
                return answer.out
            if ".lock'" not in answer.said:
                raise failure(aim, answer)
            if time.monotonic() > give_up:
                raise GitError(
                    f"git could not {aim}, because another git is at work here: {answer.said} "
                    "If there is none, remove that file."
                )
            time.sleep(TICK)

    def line(self, aim: str, *arguments: str | bytes) -> bytes:
        """Like `ask`, without the newline at the end."""
        return self.ask(aim, *arguments).removesuffix(b"\n")

    def _environment(self, more: Mapping[str, str | bytes]) -> dict[bytes, bytes]:
        env = {name: value for name, value in os.environ.items() if name not in _ASTRAY}
        env.update(_ALWAYS)
        if not self.can_prompt:
            env["GIT_TERMINAL_PROMPT"] = "0"
            env.pop("GPG_TTY", None)  # where a signing key's passphrase would be asked
        made = {os.fsencode(name): os.fsencode(value) for name, value in env.items()}
        made.update((os.fsencode(name), os.fsencode(value)) for name, value in more.items())
        return made

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """End git and what it has started, gently first: it removes its own lock files."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if self.can_prompt:
                    process.send_signal(number)
                else:
                    os.killpg(process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
                break
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        process.wait()


def failure(aim: str, answer: Answer) -> GitError:
    """Return the error that git could not `aim`, in git's own last words."""
    said = answer.said or f"it ended with code {answer.code}"
    return GitError(f"git could not {aim}: {said.rstrip('.')}.")


def shown(paths: Sequence[bytes]) -> str:
    """Return the first paths and the number of the others, safe to show."""
    names = [clean(path.decode("utf-8", "replace")) for path in paths[:SAID]]
    more = f" and {len(paths) - SAID} more" if len(paths) > SAID else ""
    return ", ".join(names) + more


def _finish(
    process: subprocess.Popen[bytes], data: bytes | None, cancelled: Callable[[], bool]
) -> bytes:
    while True:
        try:
            return process.communicate(data, None if cancelled is never else TICK)[0]
        except subprocess.TimeoutExpired:
            data = None
            if cancelled():
                raise CancelledError("Cancelled.") from None


def _last_lines(said: bytes) -> str:
    """Return git's reason, from where it gives up to the next blank line, else its last lines."""
    lines: list[str] = []
    has_reason = False
    for line in said.decode("utf-8", "replace").replace("\r", "\n").split("\n"):
        text = clean(line).strip()
        if text.startswith("fatal: ") and not has_reason:
            has_reason = True
            lines.clear()
        if not text and has_reason:
            break
        if text and not text.startswith(("hint:", "warning:")):
            for word in ("fatal: ", "error: ", "remote: "):
                text = text.removeprefix(word)
            lines.append(text.strip())
    return " ".join(lines[:SAID] if has_reason else lines[-SAID:])[:SAID_LENGTH]
