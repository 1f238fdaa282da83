"""Where real records lie, for the tests that need some; they are no part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CORPUS = Path(os.environ.get("READER_CORPUS") or Path(__file__).parents[2] / "shared" / "corpus")
needs_corpus = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="needs real records: set READER_CORPUS to a folder of them"
)
