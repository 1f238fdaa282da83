"""Whether a path can be a collection, and where its index and state lie."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from .values import CollectionError


@dataclass(frozen=True, slots=True)
class Place:
    """A folder, or a single file in it; both real paths."""

    root: bytes
    single: bytes | None


def find(path: Path) -> Place:
    """Return the place a path names. Raises CollectionError with what is wrong and what to do."""
    given = os.fsencode(path)
    shown = _shown(os.fspath(path))
    try:
        real = os.path.realpath(given)
        mode = os.stat(real).st_mode
    except FileNotFoundError:
        raise CollectionError(
            f"{shown} does not exist. Name a folder of records, or one record's file."
        ) from None
    except PermissionError:
        raise CollectionError(
            f"{shown} may not be looked at (permission denied)."
            " Ask its owner, or open another folder."
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CollectionError(f"{shown} cannot be opened ({reason}). Check the path.") from None
    if stat.S_ISDIR(mode):
        if not os.access(real, os.R_OK | os.X_OK):
            raise CollectionError(
                f"{shown} may not be listed (permission denied)."
                " Ask its owner, or open another folder."
            )
        return Place(real, None)
    if stat.S_ISREG(mode):
        _check_record(real, shown)
        return Place(os.path.dirname(real), os.path.basename(real))
    raise CollectionError(
        f"{shown} is neither a folder nor a file. Name a folder of records, or one record's file."
    )


def data_file(folder: Path, root: bytes) -> str:
    """Return the path in `folder` of what belongs to the collection at `root`."""
    from hashlib import blake2b

    name = re.sub(r"[^a-z0-9]+", "-", os.fsdecode(os.path.basename(root)).lower()).strip("-")
    digest = blake2b(root, digest_size=8).hexdigest()
    return os.path.join(os.path.abspath(folder), f"{name[:40] or 'root'}-{digest}.sqlite")


def _check_record(path: bytes, shown: str) -> None:
    from reader.records.front_matter import why_no_record
    from reader.records.record import Problem

    from .files import read_file
    from .parsing import parse_bytes
    from .schema import SKIPPED

    data = read_file(os.path.dirname(path), os.path.basename(path))
    if data is None:
        raise CollectionError(f"{shown} has just gone. Look for it again.")
    if isinstance(data, Problem):
        raise CollectionError(f"{shown}: {data.reason}")
    if parse_bytes(data, os.path.basename(path))[0] == SKIPPED:
        raise CollectionError(
            f"{shown} is no record: {why_no_record(os.fsdecode(path))}"
            " Name a record's file, or the folder that holds the records."
        )


def _shown(path: str) -> str:
    from reader.records import text

    return text.encodable(text.clean(path))
