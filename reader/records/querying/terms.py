"""One term of a query, from what is written to a node: words, and each kind of field's values."""

from __future__ import annotations

from datetime import tzinfo

from ..urls import normalise
from ..verdicts import Verdict
from . import amounts, fields
from .amounts import NotUnderstood, Stretch
from .cursor import Raw
from .errors import Wrong, nearest, shown
from .nodes import Between, Every, Has, Is, Node, Page, Place, Regex, RelatedTo, Text, Value
from .patterns import MAX_PATTERN, MAX_STARS, PatternError, expression, has_word

_OPERATORS = (">=", "<=", ">", "<")


def word_term(raw: Raw) -> Node:
    """Return the node of a word, phrase or regular expression without a field. Raises Wrong."""
    if raw.is_regex:
        return _regex(None, raw)
    if raw.is_any:
        return Every(raw.start, raw.end)
    return _text(None, raw)


def page_term(raw: Raw) -> Node:
    """Return the node of a whole URL. Raises Wrong."""
    if normalise(raw.text) is None:
        raise Wrong("this is no web address", raw.start, raw.end)
    return Page(raw.text, raw.start, raw.end)


def field_term(field: str, raw: Raw, now: float, zone: tzinfo | None) -> Node:
    """Return the node of one value of a field. Raises Wrong."""
    if not raw.text:
        raise Wrong(f"{field}: needs a value", raw.start, max(raw.end, raw.start + 1))
    if raw.is_regex:
        if field in fields.TEXTS + fields.VALUES + fields.PLACES:
            return _regex(field, raw)
        raise Wrong(f"{field}: takes no regular expression", raw.start, raw.end)
    if field == "is":
        return Is(_named(field, raw, tuple(fields.IS)), raw.start, raw.end)
    if field in ("has", "no"):
        name = fields.HAS_ALIASES.get(raw.text.lower())
        name = name or _named(field, raw, (*fields.HAS, fields.CHECKED))
        return Has(name, raw.start, raw.end)
    if field == "related":
        return _related(raw)
    _bound_stars(raw)
    if raw.is_any:
        return _any(field, raw)
    if field in fields.LINKS:
        if len(raw.pieces) == 1:
            return Value(field, (_named(field, raw, tuple(Verdict)),), raw.start, raw.end)
        return Value(field, raw.pieces, raw.start, raw.end)
    if field in fields.TEXTS:
        return _text(field, raw)
    if field in fields.VALUES:
        if not raw.text.strip():
            raise Wrong(f"{field}: needs a value", raw.start, raw.end)
        return Value(field, raw.pieces, raw.start, raw.end)
    if field in fields.PLACES:
        return _place(field, raw)
    return _amount(field, raw, now, zone)


def _named(field: str, raw: Raw, names: tuple[str, ...]) -> str:
    name = raw.text.lower()
    if name in names:
        return name
    near = nearest(raw.text, names)
    hint = f"did you mean {near}?" if near else f"one of {', '.join(names)}"
    raise Wrong(f"{field}: knows no {shown(raw.text)}: {hint}", raw.start, raw.end, near)


def _bound_stars(raw: Raw) -> None:
    if len(raw.pieces) > MAX_STARS + 1:
        raise Wrong(f"there may be {MAX_STARS} stars in one value", raw.start, raw.end)
    if len(raw.pieces) > 1 and len(raw.text) > MAX_PATTERN:
        reason = f"with a star in it this may have {MAX_PATTERN} characters"
        raise Wrong(reason, raw.start, raw.end)


def _any(field: str, raw: Raw) -> Node:
    """A value of stars alone: the field is there."""
    if field == "changed":
        return Is("decided", raw.start, raw.end)
    if field in fields.HAS or field == fields.CHECKED:
        return Has(field, raw.start, raw.end)
    if field in fields.LINKS:
        return Value(field, raw.pieces, raw.start, raw.end)
    return Every(raw.start, raw.end)


def _text(field: str | None, raw: Raw) -> Node:
    _bound_stars(raw)
    if not has_word(raw.text):
        reason = f"{shown(raw.text) or 'this'} has no letter or digit to look for"
        raise Wrong(reason, raw.start, raw.end)
    pieces = raw.pieces
    if len(pieces) > 1 and not pieces[-1]:
        pieces = pieces[:-1]  # words match as beginnings as it is
    return Text(field, pieces, raw.start, raw.end)


def _regex(field: str | None, raw: Raw) -> Node:
    if not raw.text:
        raise Wrong("the regular expression is empty", raw.start, raw.end)
    if len(raw.text) > MAX_PATTERN:
        reason = f"a regular expression may have {MAX_PATTERN} characters"
        raise Wrong(reason, raw.start, raw.end)
    try:
        expression(raw.text)
    except PatternError as error:
        reason = f"this regular expression is not understood ({shown(str(error))})"
        raise Wrong(reason, raw.start, raw.end) from None
    return Regex(field, raw.text, raw.start, raw.end)


def _place(field: str, raw: Raw) -> Node:
    if field == "url" and "://" in raw.text and len(raw.pieces) == 1:
        return page_term(raw)
    if field == "folder":
        pieces = (*raw.pieces[:-1], raw.pieces[-1].rstrip("/"))
        if not any(pieces):
            return Every(raw.start, raw.end)
        return Place(field, pieces, raw.start, raw.end)
    return Place(field, raw.pieces, raw.start, raw.end)


def _related(raw: Raw) -> Node:
    target = raw.text.removeprefix("./")
    if "://" in target and normalise(target) is None:
        raise Wrong("this is no web address", raw.start, raw.end)
    return RelatedTo(target, raw.start, raw.end)


def _amount(field: str, raw: Raw, now: float, zone: tzinfo | None) -> Node:
    def stretch(text: str, start: int) -> Stretch:
        text = text.strip()
        try:
            if field in fields.NUMBERS:
                return amounts.number(text)
            if field == fields.LENGTH:
                return amounts.length(text)
            return amounts.moments(text, now, zone)
        except NotUnderstood as error:
            said = shown(text) or "nothing"
            raise Wrong(f"{field}: {said}: {error}", start, raw.end) from None

    text = raw.text
    start = raw.start + raw.is_quoted
    operator = next((each for each in _OPERATORS if text.startswith(each)), "")
    if operator:
        given = stretch(text[len(operator) :], start + len(operator))
        return _compared(field, operator, given, raw)
    low: Stretch | None
    high: Stretch | None
    low_text, dots, high_text = text.partition("..")
    if not dots:
        low = high = stretch(text, start)
    elif not low_text.strip() and not high_text.strip():
        raise Wrong(f"{field}: a range needs at least one end", raw.start, raw.end)
    else:
        low = stretch(low_text, start) if low_text.strip() else None
        at = start + len(low_text) + len(dots)
        high = stretch(high_text, at) if high_text.strip() else None
    if low and high and low.first > high.first:
        reason = f"{field}: this range ends before it begins"
        raise Wrong(reason, raw.start, raw.end, f"{high_text.strip()}..{low_text.strip()}")
    return Between(
        field,
        low.first if low else None,
        high.after if high else None,
        True,
        high.is_point if high else False,
        raw.start,
        raw.end,
    )


def _compared(field: str, operator: str, given: Stretch, raw: Raw) -> Node:
    first, after, is_point = given.first, given.after, given.is_point
    place = raw.start, raw.end
    if operator == ">=":
        return Between(field, first, None, True, False, *place)
    if operator == ">":
        return Between(field, after, None, not is_point, False, *place)
    if operator == "<":
        return Between(field, None, first, False, False, *place)
    return Between(field, None, after, False, is_point, *place)
