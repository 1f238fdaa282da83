"""git at the desk: what differs, the commit of what was decided here, and the sync."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from reader.records.counting import counted
from reader.records.edit import Field, name_of
from reader.records.shown_value import shown_value
from reader.records.text import clean, display, encodable

from .jobs.edits import Edits, NotEdited
from .widgets.pieces import Line, Piece

if TYPE_CHECKING:
    from collections.abc import Callable

    from reader.library.editing import Editing
    from reader.library.publishing import Commit, Exchange, Publishing
    from reader.records.merge import Both, Side

    from .screens.desk import Desk

_Answers = dict[tuple[bytes, Field], "Side"]


@dataclass
class CommitPlanned(Message):
    """What a commit would hold."""

    commit: Commit


@dataclass
class Committed(Message):
    """A commit was made, or there was nothing to commit."""

    commit: Commit


@dataclass
class Exchanged(Message):
    """A sync came to its end."""

    exchange: Exchange
    answers: _Answers


class PublishingKeys:
    """Commit and sync at one desk. git works in the thread that edits, in order with it."""

    def __init__(self, desk: Desk, queue: Edits) -> None:
        self._desk = desk
        self._edits = queue

    def do_git_commit(self) -> None:
        if self._may():
            self._say("Looking at what was decided here …")
            self._edits.do(self._in_git(lambda publishing: CommitPlanned(publishing.plan())))

    def do_git_sync(self) -> None:
        if self._may():
            self._sync({})

    def _may(self) -> bool:
        if not self._desk.editing.can_journal:
            self._say(self._desk.editing.why_not)
            return False
        if self._edits.is_busy:
            self._say(self._desk.own_keys.busy)
            return False
        return True

    def _in_git(self, work: Callable[[Publishing], Message]) -> Callable[[Editing], Message]:
        """Return work for the thread: with the collection's repository, git's troubles told."""

        def run(editing: Editing) -> Message:
            from reader.library.git import GitError
            from reader.library.publishing import Publishing

            try:
                publishing = Publishing(self._desk.collection, editing)
                told = publishing.recover()
                if told:
                    self._desk.collection.notices.append(told)
                return work(publishing)
            except GitError as error:
                return NotEdited(str(error))

        return run

    # -- the commit -------------------------------------------------------------------------------
    def planned(self, commit: Commit) -> None:
        """Show the commit, to be confirmed."""
        from .screens.question import Choice, Question

        if not commit.records:
            self._say("Nothing that was decided here differs from the last commit.")
            return
        lines: list[Line] = [
            (Piece(encodable(clean(line))),) for line in commit.message.split("\n")[:200]
        ]
        count = len(commit.records)
        heading = f"COMMIT {count:,} RECORD{'' if count == 1 else 'S'}"

        def answered(yes: bool | None) -> None:
            if yes:
                self._edits.do(self._in_git(lambda publishing: Committed(publishing.commit())))
            else:
                self._say("Nothing was committed.")

        choices = [Choice("y", "commit", True), Choice("n", "no", False)]
        self._desk.app.push_screen(Question(lines, choices, self._desk.glyphs, heading), answered)

    def committed(self, commit: Commit) -> None:
        """Say what was committed."""
        if commit.id is None:
            self._say("There was nothing to commit.")
        else:
            self._say(f"Committed {commit.id}: {display(commit.message.splitlines()[0])}.")
        self._desk.look_at_git()

    # -- the sync ---------------------------------------------------------------------------------
    def _sync(self, answers: _Answers) -> None:
        key = self._desk.own_keys.key_of("back")
        self._say(f"Committing, pulling and pushing; {key} stops it.")

        def choose(path: bytes, both: Both) -> Side | None:
            return answers.get((path, both.field))

        def told(commit: Commit) -> None:
            if commit.id is not None:  # which stays, whatever becomes of the rest
                self._desk.post_message(Committed(commit))

        self._edits.sync(
            lambda editing, cancelled: self._in_git(
                lambda publishing: Exchanged(
                    publishing.sync(choose, told=told, cancelled=cancelled),
                    answers,
                )
            )(editing)
        )

    def exchanged(self, message: Exchanged) -> None:
        """Say what a sync has done, or ask about the fields that both sides changed."""
        exchange = message.exchange
        self._desk.edited(renew=True)
        self._desk.look_at_git()
        if not exchange.disputes:
            synced = exchange.synced
            self._say(
                f"{synced.branch}: pulled {counted(synced.pulled, 'commit')}, pushed"
                f" {counted(synced.pushed, 'commit')}."
            )
            return
        whole = [each for each in exchange.disputes if each.both is None]
        if whole:
            path = encodable(clean(os.fsdecode(whole[0].path)))
            self._say(f"Nothing was pulled or pushed: {path}: {whole[0].reason}")
            return
        self._ask(message, 0)

    def _ask(self, message: Exchanged, number: int) -> None:
        from .screens.question import Choice, Question
        from .triage import CALM

        disputes = message.exchange.disputes
        if number == len(disputes):
            self._sync(message.answers)
            return
        dispute = disputes[number]
        both = dispute.both
        assert both is not None
        path = encodable(clean(os.fsdecode(dispute.path)))
        lines: list[Line] = [
            (Piece(path, "pane--strong"),),
            (Piece(f"Both sides changed {name_of(both.field)}."),),
            (),
            (Piece("before  ", "pane--dim"), Piece(shown_value(both.base, both.field))),
            (
                Piece("ours    ", "pane--dim"),
                Piece(shown_value(both.ours, both.field), "pane--accent"),
            ),
            (
                Piece("theirs  ", "pane--dim"),
                Piece(shown_value(both.theirs, both.field), "pane--warning"),
            ),
        ]
        ours: Side = "ours"
        theirs: Side = "theirs"
        choices = [Choice("o", "keep ours", ours), Choice("t", "take theirs", theirs)]

        def answered(side: Side | None) -> None:
            if side is None:
                self._say("Nothing was pulled or pushed; what was decided is committed here.")
                return
            message.answers[dispute.path, both.field] = side
            self._ask(message, number + 1)

        heading = f"BOTH VALUES  {number + 1} of {len(disputes)}"
        question = Question(
            lines, choices, self._desk.glyphs, heading, calm=CALM if not number else 0
        )
        self._desk.app.push_screen(question, answered)

    def _say(self, text: str) -> None:
        self._desk.footer.say(text)
