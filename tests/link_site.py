"""Web sites on this machine's loopback addresses, for tests that check links as a user does.

python -m tests.link_site FOLDER    writes a feed that links to them, and serves until killed
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ALLOW = "127.0.0.0/8"
PAGE = "<!doctype html><html><head><title>A page</title></head><body>{}</body></html>"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.agents.add(self.headers.get("User-Agent", ""))
        if self.server.delay:
            time.sleep(self.server.delay)
        name = self.path.strip("/").partition("/")[0]
        status = {"gone": 404, "blocked": 403, "failing": 503, "moved": 301, "found": 302}.get(
            name, 200
        )
        body = PAGE.format("<p>This is a page with some words on it.</p>" * 20).encode()
        if name == "suspect":
            body = b"<html><head><title>404 Not Found</title></head><body><h1>Page not found</h1></body></html>"
        if name == "amp":
            canonical = self.server.url("/ok/1")
            body = (
                f'<html amp><head><link rel="canonical" href="{canonical}"></head></html>'.encode()
            )
        self.send_response(status)
        if name in ("moved", "found"):
            self.send_header("Location", self.server.url("/ok/new"))
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Site(ThreadingHTTPServer):
    """Answers by the first part of the path: /gone/… is 404, /moved/… 301, /blocked/… 403,
    /failing/… 503, /suspect/… 200 and says that it is not found, /amp/… an AMP page; all else 200."""

    daemon_threads = True
    request_queue_size = 100

    def __init__(self, address: str = "127.0.0.1", delay: float = 0.0) -> None:
        super().__init__((address, 0), _Handler)
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.delay = delay

    def url(self, path: str) -> str:
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}{path}"


@contextmanager
def served(address: str = "127.0.0.1", delay: float = 0.0) -> Iterator[Site]:
    """Serve a site on a thread."""
    site = Site(address, delay)
    thread = threading.Thread(target=site.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()
        thread.join()


def write_record(folder: Path, name: str, **fields: object) -> Path:
    """Write a record with these fields."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f'{field}: "{value}"' for field, value in {"title": name, **fields}.items()]
    path.write_text("\n".join(["---", *lines, "published: false", "---", ""]))
    return path


def main(folder: Path) -> None:
    """Write a feed of all kinds of links, and serve what it links to."""
    with served(delay=0.02) as one, served("127.0.0.2", delay=0.2) as two:
        kinds = ("ok", "gone", "moved", "blocked", "suspect", "found", "ok")
        for number in range(140):
            site = two if number % 5 == 0 else one
            kind = kinds[number % len(kinds)]
            write_record(
                folder,
                f"_news/{kind}-{number:03}.md",
                title=f"Story {number}, whose page is {kind}",
                publishedDateTime=f"2026-{number % 9 + 1:02}-{number % 28 + 1:02}T10:00:00Z",
                webUrl=site.url(f"/{kind}/{number}"),
                **({"ampWebUrl": site.url(f"/amp/{number}")} if number % 3 == 0 else {}),
            )
        print(one.url("/"), two.url("/"), flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
