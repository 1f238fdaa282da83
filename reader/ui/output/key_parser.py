"""What a terminal sends as keys: Esc and the key after it are told from a sequence that begins with ESC.

The toolkit waits a tenth of a second for what may follow an ESC, and takes it with that. Keys that
are typed fast, or come bunched over a slow line, are not lost here: few characters begin a sequence
of which terminals send any.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator

from textual import constants, events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message

_ESC = "\x1b"
_AFTER = {
    "[": "".join(map(chr, range(0x20, 0x7F))),
    "O": "".join(keys[2] for keys in ANSI_SEQUENCES_KEYS if keys[1:2] == "O" and len(keys) > 2),
    "P": ">!01",
    "]": "0123456789",
}
"""What begins a sequence after ESC, and what goes on with it."""
_WHOLE = "\t\x7f"
"""What makes one key with an ESC before it: Shift+Tab of a console, Alt+Backspace of all."""


class KeyParser(XTermParser):
    """Makes events of what was read, in as many pieces as it comes.

    ESC and a character that begins no sequence are one key event, its name `alt+` and the key's, its
    character the key's: with Alt, or Esc and then that key. Alt by the protocol that tells it for
    sure has no character. Of what is pasted nothing is a key.
    """

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._held = ""
        """An ESC, or that and what may begin a sequence, or what may begin a paste."""
        self._held_until = 0.0
        self._pasted: str | None = None
        """What has come of a paste; None: there is none."""

    def feed(self, data: str) -> Iterator[Message]:
        while data:
            if self._pasted is not None:
                data = yield from self._paste(data)
            elif self._held or self._is_within:
                character, data = data[0], data[1:]
                yield from self._go_on_with(character)
            else:
                text, escape, data = data.partition(_ESC)
                if text:
                    yield from super().feed(text)
                if escape:
                    self._hold(_ESC)

    def tick(self) -> Iterator[Message]:
        """What began may have been all there is."""
        if self._held and time.monotonic() >= self._held_until:
            yield from self._release()
        yield from super().tick()

    @property
    def _is_within(self) -> bool:
        """Whether the toolkit waits for the rest of a sequence."""
        return self._awaiting.timeout is not None

    def _hold(self, text: str) -> None:
        self._held = text
        self._held_until = time.monotonic() + constants.ESCAPE_DELAY

    def _release(self) -> Iterator[Message]:
        """Nothing follows what began: it is no sequence, or not a whole one."""
        held, self._held = self._held, ""
        if held == _ESC:
            yield events.Key("escape", _ESC)
        elif len(held) == 2:
            yield from self._after_escape(held[1])
        else:
            if held:
                yield from super().feed(held)
            self._timeout_time = 0.0
            yield from super().tick()

    def _go_on_with(self, character: str) -> Iterator[Message]:
        begun = self._held + character
        if character == _ESC:
            yield from self._release()
            self._hold(_ESC)
        elif self._held == _ESC and character in _AFTER:
            self._hold(begun)
        elif self._held == _ESC and character not in _WHOLE:
            self._held = ""
            yield from self._after_escape(character)
        elif begun == BRACKETED_PASTE_START:
            self._held, self._pasted = "", ""
        elif BRACKETED_PASTE_START.startswith(begun):
            self._hold(begun)
        elif len(self._held) == 2 and character not in _AFTER[self._held[1]]:
            yield from self._release()
            yield from super().feed(character)
        else:
            self._held = ""
            yield from super().feed(begun)

    def _paste(self, data: str) -> Generator[Message, None, str]:
        """Take in what is pasted; return what comes after it."""
        assert self._pasted is not None
        start = max(0, len(self._pasted) - len(BRACKETED_PASTE_END))
        self._pasted += data
        end = self._pasted.find(BRACKETED_PASTE_END, start)
        if end < 0:
            return ""
        text, rest = self._pasted[:end], self._pasted[end + len(BRACKETED_PASTE_END) :]
        self._pasted = None
        yield events.Paste(text.replace("\0", ""))
        return rest

    def _after_escape(self, character: str) -> Iterator[Message]:
        for key in self._sequence_to_key_events(character):
            yield events.Key(f"alt+{key.key}", character)
