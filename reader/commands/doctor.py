"""`reader doctor`: what the reader found of this system, and what is wrong with it."""

from __future__ import annotations

import locale
import os
import platform
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from reader import __version__, config, paths
from reader.config import table
from reader.records.json_fields import to_json
from reader.terminal.charset import shows_unicode

from . import DONE, FOUND, USAGE, CommandError
from .doctor_terminal import findings
from .opening import all_wrong
from .output import is_terminal, write, write_exact

SUMMARY = "what was found of this system"

EXAMPLES = """\
examples:
  reader doctor
  reader doctor --json
  reader doctor --ask

output: a line for each thing looked at, with `!` before what is wrong. --json is {"checks":
[{"name": ..., "ok": ..., "found": ..., "advice": ...}]}.

exit codes: 0 all is well, 1 something was found wrong, 2 wrong usage.
"""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `advice` says what to do where it is not well."""

    name: str
    found: str
    ok: bool = True
    advice: str = ""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument(
        "--ask", action="store_true", help="try keys, colours, clipboard, links and widths with you"
    )


def run(args: Namespace) -> int:
    if args.ask:
        return _ask()
    checks = list(_checks(args))
    if args.json:
        rows = [
            {"name": each.name, "ok": each.ok, "found": each.found, "advice": each.advice}
            for each in checks
        ]
        write_exact(to_json({"checks": rows}, indent=1) + "\n")
    else:
        for each in checks:
            write(f"{' ' if each.ok else '!'} {each.name:<14} {each.found}")
            if not each.ok:
                write(f"  {'':<14} {each.advice}")
    return DONE if all(each.ok for each in checks) else FOUND


def _ask() -> int:
    from .doctor_ask import ask_all

    if not (is_terminal(sys.stdin) and is_terminal(sys.stdout)):
        raise CommandError("`doctor --ask` needs a terminal to try.", USAGE)
    try:
        asked = ask_all(lambda line: print(line, flush=True), input)
    except EOFError:
        raise CommandError("stopped before the end; nothing was changed.") from None
    write("")
    for line in asked.lines:
        write(line)
    if asked.advice:
        write("")
        write(f"What to set, in {paths.config_file()} where it is a setting:")
        for line in asked.advice:
            write(f"  {line}")
    return FOUND if any(line.startswith("!") for line in asked.lines) else DONE


def _checks(args: Namespace) -> Iterator[Check]:
    yield Check("reader", __version__)
    yield Check("python", f"{platform.python_version()} ({platform.system()})")
    for package in ("textual", "pyyaml", "watchfiles"):
        yield _package(package)
    yield _yaml()
    yield _sqlite()
    yield _settings(args)
    if unknown := config.unknown_variables():
        told = " ".join(each.reason for each in unknown)
        yield Check("variables", told, ok=False, advice="They do nothing: mend or unset them.")
    for name, folder, advice in (
        ("cache folder", paths.cache_dir(), "The index is kept in memory and made at each start."),
        ("state folder", paths.state_dir(), "What you read and star is lost when you leave."),
        ("data folder", paths.data_dir(), "The sample cannot be unpacked there."),
    ):
        yield _folder(name, folder, advice)
    yield _encoding()
    for each in findings(config.load(paths.config_file())):
        yield Check(each.name, each.found, ok=not each.advice, advice=each.advice)
    yield _watching()


def _package(name: str) -> Check:
    try:
        return Check(name, metadata.version(name))
    except metadata.PackageNotFoundError:
        advice = f"Install the reader anew: it needs {name}."
        return Check(name, "not found", ok=False, advice=advice)


def _yaml() -> Check:
    from reader.records.front_matter import parser_name

    name = parser_name()
    return Check(
        "yaml parser",
        name,
        ok=name == "libyaml",
        advice="Reading is some ten times slower. Install a PyYAML that was built with libyaml.",
    )


def _sqlite() -> Check:
    import sqlite3

    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(text)")
    except sqlite3.Error:
        advice = "Words cannot be searched. Use a Python whose SQLite has FTS5."
        return Check("sqlite", f"{sqlite3.sqlite_version}, without FTS5", ok=False, advice=advice)
    finally:
        connection.close()
    return Check("sqlite", f"{sqlite3.sqlite_version}, with FTS5")


def _settings(args: Namespace) -> Check:
    file = paths.config_file()
    chosen = config.load(file)
    if wrong := all_wrong(args, chosen):
        count = len(wrong)
        told = str(wrong[0]) if count == 1 else f"{count} mistakes, first {wrong[0]}"
        advice = "`reader config check` lists all that is wrong."
        return Check("settings", told, ok=False, advice=advice)
    folder = chosen[table.COLLECTION]
    if folder is not None and not folder.exists():
        advice = f"Change `collection` of {chosen.value(table.COLLECTION).where}."
        return Check("settings", f"{folder} does not exist", ok=False, advice=advice)
    if not chosen.read:
        return Check("settings", f"{file} (no such file: the defaults are used)")
    return Check("settings", str(file))


def _folder(name: str, folder: Path, advice: str) -> Check:
    """Look whether a folder can be written, or made, without making anything."""
    place = folder
    while not os.path.lexists(place) and place != place.parent:
        place = place.parent
    if not (place.is_dir() and os.access(place, os.W_OK | os.X_OK)):
        return Check(name, f"{folder} cannot be written", ok=False, advice=advice)
    return Check(name, str(folder) if place == folder else f"{folder} (not made yet)")


def _encoding() -> Check:
    found = (sys.stdout.encoding if sys.stdout else None) or locale.getpreferredencoding(False)
    if is_terminal(sys.stdout) and not shows_unicode():
        advice = "Only ASCII is sent. Set LANG to one ending in .UTF-8 to see all characters."
        return Check("encoding", found, ok=False, advice=advice)
    return Check("encoding", locale.getpreferredencoding(False))


def _watching() -> Check:
    """Change a file in a new folder and wait to be told of it."""
    advice = "Changes are found by looking at the folder every few seconds."
    try:
        from watchfiles import watch

        with tempfile.TemporaryDirectory(prefix="reader-") as folder:
            turns = watch(folder, debounce=50, step=10, rust_timeout=100, yield_on_timeout=True)
            for turn, changes in enumerate(turns):
                if changes:
                    return Check("watching", "changes of files are reported at once")
                if turn == 20:
                    break
                with open(os.path.join(folder, str(turn)), "w"):
                    pass
    except Exception as error:  # noqa: BLE001  whatever it is, the answer is: it does not work
        found = f"{type(error).__name__}: {error}"
        return Check("watching", found, ok=False, advice=advice)
    return Check("watching", "no change was reported within two seconds", ok=False, advice=advice)
