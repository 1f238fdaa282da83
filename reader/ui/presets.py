"""Sets of keys for hands that are used to another program: what each changes of the default."""

from __future__ import annotations

PRESETS: dict[str, dict[str, tuple[str, ...]]] = {
    "default": {},
    "newsboat": {
        "move.next_unpublished": ("n",),
        "move.previous_unpublished": ("p",),
        "read.toggle": ("N",),
        "rescan": ("r", "R"),
        "quit": ("Q", "ctrl+q"),
        "decide.publish": ("A", "f6"),
        "decide.unpublish": ("P",),
    },
    "vim": {
        "move.first": ("g g", "home"),
        "move.page_down": ("ctrl+f", "pagedown"),
        "move.page_up": ("ctrl+b", "pageup"),
        "trail.back": ("ctrl+o", "backspace"),
        "decide.reject": ("d d", "f8"),
    },
    "emacs": {
        "move.down": ("ctrl+n", "down"),
        "move.up": ("ctrl+p", "up"),
        "move.page_down": ("ctrl+v", "pagedown"),
        "move.page_up": ("alt+v", "pageup"),
        "move.first": ("alt+less_than_sign", "home"),
        "move.last": ("alt+greater_than_sign", "end"),
        "pane.left": ("ctrl+b", "left"),
        "pane.right": ("ctrl+f", "right"),
        "pane.next": ("ctrl+x o", "tab"),
        "back": ("ctrl+g", "escape"),
        "filter": ("ctrl+s", "slash"),
        "mark.again": ("ctrl+x v",),
        "undo": ("ctrl+underscore", "u"),
        "palette": ("alt+x", "colon"),
        "git.sync": ("ctrl+x s", "X"),
        "leave": ("ctrl+x k", "q"),
        "quit": ("ctrl+x ctrl+c", "ctrl+q"),
    },
}
"""By name: the keys of commands by id, as the toolkit names them."""
