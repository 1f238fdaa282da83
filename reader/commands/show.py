"""`reader show`: one record, to read or as JSON."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from reader.records.record import Problem, Record
from reader.records.text import encodable

from . import DONE, FAILED, FOUND, CommandError
from .opening import add_collection, find, opened_with
from .output import exact_path, note, write, write_exact
from .values import problem_fields, record_fields, to_json

if TYPE_CHECKING:
    from reader.library.collection import Collection

SUMMARY = "one record, to read or as JSON"

EXAMPLES = """\
examples:
  reader show _news/2020-06-12-face-recognition.md
  reader show https://example.org/an-article
  reader show _news/2020-06-12-face-recognition.md -C ~/feed --json

RECORD is a record's file, its path inside the collection, or its URL. The collection is that of
-C, else the usual one; a file outside it is shown by itself.

output: the fields in reading order, then the body, the links, the related links (`→` and a path
where the collection holds the record) and what mentions it. --json is one object: the data's own
fields, then `path`, `warnings` (field, reason), `body` and `mentionedBy` (paths). Of a file that
cannot be read it is `path` and `problem` (line, reason).

exit codes: 0 done, 1 the record's file cannot be read, 2 wrong usage or configuration, 3 could
not be done.
"""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("record", metavar="RECORD", help="a record's file, path or URL")
    add_collection(parser, positional=False)
    parser.add_argument("--json", action="store_true", help="as JSON, with the data's own names")


def run(args: Namespace) -> int:
    with opened_with([args.record], args) as collection:
        found = find(collection, args.record, prefer_inside=args.collection is not None)
        opened = collection.open_record(found)
        if opened is None:
            raise CommandError(f"{args.record} has just gone. Look for it again.", FAILED)
        if isinstance(opened.record, Problem):
            _write_problem(opened.path, opened.record, as_json=args.json)
            return FOUND
        mentions = _mentions(collection, found)
        if args.json:
            fields = record_fields(opened.path, opened.record)
            fields["body"] = encodable(opened.record.body)
            fields["mentionedBy"] = [encodable(path) for path, _ in mentions]
            write_exact(to_json(fields, indent=2) + "\n")
            return DONE
        _write_record(collection, opened.path, opened.record, mentions)
    return DONE


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
    collection: Collection, path: str, record: Record, mentions: list[tuple[str, str]]
) -> None:
    from .article import article_lines

    def resolve(url: str) -> str | None:
        found = collection.id_of_url(url)
        return None if found is None else collection.path(found)

    for line in article_lines(record, resolve):
        write(line)
    if mentions:
        write("\nmentioned by")
        for where, title in mentions:
            write(f"  {title}\n     → {exact_path(where)}")
    write(f"\nfile      {exact_path(path)}")
