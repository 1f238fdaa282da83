"""The command line as a whole: help, exit codes, errors, pipes, and which collection is meant."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reader import __version__
from reader.cli import main
from reader.commands import MODULES, opening
from reader.commands.opening import holds_records
from tests.cli_support import run, run_in_terminal, write

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("config")


def test_help_fits_a_small_screen(capsys: Capture) -> None:
    assert main(["--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) < 24
    assert max(map(len, lines)) < 80
    text = "\n".join(lines)
    assert all(re.search(rf"\b{name}\b", text) for name in MODULES)
    assert len(re.findall(r"^  reader ", text, re.MULTILINE)) == 5
    assert main(["-h"]) == 0


def test_resume_has_help_too(capsys: Capture) -> None:
    assert main(["resume", "--help"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("usage: reader resume")
    assert "examples:" in told


def test_a_collection_named_where_it_is_not_taken(tmp_path: Path, capsys: Capture) -> None:
    assert main(["log", str(tmp_path)]) == 2
    assert f"a collection is named with -C: `reader log -C {tmp_path}`." in capsys.readouterr().err


@pytest.mark.parametrize("name", MODULES)
def test_each_command_has_help_with_examples(name: str, capsys: Capture) -> None:
    assert main([name, "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"usage: reader {name} ")
    assert f"  reader {name}" in text
    assert "exit codes: 0" in text
    assert max(map(len, text.split("examples:")[1].splitlines())) <= 100


def test_version(capsys: Capture) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"reader {__version__}\n"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["list", "--vew", "all"], "there is no option --vew; did you mean “--view”?"),
        (["list", "--json=3"], "the option --json takes no value"),
        (["list", "a", "b"], "“b” is one word too many"),
        (["redo", ".", "--force"], "named with -C: `reader redo --force -C .`."),
        (["completion", "tcsh"], "completion for “tcsh”. Shells: bash, zsh, fish. See"),
        (["completion", "bsh"], "did you mean “bash”? Shells: bash, zsh, fish. See"),
        (["sample"], "a new folder to write the sample into: `reader sample ~/sample`."),
        (["triage", "read", "--where", "nosuch"], "a record nor a view “nosuch”. Views: all,"),
        (["triage", "read", "--where", "unred"], "did you mean “unread”? Views: all,"),
        (["triage", "read", "--where", "Unread"], "Did you mean the view “unread”?"),
        (["list", "--view", "unred"], "did you mean “unread”?"),
        (["list", "--sort", "-qualty"], "did you mean “-quality”?"),
        (["list", "--sort", "quality,ratng"], "sorted by ratng; did you mean “rating”?"),
        (["list", "--sort", "zzz"], "Fields: date, updated,"),
        (["list", "--limit", "many"], "no number"),
        (["list", "--limit", "-1"], "--limit"),
        (["list", "--json", "--jsonl"], "exclude each other"),
        (["list", "a", "-C", "b"], "given twice"),
        (["list", "--view", "all", "--view", "all"], "reader: --view is given twice. See"),
        (["list", "-q", "a", "--query=b"], "reader: -q/--query is given twice. See"),
        (["topics", "--by", "topic", "--by", "folder"], "--by is given twice"),
        (["check", "--plan", "--where", "a", "--where", "b"], "--where is given twice"),
        (["-C", ".", "list", "-C", "."], "-C/--collection is given twice"),
        (["-C", ".", "-C", "."], "-C/--collection is given twice"),
        (["--setting", "edit=false", "list", "--setting", "edit=true"], "“edit” is given twice"),
        (["list", ""], "is empty"),
        (["show"], "RECORD is missing"),
        (["show", ""], "a record is named by"),
        (["topics", "--by", "mood"], "there is no “mood”. One of: topic, folder,"),
        (["topics", "--by", "tipe"], "did you mean “type”? One of: topic, folder,"),
        (["lst", "--json"], "did you mean “list”?"),
        (["--jsn"], "no option --jsn"),
        (["a", "b"], "one PATH at a time"),
        (["--plain", "list"], "--plain is for the interface, not for a command: reader list"),
        (
            ["--read-only", "--fresh", "triage", "publish", "--where", "a b"],
            "--fresh is for the interface, not for a command:"
            " reader --read-only triage publish --where 'a b'",
        ),
        (["--setting", "foo=1", "list"], "“foo” is no setting"),
        (["--setting"], "needs a value"),
    ],
)
@pytest.mark.usefixtures("in_feed")
def test_wrong_usage_is_one_line_and_2(argv: list[str], said: str, capsys: Capture) -> None:
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("reader: ")
    assert err.count("\n") == 1
    assert said in err


@pytest.mark.parametrize(
    "argv",
    [
        ["--read-only", "-C", "FEED", "list", "--setting", "list.lines=2"],
        ["-CFEED", "--setting=list.lines=2", "list", "--read-only"],
        ["--collection=FEED", "--setting", "list.lines=2", "list"],
        [
            "--read-only",
            "--setting=edit=false",
            "list",
            "FEED",
            "--read-only",
            "--setting=motion=none",
        ],
    ],
)
def test_general_options_may_stand_before_a_command(
    argv: list[str], feed: Path, capsys: Capture
) -> None:
    assert main(["list", str(feed)]) == 0
    usual = capsys.readouterr().out
    assert main([word.replace("FEED", str(feed)) for word in argv]) == 0
    assert capsys.readouterr().out == usual != ""


@pytest.mark.parametrize("name", ["list", "index", "problems", "topics"])
def test_what_cannot_be_opened_is_3(name: str, tmp_path: Path, capsys: Capture) -> None:
    missing = tmp_path / "miss\x1b[31ming"
    assert main([name, str(missing)]) == 3
    (tmp_path / "a.txt").write_text("no record\n")
    assert main([name, str(tmp_path / "a.txt")]) == 3
    os.mkfifo(tmp_path / "pipe")
    assert main([name, str(tmp_path / "pipe")]) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == captured.err.count("reader: ") == 3
    assert "\x1b" not in captured.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_without_permission_is_3(feed: Path, capsys: Capture) -> None:
    feed.chmod(0)
    try:
        assert main(["list", str(feed)]) == 3
    finally:
        feed.chmod(0o755)
    assert "permission" in capsys.readouterr().err


def test_a_wrong_configuration_is_told_in_a_line_and_never_keeps_from_reading(
    config: Path, feed: Path, capsys: Capture
) -> None:
    config.write_text('exclude = 3\ntheme = "nrod"\n')
    assert main(["list", str(feed)]) == 0
    captured = capsys.readouterr()
    assert captured.err.startswith(f"reader: {config}:1: “exclude” has to be a list")
    assert "1 more: `reader config check`" in captured.err
    assert captured.err.count(str(config)) == 1
    assert captured.out


def test_a_wrong_collection_is_2_unless_one_is_named(
    config: Path, feed: Path, capsys: Capture
) -> None:
    config.write_text("colection = 3\n")
    assert main(["list"]) == 2
    assert "which collection is meant" in capsys.readouterr().err
    assert main(["list", str(feed)]) == 0


def test_a_wrong_option_is_2(feed: Path, capsys: Capture) -> None:
    assert main(["list", str(feed), "--setting", "edit=maybe"]) == 2
    assert "--setting: “edit” has to be true or false" in capsys.readouterr().err


# -- which collection --------------------------------------------------------------------------


def paths(capsys: Capture, *argv: str) -> list[str]:
    assert main(["list", *argv, "--format", "{path}"]) == 0
    return sorted(capsys.readouterr().out.split())


def test_the_configured_collection_comes_before_the_current_folder(
    config: Path, feed: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "other", "one.md", "title: One")
    monkeypatch.chdir(tmp_path / "other")
    assert paths(capsys) == ["one.md"]
    config.write_text(f'collection = "{feed}"\n')
    assert len(paths(capsys)) == 5
    assert paths(capsys, ".") == ["one.md"]


def test_a_configured_collection_that_has_gone(config: Path, capsys: Capture) -> None:
    config.write_text('collection = "gone"\n')
    assert main(["list"]) == 2
    assert f"`collection` of {config}" in capsys.readouterr().err


def test_else_the_sample_and_a_line_that_says_so(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert main(["list", "--limit", "1"]) == 0
    captured = capsys.readouterr()
    assert captured.out.count("\n") == 1
    assert "this is the built-in sample" in captured.err.splitlines()[0]
    assert "`reader FOLDER` opens your own" in captured.err.splitlines()[0]
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_folder_called_like_a_command(tmp_path: Path) -> None:
    write(tmp_path, "list/one.md", "title: One")
    ran = run("list", "list", "--format", "{path}", cwd=tmp_path)
    assert ran.out == b"one.md\n"
    # The interface is what `./list` opens; without a terminal it says so.
    assert b"needs a terminal" in run("./list", cwd=tmp_path).err


def test_a_cheap_look_for_records(tmp_path: Path) -> None:
    assert not holds_records(tmp_path)
    assert not holds_records(tmp_path / "nowhere")
    (tmp_path / "README.md").write_text("# No record\n")
    write(tmp_path, ".hidden/a.md", "title: A")
    write(tmp_path, "node_modules/b.md", "title: B")
    write(tmp_path, "1/2/3/c.md", "title: too deep")
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert not holds_records(tmp_path)
    write(tmp_path, "1/2/d.md", "title: D")
    assert holds_records(tmp_path)


def test_the_cheap_look_knows_records_of_yaml_alone(tmp_path: Path) -> None:
    record = "name: A thing\nwebUrl: https://a.example/\n"
    (tmp_path / "other.yml").write_text("services: {web: {image: a}}\n")
    (tmp_path / "broken.yaml").write_text("name: [never\n")
    (tmp_path / "_config.yml").write_text(record)
    (tmp_path / "large.yaml").write_text(record + "#" * opening.MAX_YAML)
    assert not holds_records(tmp_path)
    (tmp_path / "thing.yaml").write_text(record)
    assert holds_records(tmp_path)


def test_the_cheap_look_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(50):
        (tmp_path / f"{number}.txt").touch()
    write(tmp_path, "a/record.md", "title: A")
    assert holds_records(tmp_path)
    monkeypatch.setattr(opening, "MAX_LOOKED_AT", 50)
    assert not holds_records(tmp_path)


# -- the interface -----------------------------------------------------------------------------


def test_without_a_terminal_the_interface_says_what_to_do(feed: Path) -> None:
    for argv in ([], [str(feed)], ["-C", str(feed)]):
        ran = run(*argv, cwd=feed)
        assert ran.code == 2
        assert b"needs a terminal" in ran.err
        assert b"`reader list`" in ran.err


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    ran = run("lits", cwd=tmp_path)
    assert ran.code == 3
    assert "no file or folder “lits”; did you mean “list”?" in ran.err.decode()


def test_an_interface_that_cannot_open_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("no record\n")
    ran = run_in_terminal(str(tmp_path / "a.txt"))
    assert ran.code == 3
    assert ran.text.startswith("reader: ")
    assert "no record" in ran.text


def test_the_interface_starts_in_spite_of_a_wrong_configuration(config: Path, feed: Path) -> None:
    config.write_text("colection = 1\n")
    # Ctrl+Q once the notice stands there; without it this would wait for the test's own limit.
    ran = run_in_terminal(str(feed), columns=120, until=b"colection", keys=b"\x11")
    assert ran.code == 0
    assert b"colection" in ran.out


# -- pipes and signals -------------------------------------------------------------------------


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_closed_pipe_is_no_error(feed: Path, form: list[str]) -> None:
    for number in range(300):
        write(feed, f"many/{number}.md", f"title: {'x' * 500} {number}")
    process = subprocess.Popen(
        [sys.executable, "-m", "reader", "list", str(feed), *form],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(1)
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 0
    assert b"Error" not in err
    assert b"Traceback" not in err


def test_a_closed_pipe_at_the_last_flush(feed: Path) -> None:
    read, write_end = os.pipe()
    os.close(read)
    with os.fdopen(write_end, "wb") as gone:
        process = subprocess.run(
            [sys.executable, "-m", "reader", "topics", str(feed)],
            stdout=gone,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    assert (process.returncode, process.stderr) == (0, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("argv", [["list"], ["list", "--help"], ["--help"], ["--plain"]])
def test_a_full_disk_is_3(feed: Path, argv: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        process = subprocess.run(
            [sys.executable, "-m", "reader", *argv, "-C", str(feed)],
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    assert process.returncode == 3
    said = b"reader: the output cannot be written: No space left on device.\n"
    assert process.stderr.endswith(said)
    assert b"Traceback" not in process.stderr


def test_without_standard_output(feed: Path) -> None:
    process = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m reader list {feed} >&- 2>&-"], timeout=60
    )
    assert process.returncode in (0, 3)


def test_ctrl_c_is_quiet(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "out")
    for number in range(200):
        write(tmp_path / "feed", f"{number}.md", f"title: {'x' * 900}")
    # Its output goes into a pipe that nobody empties: it waits there until it is interrupted.
    read, write_end = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "reader", "list", str(tmp_path / "feed"), "--jsonl"],
        stdout=write_end,
        stderr=subprocess.PIPE,
    )
    os.close(write_end)
    assert process.stderr is not None
    os.read(read, 1)
    process.send_signal(signal.SIGINT)
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 130
    assert err == b""
    os.close(read)


# -- the last resort ---------------------------------------------------------------------------


def test_no_traceback_but_on_request(feed: Path, tmp_path: Path) -> None:
    # A package of the same name as a module that is needed late: an error nobody foresaw.
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "sqlite3.py").write_text("raise ValueError('an odd\\nsystem')\n")
    broken = {"PYTHONPATH": str(tmp_path / "broken")}
    ran = run("list", str(feed), **broken)
    assert ran.code == 3
    assert ran.err.count(b"\n") == 1
    assert b"ValueError: an odd system" in ran.err
    assert b"READER_DEBUG=1" in ran.err
    ran = run("list", str(feed), READER_DEBUG="1", **broken)
    assert ran.code == 3
    assert b"Traceback" in ran.err
