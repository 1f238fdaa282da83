"""All that is wrong with what the user has set, in one list: settings, keys and views of one's own.

Nothing of the toolkit is imported: commands of the shell read it too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reader.config import Config, Wrong

from .keymap import Keymap

if TYPE_CHECKING:
    from reader import views


def together(settings: Config, keys: Keymap, own: Iterable[views.Wrong] = ()) -> list[Wrong]:
    """Return what is wrong, in the order of the file, each once; warnings among it."""
    found = [*settings.wrong, *keys.wrong]
    said = {(each.key, each.line) for each in found}
    for each in own:
        if (each.field, each.line) not in said:  # `view` itself, which is a setting too
            where = f"{each.file}:{each.line}" if each.line else str(each.file)
            found.append(Wrong(where, f"view.{each.field}", each.reason, each.line))
    return sorted(found, key=lambda each: each.line)
