"""The fields form: a record's fields, a line each, and what would change before it is saved."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.strip import Strip
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input

from reader.records.field_input import (
    LONGEST,
    Field,
    Kind,
    Value,
    Wrong,
    can_be_shown,
    editable,
    fields_of,
    parse_input,
    shown,
)
from reader.records.query import Count
from reader.records.record import Record
from reader.records.text import clean, display, fold
from reader.records.values import ABSENT, same
from reader.ui.bindings import bindings_for
from reader.ui.commands import BY_ID
from reader.ui.diff import wrapped
from reader.ui.glyphs import Glyphs
from reader.ui.key_hints import hints_of
from reader.ui.panel_commands import MOVES, PANEL_IDS
from reader.ui.styles import style_sheet
from reader.ui.widgets.bars import FooterBar, StatusBar
from reader.ui.widgets.cells import fit, wrap
from reader.ui.widgets.detail import Detail
from reader.ui.widgets.line_pane import Line, Piece

CHANGED = "*"
LEAVE_AGAIN = "Esc again leaves without saving."


class Asked(enum.Enum):
    """What else the form may end with."""

    EDITOR = "editor"
    """The file is to be opened in `$EDITOR`; nothing typed is kept."""


FormResult = dict[str, object] | Asked | None
"""The changed fields by name with their new values (`ABSENT`: taken away); None: left alone."""
Preview = Callable[[dict[str, object]], Sequence[Line] | str]
"""Returns what would change, as lines of a diff, or why it cannot be done."""


@dataclass(frozen=True, slots=True)
class KnownValues:
    """What the collection's records hold, the most frequent first, for completion."""

    topics: Sequence[Count] = ()
    types: Sequence[Count] = ()
    categories: Sequence[Count] = ()


class Words(Widget):
    """One line of words in roles: `dim`, `accent`, `changed`, `warning`, or none."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "words--dim",
        "words--accent",
        "words--changed",
        "words--warning",
    }

    def __init__(self, *words: tuple[str, str], glyphs: Glyphs, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._words = words
        self._glyphs = glyphs

    def show(self, *words: tuple[str, str]) -> None:
        """Show (text, role) one after the other; the text is safe to show."""
        if words != self._words:
            self._words = words
            self.refresh()

    @property
    def text(self) -> str:
        """What is shown, without its roles."""
        return "".join(text for text, _ in self._words)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y:
            return Strip.blank(width, self.rich_style)
        segments: list[Segment] = []
        room = width
        for text, role in self._words:
            style = self.get_component_rich_style(f"words--{role}") if role else self.rich_style
            segment = Segment(clean(text), style)
            if segment.cell_length > room:
                segment = Segment(fit(clean(text), room, self._glyphs.ellipsis), style)
            segments.append(segment)
            room -= segment.cell_length
        return Strip(segments).adjust_cell_length(width, self.rich_style)


class FormInput(Input):
    """A line to type in that never holds what a screen cannot show: what one sees is what is
    typed. Pasted lines become one line. Keys that come at once are taken in their order."""

    def __init__(
        self, text: str = "", *, suggester: Suggester | None = None, disabled: bool = False
    ) -> None:
        super().__init__(
            text, compact=True, select_on_focus=False, suggester=suggester, disabled=disabled
        )
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        return editable(value)

    async def on_key(self, event: events.Key) -> None:
        # Left to the toolkit, a key that edits would go up to the app first, and letters typed
        # after it would overtake it.
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            if await self.app.run_action(binding.action, self):
                event.stop()
                event.prevent_default()
                return

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        # One character more than may be, so that what is too long is said, not cut in silence.
        self.replace(clean(event.text[: LONGEST + 1]).strip(), *self.selection)

    def on_focus(self) -> None:
        # The cursor stands at the end: brought into view.
        position, self.cursor_position = self.cursor_position, 0
        self.cursor_position = position

    def on_blur(self) -> None:
        self.scroll_to(0, animate=False, force=True)


def when_typed(inputs: Sequence[FormInput], then: Callable[[], None]) -> None:
    """Call `then` when the inputs have taken the keys that came before: the app acts on a form's
    own keys at once, while letters still wait in the queue of the input they were typed into."""
    waiting = len(inputs)

    def taken() -> None:
        nonlocal waiting
        waiting -= 1
        if not waiting:
            then()

    for each in inputs:
        each.call_later(taken)


class Completion(Suggester):
    """Completes to the most frequent known value; in a list, its last entry."""

    def __init__(self, known: Sequence[Count], *, in_list: bool = False) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._in_list = in_list
        self._known = [
            (count.label.casefold(), count.label)
            for count in known
            if can_be_shown(count.label) and not (in_list and "," in count.label)
        ]

    async def get_suggestion(self, value: str) -> str | None:
        before, comma, last = value.rpartition(",") if self._in_list else ("", "", value)
        typed = last.lstrip()
        if not typed:
            return None
        start = typed.casefold()
        given = {fold(each) for each in before.split(",")}
        for folded, label in self._known:
            if folded.startswith(start) and fold(label) not in given:
                return before + comma + last[: len(last) - len(typed)] + label
        return None


class FieldRow(Widget):
    """One field: its name, what is typed, and below it what is wrong or how it is written."""

    def __init__(
        self,
        field: Field,
        record: Record,
        suggester: Suggester | None,
        glyphs: Glyphs,
        editor_key: str,
    ) -> None:
        super().__init__()
        self.field = field
        self._glyphs = glyphs
        raw = record.data.get(field.name)
        text = shown(field.name, raw)
        self._trouble, locked = _trouble(field, raw, text, record, editor_key)
        self.input = FormInput("" if locked else text, suggester=suggester, disabled=locked)
        self._first = self.input.value
        self._was = parse_input(field.name, self._first)
        self._label = Words(glyphs=glyphs, classes="row--label")
        self._note = Words(glyphs=glyphs, classes="row--note")

    def compose(self) -> ComposeResult:
        yield self._label
        yield self.input
        yield self._note

    @property
    def touched(self) -> bool:
        """Whether the text is another than at first."""
        return self.input.value != self._first

    @property
    def value(self) -> Value | Wrong | None:
        """The value typed, why it is none, or None when it is the one from before."""
        if not self.touched:
            return None
        value = parse_input(self.field.name, self.input.value)
        return None if not isinstance(value, Wrong) and same(value, self._was) else value

    @property
    def note(self) -> str:
        """What stands below the line."""
        return self._note.text

    def on_mount(self) -> None:
        self._show()

    def on_input_changed(self) -> None:
        self._show()

    def on_descendant_focus(self) -> None:
        self._show()
        self.scroll_visible(animate=False)

    def on_descendant_blur(self) -> None:
        self._show()

    def _show(self) -> None:
        value, here = self.value, self.input.has_focus
        self._label.show(
            (self._glyphs.cursor if here else " ", "accent"),
            (" " if value is None else CHANGED, "changed"),
            (self.field.label, "accent" if here else "dim" if value is None else "changed"),
        )
        if isinstance(value, Wrong):
            self._note.show((f"{self._glyphs.warned} {value.reason}", "warning"))
        elif value is ABSENT:
            self._note.show(("The field is taken away.", "dim"))
        elif self._trouble:
            self._note.show((f"{self._glyphs.warned} {self._trouble}", "warning"))
        else:
            self._note.show((self.field.help if here else "", "dim"))


def _trouble(
    field: Field, raw: object, text: str, record: Record, editor_key: str
) -> tuple[str, bool]:
    """Return what is to be said of a value as it stands in the file, and whether it cannot be
    edited in a line at all."""
    if len(text) > LONGEST:
        return f"too long to edit here; {editor_key} opens the file", True
    said = ""
    for warned in record.warnings:
        if warned.field == field.name or warned.field.startswith(f"{field.name}["):
            where = warned.field.removeprefix(field.name)
            said = f"{where} {warned.reason}".lstrip()
            break
    if isinstance(raw, dict) or (isinstance(raw, list) and field.kind is not Kind.TOPICS):
        return f"{said.partition(':')[0]}; {editor_key} opens the file", True
    texts = raw if isinstance(raw, list) else [raw]
    if not said and any(isinstance(each, str) and not can_be_shown(each) for each in texts):
        said = "not all of it can be shown; a change replaces it"
    return said, False


class FieldsForm(Screen[FormResult]):
    """Edits the fields of one record. Nothing is written here: the caller gets what changed."""

    CSS_PATH: ClassVar[list[Path]] = [style_sheet("forms.tcss")]  # type: ignore[assignment]  # narrower than the base's union
    AUTO_FOCUS = "FormInput"
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]  # narrower than the base's union
        *bindings_for((PANEL_IDS["form.save"], PANEL_IDS["form.editor"]), priority=True),
        Binding("down,tab", "step(1)", "next", show=False, priority=True, id="form.next"),
        Binding(
            "up,shift+tab", "step(-1)", "previous", show=False, priority=True, id="form.previous"
        ),
        Binding("enter", "enter", "next", show=False, priority=True, id="form.enter"),
        Binding("escape", "leave", "leave", show=False, priority=True, id="form.leave"),
    ]

    def __init__(
        self,
        record: Record,
        title: str,
        known: KnownValues,
        preview: Preview,
        glyphs: Glyphs,
        editor_key: str = "Ctrl+E",
    ) -> None:
        super().__init__()
        self._preview = preview
        self._editor_key = editor_key
        self._glyphs = glyphs
        self._title = display(title)
        completions = {
            "type": Completion(known.types),
            "category": Completion(known.categories),
            "topics": Completion(known.topics, in_list=True),
        }
        self.rows = [
            FieldRow(field, record, completions.get(field.name), glyphs, editor_key)
            for field in fields_of(record.data)
        ]
        self._status = StatusBar(glyphs)
        self.footer = FooterBar(glyphs)
        self._changes: dict[str, object] = {}

    def compose(self) -> ComposeResult:
        yield self._status
        with VerticalScroll(id="fields", can_focus=False):
            yield from self.rows
        yield self.footer

    def on_mount(self) -> None:
        self._show_place()
        hints = hints_of(self.app, ascii_only=self._glyphs.ascii_only)
        self.footer.show_keys(
            [
                *hints.footer_as("form.save", "show changes", always=True),
                ("Esc", "leave", True),
                *hints.footer("form.editor"),
                ("Tab", "next", False),
            ]
        )
        self.on_resize()

    def on_resize(self) -> None:
        self.set_class(self.app.size.height < 24, "-low")
        self.set_class(self.app.size.width < 60, "-narrow")

    def on_descendant_focus(self) -> None:
        self._show_place()

    def _show_place(self) -> None:
        at = next((at for at, each in enumerate(self._inputs, 1) if each is self.focused), 1)
        self._status.show(("Fields", self._title), ((f"{at} of {len(self.rows)}", "dim"),))

    @property
    def _inputs(self) -> list[FormInput]:
        return [row.input for row in self.rows]

    @property
    def is_touched(self) -> bool:
        """Whether anything that was typed would be lost."""
        return any(row.touched for row in self.rows)

    def on_input_changed(self) -> None:
        self.footer.say("")

    def action_enter(self) -> None:
        """To the next field; from the last one, on to the changes."""
        if self.focused is [row.input for row in self.rows if not row.input.disabled][-1]:
            self.action_go_on()
        else:
            self.action_step(1)

    def action_step(self, by: int) -> None:
        """To the next field, or the one before, round and round."""
        self.footer.say("")
        if by > 0:
            self.focus_next(FormInput)
        else:
            self.focus_previous(FormInput)

    def action_go_on(self) -> None:
        """Show what would change, or go to the first field that is wrong."""
        when_typed(self._inputs, self._go_on)

    def _go_on(self) -> None:
        if not self.is_current:
            return
        changes: dict[str, object] = {}
        for row in self.rows:
            value = row.value
            if isinstance(value, Wrong):
                row.input.focus()
                self.footer.say(f"{row.field.label}: {value.reason}")
                return
            if value is not None:
                changes[row.field.name] = value
        if not changes:
            self.footer.say("Nothing is changed.")
            return
        self._changes = changes
        answer = self._preview(changes)
        self.footer.say("")
        self.app.push_screen(Review(self._title, answer, self._glyphs), self._reviewed)

    def _reviewed(self, save: bool | None) -> None:
        if save and self.is_current:
            self.dismiss(self._changes)

    def action_run(self, command_id: str, key: str = "") -> None:
        """Show the changes; or ask for `$EDITOR`, twice where something typed would be lost."""
        if command_id == "form.save":
            self.action_go_on()
        else:
            again = f"{self._editor_key} again opens the file without saving."
            when_typed(self._inputs, lambda: self._leave(again, Asked.EDITOR))

    def action_leave(self) -> None:
        """Leave; a second time when something typed would be lost."""
        when_typed(self._inputs, lambda: self._leave(LEAVE_AGAIN, None))

    def _leave(self, again: str, result: FormResult) -> None:
        if not self.is_current:
            return
        if self.is_touched and self.footer.said != again:
            self.footer.say(again)
        else:
            self.dismiss(result)


class Review(Screen[bool]):
    """What would change in the file: saved (True), or back to the form (False)."""

    CSS_PATH: ClassVar[list[Path]] = [style_sheet("forms.tcss")]  # type: ignore[assignment]  # narrower than the base's union
    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]  # narrower than the base's union
        Binding("enter,y", "save", show=False),
        Binding("escape,n", "back", show=False),
        *bindings_for((BY_ID["leave"], *(BY_ID[id] for id in MOVES))),
        Binding("space", "page", show=False),
    ]

    def __init__(self, title: str, answer: Sequence[Line] | str, glyphs: Glyphs) -> None:
        super().__init__()
        self._title = title
        self._answer = answer or "Nothing would change in the file."
        self._can_save = not isinstance(self._answer, str)
        self._status = StatusBar(glyphs)
        self.pane = Detail(glyphs=glyphs)
        self.pane.heading = "CHANGES" if self._can_save else "CANNOT BE SAVED"
        self.footer = FooterBar(glyphs)

    def compose(self) -> ComposeResult:
        yield self._status
        yield self.pane
        yield self.footer

    def on_mount(self) -> None:
        self._status.show(("Fields", self._title), ())
        save = [("Enter", "save", True)] if self._can_save else []
        self.footer.show_keys([*save, ("Esc", "back to the form", True)])
        self.pane.show(self._lines())
        self.pane.focus()

    def on_resize(self) -> None:
        self.pane.show(self._lines(), keep_place=True)

    def _lines(self) -> list[Line]:
        width = self.app.size.width
        if isinstance(self._answer, str):
            said = wrap(display(self._answer), width - 2)
            return [(Piece(f" {line}", "pane--warning"),) for line in said]
        return wrapped(self._answer, width)

    def action_save(self) -> None:
        """Have the changes saved, where they can be."""
        if self._can_save and self.is_current:
            self.dismiss(True)

    def action_back(self) -> None:
        """Back to the form."""
        if self.is_current:
            self.dismiss(False)

    def action_page(self) -> None:
        """Scroll by a page."""
        self.pane.move_page(1)

    def action_run(self, command_id: str, key: str = "") -> None:
        """Move, as a command of the registry says; or back to the form."""
        from .panel import move_pane

        if command_id == "leave":
            self.action_back()
        else:
            move_pane(self.pane, command_id)
