"""The collections that tests and measurements are made of: as announced, and always the same."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from tests.corpus import Generator, heads, write_collection

COUNT = 400


def test_the_same_seed_writes_the_same_files(tmp_path: Path) -> None:
    for name, seed in (("one", 0), ("again", 0), ("other", 1)):
        write_collection(tmp_path / name, 50, seed)
    one, again, other = (
        {file.relative_to(tmp_path / name): file.read_bytes() for file in _files(tmp_path / name)}
        for name in ("one", "again", "other")
    )
    assert len(one) == 50
    assert one == again
    assert not set(one.values()) & set(other.values())


def test_records_have_the_crawlers_shape_and_shares() -> None:
    generator = Generator(COUNT)
    texts = [generator.record(number)[1] for number in range(COUNT)]
    loaded = [yaml.load(text.split("\n---", 1)[0], Loader=yaml.CSafeLoader) for text in texts]
    own = {record["webUrl"] for record in loaded}
    related = [entry["webUrl"] for record in loaded for entry in record["related"]]
    assert len(own) == COUNT
    assert all(2000 < len(text) < 4500 for text in texts)
    assert all(1 <= len(record["topics"]) <= 3 for record in loaded)
    assert all(re.fullmatch(r"[A-Za-z0-9+/]{640};.{22}==", each["secured"]) for each in loaded)
    assert 0.25 < sum(url in own for url in related) / len(related) < 0.42
    assert 0.25 < sum(not record["published"] for record in loaded) / COUNT < 0.40
    assert 0 < sum("removed" in record for record in loaded) / COUNT < 0.05
    assert 0.13 < sum("\n## " in text for text in texts) / COUNT < 0.27


def test_heads_are_the_newest_records_first() -> None:
    generator = Generator(COUNT)
    newest = list(heads(COUNT, 20))
    assert [head.published_at for head in newest] == sorted(
        (head.published_at for head in newest), reverse=True
    )
    for head in newest:
        assert f'\ntitle: "{head.title}"\n' in generator.record(head.number)[1]


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
