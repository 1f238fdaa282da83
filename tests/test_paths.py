"""Where the reader keeps its own files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reader import paths

FOLDERS = {
    "READER_CACHE_DIR": paths.cache_dir,
    "READER_STATE_DIR": paths.state_dir,
    "READER_DATA_DIR": paths.data_dir,
    "READER_CONFIG": paths.config_file,
}


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in FOLDERS:
        monkeypatch.delenv(variable, raising=False)


@pytest.mark.parametrize("variable", FOLDERS)
def test_a_variable_decides(variable: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(variable, str(tmp_path / "mine"))
    assert FOLDERS[variable]() == tmp_path / "mine"


@pytest.mark.parametrize("variable", FOLDERS)
def test_an_empty_variable_is_none(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = FOLDERS[variable]()
    monkeypatch.setenv(variable, "")
    assert FOLDERS[variable]() == usual
    assert "reader" in usual.parts


def test_a_relative_variable_becomes_absolute(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("READER_CACHE_DIR", "mine")
    assert paths.cache_dir() == tmp_path / "mine"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("READER_CACHE_DIR", "~/mine")
    assert paths.cache_dir() == tmp_path / "mine"


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="XDG is for Linux")
def test_the_platform_decides_otherwise(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable, name in (("CACHE", "c"), ("STATE", "s"), ("DATA", "d"), ("CONFIG", "k")):
        monkeypatch.setenv(f"XDG_{variable}_HOME", str(tmp_path / name))
    assert paths.cache_dir() == tmp_path / "c" / "reader"
    assert paths.state_dir() == tmp_path / "s" / "reader"
    assert paths.data_dir() == tmp_path / "d" / "reader"
    assert paths.config_file() == tmp_path / "k" / "reader" / "config.toml"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="XDG is for Linux")
def test_without_a_home_nothing_is_put_into_the_current_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # as for a user nobody knows
    assert paths.cache_dir().is_absolute()
    with pytest.raises(OSError, match=r".*"):
        paths.cache_dir().mkdir(parents=True)
