"""Checks as plain JSON values, for the state's file and for output; and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .link_history import Override, Past
from .verdicts import Check, Failure, Hop, Verdict

MAX_TEXT = 8192
"""Characters kept of one text of the evidence: some come from strangers' servers."""
MAX_HOPS = 30


def check_fields(check: Check) -> dict[str, Any]:
    """Return the check as JSON's own types: what is not known is left out."""
    fields: dict[str, Any] = {
        "url": check.url,
        "verdict": check.verdict.value,
        "reason": check.reason,
        "at": check.at,
        "status": check.status,
        "failure": None if check.failure is None else check.failure.value,
        "final_url": check.final_url,
        "chain": [[hop.url[:MAX_TEXT], hop.status] for hop in check.chain[:MAX_HOPS]] or None,
        "moved_to": check.moved_to,
        "seconds_to_first_byte": check.seconds_to_first_byte,
        "tls_days_left": check.tls_days_left,
        "content_type": check.content_type,
        "canonical": check.canonical,
        "declares_amp": check.declares_amp,
    }
    return {
        name: value[:MAX_TEXT] if isinstance(value, str) else value
        for name, value in fields.items()
        if value is not None
    }


def check_of(fields: Mapping[str, Any]) -> Check:
    """Return the check that `check_fields` gave."""
    known = dict(fields)
    failure = known.get("failure")
    known["verdict"] = Verdict(known["verdict"])
    known["failure"] = None if failure is None else Failure(failure)
    known["chain"] = tuple(Hop(url, status) for url, status in known.get("chain", ()))
    return Check(**known)


def past_values(past: Past) -> list[Any]:
    """Return what is remembered of a check as a short list of JSON's own types."""
    return [past.at, past.verdict.value, past.failure and past.failure.value, past.status]


def past_of_values(values: Sequence[Any]) -> Past:
    """Return what `past_values` gave."""
    at, verdict, failure, status = values
    return Past(at, Verdict(verdict), None if failure is None else Failure(failure), status)


def override_values(override: Override | None) -> list[Any] | None:
    """Return the user's word as JSON's own types."""
    return None if override is None else [override.at, past_values(override.of)]


def override_of_values(values: Sequence[Any] | None) -> Override | None:
    """Return what `override_values` gave."""
    return None if values is None else Override(values[0], past_of_values(values[1]))
