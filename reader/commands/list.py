"""`reader list`: which records, in which order, in which form."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from dataclasses import replace
from shlex import quote
from typing import TYPE_CHECKING

from reader.records.counting import counted
from reader.records.query import SORT_FIELDS, SORTS, Facet, Query, View
from reader.records.text import clean, display, encodable, fold

from . import DONE, USAGE, CommandError, forms
from .filters import HELP
from .opening import add_collection, given_path, opened_from
from .output import is_terminal, note
from .paths_from import add_paths_from, paths_from
from .queries import asked, reason_of, view_named
from .template import Template

if TYPE_CHECKING:
    from reader.library.collection import Collection
    from reader.records.querying import Parsed

SUMMARY = "records, one a line"

EXAMPLES = """\
examples:
  reader list                           the usual collection, newest first
  reader list ~/feed --view unpublished --limit 20
  reader list --topic "Power Apps" --sort -quality
  reader list -q 'harbour tide' --sort rank --limit 10
  reader list -q 'is:unpublished quality:>=70 -provider:"Vale Review"'
  reader list --jsonl | jq -r .webUrl
  reader list --format '{state}\\t{title}\\t{webUrl}'
  reader list --format '{path}\\0' | xargs -0 git log --oneline --
  reader list --format 'open {webUrl|shell} # {title|trunc:40|shell}' | sh
  git diff --name-only -z | reader list --paths-from - -q is:unpublished

output:
  On a terminal: a sign for the state (● unpublished, ✓ published, ✗ rejected, ◷ deferred), the
  date, the quality, the provider and the title, fitted to its width. In a pipe: the same with tabs
  between them and nothing cut, the state as a word, the date in UTC, the file's path last.
  Texts are as the interface shows them: on one line, wrong encodings repaired; --json, --jsonl
  and --format give the file's own.

  A query is words (beginnings of words, in title, excerpt, provider, topics and body), "phrases",
  /regex/, field:value, number:>=70, date:2020-06, is:unpublished, has:amp, OR, - and (…);
  docs/queries.md has all of it. --sort comes before a `sort:` in it.

  --json is {"records": [...], "problems": [...]}: a record has the data's own fields, `path`,
  `warnings` (field, reason) and, where it was deferred, `deferredUntil`; a problem has `path`,
  `line` and `reason`. --jsonl is the records alone, one a line, each as soon as it is read.
  --format takes the names of fields in braces, and {path}, {state} and {url}; it knows \\t, \\n
  and \\0. Line breaks and tabs inside a value become spaces, unless it ends in \\0. After a |
  stand filters, one after the other:
{filters}

exit codes: 0 done, also when some files cannot be read (`reader problems` lists them), 2 wrong
usage or configuration, or a topic, folder, type or provider that no record has, 3 could not be
done.
""".replace("{filters}", "\n".join(f"    {name:<8} {help}" for name, help in HELP.items()))

_FACETS = (Facet.TOPIC, Facet.FOLDER, Facet.TYPE, Facet.PROVIDER)


def add_arguments(parser: ArgumentParser) -> None:
    add_collection(parser)
    which = parser.add_argument_group("which records")
    which.add_argument("-q", "--query", metavar="Q", help="only what a query asks for, see below")
    which.add_argument(
        "--view", metavar="V", help=", ".join(View) + " (all), or one of your own (`reader views`)"
    )
    which.add_argument("--topic", metavar="T", help="only of this topic")
    which.add_argument("--folder", metavar="F", help="only in this folder and below it")
    which.add_argument("--type", metavar="T", help="only of this type, like article or video")
    which.add_argument("--provider", metavar="P", help="only of this provider")
    which.add_argument(
        "--sort",
        type=_sort,
        metavar="F",
        help=", ".join(SORTS) + "; -F for descending (-date), several with commas",
    )
    which.add_argument("--limit", type=number_of, metavar="N", help="at most this many")
    add_paths_from(which)
    form = parser.add_argument_group("output").add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one object: records and problems")
    form.add_argument("--jsonl", action="store_true", help="one record a line, as JSON")
    form.add_argument("--format", metavar="STR", help="a line made of fields, like '{title}'")


def run(args: Namespace) -> int:
    template = None if args.format is None else Template(args.format)
    view = View.ALL if args.view is None else view_named(args.view)
    with opened_from(args) as collection:
        ids = _ids(collection, args, view)
        if args.json:
            forms.write_json(collection, ids)
            return DONE
        if args.jsonl:
            forms.write_json_lines(collection, ids)
        elif template is not None:
            forms.write_template(collection, ids, template)
        elif is_terminal(sys.stdout):
            forms.write_fitted(collection, ids)
        else:
            forms.write_tabbed(collection, ids)
        summary = collection.summary()
        if not ids and not summary.records:
            note(f"{collection.root} holds no records.")
        elif not ids and args.query is not None:
            note("no record is all of that; `reader explain QUERY` says which part leaves nothing.")
        problems = summary.problems
        if problems and view != View.PROBLEMS:
            not_listed = "so it is not" if problems == 1 else "so they are not"
            files = counted(problems, "file")
            lists_them = problems_command(args)
            note(f"{files} cannot be read, {not_listed} listed: see `{lists_them}`.")
    return DONE


def problems_command(args: Namespace) -> str:
    """Return the command that lists the problems of the collection that the arguments name."""
    given = given_path(args)
    return "reader problems" if given is None else f"reader problems {quote(encodable(given))}"


def _sort(given: str) -> str:
    if _is_plain(given):
        return given
    from reader.records.querying import QueryError, parse_sort

    parsed = parse_sort(given)
    if isinstance(parsed, QueryError):
        reason = encodable(clean(parsed.reason)).partition(": ")[0]
        hint = f"; did you mean “{parsed.suggestion}”?" if parsed.suggestion else "."
        raise ArgumentTypeError(f"{reason}{hint} Fields: {', '.join(SORTS)}; -F for descending.")
    return given


def _is_plain(sort: str | None) -> bool:
    """Return whether this order is one for which the query language need not be loaded."""
    return sort is None or sort.removeprefix("-") in SORT_FIELDS


def number_of(given: str) -> int:
    """Return how many records are meant. Raises ArgumentTypeError."""
    if not (given.isascii() and given.isdigit()) or len(given) > 18:
        raise ArgumentTypeError(f"“{given}” is no number of records, like 20.")
    return int(given)


def _ids(collection: Collection, args: Namespace, view: str) -> list[int]:
    """Return the ids that view, query, facets and paths ask for all together, in order."""
    given = paths_from(collection, args)
    is_built_in = view in set(View)
    parsed = None
    if args.query is not None or not is_built_in:
        parsed = asked(collection, Namespace(query=args.query, view=None if is_built_in else view))
    if not _is_plain(args.sort):
        parsed = _sorted(parsed, args.sort)
    if given is None and parsed is None:
        return _listed(collection, args, View(view), args.limit)
    listed: Sequence[int] = _listed(collection, args, View(view) if is_built_in else View.ALL, None)
    kept = set(listed)
    order = listed
    if parsed is not None:
        found = collection.find(parsed)
        kept.intersection_update(found)
        order = found if parsed.sort and not (args.sort and _is_plain(args.sort)) else listed
    if given is not None:
        kept.intersection_update(given)
        # The order they were given in says something, unless another is asked for.
        order = given if args.sort is None and not (parsed and parsed.sort) else order
    return [each for each in order if each in kept][: args.limit]


def _sorted(query: Parsed | None, sort: str) -> Parsed:
    """Return the query, or one for every record, in this order. Raises CommandError (usage)."""
    from reader.records.querying import RANK, Parsed, parse_sort, ranked_words
    from reader.records.querying.nodes import Every

    query = query or Parsed("", Every(0, 0))
    keys = parse_sort(sort)
    assert isinstance(keys, tuple)  # the option's type has seen to that
    if any(key.field == RANK for key in keys) and not ranked_words(query.root):
        reason = "--sort rank: there are no words to rank by: write some, as in -q power."
        raise CommandError(reason, USAGE)
    return replace(query, sort=keys)


def _listed(collection: Collection, args: Namespace, view: View, limit: int | None) -> list[int]:
    facets = [
        (facet, _key(collection, facet, getattr(args, facet.value)))
        for facet in _FACETS
        if getattr(args, facet.value) is not None
    ]
    sort = args.sort if args.sort and _is_plain(args.sort) else "-date"
    if len(facets) < 2:
        facet, key = facets[0] if facets else (None, "")
        return list(collection.ids(Query(view, facet, key, sort), limit))
    first, *others = (collection.ids(Query(view, facet, key, sort)) for facet, key in facets)
    kept = set(first).intersection(*others)
    return [each for each in first if each in kept][:limit]


def _key(collection: Collection, facet: Facet, given: str) -> str:
    """Return the facet's key for what was given. Raises CommandError (usage) when the collection has
    no such value, in the words of a query that asks for it."""
    if facet is Facet.TOPIC:
        key = fold(display(given))
    elif facet is Facet.FOLDER:
        key = given.removeprefix("./").strip("/")
        if key in ("", "."):
            return ""
    else:
        key = display(given)
    known = collection.counts()
    counts = {
        Facet.TOPIC: known.topics,
        Facet.FOLDER: known.folders,
        Facet.TYPE: known.types,
        Facet.PROVIDER: known.providers,
    }[facet]
    if any(count.key == key for count in counts):
        return key
    for count in counts:
        if count.key.casefold() == key.casefold():
            return count.key
    from reader.records.querying import QueryError
    from reader.records.querying.rewriting import term

    asked_of = collection.parse_query(term(facet.value, given))
    if isinstance(asked_of, QueryError):
        raise CommandError(f"--{facet.value}: {reason_of(asked_of)}", USAGE)
    return key  # a folder of nothing but problems
