"""`--paths-from`, `--format` and its filters, and `--jsonl` as it streams."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reader.cli import main
from reader.library.collection import Collection
from tests.cli_support import write

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("config", "in_feed")


def piped(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


# -- paths -----------------------------------------------------------------------------------------

ALPHA, BETA, GAMMA = "_news/alpha.md", "_news/beta.md", "_learning/gamma.html"


@pytest.mark.parametrize(
    ("data", "titles"),
    [
        (f"{ALPHA}\n{GAMMA}\n", ["Alpha", "Gamma"]),
        (f"{GAMMA}\0{ALPHA}\0", ["Gamma", "Alpha"]),
        (f"./{ALPHA}\r\nhttps://example.org/gamma\n\n{ALPHA}", ["Alpha", "Gamma"]),
        ("", []),
    ],
)
def test_listing_what_is_piped_in(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, data: str, titles: list[str]
) -> None:
    piped(monkeypatch, data.encode())
    assert main(["list", "--format", "{title}", "--paths-from", "-"]) == 0
    assert capsys.readouterr().out.split() == titles


def test_narrowed_and_sorted(monkeypatch: pytest.MonkeyPatch, capsys: Capture, feed: Path) -> None:
    file = feed.parent / "paths"
    file.write_text(f"{BETA}\n{ALPHA}\n{GAMMA}\nnotes.txt\n{feed / ALPHA}\n")
    list_them = ["list", "--format", "{path}", "--paths-from", str(file)]
    for more, expected in (
        ([], [BETA, ALPHA, GAMMA]),
        (["--sort", "path"], [GAMMA, ALPHA, BETA]),
        (["-q", "-alpha"], [BETA, GAMMA]),
        (["-q", "-alpha sort:path"], [GAMMA, BETA]),
        (["--topic", "power apps", "--limit", "1"], [BETA]),
    ):
        assert main([*list_them, *more]) == 0
        captured = capsys.readouterr()
        assert captured.out.split() == expected
        assert "1 of 5 named is no record of this collection: notes.txt" in captured.err
    assert main(["count", "quality:>20", "--paths-from", str(file)]) == 0
    assert capsys.readouterr().out == "2\n"


def test_deciding_about_what_is_piped_in(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, feed: Path
) -> None:
    piped(monkeypatch, f"{ALPHA}\0{BETA}\0broken.md".encode())
    assert (
        main(["triage", "reject", "--paths-from", "-", "--where", "is:unpublished", "--json"]) == 0
    )
    results = json.loads(capsys.readouterr().out)["results"]
    assert [each["path"] for each in results] == [ALPHA]
    assert "removed: true" in (feed / ALPHA).read_text()
    piped(monkeypatch, BETA.encode())
    assert main(["triage", "publish", "--paths-from", "-"]) == 0
    piped(monkeypatch, b"")
    assert main(["triage", "publish", "--paths-from", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.split("\n", 1)[1])["results"] == []


def test_checking_what_is_piped_in(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    plan = ["check", "--plan", "--json"]
    for more, urls in (([], 1), (["--where", "-alpha"], 0)):
        piped(monkeypatch, ALPHA.encode())
        assert main([*plan, "--paths-from", "-", *more]) == 0
        assert json.loads(capsys.readouterr().out)["urls"] == urls


@pytest.mark.parametrize(
    ("file", "data", "code", "said"),
    [
        ("-", b"nothing.md\nnotes.txt", 3, "nothing named is a record"),
        ("-", b"a\x1b[31m\xff", 3, "nothing named is a record"),
        ("none", b"", 3, "--paths-from none: No such file"),
        ("_news", b"", 3, "--paths-from _news: Is a directory"),
    ],
)
def test_what_cannot_be_read_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, file: str, data: bytes, code: int, said: str
) -> None:
    piped(monkeypatch, data)
    assert main(["list", "--paths-from", file]) == code
    captured = capsys.readouterr()
    assert said in captured.err
    assert "\x1b" not in captured.err
    assert captured.out == ""


# -- filters ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("{title|upper}|{title|lower}", "ALPHA|alpha"),
        ("{title|trunc:3}|{title|trunc:5}", "Al…|Alpha"),
        ("{topics|join:; }", "Power Apps; Portals"),
        (r"{topics|join:\|}", "Power Apps|Portals"),
        ("{topics|first|upper}", "POWER APPS"),
        ("{topics|count} {images|count} {title|count}", "2 0 1"),
        ("{publishedDateTime|date:%d.%m.%Y}", "01.03.2021"),
        ("{title|date:%Y}", "Alpha"),
        ("{images|default:none}|{title|default:x}", "none|Alpha"),
        ("{topics|json}", '["Power Apps", "Portals"]'),
        ("{webUrl|url}", "https%3A%2F%2Fexample.org%2Falpha"),
        ("{topics|shell} {images|shell}", "'Power Apps, Portals' ''"),
        ("{path|shell}", "_news/alpha.md"),
        ("{ title | upper }", "ALPHA"),
        (r"{topics|join:\n}", "Power Apps\nPortals"),
    ],
)
def test_filters(capsys: Capture, template: str, line: str) -> None:
    assert main(["list", "-q", "title:alpha", "--format", template]) == 0
    assert capsys.readouterr().out == line + "\n"


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{title|uper}", "did you mean “upper”?"),
        ("{title|}", "no filter “”"),
        ("{title|trunc}", "needs a value"),
        ("{title|trunc:x}", "how many columns"),
        ("{title|trunc:0}", "how many columns"),
        ("{title|upper:3}", "takes no value"),
        ("{secured|upper}", "never shown"),
        ("{titel|upper}", "did you mean “title”?"),
    ],
)
def test_filters_that_cannot_be(capsys: Capture, template: str, said: str) -> None:
    assert main(["list", "--format", template]) == 2
    assert said in capsys.readouterr().err


def test_the_shell_reads_back_what_was_quoted(capsys: Capture, feed: Path) -> None:
    title = 'it\'s "$HOME" `id` $(id) \\ ; * \u00e9'
    write(feed, "odd.md", f"title: {json.dumps(title)}\nprovider: {{name: Odd}}")
    assert main(["list", "--provider", "odd", "--format", "printf %s {title|shell}"]) == 0
    done = subprocess.run(
        ["sh"], input=capsys.readouterr().out.encode(), capture_output=True, check=True
    )
    assert done.stdout.decode() == title


# -- streaming -------------------------------------------------------------------------------------


def test_json_lines_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first line is at the other end of the pipe before the last record is read."""
    ours, theirs = os.pipe()
    os.set_blocking(ours, False)
    monkeypatch.setattr(sys, "stdout", os.fdopen(theirs, "w", encoding="utf-8"))
    read: list[int] = []
    seen: list[bytes] = []
    open_record = Collection.open_record

    def watched(self: Collection, id: int) -> object:
        read.append(id)
        if len(read) == 5:  # the last one
            seen.append(os.read(ours, 1 << 16))
        return open_record(self, id)

    monkeypatch.setattr(Collection, "open_record", watched)
    try:
        assert main(["list", "--jsonl"]) == 0
    finally:
        os.close(ours)
        sys.stdout.close()
    assert len(read) == 5
    assert json.loads(seen[0].splitlines()[0])["title"] == "Gamma"
