"""Markdown read by markdown-it-py, its elements laid out like those of HTML."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from .body_flow import Flow
from .body_html import feed_html

MAX_STEPS = 14_000  # of the parser; an article of 60 kB takes 8,000 at most
MAX_TOKENS = 20_000
MAX_LEVEL = 20  # lists and quotes in each other; the parser drops what is deeper


class TooTangledError(Exception):
    """The source is built to be slow to read, or nested too deep to show."""


class _Parser(MarkdownIt):
    """CommonMark with tables and strikethrough, which gives up on what takes too long.

    Some input takes the parser time that grows with its square (`[` many times, tables with
    many columns, quotes that never end), so steps are counted.
    """

    def __init__(self) -> None:
        super().__init__("commonmark", {"maxNesting": MAX_LEVEL + 4})
        self.enable(["table", "strikethrough"])
        self._steps = 0
        self.block.ruler.before(
            "table",
            "budget",
            self._count_block,
            {"alt": ["paragraph", "reference", "blockquote", "list"]},
        )
        self.inline.ruler.before("text", "budget", self._count_inline)

    def parsed(self, source: str) -> list[Token]:
        """Return the tokens of `source`, or raise `TooTangledError`."""
        self._steps = 0
        return self.parse(source)

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the parser's name
        return True  # what is no web URL is shown as its text; `Links` decides

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the parser's name
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - the parser's name
        return link

    def _count_block(self, state: StateBlock, start: int, end: int, silent: bool) -> bool:
        self._steps += 2
        if self._steps > MAX_STEPS or state.level > MAX_LEVEL or len(state.tokens) > MAX_TOKENS:
            raise TooTangledError
        return False

    def _count_inline(self, state: StateInline, silent: bool) -> bool:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise TooTangledError
        return False


@cache
def _parser() -> _Parser:
    return _Parser()


def feed_markdown(flow: Flow, source: str) -> None:
    """Give `flow` the elements and the text of `source`; raise `TooTangledError` before any of it."""
    for token in _parser().parsed(source):
        if token.type == "inline":
            _inline(flow, token.children or ())
        elif token.type in ("fence", "code_block"):
            flow.code(token.content)
        elif token.type == "html_block":
            feed_html(flow, token.content)
        elif not token.hidden:
            _element(flow, token)


def _inline(flow: Flow, tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.type == "text":
            flow.text(token.content)
        elif token.type == "softbreak":
            flow.text(" ")
        elif token.type == "hardbreak":
            flow.start("br", {})
        elif token.type == "code_inline":
            flow.start("code", {})
            flow.text(token.content)
            flow.end("code")
        elif token.type == "image":
            flow.image(_words(token))
        elif token.type == "html_inline":
            feed_html(flow, token.content)
        else:
            _element(flow, token)


def _element(flow: Flow, token: Token) -> None:
    if token.nesting < 0:
        flow.end(token.tag)
    else:
        flow.start(token.tag, {name: str(value) for name, value in token.attrs.items()})


def _words(token: Token) -> str:
    """Return the text of an image's description, without its marks."""
    return "".join(child.content for child in token.children or ())
