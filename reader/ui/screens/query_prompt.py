"""A line to type a query into, with the filter line's completion, over the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding

from reader.records.text import display
from reader.ui.completing import Completing
from reader.ui.glyphs import Glyphs
from reader.ui.jobs.asking import Asking, Completed, Matched
from reader.ui.jobs.running import Failed
from reader.ui.waiting import Waiting
from reader.ui.widgets.cells import width_of
from reader.ui.widgets.query_line import Candidates, QueryLine, UnderLine
from reader.ui.widgets.words import Words

from .panel import Edge, Panel

if TYPE_CHECKING:
    from reader.library.collection import Collection

_KEYS = (("Esc", "leave"), ("Tab", "complete"))


class QueryPrompt(Panel[Matched]):
    """Answers with the records that the query typed asks for, once it can be understood."""

    AUTO_FOCUS = "QueryLine"
    BINDINGS: ClassVar[list[Binding]] = []  # type: ignore[assignment]  # every key is the line's

    def __init__(
        self,
        heading: str,
        label: str,
        done: str,
        glyphs: Glyphs,
        collection: Collection,
        views: Mapping[str, str],
    ) -> None:
        super().__init__(glyphs)
        self._words = Words((f" {heading}", "accent"), (f"  {label}", "dim"), glyphs=glyphs)
        self._keys = (("Enter", done), *_KEYS)
        self._asks = Asking(self, collection)
        self._asks.views = views
        self._asked: str | None = None
        """The query whose records are looked up."""
        self._line = QueryLine(glyphs)
        self._line.is_open = True
        self._under = UnderLine(glyphs)
        self._candidates = Candidates(glyphs=glyphs)
        self._waiting = Waiting(self, lambda: self._say_here("still being looked up"))
        self._completing = Completing(
            self._line.line,
            self._candidates,
            self._waiting,
            ask=self._asks.complete,
            changed=self._show,
            shown=lambda are: self.set_class(are, "-completing"),
            nothing=lambda: self._say_here("nothing to complete here"),
        )

    @property
    def is_waiting(self) -> bool:
        """Whether keys wait for what is looked up for the one before them."""
        return self._waiting.is_on

    @property
    def text(self) -> str:
        """What is typed."""
        return self._line.line.text.strip()

    @property
    def said(self) -> str:
        """What is wrong; empty where nothing is."""
        return self._under.said

    def compose(self) -> ComposeResult:
        yield self._candidates
        yield Edge(self.glyphs)
        yield self._words
        yield self._line
        yield self._under

    def on_mount(self) -> None:
        self._show()

    # -- keys -----------------------------------------------------------------------------------
    def on_key(self, event: events.Key) -> None:
        """Every key is the line's."""
        event.stop()
        event.prevent_default()
        key, character = event.key, event.character
        if key in ("escape", "ctrl+g"):
            self.answer(None)
        elif key == "enter":
            self._take()
        elif self._completing.press(key):
            pass
        elif self._line.line.press(key):
            self._typed()
        elif character and character.isprintable() and not key.startswith("alt+"):
            self._line.line.insert(character)
            self._typed()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self._line.line.insert(event.text)
        self._typed()

    def _typed(self) -> None:
        self._completing.end()
        self._show()

    def _take(self) -> None:
        self._completing.end()
        self._asked = self.text
        if not self.text:
            self.answer(None)
            return
        self._line.show(self.glyphs.ellipsis)
        self._waiting.begin()
        self._asks.match(self.text)

    # -- what is found --------------------------------------------------------------------------
    def on_completed(self, message: Completed) -> None:
        self._completing.completed(message)

    def on_matched(self, message: Matched) -> None:
        if message.text != self._asked or message.text != self.text:
            return
        self._waiting.end()
        if message.error is None:
            self.answer(message)
            return
        text = self._line.line.text
        before = len(text) - len(text.lstrip())
        start = message.error.start + before
        end = max(message.error.end + before, start + 1)
        self._line.show("", (start, end))
        self._say(display(message.error.reason), start, width_of(text[start:end]))

    def on_failed(self, message: Failed) -> None:
        self._waiting.end()
        self._say(display(message.reason), 0, 1)

    def _show(self) -> None:
        self._line.show("")
        self._under.show_keys(self._keys)

    def _say_here(self, text: str) -> None:
        self._say(text, self._line.line.at, 1)

    def _say(self, reason: str, at: int, length: int) -> None:
        self._under.show_wrong(reason, self._line.cell_of(at), length)
