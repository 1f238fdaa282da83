"""`reader count`: how many records a query asks for."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from . import DONE
from .opening import add_collection, opened_from
from .output import write, write_exact
from .queries import parsed_query
from .values import to_json

SUMMARY = "how many records a query asks for"

EXAMPLES = """\
examples:
  reader count is:unpublished
  reader count 'power apps quality:>=70' ~/feed
  reader count 'date:7d.. (topic:AI OR topic:Robotics) -has:amp'

The language is described in docs/queries.md; an empty query asks for all records.

output: the number. --json is {"query": ..., "count": ...}.

exit codes: 0 done, 2 a wrong query, wrong usage or configuration, 3 could not be done.
"""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("query", metavar="QUERY", help="what to count, in quotes")
    add_collection(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: Namespace) -> int:
    with opened_from(args) as collection:
        count = collection.count_matching(parsed_query(collection, args.query))
    if args.json:
        write_exact(to_json({"query": args.query, "count": count}, indent=1) + "\n")
    else:
        write(str(count))
    return DONE
