"""`reader index`: bring the index up to date, and say what it holds."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from reader.records.counting import counted
from reader.records.json_fields import to_json

from . import DONE, FOUND
from .opening import choose, given_path, open_at, refresh, settings
from .output import note, write, write_exact

SUMMARY = "read what is new or changed, and count"

EXAMPLES = """\
examples:
  reader index
  reader index ~/feed --rebuild
  reader index --complete
  reader index --json

output: the numbers of records, of problems (files that cannot be read), of skipped files (a
record's ending, but no front matter), of files parsed now, of records gone, and the seconds it
took. --json is one object with records, problems, skipped, parsed, removed and seconds.

What searches for pieces of words are quicker with is made after a first reading: in the background
while the reader is open, by the next `reader index`, or at once with --complete.

exit codes: 0 done, 1 done and there are problems, 2 wrong usage or configuration, 3 could not be
done.
"""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("path", nargs="?", metavar="PATH", help="the collection: a folder or file")
    parser.add_argument("-C", "--collection", metavar="PATH", help="the same as PATH")
    parser.add_argument("--rebuild", action="store_true", help="read every file anew")
    parser.add_argument(
        "--complete", action="store_true", help="also make at once what searching is quicker with"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: Namespace) -> int:
    chosen = settings(args)
    choice = choose(given_path(args), chosen)
    if choice.notice:
        note(choice.notice)
    collection = open_at(choice.path, chosen)
    try:
        is_new = args.rebuild or not collection.is_indexed
        summary = refresh(collection, rebuild=args.rebuild)
        if args.complete or not is_new:
            collection.complete()
        for notice in collection.notices:
            note(notice)
    finally:
        collection.close()
    numbers = {
        "records": summary.records,
        "problems": summary.problems,
        "skipped": summary.skipped,
        "parsed": summary.parsed,
        "removed": summary.removed,
        "seconds": round(summary.seconds, 3),
    }
    if args.json:
        write_exact(to_json(numbers) + "\n")
    else:
        write(
            f"{counted(summary.records, 'record')}, {counted(summary.problems, 'problem')},"
            f" {summary.skipped:,} skipped; {summary.parsed:,} parsed and"
            f" {summary.removed:,} removed in {summary.seconds:.2f} s"
        )
    return FOUND if summary.problems else DONE
