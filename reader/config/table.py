"""Every setting there is, one entry each. Adding one is adding its line here.

`config.load()` reads it from the file, from its variable (`links.per_host` is READER_LINKS_PER_HOST)
and from `--setting links.per_host=2`; `reader config`, its default file, its checks and the manual page
follow. `chosen[table.LINKS_PER_HOST]` is its value, of the right type.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from reader.records.verdicts import DEFAULT_ROLES, Role

from .kinds import (
    Below,
    Entries,
    Entry,
    Folder,
    Kind,
    Names,
    Networks,
    Number,
    OneOf,
    Ports,
    SomeOf,
    Switch,
    Text,
    Whole,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Setting(Generic[T]):
    """A setting; `name` is what it is called in the file, a table's name and a dot first."""

    name: str
    kind: Kind[T]
    default: T
    help: str
    """One sentence."""
    example: str = ""
    """What the default file shows where the default is nothing, as TOML."""
    safe: T | None = None
    """For a setting that protects: what holds where its value is wrong or cannot be known."""
    governs_edits: bool = False
    """Whether commands that edit refuse to work while its value is wrong."""
    flag: str = ""
    """An option of its own, beside `--setting`."""

    @property
    def variable(self) -> str:
        """The environment variable that sets it; a table of the user's own has none."""
        if isinstance(self.kind, Entries):
            return ""
        return f"READER_{self.name.replace('.', '_').upper()}"


SETTINGS: dict[str, Setting[Any]] = {}
"""By name, in the order of the default file."""


def _setting(name: str, kind: Kind[T], default: T, help: str, **more: Any) -> Setting[T]:
    made = Setting(name, kind, default, help, **more)
    SETTINGS[name] = made
    return made


_NOTHING: tuple[Entry, ...] = ()
_NO_NAMES: tuple[str, ...] = ()
_NO_PORTS: tuple[int, ...] = ()
_NO_PATH: Path | None = None

COLLECTION = _setting(
    "collection",
    Folder("a path in quotes: the folder (or file) that `reader` opens by itself"),
    _NO_PATH,
    "What `reader` opens without a path; relative to this file.",
    example='"~/site"',
    governs_edits=True,
)
EXCLUDE = _setting(
    "exclude",
    Names('a list of names or patterns to leave out, like ["drafts", "*.bak.md"]'),
    _NO_NAMES,
    "Files and folders to leave out: names, or paths relative to the collection.",
    example='["drafts", "*.tmp.md"]',
    governs_edits=True,
)
EDIT = _setting(
    "edit",
    Switch(),
    True,
    "Whether records may be edited at all.",
    safe=False,
    governs_edits=True,
    flag="--read-only",
)
REJECT = _setting(
    "reject",
    OneOf("mark", "trash", "archive"),
    "mark",
    "What becomes of a rejected record: marked in its file, or the file moved; undo restores it.",
    governs_edits=True,
)
ARCHIVE = _setting(
    "archive",
    Below("a folder inside the collection, in quotes: where rejected files go with archive"),
    "_archive",
    "Where rejected files go with `archive`; no part of the collection any more.",
    governs_edits=True,
)
THEMES = (
    *("reader-dark", "reader-light", "reader-contrast", "ansi"),
    *("textual-dark", "textual-light", "ansi-dark", "ansi-light", "nord", "gruvbox", "dracula"),
    *("tokyo-night", "monokai", "flexoki", "solarized-light", "solarized-dark"),
    *("catppuccin-mocha", "catppuccin-latte", "catppuccin-frappe", "catppuccin-macchiato"),
    *("rose-pine", "rose-pine-moon", "rose-pine-dawn", "atom-one-dark", "atom-one-light"),
)
THEME = _setting(
    "theme",
    OneOf(*THEMES),
    "reader-dark",
    "The colours; `ansi` takes the terminal's own sixteen, as do those with no more by default.",
)
GLYPHS = _setting(
    "glyphs",
    OneOf("auto", "unicode", "ascii"),
    "auto",
    "The signs: `auto` takes ASCII where locale or terminal lacks Unicode.",
)
OUTPUT = _setting(
    "output",
    OneOf("auto", "lean", "stock"),
    "auto",
    "What is sent to the terminal: `lean` only what differs, `stock` whole lines; `auto` is `lean` over SSH.",
)
MOTION = _setting(
    "motion",
    OneOf("auto", "none", "some"),
    "auto",
    "`none`: nothing moves by itself but progress, four times a second; `auto` is `none` over SSH.",
)
HYPERLINKS = _setting(
    "hyperlinks",
    OneOf("auto", "on", "off"),
    "auto",
    "Whether links can be clicked (OSC 8); `auto`: where the terminal is known to understand them.",
)
MOUSE = _setting(
    "mouse",
    Switch(),
    True,
    "Whether the mouse points and scrolls; `false` leaves it to the terminal, to select text with.",
)
HINTS = _setting("hints", Switch(), True, "Whether a first start shows three lines of help.")
PLAIN = _setting(
    "plain",
    Switch(),
    False,
    "Line by line, without a screen: for screen readers, braille and dumb terminals.",
    flag="--plain",
)
PLAIN_WRAP = _setting(
    "plain_wrap",
    Whole(0, 500),
    0,
    "After how many columns the line mode breaks lines, between words; 0: the terminal does.",
)
LIST_LINES = _setting(
    "list.lines",
    Whole(1, 2),
    1,
    "Lines a row of the list takes: with 2, the title on the first, where it is from on the second.",
)
LINKS_ROLES = _setting(
    "links.roles",
    SomeOf(*Role),
    tuple(role.value for role in DEFAULT_ROLES),
    "Which links are checked when nobody says otherwise.",
)
LINKS_ALLOW = _setting(
    "links.allow",
    Networks(),
    _NO_NAMES,
    "Networks inside that may be asked, on every port; without them nothing private ever is.",
    example='["10.1.0.0/16"]',
    safe=_NO_NAMES,
    flag="--allow",
)
LINKS_PORTS = _setting(
    "links.ports",
    Ports(),
    _NO_PORTS,
    "Ports that may be asked besides 80, 443, 8080 and 8443.",
    example="[8000]",
    safe=_NO_PORTS,
)
LINKS_PER_HOST = _setting(
    "links.per_host", Whole(1, 32), 4, "How many URLs of one host are asked at once."
)
LINKS_PAUSE = _setting(
    "links.pause",
    Number(0, 60, "seconds"),
    0.1,
    "The least time between the beginnings of two requests to one host.",
)
LINKS_USER_AGENT = _setting(
    "links.user_agent",
    Text("a text in quotes: what sites are told of who asks"),
    "",
    "Who asks, as sites are told (put how to reach you there); empty: the program's name and version.",
    example='"reader-tui (links of site.example; webmaster@site.example)"',
)
LINKS_PROXY = _setting(
    "links.proxy", Switch(), False, "Whether links are asked by the environment's proxy."
)
LINKS_EVERY = _setting(
    "links.every",
    Whole(0, 3650),
    0,
    "The interface checks by itself, as it starts, what it has not for so many days; 0: never.",
    safe=0,
)
PRESET = _setting(
    "keys.preset",
    OneOf("default", "newsboat", "vim", "emacs"),
    "default",
    "Which set of keys the ones below change.",
)
KEYS = _setting(
    "keys",
    Entries('a table of commands and their keys, like "decide.publish" = ["p", "f6"]'),
    _NOTHING,
    'The keys of commands, by id (`reader keys` lists them): a key, a list, or "" for none.',
    example='"decide.publish" = ["p", "f6"]',
)
MACROS = _setting(
    "macros",
    Entries('a table of keys and what they run, like "f9" = ["decide.publish", "link.open"]'),
    _NOTHING,
    "Several commands on one key, one after the other; one that begins with ! is a program to pipe to.",
    example='"f9" = ["star.toggle", "move.down"]',
)
VIEWS = _setting(
    "view",
    Entries(
        'tables, each with a name and a query: [[view]], name = "…", query = "…"', several=True
    ),
    _NOTHING,
    "Views of your own, in the order of the sidebar.",
    example='name = "Short"\n#query = "is:unpublished"',
)
