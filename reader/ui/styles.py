"""Where the style sheets lie: one resolver for the checkout and the installed wheel."""

from __future__ import annotations

from pathlib import Path


def style_sheet(name: str) -> Path:
    """Return the path of a sheet. Raises FileNotFoundError when the installation lacks it."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "styles", package.parent / "styles"):
        sheet = folder / name
        if sheet.is_file():
            return sheet
    raise FileNotFoundError(f"style sheet {name} is missing: reinstall reader-tui")
