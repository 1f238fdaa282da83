"""What a setting's value may be: a kind checks a value of the file, and reads one written as text."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")


class Refused(Exception):  # noqa: N818  # the value is refused
    """A value that is not allowed; `str` is a reason of its own, or empty where what is allowed
    says it all."""


class Kind(Generic[T]):
    """A kind of value. `allowed` says in words what it may be."""

    allowed: str
    choice: str = ""
    """What the default file says of it beside what the setting is for, where an example of it does
    not: a sentence, or nothing."""

    def check(self, value: object, base: Path) -> T:
        """Return the value of a TOML value; paths are relative to `base`. Raises Refused."""
        raise NotImplementedError  # each kind has its own

    def read(self, text: str) -> object:
        """Return the TOML value that the text of a variable or an option stands for."""
        return text

    def toml(self, value: T) -> str:
        """Return the value as it is written in the file."""
        raise NotImplementedError  # each kind has its own


class Switch(Kind[bool]):
    """True or false."""

    allowed = "true or false"
    _words = {  # noqa: RUF012  # a constant
        **dict.fromkeys(("true", "yes", "on", "1"), True),
        **dict.fromkeys(("false", "no", "off", "0"), False),
    }

    def check(self, value: object, base: Path) -> bool:
        if not isinstance(value, bool):
            raise Refused
        return value

    def read(self, text: str) -> object:
        return self._words.get(text.strip().lower(), text)

    def toml(self, value: bool) -> str:
        return "true" if value else "false"


class OneOf(Kind[str]):
    """One of some words."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.allowed = f"one of {', '.join(map(quoted, words))}"
        self.choice = f"One of {', '.join(map(quoted, words))}."

    def check(self, value: object, base: Path) -> str:
        if isinstance(value, str) and value in self.words:
            return value
        raise Refused(near(value, self.words) if isinstance(value, str) else "")

    def toml(self, value: str) -> str:
        return quoted(value)


class Whole(Kind[int]):
    """A whole number from `low` to `high`."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high
        self.allowed = f"a whole number from {low} to {high}"
        self.choice = f"From {low} to {high}."

    def check(self, value: object, base: Path) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Refused
        if not self.low <= value <= self.high:
            raise Refused
        return value

    def read(self, text: str) -> object:
        # Longer ones are none of ours, and Python refuses those of thousands of digits.
        try:
            return int(text) if len(text) < 20 else text
        except ValueError:
            return text

    def toml(self, value: int) -> str:
        return str(value)


class Number(Kind[float]):
    """A number from `low` to `high`; `unit` is a word like `seconds`."""

    def __init__(self, low: float, high: float, unit: str = "") -> None:
        self.low, self.high = low, high
        self.allowed = f"a number{f' of {unit}' if unit else ''} from {low:g} to {high:g}"
        self.choice = f"From {low:g} to {high:g}{f' {unit}' if unit else ''}."

    def check(self, value: object, base: Path) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refused
        if not self.low <= value <= self.high:  # NaN is not, either
            raise Refused
        return float(value)

    def read(self, text: str) -> object:
        try:
            return float(text)
        except ValueError:
            return text

    def toml(self, value: float) -> str:
        return f"{value:g}"


class Text(Kind[str]):
    """A text of one line; `allowed` says what it is for."""

    def __init__(self, allowed: str) -> None:
        self.allowed = allowed

    def check(self, value: object, base: Path) -> str:
        if not isinstance(value, str) or any(each in value for each in "\0\n\r"):
            raise Refused
        return value

    def toml(self, value: str) -> str:
        return quoted(value)


class Names(Kind[tuple[str, ...]]):
    """A list of texts; `allowed` says of what. As text: with commas between them."""

    def __init__(self, allowed: str) -> None:
        self.allowed = allowed

    def check(self, value: object, base: Path) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise Refused
        if any("\0" in each for each in value):
            raise Refused
        return tuple(value)

    def read(self, text: str) -> object:
        return [each.strip() for each in text.split(",") if each.strip()]

    def toml(self, value: Sequence[str]) -> str:
        return f"[{', '.join(map(quoted, value))}]"


class SomeOf(Names):
    """A list of some words."""

    def __init__(self, *words: str) -> None:
        self.words = words
        super().__init__(f"a list of some of {', '.join(map(quoted, words))}")
        self.choice = f"Some of {', '.join(map(quoted, words))}."

    def check(self, value: object, base: Path) -> tuple[str, ...]:
        for word in (given := super().check(value, base)):
            if word not in self.words:
                raise Refused(near(word, self.words))
        return given


class Networks(Names):
    """A list of networks or addresses."""

    def __init__(self) -> None:
        super().__init__('a list of networks, like ["10.1.0.0/16", "192.168.1.7"]')

    def check(self, value: object, base: Path) -> tuple[str, ...]:
        from ipaddress import ip_network

        for each in (given := super().check(value, base)):
            try:
                ip_network(each, strict=False)
            except ValueError:
                raise Refused(f": “{each}” is no network, like 10.1.0.0/16.") from None
        return given


class Ports(Kind[tuple[int, ...]]):
    """A list of ports."""

    allowed = "a list of ports, like [8000, 8888]"

    def check(self, value: object, base: Path) -> tuple[int, ...]:
        if not isinstance(value, list):
            raise Refused
        for each in value:
            if isinstance(each, bool) or not isinstance(each, int) or not 0 < each < 65536:
                raise Refused
        return tuple(value)

    def read(self, text: str) -> object:
        return [int(each) if each.strip().isdigit() else each for each in text.split(",")]

    def toml(self, value: tuple[int, ...]) -> str:
        return str(list(value))


class Folder(Kind[Path | None]):
    """A path, absolute or relative to where it is written; `~` is the home."""

    def __init__(self, allowed: str) -> None:
        self.allowed = allowed

    def check(self, value: object, base: Path) -> Path | None:
        if not isinstance(value, str) or not value.strip() or "\0" in value:
            raise Refused
        expanded = os.path.expanduser(value)
        if expanded.startswith("~"):
            raise Refused(f": there is no home folder for “{value.split('/')[0]}”.")
        return Path(os.path.abspath(base / expanded))

    def toml(self, value: Path | None) -> str:
        return quoted(str(value or ""))


class Below(Kind[str]):
    """A path below another folder, which it cannot leave."""

    def __init__(self, allowed: str) -> None:
        self.allowed = allowed

    def check(self, value: object, base: Path) -> str:
        if not isinstance(value, str) or "\0" in value:
            raise Refused
        path = os.path.normpath(value)
        if os.path.isabs(path) or path == "." or path.split(os.sep)[0] == "..":
            raise Refused
        return path

    def toml(self, value: str) -> str:
        return quoted(value)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a table whose names are the user's: what is there, and where it is written."""

    name: str
    """Of a key in the table, or the number of a table among tables, from 0."""
    value: object
    where: str
    """`FILE:LINE`."""
    inner: dict[str, str]
    """Where each key inside it is written."""


class Entries(Kind[tuple[Entry, ...]]):
    """A table (or tables) whose names are the user's. Whoever uses them checks what is in them."""

    def __init__(self, allowed: str, *, several: bool = False) -> None:
        self.allowed = allowed
        self.several = several
        """Whether it is `[[name]]`, tables in order, rather than one `[name]`."""

    def check(self, value: object, base: Path) -> tuple[Entry, ...]:
        raise Refused  # made by `load`, which knows the places

    def toml(self, value: tuple[Entry, ...]) -> str:
        return ""


def quoted(text: str) -> str:
    """Return a text as a TOML string."""
    import json  # here: only messages and `reader config` need it

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def near(word: str, words: Sequence[str], *, fold: bool = True) -> str:
    """Return `; did you mean “…”?` naming the word most like this one, or nothing."""
    import difflib  # here: only a mistake needs it

    word = word[:100].casefold() if fold else word[:100]
    found = difflib.get_close_matches(word, words, n=1)
    return f"; did you mean “{found[0]}”?" if found else ""
