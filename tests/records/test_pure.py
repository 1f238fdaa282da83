"""The records layer is pure: importing it loads no toolkit, no network, no database."""

from __future__ import annotations

import subprocess
import sys


def test_records_import_neither_toolkit_nor_network_nor_database() -> None:
    code = (
        "import pkgutil, sys, reader.records as r\n"
        "for m in pkgutil.iter_modules(r.__path__): __import__(f'reader.records.{m.name}')\n"
        "print(*({'textual', 'rich', 'httpx', 'sqlite3', 'ftfy'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
