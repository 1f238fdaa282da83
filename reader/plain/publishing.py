"""Committing and syncing in the line mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reader.records.counting import counted
from reader.records.edit import name_of
from reader.records.shown_value import shown_value
from reader.records.text import display

from .console import YES_OR_NO
from .telling import and_more, path_shown

if TYPE_CHECKING:
    from reader.library.publishing import Commit, Publishing
    from reader.records.merge import Both, Side

    from .session import Session

MOST_TOLD = 10


class PublishingLines:
    """The commands that have to do with git."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def _opened(self) -> Publishing | None:
        from reader.library.git import GitError
        from reader.library.publishing import Publishing

        why_not = self._session.editing.why_not
        if why_not:
            self._session.fail(why_not)
            return None
        try:
            publishing = Publishing(
                self._session.collection,
                self._session.editing,
                can_prompt=self._session.console.is_interactive,
            )
            told = publishing.recover()
        except GitError as error:
            self._session.fail(display(str(error)))
            return None
        if told:
            self._session.say(display(told))
        return publishing

    def do_git_commit(self, rest: str) -> None:
        """Commit what was decided here, after a question; `rest` is the message's first line."""
        publishing = self._opened()
        if publishing is None:
            return
        commit = publishing.plan(rest)
        if not commit.records:
            self._session.say("There is nothing to commit.")
            return
        self._tell(commit)
        subject = display(commit.message.partition("\n")[0])
        question = f"Commit them as “{subject}”? y or n:"
        instead = "`reader commit` in the shell does that without a question."
        if self._session.console.ask(question, YES_OR_NO, instead=instead) != "yes":
            self._session.fail("Nothing was committed.")
            return
        self._session.say(f"Committed: {publishing.commit(rest).id}.")

    def do_git_sync(self, rest: str) -> None:
        publishing = self._opened()
        if publishing is None:
            return
        exchange = publishing.sync(self._choose, told=self._tell)
        synced = exchange.synced
        for dispute in exchange.disputes:
            reason = "a field changed on both sides" if dispute.both else display(dispute.reason)
            self._session.fail(f"{path_shown(dispute.path)}: {reason}. It was not pulled.")
        pulled, pushed = counted(synced.pulled, "commit"), counted(synced.pushed, "commit")
        self._session.say(f"{display(synced.branch)}: pulled {pulled}, pushed {pushed}.")

    def _choose(self, path: bytes, both: Both) -> Side | None:
        say = self._session.say
        say(f"{path_shown(path)}: both sides changed {display(name_of(both.field))}.")
        say(f"ours: {shown_value(both.ours, both.field)}")
        say(f"theirs: {shown_value(both.theirs, both.field)}")
        answers = {"o": "ours", "ours": "ours", "t": "theirs", "theirs": "theirs", "": "neither"}
        question = "ours, theirs, or neither?"
        instead = "`reader sync --ours` or `reader sync --theirs` chooses in the shell."
        answer = self._session.console.ask(question, answers, instead=instead)
        return "ours" if answer == "ours" else "theirs" if answer == "theirs" else None

    def _tell(self, commit: Commit) -> None:
        lines = [f"{', '.join(each.kinds)}: {path_shown(each.path)}" for each in commit.records]
        for line in and_more(lines, MOST_TOLD):
            self._session.say(line)
