"""A terminal feed reader and triage desk for feeds kept as files."""

__version__ = "0.1.0"
