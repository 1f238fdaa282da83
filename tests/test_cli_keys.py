"""`reader keys`: the ids that settings can give other keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reader.cli import main
from reader.ui.commands import COMMANDS
from reader.ui.panel_commands import PANEL_COMMANDS
from tests.cli_support import own_folders

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    return own_folders(monkeypatch, tmp_path)


def test_every_id_of_every_screen_is_listed(file: Path, capsys: Capture) -> None:
    file.write_text('[keys]\n"history.undo" = "x"\n')
    assert main(["keys", "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert set(rows) == {command.id for command in (*COMMANDS, *PANEL_COMMANDS)}
    assert rows["history.undo"]["keys"] == ["x"]
    assert main(["keys"]) == 0
    assert "x\thistory.undo\tTake the step" in capsys.readouterr().out
