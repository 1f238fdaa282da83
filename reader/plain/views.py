"""Views in the line mode: listed, opened, and those of the user's own saved and changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reader import views
from reader.records.query import VIEW_LABELS, Count, View
from reader.records.sentences import sentence
from reader.records.text import clean, display
from reader.records.views import SavedView, ViewRefused, place_of

from .asked import Asked
from .console import YES_OR_NO
from .telling import count_line

if TYPE_CHECKING:
    from .session import Session


class ViewLines:
    """The commands that have to do with views."""

    def __init__(self, session: Session, file: Path | None) -> None:
        self._session = session
        self._file = file
        """The settings file; None: there are no views of one's own."""
        self._own: tuple[SavedView, ...] = ()
        self.read()

    def read(self) -> views.Loaded:
        """Take the views as the settings file has them now."""
        loaded = views.Loaded() if self._file is None else views.load(self._file)
        self._own = loaded.views
        self._session.listing.views = loaded.queries
        return loaded

    # -- listed and opened ------------------------------------------------------------------------
    def do_views(self, rest: str) -> None:
        loaded = self.read()
        if rest:
            name = self._session.listing.view_called(rest)
            if name is None:
                hint = self._session.words.name_of("views")
                self._session.fail(f"There is no view “{clean(rest[:40])}”. {hint} lists them.")
            else:
                self._session.asking.ask(Asked(name))
            return
        counts = {count.key: count for count in self._session.collection.counts().views}
        lines = []
        for number, view in enumerate(View, 1):
            count = counts.get(view.value) or Count(view.value, VIEW_LABELS[view], 0, 0)
            lines.append(count_line(number, count._replace(label=VIEW_LABELS[view])))
        opens = self._session.words.name_of("view.open")[:-1]
        for number, own in enumerate(self._own, len(View) + 1):
            key = f", {opens}{own.key}" if own.key else ""
            lines.append(f"{number}. {display(own.name)}{key}: {display(own.query)}")
        self._session.console.page([*lines, *(str(wrong) for wrong in loaded.wrong)])

    def do_view_open(self, rest: str) -> None:
        """List the view with this digit."""
        self.read()
        found = next((view for view in self._own if str(view.key or "") == rest), None)
        if found is not None:
            self._session.asking.ask(Asked(found.name))
            return
        save = self._session.words.name_of("view.save")
        told = f"No view has the key {clean(rest[:9])}" if rest else "Give the digit of a view"
        self._session.fail(f"{told}; {save} NAME saves this query as one, view key gives it one.")

    # -- changed ----------------------------------------------------------------------------------
    def do_view_save(self, rest: str) -> None:
        """Save what is listed as a view; one of this name gets another query, after a question."""
        asked = self._session.listing.asked
        if not rest:
            name = self._session.words.name_of("view.save")
            self._session.fail(f"Say what to call it, after it: {name} Good ones.")
            return
        if asked.is_view_alone:
            narrow = self._session.words.name_of("filter")
            self._session.fail(f"{asked.view_label} is a view already; narrow it first ({narrow}).")
            return
        query = asked.whole
        self.read()
        try:
            was = self._own[place_of(self._own, rest)]
        except ViewRefused:
            used = {view.key for view in self._own}
            key = next((number for number in range(1, 10) if number not in used), None)
            self._change(
                lambda file: views.add(file, SavedView(rest, query, key)), _saved(rest, key)
            )
            return
        if was.query == query:
            self._session.fail(f"The view {display(was.name)} asks for that already.")
            return
        self._session.say(f"{display(was.name)} asks for: {display(was.query)}")
        instead = "`reader views --set NAME QUERY` changes a view in the shell."
        if (
            self._session.console.ask("Change its query? y or n:", YES_OR_NO, instead=instead)
            != "yes"
        ):
            self._session.fail("The view is as it was.")
            return
        changed = replace(was, query=query)
        self._change(lambda file: views.change(file, was.name, changed), _saved(was.name, was.key))

    def do_rename_view(self, rest: str) -> None:
        given = self._given(rest, "rename view Good ones=Best")
        if given is not None:
            was, new = given
            named = replace(was, name=new)
            said = f"The view {display(was.name)} is {display(new)} now."
            if self._change(lambda file: views.change(file, was.name, named), said):
                listing = self._session.listing
                if listing.asked.view == was.name:
                    listing.asked = replace(listing.asked, view=new)

    def do_move_view(self, rest: str) -> None:
        given = self._given(rest, "move view Best=1")
        if given is None:
            return
        was, place = given
        if not (place.isascii() and place.isdigit() and 0 < int(place[:9]) <= len(self._own)):
            self._session.fail(f"Your views have the places 1 to {len(self._own)}.")
            return
        said = f"The view {display(was.name)} is number {place} of yours now."
        self._change(lambda file: views.move(file, was.name, int(place) - 1), said)

    def do_view_key(self, rest: str) -> None:
        given = self._given(rest, "view key Best=2", may_be_empty=True)
        if given is None:
            return
        was, key = given
        if key and not (len(key) == 1 and key in "123456789"):
            self._session.fail(f"“{clean(key[:9])}” is no key: a digit from 1 to 9, or nothing.")
            return
        changed = replace(was, key=int(key) if key else None)
        self._change(
            lambda file: views.change(file, was.name, changed), _saved(was.name, changed.key)
        )

    def do_delete_view(self, rest: str) -> None:
        was = self._named(rest)
        if was is None:
            return
        self._session.say(f"{display(was.name)}: {display(was.query)}")
        instead = "`reader views --delete NAME` does that in the shell."
        question = "Delete the view? No record changes. y or n:"
        if self._session.console.ask(question, YES_OR_NO, instead=instead) != "yes":
            self._session.fail("The view is as it was.")
            return
        said = f"The view {display(was.name)} is deleted."
        if self._change(lambda file: views.remove(file, was.name), said):
            listing = self._session.listing
            if listing.asked.view == was.name:  # what it listed still is
                text = f"({was.query}) {listing.asked.text}" if listing.asked.text else was.query
                listing.asked = replace(listing.asked, view=View.ALL.value, text=text)

    # -- how --------------------------------------------------------------------------------------
    def _given(
        self, rest: str, example: str, *, may_be_empty: bool = False
    ) -> tuple[SavedView, str] | None:
        """Return the view and what is given after `=`; else say what is missing."""
        name, equals, value = rest.rpartition("=")
        if not equals or not (value.strip() or may_be_empty):
            self._session.fail(f"Write it so: {example}.")
            return None
        was = self._named(name)
        return None if was is None else (was, value.strip())

    def _named(self, given: str) -> SavedView | None:
        """Return the user's own view with a name, or with its number in the list of views."""
        given = given.strip()
        if not given:
            self._session.fail("Say which view, by its name or number.")
            return None
        self.read()
        number = int(given[:9]) - len(View) if given.isascii() and given.isdigit() else 0
        if 0 < number <= len(self._own):
            return self._own[number - 1]
        try:
            return self._own[place_of(self._own, given)]
        except ViewRefused as refused:
            self._refuse(refused)
            return None

    def _change(self, change: Callable[[Path], views.Loaded], said: str) -> bool:
        """Change the settings file; return whether it was done."""
        if self._file is None:
            self._session.fail("There is no settings file that views could be written into.")
            return False
        try:
            change(self._file)
        except ViewRefused as refused:
            self._refuse(refused)
            return False
        self.read()
        self._session.say(said)
        return True

    def _refuse(self, refused: ViewRefused) -> None:
        text = display(str(refused))
        self._session.fail(sentence(text.rstrip(".")))


def _saved(name: str, key: int | None) -> str:
    return f"The view {display(name)} is saved{f', with the key {key}' if key else ''}."
