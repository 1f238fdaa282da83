"""`reader views`: queries with a name, listed and changed."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import replace
from typing import TYPE_CHECKING

from reader.records.json_fields import to_json
from reader.records.text import clean, encodable

from . import DONE, FAILED, FOUND, USAGE, CommandError
from .opening import settings
from .output import cells, is_terminal, note, write, write_exact

if TYPE_CHECKING:
    from pathlib import Path

    from reader.records.views import SavedView
    from reader.views import Loaded

SUMMARY = "views: queries with a name, built-in and your own"
TAKES_QUERY = True

EXAMPLES = """\
examples:
  reader views
  reader views --add "Good ones" 'is:unpublished quality:>=70 sort:-quality' --key 1
  reader views --set "Good ones" 'is:unpublished quality:>=80'
  reader views --set "Good ones" --key none
  reader views --rename "Good ones" Best
  reader views --move Best 1
  reader views --delete Best
  reader list --view Best;  reader list -q 'view:best topic:AI'

Your own are [[view]] tables of the settings file (`reader doctor` says which), with name, query
and perhaps key; they can be written by hand. Their order there is the sidebar's. Nothing else in
the file is changed.

output: key, name and query of each, your own first; in a pipe with tabs between them. --json is
[{"name", "query", "key", "own", "wrong"}]; `wrong` is null or the reason. How many records a view
holds is `reader count view:NAME`, or `reader topics --by view` for all of them.

exit codes: 0 done, 1 done, and one of your views is wrong, 2 wrong usage or configuration, 3 could
not be done.
"""


def add_arguments(parser: ArgumentParser) -> None:
    change = parser.add_argument_group("changing").add_mutually_exclusive_group()
    change.add_argument("--add", nargs=2, metavar=("NAME", "QUERY"), help="a new one")
    change.add_argument(
        "--set",
        nargs="+",
        metavar=("NAME", "QUERY"),
        help="another query, or with --key another key",
    )
    change.add_argument("--rename", nargs=2, metavar=("NAME", "NEW"), help="another name")
    change.add_argument("--move", nargs=2, metavar=("NAME", "N"), help="to place N of your own")
    change.add_argument("--delete", metavar="NAME", help="delete it")
    parser.add_argument(
        "--key",
        type=_key,
        metavar="K",
        help="g and this digit open it; or none",
    )
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: Namespace) -> int:
    from reader import paths, views
    from reader.records.views import ViewRefused

    settings(args)  # what is wrong with the settings is told first
    file = paths.config_file()
    if args.key is not None and not (args.add or args.set):
        raise CommandError("--key is for --add and --set.", USAGE)
    try:
        loaded = _changed(file, args)
    except ViewRefused as refused:
        raise CommandError(f"{_sentence(str(refused))}", FAILED) from None
    if loaded is not None and not args.json:
        return DONE
    loaded = loaded or views.load(file)
    _write(loaded, as_json=args.json)
    if not args.json:
        for wrong in loaded.wrong:
            note(str(wrong))
    return FOUND if loaded.wrong else DONE


def _changed(file: Path, args: Namespace) -> Loaded | None:
    """Change the file as asked; None: nothing was asked. Raises ViewRefused, CommandError."""
    from reader import views
    from reader.records.views import SavedView

    if args.add:
        name, query = args.add
        return views.add(file, SavedView(name, query, args.key or None))
    if args.set:
        name, *queries = args.set
        if len(queries) > 1:
            raise CommandError("--set takes a NAME and one QUERY: put it in quotes.", USAGE)
        if not queries and args.key is None:
            raise CommandError("--set needs a QUERY, a --key or both.", USAGE)
        was = _named(views.load(file), name)
        query = queries[0] if queries else was.query
        key = was.key if args.key is None else args.key or None
        return views.change(file, name, replace(was, query=query, key=key))
    if args.rename:
        name, new = args.rename
        return views.change(file, name, replace(_named(views.load(file), name), name=new))
    if args.move:
        name, place = args.move
        if not (place.isascii() and place.isdigit() and 0 < int(place[:9]) <= 9999):
            raise CommandError(f"--move: “{place}” is no place: 1 is the first.", USAGE)
        return views.move(file, name, int(place) - 1)
    if args.delete is not None:
        return views.remove(file, args.delete)
    return None


def _named(loaded: Loaded, name: str) -> SavedView:
    from reader.records.views import place_of

    return loaded.views[place_of(loaded.views, name)]


def _write(loaded: Loaded, *, as_json: bool) -> None:
    from reader.records.querying import VIEWS

    wrong = {each.name: each.reason for each in reversed(loaded.wrong)}
    rows = [(view.name, view.query, view.key, True) for view in loaded.views]
    rows += [(name, query, None, False) for name, query in VIEWS.items()]
    if as_json:
        told = [
            {
                "name": encodable(name),
                "query": encodable(query),
                "key": key,
                "own": own,
                "wrong": wrong.get(name) if own else None,
            }
            for name, query, key, own in rows
        ]
        write_exact(to_json(told, indent=1) + "\n")
        return
    wide = max(cells(clean(name)) for name, *_ in rows)
    for name, query, key, _ in rows:
        shown = encodable(clean(name)), encodable(clean(query))
        if is_terminal(sys.stdout):
            space = " " * (wide - cells(shown[0]))
            write(f"{key or ' '}  {shown[0]}{space}  {shown[1]}".rstrip())
        else:
            write(f"{key or ''}\t{shown[0]}\t{shown[1]}")


def _key(given: str) -> int:
    """Return the key, 0 for none."""
    if given == "none":
        return 0
    if len(given) != 1 or given not in "123456789":
        raise ArgumentTypeError(f"“{given}” is no key: a digit from 1 to 9, or none.")
    return int(given)


def _sentence(text: str) -> str:
    return text if text.endswith("?") else f"{text.rstrip('.')}."
