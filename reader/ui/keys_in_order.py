"""An app that has what is typed answered in its order.

The toolkit hands a key to the widget that has the focus then, and from there upward, from queue to
queue. What one key opens is not there for the next one, which is on its way already; and a key that
came later, to a place nearer to the top, overtakes it. So here a key is answered wholly before the
next one is looked at, and waits for a screen that is being opened, or for what a screen
`is_waiting` for. Most terminals send Alt with a key as Esc and that key: they are two keys wherever
nothing takes the one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

from textual import events
from textual._callback import invoke
from textual.app import App
from textual.screen import Screen

_INTERRUPT = "ctrl+c"


class KeysInOrder(App[None]):
    """Answers keys, and what is pasted, one after the other.

    What is typed while a screen is being opened is for that screen, unless its `takes_early_keys` is
    False: then only the keys that leave count.
    """

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[events.Key | events.Paste] = deque()
        """What was typed and is not answered yet, the first one first."""
        self._opening: set[Screen[Any]] = set()
        """Screens that are being put together."""

    def key_came(self, event: events.Key) -> None:
        """A key was pressed; others before it may not be answered yet."""

    @property
    def leaving_keys(self) -> Sequence[str]:
        """The keys that leave any screen."""
        return ("escape",)

    def push_screen(self, screen: Any, *args: Any, **options: Any) -> Any:
        """Have keys wait until the screen is put together."""
        if not isinstance(screen, Screen):
            return super().push_screen(screen, *args, **options)
        with self._context():  # what is answered there is acted on by the app, between two keys
            pushed = super().push_screen(screen, *args, **options)
        self.wait_for(screen)
        return pushed

    def wait_for(self, screen: Screen[Any]) -> None:
        """Have keys wait until a screen is put together that is being shown."""
        self._opening.add(screen)
        screen.call_later(self.call_later, self._opened, screen)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            if isinstance(event, events.Key):
                self.key_came(event)
            self._waiting.append(event)
            await self._answer_next()
        else:
            await super().on_event(event)

    async def _opened(self, screen: Screen[Any]) -> None:
        self._opening.discard(screen)
        if self.screen is screen and not getattr(screen, "takes_early_keys", True):
            self.forget()
        await self._answer_next()

    def forget(self) -> None:
        """Of what waits only the keys that leave are answered."""
        every = (part for each in self._waiting for part in self._parts(each))
        keys = (each for each in every if isinstance(each, events.Key))
        self._waiting = deque(each for each in keys if each.key in self.leaving_keys)

    def go_on(self) -> None:
        """What the screen had keys wait for is there, or does not come."""
        self.call_later(self._answer_next)

    @property
    def are_waiting(self) -> bool:
        """Whether anything was typed that is not answered yet, or not wholly."""
        return bool(self._waiting) or self._screen_waits

    @property
    def _screen_waits(self) -> bool:
        return any(getattr(screen, "is_waiting", False) for screen in self.screen_stack[-1:])

    async def _answer_next(self) -> None:
        """Answer the first key that waits. What comes of it, what a screen was answered with too, is
        done before the app comes to the next one."""
        if not self._waiting or not self.screen_stack:  # not any more: it has ended
            return
        if self.screen not in self._opening and not self._screen_waits:
            first, *rest = self._parts(self._waiting.popleft())
            self._waiting.extendleft(rest)
            await self._answer(first)
            if self._waiting:
                self.call_later(self._answer_next)

    def _parts(self, event: events.Key | events.Paste) -> list[events.Key | events.Paste]:
        """Return what an event stands for where keys go now: of Esc and a key right after it (see
        `KeyParser`) the one key with Alt, where that is one here, else the two. Ctrl+C is Esc where
        something is open; Enter typed before the program had the terminal has come as Ctrl+J."""
        if not isinstance(event, events.Key):
            return [event]
        if event.key == _INTERRUPT and self._leaves_by_interrupt:
            event.key, event.character = "escape", "\x1b"
        if event.character is None:
            return [event]
        if event.key == "ctrl+j" and not self._is_key(event.key):
            event.key, event.character = "enter", "\r"
        alt, _, key = event.key.partition("+")
        if alt != "alt" or not key:
            return [event]
        if self._is_key(event.key):
            keys = [events.Key(event.key, None)]
        else:
            keys = [events.Key("escape", "\x1b"), events.Key(key, event.character)]
        for each in keys:
            each.time = event.time
        return [*keys]

    @property
    def _leaves_by_interrupt(self) -> bool:
        """Whether Ctrl+C is Esc: where something is open, and nothing selected that it would copy."""
        screen = self.screen
        own = screen._bindings.key_to_bindings.get(_INTERRUPT, ())
        if len(self.screen_stack) > 1:
            is_open = not any(each.action.startswith("run(") for each in own)
        else:
            is_open = getattr(screen, "is_typing", False)
        selection = getattr(self.focused, "selection", None)  # of a line that is typed into
        is_selected = bool(screen.selections) or not (selection is None or selection.is_empty)
        return is_open and not is_selected

    def _is_key(self, key: str) -> bool:
        """Whether a key is one of the line that is typed into, or one of the keys in force."""
        nodes = [*(self.focused or self.screen).ancestors_with_self, *self.screen_stack]
        return key in getattr(self.focused, "alt_keys", ()) or any(
            key in node._bindings.key_to_bindings for node in nodes
        )

    async def _answer(self, event: events.Key | events.Paste) -> None:
        """Have all that may act on a key do so now: from the widget that has the focus upward."""
        self.app_focus = True
        if isinstance(event, events.Key) and await self._check_bindings(event.key, priority=True):
            return
        event._set_forwarded()
        for node in (self.focused or self.screen).ancestors_with_self:
            event._no_default_action = False
            if node is not self:
                for _, method in node._get_dispatch_methods(event.handler_name, event):
                    await invoke(method, event)
            elif isinstance(event, events.Key):
                await self._on_key(event)
            if event._stop_propagation:
                return
