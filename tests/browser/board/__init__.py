"""A bare web server for the bundles alone: pages with our content policy, one diagram, one table, no program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

HERE = Path(__file__).parent
DIST = HERE.parents[2] / "webui" / "static" / "dist"
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; font-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; style-src 'self'"
)
EDITORS = POLICY + "; style-src-attr 'unsafe-inline'"
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".bpmn": "application/xml",
    ".dmn": "application/xml",
}


@dataclass
class Received:
    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Board:
    """`revision` is what the server holds; a save naming another one is refused with 409."""

    address: str
    revision: int = 1
    received: list[Received] = field(default_factory=list)
    findings: list[dict[str, object]] = field(default_factory=list)


def page(entries: list[str], body: str, lang: str) -> str:
    manifest = json.loads((DIST / "manifest.json").read_text("utf-8"))
    head = "".join(
        f'<link rel="stylesheet" href="/dist/{manifest[entry]["css"]}">'
        f'<script type="module" src="/dist/{manifest[entry]["js"]}"></script>'
        for entry in entries
    )
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Bihuan</title>'
        '<link rel="icon" href="data:,"><meta name="csrf-token" content="token">'
        f"{head}</head><body>{body}</body></html>"
    )


@contextmanager
def serve(pages: dict[str, tuple[list[str], str, str]]) -> Iterator[Board]:
    """`pages`: path → (bundle entries, body, content policy). `?lang=en` gives the English page."""

    class Answer(BaseHTTPRequestHandler):
        board: ClassVar[Board]

        def log_message(self, format: str, *args: object) -> None:
            """Silent: the tests look at what was received."""

        def answer(self, status: int, content: bytes, kind: str, policy: str = POLICY) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(content)

        def json(self, status: int, value: object) -> None:
            self.answer(status, json.dumps(value).encode(), "application/json")

        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            if path in pages:
                entries, body, policy = pages[path]
                lang = "en" if "lang=en" in query else "zh-CN"
                return self.answer(200, page(entries, body, lang).encode(), "text/html; charset=utf-8", policy)
            found = DIST / path.removeprefix("/dist/") if path.startswith("/dist/") else HERE / path.lstrip("/")
            if not found.is_file():
                return self.answer(404, b"", "text/plain")
            return self.answer(200, found.read_bytes(), TYPES[found.suffix])

        def take(self) -> Received:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            received = Received(self.command, self.path, dict(self.headers), body)
            self.board.received.append(received)
            return received

        def do_PUT(self) -> None:
            received = self.take()
            if received.headers.get("If-Match") != str(self.board.revision):
                return self.json(409, {})
            self.board.revision += 1
            return self.json(200, {"revision": self.board.revision, "findings": self.board.findings})

        def do_POST(self) -> None:
            self.take()
            if self.path == "/refused":
                return self.answer(422, "<p class='field-error'>不能早于今天</p>".encode(), "text/html; charset=utf-8")
            return self.json(200, {"findings": self.board.findings})

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Answer.board = Board(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Answer.board
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
