"""Bodies unpacked within bounds: a small answer may not become a large one."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable

_MAX_LAYERS = 2
_KNOWN = ("gzip", "x-gzip", "deflate")
_NAME = re.compile(r"[a-z0-9_.\-]{1,20}")


class Unpacker:
    """Turns the bytes on the wire into those of the body, at most `limit` of them."""

    def __init__(self, encodings: str, limit: int) -> None:
        self._left = limit
        self._broken = False
        names = [name.strip().lower() for name in encodings.split(",")]
        names = [name for name in names if name not in ("", "identity")]
        self.readable = len(names) <= _MAX_LAYERS and all(name in _KNOWN for name in names)
        """False: packed in a way that was not asked for."""
        self._names = names
        self._layers = [_layer(name) for name in reversed(names)] if self.readable else []

    @property
    def full(self) -> bool:
        """Whether nothing more will come out: the limit is reached, or the packing is broken."""
        return self._left <= 0 or self._broken or not self.readable

    @property
    def trouble(self) -> str | None:
        """Why the body cannot be read, in a sentence's part; None when it can."""
        if self.readable:
            return "its packing is broken: its text was not read in full" if self._broken else None
        odd = (name for name in self._names if name not in _KNOWN and _NAME.fullmatch(name))
        named = next(odd, None)
        how = f"as {named}, which" if named else "in a way that"
        return f"it is packed {how} was not asked for: its text was not read"

    def feed(self, data: bytes) -> bytes:
        """Return what more of the body these bytes give."""
        if self.full:
            return b""
        try:
            for layer in self._layers:
                data = layer(data, self._left)
        except zlib.error:
            self._broken = True
            return b""
        data = data[: self._left]
        self._left -= len(data)
        return data


def _layer(name: str) -> Callable[[bytes, int], bytes]:
    if name != "deflate":
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress
    state = zlib.decompressobj()
    begun = False

    def inflate(data: bytes, limit: int) -> bytes:
        nonlocal state, begun
        if not begun and data:
            begun = True
            try:
                return state.decompress(data, limit)
            except zlib.error:  # some servers leave the zlib header out
                state = zlib.decompressobj(-zlib.MAX_WBITS)
        return state.decompress(data, limit)

    return inflate
