"""What README shows of the program is what the program has."""

from __future__ import annotations

from .readme import ROOT, with_key_table


def test_the_key_table_is_the_registrys() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "<!-- keys:" in readme
    assert readme == with_key_table(readme), "make docs"
