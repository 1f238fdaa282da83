"""`reader links`: what checking says of links, and the user's own word."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from reader.records.json_fields import to_json
from reader.records.text import clean, encodable
from reader.records.verdicts import Verdict

from . import DONE, FAILED, USAGE, CommandError, nearest
from .check_reports import link_fields
from .opening import add_collection, opened_from
from .output import exact_path, note, write, write_exact
from .queries import parsed_query

if TYPE_CHECKING:
    from reader.checking import Found
    from reader.library.collection import Collection
    from reader.records.link_history import Known

SUMMARY = "what checking says of links"

EXAMPLES = """\
examples:
  reader links --verdict gone,suspect
  reader links --host vale.example --jsonl
  reader links --where is:unpublished
  reader links --works https://vale.example/b     you opened it, and it works
  reader links --doubts https://vale.example/b    not after all
  reader triage relink --where link:moved         moved links: the new URL into the files

Nothing is asked: this is what `reader check` found and remembers. With --works a link counts as ok,
until a check finds something else than the last one did.

output: verdict, when it was checked, URL, a record that has it, and why, with tabs between them.
--json is a list; --jsonl one a line: all that is known of each; with --works and --doubts {"url",
"works"} of each that was checked.

exit codes: 0 done, 2 wrong usage or configuration, 3 could not be done.
"""


def add_arguments(parser: ArgumentParser) -> None:
    add_collection(parser)
    parser.add_argument("--where", metavar="Q", help="only of the records that a query asks for")
    parser.add_argument("--verdict", metavar="V", help="only of these, with commas between them")
    parser.add_argument("--host", metavar="H", help="only on this host")
    word = parser.add_mutually_exclusive_group()
    word.add_argument(
        "--works", action="extend", nargs="+", metavar="URL", help="you opened it, and it works"
    )
    word.add_argument("--doubts", action="extend", nargs="+", metavar="URL", help="take that back")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON")
    form.add_argument("--jsonl", action="store_true", help="one link a line, as JSON")


def run(args: Namespace) -> int:
    verdicts = _verdicts(args.verdict)
    with opened_from(args) as collection:
        if args.works or args.doubts:
            return _override(collection, args)
        known = _known(collection, args, verdicts)
        if not known and not (args.json or args.jsonl):
            note("no such link was checked yet; `reader check` does.")
        _write(collection, known, args)
    return DONE


def _verdicts(given: str | None) -> tuple[Verdict, ...]:
    if given is None:
        return tuple(Verdict)
    found = []
    for each in given.split(","):
        word = each.strip().lower()
        if word not in set(Verdict):
            hint = nearest(word, list(Verdict))
            names = ", ".join(Verdict)
            raise CommandError(f"there is no verdict “{word}”{hint} Verdicts: {names}.", USAGE)
        found.append(Verdict(word))
    return tuple(found)


def _known(collection: Collection, args: Namespace, verdicts: tuple[Verdict, ...]) -> list[Known]:
    checked = collection.verdicts.checked(None, args.host)
    keys = [each.key for each in checked if each.said in verdicts]
    if args.where is not None:
        ids = collection.find(parsed_query(collection, args.where))
        theirs = collection.verdicts.keys_of(ids)
        keys = [key for key in keys if key in theirs]
    by_key = {}
    for start in range(0, len(keys), 500):
        for known in collection.verdicts.of_keys(keys[start : start + 500]):
            by_key[known.key] = known
    return [by_key[key] for key in keys if key in by_key]


def _write(collection: Collection, known: list[Known], args: Namespace) -> None:
    from reader.checking import found

    if args.json:
        values = [link_fields(each) for each in found(collection, known, asked=False)]
        write_exact(to_json(values, indent=1) + "\n")
        return
    for start in range(0, len(known), 100):
        for each in found(collection, known[start : start + 100], asked=False):
            if args.jsonl:
                write_exact(to_json(link_fields(each)) + "\n")
            else:
                write(_line(each))


def _line(found: Found) -> str:
    said, check = found.known.said, found.known.check
    fields = link_fields(found)
    reason = said.reason
    if check.moved_to and said.verdict is Verdict.MOVED:
        reason += f" It leads to {check.moved_to}"
    paths = [exact_path(place.path) for place in found.places]
    more = f" (+{len(paths) - 1})" if len(paths) > 1 else ""
    parts = [said.verdict.value, str(fields["at"]).replace("+00:00", "Z")]
    parts += [encodable(clean(check.url)), paths[0] + more if paths else "", clean(reason)]
    return "\t".join(encodable(part).replace("\t", " ").replace("\n", " ") for part in parts)


def _override(collection: Collection, args: Namespace) -> int:
    works = bool(args.works)
    urls = dict.fromkeys(args.works or args.doubts)
    missing = [url for url in urls if collection.verdicts.set_works(url, works) is None]
    for url in missing:
        note(f"{url} was never checked, so nothing is said against it.")
    told = [{"url": encodable(url), "works": works} for url in urls if url not in missing]
    if args.json:
        write_exact(to_json(told, indent=1) + "\n")
    for each in told:
        if args.jsonl:
            write_exact(to_json(each) + "\n")
        elif not args.json:
            write(f"{'works' if works else 'doubted'}\t{clean(str(each['url']))}")
    return FAILED if missing else DONE
