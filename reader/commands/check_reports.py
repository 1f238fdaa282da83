"""A check told to programs: JSON, JUnit's XML, and Markdown for people."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from reader.records.check_values import check_fields
from reader.records.counting import counted
from reader.records.json_fields import to_json
from reader.records.link_history import failed_in_a_row
from reader.records.text import clean, encodable
from reader.records.verdicts import Verdict

from . import USAGE, CommandError
from .check_findings import Finding
from .checked_lines import verdicts_text
from .output import write_exact

if TYPE_CHECKING:
    from reader.checking import Ended, Found

_NOT_WELL = (
    Verdict.GONE, Verdict.SUSPECT, Verdict.FAILING, Verdict.FLAKY, Verdict.UNSAFE, Verdict.BLOCKED,
    Verdict.MOVED, Verdict.REDIRECTED, Verdict.UNKNOWN,
)  # fmt: skip
_NO_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


def add_reports(parser: ArgumentParser) -> None:
    """Add in which forms a check is told."""
    group = parser.add_argument_group("output")
    group.add_argument(
        "--all", action="store_true", help="a line for every link, also if it answers"
    )
    form = group.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one object: links, findings, summary")
    form.add_argument(
        "--jsonl",
        action="store_true",
        help="one link a line, as JSON, as it comes (--offline: one finding)",
    )
    group.add_argument("--junit", metavar="FILE", help="also as JUnit's XML; - is the output")
    group.add_argument("--markdown", metavar="FILE", help="also as Markdown; - is the output")


class Reports:
    """What the options ask for. Files are tried at once, so that no run is in vain."""

    def __init__(self, args: Namespace) -> None:
        self._args = args
        self._keeps = args.json or args.junit is not None or args.markdown is not None
        self._links: list[Found] = []
        self._findings: list[Finding] = []
        outputs = [args.json or args.jsonl, args.junit == "-", args.markdown == "-"]
        if sum(map(bool, outputs)) > 1:
            raise CommandError("only one report can be the output; name a FILE for others.", USAGE)
        for option, file in (("--junit", args.junit), ("--markdown", args.markdown)):
            if file == "":
                raise CommandError(f"{option} is empty; name a file, or - for the output.", USAGE)
            if file is not None and args.plan:
                raise CommandError(f"{option}: with --plan there is nothing to report yet.", USAGE)
            if file not in (None, "-"):
                _try(option, file)

    def link(self, found: Found) -> None:
        """Take one link in."""
        if self._args.jsonl:
            write_exact(to_json(link_fields(found)) + "\n")
        elif self._keeps:
            self._links.append(found)

    def finding(self, finding: Finding) -> None:
        """Take in something that was seen without the network."""
        if self._args.jsonl and self._args.offline:
            write_exact(to_json(finding_fields(finding)) + "\n")
        elif self._keeps:
            self._findings.append(finding)

    def write(self, counts: Counter[Verdict], ended: Ended | None) -> None:
        """Write what is asked for at the end."""
        if self._args.json:
            summary = ended.summary if ended is not None else None
            values = {
                "links": [link_fields(found) for found in self._links],
                "findings": [finding_fields(finding) for finding in self._findings],
                "summary": {
                    **{verdict.value: counts[verdict] for verdict in Verdict},
                    "hosts": summary.hosts if summary else 0,
                    "requests": summary.requests if summary else 0,
                    "seconds": round(summary.seconds, 3) if summary else 0,
                    "left_hosts": list(summary.left_hosts) if summary else [],
                },
            }
            write_exact(to_json(values, indent=1) + "\n")
        for file, make in ((self._args.junit, self._junit), (self._args.markdown, self._markdown)):
            if file is not None:
                _write(file, make(counts))

    def _junit(self, counts: Counter[Verdict]) -> str:
        wanted = self._args.fail_on
        failures = sum(counts[verdict] for verdict in Verdict if verdict in wanted)
        failures += sum(finding.kind in wanted for finding in self._findings)
        total = len(self._links) + len(self._findings)
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuite name="reader check" tests="{total}" failures="{failures}">',
        ]
        for found in self._links:
            said = found.known.said
            paths = ", ".join(place.path for place in found.places)
            host = _attribute(_host(found))
            lines.append(f"<testcase classname={host} name={_attribute(found.known.check.url)}>")
            text = f"{said.reason}\n{paths}"
            if said.verdict in wanted:
                kind, message = _attribute(said.verdict), _attribute(said.reason)
                lines.append(f"<failure type={kind} message={message}>{_text(text)}</failure>")
            elif said.verdict is not Verdict.OK:
                lines.append(f"<system-out>{_text(f'{said.verdict}: {text}')}</system-out>")
            lines.append("</testcase>")
        for finding in self._findings:
            name = _attribute(f"{finding.path}: {finding.field}")
            lines.append(f'<testcase classname="{finding.kind}" name={name}>')
            tag = "failure" if finding.kind in wanted else "system-out"
            message = f" message={_attribute(finding.reason)}" if tag == "failure" else ""
            lines.append(f"<{tag}{message}>{_text(finding.wanted or finding.reason)}</{tag}>")
            lines.append("</testcase>")
        return "\n".join([*lines, "</testsuite>", ""])

    def _markdown(self, counts: Counter[Verdict]) -> str:
        lines = ["# Links", "", f"{counted(len(self._links), 'URL')}: {verdicts_text(counts)}.", ""]
        for verdict in _NOT_WELL:
            links = [each for each in self._links if each.known.said.verdict is verdict]
            if links:
                lines += [
                    f"## {verdict.capitalize()}",
                    "",
                    "| URL | Why | Records |",
                    "|---|---|---|",
                ]
                lines += [_row(each) for each in links]
                lines.append("")
        if self._findings:
            lines += ["## Without the network", "", "| Record | Field | Why | Instead |"]
            lines.append("|---|---|---|---|")
            lines += [
                f"| {_code(each.path)} | {_code(each.field)} | {_cell(each.reason)}"
                f" | {_code(each.wanted) if each.wanted else ''} |"
                for each in self._findings
            ]
            lines.append("")
        return "\n".join(lines)


def link_fields(found: Found) -> dict[str, Any]:
    """Return a link as JSON's own types. Times are ISO 8601 in UTC."""
    known = found.known
    said = known.said
    fields = check_fields(known.check)
    chain = [{"url": encodable(url), "status": status} for url, status in fields.pop("chain", ())]
    fields = {name: encodable(v) if isinstance(v, str) else v for name, v in fields.items()}
    fields |= {"verdict": said.verdict.value, "reason": encodable(said.reason), "chain": chain}
    return {
        **fields,
        "at": _iso(known.check.at),
        "times": known.times,
        "failed_in_a_row": failed_in_a_row(known.past),
        "overridden_at": None if said.overridden_at is None else _iso(said.overridden_at),
        "amp": None if found.amp is None else found.amp.value,
        "asked": found.asked,
        "records": [
            {"path": encodable(place.path), "role": place.role.value} for place in found.places
        ],
    }


def finding_fields(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON's own types."""
    return {
        "kind": finding.kind,
        "path": encodable(finding.path),
        "field": encodable(finding.field),
        "found": None if finding.found is None else encodable(finding.found),
        "wanted": None if finding.wanted is None else encodable(finding.wanted),
        "reason": finding.reason,
    }


def _iso(seconds: float) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        return ""


def _host(found: Found) -> str:
    from reader.records.urls import host_of

    return host_of(found.known.check.url) or "no host"


def _row(found: Found) -> str:
    known = found.known
    why = known.said.reason
    if known.check.moved_to and known.said.verdict is Verdict.MOVED:
        why += f" It leads to {known.check.moved_to}"
    records = "<br>".join(f"{_code(each.path)} ({each.role})" for each in found.places)
    return f"| {_code(known.check.url)} | {_cell(why)} | {records} |"


def _code(text: str) -> str:
    safe = encodable(clean(text)).replace("`", "%60").replace("|", "%7C").replace("\n", " ")
    return f"`{safe}`"


def _cell(text: str) -> str:
    safe = encodable(clean(text)).replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
    return safe.replace("<", "&lt;").replace("`", "\\`").replace("[", "\\[").replace("*", "\\*")


def _attribute(text: str) -> str:
    return quoteattr(_xml(text))


def _text(text: str) -> str:
    return escape(_xml(text))


def _xml(text: str) -> str:
    return encodable(text).translate(_NO_XML)


def _try(option: str, file: str) -> None:
    try:
        with open(file, "a", encoding="utf-8"):
            pass
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CommandError(f"{option}: {file} cannot be written ({reason}).", USAGE) from None


def _write(file: str, text: str) -> None:
    if file == "-":
        write_exact(text)
        return
    with open(file, "w", encoding="utf-8") as stream:
        stream.write(text)
