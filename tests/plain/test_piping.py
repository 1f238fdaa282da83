"""A record given to a program."""

from __future__ import annotations

from .conftest import Lines


def test_a_program_is_run_after_a_question(lines: Lines) -> None:
    said = lines(
        "! cat", "y", "! echo {path} {url}", "y", "! nosuchprogram", "y", "!", "! cat", "n"
    )
    assert said[2] == "Runs: cat"
    assert said[3].startswith("It reads the record as JSON, ")
    assert ' "title": "Alpha",' in said
    assert "cat has ended." in said
    assert "with: https://example.org/alpha" in said
    assert any(each.endswith("/feed/_news/alpha.md https://example.org/alpha") for each in said)
    assert any(each.startswith("nosuchprogram could not be started") for each in said)
    assert "Say which program, after it: ! jq .title." in said
    assert said[-1] == "Nothing was run."
    assert "does that in the shell" in lines("! cat", piped=True)[-2]


def test_what_a_program_writes_is_safe_to_say(lines: Lines) -> None:
    said = lines(r"! printf '\033[31mred\007'", "y")
    assert said[-1].endswith("red␇")
