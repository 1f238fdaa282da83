"""`reader triage`, `undo`, `redo` and `log`."""

from __future__ import annotations

import asyncio
import errno
import io
import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from reader.cli import main
from reader.records.when import say_when
from tests.cli_support import make_feed, run, write
from tests.until import until

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("config")


@pytest.fixture
def feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_feed(tmp_path / "feed")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def alpha(feed: Path) -> Path:
    return feed / "_news" / "alpha.md"


def told(capsys: Capture) -> Any:
    return json.loads(capsys.readouterr().out)


def test_publish_where_published_is_neither_true_nor_false(
    feed: Path, alpha: Path, capsys: Capture
) -> None:
    before = alpha.read_bytes()
    odd = before.replace(b"published: false", b"published: maybe")
    alpha.write_bytes(odd)
    assert main(["triage", "publish", "--where", "_news/alpha.md"]) == 0
    assert capsys.readouterr().out == "published\t_news/alpha.md\n"
    assert alpha.read_bytes() == before.replace(b"published: false", b"published: true")
    assert main(["undo"]) == 0
    assert alpha.read_bytes() == odd
    capsys.readouterr()
    several = before.replace(b"published: false", b"published: [yes,\n  no]")
    alpha.write_bytes(several)
    assert main(["triage", "publish", "--where", "_news/alpha.md"]) == 3
    assert "published holds more than one value" in capsys.readouterr().out
    assert alpha.read_bytes() == several


@pytest.mark.parametrize(
    "argv",
    [
        ["--read-only", "triage", "publish", "-C", ".", "--where", "_news/alpha.md"],
        ["triage", "publish", "--where", "_news/alpha.md", "--read-only"],
    ],
)
def test_read_only_holds_for_a_command_too(argv: list[str], alpha: Path, capsys: Capture) -> None:
    before = alpha.read_bytes()
    assert main(argv) == 3
    assert capsys.readouterr().err == "reader: Decisions are off (--read-only).\n"
    assert alpha.read_bytes() == before


def test_a_star_is_a_step_where_it_was_decided(alpha: Path, capsys: Capture) -> None:
    main(["star", str(alpha)])
    assert main(["undo"]) == 0
    assert "there is nothing to undo" in capsys.readouterr().err
    assert main(["triage", "unstar", "--where", str(alpha)]) == 0
    assert main(["undo"]) == 0
    assert "undo of unstar: 1 changed." in capsys.readouterr().err


def test_publish_undo_redo(alpha: Path, capsys: Capture) -> None:
    before = alpha.read_bytes()
    assert main(["triage", "publish", "--where", "_news/alpha.md"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "published\t_news/alpha.md\n"
    assert "1 changed" in captured.err
    assert "`reader undo` takes it back" in captured.err
    after = alpha.read_bytes()
    assert after == before.replace(b"published: false", b"published: true")
    assert main(["triage", "publish", "--where", "_news/alpha.md"]) == 0
    assert capsys.readouterr() == (
        "so already\t_news/alpha.md\n",
        "reader: publish: 1 was so already.\n",
    )
    assert main(["undo"]) == 0
    assert capsys.readouterr().out == "undone\t_news/alpha.md\n"
    assert alpha.read_bytes() == before
    assert main(["redo"]) == 0
    assert capsys.readouterr().out == "redone\t_news/alpha.md\n"
    assert alpha.read_bytes() == after
    assert main(["undo"]) == 0
    assert main(["undo"]) == 0
    assert "there is nothing to undo." in capsys.readouterr().err
    assert alpha.read_bytes() == before


def test_as_json(alpha: Path, capsys: Capture) -> None:
    assert main(["triage", "quality", "--by", "-5", "--where", "_news/alpha.md", "--json"]) == 0
    outcome = told(capsys)
    assert outcome == {
        "decision": "quality",
        "by": -5,
        "how": "decision",
        "step": 1,
        "dry_run": False,
        "results": [{"path": "_news/alpha.md", "became": "done", "title": "Alpha", "reason": None}],
    }
    assert "quality: 25" in alpha.read_text()
    assert main(["undo", "--since", "1d", "--json"]) == 0
    (outcome,) = told(capsys)
    assert (outcome["how"], outcome["step"]) == ("undo", 2)
    assert main(["undo", "--since", "1d", "--json"]) == 0
    assert told(capsys) == []
    assert main(["redo", "--json"]) == 0
    assert told(capsys)["how"] == "redo"
    assert main(["redo", "--json"]) == 0
    assert told(capsys) is None


def test_exit_codes(feed: Path, capsys: Capture) -> None:
    assert main(["triage", "quality", "--by", "1", "--where", "all"]) == 1
    assert main(["triage", "quality", "--by", "1", "--where", "escape.md"]) == 3
    captured = capsys.readouterr()
    assert "refused\tescape.md\tIt has no quality to change" in captured.out
    assert main(["triage", "publish", "--where", "broken.md"]) == 3
    assert main(["triage", "publish", "--where", "nowhere.md"]) == 3
    assert main(["undo", "99"]) == 3
    captured = capsys.readouterr()
    assert captured.err.count("reader:") == captured.err.count("\n") >= 2
    assert "there is no step 99" in captured.err


@pytest.mark.parametrize(
    "argv",
    [
        ["triage", "publish"],
        ["triage", "publish", "--where", ""],
        ["triage", "publish", "--paths-from", ""],
        ["triage", "publsh", "--where", "all"],
        ["triage", "publish", "--by", "1", "--where", "all"],
        ["triage", "quality", "--where", "all"],
        ["triage", "quality", "--by", "much", "--where", "all"],
        ["triage", "quality", "--by", "nan", "--where", "all"],
        ["triage", "defer", "--where", "all"],
        ["triage", "defer", "--until", "whenever", "--where", "all"],
        ["triage", "set", "--field", "quality", "--where", "all"],
        ["triage", "set", "--field", "qualty=1", "--where", "all"],
        ["triage", "set", "--field", "quality=high", "--where", "all"],
        ["triage", "set", "--field", "quality=1", "--field", "quality=2", "--where", "all"],
        ["undo", "1", "--since", "1d"],
        ["undo", "first"],
        ["undo", "--since", "the flood"],
        ["log", "--since", "25:99"],
    ],
)
def test_wrong_usage(alpha: Path, argv: list[str], capsys: Capture) -> None:
    before = alpha.read_bytes()
    try:
        code = main(argv)
    except SystemExit as left:
        code = int(left.code or 0)
    captured = capsys.readouterr()
    assert code == 2, captured
    assert captured.out == ""
    assert "reader" in captured.err
    assert alpha.read_bytes() == before


class Full(io.StringIO):
    """A device that has no room left."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_what_was_done_is_said_where_the_output_is_full(
    alpha: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture, form: list[str]
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", Full())
        assert main(["triage", "publish", "--where", "_news/alpha.md", *form]) == 3
        assert main(["undo", "--since", "1d", *form]) == 3
    done, full, undone, full_again = capsys.readouterr().err.splitlines()
    assert done == "reader: publish: 1 changed. Step 1; `reader undo` takes it back."
    assert undone == "reader: undo of publish: 1 changed. Step 2; `reader redo` takes it back."
    assert full == full_again == "reader: the output cannot be written: No space left on device."


def test_ctrl_c_stops_between_records_and_tells_what_was_done(
    tmp_path: Path, capsys: Capture
) -> None:
    folder = tmp_path / "many"
    paths = [
        write(folder, f"{at}.md", f"webUrl: https://a.example/{at}\npublished: false")
        for at in range(200)
    ]
    argv = [sys.executable, "-m", "reader", "triage", "publish", "--where", "all", "-C", folder]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        asyncio.run(until(lambda: any(path.stat().st_mtime > 1_700_000_000 for path in paths)))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    done = sum(b"published: true" in path.read_bytes() for path in paths)
    assert process.returncode == 130
    assert 0 < done < 200
    assert out.count(b"published\t") == done
    said = f"reader: publish: {done} changed, stopped. Step 1; `reader undo` takes it back.\n"
    assert err.decode() == said
    assert main(["log", "-C", str(folder)]) == 0
    assert capsys.readouterr().err == ""  # nothing was left half done


def test_a_dry_run_writes_nothing(feed: Path, tmp_path: Path, capsys: Capture) -> None:
    files = {path: path.read_bytes() for path in feed.rglob("*") if path.is_file()}
    times = {path: path.stat().st_mtime_ns for path in files}
    argv = ["triage", "reject", "--where", "all", "--dry-run"]
    assert main(argv) == 0
    captured = capsys.readouterr()
    assert "would be rejected\t_news/alpha.md\n" in captured.out
    assert "would change" in captured.err
    assert main([*argv, "--json"]) == 0
    outcome = told(capsys)
    assert (outcome["dry_run"], outcome["step"]) == (True, None)
    assert {path: path.read_bytes() for path in feed.rglob("*") if path.is_file()} == files
    assert {path: path.stat().st_mtime_ns for path in files} == times
    assert main(["log", "--json"]) == 0
    assert told(capsys) == []


def test_a_dry_run_of_undo_and_redo(feed: Path, alpha: Path, capsys: Capture) -> None:
    before = alpha.read_bytes()
    assert main(["undo", "--dry-run", "--json"]) == 0
    assert told(capsys) is None
    assert main(["triage", "publish", "--where", "_news/alpha.md"]) == 0
    assert main(["triage", "star", "--where", "_news/alpha.md"]) == 0
    after = alpha.read_bytes()
    capsys.readouterr()
    assert main(["undo", "1", "--dry-run"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "would be undone\t_news/alpha.md\n"
    assert captured.err == "reader: undo of step 1, publish: 1 would change.\n"
    assert main(["undo", "--since", "1d", "--dry-run", "--json"]) == 0
    outcomes = told(capsys)
    assert [(each["of"], each["decision"]) for each in outcomes] == [(2, "star"), (1, "publish")]
    assert {(each["how"], each["step"], each["dry_run"]) for each in outcomes} == {
        ("undo", None, True)
    }
    assert main(["undo", "99", "--dry-run"]) == 3
    assert alpha.read_bytes() == after
    assert main(["undo", "1", "--json"]) == 0
    outcome = told(capsys)
    assert (outcome["of"], outcome["step"], outcome["dry_run"]) == (1, 3, False)
    assert main(["redo", "--dry-run"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "would be redone\t_news/alpha.md\n"
    assert captured.err == "reader: redo of step 3, publish: 1 would change.\n"
    assert alpha.read_bytes() == before
    assert main(["log", "--json"]) == 0
    assert len(told(capsys)) == 3


def test_until_when_a_record_is_deferred(feed: Path, capsys: Capture) -> None:
    argv = ["triage", "defer", "--until", "3d", "--where", "_news/alpha.md"]
    assert main(argv) == 0
    capsys.readouterr()
    assert main(["show", "_news/alpha.md", "--json"]) == 0
    until = datetime.fromisoformat(told(capsys)["deferredUntil"])
    assert until > datetime.now().astimezone()
    assert main(["list", "--jsonl"]) == 0
    listed = map(json.loads, capsys.readouterr().out.splitlines())
    deferred = {each["path"]: each["deferredUntil"] for each in listed if "deferredUntil" in each}
    assert deferred == {"_news/alpha.md": until.isoformat()}
    assert main(["show", "_news/alpha.md"]) == 0
    state = f"state     unpublished · deferred until {say_when(until)}\n"
    assert state in capsys.readouterr().out


def test_fields_topics_and_folders(feed: Path, alpha: Path, capsys: Capture) -> None:
    argv = ["triage", "set", "--field", "category=news", "--field", "quality=", "--where", "_news"]
    assert main(argv) == 0
    assert "set category, quality\t_news/alpha.md\n" in capsys.readouterr().out
    assert "category: news" in alpha.read_text()
    assert main([*argv, "--field", "heat=3"]) == 0
    assert "set heat\t_news/alpha.md\n" in capsys.readouterr().out
    assert "quality" not in alpha.read_text()
    argv = ["triage", "topics", "--add", "AI", "--remove", "Portals", "--remove", "Radio"]
    argv += ["--where", "_news/alpha.md"]
    capsys.readouterr()
    assert main(argv) == 0
    assert capsys.readouterr().out == "topics +AI, -Portals\t_news/alpha.md\n"
    assert "topics: [Power Apps, AI]" in alpha.read_text()
    assert main(["triage", "mend", "--where", "_news/alpha.md"]) == 0
    assert "government’s" in alpha.read_text()
    before = {path: path.read_bytes() for path in feed.rglob("*.md")}
    assert main(["triage", "defer", "--until", "3d", "--where", "unpublished"]) == 0
    capsys.readouterr()
    assert main(["list", "--view", "deferred", "--format", r"{path}\n"]) == 0
    assert capsys.readouterr().out.strip() == "_news/alpha.md"
    assert main(["triage", "star", "--where", "https://example.org/alpha"]) == 0
    assert {path: path.read_bytes() for path in feed.rglob("*.md")} == before
    capsys.readouterr()


def test_log(alpha: Path, feed: Path, capsys: Capture) -> None:
    assert main(["triage", "publish", "--where", "_news/alpha.md", "escape.md"]) == 0
    assert main(["triage", "star", "--where", "_news/beta.md"]) == 0
    assert main(["undo", "1"]) == 0
    capsys.readouterr()
    assert main(["log"]) == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [(line[0], line[3], line[4]) for line in lines] == [
        ("3", "undo of 1: publish", "1 record"),
        ("2", "star", "1 record"),
        ("1", "publish", "1 record"),
    ]
    assert lines[2][5] == "taken back by 3"
    assert main(["log", "--record", "_news/beta.md", "--diff"]) == 0
    assert "+ starred: " in capsys.readouterr().out
    assert main(["log", "--limit", "1", "--json"]) == 0
    (step,) = told(capsys)
    assert (step["how"], step["of"], step["origin"]) == ("undo", 1, "command")
    (record,) = step["records"]
    assert record["changes"] == ["- published: true", "+ published: false"]
    assert main(["log", "--who", "nobody@nowhere"]) == 0
    assert main(["log", "--until", "2020-01-01"]) == 0
    assert capsys.readouterr().out == ""


def test_the_log_of_a_record_that_is_in_the_trash(
    alpha: Path, config: Path, capsys: Capture
) -> None:
    config.write_text('reject = "trash"\n')
    assert main(["triage", "reject", "--where", "_news/alpha.md"]) == 0
    assert not alpha.exists()
    capsys.readouterr()
    assert main(["log", "--record", "_news/alpha.md"]) == 0
    assert "\treject\t" in capsys.readouterr().out
    assert main(["undo"]) == 0
    assert alpha.exists()
    capsys.readouterr()


def test_the_ciphertext_is_never_in_the_log(alpha: Path, capsys: Capture) -> None:
    assert main(["triage", "reject", "--where", "_news/alpha.md"]) == 0
    assert main(["log", "--diff", "--json"]) == 0
    assert "c2VjcmV0" not in capsys.readouterr().out


def test_editing_can_be_forbidden(alpha: Path, config: Path, capsys: Capture) -> None:
    config.write_text("edit = false\n")
    before = alpha.read_bytes()
    assert main(["triage", "publish", "--where", "_news/alpha.md"]) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"edit = false in {config}:1" in captured.err
    assert alpha.read_bytes() == before


def test_wrong_settings_of_edits_decide_nothing(alpha: Path, config: Path, capsys: Capture) -> None:
    before = alpha.read_bytes()
    for text in ('edit = "no"\n', 'reject = "trahs"\n', "edti = false\n", "[[[\n"):
        config.write_text(text)
        assert main(["triage", "publish", "--where", "_news/alpha.md"]) == 2
        assert f"{config}:1: " in capsys.readouterr().err
    config.write_text('theme = "nrod"\n')
    assert alpha.read_bytes() == before
    assert main(["triage", "publish", "--where", "_news/alpha.md"]) == 0


def test_a_clash_and_force(alpha: Path, capsys: Capture) -> None:
    assert main(["triage", "publish", "--where", "_news/alpha.md"]) == 0
    alpha.write_text(alpha.read_text().replace("published: true", "published: maybe"))
    assert main(["undo"]) == 3
    assert "clash\t_news/alpha.md\tSomeone has changed published meanwhile" in (
        capsys.readouterr().out
    )
    assert main(["undo", "--force"]) == 0
    assert "published: false" in alpha.read_text()


def test_names_that_are_no_text(alpha: Path) -> None:
    done = run("triage", "publish", "--where", "_news/alpha.md", LOGNAME="\udcff\udcfe")
    assert done.code == 0, done.err
    assert run("log").code == 0
    done = run("triage", "topics", "--add", "\udcff", "--where", "_news/alpha.md")
    assert done.code == 3
    assert b"Traceback" not in done.err


def test_a_decision_is_told_in_plain_json(alpha: Path, capsys: Capture) -> None:
    where = ["--where", "_news/alpha.md"]
    given = [
        "--field",
        "quality=44",
        "--field",
        "heat=",
        "--field",
        "updatedDateTime=2021-01-02T00:00Z",
    ]
    assert main(["triage", "set", *given, *where, "--json"]) == 0
    fields = told(capsys)["fields"]
    assert fields == {"quality": 44, "heat": None, "updatedDateTime": "2021-01-02T00:00:00+00:00"}
    assert main(["log", "--json"]) == 0
    assert told(capsys)[0]["fields"] == fields


@pytest.mark.parametrize(
    "where",
    [
        ["is:unpublished", "_news"],
        ["_news", "quality:>=9999"],
        ["quality:>=1", "is:unpublished"],
        ["unpublished", "_news/alpha.md"],
    ],
)
def test_a_query_beside_anything_else_is_refused(
    where: list[str], alpha: Path, capsys: Capture
) -> None:
    """Whoever names two things may mean both at once, and not either; or the collection."""
    before = alpha.read_bytes()
    each_after_its_own = [word for name in where for word in ("--where", name)]
    for given in (["--where", *where], each_after_its_own):
        assert main(["triage", "publish", *given]) == 2
        said = capsys.readouterr().err
        assert "stands alone" in said
        assert "-C" in said
        assert alpha.read_bytes() == before


@pytest.mark.parametrize(
    "where", [["--where", "_news", "escape.md"], ["--where", "_news", "--where", "escape.md"]]
)
def test_several_folders_and_files_mean_all_of_them(
    where: list[str], alpha: Path, capsys: Capture
) -> None:
    assert main(["triage", "star", *where, "--dry-run", "--json"]) in (0, 1)
    paths = {each["path"] for each in told(capsys)["results"]}
    assert {"_news/alpha.md", "escape.md"} <= paths


@pytest.mark.parametrize("day", ["01-05", "07-05"])
def test_a_day_begins_by_its_own_clock_summer_time_or_not(
    feed: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture, day: str
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        until = datetime.fromisoformat(f"{datetime.now().year + 1}-{day}T06:00")
        where = ["--where", "_news/alpha.md", "--json"]
        assert main(["triage", "defer", "--until", f"{until:%Y-%m-%d}", *where]) == 0
        assert told(capsys)["until"] == until.timestamp()
    finally:
        monkeypatch.undo()
        time.tzset()
