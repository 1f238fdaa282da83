"""The views to choose from, and the form in which one of the user's own is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal

from reader.records.query import VIEW_LABELS, View
from reader.records.sentences import sentence
from reader.records.text import display
from reader.records.views import SavedView
from reader.ui.bindings import bindings_for, bindings_of
from reader.ui.glyphs import Glyphs
from reader.ui.key_hints import Hint, hints_of
from reader.ui.keys_in_order import KeysInOrder
from reader.ui.panel_commands import PANEL_IDS
from reader.ui.widgets.form_input import FormInput
from reader.ui.widgets.words import Words

from .panel import Edge, Panel
from .pick import Pick, Row

ANSWERED_WITHIN = 2.0
"""Seconds for which keys wait until a view is saved."""
LETTERS = {
    View.ALL: "a",
    View.UNPUBLISHED: "u",
    View.PUBLISHED: "p",
    View.REJECTED: "r",
    View.TODAY: "t",
    View.THIS_WEEK: "w",
    View.UNREAD: "n",
    View.STARRED: "s",
    View.DEFERRED: "d",
    View.PROBLEMS: "o",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a view."""

    name: str
    what: str = "open"
    """`open`, `edit`, `delete`, `up` or `down`."""


def rows_of(
    numbers: Mapping[str, int], own: Sequence[SavedView], chosen: Callable[[str], bool]
) -> list[Row[Wanted]]:
    """Return the built-in views and the user's own, with how many records each holds."""
    said = {name: f"{number:,}" for name, number in numbers.items()}
    rows = [
        Row(letter, VIEW_LABELS[view], Wanted(view.value), said.get(view, ""), "", chosen(view))
        for view, letter in LETTERS.items()
    ]
    rows += [
        Row(
            str(view.key or ""),
            display(view.name),
            Wanted(view.name),
            said.get(view.name, ""),
            display(view.query),
            chosen(view.name),
        )
        for view in own
    ]
    return rows


class ViewPick(Pick[Wanted]):
    """Chooses a view; capitals change one of the user's own."""

    BINDINGS: ClassVar[list[Binding]] = bindings_of("Views")

    def __init__(self, rows: Sequence[Row[Wanted]], glyphs: Glyphs, at: str = "") -> None:
        super().__init__("VIEWS", rows, glyphs)
        self.pane.cursor = next(
            (place for place, row in enumerate(rows) if row.result.name == at), self.pane.cursor
        )

    def hints(self) -> list[Hint]:
        if len(self.pane.rows) <= len(LETTERS):
            return []
        hints = hints_of(self.app, ascii_only=self.ascii_only)
        return hints.footer("views.edit", "views.delete", "views.up", "views.down")

    def action_run(self, command_id: str, key: str = "") -> None:
        """Move; or answer with a change of the view under the cursor."""
        if not command_id.startswith("views."):
            super().action_run(command_id, key)
            return
        row = self.pane.rows[self.pane.cursor]
        if row.result.name in VIEW_LABELS:
            key = hints_of(self.app, ascii_only=self.ascii_only).key("view.save")
            self.footer.say(f"A built-in view stays as it is; {key} saves one of your own.")
        else:
            self.answer(Wanted(row.result.name, command_id.removeprefix("views.")))


@dataclass(frozen=True, slots=True)
class Saved:
    """A view as it was filled in, and its place among the user's own, from 0."""

    view: SavedView
    place: int


class ViewForm(Panel[None]):
    """Name, query, key and place of a view. `wrong` says what cannot be; else `save` is asked to save
    it, and the form stays until that is `done`, or `refused`."""

    AUTO_FOCUS = "FormInput"
    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]  # narrower than the base's union
        Binding("enter", "save", show=False, priority=True),
        *bindings_for((PANEL_IDS["form.save"],), priority=True),
        Binding("down", "app.focus_next", show=False, priority=True),
        Binding("up", "app.focus_previous", show=False, priority=True),
    ]

    def __init__(
        self,
        view: SavedView,
        place: int,
        count: int,
        wrong: Callable[[SavedView], str],
        save: Callable[[Saved], None],
        glyphs: Glyphs,
        heading: str,
    ) -> None:
        super().__init__(glyphs)
        self.is_waiting = False
        """Whether keys wait until it is known whether it could be saved."""
        self._wrong = wrong
        self._save = save
        self._reason = Words(glyphs=glyphs, folds=True, classes="reason")
        """What is wrong, where the footer has no room for all of it."""
        self._wrong_values: list[str] = []
        """What the fields held when it was said what is wrong."""
        self._count = count
        self._place_note = Words(glyphs=glyphs, classes="note")
        self._heading = Words((f" {heading}", "accent"), glyphs=glyphs)
        self.name_input = FormInput(view.name)
        self.query_input = FormInput(view.query)
        self.key_input = FormInput(str(view.key or ""))
        self.place_input = FormInput(str(place + 1))

    @property
    def _inputs(self) -> list[FormInput]:
        return [self.name_input, self.query_input, self.key_input, self.place_input]

    @property
    def _values(self) -> list[str]:
        return [each.value for each in self._inputs]

    def compose(self) -> ComposeResult:
        yield Edge(self.glyphs)
        yield self._heading
        said = " 1-9: g and the digit open it; may be empty"
        key_note = Words((said, "dim"), glyphs=self.glyphs, classes="note")
        self._show_count(self._count)
        rows = ((" Name", None), (" Query", None), (" Key", key_note), (" Place", self._place_note))
        for (label, note), given in zip(rows, self._inputs, strict=True):
            with Horizontal(classes="row"):
                yield Words((label, "dim"), glyphs=self.glyphs, classes="label")
                yield given
                if note is not None:
                    yield note
        yield self._reason
        yield self.footer

    def on_mount(self) -> None:
        self._reason.display = False
        self.footer.show_keys(
            [("Enter", "save", True), ("Esc", "leave", True), ("Tab", "next", False)]
        )

    def _show_count(self, count: int) -> None:
        self._count = count
        self._place_note.show((f" 1-{count}, among your own in the sidebar", "dim"))

    def on_input_changed(self, event: events.Event) -> None:
        if self._values != self._wrong_values:  # a field that comes up tells of its first value too
            self._reason.display = False
            self.footer.say("")

    def action_run(self, command_id: str, key: str = "") -> None:
        """What Enter does."""
        self.action_save()

    def action_save(self) -> None:
        """Have the view saved, if it can be one."""
        if self.is_waiting:
            return
        key, place = self.key_input.value.strip(), self.place_input.value.strip()
        if key and not (key.isascii() and key.isdigit() and 1 <= int(key) <= 9):
            self._say_wrong("A key is a digit from 1 to 9, or nothing.", self.key_input)
            return
        if place and not (place.isascii() and place.isdigit() and int(place[:6]) >= 1):
            self._say_wrong(f"A place is a number from 1 to {self._count}.", self.place_input)
            return
        view = SavedView(
            self.name_input.value.strip(), self.query_input.value.strip(), int(key) if key else None
        )
        if reason := self._wrong(view):
            self._say_wrong(sentence(reason))
            return
        at = min(int(place[:6]), self._count) - 1 if place else self._count - 1
        self.is_waiting = True
        self.set_timer(ANSWERED_WITHIN, self._go_on)
        self._save(Saved(view, at))

    def done(self) -> None:
        """It is saved: leave; what was typed since then is for the screen below."""
        self.answer(None)
        self._go_on()

    def refused(self, reason: str, count: int) -> None:
        """It could not be saved: someone else changed the views meanwhile, of which there would be
        `count` now. What was typed since then is for neither screen."""
        self._show_count(count)
        self._say_wrong(sentence(reason))
        self._keys.forget()
        self._go_on()

    def _go_on(self) -> None:
        if self.is_waiting:
            self.is_waiting = False
            self._keys.go_on()

    @property
    def _keys(self) -> KeysInOrder:
        assert isinstance(self.app, KeysInOrder)
        return self.app

    def _say_wrong(self, reason: str, where: FormInput | None = None) -> None:
        self._wrong_values = self._values
        fits = self.footer.has_room(reason)
        self.footer.say(reason if fits else "")
        self._reason.show(("" if fits else f" {reason}", "warning"))
        self._reason.display = not fits
        self._reason.refresh(layout=True)
        if where is not None:
            where.focus()
