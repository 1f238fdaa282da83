"""Keys wait for what a background job finds, where the one before them needs it; not for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.screen import Screen
from textual.timer import Timer

from .keys_in_order import KeysInOrder

LONGEST = 2.0
"""Seconds after which it is waited no more, and what was typed meanwhile does not count."""


class Waiting:
    """A wait of one screen, whose `is_waiting` tells of it. `given_up` is called when it was too long."""

    def __init__(self, screen: Screen[Any], given_up: Callable[[], object]) -> None:
        self._screen = screen
        self._given_up = given_up
        self._until: Timer | None = None

    @property
    def is_on(self) -> bool:
        """Whether keys wait."""
        return self._until is not None

    def begin(self) -> None:
        """Have all keys from now on wait."""
        if self._until is None:
            self._until = self._screen.set_timer(LONGEST, self._give_up)

    def end(self) -> None:
        """What was waited for is there, or wanted no more: go on with the keys."""
        if self._until is not None:
            self._until.stop()
            self._until = None
            self._keys.go_on()

    def forget(self) -> None:
        """What was waited for does not come: what was typed meanwhile does not count."""
        self._keys.forget()
        self.end()

    def _give_up(self) -> None:
        self.forget()
        self._given_up()

    @property
    def _keys(self) -> KeysInOrder:
        assert isinstance(self._screen.app, KeysInOrder)
        return self._screen.app
