"""`reader count`: how many records a query asks for."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from reader.records.json_fields import to_json

from . import DONE
from .opening import add_collection, opened_from
from .output import write, write_exact
from .paths_from import add_paths_from, paths_from
from .queries import parsed_query

SUMMARY = "how many records a query asks for"
TAKES_QUERY = True

EXAMPLES = """\
examples:
  reader count is:unpublished
  reader count 'power apps quality:>=70' ~/feed
  reader count 'date:7d.. (topic:AI OR topic:Robotics) -has:amp'
  git diff --name-only -z | reader count is:unpublished --paths-from -

The language is described in docs/queries.md; an empty query asks for all records.

output: the number. --json is {"query": ..., "count": ...}.

exit codes: 0 done, 2 a wrong query, wrong usage or configuration, 3 could not be done.
"""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("query", metavar="QUERY", help="what to count, in quotes")
    add_collection(parser)
    add_paths_from(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: Namespace) -> int:
    with opened_from(args) as collection:
        parsed = parsed_query(collection, args.query.strip())
        given = paths_from(collection, args)
        if given is None:
            count = collection.count_matching(parsed)
        else:
            count = len(set(given).intersection(collection.find(parsed)))
    if args.json:
        write_exact(to_json({"query": parsed.text, "count": count}, indent=1) + "\n")
    else:
        write(str(count))
    return DONE
