"""The table of URLs that were met: a set, but for its size."""

from __future__ import annotations

import sys

from hypothesis import given
from hypothesis import strategies as st

from reader.links.seen import Seen


@given(st.lists(st.text(max_size=3) | st.just("\ud800"), max_size=300))
def test_it_tells_what_a_set_tells(urls: list[str]) -> None:
    seen, model = Seen(), set[str]()
    for url in urls:
        assert seen.add(url) is (url not in model)
        model.add(url)
    assert len(seen) == len(model)


def test_it_grows_and_stays_small() -> None:
    seen = Seen()
    assert all(seen.add(f"https://a.example/{number}") for number in range(50_000))
    assert not any(seen.add(f"https://a.example/{number}") for number in range(50_000))
    assert len(seen) == 50_000
    assert sys.getsizeof(seen._table) <= 50_000 * 24 + 4096
