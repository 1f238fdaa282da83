"""Decisions: what an editor decides of a record, each a pure function from record to edit.

One entry of `KINDS` gives a decision its name, its words and what it does; commands, keys, help
and journal all refer to it by its id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from . import json_values
from .counting import counted
from .edit import AddItem, Change, Edit, Refusal, RemoveItem, SetField
from .record import Record, State
from .text import repair
from .values import ABSENT, same


@dataclass(frozen=True, slots=True)
class Decision:
    """A kind of decision with its particulars: `Decision("quality", {"by": 1})`."""

    id: str
    args: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """What is known of all decisions with this id."""
        return KINDS[self.id]

    @property
    def label(self) -> str:
        """The decision as a few words: `quality +1`."""
        say = self.kind.say
        return say(self.args) if say is not None else self.kind.label

    def about(self, count: int) -> str:
        """The decision with how many records it is about: `publish 2 records`, `quality +1 in 1 record`."""
        link = "" if self.label == self.id else "in "  # what is no verb takes no object
        return f"{self.label} {link}{counted(count, 'record')}"

    @property
    def done(self) -> str:
        """What is to be said of a record it was made of: `published`."""
        return self.kind.done if self.kind.say is None else self.label

    def as_json(self) -> dict[str, object]:
        """Return the decision as JSON values that `from_json` takes: `decision` and its
        particulars."""
        return {"decision": self.id} | {
            name: json_values.dumped(value) for name, value in self.args.items()
        }

    def as_told(self) -> dict[str, object]:
        """Return the decision as plain JSON values, for whoever reads them."""
        return {"decision": self.id} | {
            name: json_values.told(value) for name, value in self.args.items()
        }

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> Decision:
        """Return the decision that `as_json` gave. Raises KeyError when there is no such kind."""
        rest = {name: json_values.loaded(each) for name, each in values.items()}
        decision = cls(str(rest.pop("decision")), rest)
        KINDS[decision.id]  # so that an unknown one is noticed here
        return decision


@dataclass(frozen=True, slots=True)
class Mark:
    """A change of the reader's own state of a record; no file changes."""

    column: str
    """`deferred_until`, `starred_at` or `read_at`."""
    to: int | None
    """Seconds since 1970; None: taken away. 0: now."""


@dataclass(frozen=True, slots=True)
class Move:
    """The file goes to another place: the archive folder or the reader's trash."""


Outcome = Edit | Mark | Move | Refusal
_Decide = Callable[[Record, Mapping[str, Any]], Outcome]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of decision."""

    id: str
    label: str
    """The command: `publish`."""
    done: str
    """What it is called once it is done: `published`."""
    help: str
    decide: _Decide
    say: Callable[[Mapping[str, Any]], str] | None = None
    state: State | None = None
    """The state a record has afterwards, where the decision alone settles it."""
    touches: tuple[str, ...] = ()
    """Of what the list shows, what it goes by: `state`, `quality`."""


def decide(decision: Decision, record: Record) -> Outcome:
    """Return what the decision means for this record."""
    return decision.kind.decide(record, decision.args)


def as_made(decision: Decision, changes: Iterable[Change]) -> Decision:
    """Return the decision as far as it made these changes of a record: of several fields or topics
    only those that changed."""
    made = list(changes)
    if decision.id == "set":
        changed = {each.field[0] for each in made}
        fields = {name: to for name, to in decision.args["fields"].items() if name in changed}
        return replace(decision, args={"fields": fields})
    if decision.id != "topics":
        return decision
    add = [each.item for each in made if isinstance(each, AddItem)]
    remove = [each.item for each in made if isinstance(each, RemoveItem)]
    return replace(decision, args={"add": add, "remove": remove})


# -- publishing -----------------------------------------------------------------------------------


def _set(record: Record, name: str, to: object) -> list[Change]:
    was = record.data.get(name, ABSENT)
    return [] if same(was, to) else [SetField((name,), was, to)]


def _edit(changes: list[Change], already: str) -> Outcome:
    return Edit(tuple(changes)) if changes else Refusal(already, already=True)


def _publish(record: Record, _: Mapping[str, Any]) -> Outcome:
    if record.state is State.PUBLISHED:
        if isinstance(record.data.get("published"), bool | None):
            return Refusal("It is published already.", already=True)
        return Edit(tuple(_set(record, "published", True)))  # `published: maybe` says nothing
    return Edit((*_set(record, "removed", ABSENT), *_set(record, "published", True)))


def _unpublish(record: Record, _: Mapping[str, Any]) -> Outcome:
    if record.state is State.REJECTED:
        return Refusal("It is rejected; restore takes that back.")
    return _edit(_set(record, "published", False), "It is unpublished already.")


def _reject(record: Record, args: Mapping[str, Any]) -> Outcome:
    if args.get("move"):
        return Move()
    changes = _set(record, "removed", True) + _set(record, "published", False)
    return _edit(changes, "It is rejected already.")


def _restore(record: Record, _: Mapping[str, Any]) -> Outcome:
    if record.state is not State.REJECTED:
        return Refusal("It is not rejected.", already=True)
    return Edit(tuple(_set(record, "removed", ABSENT)))


# -- fields -----------------------------------------------------------------------------------------


def _quality(record: Record, args: Mapping[str, Any]) -> Outcome:
    if record.quality is None:
        if "quality" in record.data and record.data["quality"] is not None:
            return Refusal("Its quality is no number; edit the fields to give it one.")
        return Refusal("It has no quality to change; edit the fields to give it one.")
    to = record.quality + args["by"]
    number = int(to) if isinstance(to, float) and to.is_integer() else to
    return Edit((SetField(("quality",), record.data["quality"], number),))


def _fields(record: Record, args: Mapping[str, Any]) -> Outcome:
    changes: list[Change] = []
    for name, to in args["fields"].items():
        if name == "topics":
            wanted = [] if to is ABSENT else list(to)
            changes += _topic_changes(
                record,
                [each for each in wanted if each not in record.topics],
                [each for each in record.topics if each not in wanted],
            )
        else:
            changes += _set(record, name, to)
    return _edit(changes, "Nothing would change.")


def _topics(record: Record, args: Mapping[str, Any]) -> Outcome:
    changes = _topic_changes(record, args.get("add") or (), args.get("remove") or ())
    return _edit(changes, "Its topics are so already.")


def _topic_changes(record: Record, add: Any, remove: Any) -> list[Change]:
    # Added first, so that a list whose only topic is replaced is never empty.
    added: list[Change] = [
        AddItem(("topics",), each) for each in dict.fromkeys(add) if each not in record.topics
    ]
    return added + [
        RemoveItem(("topics",), each) for each in dict.fromkeys(remove) if each in record.topics
    ]


def _mend(record: Record, _: Mapping[str, Any]) -> Outcome:
    changes: list[Change] = []
    for name in ("title", "name", "excerpt"):
        value = record.data.get(name)
        if isinstance(value, str) and (mended := repair(value)) != value:
            changes.append(SetField((name,), value, mended))
    return _edit(changes, "Its title and excerpt need no mending.")


# -- links ------------------------------------------------------------------------------------------


def _relink(record: Record, args: Mapping[str, Any]) -> Outcome:
    from .link_edits import relinking  # here: it brings the parser

    return _edit(relinking(record, args["targets"]), "No field of it holds a link that has moved.")


def _amp_cache(record: Record, _: Mapping[str, Any]) -> Outcome:
    from .link_edits import amp_caching, has_amp  # here: it brings the parser

    if not has_amp(record):
        return Refusal("It has no AMP page.", already=True)
    return _edit(amp_caching(record), "Its AMP cache URLs are right already.")


# -- the reader's own state -------------------------------------------------------------------------


_ONLY_UNPUBLISHED = "Only an unpublished record can be deferred."


def _defer(record: Record, args: Mapping[str, Any]) -> Outcome:
    if record.state is not State.UNPUBLISHED:
        return Refusal(_ONLY_UNPUBLISHED)
    return Mark("deferred_until", args["until"])


def _mark(column: str, to: int | None) -> _Decide:
    return lambda record, args: Mark(column, to)


def _say_quality(args: Mapping[str, Any]) -> str:
    return f"quality {args['by']:+g}"


def _say_fields(args: Mapping[str, Any]) -> str:
    return f"set {', '.join(args['fields'])}"


def _say_relink(args: Mapping[str, Any]) -> str:
    count = len(args["targets"])
    return "link moved" if count == 1 else f"{count:,} links moved"


def _say_topics(args: Mapping[str, Any]) -> str:
    parts = [f"+{each}" for each in args.get("add") or ()]
    parts += [f"-{each}" for each in args.get("remove") or ()]
    return f"topics {', '.join(parts)}"


KINDS = {
    kind.id: kind
    for kind in (
        Kind("publish", "publish", "published", "`published: true`; the `removed` line goes.",
             _publish, state=State.PUBLISHED, touches=("state",)),
        Kind("unpublish", "unpublish", "unpublished", "`published: false`.",
             _unpublish, state=State.UNPUBLISHED, touches=("state",)),
        Kind("reject", "reject", "rejected", "`published: false` and `removed: true`.",
             _reject, state=State.REJECTED, touches=("state",)),
        Kind("restore", "restore", "restored", "Take a rejection back: the `removed` line goes.",
             _restore, touches=("state",)),
        Kind("defer", "defer", "deferred", "Out of Unpublished until a time.",
             _defer, touches=("state",)),
        Kind("undefer", "undefer", "no longer deferred", "Back to Unpublished at once.",
             _mark("deferred_until", None)),
        Kind("quality", "quality", "quality changed", "The quality up or down.",
             _quality, say=_say_quality, touches=("quality",)),
        Kind("set", "set fields", "fields set", "Other values for some fields.",
             _fields, say=_say_fields),
        Kind("topics", "topics", "topics changed", "Topics added and taken away.",
             _topics, say=_say_topics),
        Kind("relink", "take moved links", "moved links taken",
             "The URL that a moved link leads to, in place of the old one.",
             _relink, say=_say_relink),
        Kind("amp-cache", "write AMP cache URLs", "AMP cache URLs written",
             "`cdnAmpWebUrl` as the public AMP cache has it.", _amp_cache),
        Kind("mend", "mend text", "mended", "The repaired text of title and excerpt, written.",
             _mend),
        Kind("edit", "edit file", "edited", "The file as your own editor left it.",
             lambda record, args: Refusal("It is edited in $EDITOR.")),
        Kind("star", "star", "starred", "Star the record.", _mark("starred_at", 0)),
        Kind("unstar", "unstar", "star taken away", "Take the star away.", _mark("starred_at", None)),
        Kind("read", "mark read", "marked read", "Mark the record read.", _mark("read_at", 0)),
        Kind("unread", "mark unread", "marked unread", "Mark the record unread.", _mark("read_at", None)),
    )
}  # fmt: skip
"""All kinds of decision, by id."""


STEPS_ON = frozenset({"publish", "unpublish", "reject", "defer"})
"""Decisions after which one goes on to the next record that waits for one."""


def expected(
    decision: Decision, state: State | None, quality: float | None, *, warned: bool = False
) -> Refusal | None:
    """Return why a decision would change nothing, as far as a row of the list tells. `warned`: some
    field of the record could not be used; if it is `published`, that can still be decided."""
    if warned and decision.id == "publish" and state is State.PUBLISHED:
        return None
    rest = {
        ("publish", State.PUBLISHED): Refusal("It is published already.", already=True),
        ("unpublish", State.UNPUBLISHED): Refusal("It is unpublished already.", already=True),
        ("unpublish", State.REJECTED): Refusal("It is rejected; restore takes that back."),
        ("reject", State.REJECTED): Refusal("It is rejected already.", already=True),
        ("restore", State.PUBLISHED): Refusal("It is not rejected.", already=True),
        ("restore", State.UNPUBLISHED): Refusal("It is not rejected.", already=True),
        ("defer", State.PUBLISHED): Refusal(_ONLY_UNPUBLISHED),
        ("defer", State.REJECTED): Refusal(_ONLY_UNPUBLISHED),
    }
    if state is not None and (refusal := rest.get((decision.id, state))) is not None:
        return refusal
    if decision.id == "quality" and quality is None:
        return Refusal("It has no quality to change; edit the fields to give it one.")
    return None
