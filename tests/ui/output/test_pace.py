"""The pace follows the line: simulated lines, fast and slow, near and far, and a dead one."""

from __future__ import annotations

import pytest

from reader.ui.output.pace import FIRST_ROOM, LEAST_ROOM, Pace


def run(rate: float, delay: float, frame: int, seconds: float) -> tuple[float, int, Pace]:
    """Keep a line of `rate` bytes a second busy; return the longest queue near the end (in
    seconds) and how many frames went out."""
    pace = Pace()
    now = free_at = 0.0
    arrivals: list[float] = []
    queue, frames = 0.0, 0
    while now < seconds:
        while arrivals and arrivals[0] <= now:
            pace.answered(arrivals.pop(0))
        room = pace.room(now)
        if room is None or room > 0:
            free_at = max(now, free_at) + frame / rate
            pace.sent(frame, now)
            arrivals.append(free_at + delay)
            frames += 1
            if now > seconds * 2 / 3:
                queue = max(queue, free_at - now)
        now += 1 / 30
    return queue, frames, pace


@pytest.mark.parametrize("rate", [960, 5600, 8000])
def test_a_slow_line_is_never_far_behind(rate: float) -> None:
    queue, frames, pace = run(rate, 0.2, 600, 30)
    assert queue <= max(0.8, 2 * 600 / rate)
    assert frames * 600 >= 0.5 * rate * 30  # and yet it is used
    assert pace.answers


def test_a_fast_line_far_away_is_not_held_back() -> None:
    _, frames, pace = run(1e6, 0.3, 600, 10)
    assert frames >= 10 * 30 - 1
    assert not pace.is_slow


def test_a_very_slow_line_is_known_to_be_slow() -> None:
    assert run(960, 0.2, 600, 30)[2].is_slow


def test_a_terminal_that_never_answers_is_not_waited_for() -> None:
    pace = Pace()
    pace.sent(FIRST_ROOM, 0.0)
    assert pace.room(1.0) == 0
    assert pace.room(6.0) is None
    assert not pace.waits


def test_a_line_that_stalls_goes_on_with_little() -> None:
    pace = Pace()
    pace.sent(100, 0.0)
    pace.answered(0.1)
    pace.sent(FIRST_ROOM * 2, 1.0)
    assert pace.room(2.0) == 0
    assert pace.room(7.0) == LEAST_ROOM
    assert pace.answers
