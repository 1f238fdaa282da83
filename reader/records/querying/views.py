"""The views that are there from the start, as queries."""

from __future__ import annotations

VIEWS = {
    "all": "",
    "unpublished": "is:unpublished -is:deferred",
    "published": "is:published",
    "rejected": "is:rejected",
    "today": "date:today",
    "week": "date:6d..today",
    "unread": "is:unread",
    "starred": "is:starred",
    "deferred": "is:deferred",
    "problems": "is:problem",
}
"""By the names that `view:` and the command line know them by."""
