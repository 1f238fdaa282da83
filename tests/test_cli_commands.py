"""`reader index`, `problems`, `topics`, `sample` and `doctor`."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest

from reader.cli import main
from reader.commands.output import ProgressLine
from tests.cli_support import run, run_in_terminal

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("config")


def test_index_counts(feed: Path, capsys: Capture) -> None:
    for path in feed.rglob("*.*"):  # what changed just now is read again by the next look
        os.utime(path, (1_700_000_000, 1_700_000_000))
    assert main(["index", str(feed), "--json"]) == 1
    first = json.loads(capsys.readouterr().out)
    assert first.pop("seconds") >= 0
    assert first == {"records": 5, "problems": 1, "skipped": 1, "parsed": 7, "removed": 0}
    (feed / "broken.md").unlink()
    assert main(["index", str(feed), "--json"]) == 0
    second = json.loads(capsys.readouterr().out)
    assert (second["parsed"], second["removed"], second["problems"]) == (0, 1, 0)
    assert main(["index", str(feed), "--rebuild", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["parsed"] == 6


def test_index_in_words(feed: Path, capsys: Capture) -> None:
    assert main(["index", str(feed)]) == 1
    captured = capsys.readouterr()
    assert captured.out.startswith("5 records, 1 problem, 1 skipped; 7 parsed")
    assert captured.err == ""


def test_exclude_is_obeyed(feed: Path, config: Path, capsys: Capture) -> None:
    config.write_text(f'collection = "{feed}"\nexclude = ["_learning", "broken.md"]\n')
    assert main(["index", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["records"] == 3


def test_problems(feed: Path, capsys: Capture) -> None:
    assert main(["problems", str(feed)]) == 1
    out = capsys.readouterr().out
    assert out.startswith("broken.md:")
    assert out.count("\n") == 1
    assert main(["problems", str(feed), "--json"]) == 1
    (problem,) = json.loads(capsys.readouterr().out)
    assert set(problem) == {"path", "line", "reason"}
    (feed / "broken.md").unlink()
    assert main(["problems", str(feed)]) == 0
    assert capsys.readouterr().out == ""
    assert main(["problems", str(feed), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_topics(feed: Path, capsys: Capture) -> None:
    assert main(["topics", str(feed), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"topic": "Portals", "unpublished": 1, "total": 1} in found
    totals = {row["topic"].casefold(): row["total"] for row in found}
    assert totals == {"power apps": 2, "ai": 2, "portals": 1}
    assert main(["topics", str(feed)]) == 0
    assert "Portals\t1\t1\n" in capsys.readouterr().out
    assert "1/1       Portals" in run_in_terminal("topics", str(feed)).text


@pytest.mark.parametrize(
    ("by", "name", "total"),
    [("folder", "_learning", 2), ("type", "video", 1), ("provider", "Blog", 2), ("view", "all", 5)],
)
def test_the_sidebars_other_numbers(
    feed: Path, capsys: Capture, by: str, name: str, total: int
) -> None:
    assert main(["topics", str(feed), "--by", by, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["total"] for row in found if row[by] == name] == [total]


def test_sample(tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "sample"
    assert main(["sample", str(folder), "--json"]) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert files > 30
    assert sum(path.is_file() for path in folder.rglob("*")) == files
    assert main(["sample", str(folder)]) == 3
    assert "is not empty" in capsys.readouterr().err
    assert main(["sample", str(folder / "file" / "below")]) == 0
    capsys.readouterr()


def test_sample_into_a_place_that_cannot_be(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "file").write_text("")
    assert main(["sample", str(tmp_path / "file")]) == 3
    assert main(["sample", str(tmp_path / "file" / "below")]) == 3
    assert main(["sample", ""]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 3
    assert (tmp_path / "file").read_text() == ""


def test_doctor(tmp_path: Path, capsys: Capture) -> None:
    code = main(["doctor", "--json"])
    checks = {each["name"]: each for each in json.loads(capsys.readouterr().out)["checks"]}
    assert code == (0 if all(each["ok"] for each in checks.values()) else 1)
    assert "FTS5" in checks["sqlite"]["found"]
    assert checks["yaml parser"]["found"] in ("libyaml", "pure Python")
    assert checks["cache folder"]["found"].startswith(str(tmp_path))
    assert not (tmp_path / "own" / "cache").exists()
    assert "watching" in checks


def test_doctor_finds_what_is_wrong(
    tmp_path: Path, config: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("colection = 1\n")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("READER_STATE_DIR", str(tmp_path / "file" / "state"))
    assert main(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    wrong = [line for line in lines if line.startswith("!")]
    assert any("colection" in line for line in wrong)
    assert any("state folder" in line and "cannot be written" in line for line in wrong)


def test_doctor_imports_no_interface() -> None:
    ran = run("doctor")
    assert ran.code in (0, 1)
    assert b"textual" in ran.out


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    line = ProgressLine()
    line.update(0, 0)
    line.update(1500, 10000)
    line.clear()
    shown = terminal.getvalue()
    assert "\rlooking for records" in shown
    assert "\rreading 1,500 of 10,000 files" in shown
    assert shown.rsplit("\r", 2)[1].strip() == ""
    assert shown.endswith("\r")
    assert "\n" not in shown


def test_progress_is_for_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr("sys.stderr", pipe)
    line = ProgressLine()
    line.update(1, 2)
    line.clear()
    assert pipe.getvalue() == ""


def test_what_is_empty_says_so_beside_the_output(feed: Path, capsys: Capture) -> None:
    (feed / "broken.md").unlink()
    for argv, said in (
        (["problems"], "no problems: every file that was found could be read."),
        (["links"], "no such link was checked yet; `reader check` does."),
        (["log"], "no steps: nothing was decided here that this asks for."),
        (["list", "-q", "nosuchword"], "`reader explain QUERY` says which part leaves nothing."),
    ):
        assert main([*argv, "-C", str(feed)]) == 0
        ran = capsys.readouterr()
        assert ran.out == ""
        assert said in ran.err
    for argv in (["problems"], ["links"], ["log"]):
        assert main([*argv, "-C", str(feed), "--json"]) == 0
        ran = capsys.readouterr()
        assert (ran.out, ran.err) == ("[]\n", "")
