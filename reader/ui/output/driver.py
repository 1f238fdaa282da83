"""The toolkit's driver of the terminal, with our writer, and answers kept out of the keys."""

from __future__ import annotations

import os
import selectors
import signal
import sys
import time
from codecs import getincrementaldecoder
from collections.abc import Callable
from types import FrameType
from typing import Any

from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Offset
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from reader.terminal.answers import ASK_ATTRIBUTES, ASK_NAME, Answers
from reader.terminal.modes import ENTER, Attributes

from .key_parser import KeyParser
from .picture import Picture
from .writer import Writer

_LAST_ANSWERS = 2.0
"""Seconds that leaving waits for answers which are on their way."""
_HELD_FOR = 0.03
"""Seconds after which what looked like the beginning of an answer is a key."""


class TerminalDriver(LinuxDriver):
    """Draws a `picture` where there is one, else writes what the toolkit writes.

    `lost` is called in the event loop when the terminal is gone; `named` when it has told its name.
    With `taken` it shows a first frame already (that of `picture`, where there is one), and this is
    called, and returns how it took keys before, once that is ours.
    """

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
        picture: Picture | None = None,
        asks: bool = True,
        lost: Callable[[], None] = lambda: None,
        named: Callable[[str], None] = lambda name: None,
        taken: Callable[[], Attributes | None] | None = None,
    ) -> None:
        self._writer: Writer | None = None
        self._taken = taken
        self._is_gone = False
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.picture = picture
        self.answers = Answers(expected=False, pass_modes=True)
        self._asks = asks
        self._on_lost = lost
        self._on_named = named
        self._settled = False
        self._asked_at = 0.0
        self._read: list[Message] = []
        """What has been read and not handed over yet."""

    # The toolkit makes its own thread at each start, which queues frames and cannot do without its
    # terminal. Ours takes its place.
    @property  # type: ignore[override]  # a plain attribute there
    def _writer_thread(self) -> Writer | None:
        return self._writer

    @_writer_thread.setter
    def _writer_thread(self, thread: WriterThread | None) -> None:
        if thread is None:
            return
        self._settled = False
        if self.picture is not None and self._taken is None:
            self.picture.forget()
        assert sys.__stderr__ is not None
        self._writer = Writer(sys.__stderr__.fileno(), self._lost, self.picture)

    @property
    def is_slow(self) -> bool:
        """Whether the line was found to be slow."""
        return self._writer is not None and self._writer.pace.is_slow

    # -- output ---------------------------------------------------------------------------------
    def write(self, data: str) -> None:
        if data == ENTER and self._taken is not None:
            return  # there already: some terminals would clear what stands there
        if self._writer is not None:
            self._writer.write(data)

    def show(self, update: LayoutUpdate | ChopsUpdate, cursor: Offset) -> None:
        """Bring to the terminal what the compositor has drawn, as soon as it can take it."""
        writer, picture = self._writer, self.picture
        if writer is not None and picture is not None and not self._settled:
            with writer.changed:
                picture.update(update)
                picture.cursor = cursor.y, cursor.x
                writer.draw()

    def redraw(self) -> None:
        """Send the whole screen again."""
        if self._writer is not None and self.picture is not None:
            with self._writer.changed:
                self.picture.forget()
                self._writer.draw()

    def use_mouse(self, used: bool) -> None:
        """Ask for the mouse's events, or leave it to the terminal."""
        if used:
            self._enable_mouse_support()
        else:
            self._disable_mouse_support()

    # -- beginning and end ----------------------------------------------------------------------
    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]  # the toolkit's
        if self._taken is not None:
            taken, self._taken = self._taken, None
            self.attrs_before = taken() or self.attrs_before
        resized = signal.getsignal(signal.SIGWINCH)

        def resized_now() -> None:
            self.redraw()
            if callable(resized):
                resized(signal.SIGWINCH, None)

        def changed(number: int, frame: FrameType | None) -> None:
            # What a terminal makes of its screen at another size is its own affair: all is drawn
            # anew. The size is asked in the loop, and not here, where another signal may come in
            # between: then the size asked first would be told last, and stay.
            self._loop.call_soon_threadsafe(resized_now)

        signal.signal(signal.SIGWINCH, changed)
        if self._asks and self.answers.attributes is None:
            self.answers.expected = True
            self._asked_at = time.monotonic()
            self.write(ASK_NAME + ASK_ATTRIBUTES)

    def disable_input(self) -> None:
        if self._writer is not None and not self._settled:
            self._settled = True
            self._writer.settle(_LAST_ANSWERS)
        super().disable_input()

    def stop_application_mode(self) -> None:
        self.disable_input()
        # Where there is no second screen (over mosh, on a console) the shell goes on in this one.
        self.write("\x1b[m\x1b[2J\x1b[H")
        super().stop_application_mode()

    def _lost(self) -> None:
        """The terminal is gone (in one of the threads)."""
        if not self._is_gone:
            self._is_gone = True
            try:
                self._loop.call_soon_threadsafe(self._on_lost)
            except RuntimeError:
                return  # the loop has ended already

    # -- input ----------------------------------------------------------------------------------
    def process_message(self, message: Message) -> None:
        if isinstance(message, TerminalSupportsSynchronizedOutput) and self._writer is not None:
            self._writer.synchronized = True
        super().process_message(message)

    def run_input_thread(self) -> None:
        """Read until told to end. As the toolkit's own, but that answers are taken out, that Esc is
        told from what begins with it, and that a terminal that is gone is the end instead of an
        endless loop."""
        parser = KeyParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                ready = selector.select(_HELD_FOR if self.answers.holds else 0.1)
                if ready:
                    try:
                        data = os.read(self.fileno, 4096)
                    except OSError:
                        data = b""
                    if not data:
                        self._lost()
                        return
                    text = self._without_answers(decode(data))
                else:
                    text = self.answers.release()
                arrived = time.monotonic()
                if text:
                    for event in parser.feed(text):
                        event.time = arrived
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
                self._hand_over()

    def send_message(self, message: Message) -> None:
        self._read.append(message)  # in the thread that reads, as all that is sent

    def _hand_over(self) -> None:
        """Give the program what one read brought, all at once: one by one it would work on the first
        key while this thread waits for its turn, and take the rest of a pasted text for keys that
        came later."""
        if self._read:
            messages, self._read = self._read, []
            self._loop.call_soon_threadsafe(self._post, messages)

    def _post(self, messages: list[Message]) -> None:
        for message in messages:
            self._app.post_message(message)

    def _without_answers(self, text: str) -> str:
        answers, writer = self.answers, self._writer
        asked = self._asks and answers.attributes is None
        waits = writer is not None and writer.pace.waits
        answers.expected = asked or waits
        rest = answers.feed(text)
        if writer is not None:
            for _ in answers.places:
                writer.question_answered()
        answers.places.clear()
        if asked and answers.attributes is not None:
            if writer is not None:
                writer.other_question_answered(time.monotonic() - self._asked_at)
            self._loop.call_soon_threadsafe(self._on_named, answers.name)
        return rest
