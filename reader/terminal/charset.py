"""Which characters can be sent to the terminal, and what stands for those that cannot.

Where the locale is plain C (or one of before Unicode), the terminal is taken to show ASCII and nothing
else: every byte beyond it would be drawn as rubbish, or as nothing.
"""

from __future__ import annotations

import codecs
import locale
import os
from collections.abc import Mapping
from functools import lru_cache
from unicodedata import category, east_asian_width, normalize

PLAIN_SIGNS = str.maketrans(
    "•●○◦▪·…–—―‒‐‑‘’‚“”„‹›«»│┃║─━═→←↑↓✓✗×±\N{NO-BREAK SPACE}",
    '*oo-*-~------\'\',"""<><>|||--=><^v+xx~ ',
)
"""What a font of few signs lacks, and the nearest that it has."""
ERRORS = "reader.ascii"
"""The name under which `prepare_errors` has Python's streams write what is not ASCII."""
_UNKNOWN = "?"


def shows_unicode(environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether the locale is one of UTF-8."""
    encoding = locale.getpreferredencoding(False).lower().replace("-", "")
    return encoding == "utf8" and not is_c(environ)


def is_c(environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether the locale is that of plain C by name: Python makes UTF-8 of it for itself, the
    terminal does not."""
    given = environ.get("LC_ALL") or environ.get("LC_CTYPE", "")
    if not environ.get("LC_ALL") and given in ("", "C.UTF-8", "C.utf8", "UTF-8"):
        given = environ.get("LANG", "")  # what Python itself may have set does not count
    return given in ("C", "POSIX")


@lru_cache(maxsize=4096)
def ascii_cells(text: str) -> str:
    """Return a text in ASCII, as many columns wide as it was: accents go, signs become their like,
    all else question marks."""
    return "".join(map(_ascii_cells, text.translate(PLAIN_SIGNS)))


def _ascii_cells(character: str) -> str:
    if character.isascii():
        return character
    if category(character) in ("Mn", "Me", "Cf"):
        return ""
    if "\u2500" <= character <= "\u257f":
        return "+"
    if "\u2580" <= character <= "\u259f":
        return "#"
    base = normalize("NFKD", character)[0]
    width = 2 if east_asian_width(character) in "WF" else 1
    return (base if base.isascii() and base.isprintable() else _UNKNOWN).ljust(width, _UNKNOWN)


def prepare_errors() -> None:
    """Have Python know ERRORS: what to write in place of what is not ASCII."""
    codecs.register_error(ERRORS, _replaced)


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return ascii_cells(error.object[error.start : error.end]), error.end
