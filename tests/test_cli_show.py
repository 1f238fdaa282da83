"""`reader show` and the marks: records by their names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reader.cli import main
from tests.cli_support import run_in_terminal, write

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("config")


def test_every_field_in_reading_order(feed: Path, capsys: Capture) -> None:
    assert main(["show", "_news/alpha.md", "-C", str(feed)]) == 0
    shown = capsys.readouterr().out
    parts = [
        "Alpha\n",
        "provider  The Post · post.example",
        "state     unpublished",
        "topics    Power Apps, Portals",
        "quality   30",
        "The first",
        "The *body* of alpha.",
        "web       https://example.org/alpha",
        "  1  Beta elsewhere",
        "→ _news/beta.md",
        "  2  Outside",
        "file      _news/alpha.md",
    ]
    places = [shown.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)
    assert "c2VjcmV0" not in shown
    assert "government’s" in shown.replace("'", "’")  # repaired


def test_mentions(feed: Path, capsys: Capture) -> None:
    assert main(["show", "https://example.org/beta", "-C", str(feed)]) == 0
    assert "mentioned by\n  Alpha\n     → _news/alpha.md" in capsys.readouterr().out


def test_html_is_shown_as_text(feed: Path, capsys: Capture) -> None:
    assert main(["show", str(feed / "_learning" / "gamma.html")]) == 0
    shown = capsys.readouterr().out
    assert "One & two" in shown
    assert "three" in shown
    assert "alert" not in shown
    assert "<p>" not in shown


def test_fields_we_do_not_know_are_shown(feed: Path, capsys: Capture) -> None:
    path = write(feed, "odd.md", "title: Odd\nmood: {calm: true}\nitems: [a, b]")
    assert main(["show", str(path)]) == 0
    shown = capsys.readouterr().out
    assert 'mood      {"calm": true}' in shown
    assert "items     a, b" in shown


def test_json(feed: Path, capsys: Capture) -> None:
    assert main(["show", "https://example.org/beta", "-C", str(feed), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["title"] == "Beta\tand\nmore"
    assert shown["path"] == "_news/beta.md"
    assert shown["mentionedBy"] == ["_news/alpha.md"]
    assert shown["body"] == ""
    assert shown["warnings"][0]["field"] == "quality"
    assert main(["show", "_news/alpha.md", "-C", str(feed), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["body"].strip() == "The *body* of alpha."
    assert "secured" not in shown


def test_a_file_that_cannot_be_read(feed: Path, capsys: Capture) -> None:
    assert main(["show", "broken.md", "-C", str(feed)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("reader: broken.md:")
    assert main(["show", "broken.md", "-C", str(feed), "--json"]) == 1
    shown = json.loads(capsys.readouterr().out)
    assert shown["path"] == "broken.md"
    assert shown["problem"]["line"] > 0


def test_ways_to_name_a_record(
    feed: Path, config: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    alpha = feed / "_news" / "alpha.md"
    config.write_text(f'collection = "{feed}"\n')
    (tmp_path / "link").symlink_to(feed)
    monkeypatch.chdir(feed / "_news")
    for name in (
        "alpha.md",
        "./alpha.md",
        "_news/alpha.md",
        str(alpha),
        str(tmp_path / "link" / "_news" / "alpha.md"),
        "http://www.example.org/alpha/?utm_source=x",
    ):
        assert main(["show", name, "--json"]) == 0, name
        assert json.loads(capsys.readouterr().out)["path"] == "_news/alpha.md"


def test_with_a_collection_given_its_paths_come_first(
    feed: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(tmp_path, "_news/alpha.md", "title: Another")
    monkeypatch.chdir(tmp_path)
    assert main(["show", "_news/alpha.md", "-C", str(feed), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Alpha"
    assert main(["show", "_news/alpha.md", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Another"


def test_a_file_that_the_collection_leaves_out_is_shown_by_itself(
    feed: Path, config: Path, capsys: Capture
) -> None:
    path = write(feed, "_data/extra.md", "title: Extra")
    config.write_text(f'collection = "{feed}"\n')
    assert main(["show", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Extra"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nothing.md", "there is no record nothing.md"),
        ("https://example.org/nothing", "no record with the URL"),
        ("_news", "no record _news"),
        ("notes.txt", "no record"),
        ("../../etc/passwd", "no record"),
    ],
)
def test_a_record_that_is_not_there(feed: Path, capsys: Capture, name: str, said: str) -> None:
    assert main(["show", name, "-C", str(feed)]) == 3
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


def test_on_a_terminal_nothing_is_raw(feed: Path) -> None:
    write(feed, "long.md", 'title: "\\e]0;x\\a"\nexcerpt: "' + "word " * 100 + '"', "\x1b[2J\x9b1m")
    ran = run_in_terminal("show", str(feed / "long.md"), columns=40)
    assert ran.code == 0
    assert b"\x1b" not in ran.out
    assert b"\x07" not in ran.out
    assert "\x9b" not in ran.text
    lines = ran.text.splitlines()
    assert sum("word" in line for line in lines) > 10
    assert all(len(line) < 40 for line in lines if "word" in line)


def starred(capsys: Capture, feed: Path) -> list[str]:
    main(["list", str(feed), "--view", "starred", "--format", "{path}"])
    return capsys.readouterr().out.split()


def test_star_and_unstar(feed: Path, capsys: Capture) -> None:
    before = (feed / "_news" / "alpha.md").read_bytes()
    assert main(["star", "_news/alpha.md", "https://example.org/beta", "-C", str(feed)]) == 0
    assert capsys.readouterr().out == "_news/alpha.md\n_news/beta.md\n"
    assert starred(capsys, feed) == ["_news/beta.md", "_news/alpha.md"]
    assert main(["unstar", "_news/alpha.md", "-C", str(feed), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"path": "_news/alpha.md", "starred": False}]
    assert starred(capsys, feed) == ["_news/beta.md"]
    assert (feed / "_news" / "alpha.md").read_bytes() == before


def test_read_and_unread(feed: Path, capsys: Capture) -> None:
    def unread() -> int:
        main(["list", str(feed), "--view", "unread", "--format", "{path}"])
        return len(capsys.readouterr().out.split())

    assert unread() == 5
    assert main(["read", "_news/alpha.md", "-C", str(feed), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"path": "_news/alpha.md", "read": True}]
    assert unread() == 4
    assert main(["unread", "_news/alpha.md", "-C", str(feed)]) == 0
    capsys.readouterr()
    assert unread() == 5


def test_when_one_is_not_found_none_is_marked(feed: Path, capsys: Capture) -> None:
    assert main(["star", "_news/alpha.md", "nothing.md", "-C", str(feed)]) == 3
    assert "nothing.md" in capsys.readouterr().err
    assert starred(capsys, feed) == []


def test_a_mark_that_cannot_be_kept_is_an_error(
    feed: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("READER_STATE_DIR", str(tmp_path / "file" / "state"))
    assert main(["star", "_news/alpha.md", "-C", str(feed)]) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "nothing was marked" in captured.err


def test_one_line_of_it(feed: Path, capsys: Capture) -> None:
    for template, said in (
        ("{webUrl}", "https://example.org/alpha"),
        ("{path|shell}", "_news/alpha.md"),
    ):
        assert main(["show", "_news/alpha.md", "-C", str(feed), "--format", template]) == 0
        assert capsys.readouterr().out == f"{said}\n"
    assert main(["show", "_news/alpha.md", "-C", str(feed), "--format", "{nosuch}"]) == 2


def test_the_link_is_opened(
    feed: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = tmp_path / "w3m"
    browser.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {tmp_path}/opened\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(browser))
    assert main(["show", "_news/alpha.md", "-C", str(feed), "--open"]) == 0
    assert (tmp_path / "opened").read_text() == "https://example.org/alpha"
    assert main(["show", "_learning/videos/delta.md", "-C", str(feed), "--open"]) == 3
    assert "this record has no link" in capsys.readouterr().err
    monkeypatch.setenv("BROWSER", "")
    monkeypatch.setenv("SSH_CONNECTION", "1")  # none of the desktop's either
    assert main(["show", "_news/alpha.md", "-C", str(feed), "--open"]) == 3
    ran = capsys.readouterr()
    assert ran.out == "https://example.org/alpha\n"
    assert "set $BROWSER" in ran.err


def test_the_link_as_a_code(feed: Path, config: Path, capsys: Capture) -> None:
    assert main(["show", "_news/alpha.md", "-C", str(feed), "--qr"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len({len(line) for line in lines}) == 1
    assert set("".join(lines)) == set("█▀▄ ")
    config.write_text('glyphs = "ascii"\n')
    assert main(["show", "_news/alpha.md", "-C", str(feed), "--qr"]) == 0
    assert set(capsys.readouterr().out) == set("# \n")
    ran = run_in_terminal("show", "_news/alpha.md", "-C", str(feed), "--qr", columns=20)
    assert ran.code == 3
    assert b"there is room for 20" in ran.out
