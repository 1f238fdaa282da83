"""What the tests against real git share: a repository with a bare remote, and two clones of it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

RECORD = b"""\
---
title: Record
excerpt: Short
webUrl: https://example.org/NAME
quality: 1
heat: 2
published: false
topics:
  - AI
secured: "c2VjcmV0;aXY="
---
The body.
"""
NAMES = tuple(f"_news/{number:02}.md" for number in range(12))


def isolate(patch: pytest.MonkeyPatch) -> None:
    """Let only the settings of these tests be, whatever the user's are."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        patch.delenv(name)
    patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for who in ("AUTHOR", "COMMITTER"):
        patch.setenv(f"GIT_{who}_NAME", "An Editor")
        patch.setenv(f"GIT_{who}_EMAIL", "editor@example.org")


class Checkout:
    """A work tree, its files, and a way to run git in it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            check=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
        )
        return done.stdout.decode("utf-8", "backslashreplace").rstrip("\n")

    def read(self, name: str) -> bytes:
        return (self.path / name).read_bytes()

    def change(self, name: str, old: bytes, new: bytes) -> None:
        data = self.read(name)
        assert data.count(old) == 1
        (self.path / name).write_bytes(data.replace(old, new))

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", "change")

    def push(self) -> None:
        self.commit()
        self.git("push", "-q")

    def committed(self) -> list[str]:
        """What the last commit changed: a letter and the path."""
        shown = self.git("show", "--format=", "--name-status", "--no-renames")
        return [line.replace("\t", " ") for line in shown.split("\n")]

    def status(self) -> list[str]:
        return [line for line in self.git("status", "--porcelain", "-uall").split("\n") if line]


def prepare(folder: Path) -> None:
    """Write the bare repository `remote.git` and its clones `here` and `there`."""
    folder.mkdir(exist_ok=True)
    outer = Checkout(folder)
    outer.git("init", "-q", "--bare", "--template=", "-b", "main", "remote.git")
    outer.git("init", "-q", "--template=", "-b", "main", "here")
    first = Checkout(folder / "here")
    for name in NAMES:
        path = first.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(RECORD.replace(b"NAME", path.stem.encode()))
    first.commit()
    first.git("remote", "add", "origin", "../remote.git")
    first.git("push", "-qu", "origin", "main")
    shutil.copytree(folder / "here", folder / "there")


def copied(template: Path, folder: Path) -> tuple[Checkout, Checkout]:
    """Copy what `prepare` wrote; return both clones."""
    for name in ("remote.git", "here", "there"):
        shutil.copytree(template / name, folder / name)
    return Checkout(folder / "here"), Checkout(folder / "there")
