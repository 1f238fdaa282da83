"""What a record says: the article, its file, and the related links that lead out of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from reader.commands.article import article_lines, body_text
from reader.library.collection import Opened
from reader.records.hosts import warning
from reader.records.record import Body, Problem, Record, Related
from reader.records.text import display, display_lines

from .telling import file_lines, path_shown

if TYPE_CHECKING:
    from .session import Session


class Looking:
    """The commands that say what a record holds."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.card: Related | None = None
        """A related link from outside the collection, while one is at it."""

    def opened(self) -> Opened | None:
        """Return the file where one is, read just now; else say why there is none."""
        record_id = self._session.listing.current_id
        opened = None if record_id is None else self._session.collection.open_record(record_id)
        if opened is None:
            self._session.fail(
                "There is no record here." if record_id is None else "The file is gone."
            )
        return opened

    def record(self) -> Record | None:
        """Return the record where one is, as its file has it now; else say why there is none."""
        opened = self.opened()
        if opened is None:
            return None
        if isinstance(opened.record, Problem):
            self._session.fail("This file cannot be read as a record.")
            return None
        return opened.record

    # -- the article ------------------------------------------------------------------------------
    def do_open(self, rest: str) -> None:
        if rest:
            self._session.going.do_go(rest)
        if self.card is not None:
            self._session.console.page(self._card_lines(self.card))
            return
        opened = self.opened()
        if opened is None:
            return
        if isinstance(opened.record, Problem):
            at = f"Line {opened.record.line}: " if opened.record.line else ""
            self._session.say(path_shown(opened.path))
            self._session.say(f"{at}{display(opened.record.reason)}")
            return
        self._session.console.page(self._article(opened, opened.record))
        self._session.collection.set_read([opened.id], True)

    def _article(self, opened: Opened, record: Record) -> Iterator[str]:
        collection = self._session.collection

        # What it says comes first, the title has just been said; empty lines and columns say nothing
        # to somebody who listens.
        until = collection.deferrals().get(opened.id)
        rest = replace(record, excerpt=None, body="", body_kind=Body.NONE)
        lines = chain(
            display_lines(record.excerpt or "").split("\n"),
            body_text(record).split("\n"),
            islice(article_lines(rest, collection.path_of_url, until=until, columns=0), 1, None),
        )
        yield from filter(None, (" ".join(line.split()) for line in lines))
        for row in collection.mentioned_by(opened.id):
            yield f"mentioned by: {row.title}"
        yield f"file: {path_shown(opened.path)}"

    def do_more(self, rest: str) -> None:
        if self._session.console.has_more:
            self._session.console.more()
        else:
            self._session.say("There is no more.")

    def do_raw(self, rest: str) -> None:
        opened = self.opened()
        if opened is not None:
            self._session.console.page(
                f"{number} {line}" for number, line in enumerate(file_lines(opened.data), 1)
            )

    # -- related links ----------------------------------------------------------------------------
    def do_related_open(self, rest: str) -> None:
        record = self.record() if self.card is None else None
        if record is None:
            if self.card is not None:
                self._session.fail(f"This is a related link itself; {self._session.going.returns}.")
            return
        if not rest:
            self._session.fail("Give the number of a related link.")
            return
        number = int(rest[:9]) if rest.isascii() and rest.isdigit() else 0
        if not 1 <= number <= len(record.related):
            count = len(record.related)
            how_many = f"{count} related links" if count else "no related links"
            self._session.fail(f"There is no number {rest[:9]}: this record has {how_many}.")
            return
        related = record.related[number - 1]
        found = self._session.collection.id_of_url(related.url) if related.url else None
        if found is not None:
            self._session.going.leave_for(found)
        else:
            self.card = related
            self._session.console.page(self._card_lines(related))

    def _card_lines(self, related: Related) -> Iterator[str]:
        """Yield what is known of a related link that is no record here."""
        yield f"Not a record here: {display(related.title or related.url or '(no title)')}"
        name = related.provider.name or related.provider.domain
        if name:
            yield f"provider: {display(name)}"
        if related.excerpt:
            yield display(related.excerpt)
        if related.url:
            yield display(f"{related.url} {warning(related.url)}".rstrip())
        opens = self._session.words.name_of("link.open")
        yield f"{self._session.going.returns}, {opens} opens the link."
