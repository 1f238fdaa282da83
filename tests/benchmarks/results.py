"""Measured values by table, program and measure; the targets; and how both are printed."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Target:
    """A bound that issue 2 sets. `value` is None when nothing was measured."""

    text: str
    value: float | None
    limit: float
    unit: str = ""
    at_least: bool = False

    @property
    def reached(self) -> bool | None:
        """Whether the bound holds; None when nothing was measured."""
        if self.value is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit


@dataclass
class Results:
    """All samples of a run, and the targets they were held against.

    `samples` are by table, by program (with the size of its collection), by measure.
    """

    samples: dict[str, dict[str, dict[str, list[float]]]] = field(default_factory=dict)
    targets: list[Target] = field(default_factory=list)
    noise: dict[str, list[float]] = field(default_factory=dict)
    """Cores that other processes used meanwhile, a value for each repetition of a measure."""

    def add(self, table: str, program: str, measure: str, *values: float) -> None:
        """Add samples; programs and measures keep the order they first came in."""
        cells = self.samples.setdefault(table, {}).setdefault(program, {})
        cells.setdefault(measure, []).extend(values)

    def values(self, table: str, program: str, measure: str) -> list[float]:
        """Return the samples of a measure; empty when there are none."""
        return self.samples.get(table, {}).get(program, {}).get(measure, [])

    def median(self, table: str, program: str, measure: str) -> float | None:
        """Return the median of a measure; None when there are no samples."""
        values = self.values(table, program, measure)
        return statistics.median(values) if values else None

    def ratio(self, table: str, over: tuple[str, str], under: tuple[str, str]) -> float | None:
        """Return the median of one (program, measure) divided by that of another."""
        above, below = self.median(table, *over), self.median(table, *under)
        return above / below if above is not None and below else None

    def target(
        self, text: str, value: float | None, limit: float, unit: str = "", at_least: bool = False
    ) -> None:
        """Hold a measured value against its bound."""
        self.targets.append(Target(text, value, limit, unit, at_least))

    # -- printing -----------------------------------------------------------------------------
    def table_lines(self, table: str) -> Iterator[str]:
        """Yield a table as lines of text, a line for each measure and a column for each program:
        medians, with their least and greatest sample."""
        programs = self.samples.get(table, {})
        measures = dict.fromkeys(name for cells in programs.values() for name in cells)
        lines = [
            [name, *(_cell(cells.get(name, [])) for cells in programs.values())]
            for name in measures
        ]
        yield from _aligned([[table, *programs], *lines])

    def target_lines(self) -> Iterator[str]:
        """Yield the targets as lines of text: the bound, what was measured, whether reached."""
        words = {True: "reached", False: "NOT REACHED", None: "not measured"}
        grid = [["target", "bound", "measured", ""]]
        for target in self.targets:
            bound = f"{'>=' if target.at_least else '<='} {target.limit:g}{target.unit}"
            measured = "-" if target.value is None else f"{_number(target.value)}{target.unit}"
            grid.append([target.text, bound, measured, words[target.reached]])
        yield from _aligned(grid)

    def noise_line(self) -> str:
        """Return how busy other processes kept the machine, as a line of text."""
        if not self.noise:
            return "noise: not known on this system"
        parts = [
            f"{measure} {statistics.median(values):.2f} (up to {max(values):.2f})"
            for measure, values in self.noise.items()
        ]
        worst = max(value for values in self.noise.values() for value in values)
        verdict = "quiet" if worst < 0.1 else "not quiet: times are too long and scatter"
        return f"noise, cores used by other processes: {', '.join(parts)}: {verdict}"

    def as_json(self) -> dict[str, object]:
        """Return everything measured as plain values."""
        return {
            "samples": self.samples,
            "targets": [
                {
                    "text": target.text,
                    "limit": target.limit,
                    "unit": target.unit.strip(),
                    "at_least": target.at_least,
                    "value": target.value,
                    "reached": target.reached,
                }
                for target in self.targets
            ],
            "other_cores": self.noise,
        }


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _cell(values: list[float]) -> str:
    if not values:
        return "-"
    median = _number(statistics.median(values))
    if min(values) == max(values):
        return median
    return f"{median} ({_number(min(values))}-{_number(max(values))})"


def _aligned(grid: list[list[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in grid) for column in range(len(grid[0]))]
    for number, row in enumerate(grid):
        cells = [
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
        if number == 0:
            yield "  ".join("-" * width for width in widths)
