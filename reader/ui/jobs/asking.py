"""Background work that answers one question: what to complete, what a query means, which records it
asks for, and what is kept of all that."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

from .running import Running

if TYPE_CHECKING:
    from reader.library.query_history import QueryHistory
    from reader.records.querying import QueryError
    from reader.records.querying.completing import Completion
    from reader.records.querying.explained import Explanation, Reason
    from reader.views import Loaded


@dataclass
class Completed(Message):
    """What could be completed in a text before character `at`."""

    text: str
    at: int
    found: list[Completion]


@dataclass
class Recalled(Message):
    """The queries typed before, the last one last."""

    earlier: list[str]


@dataclass
class Explained(Message):
    """A query in plain words; `error`: it is none."""

    text: str
    explanation: Explanation | None
    error: QueryError | None = None


@dataclass
class Matched(Message):
    """The records that a query asks for; `error`: it is none."""

    text: str
    ids: array[int]
    error: QueryError | None = None


@dataclass
class Reasoned(Message):
    """What each part of a query says of one record; `path` is None: there is no such record."""

    text: str
    given: str
    path: str | None
    reasons: Sequence[Reason]
    error: QueryError | None = None


@dataclass
class ViewsRead(Message):
    """The user's own views, as the settings file has them; `refused`: why it was not changed."""

    loaded: Loaded
    said: str = ""
    refused: str = ""


@dataclass
class SettingKept(Message):
    """A setting was written into the settings file, or could not be: what to say of it."""

    said: str


@dataclass
class ViewsCounted(Message):
    """How many records each view holds, by its name."""

    numbers: Mapping[str, int]


class Asking(Running):
    """Answers to what the filter line and the panels ask."""

    def complete(self, text: str, at: int) -> None:
        """Post Completed."""
        views = dict(self.views)
        self._run("complete", lambda _: self._complete(text, at, views))

    def recall(self, history: QueryHistory) -> None:
        """Post Recalled."""
        self._run("recall", lambda _: self._post(Recalled(history.load())))

    def remember(self, history: QueryHistory, text: str) -> None:
        """Keep a query that was typed."""
        history.add(text)
        # Not of one kind: the next one does not take this one's place.
        self._run(f"remember {text}", lambda _: history.store(text))

    def explain(self, text: str) -> None:
        """Post Explained."""
        views = dict(self.views)
        self._run("explain", lambda cancelled: self._explain(text, views, cancelled))

    def match(self, text: str) -> None:
        """Post Matched with the records that a query asks for."""
        views = dict(self.views)
        self._run("match", lambda cancelled: self._match(text, views, cancelled))

    def why_not(self, text: str, given: str) -> None:
        """Post Reasoned, of the record with this path or URL."""
        views = dict(self.views)
        self._run("why_not", lambda _: self._why_not(text, given, views))

    def read_views(self) -> None:
        """Post ViewsRead."""
        self._run("views", lambda _: self._read_views())

    def count_views(self) -> None:
        """Post ViewsCounted."""
        views = dict(self.views)
        self._run("count views", lambda cancelled: self._count_views(views, cancelled))

    def change_views(self, change: Callable[[Path], Loaded], said: str) -> None:
        """Change the settings file, and post ViewsRead with what was said of it."""
        # Not of one kind: the next change does not take this one's place.
        self._run(f"views {said}", lambda _: self._change_views(change, said))

    def keep_theme(self, name: str, file: Path, overruled: str) -> None:
        """Write the theme into the settings file, and post SettingKept. `overruled`: what else sets
        it, and so will at the next start."""
        self._run("theme", lambda _: self._keep_theme(name, file, overruled))

    # -- in the threads -------------------------------------------------------------------------
    def _complete(self, text: str, at: int, views: Mapping[str, str]) -> None:
        found = self._collection.completions(text, at, views=views, limit=100)
        self._post(Completed(text, at, found))

    def _explain(self, text: str, views: Mapping[str, str], cancelled: Callable[[], bool]) -> None:
        from reader.records.querying import InvalidQuery

        try:
            found = self._collection.explain(text, views=views, cancelled=cancelled)
        except InvalidQuery as wrong:
            self._post(Explained(text, None, wrong.error))
        else:
            self._post(Explained(text, found))

    def _match(self, text: str, views: Mapping[str, str], cancelled: Callable[[], bool]) -> None:
        from reader.records.querying import InvalidQuery

        try:
            found = self._collection.find(text, views=views, cancelled=cancelled)
        except InvalidQuery as wrong:
            self._post(Matched(text, array("q"), wrong.error))
        else:
            self._post(Matched(text, found))

    def _why_not(self, text: str, given: str, views: Mapping[str, str]) -> None:
        from reader.records.querying import InvalidQuery

        collection = self._collection
        id = collection.id_of_path(given)
        if id is None:
            id = collection.id_of_url(given)
        if id is None:
            self._post(Reasoned(text, given, None, ()))
            return
        path = collection.path(id)
        try:
            self._post(Reasoned(text, given, path, collection.why_not(text, id, views=views)))
        except InvalidQuery as wrong:
            self._post(Reasoned(text, given, path, (), wrong.error))

    def _read_views(self) -> None:
        from reader import paths

        file = paths.config_file()
        # Most people have no views: what reads them need not be loaded then.
        if is_mentioned(file, b"view"):
            from reader import views

            self._post(ViewsRead(views.load(file)))

    def _keep_theme(self, name: str, file: Path, overruled: str) -> None:
        from reader import settings_file

        try:
            line = settings_file.set_text(file, "theme", name)
        except settings_file.NotWritten as reason:
            self._post(SettingKept(f"{name}, for now: {reason}."))
            return
        said = f"{name}: written to {file}:{line}"
        if overruled:
            said += f", but {overruled} says otherwise at the next start"
        self._post(SettingKept(f"{said}."))

    def _count_views(self, views: Mapping[str, str], cancelled: Callable[[], bool]) -> None:
        counts = self._collection.counts_matching("", views=views, cancelled=cancelled)
        self._post(ViewsCounted({count.key: count.total for count in counts.views}))

    def _change_views(self, change: Callable[[Path], Loaded], said: str) -> None:
        from reader import paths, views
        from reader.records.views import ViewRefused

        file = paths.config_file()
        try:
            loaded, refused = change(file), ""
        except ViewRefused as reason:
            loaded, refused = views.load(file), str(reason)
        self._post(ViewsRead(loaded, said, refused))


def is_mentioned(file: Path, word: bytes) -> bool:
    """Return whether a file holds a word, as far as it can be read."""
    try:
        with open(file, "rb") as stream:
            return word in stream.read(1 << 20)
    except OSError:
        return False
