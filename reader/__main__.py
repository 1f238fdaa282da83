"""`python -m reader`, and the `reader` command."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command line; return the exit code. Ctrl+C and errors are told in one line even
    where they come while modules load."""
    try:
        from reader.cli import main as run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001  the last resort: no user is shown a traceback
        if os.environ.get("READER_DEBUG"):
            sys.excepthook(type(error), error, error.__traceback__)
        reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
        print(f"reader: it cannot start ({reason}). Install it anew;", file=sys.stderr, end=" ")
        print("READER_DEBUG=1 shows where this arose.", file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main())
