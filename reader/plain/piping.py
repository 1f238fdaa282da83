"""A record given to a program in the line mode: what would be run is said first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reader.records.text import clean, clean_lines, encodable
from reader.terminal.programs import MOST, SHELL_READS, given, planned, reads_in_words, run

from .console import YES_OR_NO

if TYPE_CHECKING:
    from .session import Session


class PipingLines:
    """The command that runs a program on the record."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def do_pipe(self, rest: str) -> None:
        """Run a program on the record where one is, after a question, and say what it wrote."""
        session = self._session
        if not rest:
            session.fail(f"Say which program, after it: {session.words.name_of('pipe')} jq .title.")
            return
        opened = session.looking.opened()
        record = None if opened is None else session.looking.record()
        if opened is None or record is None:
            return
        what = planned(rest, given(session.collection.root, opened.path, record))
        if isinstance(what, str):
            session.fail(what)
            return
        session.say(f"Runs: {clean(encodable(what.argv[0]))}")
        for word in what.argv[1:]:
            session.say(f"with: {clean(encodable(word)) or 'an empty argument'}")
        session.say(f"It reads {reads_in_words(what)}.")
        if what.shell:
            session.say(SHELL_READS)
        instead = "`reader show RECORD --json | PROGRAM` does that in the shell."
        if session.console.ask("Run it? y or n:", YES_OR_NO, instead=instead) != "yes":
            session.fail("Nothing was run.")
            return
        said, output = run(what)
        text = clean_lines(output[:MOST].decode("utf-8", "replace").replace("\r\n", "\n"))
        session.say(said)
        more = ["The rest is not said."] if len(output) > MOST else []
        session.console.page([*filter(None, text.split("\n")), *more])
