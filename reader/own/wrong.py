"""All that is wrong with the settings, also what only those who use them know."""

from __future__ import annotations

import os

from reader.config import Config, Wrong, table, unknown_variables
from reader.ui.keymap import keymap
from reader.ui.wrong import together


def all_wrong(chosen: Config) -> list[Wrong]:
    """Return what is wrong with settings, keys and the user's own views, and warnings: of a
    collection that is not there, and of names in the environment."""
    from reader import views  # here: most people have a file without mistakes

    own = () if chosen.file is None else views.load(chosen.file).wrong
    found = together(chosen, keymap(chosen), own)
    found += [*_no_collection(chosen), *unknown_variables()]
    return sorted(found, key=lambda each: each.line)


def errors(chosen: Config) -> list[Wrong]:
    """Return what is wrong and was left out for it: no warnings."""
    return [each for each in all_wrong(chosen) if not each.is_warning]


def _no_collection(chosen: Config) -> list[Wrong]:
    folder, where = chosen[table.COLLECTION], chosen.value(table.COLLECTION).where
    if folder is None or os.path.lexists(folder):
        return []
    line = where.rpartition(":")[2]
    reason = f"“{table.COLLECTION.name}” is {folder}, which does not exist."
    at = int(line) if line.isdigit() else 0
    return [Wrong(where, table.COLLECTION.name, reason, at, is_warning=True)]
