"""A screen of lines to look at: what raw file, link and key help have in common."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from reader.records.text import display
from reader.ui.bindings import bindings_of
from reader.ui.folding import broken, folded
from reader.ui.glyphs import Glyphs
from reader.ui.key_hints import Hint, hints_of
from reader.ui.page_search import PageSearch
from reader.ui.widgets.bars import FooterBar
from reader.ui.widgets.detail import Detail
from reader.ui.widgets.pieces import Line

from .panel import move_pane


class Pager(Screen[None]):
    """Lines under a heading, on which words can be looked for; Esc or q leaves."""

    ALLOW_SELECT = True
    BINDINGS: ClassVar[list[Binding]] = bindings_of("Pages")  # type: ignore[assignment]  # narrower than the base's union
    NAME: ClassVar[str] = "Pages"
    """What it is called where screens and their keys are listed; empty: it is about keys or messages
    itself, and has no help of its own."""

    PANE: ClassVar[type[Detail]] = Detail
    FOLDS: ClassVar[bool] = False
    """Whether lines that are too long for the screen go on below."""
    MARGIN: ClassVar[int | None] = None
    """How many cells further in lines go on, with each of their characters; None: under where the
    last piece began, as running text."""
    FINDS: ClassVar[bool] = True
    """Whether words can be looked for here."""

    def __init__(
        self,
        heading: str,
        lines: Sequence[Line],
        glyphs: Glyphs,
        *,
        folds: bool = False,
        margin: int | None = None,
    ) -> None:
        """`folds` and `margin`: as `FOLDS` and `MARGIN` say of all screens of a kind."""
        super().__init__()
        self._folds = folds or self.FOLDS
        self._margin = self.MARGIN if margin is None else margin
        self._lines = lines
        self._search: PageSearch | None = None
        self._places: Sequence[int] = ()
        """Lines of the pane in which the words begin that were looked for."""
        self.glyphs = glyphs
        self.pane = self.PANE(glyphs=glyphs)
        self.pane.heading = heading
        self.footer = FooterBar(glyphs)

    def compose(self) -> ComposeResult:
        yield self.pane
        yield self.footer

    def on_mount(self) -> None:
        self.show(self._lines)
        self.pane.focus()
        self.footer.show_keys(self.hints())

    def hints(self) -> list[Hint]:
        """Return what the footer shows."""
        hints = hints_of(self.app, ascii_only=self.glyphs.ascii_only)
        on = ("page.next", "page.previous") if self._places else ()
        return [
            *hints.footer_as("back", "back", always=True),
            *(hints.footer("!help") if self.NAME else ()),
            *hints.footer(*on, "page.find", "move.down", "move.up"),
            *(hints.footer("messages") if self.NAME else ()),
        ]

    def show(self, lines: Sequence[Line], *, keep_place: bool = False) -> None:
        """Show lines, as many as they take at this width."""
        self._lines = lines
        rows: Iterable[Sequence[Line]] = ([line] for line in lines)
        if self._folds:
            width = max(2, self.app.size.width - 1)
            rows = ([*self.fold(line, width)] for line in lines)
        self._places = ()
        if self._search is None:
            lines = [part for parts in rows for part in parts]
        else:
            lines, self._places = self._search.found_in(rows)
        self.pane.show(lines, keep_place=keep_place)

    def fold(self, line: Line, width: int) -> Iterable[Line]:
        """Return a line in as many as it takes."""
        return folded(line, width) if self._margin is None else broken(line, width, self._margin)

    def on_resize(self) -> None:
        """Fold for the new width."""
        if self._folds:
            self.show(self._lines, keep_place=True)

    def action_run(self, command_id: str, key: str = "") -> None:
        """Run one of the few commands that make sense here."""
        if command_id.startswith("move."):
            move_pane(self.pane, command_id)
        elif command_id in ("help", "messages"):
            if self.NAME:
                from .help import show_help

                show_help(self, self.NAME, self.glyphs, command_id)
        elif command_id.startswith("page."):
            if self.FINDS:
                self._search_by(command_id)
        else:
            self.leave()

    def _search_by(self, command_id: str) -> None:
        if command_id != "page.find":
            self._go_on(1 if command_id == "page.next" else -1)
            return
        from .prompt import Prompt

        was = "" if self._search is None else self._search.words

        def answered(words: str | None) -> None:
            if words is not None:
                self._look_for(words.strip())

        self.app.push_screen(Prompt("FIND", "words on this page", self.glyphs, was), answered)

    def _look_for(self, words: str) -> None:
        """Have words stand out, and go to the first from here on; those before no longer do."""
        self._search = PageSearch(words) if words else None
        self.show(self._lines, keep_place=True)
        self.footer.show_keys(self.hints())
        self.footer.say("")
        if words:
            self._go_on(1, from_here=True)

    def _go_on(self, by: int, *, from_here: bool = False) -> None:
        """Go to the next place with the words (1), or the one before (-1), round the page's end."""
        if not self._places:
            find = hints_of(self.app, ascii_only=self.glyphs.ascii_only).key("page.find")
            words = "" if self._search is None else display(self._search.words)
            self.footer.say(f"Not here: {words}" if words else f"{find} looks for words.")
            return
        places, here = self._places, self.pane.cursor
        if by > 0:
            at = (bisect_left if from_here else bisect_right)(places, here)
            end = ", from the top" if at == len(places) else ""
        else:
            at = bisect_left(places, here) - 1
            end = ", from the end" if at < 0 else ""
        at %= len(places)
        self.pane.move_to(places[at])
        self.footer.say(f"{at + 1:,} of {len(places):,}{end}")

    def leave(self) -> None:
        """Go back. More keys may be on their way: only the first one counts."""
        if self.is_current:
            self.dismiss()
