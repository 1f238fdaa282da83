"""The clipboard: which way is taken where, what is promised, and in which form it is sent."""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.terminal.clipboard import (
    MAX_SENT,
    Way,
    clipboard_sequence,
    copy,
    ways,
)
from reader.terminal.surroundings import look_around

SSH = {"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}
X11 = {"DISPLAY": ":0"}
WAYLAND = {"WAYLAND_DISPLAY": "wayland-0"}
TMUX = {"TMUX": "/tmp/tmux,1,0"}


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Programs by the names of clipboard tools, which keep what they are given."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("wl-copy", "xclip", "xsel", "tmux"):
        program = folder / name
        program.write_text(f'#!/bin/sh\necho "$0 $*" > {tmp_path}/used\ncat > {tmp_path}/kept\n')
        program.chmod(0o755)
    return folder


def names(tools: Path, environ: dict[str, str]) -> list[str]:
    environ = {"TERM": "xterm-256color", "PATH": str(tools)} | environ
    return [way.name for way in ways(look_around(environ), environ)]


def test_the_ways_in_their_order(tools: Path) -> None:
    assert names(tools, X11) == ["xclip", "xsel", "the terminal"]
    assert names(tools, WAYLAND) == ["wl-copy", "the terminal"]
    assert names(tools, {}) == ["the terminal"]  # no display: no tool of a desktop
    assert names(tools, X11 | SSH) == ["the terminal"]  # the display is not where one sits
    assert names(tools, TMUX | SSH) == ["tmux", "the terminal"]
    assert names(tools, {"STY": "1.pts"}) == ["the terminal"]
    for term in ("linux", "vt100", "dumb"):
        assert names(tools, {"TERM": term}) == []


def test_a_tool_confirms(tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    sent: list[str] = []
    copied = copy("https://a.example/é", [Way("xclip", ("xclip", "-selection"))], sent.append)
    assert copied.said == "Copied (by xclip)"
    assert (tmp_path / "kept").read_text(encoding="utf-8") == "https://a.example/é"
    assert not sent


def test_what_fails_gives_way_to_the_next(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    sent: list[str] = []
    wrong = Way("xclip", (str(broken),))
    gone = Way("xsel", (str(tmp_path / "gone"),))
    copied = copy("text", [wrong, gone, Way("the terminal")], sent.append)
    assert copied.said == (
        "Sent to your terminal (it does not confirm; xsel could not be started (No such file or directory))"
    )
    assert len(sent) == 1
    copied = copy("text", [wrong], sent.append)
    assert copied.said == "Not copied: xclip failed (3)."
    assert copy("text", [], sent.append).said.startswith("Not copied: no way to a clipboard")


@pytest.mark.parametrize(
    ("environ", "tried"),
    [
        (X11, ["xclip", "xsel"]),
        (WAYLAND, ["wl-copy"]),
        (WAYLAND | X11, ["wl-copy", "xclip", "xsel"]),
        (TMUX | SSH, ["tmux"]),
    ],
    ids=["X11", "Wayland", "both", "tmux"],
)
def test_each_that_fails_is_followed_by_the_next(
    tools: Path,
    tmp_path: Path,
    environ: dict[str, str],
    tried: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The real programs' places are taken by some that note that they were called; of `tried` all but
    the last fail, then that one too, and the text goes to the terminal."""
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    environ = {"TERM": "xterm-256color", "PATH": str(tools)} | environ
    called = tmp_path / "called"
    sent: list[str] = []
    for broken in range(len(tried) + 1):
        called.write_text("")
        for at, name in enumerate(tried):
            program = tools / name
            end = "exit 1" if at < broken else f"cat > {tmp_path}/kept"
            program.write_text(f"#!/bin/sh\necho {name} >> {called}\n{end}\n")
        copied = copy("https://a.example/é", ways(look_around(environ), environ), sent.append)
        assert called.read_text().split() == tried[: broken + 1]
        if broken < len(tried):
            assert copied.way is not None
            assert copied.way.name == tried[broken]
            assert (tmp_path / "kept").read_text(encoding="utf-8") == "https://a.example/é"
            assert not sent
        else:
            assert copied.said.startswith("Sent to your terminal")
            assert len(sent) == 1
        assert (f"{tried[broken - 1]} failed (1)" in copied.said) is (broken > 0)


def test_a_mac_s_own_tool(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tools / "pbcopy").write_text("#!/bin/sh\ncat > /dev/null\n")
    (tools / "pbcopy").chmod(0o755)
    monkeypatch.setattr("sys.platform", "darwin")
    assert names(tools, {}) == ["pbcopy", "the terminal"]
    assert names(tools, SSH) == ["the terminal"]  # it would be the far machine's clipboard


def test_what_is_too_long_is_not_sent_and_told() -> None:
    sent: list[str] = []
    copied = copy("x" * (MAX_SENT + 1), [Way("the terminal")], sent.append)
    assert not sent
    assert f"{MAX_SENT + 1:,} bytes are more than the {MAX_SENT:,}" in copied.said
    assert copy("x" * MAX_SENT, [Way("the terminal")], sent.append).way
    assert len(sent[0]) < 100_010


@given(st.binary(max_size=2000))
def test_any_text_arrives_whole(data: bytes) -> None:
    plain = clipboard_sequence(data)
    found = re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", plain)
    assert found
    assert base64.b64decode(found[1]) == data
    through_tmux = clipboard_sequence(data, "tmux")
    inner = re.fullmatch(r"\x1bPtmux;(.*)\x1b\\", through_tmux, re.DOTALL)
    assert inner
    assert inner[1].replace("\x1b\x1b", "\x1b") == plain
    through_screen = clipboard_sequence(data, "screen")
    pieces = re.findall(r"\x1bP(.{0,240}?)\x1b\\", through_screen, re.DOTALL)
    assert "".join(pieces) == plain
    assert "".join(f"\x1bP{piece}\x1b\\" for piece in pieces) == through_screen
