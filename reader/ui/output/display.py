"""Where the toolkit is hooked: an app that draws through our output, or as the toolkit does."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from rich.color import ColorSystem
from rich.console import RenderableType
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.driver import Driver
from textual.screen import Screen

from reader.terminal.surroundings import Surroundings
from reader.ui.keys_in_order import KeysInOrder

from .abilities import Output
from .driver import TerminalDriver
from .picture import Picture

if TYPE_CHECKING:
    from reader.ui.first_frame import FirstFrame


class TerminalApp(KeysInOrder):
    """An app that survives its terminal, and sends it little where that is wanted."""

    def __init__(self, output: Output | None = None, first_frame: FirstFrame | None = None) -> None:
        super().__init__()
        self.output = output or Output()
        self.first_frame = first_frame
        """What the terminal may show already; None in tests."""
        self.has_links = self.output.has_links()
        """Whether links can be clicked on."""
        # Nothing here uses them, and each screen would be laid out and drawn once more for them.
        self._disable_tooltips = self._disable_notifications = True
        self.once_displayed: Callable[[], object] | None = None
        """What is called when something is on the screen, once."""
        self._progress_at = 0.0
        self.ended_by: signal.Signals | None = None
        """The signal that ended the program, or SIGHUP where the terminal went without one."""

    def get_driver_class(self) -> type[Driver]:
        return _make_driver  # type: ignore[return-value]  # called as the class would be

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        driver = self._driver
        if (
            isinstance(driver, TerminalDriver)
            and driver.picture is not None
            and isinstance(renderable, (LayoutUpdate, ChopsUpdate))
        ):
            if not self._batch_count and self._running and not self._closed:
                driver.show(renderable, self.screen.outer_size.clamp_offset(self.cursor_position))
            self.post_display_hook()
            return
        super()._display(screen, renderable)

    def post_display_hook(self) -> None:
        call, self.once_displayed = self.once_displayed, None
        if call is not None:
            call()

    @property
    def terminal(self) -> TerminalDriver | None:
        """The terminal; None in tests that have none."""
        return self._driver if isinstance(self._driver, TerminalDriver) else None

    def run_command(self, command_id: str) -> None:
        """Run one of the commands that are about the terminal, from any screen."""
        if command_id == "redraw":
            self.redraw()
        elif command_id == "suspend":
            self.action_suspend_process()

    def may_show_progress(self) -> bool:
        """Whether progress may be shown again; where nothing is to move, four times a second."""
        now = time.monotonic()
        if self.output.is_still and now - self._progress_at < 0.25:
            return False
        self._progress_at = now
        return True

    def redraw(self) -> None:
        """Draw the whole screen again, whatever may have disturbed it."""
        if self.terminal is not None and self.terminal.picture is not None:
            self.terminal.redraw()
        else:
            self.screen.refresh(layout=True)

    def give_mouse_back(self, given: bool) -> None:
        """Let the terminal have its mouse, to select text with, or take it again."""
        if self.terminal is not None:
            self.terminal.use_mouse(not given)

    # -- what becomes of the terminal -----------------------------------------------------------
    def terminal_named(self, name: str) -> None:
        """The terminal has answered what it is; `name` may be empty."""
        self.has_links = self.output.has_links(name)

    def leave_by(self, number: signal.Signals) -> None:
        """Leave because of a signal, as if asked to; a second one at once."""
        if self.ended_by is None:
            self.ended_by = number
            self.leave()
        else:
            self.exit()

    def leave(self) -> None:
        """Leave as by the user's wish: what was asked for before it comes first."""
        self.exit()

    def _on_lost(self) -> None:
        self.leave_by(signal.SIGHUP)

    async def _ready(self) -> None:
        await super()._ready()
        if self.terminal is None:
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, self.leave_by, number)


def _make_driver(app: TerminalApp, **options: Any) -> Driver:
    colours = app.console._color_system or ColorSystem.TRUECOLOR  # as the toolkit has it
    picture = Picture(colours, app.output.abilities()) if app.output.is_lean else None
    first = app.first_frame
    is_begun = first is not None and first.ground is not None
    if first is not None and is_begun and picture is not None:
        picture = first.picture
        picture.colours = colours
    return TerminalDriver(
        app,
        picture=picture,
        asks=_may_be_asked(app.output.around),
        lost=app._on_lost,
        named=app.terminal_named,
        taken=first.hand_over if first is not None and is_begun else None,
        **options,
    )


def _may_be_asked(around: Surroundings) -> bool:
    """Whether questions are understood as such, and not shown, or taken for something else."""
    return not (
        around.is_old or around.term.startswith("linux") or around.program == "Apple_Terminal"
    )
