"""Keys by name: as a person writes them in the settings, and as the toolkit names them."""

from __future__ import annotations

import re
import unicodedata

_NAMED = frozenset(
    (
        *("enter", "tab", "escape", "backspace", "space", "insert", "delete"),
        *("home", "end", "pageup", "pagedown", "up", "down", "left", "right"),
        *(f"f{number}" for number in range(1, 25)),
    )
)
_ALIASES = {
    "return": "enter",
    "esc": "escape",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "pgdown": "pagedown",
    "del": "delete",
    "ins": "insert",
    "bs": "backspace",
    "spc": "space",
}
_REPLACED = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
"""The toolkit's own names, where they are not Unicode's."""
_SAME = {
    "ctrl+m": "Enter",
    "ctrl+i": "Tab",
    "ctrl+left_square_bracket": "Esc",
    "ctrl+h": "Backspace",
}
"""What a terminal cannot tell from another key."""


class NoKey(ValueError):  # noqa: N818  its name says enough
    """What is no key; `str` is a sentence."""


def key_of(written: str) -> str:
    """Return the toolkit's name of a key, or of two with a space between them, one after the other.

    `?`, `P`, `ctrl+d`, `F6`, `Space`, `g v` are what is written. Raises NoKey."""
    if written == " ":
        return "space"
    parts = written.split()
    if not parts or len(parts) > 2:
        raise NoKey(
            f"“{_short(written)}” is no key; write one like p, ?, f6, ctrl+d, space or g v."
        )
    return " ".join(map(_one, parts))


def _one(written: str) -> str:
    *modifiers, name = (
        written.split("+")
        if written != "+" and not written.endswith("++")
        else ([*written[:-2].split("+"), "+"] if written != "+" else ["+"])
    )
    modifiers = [each.lower() for each in modifiers]
    if not set(modifiers) <= {"ctrl", "alt", "shift"}:
        raise NoKey(f"“{_short(written)}” is no key: the modifiers are ctrl, alt and shift.")
    if len(name) == 1:
        if "shift" in modifiers and name.isalpha():
            modifiers.remove("shift")
            name = name.upper()
        if "ctrl" in modifiers:
            name = name.lower()
        key = name if name.isalnum() else named(name)
    else:
        key = _ALIASES.get(name.lower(), name.lower())
        if key not in _NAMED and not _is_sign(key):
            raise NoKey(_unknown(written, key))
    order = [each for each in ("alt", "ctrl", "shift") if each in modifiers]
    whole = "+".join((*order, key))
    if whole in _SAME:
        raise NoKey(f"“{_short(written)}” is {_SAME[whole]} on most terminals; choose another.")
    return whole


def named(character: str) -> str:
    """Return the toolkit's name of a sign: `?` is `question_mark`. Raises NoKey."""
    try:
        name = unicodedata.name(character)
    except ValueError:
        raise NoKey("A control character is no key; write its name, like tab or escape.") from None
    name = name.lower().replace("-", "_").replace(" ", "_")
    return _REPLACED.get(name, name)


def sign_of(key: str) -> str:
    """Return the sign that a key's name stands for, or the name itself."""
    if not re.fullmatch(r"[a-z_]+", key) or len(key) == 1 or key in _NAMED:
        return key
    back = {value: name for name, value in _REPLACED.items()}
    name = back.get(key, key).replace("_", " ")
    for each in (
        name,
        name.replace("hyphen minus", "hyphen-minus"),
        name.replace("less than", "less-than"),
        name.replace("greater than", "greater-than"),
    ):
        try:
            return unicodedata.lookup(each)
        except KeyError:
            continue
    return key


def _is_sign(key: str) -> bool:
    return len(sign_of(key)) == 1


def _unknown(written: str, key: str) -> str:
    import difflib  # here: only a mistake needs it

    near = difflib.get_close_matches(key[:40], sorted(_NAMED), n=1)
    hint = f"; did you mean “{near[0]}”?" if near else "; write one like p, ?, f6, ctrl+d or space."
    return f"“{_short(written)}” is no key{hint}"


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
