"""Which browser, and that a link is never anything but one argument; QR codes that fit or say why not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reader.terminal.browsers import Browser, find_browser, open_detached, open_in_terminal
from reader.terminal.qr import qr_lines

URL = "https://a.example/x?q=1&r='$(touch%20x)';`y`"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("firefox", "w3m", "xdg-open"):
        (folder / name).write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/asked\n')
        (folder / name).chmod(0o755)
    return folder


def found(programs: Path, **environ: str) -> tuple[str, bool] | None:
    browser = find_browser({"PATH": str(programs), **environ})
    return (browser.name, browser.in_terminal) if browser else None


def test_the_first_that_exists(programs: Path) -> None:
    assert found(programs, BROWSER="nothing:w3m:firefox") == ("w3m", True)
    assert found(programs, BROWSER="firefox --new-tab %s") == ("firefox", False)
    assert found(programs, BROWSER="'unclosed:w3m") == ("w3m", True)
    assert found(programs, DISPLAY=":0") == ("xdg-open", False)
    assert found(programs, DISPLAY=":0", SSH_TTY="/dev/pts/1") is None
    assert found(programs) is None


def test_percent_s_is_the_link() -> None:
    browser = Browser(("firefox", "--new-tab=%s", "--100%%"), in_terminal=False)
    assert browser.arguments(URL) == ["firefox", f"--new-tab={URL}", "--100%"]
    assert Browser(("w3m",), in_terminal=True).arguments(URL) == ["w3m", URL]


@pytest.mark.parametrize("url", ["-version", "--help", "javascript:alert(1)", "file:///etc/passwd"])
def test_what_is_no_link_is_no_argument(url: str) -> None:
    with pytest.raises(ValueError, match=re.escape(url)):
        Browser(("w3m",), in_terminal=True).arguments(url)


def test_no_shell_sees_the_link(programs: Path, tmp_path: Path) -> None:
    assert open_in_terminal(Browser((str(programs / "w3m"),), in_terminal=True), URL) is None
    assert (tmp_path / "asked").read_text() == URL + "\n"


def test_what_cannot_be_started_is_said() -> None:
    gone = Browser(("/nowhere/browser",), in_terminal=False)
    assert open_detached(gone, URL) == "browser: No such file or directory"
    assert open_in_terminal(gone, URL) == "browser: No such file or directory"


@pytest.mark.parametrize("ascii_only", [False, True])
def test_a_code_fits_or_says_why_not(ascii_only: bool) -> None:
    lines = qr_lines("https://harbour.example/2026/06/some-article", 80, 40, ascii_only=ascii_only)
    assert isinstance(lines, list)
    assert {len(line) for line in lines} == {66 if ascii_only else 33}
    assert set("".join(lines)) <= (set("# ") if ascii_only else set("█▀▄ "))
    said = qr_lines("https://harbour.example/" + "a" * 300, 80, 22, ascii_only=ascii_only)
    assert isinstance(said, str)
    assert "there is room for 80 and 22" in said
    assert "more than a QR code holds" in str(qr_lines("x" * 5000, 80, 22))


def test_a_usual_link_fits_80_by_24() -> None:
    assert isinstance(qr_lines("https://harbour.example/" + "a" * 70, 80, 22), list)


def test_the_code_is_the_one_of_the_library() -> None:
    import segno

    text = "https://harbour.example/"
    lines = qr_lines(text, 80, 40, ascii_only=True)
    assert isinstance(lines, list)
    matrix = segno.make(text, error="l", micro=False, boost_error=False).matrix
    drawn = [[line[at] == " " for at in range(0, len(line), 2)] for line in lines]
    assert [row[2:-2] for row in drawn[2:-2]] == [[bool(dark) for dark in row] for row in matrix]
