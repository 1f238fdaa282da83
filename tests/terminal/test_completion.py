"""Completion as the shells do it: typed into each of them, in a pseudo-terminal."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.corpus import write_collection
from tests.terminal.terminal import Terminal

SHELLS = {
    "bash": (["--norc", "--noprofile", "-i"], "PS1='$ '; source <(reader completion bash)"),
    "zsh": (
        ["-f", "-i"],
        "PS1='$ '; autoload -U compinit && compinit -u -D && source <(reader completion zsh)",
    ),
    "fish": (
        ["--no-config", "-i"],
        "function fish_prompt; echo '$ '; end; reader completion fish | source",
    ),
}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes_commands_options_and_values(
    shell: str, program: Path, isolated: dict[str, str], tmp_path: Path
) -> None:
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"{shell} is not installed")
    folder = tmp_path / "my feed"
    write_collection(folder, 3)
    record = next(iter(folder.rglob("*.md")))
    text = record.read_text()
    assert "\ntopics:" in text
    record.write_text(
        text.replace("\ntopics:", "\ntopics_before:", 1).replace(
            "\n---\n", '\ntopics: ["Long reads"]\n---\n', 1
        )
    )
    (Path(isolated["HOME"]) / "config.toml").write_text(
        '[[view]]\nname = "mine"\nquery = "is:read"\n'
    )
    env = isolated | {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "TERM": "xterm",
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    subprocess.run([program, "index", folder], env=env, check=True, capture_output=True)
    arguments, setup = SHELLS[shell]
    with Terminal([path, *arguments], size=(120, 30), env=env, cwd=tmp_path) as terminal:
        terminal.wait_quiet(0.5, first=20)
        terminal.send(f"{setup}; clear; echo re''ady\r".encode())
        terminal.wait_for("ready")
        terminal.wait_quiet(0.3)

        def typed(line: str, wanted: str) -> None:
            terminal.send(b"\x15" + line.encode())
            terminal.wait_for(line[-8:])
            terminal.send(b"\t")
            terminal.wait_for(wanted)

        typed("reader prob", "reader problems ")
        typed("reader -C 'my feed' prob", "'my feed' problems ")
        typed("reader list --prov", "reader list --provider")
        typed("reader list --view mi", "--view mine")
        typed("reader list --sort -qu", "--sort -quality")
        typed("reader triage publish --where mi", "--where mine")
        typed("reader triage publish --where my", "--where my")
        terminal.wait_for("feed/")
        typed("reader topics -q qual", "quality:")
        typed("reader list -q is:unpu", "is:unpublished")
        typed("reader list -q 'is:read -is:unpu", "-is:unpublished")
        terminal.send(b"\x15reader -C 'my feed' list --topic lon")
        terminal.wait_for("--topic")
        terminal.send(b"\t")
        terminal.wait_for("reads")  # quoted as the shell does it
        terminal.send(b"\x15exit\r")
        terminal.wait_exit()
