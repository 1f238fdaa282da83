"""The one door for text from files on its way to a screen.

`clean` makes text safe for a terminal; `repair` mends mojibake; `display` does both.
"""

from __future__ import annotations


def clean(text: str) -> str:
    """Return `text` on one line, with nothing a terminal would act on."""
    raise NotImplementedError


def clean_lines(text: str) -> str:
    """Like `clean`, keeping newlines (CRLF, CR, LS, PS and NEL become newlines) and tabs as spaces."""
    raise NotImplementedError


def repair(text: str) -> str:
    """Return `text` with mojibake (UTF-8 read as another encoding) repaired, else as it is."""
    raise NotImplementedError


def display(text: str) -> str:
    """Return `text` repaired and cleaned, on one line."""
    raise NotImplementedError


def display_lines(text: str) -> str:
    """Return `text` repaired and cleaned, newlines kept."""
    raise NotImplementedError


def fold(text: str) -> str:
    """Return the form under which two spellings of a topic are one (case and spaces ignored)."""
    raise NotImplementedError


def encodable(text: str) -> str:
    """Return `text` with lone surrogates replaced, so that it can be encoded as UTF-8."""
    raise NotImplementedError
