"""Completion and manual: made of the commands' own parsers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reader.cli import main
from reader.commands import MODULES
from reader.own.completion import bash, fish, zsh
from reader.own.described import described
from reader.own.manual import page
from tests.cli_support import make_feed

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("config")
ROOT = Path(__file__).resolve().parent.parent


def needs(program: str) -> None:
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")


def shell(program: str, *argv: str, **env: str) -> str:
    done = subprocess.run(
        [program, *argv], env={**os.environ, **env}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout


def complete(tmp_path: Path, *words: str) -> list[str]:
    """Return what bash completes the last word to."""
    script = tmp_path / "reader.bash"
    script.write_text(bash())
    program = tmp_path / "bin" / "reader"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m reader "$@"\n')
    program.chmod(0o755)
    given = " ".join(f"'{word}'" for word in ("reader", *words))
    text = f"source {script}; COMP_WORDS=({given}); COMP_CWORD={len(words)}; _reader; "
    text += "[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\\n' \"${COMPREPLY[@]}\""
    path = f"{program.parent}:{os.environ['PATH']}"
    return shell("bash", "-c", text, PATH=path, PYTHONPATH=str(ROOT)).splitlines()


def test_every_command_and_option_is_described() -> None:
    every = {each.name: each for each in described()}
    assert list(every) == list(MODULES)
    for each in every.values():
        assert all(option.help for option in each.options), each.name
        for script in (bash(), zsh(), fish(), page()):
            assert each.name in script
    flags = {flag for option in every["list"].options for flag in option.flags}
    assert {"--view", "--json", "-C", "--setting"} <= flags


def test_bash_completes_commands_options_and_values(tmp_path: Path) -> None:
    needs("bash")
    assert complete(tmp_path, "lis") == ["list"]
    assert complete(tmp_path, "list", "--vi") == ["--view"]
    assert complete(tmp_path, "topics", "--by", "f") == ["folder"]
    assert complete(tmp_path, "config", "ch") == ["check"]


def test_bash_completes_views_and_expands_nothing_of_them(tmp_path: Path, config: Path) -> None:
    needs("bash")
    config.write_text(
        f'[[view]]\nname = "unsound $(touch {tmp_path}/made)"\nquery = "is:unpublished"\n'
    )
    found = complete(tmp_path, "list", "--view", "un")
    assert "unpublished" in found
    assert any(each.startswith("unsound") for each in found)
    assert not (tmp_path / "made").exists()


def test_a_query_goes_on_as_in_the_filter_line(
    tmp_path: Path, config: Path, capsys: Capture
) -> None:
    config.write_text('[[view]]\nname = "unsound"\nquery = "is:unpublished"\n')
    feed = make_feed(tmp_path / "feed")
    assert main(["index", str(feed)]) == 1  # one of its files cannot be read

    def offered(kind: str, typed: str) -> list[str]:
        capsys.readouterr()
        assert main(["completion", "-C", str(feed), kind, "--", typed]) == 0
        return capsys.readouterr().out.splitlines()

    assert offered("queries", "-is:unp") == ["-is:unpublished"]
    assert offered("queries", "is:read topic:power") == ['is:read topic:"Power Apps"']
    assert "quality:" in offered("queries", "qu")
    assert {"unsound", "unpublished"} <= {*offered("where", "un")}


def test_zsh_and_fish_read_their_scripts(tmp_path: Path) -> None:
    (tmp_path / "_reader").write_text(zsh())
    (tmp_path / "reader.fish").write_text(fish())
    if not shutil.which("zsh") and not shutil.which("fish"):
        pytest.skip("neither zsh nor fish is installed")
    if shutil.which("zsh"):
        shell("zsh", "-n", str(tmp_path / "_reader"))
    if shutil.which("fish"):
        shell("fish", "--no-execute", str(tmp_path / "reader.fish"))
        text = f"source {tmp_path}/reader.fish; complete -C 'reader lis'"
        assert "list\t" in shell("fish", "-c", text, HOME=str(tmp_path))


def test_the_commands(capsys: Capture) -> None:
    for name, made in (("bash", bash()), ("zsh", zsh()), ("fish", fish())):
        assert main(["completion", name]) == 0
        assert capsys.readouterr().out == made
    assert main(["completion", "tcsh"]) == 2
    assert main(["manual"]) == 0
    assert "READER_LIST_LINES" in capsys.readouterr().out.replace("\\-", "-")


def test_the_manual_that_ships_is_the_one_that_is_made() -> None:
    assert (ROOT / "docs" / "reader.1").read_text() == page(), "make docs"


def test_the_manual_is_read_without_a_warning(tmp_path: Path) -> None:
    needs("groff")
    (tmp_path / "reader.1").write_text(page())
    assert shell("groff", "-Tutf8", "-man", "-ww", "-z", str(tmp_path / "reader.1")) == ""
