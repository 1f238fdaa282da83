"""The settings file as text: read as it is, one value of it changed and no byte beside that, and
written whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from reader.config import MAX_CONFIG

BOM = "\ufeff"


class NotWritten(Exception):  # noqa: N818  # its name says enough
    """The file is as it was; `str` says why, without a full stop."""


def read(file: Path) -> str:
    """Return the text as it is, with its line ends and a BOM; empty when there is no file. Raises
    OSError and UnicodeDecodeError."""
    try:
        with open(file, "rb") as stream:
            data = stream.read(MAX_CONFIG + 1)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    if len(data) > MAX_CONFIG:
        raise OSError(errno.EFBIG, "it is over 1 MiB, which no settings file is")
    return data.decode("utf-8")


def read_to_change(file: Path) -> str:
    """Return the text as `read` does. Raises NotWritten where it cannot be changed."""
    try:
        return read(file)
    except UnicodeDecodeError:
        raise NotWritten(f"{file} is not UTF-8: save it as UTF-8 first") from None
    except OSError as error:
        raise NotWritten(f"{file} cannot be read: {error.strerror or error}") from None


def tables(text: str) -> dict[str, Any] | None:
    """Return what a text says; None where it is not TOML."""
    import tomllib  # here: most people have no settings file

    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return None


def set_text(file: Path, name: str, value: str) -> int:
    """Set a key that is in no table to a text; return its line, from 1. Raises NotWritten."""
    whole = read_to_change(file)
    mark = BOM if whole.startswith(BOM) else ""
    text = whole.removeprefix(BOM)
    values = tables(text)
    if values is None:
        raise NotWritten(f"{file} is not TOML: mend it first (`reader config check` says where)")
    changed, at = _with_text(text, name, value)
    if tables(changed) != values | {name: value}:
        raise NotWritten(f"`{name}` in {file} is written so that only an editor can change it")
    if changed != text:
        write(file, whole, mark + changed)
    return changed.count("\n", 0, at) + 1


def _with_text(text: str, name: str, value: str) -> tuple[str, int]:
    """Return the text with the key, and where its line begins: where it is, else under a comment
    that shows it, else after the keys that are in no table."""
    from .toml_blocks import Kind, lines_of, written

    newline = "\r\n" if "\r\n" in text else "\n"
    line = f"{name} = {written(value)}"
    shown = re.compile(rf"[ \t]*#[ \t]*{re.escape(name)}[ \t]*=")
    place: int | None = None
    last_key: int | None = None
    head = len(text)
    comment: int | None = None
    for each in lines_of(text):
        if each.kind in (Kind.TABLE, Kind.ENTRY):
            head = each.start if comment is None else comment
            break
        if each.kind is Kind.KEY:
            if each.name == name:
                start, end = each.value
                return text[:start] + written(value) + text[end:], each.start
            last_key = each.end
        if each.kind is Kind.COMMENT:
            comment = each.start if comment is None else comment
            if shown.match(text, each.start):
                place = each.end
        else:
            comment = None
    if place is None:
        place = last_key
    if place is not None:
        before, after = text[:place], text[place:]
        before += "" if before.endswith("\n") else newline
        return f"{before}{line}{newline}{after}", len(before)
    before, after = text[:head], text[head:]
    before += "" if not before or before.endswith("\n") else newline
    return f"{before}{line}{newline}{newline if after else ''}{after}", len(before)


def write(file: Path, before: str, after: str) -> None:
    """Put the new text in the file's place, whole or not at all; a symbolic link stays one. Raises
    NotWritten, too where the file is no longer as it was `before`."""
    real = os.path.realpath(file)
    folder = os.path.dirname(real)
    temp = None
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        descriptor, temp = tempfile.mkstemp(prefix=".config-", suffix=".tmp", dir=folder)
        with open(descriptor, "wb") as stream:
            stream.write(after.encode())
            stream.flush()
            if os.path.exists(real):
                os.fchmod(descriptor, os.stat(real).st_mode & 0o7777)
            else:
                umask = os.umask(0)
                os.umask(umask)
                os.fchmod(descriptor, 0o666 & ~umask)
            os.fsync(descriptor)
        if read(file) != before:
            raise NotWritten(f"{file} has just been changed by someone else: try again")
        os.replace(temp, real)
        temp = None
        _sync(folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise NotWritten(f"{file} cannot be written: {reason}") from None
    finally:
        if temp is not None:
            os.unlink(temp)


def _sync(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
