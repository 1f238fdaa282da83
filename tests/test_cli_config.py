"""`reader config`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reader.cli import main
from tests.cli_support import own_folders

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    return own_folders(monkeypatch, tmp_path)


def test_path_values_and_sources(
    file: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["config"]) == 0
    assert capsys.readouterr().out.startswith(f"{file} (no such file)\n")
    file.write_text("[list]\nlines = 2\n")
    monkeypatch.setenv("READER_THEME", "nord")
    assert main(["config", "--setting", "edit=false"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == str(file)
    assert f"list.lines\t2\t{file}:2" in lines
    assert 'theme\t"nord"\t$READER_THEME' in lines
    assert "edit\tfalse\t--setting" in lines
    assert "exclude\t[]\tdefault" in lines


def test_a_wrong_value_is_no_source(
    file: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text('edit = 3\n[list]\nlines = 9\n[links]\nallow = ["x/99"]\nper_host = "a"\n')
    monkeypatch.setenv("READER_LINKS_PER_HOST", "3")
    assert main(["config"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"edit\tfalse\tthe safe value, as {file}:1 is wrong" in lines
    assert f"list.lines\t1\tthe default, as {file}:3 is wrong" in lines
    assert f"links.allow\t[]\tthe default, as {file}:5 is wrong" in lines
    assert "links.per_host\t3\t$READER_LINKS_PER_HOST" in lines
    assert "exclude\t[]\tdefault" in lines
    assert main(["config", "--json"]) == 0
    values = {each["name"]: each for each in json.loads(capsys.readouterr().out)["settings"]}
    assert values["edit"]["source"] == "fallback"
    assert values["edit"]["where"] == f"{file}:1"


def test_json(file: Path, capsys: Capture) -> None:
    file.write_text('[keys]\n"decide.publish" = ["p"]\n[list]\nlines = 9\n')
    assert main(["config", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["file"] == str(file)
    values = {each["name"]: each for each in told["settings"]}
    assert values["keys"]["value"] == [{"name": "decide.publish", "value": ["p"]}]
    assert values["list.lines"]["value"] == 1
    assert values["list.lines"]["variable"] == "READER_LIST_LINES"
    assert told["wrong"][0]["line"] == 4


def test_the_default_file_passes_its_own_check(tmp_path: Path, capsys: Capture) -> None:
    assert main(["config", "--default"]) == 0
    (tmp_path / "default.toml").write_text(capsys.readouterr().out)
    assert main(["config", "check", str(tmp_path / "default.toml")]) == 0


def test_check_tells_all_that_is_wrong(file: Path, tmp_path: Path, capsys: Capture) -> None:
    assert main(["config", "check"]) == 0
    file.write_text("edit = 3\n\ncolection = 1\n")
    assert main(["config", "check"]) == 2
    assert [line.split(": ")[0] for line in capsys.readouterr().out.splitlines()] == [
        f"{file}:1",
        f"{file}:3",
    ]
    assert main(["config", "check", "--json"]) == 2
    assert [each["line"] for each in json.loads(capsys.readouterr().out)] == [1, 3]
    assert main(["config", "check", str(tmp_path / "gone")]) == 2
    assert "there is no file" in capsys.readouterr().err


def test_a_command_left_without_a_key_is_only_a_warning(file: Path, capsys: Capture) -> None:
    file.write_text('[keys]\nraw = "t"\n')
    assert main(["config", "check"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith(f"{file}:2: warning: “topics” has no key now")
    assert "nothing is wrong" not in told.err
    file.write_text('[keys]\nraw = "t"\nedit = "t"\n')
    assert main(["config", "check", "--json"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert {each["severity"] for each in found} == {"warning", "error"}


def test_an_unknown_variable_prevents_nothing(
    file: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("READER_THEEM", "nord")
    assert main(["config", "check"]) == 0
    assert "did you mean “READER_THEME”?" in capsys.readouterr().out
    assert main(["config"]) == 0
    assert capsys.readouterr().err == ""
    main(["doctor"])
    assert "! variables" in capsys.readouterr().out


def test_one_mistake_hides_no_other(file: Path, capsys: Capture, tmp_path: Path) -> None:
    file.write_text('edit = 3\ncolection = 1\nglyphs = "x"\n')
    (tmp_path / "none").mkdir()
    main(["list", str(tmp_path / "none")])
    assert "And 2 more: `reader config check`." in capsys.readouterr().err
    main(["doctor"])
    assert f"3 mistakes, first {file}:1" in capsys.readouterr().out


def test_a_collection_that_is_not_there_is_a_warning(
    file: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file.write_text('theme = "nord"\ncollection = "nowhere"\n')
    assert main(["config", "check"]) == 0
    told = capsys.readouterr()
    missing = f"“collection” is {file.parent / 'nowhere'}, which does not exist."
    assert told.out == f"{file}:2: warning: {missing}\n"
    assert "nothing is wrong" not in told.err
    monkeypatch.setenv("READER_COLLECTION", str(tmp_path / "none"))
    assert main(["config", "check", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["where"], found["key"]) == ("$READER_COLLECTION", "collection")
    assert (found["line"], found["severity"]) == (None, "warning")


def test_what_is_no_list_of_views_is_told_once(file: Path, capsys: Capture) -> None:
    file.write_text("view = 3\n")
    assert main(["config", "check"]) == 2
    assert len(capsys.readouterr().out.splitlines()) == 1
