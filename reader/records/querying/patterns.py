"""How text is compared: folding, values with `*` in them, regular expressions.

Regular expressions are RE2's (google-re2): it runs in time linear in the text, whatever the
pattern, so no pattern of a query can hang the program.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .nodes import Pieces

MAX_PATTERN = 250
"""Characters of a regular expression, or of a value with `*` in it."""
MAX_STARS = 10
"""`*` in one value."""
_MEMORY = 512 << 10  # bytes RE2 may use for one pattern: more take longer to prepare
_MATCHING_MEMORY = 8 << 20  # where texts are looked through: with less it is many times slower

_BEYOND = re.compile(r"[^\x00-\x7f]+")
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_IN_WORD = r"[\pL\pN\p{Co}]"
_OUTSIDE = r"[^\pL\pN\p{Co}]"

Search = Callable[[str | bytes], bool]


class PatternError(ValueError):
    """A regular expression that cannot be used; the message says why."""


class _Folded(dict[int, str]):
    """What a character beyond ASCII becomes, found once: the table for `str.translate`."""

    def __missing__(self, code: int) -> str:
        # One character at a time: sorting long runs of marks takes time square in their length.
        parts = unicodedata.normalize("NFD", chr(code).casefold())
        bare = unicodedata.normalize("NFC", _MARKS.sub("", parts))
        self[code] = bare
        return bare


_FOLDED = _Folded()


def folded(text: str) -> str:
    """Return `text` without case and accents: the form in which words are searched."""
    if text.isascii():
        return text.lower()
    return without_accents(text).lower()


def without_accents(text: str) -> str:
    """Return `text` with all but ASCII folded: what becomes of a pattern."""
    return _BEYOND.sub(lambda found: found[0].translate(_FOLDED), text)


def folded_value(value: str) -> str:
    """Return a value without case, accents and differences of spacing: the form in which whole
    values are compared."""
    return " ".join(folded(value).split())


def has_word(text: str) -> bool:
    """Return whether the text holds anything that can be looked for as a word."""
    return any(map(str.isalnum, folded(text)))


def is_whole(pieces: Pieces, value: str) -> bool:
    """Return whether the whole value is the one asked for, a `*` standing for anything."""
    value = folded_value(value)
    if len(pieces) == 1:
        return value == folded_value(pieces[0])
    first, *middle, last = [" ".join(folded(piece).split()) for piece in pieces]
    if len(value) < len(first) + len(last) or not value.startswith(first):
        return False
    at = len(first)
    for piece in middle:
        at = value.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return at <= len(value) - len(last) and value.endswith(last)


def word_pattern(pieces: Pieces) -> str:
    """Return the regular expression for words with `*` in them, on folded text: a `*` stands for
    the rest of a word, or the beginning, or a part."""
    written = []
    for piece in pieces:
        words = folded(piece).split()
        text = f"{_OUTSIDE}+".join(map(re.escape, words))
        if words and piece[:1].isspace():
            text = f"{_OUTSIDE}+{text}"
        if words and piece[-1:].isspace():
            text = f"{text}{_OUTSIDE}+"
        written.append(text)
    start = "" if not pieces[0] else f"(?:^|{_OUTSIDE})"
    return start + f"{_IN_WORD}*".join(written if pieces[0] else written[1:])


def is_part(pieces: Pieces, text: str) -> bool:
    """Return whether the pieces lie in the text one after the other, whatever the case of ASCII
    letters."""
    text = _lower(text)
    at = 0
    for piece in pieces:
        at = text.find(_lower(piece), at)
        if at < 0:
            return False
        at += len(piece)
    return True


def is_below(pieces: Pieces, folder: str) -> bool:
    """Return whether the folder, or one that it lies in, is the one asked for."""
    return any(is_whole(pieces, above) for above in folders_above(folder))


def folders_above(folder: str) -> Iterator[str]:
    """Yield the folder and those that it lies in, the innermost first."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]


def _lower(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(_ASCII_LOWER)


@lru_cache(8)
def compiled(pattern: str) -> Search:
    """Return a function that tells whether a text matches the pattern somewhere: without regard
    to case, `^` and `$` at each line. To be used on folded text, or its UTF-8; the accents of the
    pattern are taken away.

    Raises PatternError.
    """
    expression(pattern)  # refuses what is too large to be prepared at once
    search = _made(pattern, _MATCHING_MEMORY).search
    return lambda text: search(text) is not None


def spans(pattern: str, text: str, limit: int) -> Iterator[tuple[int, int]]:
    """Yield from where to where the pattern (as for `compiled`) matches the text, at most `limit`
    times and nothing empty."""
    for found in islice(expression(pattern).finditer(text), limit):
        start, end = found.span()
        if end > start:
            yield start, end


@lru_cache(64)
def expression(pattern: str) -> Any:
    """Return the pattern as RE2's object. Raises PatternError."""
    return _made(pattern, _MEMORY)


def _made(pattern: str, memory: int) -> Any:
    import re2  # type: ignore[import-untyped]  # here: most queries have no such pattern

    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = memory
    try:
        return re2.compile("(?m)" + without_accents(pattern), options)
    except re2.error as error:
        given = error.args[0] if error.args else ""
        reason = given.decode("utf-8", "replace") if isinstance(given, bytes) else str(given)
        reason = reason.replace("(?m)", "", 1)  # that is ours
        raise PatternError(reason or "it is not understood") from None
    except UnicodeEncodeError:
        raise PatternError("it holds half of a character") from None
