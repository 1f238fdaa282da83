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
MAX_JOINS = 8
"""Joiners in a row, one between two characters each; no spelling and no picture needs more."""
MAX_REPAIRED = 50_000
"""Characters of a text that are looked at for repair."""


# The patterns below are only for text beyond ASCII, and slow to compile: made when first needed.

MARKED = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u1fff\u20d0-\u20ff\u2cef-\u2cf1\u2d7f-\u2dff"
    "\u302a-\u302f\u3099-\u309a\ua66f-\uabff\ud7b0-\ud7ff\ufb1e\ufe20-\ufe2f"
    "\U00010000-\U0001efff"
)
"""Stretches of characters among which all combining marks are."""
_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""They choose a letter's or picture's form; any number of them may hide in a text."""
_IGNORABLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Printable by their category, shown as nothing by every terminal (Default_Ignorable_Code_Point of
Unicode's DerivedCoreProperties.txt; the others of that kind are no printable characters)."""


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    alone = f"{_SELECTORS}{''.join(sorted(_IGNORABLE))}\u2800\u200c\u200d"
    return (
        re.compile(f"[{alone}{MARKED}]"),  # by itself: one set of characters is quickly looked for
        re.compile(
            f"[{alone}]|[{MARKED}]{{{MAX_MARKS + 1},}}|^[{MARKED}]",
            re.MULTILINE,
        ),
    )


def _is_suspicious(text: str) -> bool:
    """Whether a character may be out of place: then the text is looked through one by one."""
    usual, precise = _patterns()
    found = usual.search(text)
    return found is not None and precise.search(text, found.start()) is not None


@cache
def _joined() -> re.Pattern[str]:
    """What a joiner may stand between: Arabic, Syriac, the Indic scripts, Tibetan, Khmer, Mongolian,
    and pictures."""
    return re.compile(
        "[\u0600-\u06ff\u0700-\u077f\u08a0-\u08ff\u0900-\u0dff\u0f00-\u0fff\u1780-\u18af"
        "\u20e3\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]"
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
    if char in _IGNORABLE:
        return ""
    if code == 0x2800:  # the blank of Braille
        return " "
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
    save joiners and one selector of a form where they belong to a spelling or a picture; what is
    no character becomes U+FFFD. Of combining marks four stay on a letter, and none without one.
    At most six times as long.
    """
    if text.isprintable() and (text.isascii() or not _is_suspicious(text)):
        return text
    return _clean(_BREAKS.sub(" ", text))


def clean_lines(text: str) -> str:
    """Like `clean`, keeping newlines (CRLF, CR, LS, PS and NEL become newlines) and tabs as spaces."""
    if text.isprintable() and (text.isascii() or not _is_suspicious(text)):
        return text
    return _clean(_LINE_BREAK.sub("\n", text).replace("\t", "    "))


def _clean(text: str) -> str:
    text = text.translate(_TABLE)
    return text if text.isascii() or not _is_suspicious(text) else _in_place(text)


def _in_place(text: str) -> str:
    """Return `text` without the marks, selectors and joiners that are out of place.

    What is kept depends only on what has been kept before it, so that kept text stays as it is.
    """
    joined = _joined()
    kept: list[str] = []
    base = before = joiner = ""  # the letter that marks belong to; the last character; one waiting
    marks = joins = 0
    for char in text:
        if char < "\x80":
            base, marks, joins, joiner = ("" if char == "\n" else char), 0, 0, ""
        elif char in "\u200c\u200d":
            if not joiner and joins < MAX_JOINS and joined.match(before):
                joiner = char
            continue
        elif _is_selector(char):
            if not base or before != base or not _chooses(char, base):
                continue
            marks += 1
        elif is_mark(char):
            if not base or marks == MAX_MARKS:
                continue
            marks += 1
        else:
            base, marks = char, 0
        if joiner:
            if joined.match(char):
                kept.append(joiner)
                joins += 1
            else:
                joins = 0
            joiner = ""
        elif marks == 0:
            joins = 0
        kept.append(char)
        before = char
    return "".join(kept)


def _is_selector(char: str) -> bool:
    return (
        "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
        or char in "\u180b\u180c\u180d\u180f"
    )


def _chooses(selector: str, base: str) -> bool:
    """Whether a character can have the form that a selector chooses."""
    if selector >= "\U000e0100":  # of ideographs
        return "\u3400" <= base <= "\u9fff" or "\uf900" <= base <= "\ufaff" or base >= "\U00020000"
    if selector < "\ufe00":  # of Mongolian
        return "\u1800" <= base <= "\u18af"
    return base in "#*0123456789" or base > "\xa0"


def is_mark(char: str) -> bool:
    """Whether a character has no cell of its own: a combining mark, or the vowel or end of a Hangul
    syllable, which join the letter before them."""
    return (
        unicodedata.category(char) in ("Mn", "Me")
        or "\u1160" <= char <= "\u11ff"
        or "\ud7b0" <= char <= "\ud7ff"
    )


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
