"""Links in the line mode: named, opened, said to be copied, and what checking says of them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING

from reader.records.decisions import Decision
from reader.records.hosts import warning
from reader.records.link_history import Known
from reader.records.links import links_of
from reader.records.text import clean, display
from reader.records.urls import is_web_url
from reader.records.verdicts import Verdict

from .telling import path_shown

if TYPE_CHECKING:
    from .session import Session

COPIES = ("url", "title", "markdown", "path", "json")


class LinkLines:
    """The commands that have to do with links."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # -- of the record ----------------------------------------------------------------------------
    def do_links(self, rest: str) -> None:
        links = self._links()
        if links is not None:
            lines = [
                f"{number}. {role}: {display(f'{url} {warning(url)}'.rstrip())}"
                for number, (role, url) in enumerate(links, 1)
            ]
            self._session.console.page(lines or ["This record has no link."])

    def _links(self) -> list[tuple[str, str]] | None:
        card = self._session.looking.card
        if card is not None:
            return [("web", card.url)] if card.url else []
        record = self._session.looking.record()
        return None if record is None else [(str(each.role), each.url) for each in links_of(record)]

    def _url(self, rest: str, command: str) -> str | None:
        """Return the link with a number of `links`, else the record's own; None: it is said why."""
        links = self._links()
        if links is None:
            return None
        if rest:
            if rest.isascii() and rest.isdigit() and 0 < int(rest[:9]) <= len(links):
                return links[int(rest[:9]) - 1][1]
            name = self._session.words.name_of(command)
            self._session.fail(f"Give a number of links, such as {name} 2.")
            return None
        card = self._session.looking.card
        record = self._session.looking.record() if card is None else None
        url = record.url if record is not None else card.url if card else None
        if url is None:
            self._session.fail("This record has no link.")
        return url

    def do_link_open(self, rest: str) -> None:
        url = self._url(rest, "link.open")
        if url is None:
            return
        if not is_web_url(url):
            self._session.fail(f"Not opened: {display(url)[:200]} is no http or https link.")
            return
        from reader.terminal.browsers import find_browser, open_detached, open_in_terminal

        browser = find_browser() if self._session.console.is_interactive else None
        if browser is None:
            self._say_url(url)
            self._session.say("No browser here: set $BROWSER, to w3m or lynx.")
            return
        start = open_in_terminal if browser.in_terminal else open_detached
        trouble = start(browser, url)
        if trouble:
            self._session.fail(trouble)
        else:
            self._session.say(f"Started {browser.command[0]}.")

    # -- to be copied -----------------------------------------------------------------------------
    def do_link_copy(self, rest: str) -> None:
        url = self._url(rest, "link.copy")
        if url is not None:
            self._say_url(url)

    def do_copy_menu(self, rest: str) -> None:
        """Say a part of the record by itself, to be copied."""
        what = rest.casefold()
        if not what or what == "url" or what.isdigit():
            self.do_link_copy("" if what == "url" else rest)
            return
        if what not in COPIES:
            self._session.fail(f"Say one of {', '.join(COPIES)}, or a number of links.")
            return
        opened = self._session.looking.opened()
        if opened is None:
            return
        if what == "path":
            from reader.records.pasting import path_to_paste

            path = os.path.join(self._session.collection.root, opened.path)
            self._session.say(path_shown(path_to_paste(path)))
            return
        record = self._session.looking.record()
        if record is None:
            return
        if what == "json":
            from reader.records.json_fields import record_fields, to_json

            fields = record_fields(opened.path, record)
            fields.pop("secured", None)
            self._session.say(to_json(fields, indent=1))
            return
        title = display(record.title or "")
        if not title:
            self._session.fail("This record has no title.")
        elif what == "title":
            self._session.say(title)
        elif record.url is None:
            self._session.fail("This record has no link.")
        else:
            from reader.records.pasting import markdown_link, url_to_paste

            self._session.say(markdown_link(title, url_to_paste(record.url)))

    def _say_url(self, url: str) -> None:
        self._session.say(display(url))
        if plain := warning(url):
            self._session.say(f"Its host is {display(plain[1:-1])}.")

    # -- what checking says -----------------------------------------------------------------------
    def do_link_evidence(self, rest: str) -> None:
        """Say what checking has said of the record's links."""
        record = self._session.looking.record()
        if record is None:
            return
        keys = list(dict.fromkeys(link.key for link in links_of(record)))
        known = self._session.collection.verdicts.of_keys(keys)
        lines = [verdict_line(each) for each in known]
        check = self._session.words.name_of("check")
        self._session.console.page(lines or [f"No link of it was checked yet; {check} does."])

    def do_link_works(self, rest: str) -> None:
        """Note that the user opened the link and it works; again: take that back."""
        url = self._url(rest, "link.works")
        if url is None:
            return
        verdicts = self._session.collection.verdicts
        known = verdicts.of([url]).get(url)
        if known is None:
            check = self._session.words.name_of("check")
            self._session.fail(f"This link was never checked; {check} does.")
            return
        works = known.said.overridden_at is None
        try:
            verdicts.set_works(known.check.url, works)
        except sqlite3.Error as error:
            self._session.fail(f"That could not be kept ({error}).")
            return
        if works:
            self._session.say("You opened it and it works: so it stands until a check finds else.")
        else:
            self._session.say("Taken back: what checking found counts again.")

    def do_link_take(self, rest: str) -> None:
        """Write where a moved link leads, or what the AMP cache URL has to be, into the file."""
        from reader.records.amp_cache import differing

        session = self._session
        if session.listing.marked:
            targets = session.collection.verdicts.moved(list(session.listing.marked))
            if targets:
                session.deciding.decide(Decision("relink", {"targets": targets}))
            else:
                session.fail("None of the marked records has a link that has moved.")
            return
        opened = session.forms.opened()
        if opened is None:
            return
        target, record = opened
        moved = session.collection.verdicts.moved([target.id] if target.id is not None else [])
        if moved:
            session.forms.after_a_look(Decision("relink", {"targets": moved}), target, record)
        elif differing(record.data):
            session.forms.after_a_look(Decision("amp-cache"), target, record)
        else:
            session.fail("Nothing to take: no link here has moved, and no AMP cache URL is wrong.")

    def do_checked(self, rest: str) -> None:
        """Say how many links have which verdict; `rest`: list those of one verdict."""
        verdicts = self._session.collection.verdicts
        if not rest:
            counts = verdicts.counts()
            lines = [f"{each}: {counts[each]:,}" for each in Verdict if counts.get(each)]
            self._session.console.page(lines or ["No link was checked yet."])
            return
        if rest not in set(Verdict):
            self._session.fail(f"There is no verdict “{clean(rest[:40])}”: {', '.join(Verdict)}.")
            return
        keys = [each.key for each in verdicts.checked(Verdict(rest))]
        self._session.console.page(self._with_records(keys) if keys else [f"No link is {rest}."])

    def _with_records(self, keys: list[int]) -> Iterator[str]:
        """Yield these links, each with a record that has it."""
        collection = self._session.collection
        for start in range(0, len(keys), 100):
            some = keys[start : start + 100]
            known_of = {each.key: each for each in collection.verdicts.of_keys(some)}
            for known in (known_of[key] for key in some if key in known_of):
                yield verdict_line(known)
                places = collection.verdicts.records_with(known.check.url)
                ids = list(dict.fromkeys(id for id, _ in places))
                rows = collection.rows(ids[:1])
                if rows:
                    more = f", and {len(ids) - 1:,} more" if len(ids) > 1 else ""
                    yield f"in: {rows[0].title}{more}"


def verdict_line(known: Known) -> str:
    """Return what is said of a link: `gone: https://…: why`."""
    said = known.said
    url = f"{known.check.url} {warning(known.check.url)}".rstrip()
    leads = f" It leads to {known.check.moved_to}" if said.verdict is Verdict.MOVED else ""
    return display(f"{said.verdict}: {url}: {said.reason}{leads}".rstrip(": "))
