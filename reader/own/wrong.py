"""All that is wrong with the settings, also what only those who use them know."""

from __future__ import annotations

from reader.config import Config, Wrong, unknown_variables
from reader.ui.keymap import keymap


def all_wrong(chosen: Config, *, with_views: bool = False) -> list[Wrong]:
    """Return what is wrong with settings and keys; with the user's own views where asked for (the
    interface tells of those itself), and then with names in the environment, too."""
    found = [*chosen.wrong, *keymap(chosen).wrong]
    if with_views:
        found += unknown_variables()
    if with_views and chosen.file is not None:
        from reader import views

        for each in views.load(chosen.file).wrong:
            where = f"{each.file}:{each.line}" if each.line else str(each.file)
            found.append(Wrong(where, f"view.{each.field}", each.reason, each.line))
    return sorted(found, key=lambda each: each.line)
