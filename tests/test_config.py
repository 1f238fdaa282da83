"""The settings file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.config import Config, ConfigError, load


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def refused(file: Path, text: str | bytes) -> ConfigError:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError) as caught:
        load(file)
    assert "\n" not in str(caught.value)
    assert str(file) in str(caught.value)
    return caught.value


def test_no_file_means_the_defaults(file: Path) -> None:
    assert load(file) == Config()
    assert load(file / "below" / "a file") == Config()


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "exclude = []\n"])
def test_an_empty_file_means_the_defaults(file: Path, text: str) -> None:
    file.write_text(text)
    assert load(file) == Config()


def test_all_settings(file: Path, tmp_path: Path) -> None:
    file.write_bytes(
        b'\xef\xbb\xbfcollection = "/srv/feed"\r\nexclude = ["drafts", "*.bak.md"]\r\n'
    )
    assert load(file) == Config(Path("/srv/feed"), ("drafts", "*.bak.md"))


def test_a_relative_collection_is_beside_the_file(file: Path, tmp_path: Path) -> None:
    file.write_text('collection = "../feed"\n')
    assert load(file).collection == tmp_path.parent / "feed"


def test_a_tilde_is_the_home(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    file.write_text('collection = "~/feed"\n')
    assert load(file).collection == tmp_path / "home" / "feed"


def test_an_unknown_home_is_an_error(file: Path) -> None:
    error = refused(file, 'collection = "~nobody-of-that-name/feed"')
    assert "~nobody-of-that-name" in error.reason


def test_an_unknown_key_names_the_nearest(file: Path) -> None:
    error = refused(file, '# mine\n\ncolection = "x"\n')
    assert (error.line, error.key) == (3, "colection")
    assert "did you mean “collection”?" in error.reason
    assert f"{file}:3: " in str(error)


def test_an_unknown_table_has_its_line(file: Path) -> None:
    error = refused(file, 'exclude = []\n[ui]\ntheme = "x"\n')
    assert (error.line, error.key) == (2, "ui")
    assert "Settings: collection, exclude" in error.reason


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("collection = 3", "collection"),
        ('collection = ""', "collection"),
        ('collection = "a\\u0000b"', "collection"),
        ('exclude = "drafts"', "exclude"),
        ('exclude = ["drafts", 1]', "exclude"),
        ("[exclude]\na = 1", "exclude"),
    ],
)
def test_a_wrong_type_says_what_is_allowed(file: Path, text: str, key: str) -> None:
    error = refused(file, f"\n{text}\n")
    assert (error.line, error.key) == (2, key)
    assert "has to be" in error.reason


def test_what_is_not_toml_has_its_line(file: Path) -> None:
    assert refused(file, "exclude = []\ncollection = here\n").line == 2
    assert refused(file, "exclude = [\n\n").line == 3


def test_what_is_not_utf8_has_its_line(file: Path) -> None:
    error = refused(file, b'exclude = []\ncollection = "\xff"\n')
    assert error.line == 2
    assert "UTF-8" in error.reason


def test_hostile_files(file: Path) -> None:
    assert "1 MiB" in refused(file, b"#" * (2 << 20)).reason
    refused(file, "exclude = " + "[" * 100_000)


def test_a_folder_is_an_error(file: Path) -> None:
    file.mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        load(file)


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_else(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_bytes(data)
    try:
        settings = load(file)
    except ConfigError:
        return
    assert isinstance(settings, Config)
