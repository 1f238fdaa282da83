"""The network: asking whether links answer, and saying so fairly.

`checker.Checker` for callers without an event loop, `run.check_all` for those with one; both take
`settings.CheckSettings`, which imports nothing of the network.
"""

from __future__ import annotations

import sys

# httpx looks for its own command line as it is imported, and brings click, Rich and Pygments along: half
# of the time it takes. As if they were not installed:
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # what importing takes for "is not there"
