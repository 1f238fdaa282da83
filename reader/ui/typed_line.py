"""One line being typed, with the keys of readline. Pure: the widget draws it."""

from __future__ import annotations

from reader.records.text import clean

LONGEST = 4000
"""Characters a line may have."""


class TypedLine:
    """A text and a cursor in it, `at` characters from its beginning."""

    def __init__(self) -> None:
        self.text = ""
        self.at = 0
        self._cut = ""

    def put(self, text: str) -> None:
        """Put another text in place of this one, the cursor at its end."""
        self.text = text[:LONGEST]
        self.at = len(self.text)

    def insert(self, text: str) -> None:
        """Put text in at the cursor, on one line and safe to show."""
        text = clean(" ".join(text.split("\n"))) if not text.isprintable() else text
        text = text[: LONGEST - len(self.text)]
        self.text = self.text[: self.at] + text + self.text[self.at :]
        self.at += len(text)

    def press(self, key: str) -> bool:
        """Do what a key (as Textual names it) does to a line; whether it is such a key."""
        match key:
            case "left" | "ctrl+b":
                self.at = max(0, self.at - 1)
            case "right" | "ctrl+f":
                self.at = min(len(self.text), self.at + 1)
            case "home" | "ctrl+a":
                self.at = 0
            case "end" | "ctrl+e":
                self.at = len(self.text)
            case "alt+b" | "ctrl+left" | "alt+left":
                self.at = self._word_before()
            case "alt+f" | "ctrl+right" | "alt+right":
                self.at = self._word_after()
            case "backspace" | "ctrl+h":
                self._delete(self.at - 1, self.at)
            case "delete" | "ctrl+d":
                self._delete(self.at, self.at + 1)
            case "ctrl+w":
                self._cut_out(self._space_before(), self.at)
            case "alt+backspace" | "ctrl+backspace":
                self._cut_out(self._word_before(), self.at)
            case "alt+d" | "ctrl+delete":
                self._cut_out(self.at, self._word_after())
            case "ctrl+u":
                self._cut_out(0, self.at)
            case "ctrl+k":
                self._cut_out(self.at, len(self.text))
            case "ctrl+y":
                self.insert(self._cut)
            case _:
                return False
        return True

    def _delete(self, start: int, end: int) -> None:
        if start >= 0:
            self.text = self.text[:start] + self.text[end:]
            self.at = start

    def _cut_out(self, start: int, end: int) -> None:
        if start < end:
            self._cut = self.text[start:end]
            self._delete(start, end)

    def _word_before(self) -> int:
        at = self.at
        while at and not self.text[at - 1].isalnum():
            at -= 1
        while at and self.text[at - 1].isalnum():
            at -= 1
        return at

    def _space_before(self) -> int:
        at = self.at
        while at and self.text[at - 1].isspace():
            at -= 1
        while at and not self.text[at - 1].isspace():
            at -= 1
        return at

    def _word_after(self) -> int:
        at, end = self.at, len(self.text)
        while at < end and not self.text[at].isalnum():
            at += 1
        while at < end and self.text[at].isalnum():
            at += 1
        return at
