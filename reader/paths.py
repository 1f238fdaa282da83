"""Where the reader keeps its own files. Nothing here makes or touches a folder."""

from __future__ import annotations

import os
from pathlib import Path

_NOWHERE = Path(os.devnull) / "reader"
"""For a user without a home folder: a place that can never be written, so that whoever tries
says so, instead of a folder called `~` in the current one."""


def cache_dir() -> Path:
    """Return the folder of the indexes, which may be thrown away ($READER_CACHE_DIR)."""
    return _own("READER_CACHE_DIR") or _platform("user_cache_dir")


def state_dir() -> Path:
    """Return the folder of what may never be lost: read, starred ($READER_STATE_DIR)."""
    return _own("READER_STATE_DIR") or _platform("user_state_dir")


def data_dir() -> Path:
    """Return the folder of what the reader unpacks, like its sample ($READER_DATA_DIR)."""
    return _own("READER_DATA_DIR") or _platform("user_data_dir")


def config_file() -> Path:
    """Return the settings file, whether it exists or not ($READER_CONFIG)."""
    return _own("READER_CONFIG") or _platform("user_config_dir") / "config.toml"


def _own(variable: str) -> Path | None:
    value = os.environ.get(variable)
    if not value:
        return None
    return Path(os.path.abspath(os.path.expanduser(value)))


def _platform(kind: str) -> Path:
    import platformdirs  # here: with the variables set it is never needed

    try:
        path = Path(getattr(platformdirs, kind)("reader", appauthor=False))
    except RuntimeError:  # newer versions refuse where older ones answer `~/…`
        return _NOWHERE
    return path if path.is_absolute() else _NOWHERE
