"""The names that the language knows."""

from __future__ import annotations

from ..query import SORTS as SORTS
from ..verdicts import Role, Verdict

TEXTS = ("title", "excerpt", "body")
"""Searched for words."""
VALUES = ("provider", "topic", "type", "category", "author", "domain", "host")
"""Compared as a whole."""
PLACES = ("path", "folder", "url")
NUMBERS = ("quality", "heat", "rating")
LENGTH = "length"
DATES = ("date", "updated", "changed", "seen", "checked")
LINKS = ("link", *(f"link.{role}" for role in Role))
"""Compared with what checking says (`Verdict`): of any link, or of one in that role."""

FIELDS = {
    "title": "words of the title",
    "excerpt": "words of the excerpt",
    "body": "words of the text itself",
    "provider": "who published it",
    "domain": "the provider's domain",
    "author": "who wrote it",
    "topic": "one of its topics",
    "category": "its category",
    "type": "article, video, …",
    "url": "part of one of its URLs, or a whole one",
    "path": "part of the file's path",
    "folder": "the folder it lies in or below",
    "related": "its related links name this URL, or the record at this path",
    "quality": "a number",
    "heat": "a number; unknown heat is none",
    "rating": "the average of its ratings",
    "length": "how long it runs: PT10M or 10m",
    "date": "when it was published",
    "updated": "when it was last updated",
    "changed": "when it was last decided here",
    "seen": "when it was first indexed here",
    "host": "a host that one of its links leads to",
    "link": f"what checking says of a link: {', '.join(Verdict)}",
    **{f"link.{role}": f"what checking says of its {role} link" for role in Role},
    "checked": "when one of its links was last checked",
    "is": "what it is here: unpublished, starred, …",
    "has": "a field that is there",
    "no": "a field that is not there",
    "sort": "the order: sort:-date, sort:quality,-heat",
    "view": "a saved view",
}
"""Every field, and what it asks for in a few words."""

ALIASES = {
    "name": "title",
    "topics": "topic",
    "authors": "author",
    "publisheddatetime": "date",
    "updateddatetime": "updated",
    "weburl": "url",
    "originalurl": "url",
    "ampweburl": "url",
    "ratings": "rating",
    "without": "no",
}
"""Other names of fields: the data's own, and what comes to mind."""

IS = {
    "unpublished": "neither published nor rejected",
    "published": "published",
    "rejected": "rejected",
    "read": "read here",
    "unread": "not read here",
    "starred": "starred here",
    "deferred": "unpublished, and put off until later",
    "due": "unpublished, and put off until now",
    "decided": "decided here",
    "problem": "a file that cannot be read",
    "warning": "has a field that could not be used",
}

_STATES = {"removed": "rejected"}
_OPPOSITES = {
    "published": "unpublished",
    "unpublished": "published",
    "read": "unread",
    "unread": "read",
}


def state_meant(name: str, value: str) -> str | None:
    """Return the `is:` that is meant by a name and a truth value, as records themselves have them
    (`published: false`); None where they are something else."""
    name, value = name.lower(), value.lower()
    state = _STATES.get(name, name)
    if state not in IS or value not in ("true", "yes", "false", "no"):
        return None
    if value in ("true", "yes"):
        return f"is:{state}"
    return f"is:{_OPPOSITES[state]}" if state in _OPPOSITES else f"-is:{state}"


HAS = (
    "title", "excerpt", "date", "updated", "url", "original", "amp", "category", "type", "quality",
    "heat", "provider", "domain", "author", "topic", "image", "related", "action", "length",
    "price", "rating", "level", "item", "featured", "body",
)  # fmt: skip
"""What `has:` and `no:` can ask for. The index stores the places in this list: add at the end."""

CHECKED = "checked"
"""`has:` and `no:` know this too; it is no field of the record."""

HAS_ALIASES = {
    "name": "title", "images": "image", "topics": "topic", "authors": "author", "actions": "action",
    "levels": "level", "items": "item", "ratings": "rating", "weburl": "url", "link": "url",
    "originalurl": "original", "ampweburl": "amp", "publisheddatetime": "date",
    "updateddatetime": "updated", "featuredcontent": "featured",
}  # fmt: skip
