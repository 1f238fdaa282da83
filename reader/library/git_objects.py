"""Blobs, trees and index entries of a repository, as bytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .git_program import Git, GitError


@dataclass(frozen=True, slots=True)
class Blob:
    """A file of a commit or of the index."""

    mode: bytes
    oid: bytes

    @property
    def is_file(self) -> bool:
        """Whether it is a plain file: no symbolic link, no other repository."""
        return self.mode in (b"100644", b"100755")


@dataclass(frozen=True, slots=True)
class Difference:
    """A path at which two commits differ, or a commit and the disk; None for the side that has no
    such file, or of which git has no blob."""

    path: bytes
    old: Blob | None
    new: Blob | None


def differences(git: Git, old: bytes, new: bytes) -> list[Difference]:
    """Return what differs between two commits or trees, in the order of paths."""
    return _read(git.ask("compare two commits", "diff-tree", "-r", "-z", "--no-renames", old, new))


def differing_files(git: Git) -> list[Difference]:
    """Return how the files on the disk that git knows differ from the last commit, in the order of
    paths; some may turn out to be as they were."""
    return _read(git.ask("compare the files", "diff-index", "-z", "--no-renames", "HEAD"))


def _read(out: bytes) -> list[Difference]:
    fields = out.split(b"\0")[:-1]
    found = []
    for head, path in zip(fields[::2], fields[1::2], strict=True):
        old_mode, new_mode, old_oid, new_oid, _ = head[1:].split(b" ")
        found.append(Difference(path, _blob(old_mode, old_oid), _blob(new_mode, new_oid)))
    return found


def _blob(mode: bytes, oid: bytes) -> Blob | None:
    return Blob(mode, oid) if oid.strip(b"0") else None


def index_entries(git: Git, paths: Iterable[bytes]) -> dict[bytes, Blob | None]:
    """Return what the index holds at each of `paths`, from the top of the work tree."""
    found: dict[bytes, Blob | None] = dict.fromkeys(paths)
    for line in git.ask("read the index", "ls-files", "-s", "-z").split(b"\0")[:-1]:
        head, path = line.split(b"\t", 1)
        if path in found:
            mode, oid, _ = head.split(b" ")
            found[path] = Blob(mode, oid)
    return found


def index_lines(entries: dict[bytes, Blob | None], commit: bytes) -> bytes:
    """Return the input for `update-index -z --index-info` that makes the index hold `entries`;
    any `commit` of the repository tells how long its ids are."""
    absent = Blob(b"0", b"0" * len(commit))
    return b"".join(
        b"%b %b\t%b\0" % ((blob or absent).mode, (blob or absent).oid, path)
        for path, blob in entries.items()
    )


def read_blobs(git: Git, oids: Iterable[bytes]) -> dict[bytes, bytes]:
    """Return the bytes of each blob."""
    wanted = list(dict.fromkeys(oids))
    if not wanted:
        return {}
    data = b"".join(oid + b"\n" for oid in wanted)
    out = memoryview(git.ask("read a file's versions", "cat-file", "--batch", data=data))
    found = {}
    at = 0
    for oid in wanted:
        end = at + bytes(out[at : at + 200]).index(b"\n")
        head = bytes(out[at:end]).split(b" ")
        if len(head) != 3:
            raise GitError("git lacks a version of a file; run `git fsck` to see what is missing.")
        length = int(head[2])
        found[oid] = bytes(out[end + 1 : end + 1 + length])
        at = end + 1 + length + 1
    return found


def write_blob(git: Git, data: bytes) -> bytes:
    """Store `data` as it is and return its id."""
    return git.ask("store a file", "hash-object", "-w", "--stdin", data=data).strip()
