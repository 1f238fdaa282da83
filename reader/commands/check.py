"""`reader check`: whether links answer, remembered and said fairly."""

from __future__ import annotations

import queue
import re
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from reader.records.counting import counted
from reader.records.json_fields import to_json
from reader.records.query import Query
from reader.records.verdicts import Role, Verdict

from . import DONE, FAILED, FOUND, INTERRUPTED, USAGE, CommandError, nearest
from .check_findings import Finding, findings
from .check_reports import Reports, add_reports
from .checked_lines import EVERY, Lines
from .opening import add_collection, opened_from, settings
from .output import ProgressLine, note, write, write_exact
from .paths_from import add_paths_from, paths_from
from .queries import parsed_query

if TYPE_CHECKING:
    from reader.checking import Ended
    from reader.library.collection import Collection
    from reader.library.link_plan import LinkPlan
    from reader.links.settings import CheckSettings
    from reader.records.link_history import Known

SUMMARY = "ask whether links answer"

EXAMPLES = """\
examples:
  reader check                          web, AMP and AMP cache links of the usual collection
  reader check ~/feed --where 'is:unpublished date:7d..' --max-age 7d
  reader check --roles all --plan       how many URLs on how many hosts; nothing is asked
  reader check --offline                only what needs no network: AMP cache URLs, broken links
  reader check --jsonl | jq -r 'select(.verdict == "moved") | .moved_to'
  reader check --junit report.xml --fail-on gone,failing,suspect

Each URL is asked once, however many records have it: politely, a few at once to one host, never an
address inside a private network (--allow 10.1.0.0/16 opens what you really have there), never by
itself. Sites are told which program asks; links.user_agent in the configuration adds how to reach
you. What is found is remembered: `reader links` lists it, and queries know it (link:gone).

verdicts: ok; moved (for good) and redirected (for now); blocked (the site refuses programs like
  this one); gone (404 or 410 twice, or no answer on three days); failing (no answer, an error);
  flaky (answers now and then); suspect (says that there is nothing, or leads to the front page);
  unsafe (not asked: no web address, or an inside one); unknown (not known yet).

output: a line for each link that is neither ok nor redirected (which answers, too): verdict, role,
URL, a path, and why; --all for every one. On a terminal one more line says how far it is. The last
line counts the verdicts. --json is {"links", "findings", "summary"}; --jsonl is the links alone,
one a line, as they come; with --offline, where no link is asked, the findings. With --plan,
--json is {"urls", "hosts", "unsafe", "recent"}.

exit codes: 0 all is well; 1 some link is gone or suspect (or what --fail-on names), with --offline
where anything was found; 2 wrong usage or configuration; 3 could not be done; 130 stopped by
Ctrl+C (what was found by then is remembered).
"""

AMP = "amp"
"""What `--fail-on` calls an AMP cache URL that is wrong or missing."""
_UNITS = {"min": 60, "h": 3600, "d": 86_400, "w": 604_800}


def add_arguments(parser: ArgumentParser) -> None:
    add_collection(parser)
    which = parser.add_argument_group("which links")
    which.add_argument("--where", metavar="Q", help="only of the records that a query asks for")
    add_paths_from(which)
    which.add_argument(
        "--roles",
        type=_roles,
        metavar="R",
        help=f"{', '.join(Role)}, or all (the setting's: web,amp,cdn-amp)",
    )
    which.add_argument(
        "--max-age",
        type=_age,
        metavar="T",
        help="leave out what was checked within this time: 30min, 12h, 7d, 2w",
    )
    how = parser.add_argument_group("how")
    how.add_argument("--plan", action="store_true", help="say what would be asked; ask nothing")
    how.add_argument("--offline", action="store_true", help="only what needs no network")
    how.add_argument(
        "--allow",
        action="append",
        default=[],
        metavar="CIDR",
        help="a network inside that may be asked, like 10.1.0.0/16",
    )
    how.add_argument(
        "--fail-on",
        type=_fail_on,
        metavar="V",
        help="verdicts that make the exit code 1 (gone,suspect), amp, or none",
    )
    add_reports(parser)


def run(args: Namespace) -> int:
    from reader.checking import check_settings, usual_roles

    configured = settings(args)
    chosen = check_settings(configured, args.allow)
    if isinstance(chosen, str):
        raise CommandError(chosen, USAGE)
    args.roles = args.roles or usual_roles(configured)
    if args.fail_on is None:
        args.fail_on = (AMP, Verdict.UNSAFE) if args.offline else (Verdict.GONE, Verdict.SUSPECT)
    reports = Reports(args)
    with opened_from(args) as collection:
        ids = _ids(collection, args)
        plan = collection.plan_links(ids, args.roles, args.max_age)
        if args.plan:
            return _tell_plan(collection, plan, chosen, args)
        lines = Lines(args, 0 if args.offline else plan.urls)
        told = []
        for finding in findings(collection, ids, args.roles, broken=args.offline):
            told.append(finding)
            reports.finding(finding)
            lines.finding(finding)
        if args.offline:
            reports.write(Counter(), None)
            lines.offline(len(ids), told)
            return _code(args, Counter(), told)
        run_ = _Run(collection, plan, reports, lines)
        ended, interrupted = run_.run(chosen)
        lines.end(run_.counts, plan, ended, interrupted)
        if not ended.error:
            reports.write(run_.counts, ended)
        if ended.error:
            raise CommandError(f"the check could not go on: {ended.error}.", FAILED)
        if ended.cut_off:
            raise CommandError(
                "no host answered at all, so nothing is remembered: this machine seems to have no"
                " network.",
                FAILED,
            )
        return INTERRUPTED if interrupted else _code(args, run_.counts, told)


class _Run:
    """One check, its results told by this thread: a reader of the output may be gone, and that is
    no reason to lose a verdict."""

    def __init__(
        self, collection: Collection, plan: LinkPlan, reports: Reports, lines: Lines
    ) -> None:
        self.counts: Counter[Verdict] = Counter()
        self._collection = collection
        self._plan = plan
        self._reports = reports
        self._lines = lines
        self._came: queue.SimpleQueue[Sequence[Known] | Ended] = queue.SimpleQueue()

    def run(self, chosen: object) -> tuple[Ended, bool]:
        """Run it; return its end, and whether it was stopped by Ctrl+C."""
        from reader.checking import Checking

        self._tell_recent()
        checking = Checking(
            self._collection,
            self._plan,
            chosen,  # type: ignore[arg-type]  # CheckSettings, which is not to be loaded here
            on_kept=self._came.put,
            on_end=self._came.put,
            on_error=note,
        )
        interrupted = False
        checking.start()
        try:
            while True:
                try:
                    ended = self._told()
                    break
                except KeyboardInterrupt:
                    if interrupted:
                        raise
                    interrupted = True
                    checking.cancel()
        finally:
            checking.cancel()
            checking.wait(10)
            self._lines.clear()
        return ended, interrupted

    def _told(self) -> Ended:
        while True:
            try:
                came = self._came.get(timeout=0.25)
            except queue.Empty:
                self._lines.progress(self.counts)
                continue
            if not isinstance(came, Sequence):
                return came
            self._tell(came, asked=True)

    def _tell(self, known: Iterable[Known], *, asked: bool) -> None:
        from reader.checking import found

        for each in found(self._collection, known, asked=asked):
            self.counts[each.known.said.verdict] += 1
            self._reports.link(each)
            self._lines.link(each, self.counts)

    def _tell_recent(self) -> None:
        """What was checked lately counts as it was found then."""
        keys = self._plan.recent
        for start in range(0, len(keys), 500):
            self._tell(self._collection.verdicts.of_keys(keys[start : start + 500]), asked=False)


def _ids(collection: Collection, args: Namespace) -> Sequence[int]:
    given = paths_from(collection, args)
    if args.where == "":
        raise CommandError("--where is empty; leave it out for all records.", USAGE)
    if args.where is None:
        return collection.ids(Query()) if given is None else given
    found = collection.find(parsed_query(collection, args.where))
    if given is None:
        return found
    among = set(given)
    return [id for id in found if id in among]


def _tell_plan(
    collection: Collection, plan: LinkPlan, chosen: CheckSettings, args: Namespace
) -> int:
    from reader.checking import asked

    line = ProgressLine()
    shown = time.monotonic()

    def progress(done: int, total: int) -> None:
        nonlocal shown
        if time.monotonic() - shown > EVERY:
            shown = time.monotonic()
            line.show(f"looking at {done:,} of {total:,} URLs")

    try:
        would = asked(collection, plan, chosen, progress)
    finally:
        line.clear()
    recent = len(plan.recent)
    if args.json or args.jsonl:
        values = {
            "urls": would.urls,
            "hosts": would.hosts,
            "unsafe": would.unsafe,
            "recent": recent,
        }
        write_exact(to_json(values) + "\n")
        return DONE
    text = f"{counted(would.urls, 'URL')} on {counted(would.hosts, 'host')} would be asked"
    if would.unsafe:
        text += f", {would.unsafe:,} would not (unsafe)"
    if recent:
        text += f"; {counted(recent, 'more URL')} checked lately left out"
    write(f"{text}.")
    return DONE


def _code(args: Namespace, counts: Counter[Verdict], told: Sequence[Finding]) -> int:
    if any(counts[verdict] for verdict in Verdict if verdict in args.fail_on):
        return FOUND
    return FOUND if any(finding.kind in args.fail_on for finding in told) else DONE


def _roles(given: str) -> tuple[Role, ...]:
    if given.strip() == "all":
        return tuple(Role)
    return tuple(Role(_one_of(each, list(Role), "role")) for each in given.split(","))


def _fail_on(given: str) -> tuple[str, ...]:
    if given.strip() == "none":
        return ()
    return tuple(_one_of(each, [*Verdict, AMP], "verdict") for each in given.split(","))


def _one_of(given: str, words: list[str], what: str) -> str:
    word = given.strip().lower()
    if word not in words:
        hint = nearest(word, [str(each) for each in words])
        raise ArgumentTypeError(f"there is no {what} “{given}”{hint} One of {', '.join(words)}.")
    return word


def _age(given: str) -> float:
    found = re.fullmatch(r"(\d{1,6})(min|h|d|w)", given.strip().lower())
    if found is None:
        raise ArgumentTypeError(f"“{given}” is no time like 30min, 12h, 7d or 2w.")
    return int(found[1]) * _UNITS[found[2]]
