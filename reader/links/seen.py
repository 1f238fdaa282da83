"""Which URLs a run has met: eight bytes each in a table, where a set would take a hundred."""

from __future__ import annotations

from array import array
from hashlib import blake2b

_FIRST = 1 << 12


class Seen:
    """URLs by 64 bits of their hash: one in 2⁶⁴ pairs is mistaken for the same."""

    def __init__(self) -> None:
        self._table = _empty(_FIRST)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, url: str) -> bool:
        """Note a URL; return whether it is a new one."""
        digest = blake2b(url.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        key = int.from_bytes(digest, "little") or 1  # 0: nothing is there
        if self._put(self._table, key):
            self._count += 1
            if self._count * 3 > len(self._table) * 2:
                self._grow()
            return True
        return False

    def _grow(self) -> None:
        larger = _empty(2 * len(self._table))
        for key in self._table:
            if key:
                self._put(larger, key)
        self._table = larger

    @staticmethod
    def _put(table: array[int], key: int) -> bool:
        mask = len(table) - 1
        at = key & mask
        while (there := table[at]) != 0:
            if there == key:
                return False
            at = (at + 1) & mask
        table[at] = key
        return True


def _empty(size: int) -> array[int]:
    return array("Q", bytes(8 * size))
