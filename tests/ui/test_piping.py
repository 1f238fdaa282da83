"""A record given to a program: what a line means, and what is shown of the output."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.terminal.programs import MOST, Given, Run, planned, run
from reader.ui.piping import preview, shown

RECORD = Given("/srv/feed/a b;{url}.md", "https://a.example/?q=$(x)", '{"title": "A"}\n')


def made(line: str) -> Run:
    what = planned(line, RECORD)
    assert isinstance(what, Run)
    return what


def test_a_program_reads_json() -> None:
    what = made("jq .title")
    assert what.argv == ("jq", ".title")
    assert what.reads == RECORD.json


def test_names_are_arguments_as_a_whole() -> None:
    what = made("wc -l {path} '--url={url}'")
    assert what.argv == ("wc", "-l", RECORD.path, f"--url={RECORD.url}")
    assert what.reads == ""


def test_no_shell_unless_asked() -> None:
    assert made("echo $HOME | cat; ls").argv == ("echo", "$HOME", "|", "cat;", "ls")
    what = made("$ jq .title | tr a-z A-Z")
    assert what.argv[:3] == ("sh", "-c", "jq .title | tr a-z A-Z")
    assert what.argv[4:] == (RECORD.path, RECORD.url)
    assert "A shell" in "".join(piece.text for line in preview(what) for piece in line)


@pytest.mark.parametrize(
    ("line", "said"),
    [("", "nothing to run"), ("!", "nothing to run"), ("$ ", "nothing"), ("a 'b", "never closed")],
)
def test_what_cannot_run_says_why(line: str, said: str) -> None:
    what = planned(line, RECORD)
    assert isinstance(what, str)
    assert said in what


def test_a_record_without_a_link() -> None:
    assert (
        planned("open {url}", Given("/a.md", "", "{}")) == "This record has no http or https link."
    )


@given(st.text(max_size=60))
def test_any_line_means_something_or_says_why(line: str) -> None:
    what = planned(line, RECORD)
    if isinstance(what, Run):
        assert what.argv
        assert what.argv[0] != "sh" or what.shell or "sh" in line


def test_output_is_shown_safely(tmp_path: Path) -> None:
    said, output = run(Run(("printf", r"\033[31mred\033]0;x\007\n\302\233two\n"), ""))
    assert said == "printf has ended."
    text = "\n".join(piece.text for line in shown(output) for piece in line)
    assert "red" in text
    assert not any(each in text for each in ("\x1b", "\x07", "\x9b"))


def test_json_is_read_and_the_end_is_told() -> None:
    assert run(made("cat"))[1] == RECORD.json.encode()
    assert run(made("false"))[0] == "false ended with 1."
    assert "could not be started" in run(made("no-such-program-here"))[0]
    assert run(made("$ kill -9 $$"))[0] == "sh was stopped by signal 9."


def test_a_flood_is_cut() -> None:
    _, output = run(made(f"head -c {MOST * 3} /dev/zero"))
    assert len(output) == MOST + 1
    assert "not shown" in shown(output)[-1][0].text
