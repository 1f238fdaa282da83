"""Reading the characters of a query: what is quoted, what ends a word, where one is."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import Wrong
from .nodes import Pieces

_ENDS_WORD = '()"'
_ENDS_VALUE = '(),"'


@dataclass(frozen=True, slots=True)
class Raw:
    """A word or value as written."""

    text: str
    """Without quotes and backslashes."""
    pieces: Pieces
    start: int
    end: int
    is_quoted: bool = False
    is_regex: bool = False

    @property
    def is_any(self) -> bool:
        """Whether it is nothing but stars."""
        return len(self.pieces) > 1 and not any(self.pieces)


def is_space(char: str) -> bool:
    """Return whether the character separates words."""
    return char.isspace() or char < " " or char == "\x7f"


class Cursor:
    """A place in the text of a query, moving on as it is read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    @property
    def char(self) -> str:
        """The next character; empty at the end."""
        return self.text[self.at : self.at + 1]

    def skip_space(self) -> None:
        text, at = self.text, self.at
        while at < len(text) and is_space(text[at]):
            at += 1
        self.at = at

    def at_break(self, at: int | None = None) -> bool:
        """Return whether something ends here: the text, a word, or what stands in parentheses."""
        char = self.text[self.at : self.at + 1] if at is None else self.text[at : at + 1]
        return not char or is_space(char) or char in "()"

    def keyword(self, word: str) -> bool:
        """Read this word in capitals, if it comes next; return whether it did."""
        end = self.at + len(word)
        if self.text[self.at : end] != word or not (
            self.at_break(end) or self.text[end : end + 1] == '"'
        ):
            return False
        self.at = end
        return True

    def word(self) -> Raw:
        """Read a word of the query."""
        return self._bare(_ENDS_WORD)

    def address(self) -> Raw:
        """Read up to the next space: a URL pasted as it is."""
        start = self.at
        while self.char and not is_space(self.char):
            self.at += 1
        text = self.text[start : self.at]
        while text.endswith(")") and text.count(")") > text.count("("):
            text = text[:-1]
            self.at -= 1
        return Raw(text, (text,), start, self.at)

    def value(self) -> Raw:
        """Read one value of a field."""
        if self.char == '"':
            return self.quoted()
        if self.char == "/":
            return self.regex()
        return self._bare(_ENDS_VALUE)

    def quoted(self) -> Raw:
        """Read what stands between two quotation marks. Raises Wrong."""
        start = self.at
        self.at += 1
        split = _Split()
        while self.char:
            if self.char == '"':
                self.at += 1
                return split.raw(start, self.at, is_quoted=True)
            self._take(split)
        raise Wrong('the quotation has no end: close it with "', start, self.at)

    def regex(self) -> Raw:
        """Read what stands between two slashes. Raises Wrong."""
        start = self.at
        self.at += 1
        written: list[str] = []
        while (char := self.char) and char != "/":
            if char == "\\" and self.text[self.at + 1 : self.at + 2]:
                self.at += 1
                char = self.char if self.char == "/" else "\\" + self.char
            written.append(char)
            self.at += 1
        if not self.char:
            raise Wrong("the regular expression has no end: close it with /", start, self.at)
        self.at += 1
        if not self.at_break() and self.char != ",":
            reason = (
                "a regular expression ends at /: write \\/ for a slash in it, or quote the text"
            )
            raise Wrong(reason, start, self.at + 1)
        text = "".join(written)
        return Raw(text, (text,), start, self.at, is_regex=True)

    def _bare(self, ends: str) -> Raw:
        start = self.at
        split = _Split()
        while self.char and not is_space(self.char) and self.char not in ends:
            self._take(split)
        return split.raw(start, self.at)

    def _take(self, split: _Split) -> None:
        char = self.char
        following = self.text[self.at + 1 : self.at + 2]
        if char == "\\" and following and following in '"*\\(),':
            split.add(following)
            self.at += 2
            return
        if char == "*":
            split.star()
        else:
            split.add(char)
        self.at += 1


class _Split:
    """A value while it is read, cut at its stars."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._pieces: list[list[str]] = [[]]

    def add(self, char: str) -> None:
        self._text.append(char)
        self._pieces[-1].append(char)

    def star(self) -> None:
        self._text.append("*")
        if self._pieces[-1] or len(self._pieces) == 1:  # two stars are one
            self._pieces.append([])

    def raw(self, start: int, end: int, is_quoted: bool = False) -> Raw:
        pieces = tuple("".join(piece) for piece in self._pieces)
        return Raw("".join(self._text), pieces, start, end, is_quoted)
