"""What the commands that edit have in common: the collection opened for it, and the results told."""

from __future__ import annotations

import contextlib
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from reader import config
from reader.config import table
from reader.records.json_fields import to_json
from reader.records.text import encodable

from . import DONE, FAILED, FOUND, INTERRUPTED, CommandError
from .opening import choose, given_path, opened, settings
from .output import exact_path, note, write, write_exact

if TYPE_CHECKING:
    from reader.library.collection import Collection
    from reader.library.editing import Editing
    from reader.library.outcome import Outcome, Result
    from reader.library.rules import Rules


def rules_of(chosen: config.Config, *, read_only: bool = False) -> Rules:
    """Return what settings and options say of editing."""
    from reader.library.rules import Rules

    wrong = chosen.wrong_of(table.EDIT)
    if read_only:
        why_not = "--read-only"
    elif chosen[table.EDIT]:
        why_not = ""
    else:
        why_not = (
            f"edit = false in {chosen.value(table.EDIT).where}" if wrong is None else str(wrong)
        )
    return Rules(not why_not, why_not, chosen[table.REJECT], chosen[table.ARCHIVE])


@contextlib.contextmanager
def opened_for_editing(args: Namespace) -> Iterator[tuple[Collection, Editing]]:
    """Open the collection that the arguments name, brought up to date, and what edits it.

    What a reader that was killed left half done is settled first. Raises CommandError."""
    from reader.library.editing import Editing
    from reader.library.journal import JournalError

    chosen = settings(args, to_edit=True)
    with opened(choose(given_path(args), chosen), args, chosen) as collection:
        rules = rules_of(chosen, read_only=args.read_only)
        editing = Editing(collection, rules, "command")
        try:
            for told in editing.recover():
                note(told)
            yield collection, editing
        except JournalError as error:
            raise CommandError(str(error), FAILED) from None
        finally:
            editing.close()


def add_outcome(parser: ArgumentParser) -> None:
    """Add how results are told."""
    parser.add_argument("--json", action="store_true", help="as JSON")


def tell(
    outcomes: Sequence[Outcome], args: Namespace, *, dry_run: bool = False, several: bool = False
) -> int:
    """Write what became of each record, as a list of outcomes with `several`; return the exit code:
    1 where some could not be done, 3 where nothing could, 130 where it was stopped."""
    from reader.library.outcome import Became

    untold = list(outcomes)
    try:
        if args.json:
            values = [outcome_as_json(each, dry_run=dry_run) for each in outcomes]
            write_exact(to_json(values if several else values[0], indent=1) + "\n")
        for outcome in outcomes:
            if not args.json:
                for result in outcome.results:
                    done = outcome.made(result).done
                    _write(outcome, result, _word(outcome, done, dry_run=dry_run))
            note(summary(untold.pop(0), dry_run=dry_run))
    except OSError:  # the output is gone or full; it was done all the same
        for outcome in untold:
            note(summary(outcome, dry_run=dry_run))
        raise
    if any(outcome.cancelled for outcome in outcomes):
        return INTERRUPTED
    good = {Became.DONE, Became.ALREADY}
    became = {result.became for outcome in outcomes for result in outcome.results}
    if became <= good:
        return DONE
    return FOUND if became & good else FAILED


def outcome_as_json(outcome: Outcome, *, dry_run: bool = False) -> dict[str, object]:
    """Return an outcome as plain values: the decision, the step, and each record's result."""
    return {
        **outcome.decision.as_told(),
        "how": str(outcome.how),
        "step": outcome.step,
        **({} if outcome.of is None else {"of": outcome.of}),
        "dry_run": dry_run,
        "results": [
            {
                "path": encodable(_path(result)),
                "became": str(result.became),
                "title": result.title,
                "reason": result.reason or None,
            }
            for result in outcome.results
        ],
    }


def summary(outcome: Outcome, *, dry_run: bool = False) -> str:
    """Return one line that says what became of a step."""
    from reader.library.journal import How
    from reader.library.outcome import Became

    is_one = outcome.count(Became.ALREADY) == 1
    are = ("is" if is_one else "are") if dry_run else ("was" if is_one else "were")
    names = {
        Became.DONE: "would change" if dry_run else "changed",
        Became.ALREADY: f"{are} {_already(outcome)}",
        Became.REFUSED: "refused",
        Became.CLASH: "changed by someone else meanwhile",
        Became.FAILED: "failed",
    }
    counts = [
        f"{count:,} {name}" for became, name in names.items() if (count := outcome.count(became))
    ]
    what = outcome.decision.label
    if outcome.how is not How.DECISION:
        which = f"step {outcome.of}, " if dry_run else ""
        what = f"{outcome.how} of {which}{what}"
    stopped = ", stopped" if outcome.cancelled else ""
    text = f"{what}: {', '.join(counts) or 'nothing to do'}{stopped}."
    if outcome.step is not None and not dry_run:
        back = "redo" if outcome.how is How.UNDO else "undo"
        text += f" Step {outcome.step}; `reader {back}` takes it back."
    return text


def _word(outcome: Outcome, done: str, *, dry_run: bool) -> str:
    from reader.library.journal import How

    word = {How.UNDO: "undone", How.REDO: "redone"}.get(outcome.how, done)
    return f"would be {word}" if dry_run else word


def _already(outcome: Outcome) -> str:
    from reader.library.journal import How

    return "set back already" if outcome.how is How.UNDO else "so already"


def _write(outcome: Outcome, result: Result, word: str) -> None:
    from reader.library.outcome import Became

    told = word if result.became is Became.DONE else str(result.became)
    if result.became is Became.ALREADY:
        told = _already(outcome)
    reason = f"\t{result.reason}" if result.became not in (Became.DONE, Became.ALREADY) else ""
    write(f"{told}\t{exact_path(_path(result))}{reason}")


def _path(result: Result) -> str:
    import os

    return os.fsdecode(result.path)
