"""What is asked for in the line mode: a view, narrowed by a value and a query, in an order."""

from __future__ import annotations

from dataclasses import dataclass

from reader.records.query import VIEW_LABELS, Facet, View
from reader.records.text import clean, display


@dataclass(frozen=True, slots=True)
class Asked:
    """All of it, as one says it; `whole` is the same as one query of the language."""

    view: str = View.ALL.value
    """A built-in view, or one of the user's own by its name."""
    facet: Facet | None = None
    value: str = ""
    """The facet's: as the language knows it."""
    label: str = ""
    """And as a person reads it."""
    text: str = ""
    """A query of the language."""
    sort: str = ""
    """What to sort by, as in `-quality`; empty: as the query or the view says."""

    @property
    def whole(self) -> str:
        """The query that lists the same anywhere else."""
        from reader.records import choices
        from reader.records.querying.rewriting import and_term, term

        text = self.text.strip()
        if self.facet is not None:
            text = and_term(text, term(self.facet, self.value), replacing=False)
        if self.view != View.ALL:
            text = and_term(text, term("view", self.view), replacing=False)
        return choices.ordered(text, self.sort) if self.sort else text

    def place(self) -> str:
        """Return in words what is listed: `Unpublished, topic AI, that match quality:>70`."""
        from reader.records.choices import is_of_views, views_in_words

        in_words = display(views_in_words(self.text)) if self.view == View.ALL else ""
        words = [in_words or self.view_label]
        if self.facet is not None:
            words.append(f"{self.facet} {display(self.label or self.value)}")
        if self.text and not (in_words and is_of_views(self.text)):
            words.append(f"that match {clean(self.text)}")
        if self.sort:
            words.append(f"sorted by {self.sort}")
        return ", ".join(words)

    @property
    def view_label(self) -> str:
        """What a person calls the view."""
        return VIEW_LABELS[View(self.view)] if self.view in VIEW_LABELS else display(self.view)

    @property
    def is_view_alone(self) -> bool:
        """Whether nothing narrows or orders the view."""
        return self.facet is None and not self.text and not self.sort
