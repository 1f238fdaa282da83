"""Run the program as it is, and write down which of its screens are shown.

python -m tests.terminal.probe FILE [ARGUMENT ...]
"""

from __future__ import annotations

import sys


def main() -> int:
    """Note each screen in the file, a line each, and end as the program ends."""
    path = sys.argv.pop(1)
    sys.argv[0] = "reader"
    from textual.screen import Screen

    mounted = Screen._on_mount

    def noting(screen: Screen[object], event: object) -> None:
        with open(path, "a") as file:
            for kind in type(screen).__mro__:
                if kind.__module__.startswith("reader."):
                    file.write(f"{kind.__name__}\n")
        mounted(screen, event)  # type: ignore[arg-type]

    Screen._on_mount = noting  # type: ignore[assignment, method-assign]
    from reader.__main__ import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
