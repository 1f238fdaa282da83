"""The settings: what is set, by whom, and what is wrong with it.

An option beats a variable of the environment, which beats the file, which beats the default. What is
wrong is named and left out, and never keeps anyone from reading. The settings themselves are in
`table.py`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from .kinds import Entries, Entry, Refused, near
from .places import line_of, places
from .table import SETTINGS, Setting

T = TypeVar("T")

MAX_CONFIG = 1 << 20  # bytes
MAX_DOTS = 100  # in a key
MAX_WRONG = 50
"""So many mistakes are told; a file with more is no settings file."""
DEFAULT = "default"
FROM_FILE, FROM_ENVIRONMENT, FROM_OPTION = "file", "environment", "option"
FALLBACK = "fallback"
"""The source of the default, or of the safe value, that holds because what was set is wrong."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something wrong with the settings. `str` is one line: where, which key, what is allowed."""

    where: str
    """`FILE:LINE`, `FILE`, `$VARIABLE` or `--option`."""
    key: str
    reason: str
    """A sentence."""
    line: int = 0
    """Counts from 1; 0: it has none."""
    meant: str = ""
    """The setting that an unknown key most likely stands for."""
    is_warning: bool = False
    """Whether it is only worth knowing: nothing was left out for it."""

    def __str__(self) -> str:
        return f"{self.where}: {'warning: ' if self.is_warning else ''}{self.reason}"


def in_a_line(wrong: Sequence[Wrong], *, short: bool = False) -> str:
    """Return one line for what is wrong with the settings; `short` leaves the file's folder out, and
    counts warnings apart."""
    count, first = len(wrong), wrong[0]
    if not short:
        return f"{first}{f' And {count - 1} more: `reader config check`.' if count > 1 else ''}"
    said = str(replace(first, where=os.path.basename(first.where)))
    if count == 1:
        return said
    warnings = sum(each.is_warning for each in wrong)
    errors = count - warnings
    counted = [f"{errors} setting{'s are' if errors > 1 else ' is'} wrong"] if errors else []
    counted += [f"{warnings} warning{'s' if warnings > 1 else ''}"] if warnings else []
    # The numbers first: what comes after them may be cut off.
    return f"{', '.join(counted)} (`reader config check`). {said}"


@dataclass(frozen=True, slots=True)
class Value:
    """What a setting is, and who says so."""

    value: Any
    source: str
    """`default`, `file`, `environment`, `option` or `fallback`."""
    where: str = ""
    """`FILE:LINE`, `$VARIABLE` or `--option`; of a fallback, where the mistake is."""


class Config:
    """The settings: `chosen[table.EDIT]`. Without arguments, those of no file at all."""

    def __init__(
        self,
        values: Mapping[str, Value] | None = None,
        wrong: Sequence[Wrong] = (),
        file: Path | None = None,
        read: bool = False,
    ) -> None:
        self._values = dict(values or {})
        self.wrong = tuple(wrong)
        """All that is wrong, in the order of the file."""
        self.file = file
        self.read = read
        """Whether there is a file."""

    def __getitem__(self, setting: Setting[T]) -> T:
        value: T = self.value(setting).value
        return value

    def value(self, setting: Setting[Any]) -> Value:
        """Return what a setting is, and who says so."""
        found = self._values.get(setting.name)
        if found is not None:
            return found
        wrong = self.wrong_of(setting)
        if wrong is not None:
            return Value(setting.default, FALLBACK, wrong.where)
        return Value(setting.default, DEFAULT)

    def __iter__(self) -> Iterator[tuple[Setting[Any], Value]]:
        return ((setting, self.value(setting)) for setting in SETTINGS.values())

    def wrong_of(self, setting: Setting[Any]) -> Wrong | None:
        """Return what is wrong with a setting, or with the file as a whole, if anything is."""
        names = (setting.name, "")
        named = (each for each in self.wrong if each.key in names or each.meant == setting.name)
        return next(named, None)

    def changed(self, setting: Setting[T], value: T, where: str) -> Config:
        """Return these settings with one set by an option."""
        values = {**self._values, setting.name: Value(value, FROM_OPTION, where)}
        return Config(values, self.wrong, self.file, self.read)


def load(file: Path, given: Sequence[str] = (), environ: Mapping[str, str] | None = None) -> Config:
    """Return the settings of the file (if there is one), the environment and the options `given`,
    each `NAME=VALUE`. Raises nothing: what is wrong stands in `wrong`."""
    source = _File(file)
    values, wrong = source.values, source.wrong
    environ = os.environ if environ is None else environ
    here = Path(os.curdir)
    for setting in SETTINGS.values():
        text = environ.get(setting.variable) if setting.variable else None
        if text:
            where = f"${setting.variable}"
            _take(setting, setting.kind.read(text), FROM_ENVIRONMENT, where, here, values, wrong)
    named = set[str]()
    for each in given:
        name, equals, text = each.partition("=")
        found = SETTINGS.get(name.strip())
        if not equals:
            reason = f"“{each}” has to be NAME=VALUE, like edit=false."
            wrong.append(Wrong("--setting", name, reason))
        elif found is None:
            wrong.append(_unknown(name.strip(), "--setting"))
        elif isinstance(found.kind, Entries):
            wrong.append(Wrong("--setting", name, f"“{name}” can only be set in the file."))
        elif found.name in named:
            wrong.append(Wrong("--setting", name, f"“{found.name}” is given twice."))
        else:
            named.add(found.name)
            _take(found, found.kind.read(text), FROM_OPTION, "--setting", here, values, wrong)
    return Config(values, wrong, file, source.is_there)


OTHER_VARIABLES = (
    *("READER_CONFIG", "READER_CACHE_DIR", "READER_STATE_DIR", "READER_DATA_DIR", "READER_DEBUG"),
    *("READER_CORPUS", "READER_BENCH_DIR", "READER_MATRIX", "READER_HOSTILE", "READER_PICTURES"),
    "READER_KILLS",
)
"""Variables that are no settings: where things lie, and those of the reader's own tests."""


def unknown_variables(environ: Mapping[str, str] | None = None) -> list[Wrong]:
    """Return what looks like a variable of the reader and is none, each with the nearest."""
    known = [each.variable for each in SETTINGS.values() if each.variable]
    known += OTHER_VARIABLES
    found: list[Wrong] = []
    for name in sorted(os.environ if environ is None else environ):
        if name.startswith("READER_") and name not in known:
            hint = near(name, known, fold=False) or "."
            reason = f"“{name[:60]}” is no variable of the reader{hint}"
            found.append(Wrong(f"${name[:60]}", "", reason, is_warning=True))
    return found


def _unknown(name: str, where: str, line: int = 0) -> Wrong:
    """Return what to say of a setting that there is not, with the nearest that there is."""
    hint = near(name, tuple(SETTINGS))
    meant = hint.partition("“")[2].partition("”")[0]
    short = name if len(name) <= 60 else name[:59] + "…"
    reason = f"“{short}” is no setting{hint or '.'} `reader config` lists them."
    return Wrong(where, name, reason, line, meant)


def _take(
    setting: Setting[Any],
    value: object,
    source: str,
    where: str,
    base: Path,
    values: dict[str, Value],
    wrong: list[Wrong],
    line: int = 0,
) -> None:
    """Take a value, or note what is wrong with it; what protects is then as safe as can be."""
    try:
        values[setting.name] = Value(setting.kind.check(value, base), source, where)
    except Refused as refused:
        why = str(refused)
        if not why.startswith(":"):
            why = f" has to be {setting.kind.allowed}{why or '.'}"
        wrong.append(Wrong(where, setting.name, f"“{setting.name}”{why}", line))
        if setting.safe is not None:
            values[setting.name] = Value(setting.safe, FALLBACK, where)


class _File:
    """What the settings file says."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.values: dict[str, Value] = {}
        self.wrong: list[Wrong] = []
        self.is_there = True
        self._text = self._read()
        if self._text.strip():
            self._parse()
        self.wrong.sort(key=lambda each: each.line)

    @cached_property
    def _places(self) -> dict[tuple[str | int, ...], int]:
        return places(self._text)

    def _where(self, line: int) -> str:
        return f"{self.file}:{line}" if line else str(self.file)

    def _refuse(self, reason: str, line: int = 0, text: str | None = None) -> None:
        """The file as a whole cannot be used: what it may have protected, it protects."""
        self.wrong.append(Wrong(self._where(line), "", reason, line))
        for setting in SETTINGS.values():
            last = setting.name.rpartition(".")[2]
            if setting.safe is not None and (text is None or re.search(rf"\b{last}\b", text)):
                self.values[setting.name] = Value(setting.safe, FALLBACK, self._where(line))

    def _read(self) -> str:
        try:
            with open(self.file, "rb") as stream:
                data = stream.read(MAX_CONFIG + 1)
        except (FileNotFoundError, NotADirectoryError):
            self.is_there = False
            return ""
        except (OSError, ValueError) as error:
            said = getattr(error, "strerror", None) or error
            self._refuse(f"the settings cannot be read: {said}.")
            return ""
        if len(data) > MAX_CONFIG:
            self._refuse("this is over 1 MiB, which no settings file is.")
            return ""
        try:
            # Editors on Windows write CRLF and a BOM; TOML knows the one and not the other.
            return data.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self._refuse(
                "this is not UTF-8; save it as UTF-8.", line, data.decode("utf-8", "replace")
            )
            return ""

    def _parse(self) -> None:
        import tomllib  # here: most people have no settings file

        text = self._text
        try:
            if any(line.partition("=")[0].count(".") > MAX_DOTS for line in text.split("\n")):
                raise RecursionError  # the parser takes the square of their number
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"\(at line (\d+), column \d+\)|\(at end of document\)", str(error))
            reason = str(error)[: at.start()].strip() if at else str(error)
            line = int(at[1]) if at and at[1] else text.count("\n") + 1
            self._refuse(f"this is not TOML: {reason}.", line, text)
        except RecursionError:
            self._refuse("this is nested too deeply to be settings.", 0, text)
        except ValueError as error:  # a number of thousands of digits
            self._refuse(f"this is not TOML: {error}.", 0, text)
        else:
            self._take_all(values, ())

    def _take_all(self, table: dict[str, Any], at: tuple[str, ...]) -> None:
        for key, value in table.items():
            if len(self.wrong) > MAX_WRONG:
                return
            path = (*at, key)
            name = ".".join(path)
            setting = SETTINGS.get(name)
            if setting is not None and isinstance(setting.kind, Entries):
                self._take_entries(setting, setting.kind, value, path)
            elif setting is not None:
                line = line_of(path, self._places)
                where, base = self._where(line), self.file.parent
                _take(setting, value, FROM_FILE, where, base, self.values, self.wrong, line)
            elif not any(each.startswith(f"{name}.") for each in SETTINGS):
                self._take_unknown(path)
            elif isinstance(value, dict):
                self._take_all(value, path)
            else:
                self._note(path, f"“{name}” is a table of settings: [{name}].")

    def _take_unknown(self, path: tuple[str, ...]) -> None:
        """A mistyped name of what protects counts as that setting with a wrong value."""
        if len(self.wrong) == MAX_WRONG:
            self._refuse(f"more than {MAX_WRONG} things are wrong; is this a settings file?")
            return
        line = line_of(path, self._places)
        wrong = _unknown(".".join(path), self._where(line), line)
        self.wrong.append(wrong)
        meant = SETTINGS.get(wrong.meant)
        if meant is not None and meant.safe is not None:
            self.values[meant.name] = Value(meant.safe, FALLBACK, wrong.where)

    def _note(self, path: tuple[str, ...], reason: str) -> None:
        line = line_of(path, self._places)
        self.wrong.append(Wrong(self._where(line), ".".join(path), reason, line))

    def _take_entries(
        self, setting: Setting[Any], kind: Entries, value: object, path: tuple[str, ...]
    ) -> None:
        entries: list[Entry] = []
        if kind.several and isinstance(value, list) and all(isinstance(e, dict) for e in value):
            for index, each in enumerate(value):
                inner = {key: self._at((*path, index, key)) for key in each}
                entries.append(Entry(str(index), each, self._at((*path, index)), inner))
        elif not kind.several and isinstance(value, dict):
            entries = list(self._flat(value, path))
        else:
            self._note(path, f"“{setting.name}” has to be {kind.allowed}.")
            return
        if entries:
            self.values[setting.name] = Value(tuple(entries), FROM_FILE, self._at(path))

    def _flat(self, table: dict[str, Any], at: tuple[str, ...]) -> Iterator[Entry]:
        """The entries of an open table: `decide.publish` may be written with quotes or without.
        A setting of the table's own, like `keys.preset`, is taken as what it is."""
        for key, value in table.items():
            path = (*at, key)
            if ".".join(path) in SETTINGS:
                self._take_all({key: value}, at)
            elif isinstance(value, dict) and len(path) < 5:
                yield from self._flat(value, path)
            else:
                yield Entry(".".join(path[1:]), value, self._at(path), {})

    def _at(self, path: tuple[str | int, ...]) -> str:
        return self._where(line_of(path, self._places))


__all__ = ["Config", "Entry", "Value", "Wrong", "in_a_line", "load", "near"]
