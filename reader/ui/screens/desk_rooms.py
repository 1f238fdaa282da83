"""The rooms of the desk that are loaded when they are first needed, after the first screen is painted,
and the messages that are for one of the rooms alone."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from reader.ui.jobs import asking, upkeep

if TYPE_CHECKING:
    from reader.library.editing import Editing
    from reader.ui.checking import CheckingKeys
    from reader.ui.copying import CopyDone, Copying
    from reader.ui.explaining import Explaining
    from reader.ui.filtering import Filtering
    from reader.ui.forms import Forms
    from reader.ui.jobs import checks
    from reader.ui.jobs.edits import Advanced, Decided, Edits, Foreseen, NotEdited, TakenBack
    from reader.ui.listing import Listing
    from reader.ui.marking import Marking
    from reader.ui.pasted_decisions import PastedDecisions
    from reader.ui.publishing import CommitPlanned, Committed, Exchanged, PublishingKeys
    from reader.ui.taking_back import TakingBack
    from reader.ui.telling import Telling
    from reader.ui.triage import Triage
    from reader.ui.views import Views

    from .desk import Desk

LATER = (
    "triage",
    "taking_back",
    "marking",
    "views",
    "explaining",
    "forms",
    "publishing",
    "copying",
    "checking",
    "own_keys",
)
"""The rooms with commands that are loaded when they are first needed."""


class DeskRooms:
    """What the desk is built on."""

    listing: Listing
    filtering: Filtering
    telling: Telling

    @property
    def _desk(self) -> Desk:
        return cast("Desk", self)

    # -- the rooms ------------------------------------------------------------------------------
    @cached_property
    def editing(self) -> Editing:
        from reader.library.editing import Editing

        return Editing(self._desk.collection, self._desk.rules, "interface")

    @cached_property
    def edits(self) -> Edits:
        from reader.ui.jobs.edits import Edits

        return Edits(self._desk, self.editing)

    @property
    def may_withdraw(self) -> bool:
        """Whether there are decisions of which it is not known yet whether they were pasted."""
        edits = vars(self).get("edits")
        return edits is not None and edits.may_withdraw

    @cached_property
    def checking(self) -> CheckingKeys:
        from reader.ui.checking import CheckingKeys

        return CheckingKeys(self._desk)

    @cached_property
    def publishing(self) -> PublishingKeys:
        from reader.ui.publishing import PublishingKeys

        return PublishingKeys(self._desk, self.edits)

    @cached_property
    def copying(self) -> Copying:
        from reader.ui.copying import Copying

        return Copying(self._desk)

    @cached_property
    def marking(self) -> Marking:
        from reader.ui.marking import Marking

        return Marking(self._desk)

    @cached_property
    def forms(self) -> Forms:
        from reader.ui.forms import Forms

        return Forms(self._desk, self.edits)

    @cached_property
    def triage(self) -> Triage:
        from reader.ui.triage import Triage

        return Triage(self._desk, self.edits)

    @property
    def loaded_triage(self) -> Triage | None:
        """What decides, once something was to be decided: what only asks how it is with it need not
        load all that."""
        return vars(self).get("triage")

    @cached_property
    def taking_back(self) -> TakingBack:
        from reader.ui.taking_back import TakingBack

        return TakingBack(self._desk, self.edits)

    @cached_property
    def pasted(self) -> PastedDecisions:
        from reader.ui.pasted_decisions import PastedDecisions

        return PastedDecisions(self._desk, self.edits)

    @cached_property
    def views(self) -> Views:
        from reader.ui.views import Views

        return Views(self._desk)

    @cached_property
    def explaining(self) -> Explaining:
        from reader.ui.explaining import Explaining

        return Explaining(self._desk)

    # -- what background work posts for them ------------------------------------------------------
    def on_listed(self, message: upkeep.Listed) -> None:
        self.listing.listed(message)

    def on_counted(self, message: upkeep.Counted) -> None:
        self.listing.counted(message)

    def on_misread(self, message: upkeep.Misread) -> None:
        self.listing.misread(message)

    def on_completed(self, message: asking.Completed) -> None:
        self.filtering.completed(message)

    def on_recalled(self, message: asking.Recalled) -> None:
        self.filtering.recalled(message.earlier)

    def on_explained(self, message: asking.Explained) -> None:
        self.listing.explained(message)
        self.explaining.explained(message)

    def on_reasoned(self, message: asking.Reasoned) -> None:
        self.explaining.reasoned(message)

    def on_views_counted(self, message: asking.ViewsCounted) -> None:
        self.views.counted(message)

    def on_views_read(self, message: asking.ViewsRead) -> None:
        self.views.read(message)

    def on_copy_done(self, message: CopyDone) -> None:
        self.copying.done(message)

    def on_decided(self, message: Decided) -> None:
        self.triage.decided(message)

    def on_foreseen(self, message: Foreseen) -> None:
        self.triage.foreseen(message)

    def on_taken_back(self, message: TakenBack) -> None:
        self.taking_back.taken_back(message)

    def on_advanced(self, message: Advanced) -> None:
        self.triage.advanced(message)

    def on_not_edited(self, message: NotEdited) -> None:
        self.triage.not_edited(message)

    def on_commit_planned(self, message: CommitPlanned) -> None:
        self.publishing.planned(message.commit)

    def on_committed(self, message: Committed) -> None:
        self.publishing.committed(message.commit)

    def on_exchanged(self, message: Exchanged) -> None:
        self.publishing.exchanged(message)

    def on_planned(self, message: checks.Planned) -> None:
        self.checking.planned(message)

    def on_found(self, message: checks.Found) -> None:
        self.checking.found(message)

    def on_over(self, message: checks.Over) -> None:
        self.checking.over(message)

    def on_trouble(self, message: checks.Trouble) -> None:
        self.checking.trouble(message)

    def on_git_seen(self, message: upkeep.GitSeen) -> None:
        self.telling.git_seen(message)

    # -- what is typed into the filter line ----------------------------------------------------
    def on_query_line_clicked(self) -> None:
        self.filtering.do_filter()
