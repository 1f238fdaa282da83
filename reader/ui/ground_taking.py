"""Taking the ground of first frames from a screen that has been laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.color import ColorSystem
from rich.segment import Segment
from textual.strip import Strip

from .grounds import Ground
from .output.cells import Row, cells_of
from .output.pens import Pen, blank_pen
from .widgets.bars import Rule

if TYPE_CHECKING:
    from .screens.desk import Desk


def take_ground(desk: Desk) -> Ground | None:
    """Return the ground of the desk as it is laid out; None where the list is not shown."""
    if not desk.list.display or not desk.list.size:
        return None
    colours = desk.app.console._color_system or ColorSystem.TRUECOLOR
    rows = (Row(*cells_of([strip], colours)) for strip in desk._compositor.render_strips())
    region = desk.list.region
    rules = {rule.region.x for rule in desk.query(Rule) if rule.display}
    return Ground(
        (region.x, region.y, region.width, region.height),
        _pens(desk, colours),
        tuple(_runs(row, rules, desk.glyphs.rule) for row in rows),
    )


def _runs(row: Row, rules: set[int], rule: str) -> tuple[tuple[str, Pen], ...]:
    """A line without its texts, but for the rules between the panes."""
    runs: list[tuple[str, Pen]] = []
    for x, (text, pen) in enumerate(zip(row.texts, row.pens, strict=True)):
        is_rule = x in rules and text == rule
        sign, pen = (rule, pen) if is_rule else (" ", blank_pen(Pen(background=pen.background)))
        if runs and runs[-1][0][0] == sign and runs[-1][1] == pen:
            runs[-1] = (runs[-1][0] + sign, pen)
        else:
            runs.append((sign, pen))
    return tuple(runs)


def _pens(desk: Desk, colours: ColorSystem) -> dict[tuple[str, str], Pen]:
    """How the list draws each role, on the row of the cursor and on others."""
    pens: dict[tuple[str, str], Pen] = {}
    background = desk.list.background_colors[1]
    for role in ("", *sorted(desk.list.COMPONENT_CLASSES)):
        for row in ("", "pane--cursor"):
            strip = Strip([Segment("x", desk.list.role_style(role, row))], 1)
            for each in desk.app.get_line_filters():
                strip = strip.apply_filter(each, background)
            pens[role, row] = cells_of([strip], colours)[1][0]
    return pens
