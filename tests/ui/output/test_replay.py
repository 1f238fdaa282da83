"""A session of the application itself, drawn both ways: every frame shows the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import RenderableType
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.screen import Screen

from reader.library.collection import Collection
from reader.ui.app import ReaderApp

from .screens import BothWays

KEYS = (
    *("j", "j", "k", "ctrl+d", "G", "g", "l", "j", "j", "pagedown", "h", "h", "j", "j", "l"),
    *("space", "j", "space", "v", "j", "escape", "p", "u", "s", "r", "equals_sign", "escape"),
    *("question_mark", "j", "escape", "w", "escape", "z", "escape", "e", "escape", "t", "escape"),
    *("H", "escape", "backslash", "backslash", "tab", "tab", "n", "N"),
)


class Replayed(ReaderApp):
    """Feeds what is displayed to the two screens as well."""

    both: BothWays
    wrong: list[str]

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if isinstance(renderable, (LayoutUpdate, ChopsUpdate)) and not self._batch_count:
            size = self.screen.outer_size
            if (size.width, size.height) != (self.both.stock.columns, self.both.stock.lines):
                self.both.resize(size.width, size.height)
            self.both.show(renderable)
            self.wrong += self.both.differences()
        super()._display(screen, renderable)


@pytest.mark.long
async def test_a_session_looks_the_same_frame_by_frame(
    folder: Path, open_collection: Callable[[Path], Collection]
) -> None:
    app = Replayed(open_collection(folder))
    app.both, app.wrong = BothWays(120, 30), []
    async with app.run_test(size=(120, 30)) as pilot:
        for key in KEYS:
            await pilot.press(key)
            assert not app.wrong, (key, app.wrong[:3])
        for size in ((80, 24), (40, 12), (1, 1), (200, 50), (120, 30)):
            await pilot.resize_terminal(*size)
            await pilot.press("j")
            assert not app.wrong, (size, app.wrong[:3])
        await asyncio.sleep(0)
    shown = len(app.both.sent)
    assert shown > len(KEYS)
    assert sum(lean for _, lean in app.both.sent) < sum(stock for stock, _ in app.both.sent) / 2
