"""Front matter: the YAML between the `---` lines at the start of a record's file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .record import Problem, Record

MAX_FRONT_MATTER = 1 << 20  # bytes
MAX_DEPTH = 100
MAX_NODES = 10_000  # reached by aliases and merge keys


@dataclass(frozen=True, slots=True)
class Split:
    """Where a file's front matter and body lie, as byte offsets into the file."""

    start: int
    """First byte of the YAML."""
    end: int
    """One past its last byte (the closing fence's line begins here)."""
    body: int
    """First byte of the body."""


def split(data: bytes) -> Split | Problem | None:
    """Return where the front matter lies; None when the file does not begin with a fence."""
    raise NotImplementedError


def parse(yaml: bytes, first_line: int = 2) -> Mapping[str, Any] | Problem:
    """Return the values of a YAML mapping, as `yaml.load(…, CSafeLoader)` would, or the Problem.

    `first_line` is the file's line number of the first byte of `yaml`.
    """
    raise NotImplementedError


def read_record(data: bytes, name: str) -> Record | Problem | None:
    """Return the record held by the bytes of a file called `name` (its ending says how the body
    is written, and whether it is a plain YAML file); None when the file is no record."""
    raise NotImplementedError
