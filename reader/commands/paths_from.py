"""`--paths-from`: records named by another program, in a file or through a pipe."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace, _ArgumentGroup
from typing import TYPE_CHECKING

from . import FAILED, USAGE, CommandError
from .output import note

if TYPE_CHECKING:
    from reader.library.collection import Collection

MAX_BYTES = 256 << 20
_SHOWN = 3  # paths that are named when they are no records


def add_paths_from(parser: ArgumentParser | _ArgumentGroup) -> None:
    """Add --paths-from."""
    parser.add_argument(
        "--paths-from",
        metavar="FILE",
        help="only the records named in FILE, - for the input: files, paths or URLs, one a line or"
        " with a NUL after each",
    )


def paths_from(collection: Collection, args: Namespace) -> list[int] | None:
    """Return the ids of the records that --paths-from names, each once, in the order given; None
    where it was not given. What is no record of the collection is told and left out.

    Raises CommandError: the file cannot be read, or none of what it names is a record.
    """
    if args.paths_from is None:
        return None
    names = _names(_read(args.paths_from))
    ids: dict[int, None] = {}
    unknown: list[str] = []
    for name in names:
        found = _id(collection, name)
        if found is None:
            unknown.append(name)
        else:
            ids[found] = None
    if unknown:
        shown = ", ".join(unknown[:_SHOWN]) + (", …" if len(unknown) > _SHOWN else "")
        if not ids:
            raise CommandError(f"nothing named is a record of {collection.root}: {shown}.", FAILED)
        said = "is no record" if len(unknown) == 1 else "are no records"
        note(f"{len(unknown):,} of {len(names):,} named {said} of this collection: {shown}")
    return list(ids)


def _id(collection: Collection, name: str) -> int | None:
    """As a record is named anywhere else, but quietly and without another look at the disk for
    what is named as the collection names it."""
    from .opening import find

    found = collection.id_of_path(os.path.normpath(name))
    if found is not None:
        return found
    try:
        return find(collection, name, prefer_inside=True)
    except CommandError:
        return None


def _read(file: str) -> bytes:
    if file == "-":
        if sys.stdin is None:
            raise CommandError("--paths-from -: there is no input.", USAGE)
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    elif not file:
        raise CommandError("--paths-from is empty; name a file, or - for the input.", USAGE)
    else:
        try:
            with open(file, "rb") as stream:
                data = stream.read(MAX_BYTES + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise CommandError(f"--paths-from {file}: {reason}.", FAILED) from None
    if len(data) > MAX_BYTES:
        raise CommandError("--paths-from: this is over 256 MiB of paths.", FAILED)
    return data


def _names(data: bytes) -> list[str]:
    """A NUL anywhere means that NULs stand between them, as in `git diff -z` and `find -print0`."""
    parts = data.split(b"\0") if b"\0" in data else data.splitlines()
    return [os.fsdecode(part) for part in parts if part]
