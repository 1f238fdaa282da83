"""`reader star`, `unstar`, `read`, `unread`: the reader's own marks on records."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from reader.records.json_fields import to_json
from reader.records.text import encodable

from . import DONE, FAILED, CommandError
from .opening import add_collection, find, opened_with
from .output import exact_path, write, write_exact

SUMMARIES = {
    "star": "star records",
    "unstar": "take the star from records",
    "read": "mark records as read",
    "unread": "mark records as not read",
}

EXAMPLES = """\
examples:
  reader {name} _news/2020-06-12-face-recognition.md
  reader {name} https://example.org/an-article -C ~/feed
  reader list --topic AI --format '{{path}}\\0' | xargs -0r reader {name}

A record is named by its file, by its path inside the collection, or by its URL. When one of them
is not found, none is marked. The marks are the reader's own; the files stay as they are.

output: the path of each record. --json is [{{"path": ..., "{field}": {value}}}].

exit codes: 0 done, also where it was so already, 2 wrong usage or configuration, 3 could not be
done.
"""


def examples(name: str) -> str:
    """Return the examples for one of the four commands."""
    field, value = _mark(name)
    return EXAMPLES.format(name=name, field=field, value=str(value).lower())


def add_arguments(parser: ArgumentParser, name: str) -> None:
    parser.add_argument("records", nargs="+", metavar="RECORD", help="a file, path or URL")
    add_collection(parser, positional=False)
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: Namespace) -> int:
    field, value = _mark(args.command)
    with opened_with(args.records, args) as collection:
        within = args.collection is not None
        ids = [find(collection, name, prefer_inside=within) for name in args.records]
        ids = list(dict.fromkeys(ids))
        set_mark = collection.set_starred if field == "starred" else collection.set_read
        set_mark(ids, value)
        lost = [each for each in collection.notices if each.startswith("What you read and star")]
        if lost:
            raise CommandError(f"nothing was marked. {lost[0]}", FAILED)
        named = [collection.path(each) or "" for each in ids]
    if args.json:
        rows = [{"path": encodable(path), field: value} for path in named]
        write_exact(to_json(rows, indent=1) + "\n")
    else:
        for path in named:
            write(exact_path(path))
    return DONE


def _mark(name: str) -> tuple[str, bool]:
    return ("starred" if name.endswith("star") else "read"), not name.startswith("un")
