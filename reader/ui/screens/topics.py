"""The topics form: a record's topics, taken away and added with the collection's at hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.screen import Screen

from reader.records.field_input import Wrong, parse_topic
from reader.records.query import Count
from reader.records.text import display, fold
from reader.ui.bindings import bindings_for
from reader.ui.glyphs import Glyphs
from reader.ui.key_hints import hints_of
from reader.ui.panel_commands import PANEL_IDS
from reader.ui.styles import style_sheet
from reader.ui.widgets.bars import FooterBar, StatusBar
from reader.ui.widgets.cells import fit, width_of
from reader.ui.widgets.form_input import FormInput
from reader.ui.widgets.line_pane import LinePane
from reader.ui.widgets.pieces import Line, Piece
from reader.ui.widgets.words import Words

from .fields import LEAVE_AGAIN

TopicsResult = tuple[tuple[str, ...], tuple[str, ...]] | None
"""The topics added, and those taken away in the file's own spelling; None: left alone."""


@dataclass(slots=True)
class Topic:
    """A line of the form."""

    key: str
    """Folded: spellings that differ by case or spaces are one topic."""
    label: str
    """Safe to show."""
    count: int = 0
    """How many records of the collection have it."""
    name: str = ""
    """What is written when it is added."""
    had: list[str] = field(default_factory=list)
    """The record's own spellings, as in its file."""
    checked: bool = False


class TopicsPane(LinePane):
    """The topics that match what is typed; only the visible ones are drawn."""

    can_focus = False

    def __init__(self, topics: Sequence[str], known: Sequence[Count], glyphs: Glyphs) -> None:
        super().__init__("TOPICS", glyphs=glyphs)
        self._own: dict[str, Topic] = {}
        """The record's and those added here, by key, in this order."""
        self._known: dict[str, Topic] = {}
        for count in known:
            label = display(count.label)
            key = fold(label)
            self._known[key] = Topic(key, label, count.total, name=label)
        for given in topics:
            label = display(given)
            key = fold(label)
            topic = self._known.get(key) or Topic(key, label, name=given)
            topic.had.append(given)
            topic.checked = True
            self._own[key] = topic
        self._shown: list[Topic] = list(self._matching(""))
        self._typed = ""
        self.is_chosen = False
        """Whether Enter is about the line under the cursor."""
        self._is_done = False
        """Whether the line under the cursor was toggled, so that the next move leaves it."""
        self._count()

    @property
    def line_count(self) -> int:
        return len(self._shown)

    @property
    def current(self) -> Topic | None:
        """The topic under the cursor, once one is chosen."""
        return self._shown[self.cursor] if self.is_chosen and self._shown else None

    @property
    def shown(self) -> Sequence[Topic]:
        """The topics that are listed."""
        return self._shown

    @property
    def result(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What was added and what was taken away."""
        own = self._own.values()
        added = tuple(each.name for each in own if each.checked and not each.had)
        removed = tuple(name for each in own if not each.checked for name in each.had)
        return added, removed

    def find(self, text: str) -> None:
        """List what matches the typed text: the record's own first, then those that begin with
        it, then those that hold it. A text that is no topic yet stands above them as a new one."""
        if text == self._typed:
            return
        self._typed = text
        key = fold(text)
        self._shown = list(self._matching(key))
        at = 0
        if key and key not in self._own and key not in self._known:
            new = parse_topic(text)
            if not isinstance(new, Wrong):
                self._shown.insert(0, Topic(key, display(new), name=new))
                at = 1 if len(self._shown) > 1 else 0
        else:
            at = next((at for at, each in enumerate(self._shown) if key and each.key == key), 0)
        self.is_chosen = bool(key)
        self._is_done = False
        self.cursor = at
        self.top = 0
        self._bring_into_view()
        self.redraw()

    def _count(self) -> None:
        checked = sum(each.checked for each in self._own.values())
        self.set_heading(f"TOPICS  {checked:,} here, {len(self._known):,} in the collection")

    def _matching(self, key: str) -> Iterator[Topic]:
        yield from (each for each in self._own.values() if key in each.key)
        others = [
            each for each in self._known.values() if each.key not in self._own and key in each.key
        ]
        if not key:
            yield from others
            return
        yield from (each for each in others if each.key.startswith(key))
        yield from (each for each in others if not each.key.startswith(key))

    def choose(self, by: int) -> None:
        """Move the cursor; the first move from a line that was not toggled only shows it."""
        if self.is_chosen or self._is_done:
            self.move(by)
        self.is_chosen = bool(self._shown)
        self._is_done = False
        self.redraw()

    def toggle(self, topic: Topic) -> str:
        """Check a topic or uncheck it; return what to say."""
        topic.checked = not topic.checked
        self._own.setdefault(topic.key, topic)
        if not topic.had and not topic.checked:
            del self._own[topic.key]
        self.is_chosen = False
        self._is_done = True
        self._count()
        self.redraw()
        if topic.had:
            return f"{topic.label}: {'kept' if topic.checked else 'taken away'}"
        if not topic.checked:
            return f"{topic.label}: not added"
        return f"{topic.label}: added" + ("" if topic.key in self._known else " as a new topic")

    def line(self, index: int, width: int, *, at_cursor: bool) -> Line:
        topic = self._shown[index]
        chosen = at_cursor and self.is_chosen
        glyphs = self.glyphs
        sign, role = " ", "pane--dim"
        said = f"{topic.count:,}" if topic.count else ""
        if topic.checked:
            sign, role = glyphs.states[1], "pane--good"
            if not topic.had:
                said = f"added  {said}".rstrip()
        elif topic.had:
            sign, role = glyphs.states[2], "pane--bad"
            said = f"taken away  {said}".rstrip()
        elif topic.key not in self._known:
            said = "new topic"
        room = max(1, width - width_of(said) - 6)
        return (
            Piece(glyphs.cursor if chosen else " ", "pane--accent"),
            Piece(f"{sign} ", role),
            Piece(fit(topic.label, room, glyphs.ellipsis), "pane--strong" if topic.checked else ""),
            Piece(f"  {said} ", "pane--dim"),
        )

    def _at(self, y: int, width: int, height: int) -> tuple[Line, str]:
        line, row = super()._at(y, width, height)
        return line, row if self.is_chosen else ""

    def empty_lines(self) -> Sequence[str]:
        return (" There are no topics yet. Type one.",)


class TopicsForm(Screen[TopicsResult]):
    """Edits the topics of one record. Nothing is written here: the caller gets what changed."""

    CSS_PATH: ClassVar[list[Path]] = [style_sheet("forms.tcss")]  # type: ignore[assignment]  # narrower than the base's union
    AUTO_FOCUS = "FormInput"
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]  # narrower than the base's union
        *bindings_for((PANEL_IDS["form.save"],), priority=True),
        Binding("enter", "take", "take", show=False, priority=True, id="topics.take"),
        Binding("down", "choose(1)", "down", show=False, priority=True, id="topics.down"),
        Binding("up", "choose(-1)", "up", show=False, priority=True, id="topics.up"),
        Binding(
            "pagedown", "page(1)", "page down", show=False, priority=True, id="topics.page_down"
        ),
        Binding("pageup", "page(-1)", "page up", show=False, priority=True, id="topics.page_up"),
        Binding("escape", "leave", "leave", show=False, priority=True, id="topics.leave"),
    ]

    def __init__(
        self, title: str, topics: Sequence[str], known: Sequence[Count], glyphs: Glyphs
    ) -> None:
        super().__init__()
        self._title = display(title)
        self._status = StatusBar(glyphs)
        self._label = Words((" Topic", "accent"), glyphs=glyphs)
        self.input = FormInput()
        self.pane = TopicsPane(topics, known, glyphs)
        self.footer = FooterBar(glyphs)

    def compose(self) -> ComposeResult:
        yield self._status
        with Horizontal(id="typed"):
            yield self._label
            yield self.input
        yield self.pane
        yield self.footer

    def on_mount(self) -> None:
        self._status.show(("Topics", self._title), ())
        hints = hints_of(self.app, ascii_only=self.pane.glyphs.ascii_only)
        self.footer.show_keys(
            [
                ("Enter", "add or take away", False),
                *hints.footer("!form.save"),
                ("Esc", "leave", True),
            ]
        )

    def on_input_changed(self) -> None:
        self.pane.find(self.input.value)
        if self.input.value:
            self.footer.say("")

    def action_take(self) -> None:
        """Add or take away what the cursor is on; save when nothing is chosen and typed."""
        self.pane.find(self.input.value)
        topic = self.pane.current
        if topic is not None:
            said = self.pane.toggle(topic)
            self.input.value = ""  # which lists all again
            self.footer.say(said)
        elif self.input.value.strip():
            wrong = parse_topic(self.input.value)
            self.footer.say(wrong.reason.capitalize() if isinstance(wrong, Wrong) else "")
        else:
            self._save()

    def on_line_pane_pointed(self, message: LinePane.Pointed) -> None:
        if message.again and self.pane.is_chosen:
            self.action_take()
        else:
            self.pane.choose(0)

    def on_click(self, event: events.Click) -> None:
        self.input.focus()

    def action_choose(self, by: int) -> None:
        """Move the cursor."""
        self._choose(by, 0)

    def action_page(self, pages: int) -> None:
        """Move the cursor by pages."""
        self._choose(0, pages)

    def _choose(self, by: int, pages: int) -> None:
        self.footer.say("")
        self.pane.find(self.input.value)
        self.pane.choose(by)
        if pages:
            self.pane.move_page(pages)

    def action_run(self, command_id: str, key: str = "") -> None:
        """End with what changed, if anything did; typed text has to be taken or deleted first."""
        self._save()

    def _save(self) -> None:
        added, removed = self.pane.result
        if self.input.value.strip():
            key = hints_of(self.app, ascii_only=self.pane.glyphs.ascii_only).key("form.save")
            self.footer.say(f"Enter takes what is typed; then {key} saves.")
        elif not added and not removed:
            self.footer.say("Nothing is changed.")
        elif self.is_current:
            self.dismiss((added, removed))

    def action_leave(self) -> None:
        """Leave; a second time when a change would be lost."""
        if not self.is_current:
            return
        touched = any(self.pane.result) or bool(self.input.value)
        if touched and self.footer.said != LEAVE_AGAIN:
            self.footer.say(LEAVE_AGAIN)
        else:
            self.dismiss(None)
