"""The process that parses files for the one that indexes them.

Started as `python -m reader.library.parse_worker ROOT`; reads batches of paths from its input
and writes what it found to its output, each message marshalled with its length before it. It
lives as long as its input is open, so it never outlives the reader.
"""

from __future__ import annotations

import gc
import marshal
import os
import queue
import signal
import struct
import sys
import threading
from typing import Any, BinaryIO

READY = b"ready"
LENGTH = struct.Struct("<I")
NICE = 5
"""How much sooner than a worker the process has its turn that answers keys and writes the index."""


def frame(message: Any) -> bytes:
    """Return the bytes of one message."""
    data = marshal.dumps(message)
    return LENGTH.pack(len(data)) + data


def main(root: bytes) -> None:
    from .parsing import parse_file

    os.nice(NICE)
    gc.disable()  # records hold no cycles, and the process is short-lived
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's affair
    out = sys.stdout.buffer
    waiting: queue.SimpleQueue[list[bytes]] = queue.SimpleQueue()
    # A thread of its own, so that the parent's writes never wait for a slow file, and so that
    # this process ends with its parent even when a file keeps the parser busy.
    threading.Thread(target=_read, args=(sys.stdin.buffer, waiting), daemon=True).start()
    out.write(frame(READY))
    out.flush()
    while True:
        paths = waiting.get()
        out.write(frame([parse_file(root, path) for path in paths]))
        out.flush()


def _read(source: BinaryIO, waiting: queue.SimpleQueue[list[bytes]]) -> None:
    while True:
        head = source.read(LENGTH.size)
        if len(head) < LENGTH.size:
            os._exit(0)
        waiting.put(marshal.loads(source.read(*LENGTH.unpack(head))))  # noqa: S302  our parent's


if __name__ == "__main__":
    try:
        main(os.fsencode(sys.argv[1]))
    except BrokenPipeError:
        os._exit(0)
