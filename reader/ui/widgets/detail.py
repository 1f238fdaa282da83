"""The detail pane: the article under the list's cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from reader.ui.glyphs import Glyphs

from .highlights import marked
from .line_pane import LinePane
from .pieces import Line, Piece

if TYPE_CHECKING:
    from reader.records.querying.nodes import Node

Fields = str | tuple[str, ...]
"""Of which field of a record a line is; of several: a name for each piece, empty for none."""
_NO_FIELDS: Mapping[int, Fields] = {}


class Detail(LinePane):
    """Shows lines made elsewhere."""

    def __init__(self, *, glyphs: Glyphs, id: str | None = None) -> None:
        super().__init__("DETAIL", glyphs=glyphs, id=id)
        self._lines: Sequence[Line] = ()
        self.said: Sequence[str] = ()
        self._fields: Mapping[int, Fields] = _NO_FIELDS
        self._root: Node | None = None

    @property
    def line_count(self) -> int:
        return len(self._lines)

    def line(self, index: int, width: int, *, at_cursor: bool) -> Line:
        line = self._lines[index]
        if self._root is None or index not in self._fields:
            return line
        fields = self._fields[index]
        if isinstance(fields, str):
            return marked(line, self._root, fields)
        found: list[Piece] = []
        for piece, field in zip(line, fields, strict=True):
            found += marked([piece], self._root, field) if field else [piece]
        return found

    def empty_lines(self) -> Sequence[str]:
        return self.said

    def show(
        self,
        lines: Sequence[Line],
        *,
        keep_place: bool = False,
        fields: Mapping[int, Fields] = _NO_FIELDS,
    ) -> None:
        """Show an article; `keep_place`: it is the same one, drawn better or for another width.
        `fields`: of which field of a record a line is, for `highlight`."""
        self._lines = lines
        self._fields = fields
        if keep_place:
            self.cursor = max(0, min(self.cursor, len(lines) - 1))
            self.top = max(0, min(self.top, len(lines) - self.page))
        else:
            self.cursor = self.top = 0
        self.redraw()

    def highlight(self, root: Node | None) -> None:
        """Have the words that a query asks for stand out."""
        if root is not self._root:
            self._root = root
            self.redraw()
