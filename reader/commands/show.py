"""`reader show`: one record, to read or as JSON."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from reader.records.json_fields import problem_fields, record_fields, to_json
from reader.records.record import Problem, Record
from reader.records.text import encodable

from . import DONE, FAILED, FOUND, CommandError
from .forms import write_template
from .opening import add_collection, find, opened_with, settings
from .output import exact_path, is_terminal, note, width, write, write_exact
from .template import Template

if TYPE_CHECKING:
    from reader.library.collection import Collection

SUMMARY = "one record, to read or as JSON"

EXAMPLES = """\
examples:
  reader show _news/2020-06-12-face-recognition.md
  reader show https://example.org/an-article
  reader show _news/2020-06-12-face-recognition.md -C ~/feed --json
  reader show https://example.org/an-article --format '[{title}]({url})'
  reader show _news/2020-06-12-face-recognition.md --open

RECORD is a record's file, its path inside the collection, or its URL. The collection is that of
-C, else the usual one; a file outside it is shown by itself.

output: the fields in reading order, then the body, the links, the related links (`→` and a path
where the collection holds the record) and what mentions it. --json is one object: the data's own
fields, then `path`, `warnings` (field, reason), `deferredUntil` where it was deferred, `body` and
`mentionedBy` (paths). Of a file that cannot be read it is `path` and `problem` (line, reason).

--format writes one line, as `reader list --format` does; --open has $BROWSER open the link; --qr
writes the link as a code for a telephone, in ASCII with glyphs = "ascii" or without Unicode.

exit codes: 0 done, 1 the record's file cannot be read, 2 wrong usage or configuration, 3 could
not be done.
"""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("record", metavar="RECORD", help="a record's file, path or URL")
    add_collection(parser, positional=False)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON, with the data's own names")
    form.add_argument("--format", metavar="STR", help="a line made of fields, like '{webUrl}'")
    form.add_argument("--open", action="store_true", help="open the link in $BROWSER")
    form.add_argument("--qr", action="store_true", help="the link as a QR code")


def run(args: Namespace) -> int:
    template = None if args.format is None else Template(args.format)
    with opened_with([args.record], args) as collection:
        found = find(collection, args.record, prefer_inside=args.collection is not None)
        opened = collection.open_record(found)
        if opened is None:
            raise CommandError(f"{args.record} has just gone. Look for it again.", FAILED)
        if isinstance(opened.record, Problem):
            _write_problem(opened.path, opened.record, as_json=args.json)
            return FOUND
        if template is not None:
            write_template(collection, [found], template)
            return DONE
        if args.open or args.qr:
            link = _link(opened.record)
            return _open(link) if args.open else _write_code(link, ascii_only=_is_ascii(args))
        mentions = _mentions(collection, found)
        until = collection.deferrals().get(found)
        if args.json:
            fields = record_fields(opened.path, opened.record, until=until)
            fields["body"] = encodable(opened.record.body)
            fields["mentionedBy"] = [encodable(path) for path, _ in mentions]
            write_exact(to_json(fields, indent=2) + "\n")
            return DONE
        _write_record(collection, opened.path, opened.record, mentions, until)
    return DONE


def _link(record: Record) -> str:
    from reader.records.urls import is_web_url

    if record.url is None:
        raise CommandError("this record has no link.", FAILED)
    if not is_web_url(record.url):
        raise CommandError(f"{record.url} is no http or https link.", FAILED)
    return record.url


def _open(url: str) -> int:
    from reader.terminal.browsers import find_browser, open_detached, open_in_terminal

    browser = find_browser()
    if browser is None:
        write(url)
        raise CommandError("no browser here: set $BROWSER, to w3m or lynx.", FAILED)
    trouble = (open_in_terminal if browser.in_terminal else open_detached)(browser, url)
    if trouble:
        raise CommandError(trouble, FAILED)
    return DONE


def _write_code(url: str, *, ascii_only: bool) -> int:
    from reader.terminal.qr import qr_lines

    room = (width(), 10_000) if is_terminal(sys.stdout) else (10_000, 10_000)
    lines = qr_lines(url, *room, ascii_only=ascii_only)
    if isinstance(lines, str):
        write(url)
        raise CommandError(lines, FAILED)
    in_colours = is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")
    in_colours &= not os.environ.get("TERM", "dumb").startswith(("dumb", "vt"))
    # Light on dark, whatever the terminal's own colours are: so it is read.
    before, after = ("\x1b[97;40m", "\x1b[0m") if in_colours else ("", "")
    for line in lines:
        write_exact(f"{before}{line}{after}\n")
    return DONE


def _is_ascii(args: Namespace) -> bool:
    from reader.config import table

    try:
        "█".encode(sys.stdout.encoding if sys.stdout is not None else "utf-8")
    except UnicodeEncodeError:
        return True
    return settings(args)[table.GLYPHS] == "ascii"


def _mentions(collection: Collection, found: int) -> list[tuple[str, str]]:
    """Return path and title of the records that name this one."""
    rows = collection.mentioned_by(found)
    return [(collection.path(row.id) or "", row.title) for row in rows]


def _write_problem(path: str, problem: Problem, *, as_json: bool) -> None:
    if as_json:
        fields = problem_fields(path, problem)
        write_exact(to_json({"path": fields.pop("path"), "problem": fields}, indent=2) + "\n")
        return
    where = f"{path}:{problem.line}" if problem.line else path
    note(f"{where}: {problem.reason}")


def _write_record(
    collection: Collection,
    path: str,
    record: Record,
    mentions: list[tuple[str, str]],
    until: int | None,
) -> None:
    from .article import article_lines

    for line in article_lines(record, collection.path_of_url, until=until):
        write(line)
    if mentions:
        write("\nmentioned by")
        for where, title in mentions:
            write(f"  {title}\n     → {exact_path(where)}")
    write(f"\nfile      {exact_path(path)}")
