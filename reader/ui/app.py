"""The Textual application: one desk, and what is pushed over it."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.binding import Binding
from textual.filter import ANSIToTruecolor, LineFilter
from textual.geometry import Offset
from textual.screen import Screen

from reader.config import Config, Wrong, in_a_line, table
from reader.library.collection import Collection
from reader.library.rules import Rules
from reader.records.text import display
from reader.terminal.charset import shows_unicode
from reader.terminal.modes import LEFT_RAW, is_raw, trust_size

from . import cursor
from .ascii_lines import AsciiLines
from .bindings import bindings_for, rebind
from .commands import BY_ID
from .glyphs import choose
from .keymap import keymap
from .messages import Messages
from .output.abilities import Output
from .output.display import TerminalApp
from .pasting import Pasting
from .resuming import Resuming
from .screens.desk import Desk
from .styles import style_sheet
from .themes import OWN, SHORT, Attributes, has_no_colour, stand_ins, theme_of
from .widgets.bars import FooterBar
from .wrong import together

if TYPE_CHECKING:
    from reader import views

    from .first_frame import FirstFrame


class ReaderApp(TerminalApp):
    """Shows one collection."""

    TITLE = "reader"
    CSS_PATH: ClassVar[list[Path]] = [style_sheet("desk.tcss")]  # type: ignore[assignment]  # narrower than the base's union
    # The default screen's own CSS_PATH is not read, so its sheet is named here. The others' are, when
    # they are first shown, and not at the start.
    ENABLE_COMMAND_PALETTE = False  # ours lists the registry's commands
    BINDINGS: ClassVar[list[Binding]] = bindings_for((BY_ID["redraw"], BY_ID["suspend"]))  # type: ignore[assignment]  # narrower than the base's union

    def __init__(
        self,
        collection: Collection,
        notices: list[str] | None = None,
        rules: Rules | None = None,
        output: Output | None = None,
        settings: Config | None = None,
        resumes: bool | None = None,
        first_frame: FirstFrame | None = None,
    ) -> None:
        super().__init__(output, first_frame)
        self._pasting = Pasting(
            self,
            lambda: self.screen_stack != [self.desk] or self.desk.filtering.is_open,
            lambda: self.desk.may_withdraw,
            lambda: self.desk.edits.hold(),
            lambda: self.desk.edits.release(),
            lambda: self.desk.pasted.withdraw(),
        )
        self._resumes = resumes
        self.settings = settings or Config()
        self.hinting: Path | None = None
        """The state folder, where a first start is to show three lines of help."""
        self.collection = collection
        self.messages = Messages()
        self._rules = rules or Rules()
        self.keymap_in_force = keymap(self.settings)
        rebind(self, self.keymap_in_force)
        self._told_wrong: list[Wrong] = []
        # Where there are views of one's own, they are read first: then all is told, once.
        wrong = "" if self.settings[table.VIEWS] else self.tell_wrong()
        self._notices = [*filter(None, [wrong]), *(notices or ()), *collection.notices]
        self.animation_level = "none"
        is_short = self.output.is_lean or self.console.color_system == "256"
        for theme in SHORT if is_short else OWN:
            self.register_theme(theme)
        self.no_color = has_no_colour(os.environ)
        if self.no_color:
            self._filters = [Attributes()]
        self._begin_with(theme_of(self.settings, self._colours(), os.environ))

    def _begin_with(self, name: str) -> None:
        """Have a theme from the start. Set as another one is later, it would have all style sheets
        parsed once with the toolkit's own theme, and once with this."""
        self.set_reactive(ReaderApp.theme, name)
        dark = self.current_theme.dark
        modes = {f"-theme-{name}": True, "-dark-mode": dark, "-light-mode": not dark}
        self.update_classes(modes, update=False)
        self.stylesheet.set_variables(self.get_css_variables())

    def tell_wrong(self, own: Sequence[views.Wrong] = ()) -> str:
        """Return a line for all that is wrong with settings, keys and the user's own views, warnings
        last; where it is more than one thing, each is among the messages from now on. Empty: nothing
        is."""
        every = together(self.settings, self.keymap_in_force, own)
        wrong = sorted(every, key=lambda each: each.is_warning)
        if len(wrong) > 1 and wrong != self._told_wrong:
            for each in reversed(wrong):  # the latest message stands first
                self.messages.add(display(str(each)), self.collection.now())
        self._told_wrong = wrong
        return in_a_line(wrong, short=True) if wrong else ""

    def _colours(self) -> int:
        """How many colours the terminal has, as far as its TERM and COLORTERM tell."""
        system = self.console.color_system
        return {"standard": 16, "windows": 16}.get(str(system), 1 << 24)

    def terminal_named(self, name: str) -> None:
        had = self.has_links
        super().terminal_named(name)
        if self.has_links != had:
            self.desk.reading.resized()

    # -- the terminal's own cursor ----------------------------------------------------------------
    @property
    def cursor_position(self) -> Offset:
        """Where the terminal's own cursor is left after each update."""
        place = cursor.place_of(self.screen.focused if self.screen_stack else None)
        return self._cursor_position if place is None else place

    @cursor_position.setter
    def cursor_position(self, position: Offset) -> None:
        self._cursor_position = position

    def _show_cursor(self, *_: object) -> None:
        """The toolkit hides it at the start, and again when it returns from another program."""
        if self._driver is not None and not self.is_headless:
            self._driver.write("\x1b[?25h")
            self._driver.flush()

    def _returned(self, *_: object) -> None:
        """Back from the shell, or from another program: nothing of the screen is there any more."""
        self._show_cursor()
        self.redraw()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Leave out the filter that turns ANSI colours into exact ones: we draw none of them, and
        it would look at every line of the screen at every key."""
        filters = super().get_line_filters()
        return [each for each in filters if not isinstance(each, ANSIToTruecolor)]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return stand_ins(self.current_theme)

    def get_default_screen(self) -> Screen[None]:
        keys = self.keymap_in_force
        glyphs, lines = choose(self.settings[table.GLYPHS]), self.settings[table.LIST_LINES]
        if glyphs.ascii_only and not shows_unicode():
            self._filters = [*self._filters, AsciiLines()]
        self.desk = Desk(self.collection, glyphs, self._notices, self._rules, keys, lines)
        self.desk.fold(self.size.width)  # before there are styles that would follow
        self.desk.starting.first_frame = self.first_frame
        if self._resumes is not None:
            self.desk.resuming = Resuming(self.desk, resumes=self._resumes)
        rebind(self.desk, keys, whole=True)
        self.wait_for(self.desk)
        if self.hinting is not None:
            from .hints import hints

            self.desk.own_keys.hints = hints(keys, glyphs, self.hinting)
        return self.desk

    def push_screen(self, screen: Any, *args: Any, **options: Any) -> Any:
        """Every screen has the user's keys."""
        if isinstance(screen, Screen):
            rebind(screen, self.keymap_in_force)
        return super().push_screen(screen, *args, **options)

    def key_came(self, event: events.Key) -> None:
        """Called with each key, before it is answered."""
        self._pasting.saw(event)
        self.desk.starting.key_came()

    @property
    def leaving_keys(self) -> Sequence[str]:
        return ("escape", *self.keymap_in_force.keys_of("quit"))

    def on_footer_bar_said(self, message: FooterBar.Said) -> None:
        """Keep what any screen's footer says."""
        self.messages.add(message.text, self.collection.now())

    def action_run(self, command_id: str, key: str = "") -> None:
        """What works on every screen."""
        self.run_command(command_id)

    async def action_quit(self) -> None:
        """Ctrl+Q, from anywhere."""
        self.leave()

    def leave(self) -> None:
        self.desk.do_quit()

    def on_ready(self) -> None:
        self._show_cursor()
        self.app_resume_signal.subscribe(self, self._returned)
        # What is loaded by now stays: the collector need not look at it again at every key.
        gc.freeze()
        gc.enable()


def run(
    collection: Collection,
    notices: list[str],
    rules: Rules,
    settings: Config,
    first_frame: FirstFrame,
    *,
    resumes: bool,
) -> int:
    """Show the collection until the user leaves; return the exit code. `first_frame`: what the
    terminal may show already; `resumes`: begin where one was, else anew."""
    # Background threads give the interpreter back to a key ten times sooner than by default.
    sys.setswitchinterval(0.0005)
    trust_size(sys.__stdin__)
    gc.disable()  # until the first screen is painted: start-up makes no garbage worth finding
    app = ReaderApp(collection, notices, rules, first_frame.output, settings, resumes, first_frame)
    if settings[table.HINTS]:
        from reader.paths import state_dir

        from .hints import is_first

        app.hinting = state_dir() if is_first(state_dir()) else None
    was_raw = first_frame.ground is None and is_raw(sys.__stdin__)
    app.run(mouse=settings[table.MOUSE])
    app.desk.finish()
    if was_raw and app.ended_by is None:
        print(LEFT_RAW, end="\r\n", file=sys.stderr)
    return 128 + app.ended_by if app.ended_by else app.return_code or 0
