"""What `reader doctor` finds of the terminal: what lies between, what it answers, and what follows."""

from __future__ import annotations

import os
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reader.config import Config, table
from reader.records.text import clean
from reader.terminal.answers import ASK_KEYBOARD, ASK_NAME, Answers, ask_mode
from reader.terminal.asking import conversation
from reader.terminal.browsers import browsers_here, find_browser
from reader.terminal.clipboard import ways
from reader.terminal.surroundings import Surroundings, look_around

from .output import is_terminal


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found; `advice` says what to do where it is not well."""

    name: str
    found: str
    advice: str = ""


def asked(around: Surroundings) -> tuple[Answers, float] | None:
    """Return what the terminal answers and after how many seconds; None: it cannot be asked."""
    if around.is_old or not (is_terminal(sys.stdin) and is_terminal(sys.stdout)):
        return None
    assert sys.stdin is not None
    assert sys.stdout is not None
    sys.stdout.flush()
    begun = time.monotonic()
    questions = [ask_mode(2026)] if around.program != "Apple_Terminal" else []
    if not around.term.startswith("linux"):
        questions += [ASK_NAME, ASK_KEYBOARD]
    try:
        with conversation(
            sys.stdin.fileno(), sys.stdout.fileno(), far=bool(around.remote)
        ) as terminal:
            answers = terminal.ask(*questions)
    except (OSError, ValueError, termios.error):
        return None
    return answers, time.monotonic() - begun


def findings(chosen: Config, environ: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    """Yield what is found of the terminal, a line each."""
    around = look_around(environ)
    names = ("TERM", "COLORTERM", "NO_COLOR", "TERM_PROGRAM")
    given = [f"{name}={clean(environ[name])}" for name in names if environ.get(name)]
    yield Finding("terminal", ", ".join(given) or "TERM is not set")
    yield Finding("connection", _connection(around))
    heard = asked(around)
    name = ""
    if heard is not None:
        answers, seconds = heard
        name = clean(answers.name)
        yield Finding("answers", _answers(answers, seconds))
    yield Finding("output", _output(chosen, around))
    found = ways(around, environ)
    yield Finding(
        "clipboard",
        ", then ".join(f"{way.name}{'' if way.confirms else ' (unconfirmed)'}" for way in found)
        or "no way is known: what is copied is shown, to be selected",
    )
    yield Finding("links", _links(chosen, around, name))
    browser = find_browser(environ)
    here = browsers_here(environ)
    yield Finding(
        "browser",
        f"{clean(browser.name)}{' (in this terminal)' if browser.in_terminal else ''}"
        if browser
        else "none: links are shown to be copied"
        + (f"; BROWSER={here[0]} would open them here" if here else ""),
    )


def _connection(around: Surroundings) -> str:
    where = {"ssh": "over SSH", "mosh": "over mosh", "": "on this machine"}[around.remote]
    return f"{where}, inside {around.inside}" if around.inside else where


def _answers(answers: Answers, seconds: float) -> str:
    if answers.attributes is None:
        return f"none within {seconds * 1e3:,.0f} ms"
    parts = [clean(answers.name) or "no name"]
    if answers.modes.get(2026):
        parts.append("whole frames")
    if answers.keyboard:
        parts.append("kitty's keys")
    parts.append(f"after {seconds * 1e3:,.0f} ms")
    return ", ".join(parts)


def _output(chosen: Config, around: Surroundings) -> str:
    how = chosen[table.OUTPUT]
    if how == "auto":
        how = "lean (the terminal is far away)" if around.remote else "stock (it is near)"
    still = chosen[table.MOTION] == "none" or (chosen[table.MOTION] == "auto" and around.remote)
    return how + (", nothing moves by itself" if still else "")


def _links(chosen: Config, around: Surroundings, name: str) -> str:
    how = chosen[table.HYPERLINKS]
    if how == "auto":
        known = around.understands_links(name)
        return "can be clicked" if known else "not known to be understood (hyperlinks = “on” tries)"
    return "can be clicked, as set" if how == "on" else "off, as set"
