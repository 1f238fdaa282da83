"""Hosts that may pass for others: names in which letters of several scripts are mixed, or that are
spelt wholly in another script's lookalikes.

The rule is that of Unicode's "Highly Restrictive" level (UTS 39, Unicode Security Mechanisms, 5.2),
label by label, with the two things that browsers ask beside it (Chromium, docs/idn.md): a label of
nothing but lookalikes of Latin letters has to stand under a top-level name of its own script, and
what IDNA would map to something else is no name as it is read. A name in one script is shown as it
is.
"""

from __future__ import annotations

import re
import unicodedata

_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//(?:[^\s/?#@]*@)?([^\s/?#:\[\]]+)", re.IGNORECASE)

# A character's script, as the first word of its name has it: there is no table of scripts in
# Python. Digits and hyphens have none; words of names that are not one script's are alike there.
_HAN = frozenset({"CJK", "IDEOGRAPHIC"})
_JAPANESE = frozenset({"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"})
_ALLOWED = tuple(
    frozenset({"LATIN"}) | _HAN | others
    for others in (_JAPANESE, frozenset({"BOPOMOFO"}), frozenset({"HANGUL"}))
)
"""The scripts that one label may mix: Latin with those of Japanese, Chinese or Korean."""

_LOOKALIKES = {
    "CYRILLIC": frozenset("асԁеһіјӏорԛѕԝхуъьҽпгѵѡԍмкв"),
    "GREEK": frozenset("αικνορτυωϲϳ"),
    "ARMENIAN": frozenset("ագզհղյոսցւքօ"),
    "GEORGIAN": frozenset("იმოსძხყჿ"),
}
"""Letters that are read as Latin ones (or as digits)."""


def host_of(url: str) -> str:
    """Return the host of an absolute URL as it is written there; empty where there is none."""
    found = _HOST.match(url)
    return found[1] if found else ""


def unmasked(host: str) -> str | None:
    """Return the host in ASCII (punycode) when it may pass for another one, else None."""
    if host.isascii():
        return None
    labels = re.split("[.\u3002\uff0e\uff61]", host.rstrip("."))
    top = _scripts(labels[-1])
    if not any(_is_doubtful(label, top) for label in labels):
        return None
    return ".".join(map(_ascii, labels))


def warning(url: str) -> str:
    """Return what is to stand beside a URL whose host may pass for another: the host in ASCII,
    in parentheses. Empty where nothing is called for."""
    plain = None if url.isascii() else unmasked(host_of(url))
    return "" if plain is None else f"({plain})"


def _is_doubtful(label: str, top: frozenset[str]) -> bool:
    if label.isascii():
        return False
    lower = label.lower()
    if unicodedata.normalize("NFKC", lower) != lower:
        return True  # full-width letters, ligatures, a slash that is none
    if any(unicodedata.category(char)[0] not in "LMN" for char in lower if char != "-"):
        return True  # no letter, mark or digit: no such name can be registered
    scripts = _scripts(lower)
    if len(scripts) > 1 and not any(scripts <= allowed for allowed in _ALLOWED):
        return True
    if scripts == {"LATIN"} and any(char > "\u024f" and not _is_usual(char) for char in lower):
        return True  # phonetic and other letters that no language's names are spelt with
    for script, lookalikes in _LOOKALIKES.items():
        if scripts == {script} and script not in top:
            letters = {char for char in lower if char.isalpha()}
            return letters <= lookalikes
    return False


def _is_usual(char: str) -> bool:
    # Vietnamese and the like, and marks (which NFC has no letter for).
    return "\u1e00" <= char <= "\u1eff" or not char.isalpha()


def _scripts(label: str) -> frozenset[str]:
    """Return the scripts of a label's letters; marks and digits of ASCII have none of their own."""
    found = set()
    for char in label:
        if char.isascii():
            if char.isalpha():
                found.add("LATIN")
        elif not unicodedata.category(char).startswith("M"):
            found.add(unicodedata.name(char, "UNKNOWN").split()[0])
    return frozenset("CJK" if each in _HAN else each for each in found)


def _ascii(label: str) -> str:
    mapped = unicodedata.normalize("NFKC", label.lower())
    if mapped.isascii():
        return mapped
    return "xn--" + mapped.encode("punycode", "replace").decode("ascii")
