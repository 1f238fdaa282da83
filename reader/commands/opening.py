"""Which collection a command works on, opened and brought up to date."""

from __future__ import annotations

import contextlib
import os
import re
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reader import config, paths
from reader.config import table

from . import FAILED, USAGE, CommandError
from .output import ProgressLine, note

if TYPE_CHECKING:
    from reader.library.collection import Collection, Progress, Summary

MAX_LOOKED_AT = 4000  # files and folders, when looking whether a folder holds records
MAX_SECONDS = 0.2
MAX_DEPTH = 2  # folders below it; a program that carries records deep inside is no collection
_ENDINGS = (".md", ".markdown", ".mdx", ".html", ".txt")
_YAML_ENDINGS = (".yaml", ".yml")
MAX_YAML = 1 << 16  # bytes of a YAML file that is looked into
_SKIPPED = frozenset(("_site", "_data", "node_modules", "vendor"))
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True, slots=True)
class Choice:
    """A collection to open, and what to tell the user about why it is this one."""

    path: Path
    notice: str = ""


def add_collection(parser: ArgumentParser, *, positional: bool = True) -> None:
    """Add how a collection is given: PATH where there is nothing else to name, and -C always."""
    if positional:
        parser.add_argument(
            "path", nargs="?", metavar="PATH", help="the collection: a folder or file"
        )
    parser.add_argument(
        "-C", "--collection", metavar="PATH", help="the collection, where you do not stand in it"
    )
    parser.add_argument(
        "--no-refresh", action="store_true", help="use the index as it is; do not look at the disk"
    )


def settings(args: Namespace, *, to_edit: bool = False) -> config.Config:
    """Return the settings; what is wrong with them is told on standard error, and left out.

    Raises CommandError where an option is wrong, or, `to_edit`, what governs edits.
    """
    earlier: config.Config | None = getattr(args, "loaded", None)
    chosen = earlier or config.load(paths.config_file(), getattr(args, "setting", None) or ())
    if getattr(args, "read_only", False):
        chosen = chosen.changed(table.EDIT, False, "--read-only")
    args.loaded = chosen
    governing = [each for each in table.SETTINGS.values() if each.governs_edits]
    for wrong in chosen.wrong:
        if wrong.where.startswith("-"):
            raise CommandError(str(wrong), USAGE)
    if to_edit:
        for setting in governing:
            if (found := chosen.wrong_of(setting)) is not None:
                raise CommandError(f"{found} Nothing was done.", USAGE)
    if chosen.wrong and earlier is None:
        note(config.in_a_line(all_wrong(args, chosen)))
    return chosen


def all_wrong(args: Namespace, chosen: config.Config) -> Sequence[config.Wrong]:
    """Return all that is wrong with the settings, with what only those above the commands know (the
    keys), where the command line has handed that on."""
    look: Callable[[config.Config], Sequence[config.Wrong]] | None = getattr(args, "look", None)
    return chosen.wrong if look is None else look(chosen)


def given_path(args: Namespace) -> str | None:
    """Return the collection named on the command line, by PATH or by -C."""
    path, option = getattr(args, "path", None), args.collection
    if path is not None and option is not None:
        raise CommandError("the collection is given twice: PATH and -C. Give it once.", USAGE)
    given = option if path is None else path
    if given == "":
        raise CommandError("the collection's PATH is empty; `.` is the current folder.", USAGE)
    if given is not None and "\0" in given:
        raise CommandError("a path cannot hold a NUL character.", USAGE)
    return given


def choose(given: str | None, chosen: config.Config, *, lenient: bool = False) -> Choice:
    """Return the collection given, else the configured one, else the current folder when it
    holds records, else the sample.

    Raises CommandError where the configured one cannot be known; not when `lenient`."""
    if given is not None:
        return Choice(Path(given))
    usual = _usual(chosen, lenient=lenient)
    if usual is not None:
        return Choice(usual)
    from reader.library.sample import opened_sample

    return Choice(
        opened_sample(),
        "this is the built-in sample; `reader FOLDER` opens your own.",
    )


def _usual(chosen: config.Config, *, lenient: bool = False) -> Path | None:
    folder = chosen[table.COLLECTION]
    if folder is not None:
        if not os.path.lexists(folder):
            where = chosen.value(table.COLLECTION).where
            raise CommandError(
                f"{folder} does not exist; it is the `collection` of {where}."
                " Change it there, or name another on the command line.",
                USAGE,
            )
        return folder
    wrong = chosen.wrong_of(table.COLLECTION)
    if wrong is not None and not lenient:
        raise CommandError(
            "which collection is meant cannot be known. Mend the settings, or name it: -C PATH.",
            USAGE,
        )
    try:
        here = Path.cwd()
    except OSError:  # the current folder has been removed
        return None
    return here if holds_records(here) else None


def holds_records(folder: Path) -> bool:
    """Return whether a record is found in the folder or a little below it.

    A cheap look, never a scan: it ends at the first file of a record's kind that begins with
    `---`, or small YAML file that is a record, after some thousand names, or after a fifth of a second.
    """
    deadline = time.monotonic() + MAX_SECONDS
    left = MAX_LOOKED_AT
    level = [str(folder)]
    for _ in range(MAX_DEPTH + 1):
        below: list[str] = []
        for each in level:
            try:
                with os.scandir(each) as entries:
                    for entry in entries:
                        left -= 1
                        if left < 0 or time.monotonic() > deadline:
                            return False
                        if entry.name.startswith(".") or entry.name in _SKIPPED:
                            continue
                        if entry.is_dir(follow_symlinks=False):
                            below.append(entry.path)
                        elif _is_record(entry):
                            return True
            except OSError:
                continue
        level = below
    return False


def _is_record(entry: os.DirEntry[str]) -> bool:
    name = entry.name.lower()
    if name.endswith(_ENDINGS):
        start = _start(entry, 8)
        return start.removeprefix(b"\xef\xbb\xbf").startswith((b"---\n", b"---\r", b"--- "))
    if name.endswith(_YAML_ENDINGS):
        data = _start(entry, MAX_YAML + 1)
        if 0 < len(data) <= MAX_YAML:
            from reader.records.front_matter import read_record
            from reader.records.record import Record

            return isinstance(read_record(data, entry.name), Record)
    return False


def _start(entry: os.DirEntry[str], size: int) -> bytes:
    """Return the first bytes of a regular file; nothing where it cannot be read."""
    if not entry.is_file(follow_symlinks=False):
        return b""
    try:
        # Not blocking: it may have become a pipe since it was listed.
        file = os.open(entry.path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        return os.read(file, size)
    except OSError:
        return b""
    finally:
        os.close(file)


def open_at(path: Path, chosen: config.Config) -> Collection:
    """Open a collection with the user's settings and folders. Raises CommandError."""
    from reader.library.collection import Collection, CollectionError

    try:
        return Collection.open(
            path,
            exclude=excluded(chosen),
            cache_dir=paths.cache_dir(),
            state_dir=paths.state_dir(),
        )
    except CollectionError as error:
        raise CommandError(str(error), FAILED) from None


def excluded(chosen: config.Config) -> tuple[str, ...]:
    """Return what is no part of a collection, with the folder of what was rejected."""
    if chosen[table.REJECT] == "archive":
        return (*chosen[table.EXCLUDE], chosen[table.ARCHIVE])
    return chosen[table.EXCLUDE]


@contextlib.contextmanager
def opened(choice: Choice, args: Namespace, chosen: config.Config) -> Iterator[Collection]:
    """Open a collection, bring its index up to date unless told not to, and close it after."""
    if choice.notice:
        note(choice.notice)
    collection = open_at(choice.path, chosen)
    try:
        if not getattr(args, "no_refresh", False) or not collection.is_indexed:
            refresh(collection)
        told = len(collection.notices)
        for notice in collection.notices:
            note(notice)
        yield collection
        for notice in collection.notices[told:]:
            note(notice)
    finally:
        collection.close()


@contextlib.contextmanager
def opened_from(args: Namespace) -> Iterator[Collection]:
    """Open the collection that the arguments name, or the usual one, brought up to date."""
    chosen = settings(args)
    with opened(choose(given_path(args), chosen), args, chosen) as collection:
        yield collection


def refresh(collection: Collection, *, rebuild: bool = False) -> Summary:
    """Bring the index up to date, with a line on the terminal when that takes a while.

    Raises CommandError when the collection's folder cannot be listed.
    """
    line = ProgressLine()
    begun = time.monotonic()

    def show(progress: Progress) -> None:
        if time.monotonic() - begun > 0.3 and not progress.finished:
            line.update(progress.done, progress.total)

    try:
        return collection.reconcile(show, rebuild=rebuild)
    except OSError as error:
        raise CommandError(
            f"{collection.root} cannot be read: {error.strerror or error}.", FAILED
        ) from None
    finally:
        line.clear()


@contextlib.contextmanager
def opened_with(names: list[str], args: Namespace) -> Iterator[Collection]:
    """Open the collection that holds the records called `names`.

    That is the one of -C; else the usual one, unless the first name is a file that it does not
    hold: then that file by itself.
    """
    chosen = settings(args)
    given = given_path(args)
    file = names[0] if given is None and os.path.isfile(names[0]) else None
    usual = _usual(chosen) if file is not None else None
    within = None if file is None or usual is None else inside(usual, file)
    with contextlib.ExitStack() as stack:
        if file is None:
            choice = choose(given, chosen)
        else:
            choice = Choice(usual if within is not None and usual is not None else Path(file))
        collection = stack.enter_context(opened(choice, args, chosen))
        if file is not None and within is not None and collection.id_of_path(within) is None:
            alone = Choice(Path(file))  # the collection leaves it out
            collection = stack.enter_context(opened(alone, args, chosen))
        yield collection


def find(collection: Collection, name: str, *, prefer_inside: bool) -> int:
    """Return the id of the record called `name`: its URL, its file, or its path inside the
    collection (before a file of that name elsewhere, with `prefer_inside`).

    Raises CommandError when the collection holds no such record.
    """
    found: int | None
    if _URL.match(name):
        found = collection.id_of_url(name)
        if found is None:
            raise CommandError(f"{collection.root} holds no record with the URL {name}.", FAILED)
        return found
    if "\0" in name or not name:
        raise CommandError("a record is named by its file, its path or its URL.", USAGE)
    within = os.path.normpath(name)
    on_disk = inside(collection.root, name) if os.path.lexists(name) else None
    candidates = [within, on_disk] if prefer_inside else [on_disk, within]
    for path in candidates:
        if path is not None:
            found = collection.id_of_path(path)
            if found is not None:
                return found
    if os.path.isdir(name):
        raise CommandError(
            f"{name} is a folder; name a record's file, path or URL, and a collection with -C.",
            FAILED,
        )
    if os.path.lexists(name):
        raise CommandError(f"{name} is no record of the collection {collection.root}.", FAILED)
    raise CommandError(
        f"there is no record {name}, neither as a file nor in {collection.root}."
        " `reader list` names them; -C PATH chooses another collection.",
        FAILED,
    )


def inside(root: Path, name: str) -> str | None:
    """Return the path of the file `name` relative to the folder `root`, or None when it lies
    elsewhere. Links in its folders are followed; the file itself may be one."""
    folder, file = os.path.split(os.path.abspath(name))
    full = os.path.join(os.path.realpath(folder), file)
    base = os.path.realpath(root)
    if full == base:  # a collection of one file
        return file
    prefix = base if base.endswith("/") else base + "/"
    return full[len(prefix) :] if full.startswith(prefix) else None
