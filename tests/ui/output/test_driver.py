"""The driver of the terminal: what one read brings is handed over at once."""

from __future__ import annotations

import asyncio
import os
import threading

from textual import events
from textual.app import App

from reader.ui.output.driver import TerminalDriver

TEXT = "published by the editor"


async def test_keys_of_one_read_come_at_once_and_at_one_moment() -> None:
    read, write = os.pipe()
    app: App[None] = App()
    driver = TerminalDriver(app, asks=False)
    driver.fileno = read
    thread = threading.Thread(target=driver.run_input_thread)
    os.write(write, TEXT.encode())
    thread.start()
    try:
        queue = app._message_queue
        first = await asyncio.wait_for(queue.get(), 30)
        came = [first, *(queue.get_nowait() for _ in range(queue.qsize()))]
        keys = [event for event in came if isinstance(event, events.Key)]
        assert "".join(event.character or "" for event in keys) == TEXT
        assert len({event.time for event in keys}) == 1
    finally:
        driver.exit_event.set()
        thread.join(30)
        os.close(write)
        os.close(read)
