"""The fields form: a record's fields, a line each, and what would change before it is saved."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import Screen

from reader.records.field_input import Wrong, fields_of
from reader.records.query import Count
from reader.records.record import Record
from reader.records.text import display
from reader.ui.bindings import bindings_for
from reader.ui.glyphs import Glyphs
from reader.ui.key_hints import hints_of
from reader.ui.panel_commands import PANEL_IDS
from reader.ui.styles import style_sheet
from reader.ui.widgets.bars import FooterBar, StatusBar
from reader.ui.widgets.form_input import Completion, FormInput
from reader.ui.widgets.pieces import Line

from .field_row import FieldRow
from .review import Review

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
            self._leave(again, Asked.EDITOR)

    def action_leave(self) -> None:
        """Leave; a second time when something typed would be lost."""
        self._leave(LEAVE_AGAIN, None)

    def _leave(self, again: str, result: FormResult) -> None:
        if not self.is_current:
            return
        if self.is_touched and self.footer.said != again:
            self.footer.say(again)
        else:
            self.dismiss(result)
