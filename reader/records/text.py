"""The one door for text from files on its way to a screen.

`clean` makes text safe for a terminal; `repair` mends mojibake; `display` does both.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_BREAKS = re.compile(r"[\t\n\r\x85\u2028\u2029]+")
_LINE_BREAK = re.compile(r"\r\n|[\r\x85\u2028\u2029]")

MAX_MARKS = 4
"""Combining marks on one letter; no language needs more."""
MAX_REPAIRED = 50_000
"""Characters of a text that are looked at for repair."""


# The patterns below are only for text beyond ASCII, and slow to compile: made when first needed.


@cache
def _stray_joiner() -> re.Pattern[str]:
    """Joiners but for single ones in a spelling (Arabic, Syriac, the Indic scripts, Tibetan,
    Khmer, Mongolian) or in a picture made of several."""
    joined = (
        "\u0600-\u06ff\u0700-\u077f\u08a0-\u08ff\u0900-\u0dff\u0f00-\u0fff\u1780-\u18af"
        "\u20e3\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
    )
    one = "[\u200c\u200d]"
    return re.compile(f"{one}{{2,}}|(?<![{joined}]){one}|{one}(?![{joined}])")


@cache
def _many_marks() -> re.Pattern[str]:
    """Stretches of characters from where combining marks are, longer than marks may be."""
    return re.compile(
        "[\u0300-\u036f\u0483-\u0489\u0591-\u1fff\u20d0-\u20ff\u2cef-\u2cf1\u2d7f-\u2dff"
        "\u302a-\u302f\u3099-\u309a\ua66f-\uabff\ufb1e\ufe00-\ufe2f"
        f"\U00010000-\U0001efff\U000e0100-\U000e01ef]{{{MAX_MARKS + 1},}}"
    )


@cache
def _mojibake() -> re.Pattern[str]:
    """UTF-8 read as Windows-1252 or Latin-1: a lead byte, then as many continuation bytes as it
    asks; the remains of quotes, dashes and à of which the last byte got lost; and as Mac Roman."""
    tail = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
    return re.compile(
        f"[Â-Û]{tail}|[à-ï]{tail}{{2}}|[ð-ô]{tail}{{3}}|â€|Ã[ \xa0]|‚Ä|√[\xa0-\xff†°§•¶ß®©™´¨≠∞±≤≥]"
    )


class _Shown(dict[int, str]):
    """What is shown for a character, found once: the table for `str.translate`."""

    def __missing__(self, code: int) -> str:
        shown = _shown(code)
        if len(self) < 5000:  # hostile text may use every character there is
            self[code] = shown
        return shown


def _shown(code: int) -> str:
    """Return the text shown for one character: itself, a visible stand-in, a space, or nothing."""
    char = chr(code)
    if char in ("\n", "\u200c", "\u200d") or char.isprintable():
        return char
    if code < 0x20:
        return chr(0x2400 + code)  # the control pictures: ␛ for ESC
    if code == 0x7F:
        return "\u2421"
    if code < 0xA0:
        return f"\\x{code:02x}"
    category = unicodedata.category(char)
    if category == "Cs":
        return f"\\u{code:04x}"
    if category == "Zs":
        return " "
    if category in ("Zl", "Zp"):
        return " "
    if category == "Cf" or 0xE0000 <= code <= 0xE0FFF or code == 0x2065:
        return ""
    if category == "Cn" and (code & 0xFFFE) != 0xFFFE and 0x1F000 <= code < 0x3FFFE:
        return char  # a picture or an ideograph newer than our tables
    return "\ufffd"


_TABLE = _Shown()


def clean(text: str) -> str:
    """Return `text` on one line, with nothing a terminal would act on.

    Line breaks and tabs become one space; other control characters are made visible (`␛`,
    `\\x9b`), lone surrogates too (`\\udc80`); invisible and direction characters are dropped,
    save joiners that belong to a spelling or a picture; what is no character becomes U+FFFD;
    more than four combining marks on a letter are dropped. At most six times as long.
    """
    if text.isprintable() and (text.isascii() or _many_marks().search(text) is None):
        return text
    return _clean(_BREAKS.sub(" ", text))


def clean_lines(text: str) -> str:
    """Like `clean`, keeping newlines (CRLF, CR, LS, PS and NEL become newlines) and tabs as spaces."""
    if text.isprintable() and (text.isascii() or _many_marks().search(text) is None):
        return text
    return _clean(_LINE_BREAK.sub("\n", text).replace("\t", "    "))


def _clean(text: str) -> str:
    if "\u200c" in text or "\u200d" in text:
        text = _stray_joiner().sub("", text)
    text = text.translate(_TABLE)
    return text if text.isascii() else _many_marks().sub(_few_marks, text)


def _few_marks(match: re.Match[str]) -> str:
    kept = []
    marks = 0
    for char in match[0]:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def repair(text: str) -> str:
    """Return `text` with mojibake (UTF-8 read as another encoding) repaired, else as it is.

    The repair is ftfy's `fix_encoding`, which changes nothing else; it is imported only when
    something looks like mojibake. Only the first 50,000 characters are repaired: it is slow.
    """
    if text.isascii() or _mojibake().search(text, 0, MAX_REPAIRED) is None:
        return text
    from ftfy import fix_encoding

    return fix_encoding(text[:MAX_REPAIRED]) + text[MAX_REPAIRED:]


def display(text: str) -> str:
    """Return `text` repaired and cleaned, on one line."""
    return clean(repair(text))


def display_lines(text: str) -> str:
    """Return `text` repaired and cleaned, newlines kept."""
    return clean_lines(repair(text))


def fold(text: str) -> str:
    """Return the form under which two spellings of a topic are one (case and spaces ignored)."""
    return " ".join(text.split()).casefold()


def encodable(text: str) -> str:
    """Return `text` with lone surrogates replaced, so that it can be encoded as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return text
