"""All that the program may send to a terminal. What is not in this grammar was not written by us."""

from __future__ import annotations

import base64
import re
import unicodedata

from tests.terminal.hostile import EVERY

NEVER = frozenset(EVERY) - frozenset("\r\n\u200c\u200d\ufe0e\ufe0f") - {
    char for char in EVERY if unicodedata.category(char) in ("Mn", "Me")
}  # fmt: skip
"""Characters that are never text; those left out are bounded by `_PILED` and `_LOOSE`."""
_PILED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u20d0-\u20ff\u0e31\u094d\u064b\ufe00-\ufe0f\U000e0100-\U000e01ef]{6}"
    "|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2}|(?<=[ -~])(?<![#*0-9])[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_LOOSE = re.compile(
    "[\u200c\u200d]{2}|(?<![\u0600-\u18af\u20e3\u2190-\U0001faff\ufe0f])[\u200c\u200d]"
)

MODES = frozenset((7, 25, 1000, 1002, 1003, 1004, 1006, 1015, 1016, 1049, 2004, 2026, 2031, 2048))
ATTRIBUTES = frozenset((0, 1, 2, 3, 4, 7, 8, 9, 21, 22, 23, 24, 27, 28, 29, 39, 49, 53, 55, *range(30, 39),
                        *range(40, 49), *range(90, 98), *range(100, 108)))  # fmt: skip
"""SGR: all but blinking (5 and 6)."""

_CSI = re.compile(r"\x1b\[([<=>?]?)([0-9;:]*)([ -/]*)([@-~])")
_STRING = re.compile(r"\x1b([\]P_^X])([^\x07\x1b]*)(?:\x07|\x1b\\)")
_OTHER = re.compile(r"\x1b[=>78M]|\x1b\([B0]")
_URL = re.compile(r"https?://[!-~]+")


class Stranger(AssertionError):
    """Something was sent that is not ours."""


def parse(sent: bytes, *, drawn: bool = True) -> str:
    """Return the text in what was sent. Raises Stranger for anything that is not in the grammar;
    without `drawn`, for any escape sequence."""
    try:
        text = sent.decode()
    except UnicodeDecodeError as error:
        raise Stranger(
            f"no UTF-8 at {error.start}: {sent[error.start - 40 : error.end + 40]!r}"
        ) from None
    plain: list[str] = []
    at = 0
    while at < len(text):
        end = text.find("\x1b", at)
        end = len(text) if end < 0 else end
        plain.append(text[at:end])
        at = end
        if at < len(text):
            at = _sequence(text, at, drawn)
    whole = "".join(plain)
    _check_text(whole)
    return whole


def _sequence(text: str, at: int, drawn: bool) -> int:
    around = repr(text[max(0, at - 60) : at + 60])
    if not drawn:
        raise Stranger(f"an escape sequence: {around}")
    if found := _CSI.match(text, at):
        prefix, params, middle, final = found.groups()
        if not _is_ours(prefix, params, middle, final):
            raise Stranger(f"a sequence that is not ours, {found[0]!r}: {around}")
        return found.end()
    if found := _STRING.match(text, at):
        if not _is_string_of_ours(found[1], found[2]):
            raise Stranger(f"a string that is not ours, {found[0]!r}: {around}")
        return found.end()
    if found := _OTHER.match(text, at):
        return found.end()
    raise Stranger(f"an escape that is not ours: {around}")


def _is_ours(prefix: str, params: str, middle: str, final: str) -> bool:
    numbers = [int(each) for each in re.findall(r"\d+", params)]
    if max(numbers, default=0) > 9999:
        return False
    if not prefix and not middle and final in "ABCDEFGHJKPXb@`adefr":
        return len(numbers) < 3 and (final != "J" or numbers in ([], [0], [2]))
    if final == "m" and not prefix and not middle:
        return _is_style(params)
    if prefix == "?" and final in "hl" and not middle:
        return set(numbers) <= MODES
    if prefix == "?" and middle == "$" and final == "p":
        return set(numbers) <= MODES
    if final == "u":  # the keyboard protocol, pushed, popped and asked for
        return prefix in ("<", ">", "?", "=")
    return (prefix, params, middle, final) in {
        ("", "", "", "c"), (">", "", "", "c"), (">", "0", "", "q"), ("", "6", "", "n"),
        ("", "14", "", "t"), ("", "16", "", "t"), ("", "18", "", "t"), ("?", "6", "", "n"),
        ("", "22;0;0", "", "t"), ("", "23;0;0", "", "t"),
    }  # fmt: skip


def _is_style(params: str) -> bool:
    fields = [int(each) if each else 0 for each in params.replace(":", ";").split(";")]
    while fields:
        first = fields.pop(0)
        if first in (38, 48, 58) and fields:
            fields = fields[4:] if fields[0] == 2 else fields[2:]
        elif first not in ATTRIBUTES:
            return False
    return True


def _is_string_of_ours(kind: str, body: str) -> bool:
    if kind == "]":
        code, _, rest = body.partition(";")
        if code == "8":  # a link: its address is plain ASCII, http or https
            url = rest.partition(";")[2]
            return url == "" or _URL.fullmatch(url) is not None
        if code == "52":  # the clipboard: text that is harmless to paste
            target, _, payload = rest.partition(";")
            try:
                copied = base64.b64decode(payload, validate=True).decode()
            except ValueError:
                return False
            # Lines only as JSON has them: pasted into a shell, a line is run.
            is_line = "\n" not in copied or copied.startswith("{\n")
            return target in ("c", "p", "") and not NEVER & set(copied) and is_line
        if code == "22":  # the pointer's shape
            return rest in ("default", "pointer", "text", "")
        return code in ("10", "11", "12", "4") and rest.endswith("?")
    if kind == "P":
        return re.fullmatch(r"\+q[0-9a-fA-F;]*|\$q[ -~]{1,3}", body) is not None
    if kind == "_":
        return (
            body.startswith("G") and len(body) < 100 and body.isascii()
        )  # is there kitty's graphics?
    return False


def _check_text(text: str) -> None:
    strangers = NEVER & set(text)
    if strangers:
        char = min(strangers)
        at = text.index(char)
        raise Stranger(f"{char!a} was sent: {text[max(0, at - 40) : at + 40]!a}")
    for char in set(text):
        if unicodedata.category(char) in ("Cc", "Cs", "Co", "Zl", "Zp") and char not in "\r\n":
            raise Stranger(f"{char!a} was sent")
    for pattern in (_PILED, _LOOSE):
        if found := pattern.search(text):
            raise Stranger(f"{found[0]!a} was sent: {text[found.start() - 20 : found.end()]!a}")
