"""`reader list`: which records, and in which form."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from reader.cli import main
from tests.cli_support import run, run_in_terminal, write

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("config")


def listed(capsys: Capture, *argv: str) -> list[str]:
    """Return the file names of the records listed, in order."""
    assert main(["list", *argv, "--format", "{path}"]) == 0
    return [os.path.splitext(os.path.basename(line))[0] for line in capsys.readouterr().out.split()]


def as_json(capsys: Capture, *argv: str) -> Any:
    assert main(["list", *argv, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_newest_first(feed: Path, capsys: Capture) -> None:
    assert listed(capsys, str(feed)) == ["gamma", "beta", "alpha", "delta", "escape"]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--view", "unpublished"], ["alpha"]),
        (["--view", "Rejected"], ["gamma"]),
        (["--view", "published"], ["beta", "delta", "escape"]),
        (["--view", "starred"], []),
        (["--topic", "  power APPS "], ["beta", "alpha"]),
        (["--folder", "_learning"], ["gamma", "delta"]),
        (["--folder", "./_learning/videos/"], ["delta"]),
        (["--type", "article"], ["gamma", "alpha"]),
        (["--provider", "the post"], ["beta", "alpha"]),
        (["--topic", "AI", "--provider", "Blog", "--type", "article"], ["gamma"]),
        (["--topic", "Portals", "--provider", "Blog"], []),
        (["--topic", "AI", "--provider", "Blog", "--limit", "1"], ["gamma"]),
        (["--limit", "2"], ["gamma", "beta"]),
        (["--limit", "0"], []),
        (["--sort", "path", "--limit", "1"], ["gamma"]),
        (["--sort", "-path", "--limit", "1"], ["escape"]),
        (["--sort=-quality", "--limit", "2"], ["gamma", "alpha"]),
        (["--sort", "quality", "--limit", "2"], ["alpha", "gamma"]),
        (["--sort", "type,-quality", "--limit", "3"], ["gamma", "alpha", "beta"]),
        (["--sort", "-seen,path", "--limit", "2"], ["gamma", "delta"]),
    ],
)
def test_which(feed: Path, capsys: Capture, options: list[str], names: list[str]) -> None:
    assert listed(capsys, str(feed), *options) == names


def test_a_folder_without_records_says_so(tmp_path: Path, capsys: Capture) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert main(["list", str(empty)]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert f"{empty} holds no records." in told.err


def test_the_collection_by_option(feed: Path, capsys: Capture) -> None:
    assert listed(capsys, "-C", str(feed), "--limit", "1") == ["gamma"]


def test_a_single_file(feed: Path, capsys: Capture) -> None:
    assert listed(capsys, str(feed / "_news" / "beta.md")) == ["beta"]


def test_what_changed_on_the_disk_is_seen(feed: Path, capsys: Capture) -> None:
    listed(capsys, str(feed))
    write(feed, "new.md", "title: New\npublishedDateTime: 2022-01-01")
    (feed / "_news" / "beta.md").unlink()
    assert listed(capsys, str(feed), "--limit", "3") == ["new", "gamma", "alpha"]


def test_the_index_as_it_is(feed: Path, capsys: Capture) -> None:
    # What was never indexed is read all the same: an empty list would not be true.
    assert len(listed(capsys, str(feed), "--no-refresh")) == 5
    write(feed, "new.md", "title: New\npublishedDateTime: 2022-01-01")
    assert listed(capsys, str(feed), "--no-refresh", "--limit", "1") == ["gamma"]
    assert listed(capsys, str(feed), "--limit", "1") == ["new"]


@pytest.mark.parametrize(
    ("option", "given", "meant"),
    [
        ("topic", "Portal", "Portals"),
        ("folder", "_newz", "_news"),
        ("type", "artcle", "article"),
        ("provider", "the pots", "The Post"),
        ("topic", "nosuch", ""),
    ],
)
def test_a_value_that_nothing_has_is_refused_as_in_a_query(
    feed: Path, capsys: Capture, option: str, given: str, meant: str
) -> None:
    assert main(["list", str(feed), "-q", f'{option}:"{given}"']) == 2
    said = capsys.readouterr().err.partition(": no record")[2].rstrip()
    assert main(["list", str(feed), f"--{option}", given]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.strip() == f"reader: --{option}: no record{said}"
    assert (f"did you mean “{meant}”?" if meant else f"the topic {given}.") in said.replace('"', "")


def test_a_folder_of_nothing_but_problems_lists_nothing(feed: Path, capsys: Capture) -> None:
    write(feed, "odd/broken.md", 'title: "Odd')
    assert listed(capsys, str(feed), "--folder", "odd") == []


def test_json_carries_the_datas_own_fields(feed: Path, capsys: Capture) -> None:
    found = as_json(capsys, str(feed))
    records = {record["path"]: record for record in found["records"]}
    assert records["_news/alpha.md"] == {
        "title": "Alpha",
        "excerpt": "The first\tof all: governmentâ€™s",
        "publishedDateTime": "2021-03-01T10:00:00+00:00",
        "webUrl": "https://example.org/alpha",
        "type": "article",
        "quality": 30,
        "published": False,
        "provider": {"name": "The Post", "domain": "post.example"},
        "topics": ["Power Apps", "Portals"],
        "related": [
            {
                "title": "Beta elsewhere",
                "webUrl": "https://example.org/beta",
                "provider": {"name": "Blog"},
            },
            {"title": "Outside", "webUrl": "https://elsewhere.example/x"},
        ],
        "path": "_news/alpha.md",
        "warnings": [],
    }
    beta = records["_news/beta.md"]
    assert (beta["quality"], beta["publishedDateTime"]) == (None, "2021-03-02")
    assert [warned["field"] for warned in beta["warnings"]] == ["quality"]
    assert beta["warnings"][0]["reason"]
    assert records["escape.md"]["title"] == "\x1b[31mred\u202e\x85"
    (problem,) = found["problems"]
    assert problem["path"] == "broken.md"
    assert problem["line"] > 0
    assert problem["reason"]


def test_json_of_nothing(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "empty").mkdir()
    assert as_json(capsys, str(tmp_path / "empty")) == {"records": [], "problems": []}


def test_json_lines(feed: Path, capsys: Capture) -> None:
    assert main(["list", str(feed), "--jsonl"]) == 0
    captured = capsys.readouterr()
    titles = [json.loads(line)["title"] for line in captured.out.splitlines()]
    assert titles[:3] == ["Gamma", "Beta\tand\nmore", "Alpha"]
    assert "1 file cannot be read" in captured.err
    assert f"see `reader problems {feed}`." in captured.err


def test_json_holds_no_control_characters(feed: Path, capsys: Capture) -> None:
    main(["list", str(feed), "--jsonl"])
    assert all(each.isprintable() or each == "\n" for each in capsys.readouterr().out)


def test_in_a_pipe_tabs_stand_between(feed: Path) -> None:
    ran = run("list", str(feed))
    rows = [line.split("\t") for line in ran.text.splitlines()]
    assert rows[1] == [
        "published", "2021-03-02T00:00:00Z", "", "The Post", "Beta and more", "_news/beta.md",
    ]  # fmt: skip
    assert rows[0][0] == "rejected"
    assert rows[2][1:3] == ["2021-03-01T10:00:00Z", "30"]
    assert b"1 file cannot be read" in ran.err
    assert b"\x1b" not in ran.out


def test_the_problems_view(feed: Path, capsys: Capture) -> None:
    assert main(["list", str(feed), "--view", "problems"]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("problem\t")
    assert "broken.md" in captured.out
    assert captured.err == ""


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("{title}", "Alpha"),
        (r"{state}\t{path}\n-", "unpublished\t_news/alpha.md\n-"),
        ("{{{title}}}", "{Alpha}"),
        ("{topics} {provider} {quality} {published}", "Power Apps, Portals The Post 30 false"),
        ("{url}|{originalUrl}|{heat}", "https://example.org/alpha||"),
        ("{excerpt}", "The first of all: governmentâ€™s"),
        (r"a\\tb", r"a\tb"),
        ("{publishedDateTime}", "2021-03-01T10:00:00+00:00"),
    ],
)
def test_templates(feed: Path, capsys: Capture, template: str, line: str) -> None:
    path = str(feed / "_news" / "alpha.md")
    assert main(["list", path, "--format", template]) == 0
    assert capsys.readouterr().out == line.replace("_news/", "") + "\n"


def test_a_template_for_xargs(feed: Path, capsys: Capture) -> None:
    path = str(feed / "_news" / "beta.md")
    assert main(["list", path, "--format", r"{title}\0"]) == 0
    assert capsys.readouterr().out == "Beta\tand\nmore\0"


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{titel}", "did you mean “title”?"),
        ("{title.__class__}", "no field"),
        ("{provider[name]}", "no field"),
        ("{title:99999999999}", "nothing else"),
        ("{title!r}", "nothing else"),
        ("{}", "no field"),
        ("{title", "no partner"),
        ("title}", "no partner"),
        ("{secured}", "never shown"),
    ],
)
def test_a_template_that_cannot_be(feed: Path, capsys: Capture, template: str, said: str) -> None:
    assert main(["list", str(feed), "--format", template]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


@pytest.mark.parametrize("form", [[], ["--json"], ["--jsonl"], ["--format", "{title}{excerpt}"]])
def test_secured_is_never_shown(feed: Path, capsys: Capture, form: list[str]) -> None:
    main(["list", str(feed), *form])
    assert "c2VjcmV0" not in capsys.readouterr().out


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "feed")
    os.mkdir(folder)
    name = folder + b"/caf\xe9.md"
    try:
        with open(name, "wb") as file:
            file.write(b"---\ntitle: Caf\n---\n")
    except OSError:
        pytest.skip("this file system knows only UTF-8")
    assert run("list", str(tmp_path / "feed"), "--format", r"{path}\0").out == b"caf\xe9.md\0"
    (record,) = json.loads(run("list", str(tmp_path / "feed"), "--json").out)["records"]
    assert record["title"] == "Caf"
    assert run("list", str(tmp_path / "feed")).out.endswith(b"\tcaf\xe9.md\n")


def test_on_a_terminal_lines_fit_and_nothing_is_raw(feed: Path) -> None:
    for options in ([], ["--format", "{title} {path}"], ["--format", r"{title}\0"], ["--jsonl"]):
        ran = run_in_terminal("list", str(feed), *options, columns=50)
        assert ran.code == 0
        assert b"\x1b" not in ran.out
        assert "\u202e" not in ran.text
        assert "red" in ran.text
    ran = run_in_terminal("list", str(feed), columns=40)
    assert all(len(line) < 40 for line in ran.text.splitlines()[:5])
    assert re.search("(^|\r)✗ 2021-03-0", ran.text)  # a line of progress may have come first


def test_a_terminal_without_unicode(feed: Path) -> None:
    ran = run_in_terminal("list", str(feed), PYTHONIOENCODING="ascii")
    assert ran.code == 0
    assert ran.out.isascii()
    # On a slow machine a line of progress comes first, and is wiped out again.
    assert ran.text.split("  \r")[-1].startswith("x 2021-03-0")
