"""`reader topics`: what the sidebar lists, with its numbers."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from reader.records.json_fields import to_json
from reader.records.text import encodable

from . import DONE
from .opening import add_collection, opened_from
from .output import is_terminal, write, write_exact
from .queries import add_query, asked, saved_views

SUMMARY = "topics, with how many records"

EXAMPLES = """\
examples:
  reader topics
  reader topics ~/feed --json
  reader topics --by provider
  reader topics --view unpublished
  reader topics --by folder -q 'date:7d.. quality:>=70'

output: unpublished/total and the topic, most first; in a pipe topic, unpublished and total with
tabs between them. --json is [{"topic": ..., "unpublished": ..., "total": ...}]; with --by the
first name is folder, type, provider or view.

exit codes: 0 done, 2 a wrong query, wrong usage or configuration, 3 could not be done.
"""

_SECTIONS = {"topic": "topics", "folder": "folders", "type": "types", "provider": "providers",
             "view": "views"}  # fmt: skip


def add_arguments(parser: ArgumentParser) -> None:
    add_collection(parser)
    parser.add_argument(
        "--by", choices=_SECTIONS, default="topic", help="count by something else than topics"
    )
    add_query(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: Namespace) -> int:
    import sys

    with opened_from(args) as collection:
        counted = collection.counts_matching(asked(collection, args) or "", views=saved_views())
        counts = getattr(counted, _SECTIONS[args.by])
    named = [
        (encodable(count.key if args.by in ("folder", "view") else count.label), count)
        for count in counts
    ]
    if args.json:
        rows = [
            {args.by: name, "unpublished": count.unpublished, "total": count.total}
            for name, count in named
        ]
        write_exact(to_json(rows, indent=1) + "\n")
        return DONE
    for name, count in named:
        if is_terminal(sys.stdout):
            write(f"{count.unpublished:>7}/{count.total:<7} {name}")
        else:
            write(f"{name}\t{count.unpublished}\t{count.total}")
    return DONE
