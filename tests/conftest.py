"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is no finding: what has to be quick says so in a test of its own.
settings.register_profile("reader", deadline=None)
settings.load_profile("reader")
