"""`reader problems`: the files that should be records and cannot be read."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from reader.records.json_fields import problem_fields, to_json

from . import DONE, FOUND
from .opening import add_collection, opened_from
from .output import exact_path, note, write, write_exact
from .queries import parsed_query

if TYPE_CHECKING:
    from reader.library.collection import Collection
    from reader.records.record import Problem

SUMMARY = "files that cannot be read, and why"

EXAMPLES = """\
examples:
  reader problems
  reader problems ~/feed --json
  reader problems --json | jq -r '.[].path'
  reader problems -q folder:_news

output: file:line: reason, one a line; without a line where the whole file is meant. --json is
[{"path": ..., "line": ..., "reason": ...}], line 0 for the whole file.

exit codes: 0 there are none, 1 there are some, 2 a wrong query, wrong usage or configuration,
3 could not be done.
"""


def add_arguments(parser: ArgumentParser) -> None:
    add_collection(parser)
    parser.add_argument(
        "-q", "--query", metavar="Q", help="only what a query asks for, by path: and folder:"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: Namespace) -> int:
    with opened_from(args) as collection:
        problems = collection.problems()
        if args.query is not None:
            problems = _asked(collection, args, problems)
    if args.json:
        write_exact(to_json([problem_fields(*each) for each in problems], indent=1) + "\n")
    else:
        if not problems and args.query is None:
            note("no problems: every file that was found could be read.")
        for path, problem in problems:
            where = f"{exact_path(path)}:{problem.line}" if problem.line else exact_path(path)
            write(f"{where}: {problem.reason}")
    return FOUND if problems else DONE


def _asked(
    collection: Collection, args: Namespace, problems: list[tuple[str, Problem]]
) -> list[tuple[str, Problem]]:
    from reader.records.querying.rewriting import and_term

    parsed_query(collection, args.query)
    found = collection.find(parsed_query(collection, and_term(args.query, "is:problem")))
    paths = {collection.path(id) for id in found}
    return [each for each in problems if each[0] in paths]
