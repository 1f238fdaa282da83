"""Lines to look at: no cursor; keys scroll."""

from __future__ import annotations

from .detail import Detail
from .pieces import Line


class Passage(Detail):
    """Shows lines made elsewhere; every move scrolls at once."""

    def move(self, by: int) -> bool:
        return self.scroll_by(by)

    def move_to(self, index: int, direction: int = 1) -> bool:
        return self.scroll_by(index - self.top)

    def move_page(self, pages: float) -> bool:
        return self.scroll_by(int(self.page * pages) or (1 if pages > 0 else -1))

    def _at(self, y: int, width: int, height: int) -> tuple[Line, str]:
        line, _ = super()._at(y, width, height)
        return line, ""
