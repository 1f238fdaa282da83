"""One field of the fields form."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.suggester import Suggester
from textual.widget import Widget

from reader.records.field_input import (
    LONGEST,
    Field,
    Kind,
    Value,
    Wrong,
    can_be_shown,
    parse_input,
    shown,
)
from reader.records.record import Record
from reader.records.values import ABSENT, same
from reader.ui.glyphs import Glyphs
from reader.ui.widgets.form_input import FlagInput, FormInput
from reader.ui.widgets.words import Words

CHANGED = "*"


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
        self._help = field.help
        text = "" if locked else text
        if field.kind is Kind.FLAG:
            self.input: FormInput = FlagInput(text, disabled=locked)
            self._help += f" {FlagInput.HELP}"
        else:
            self.input = FormInput(text, suggester=suggester, disabled=locked)
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
            self._note.show((self._help if here else "", "dim"))


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
