"""All commands by name: with the key of each, and why it can do nothing where it cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal

from reader.ui.commands import Command, shown_keys
from reader.ui.glyphs import Glyphs
from reader.ui.widgets.cells import fit, width_of
from reader.ui.widgets.form_input import FormInput
from reader.ui.widgets.line_pane import LinePane
from reader.ui.widgets.pieces import Line, Piece
from reader.ui.widgets.words import Words

from .panel import Edge, Panel

KEYS_WIDTH = 12
LABELS_WIDTH = 21


@dataclass(frozen=True, slots=True)
class Entry:
    """A command; `why_not`: why it can do nothing now, empty where it can."""

    command: Command
    why_not: str = ""


def found(entries: Sequence[Entry], text: str) -> list[Entry]:
    """Return the commands that a text means, the likeliest first: by the beginning of the name, by
    its words, by what help says of it, and last by letters in this order."""
    from textual.fuzzy import Matcher

    text = " ".join(text.casefold().split())
    if not text:
        return list(entries)
    matcher = Matcher(text)

    def rank(entry: Entry) -> tuple[int, float]:
        command = entry.command
        label = command.label.casefold()
        names = f"{label} {command.id.replace('.', ' ').replace('_', ' ')}"
        if text in (label, command.id):
            return 0, 0
        if label.startswith(text) or command.id.startswith(text):
            return 1, 0
        if all(any(name.startswith(word) for name in names.split()) for word in text.split()):
            return 2, 0
        if all(word in f"{names} {command.help.casefold()}" for word in text.split()):
            return 3, 0
        score = matcher.match(label)
        return (4, -score) if score > 0 else (5, 0)

    ranked = [(rank(entry), entry) for entry in entries]
    ranked.sort(key=lambda each: each[0])
    return [entry for (group, _), entry in ranked if group < 5]


class Commands(LinePane):
    """One line a command."""

    can_focus = False

    def __init__(self, entries: Sequence[Entry], glyphs: Glyphs) -> None:
        super().__init__("COMMANDS", glyphs=glyphs, id="commands")
        self.entries = entries

    @property
    def line_count(self) -> int:
        return len(self.entries)

    @property
    def current(self) -> Entry | None:
        """The command under the cursor."""
        return self.entries[self.cursor] if self.cursor < len(self.entries) else None

    def empty_lines(self) -> Sequence[str]:
        return ("", " No command is called so.")

    def show(self, entries: Sequence[Entry]) -> None:
        """List other commands, the cursor on the first."""
        self.entries = entries
        self.cursor = self.top = 0
        self.redraw()

    def line(self, index: int, width: int, *, at_cursor: bool) -> Line:
        entry = self.entries[index]
        command, glyphs = entry.command, self.glyphs
        keys = fit(shown_keys(command, ascii_only=glyphs.ascii_only), KEYS_WIDTH, glyphs.ellipsis)
        label = fit(command.label, min(LABELS_WIDTH, width - KEYS_WIDTH - 3), glyphs.ellipsis)
        told = f"not now: {entry.why_not}" if entry.why_not else command.help.replace("`", "")
        room = max(0, width - KEYS_WIDTH - width_of(label) - 3)
        role = "pane--dim" if entry.why_not else ""
        return (
            Piece(glyphs.cursor if at_cursor else " ", "pane--accent"),
            Piece(f"{keys} ", role or "pane--accent"),
            Piece(f"{label} ", role),
            Piece(fit(told, room, glyphs.ellipsis), "pane--dim"),
        )


class Palette(Panel[str]):
    """Answers with the id of a command that can do something."""

    AUTO_FOCUS = "FormInput"
    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]  # narrower than the base's union
        Binding("enter", "take", show=False, priority=True),
        Binding("down,ctrl+n", "choose(1)", show=False, priority=True),
        Binding("up,ctrl+p", "choose(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False, priority=True),
    ]

    def __init__(
        self, commands: Sequence[Command], why_not: Callable[[Command], str], glyphs: Glyphs
    ) -> None:
        super().__init__(glyphs)
        self._entries = [Entry(each, why_not(each)) for each in commands]
        self.input = FormInput()
        self.pane = Commands(self._entries, glyphs)

    def compose(self) -> ComposeResult:
        yield Edge(self.glyphs)
        with Horizontal(classes="row"):
            yield Words((" :", "accent"), glyphs=self.glyphs, classes="sign")
            yield self.input
        yield self.pane
        yield self.footer

    def on_mount(self) -> None:
        self.footer.show_keys([("Enter", "run", True), ("Esc", "leave", True)])

    def on_resize(self, event: events.Resize) -> None:
        """Take about half of the screen: what the command is for stays in sight."""
        self.pane.styles.height = max(3, min(len(self._entries) + 1, event.size.height // 2))

    def on_input_changed(self) -> None:
        self._find()

    def _find(self) -> None:
        self.footer.say("")
        entries = found(self._entries, self.input.value)
        if entries != self.pane.entries:
            self.pane.show(entries)

    def action_choose(self, by: int) -> None:
        """Move the cursor."""
        self._find()
        self.pane.move(by)

    def action_page(self, pages: int) -> None:
        """Move the cursor by pages."""
        self._find()
        self.pane.move_page(pages)

    def on_line_pane_pointed(self, message: LinePane.Pointed) -> None:
        if message.again:
            self.action_take()

    def action_take(self) -> None:
        """Answer with the command under the cursor, or say why it can do nothing."""
        self._find()
        entry = self.pane.current
        if entry is None:
            self.footer.say("No command is called so.")
        elif entry.why_not:
            self.footer.say(f"{entry.why_not[0].upper()}{entry.why_not[1:]}.")
        else:
            self.answer(entry.command.id)
