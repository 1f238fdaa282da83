"""Views and order at the desk: chosen, saved, changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reader.records import choices
from reader.records.query import View
from reader.records.querying import RANK, ranked_words
from reader.records.querying.rewriting import term
from reader.records.text import display
from reader.records.views import SavedView, ViewRefused, added, changed, place_of

from .jobs.asking import ViewsCounted, ViewsRead

if TYPE_CHECKING:
    from reader.views import Loaded, Wrong

    from .screens.desk import Desk
    from .screens.pick import Row
    from .screens.views import Saved, ViewForm, ViewPick, Wanted

SORT_KEYS = dict(
    zip(
        (
            "date", "updated", "changed", "seen", "title", "provider", "type", "category", "domain",
            "quality", "heat", "rating", "length", "path", "rank",
        ),
        "ducetpygoqhrlaw",
        strict=True,
    )
)  # fmt: skip
"""The letter that chooses each order."""
_RISING = ("title", "provider", "type", "category", "domain", "path", "rank")
"""Orders that begin with the lowest; of the others the highest is wanted first."""
_NOTES = {RANK: "the best match of the words first"}


class Views:
    """What keys do with views at one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.own: tuple[SavedView, ...] = ()
        self._are_read = False
        self._at = ""
        """The view whose change is under way while the views are shown."""
        self._pick: ViewPick | None = None
        self._forms: dict[str, tuple[ViewForm, int]] = {}
        """Where a view is being saved from, by what will be said of it, and by how many views there
        will be more."""

    # -- choosing ------------------------------------------------------------------------------------
    def do_views(self) -> None:
        from .screens.views import ViewPick

        whole = {count.key: count.total for count in self._desk.sidebar.counts.views}
        self._pick = ViewPick(self._rows(whole), self._desk.glyphs, self._at)
        self._at = ""
        self._desk.app.push_screen(self._pick, self._picked)
        if self.own:
            self._desk.asks.count_views()

    def _rows(self, numbers: Mapping[str, int]) -> list[Row[Wanted]]:
        from .screens.views import rows_of

        text = self._desk.listing.shown
        return rows_of(numbers, self.own, lambda name: choices.chosen_one(text, "view", name))

    def counted(self, message: ViewsCounted) -> None:
        """Show how many records the views hold, while they are listed."""
        if self._pick is not None and self._pick.is_current:
            self._pick.show(self._rows(message.numbers))

    def _picked(self, wanted: Wanted | None) -> None:
        if wanted is None:
            return
        match wanted.what:
            case "open":
                self.open(wanted.name)
            case "edit":
                self._edit(wanted.name)
            case "delete":
                self._delete(wanted.name)
            case _:
                self._move(wanted.name, -1 if wanted.what == "up" else 1)

    def open(self, name: str) -> None:
        """List a view, and nothing besides."""
        self._desk.listing.ask("" if name == View.ALL else term("view", name))

    def open_number(self, number: int) -> None:
        """List the view with this key."""
        view = next((each for each in self.own if each.key == number), None)
        if view is None:
            key = self._desk.own_keys.key_of("view.save")
            self._say(f"No view has the key {number}: {key} saves this query as one.")
        else:
            self.open(view.name)

    def do_view_open(self) -> None:
        self._say(f"{self._first_key} and then a digit opens your view with that number.")

    @property
    def _first_key(self) -> str:
        """The key before the digit of a view."""
        return self._desk.own_keys.key_of("view.open").split()[0]

    def do_queue(self) -> None:
        text = choices.switch_queue(self._desk.listing.text)
        on = choices.is_on_queue(text)
        self._say("On the queue: what is unpublished." if on else "On all records.")
        self._desk.listing.ask(text)

    # -- the order -----------------------------------------------------------------------------------
    def do_sort(self) -> None:
        from .screens.pick import Pick, Row

        field, falling = self._desk.listing.sort_keys[0]
        root = self._desk.listing.root
        has_words = root is not None and bool(ranked_words(root))
        rows = [
            Row(
                letter,
                name,
                self._sort_by(name, field, falling),
                "",
                self._desk.listing.order(short=True) if name == field else _NOTES.get(name, ""),
                name == field,
            )
            for name, letter in SORT_KEYS.items()
            if name != RANK or has_words
        ]

        def picked(sort: str | None) -> None:
            if sort is not None:
                self._desk.listing.ask(choices.ordered(self._desk.listing.text, sort))

        heading = "SORT BY  the same again turns it round"
        self._desk.app.push_screen(Pick(heading, rows, self._desk.glyphs), picked)

    def _sort_by(self, name: str, field: str, falling: bool) -> str:
        """Return what to sort by when a column is chosen: turned round where it is the one."""
        down = not falling if name == field else name not in _RISING
        if name == "date" and down:
            return ""  # the newest first: nothing needs to be said
        return f"-{name}" if down else name

    # -- saving --------------------------------------------------------------------------------------
    def do_view_save(self) -> None:
        # Of a query that is a view already too: a name that is being typed must find its line.
        text = self._desk.listing.shown.strip()
        free = {each.key for each in self.own}
        key = next((number for number in range(1, 10) if number not in free), None)
        view = SavedView("", text, key)
        self._form("SAVE VIEW", view, len(self.own), None)

    def _edit(self, name: str) -> None:
        at = place_of(self.own, name)
        self._form("EDIT VIEW", self.own[at], at, name)

    def _form(self, heading: str, view: SavedView, at: int, name: str | None) -> None:
        """Show the form of a view that is new, or takes the place of the one called `name`."""
        from .screens.views import ViewForm

        def wrong(given: SavedView) -> str:
            try:
                if name is None:
                    added(self.own, given)
                else:
                    changed(self.own, name, given)
            except ViewRefused as reason:
                return str(reason)
            return ""

        def save(saved: Saved) -> None:
            self._forms[self._save(saved, name)] = form, more

        more = int(name is None)
        form = ViewForm(view, at, len(self.own) + more, wrong, save, self._desk.glyphs, heading)
        self._desk.app.push_screen(form)

    def _save(self, saved: Saved, name: str | None) -> str:
        """Have a view saved; return what will be said of it."""

        def change(file: Path) -> Loaded:
            from reader import views

            loaded = (
                views.add(file, saved.view)
                if name is None
                else views.change(file, name, saved.view)
            )
            if place_of(loaded.views, saved.view.name) != saved.place:
                loaded = views.move(file, saved.view.name, saved.place)
            return loaded

        key = f"; {self._first_key} {saved.view.key} opens it" if saved.view.key else ""
        said = f"The view {saved.view.name} is saved{key}."
        self._change(change, said)
        return said

    def _delete(self, name: str) -> None:
        from .screens.question import Choice, Question
        from .widgets.pieces import Piece

        def answered(sure: bool | None) -> None:
            if sure:
                from reader import views

                self._change(lambda file: views.remove(file, name), f"The view {name} is deleted.")

        view = self.own[place_of(self.own, name)]
        self._desk.app.push_screen(
            Question(
                [(Piece(f"{name}: {view.query}"),)],
                [Choice("y", "delete the view; no record changes", True)],
                self._desk.glyphs,
                "DELETE VIEW",
            ),
            answered,
        )

    def _move(self, name: str, by: int) -> None:
        from reader import views

        at = place_of(self.own, name) + by
        self._at = name
        if 0 <= at < len(self.own):
            self._change(lambda file: views.move(file, name, at), "")
        else:
            self.do_views()

    def _change(self, change: Callable[[Path], Loaded], said: str) -> None:
        self._desk.asks.change_views(change, said)

    def read(self, message: ViewsRead) -> None:
        """The settings file's views are these now."""
        desk = self._desk
        renamed = self.own and message.loaded.views != self.own
        self.own = message.loaded.views
        desk.upkeep.views = desk.asks.views = {view.name: view.query for view in self.own}
        desk.sidebar.show_own_views(view.name for view in self.own)
        form, more = self._forms.pop(message.said, (None, 0))
        if form is not None and not form.is_current:
            form = None  # it was left meanwhile
        if form is not None and not message.refused:
            form.done()
        if form is not None and message.refused:
            form.refused(message.refused, len(self.own) + more)
        elif message.refused:
            self._say(f"{message.refused[:1].upper()}{message.refused[1:]}.")
        elif mistakes := self._mistakes(message.loaded.wrong):
            self._say(mistakes)
        elif message.said:
            self._say(message.said)
        self._are_read = True
        if renamed and desk.listing.chosen().keys() & {"view"}:
            desk.listing.ask_renewal()
        desk.listing.count()
        if self._at:
            self.do_views()

    def _mistakes(self, wrong: Sequence[Wrong]) -> str:
        """Return what to say of views that are wrong, and of all else that is set; nothing where all
        is well, or was told already."""
        from .app import ReaderApp

        app = self._desk.app
        if (wrong or not self._are_read) and isinstance(app, ReaderApp):
            return app.tell_wrong(wrong)
        return ""

    def _say(self, text: str) -> None:
        self._desk.footer.say(display(text))
