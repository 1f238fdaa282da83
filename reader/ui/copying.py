"""Copying: what of a record goes to the clipboard, by which way, and what is said of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from reader.records.json_fields import record_fields, to_json
from reader.records.pasting import markdown_link, path_to_paste, url_to_paste
from reader.records.record import Record
from reader.records.text import clean, display
from reader.terminal.clipboard import Copied, Way, copy, ways

from .output.display import TerminalApp

if TYPE_CHECKING:
    from .screens.desk import Desk
    from .widgets.bars import FooterBar


@dataclass
class CopyDone(Message):
    """A text went to the clipboard, or did not."""

    text: str
    copied: Copied
    footer: FooterBar
    """Where it is said."""


class Copying:
    """What keys copy at one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def do_link_copy(self) -> None:
        url = self._desk.going.current_url()
        if url is None:
            self._desk.footer.say("This record has no link.")
        else:
            self.copy(url_to_paste(url))

    def do_copy_menu(self) -> None:
        from .screens.question import Choice, Question

        parts = self._parts()
        if not parts:
            self._desk.footer.say("There is nothing to copy here.")
            return
        choices = [Choice(key, f"{name:<14} {_short(text)}", text) for key, name, text in parts]
        question = Question[str]((), choices, self._desk.glyphs, "COPY")

        def answered(text: str | None) -> None:
            if text is not None:
                self.copy(text)

        self._desk.app.push_screen(question, answered)

    def done(self, message: CopyDone) -> None:
        """Say what became of it, and show the text: whole where the line has no room for it."""
        said, text, footer = message.copied.said, message.text, message.footer
        shown = clean(text)
        if "\n" not in text and footer.has_room(f"{said}: {shown}"):
            footer.say(f"{said}: {shown}")
            return
        footer.say(said)
        if not (message.copied.way and message.copied.way.confirms):
            from .screens.link import Sent
            from .screens.question import Question

            if isinstance(self._desk.app.screen, Question):
                return  # what waits for an answer is not covered by what took a while

            self._desk.app.push_screen(Sent(text, message.copied, self._desk.glyphs))

    # -- what there is --------------------------------------------------------------------------
    def _parts(self) -> list[tuple[str, str, str]]:
        """Key, name and text of what can be copied."""
        reading = self._desk.reading
        url = self._desk.going.current_url()
        url = None if url is None else url_to_paste(url)
        parts = [("u", "URL", url)] if url else []
        if reading.card is not None:
            title = display(reading.card.title or "")
            if title:
                parts.append(("t", "title", title))
            if title and url:
                parts.append(("m", "Markdown link", markdown_link(title, url)))
            return parts
        opened = reading.opened
        if opened is None:
            return parts
        if isinstance(opened.record, Record):
            title = display(opened.record.title or "")
            if title:
                parts.append(("t", "title", title))
            if title and url:
                parts.append(("m", "Markdown link", markdown_link(title, url)))
        path = os.path.join(self._desk.collection.root, opened.path)
        parts.append(("p", "path", path_to_paste(path)))
        if isinstance(opened.record, Record):
            fields = record_fields(opened.path, opened.record)
            fields.pop("secured", None)
            parts.append(("j", "JSON", to_json(fields, indent=1)))
        return parts

    def copy(self, text: str, footer: FooterBar | None = None) -> None:
        """Have a text copied; what became of it is said when it is known, at the desk or in the bar
        of another screen."""
        bar = self._desk.footer if footer is None else footer
        app = self._desk.app
        around = app.output.around if isinstance(app, TerminalApp) else None
        to: list[Way] = [] if around is None else ways(around)

        def work() -> None:
            self._desk.post_message(CopyDone(text, copy(text, to, self._send), bar))

        self._desk.run_worker(work, thread=True, group="copying", exit_on_error=False)

    def _send(self, sequence: str) -> None:
        app = self._desk.app
        if isinstance(app, TerminalApp) and app.terminal is not None:
            app.terminal.write(sequence)


def _short(text: str) -> str:
    first = text.split("\n", 1)[0]
    return f"{len(text):,} characters" if "\n" in text else first
