"""`reader explain`: what each part of a query does, and which part leaves a record out."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from reader.records.counting import counted
from reader.records.json_fields import to_json
from reader.records.text import clean, encodable

from . import DONE, FOUND
from .opening import add_collection, find, opened_from
from .output import exact_path, write, write_exact
from .queries import parsed_query, saved_views

if TYPE_CHECKING:
    from reader.records.querying.explained import Drop, Explanation, Part, Reason

SUMMARY = "what each part of a query does, and why a record is left out"
TAKES_QUERY = True

EXAMPLES = """\
examples:
  reader explain 'power apps is:unpublished quality:>=70'
  reader explain 'view:"Good ones" -has:amp' --json
  reader explain 'is:unpublished quality:>=70' _news/a.md
  reader explain 'topic:AI' https://example.org/a

output: the query in plain words, a part a line. Before each stands how many records that part
alone asks for; where parts have to hold together, after it how many are left with those before.
Where none are, what to drop, and how many records there are then. With RECORD (a file, path or
URL): for each part whether it accepts that record.

--json is {"query", "count", "order", "part": {"words", "text", "count", "left", "parts": [...]},
"drop": [{"parts": [...], "count", "query"}]}; with RECORD {"query", "path", "accepted",
"parts": [{"words", "text", "accepts", "has", "parts"}]}.

exit codes: 0 done, 1 the record is left out by the query, 2 a wrong query, wrong usage or
configuration, 3 could not be done.
"""


_STATES = ("unpublished", "published", "rejected")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("query", metavar="QUERY", help="what to explain, in quotes")
    parser.add_argument("record", metavar="RECORD", nargs="?", help="why is this one not found?")
    add_collection(parser, positional=False)
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: Namespace) -> int:
    with opened_from(args) as collection:
        parsed = parsed_query(collection, args.query.strip())
        if args.record is None:
            found = collection.explain(parsed)
            if args.json:
                write_exact(to_json(_explanation(found), indent=1) + "\n")
            else:
                write_explanation(found)
            return DONE
        id = find(collection, args.record, prefer_inside=True)
        reasons = collection.why_not(parsed, id, views=saved_views())
        path = collection.path(id) or ""
    accepted = all(reason.accepts for reason in reasons)
    if args.json:
        told = {
            "query": parsed.text,
            "path": encodable(path),
            "accepted": accepted,
            "parts": [_reason(each, parsed.text) for each in reasons],
        }
        write_exact(to_json(told, indent=1) + "\n")
    else:
        _write_reasons(reasons)
        said = "is found" if accepted else "is left out"
        write(f"{exact_path(path)} {said}")
    return DONE if accepted else FOUND


def write_explanation(found: Explanation) -> None:
    """Write the parts with their counts, one a line, then what is found, or what to drop."""
    lines = list(found.root.walk())
    if len(lines) > 1 and not lines[0][1].words.startswith("not: "):
        lines = lines[1:]  # the whole is the sum at the end
    depth = min(depth for depth, _ in lines)
    wide = max(len(f"{part.count:,}") for _, part in lines)
    has_left = any(part.left is not None for _, part in lines)
    for level, part in lines:
        left = "" if part.left is None else f"{part.left:,}"
        numbers = f"{part.count:>{wide},}" + (f"  {left:>{wide}}" if has_left else "")
        write(f"{numbers}  {'  ' * (level - depth)}{part.words}")
    write(f"{counted(found.count, 'record')}, {found.order}")
    for drop in found.droppable:
        write(f"without {_dropped(drop, found.text)}: {drop.count:,}")


def _dropped(drop: Drop, text: str) -> str:
    return " and ".join(_shown(text[part.start : part.end]) or "it all" for part in drop.parts)


def _write_reasons(reasons: list[Reason], depth: int = 0) -> None:
    for reason in reasons:
        verb = "is" if reason.has in _STATES else "has"
        has = f" (it {verb} {reason.has})" if reason.has and not reason.accepts else ""
        write(f"{'yes' if reason.accepts else 'no':<3}  {'  ' * depth}{reason.words}{has}")
        _write_reasons(list(reason.parts), depth + 1)


def _explanation(found: Explanation) -> dict[str, object]:
    return {
        "query": found.text,
        "count": found.count,
        "order": found.order,
        "part": _part(found.root, found.text),
        "drop": [
            {
                "parts": [found.text[part.start : part.end] for part in drop.parts],
                "count": drop.count,
                "query": drop.text,
            }
            for drop in found.droppable
        ],
    }


def _part(part: Part, text: str) -> dict[str, object]:
    return {
        "words": part.words,
        "text": text[part.start : part.end],
        "count": part.count,
        "left": part.left,
        "parts": [_part(each, text) for each in part.parts],
    }


def _reason(reason: Reason, text: str) -> dict[str, object]:
    return {
        "words": reason.words,
        "text": text[reason.start : reason.end],
        "accepts": reason.accepts,
        "has": reason.has,
        "parts": [_reason(each, text) for each in reason.parts],
    }


def _shown(text: str) -> str:
    return encodable(clean(text))
