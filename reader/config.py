"""The settings file: which settings there are, and what is wrong with one."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_CONFIG = 1 << 20  # bytes

SETTINGS = {
    "collection": "a path in quotes: the folder (or file) that `reader` opens by itself",
    "exclude": 'a list of names or patterns to leave out, like ["drafts", "*.bak.md"]',
    "edit": "true or false: whether records may be edited at all",
    "reject": 'one of "mark" (in the file), "trash" and "archive": what becomes of a rejected one',
    "archive": "a folder inside the collection, in quotes: where rejected files go with archive",
}


@dataclass(frozen=True, slots=True)
class Config:
    """What the settings file says; the defaults are those of no file at all."""

    collection: Path | None = None
    """Absolute."""
    exclude: tuple[str, ...] = ()
    edit: bool = True
    reject: str = "mark"
    """`mark`, `trash` or `archive`."""
    archive: str = "_archive"
    """Relative to the collection."""


class ConfigError(Exception):
    """A settings file that cannot be used. `str` is one line: file, line, key, what is allowed."""

    def __init__(self, file: Path, reason: str, *, line: int = 0, key: str = "") -> None:
        self.file = file
        self.line = line  # counts from 1; 0: not known
        self.key = key
        self.reason = reason
        super().__init__(f"{file}:{line}: {reason}" if line else f"{file}: {reason}")


def load(file: Path) -> Config:
    """Return the settings of `file`; the defaults when there is no such file.

    Raises ConfigError.
    """
    text = _read(file)
    if not text.strip():
        return Config()
    import tomllib  # here: most people have no settings file

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column \d+\)|\(at end of document\)", str(error))
        reason = str(error)[: at.start()].strip() if at else str(error)
        line = int(at[1]) if at and at[1] else text.count("\n") + 1
        raise ConfigError(file, f"this is not TOML: {reason}.", line=line) from None
    except RecursionError:
        raise ConfigError(file, "this is nested too deeply to be settings.") from None
    for key in values:
        if key not in SETTINGS and key != "view":
            raise _error(file, text, key, _unknown(key))
    reject = _reject(file, text, values)
    archive = _archive(file, text, values)
    exclude = _exclude(file, text, values)
    if reject == "archive":
        exclude = (*exclude, archive)  # what lies there is no record of the collection any more
    return Config(
        collection=_collection(file, text, values),
        exclude=exclude,
        edit=_edit(file, text, values),
        reject=reject,
        archive=archive,
    )


def _read(file: Path) -> str:
    try:
        with open(file, "rb") as stream:
            data = stream.read(MAX_CONFIG + 1)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        reason = f"the settings cannot be read: {error.strerror or error}."
        raise ConfigError(file, reason) from None
    if len(data) > MAX_CONFIG:
        raise ConfigError(file, "this is over 1 MiB, which no settings file is.")
    try:
        # Editors on Windows write CRLF and a BOM; TOML knows the one and not the other.
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(file, "this is not UTF-8; save it as UTF-8.", line=line) from None


def _collection(file: Path, text: str, values: dict[str, Any]) -> Path | None:
    value = values.get("collection")
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise _error(file, text, "collection", f"“collection” has to be {SETTINGS['collection']}.")
    expanded = os.path.expanduser(value)
    if expanded.startswith("~"):
        reason = f"“collection”: there is no home folder for “{value.split('/')[0]}”."
        raise _error(file, text, "collection", reason)
    return Path(os.path.abspath(file.parent / expanded))


def _exclude(file: Path, text: str, values: dict[str, Any]) -> tuple[str, ...]:
    value = values.get("exclude", [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _error(file, text, "exclude", f"“exclude” has to be {SETTINGS['exclude']}.")
    return tuple(value)


def _edit(file: Path, text: str, values: dict[str, Any]) -> bool:
    value = values.get("edit", True)
    if not isinstance(value, bool):
        raise _error(file, text, "edit", f"“edit” has to be {SETTINGS['edit']}.")
    return value


def _reject(file: Path, text: str, values: dict[str, Any]) -> str:
    value = values.get("reject", "mark")
    if value not in ("mark", "trash", "archive"):
        raise _error(file, text, "reject", f"“reject” has to be {SETTINGS['reject']}.")
    return str(value)


def _archive(file: Path, text: str, values: dict[str, Any]) -> str:
    value = values.get("archive", "_archive")
    if not isinstance(value, str) or "\0" in value:
        raise _error(file, text, "archive", f"“archive” has to be {SETTINGS['archive']}.")
    path = os.path.normpath(value)
    if os.path.isabs(path) or path == "." or path.split(os.sep)[0] == "..":
        raise _error(file, text, "archive", f"“archive” has to be {SETTINGS['archive']}.")
    return path


def _unknown(key: str) -> str:
    import difflib  # here: only a mistake needs it

    near = difflib.get_close_matches(key, SETTINGS, n=1)
    meant = f"; did you mean “{near[0]}”?" if near else "."
    return f"“{key}” is no setting{meant} Settings: {', '.join(SETTINGS)}."


def _error(file: Path, text: str, key: str, reason: str) -> ConfigError:
    """TOML's parser keeps no places, so the key is looked for: as a key, or as a table's name."""
    name = re.escape(key)
    found = re.search(rf"""^[ \t]*\[*[ \t]*["']?{name}["']?[ \t]*[=.\]]""", text, re.MULTILINE)
    line = text.count("\n", 0, found.start()) + 1 if found else 0
    return ConfigError(file, reason, line=line, key=key)
