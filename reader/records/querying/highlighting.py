"""Where the words of a query stand in a text: for showing why a record was found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from . import fields
from .nodes import And, Included, Node, Or, Regex, Text, Value
from .patterns import folded, is_whole, spans, word_pattern

MAX_TEXT = 1 << 18
"""Characters of a text that are looked at."""
MAX_SPANS = 1000
_WORD = re.compile(r"[^\W_]+")
_SEARCHED = (*fields.TEXTS, "provider", "topic")
"""What words without a field are looked for in."""


def highlights(root: Node, text: str, field: str) -> list[tuple[int, int]]:
    """Return from where to where the words that the query asks for stand in the text, in order,
    none over another. `field` is what the text is: one of `fields.TEXTS` or `fields.VALUES`.

    What the query excludes is not looked for. Takes time linear in the text.
    """
    finder = _finder(root, field)
    if finder.is_idle or not text:
        return []
    if finder.whole and any(is_whole(pieces, text[:MAX_TEXT]) for pieces in finder.whole):
        return [(0, len(text))]
    text = text[:MAX_TEXT]
    bare, places = _folded(text)
    found = sorted(finder.spans(bare))
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if places is not None:
            start, end = places[start], places[end - 1] + 1
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif len(merged) < MAX_SPANS:
            merged.append((start, end))
    return merged


@dataclass(frozen=True)
class _Finder:
    """What is looked for in one field's texts."""

    beginnings: tuple[str, ...]
    phrases: dict[str, list[tuple[str, ...]]]
    """By their first word."""
    patterns: tuple[str, ...]
    whole: tuple[tuple[str, ...], ...]

    @property
    def is_idle(self) -> bool:
        return not (self.beginnings or self.phrases or self.patterns or self.whole)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield what is found in a folded text, in any order."""
        if self.beginnings or self.phrases:
            yield from self._words(text)
        for pattern in self.patterns:
            for start, end in spans(pattern, text, MAX_SPANS):
                while start < end and not text[start].isalnum():
                    start += 1  # the pattern of a word with a star takes what stands before it
                if start < end:
                    yield start, end

    def _words(self, text: str) -> Iterator[tuple[int, int]]:
        words = [(found[0], found.start(), found.end()) for found in _WORD.finditer(text)]
        for at, (word, start, end) in enumerate(words):
            if word.startswith(self.beginnings):
                yield start, end
            for phrase in self.phrases.get(word, ()):
                last = at + len(phrase) - 1
                if (
                    last < len(words)
                    and words[last][0].startswith(phrase[-1])
                    and all(words[at + n][0] == phrase[n] for n in range(1, len(phrase) - 1))
                ):
                    yield start, words[last][2]


@lru_cache(64)
def _finder(root: Node, field: str) -> _Finder:
    beginnings: dict[str, None] = {}
    phrases: dict[str, list[tuple[str, ...]]] = {}
    patterns: dict[str, None] = {}
    whole: list[tuple[str, ...]] = []
    for node in _wanted(root):
        if isinstance(node, Value):
            if node.field == field:
                whole.append(node.pieces)
        elif node.field != field and (node.field is not None or field not in _SEARCHED):
            continue
        elif isinstance(node, Regex):
            patterns[node.pattern] = None
        elif len(node.pieces) > 1:
            patterns[word_pattern(node.pieces)] = None
        else:
            words = tuple(_WORD.findall(folded(node.pieces[0])))
            if len(words) == 1:
                beginnings[words[0]] = None
            elif words:
                phrases.setdefault(words[0], []).append(words)
    return _Finder(tuple(beginnings), phrases, tuple(patterns), tuple(whole))


def _wanted(node: Node) -> Iterator[Text | Regex | Value]:
    if isinstance(node, (And, Or)):
        for part in node.parts:
            yield from _wanted(part)
    elif isinstance(node, Included):
        yield from _wanted(node.part)
    elif isinstance(node, (Text, Regex, Value)):
        yield node


def _folded(text: str) -> tuple[str, list[int] | None]:
    """Return the folded text, and for each of its characters the one of the text that it is of
    (None: the same)."""
    if text.isascii():
        return text.lower(), None
    written: list[str] = []
    places: list[int] = []
    for at, char in enumerate(text):
        bare = folded(char)
        written.append(bare)
        places += [at] * len(bare)
    return "".join(written), places
