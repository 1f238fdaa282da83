"""What each element of HTML means for the layout of an article's body."""

from __future__ import annotations

from .body_wrap import BOLD, DIM, ITALIC, UNDERLINE

STYLES = {
    "b": BOLD, "strong": BOLD, "dt": BOLD, "summary": BOLD, "th": BOLD, "caption": BOLD,
    "code": BOLD, "kbd": BOLD, "samp": BOLD, "tt": BOLD,
    "i": ITALIC, "em": ITALIC, "cite": ITALIC, "dfn": ITALIC, "var": ITALIC,
    "s": DIM, "del": DIM, "strike": DIM, "figcaption": DIM, "blockquote": DIM,
    "u": UNDERLINE, "ins": UNDERLINE,
    "h1": BOLD, "h2": BOLD,
    "h3": UNDERLINE, "h4": UNDERLINE, "h5": UNDERLINE, "h6": UNDERLINE,
}  # fmt: skip
# What is never shown: it is not text, or it is for a browser that lacks something.
DROPPED = frozenset({
    "script", "style", "iframe", "template", "head", "title", "noembed", "noframes", "object",
    "svg", "math", "canvas", "select", "textarea", "button", "xmp",
})  # fmt: skip
# What may stand in a head and holds nothing to show.
HEAD = frozenset({"head", "meta", "link", "base", "noscript"})
VOID = frozenset({
    "area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param",
    "source", "track", "wbr",
})  # fmt: skip
APART = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "dl", "hr", "figure",
    "details", "fieldset",
})  # fmt: skip
APART_OUTSIDE_LISTS = frozenset({"ul", "ol", "div", "section", "article"})
BLOCKS = APART | APART_OUTSIDE_LISTS | {
    "li", "dt", "dd", "tr", "td", "th", "caption", "figcaption", "summary", "header", "footer",
    "main", "nav", "aside", "address", "form", "center", "body", "html", "thead", "tbody",
    "tfoot", "menu", "option", "legend",
}  # fmt: skip
LISTS = frozenset({"ul", "ol", "menu"})
# An element that a new one of its kind ends, and what shields it from that.
ENDED_BY = {
    "li": (frozenset({"li"}), LISTS),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "tr": (frozenset({"tr", "td", "th"}), frozenset({"table"})),
    "td": (frozenset({"td", "th"}), frozenset({"table"})),
    "th": (frozenset({"td", "th"}), frozenset({"table"})),
    "a": (frozenset({"a"}), frozenset({"td", "th", "li"})),
}
