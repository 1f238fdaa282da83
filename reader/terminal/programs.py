"""A record given to another program: what a line asks to run, and running it.

The words of the line are the program's arguments; there is no shell unless the line asks for one.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from reader.records.json_fields import record_fields, to_json
from reader.records.record import Record
from reader.records.text import clean, encodable
from reader.records.urls import is_web_url

MOST = 1 << 20
"""Bytes of a program's output that are shown."""
SHELL_READS = "A shell reads the line: $1 is the path, $2 the link."
_NAME = re.compile(r"\{(?:path|url)\}")


@dataclass(frozen=True, slots=True)
class Given:
    """What of a record can be given."""

    path: str
    """Absolute."""
    url: str
    """Empty where it has none that is well-formed."""
    json: str


@dataclass(frozen=True, slots=True)
class Run:
    """What would be run."""

    argv: tuple[str, ...]
    reads: str
    """What is on its standard input: JSON, or nothing."""
    in_terminal: bool = False
    """Whether it has the terminal to itself, and its output is not ours to show."""
    shell: str = ""
    """The line, where a shell is to read it."""


def planned(line: str, given: Given) -> Run | str:
    """Return what a line asks to run, or a sentence that says why it cannot be."""
    line = line.strip()
    in_terminal = line.startswith("!")
    line = line.removeprefix("!").lstrip()
    if line.startswith("$"):
        line = line[1:].strip()
        if not line:
            return "There is nothing to run."
        # Path and link are arguments of the shell, never part of what it reads as its language.
        argv: tuple[str, ...] = ("sh", "-c", line, "reader", given.path, given.url)
        return Run(argv, "" if in_terminal else given.json, in_terminal, line)
    try:
        words = shlex.split(line)
    except ValueError:
        return "A quotation mark is never closed."
    if not words:
        return "There is nothing to run."
    if any("{url}" in word for word in words) and not given.url:
        return "This record has no http or https link."
    if any("\0" in word for word in words):
        return "An argument cannot hold a NUL character."
    values = {"{path}": given.path, "{url}": given.url}
    argv = tuple(_NAME.sub(lambda found: values[found[0]], word) for word in words)
    named = any(_NAME.search(word) for word in words)
    return Run(argv, "" if named or in_terminal else given.json, in_terminal)


def run(what: Run) -> tuple[str, bytes]:
    """Run it until it ends; return what to say of it, and its output, as far as it is shown."""
    data = what.reads.encode("utf-8")
    if what.in_terminal:
        try:
            code = subprocess.run(what.argv, check=False).returncode
        except (OSError, ValueError) as error:
            return _not_started(what, error), b""
        return _ended(what, code), b""
    # Output goes to a file: a program that writes without end fills neither memory nor a pipe.
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as source:
        source.write(data)
        source.seek(0)
        try:
            process = subprocess.Popen(
                what.argv, stdin=source, stdout=output, stderr=subprocess.STDOUT
            )
        except (OSError, ValueError) as error:
            return _not_started(what, error), b""
        try:
            code = process.wait()
        except KeyboardInterrupt:
            process.terminate()
            with contextlib.suppress(KeyboardInterrupt, subprocess.TimeoutExpired):
                process.wait(3)
            code = process.poll() or -2
        output.seek(0)
        return _ended(what, code), output.read(MOST + 1)


def _not_started(what: Run, error: Exception) -> str:
    reason = getattr(error, "strerror", None) or error
    return f"{clean(encodable(what.argv[0]))} could not be started: {reason}."


def _ended(what: Run, code: int) -> str:
    name = clean(encodable(what.argv[0]))
    if code < 0:
        return f"{name} was stopped by signal {-code}."
    return f"{name} ended with {code}." if code else f"{name} has ended."


def given(root: Path, path: str, record: Record) -> Given:
    """Return what of a record can be given; `path` is relative to the collection's root."""
    fields = record_fields(path, record)
    fields.pop("secured", None)
    url = record.url or ""
    base = os.path.dirname(root) if os.path.isfile(root) else root
    return Given(
        os.path.join(os.path.abspath(base), path),
        url if is_web_url(url) else "",
        to_json(fields, indent=1) + "\n",
    )


def reads_in_words(what: Run) -> str:
    """Return what a program would read."""
    if what.reads:
        return f"the record as JSON, {len(what.reads.encode()):,} bytes"
    return "the terminal" if what.in_terminal else "nothing"
