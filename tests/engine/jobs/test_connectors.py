"""Web requests and mails of cases: only where it is allowed, tried again, recognisable, never without end."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from sqlalchemy import Engine

from engine.acts import repairs, worker_keys
from engine.jobs import connectors
from engine.jobs.connectors import mail, web
from engine.jobs.connectors.outcome import Failed
from engine.words.errors import NotValid
from engine.words.officers import CLOCK
from tests.cast import Cast
from tests.engine.breadth.outside import jobs, outside
from tests.engine.breadth.town import Town, form, user
from tests.engine.tokens import drawn as d


@pytest.fixture
def town(engine: Engine, cast: Cast) -> Town:
    return Town(engine, cast)


SEEN: list[dict[str, Any]] = []


class _Permits(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        SEEN.append({"path": self.path, "key": self.headers["Idempotency-Key"], "mark": self.headers.get("X-Mark")})
        tries = sum(one["path"] == self.path for one in SEEN)
        code = {"/later": 503 if tries == 1 else 200, "/away": 302, "/none": 404}.get(self.path, 200)
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        if code == 302:
            self.send_header("Location", "http://elsewhere.example/")
        self.end_headers()
        self.wfile.write(b'{"holder": "Harbour"}' if self.path != "/broken" else b"{")

    def do_POST(self) -> None:
        told = self.rfile.read(int(self.headers["Content-Length"])).decode()
        SEEN.append({"path": self.path, "body": told, "type": self.headers["Content-Type"]})
        self.send_response(201)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def permits() -> Iterator[str]:
    SEEN.clear()
    server = HTTPServer(("127.0.0.1", 0), _Permits)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def ask(host: str, path: str, **more: Any) -> dict[str, Any]:
    return web.ask({"url": f"http://{host}{path}", **more}, "key-1", frozenset({host}))


def test_a_request_is_answered_with_status_headers_and_body(permits: str) -> None:
    answer = ask(permits, "/p", headers={"X-Mark": "m"})
    assert (answer["status"], answer["body"]) == (200, {"holder": "Harbour"})
    assert answer["headers"]["content-type"] == "application/json"
    assert SEEN == [{"path": "/p", "key": "key-1", "mark": "m"}]
    assert ask(permits, "/none")["status"] == 404
    assert ask(permits, "/away")["status"] == 302  # nobody follows it
    assert ask(permits, "/post", method="POST", body={"a": [1]})["status"] == 201
    assert SEEN[-1] == {"path": "/post", "body": '{"a":[1]}', "type": "application/json"}


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"url": "http://other.example/"}, "other.example is not allowed"),
        ({"url": "http://allowed.example:81/"}, "allowed.example:81 is not allowed"),
        ({"url": "http://allowed.example@other.example/"}, "no web address"),
        ({"url": "file:///etc/passwd"}, "no web address"),
        ({"url": "http://allowed.example/ x"}, "no web address"),
        ({"url": "http://[bad"}, "no address"),
        ({"url": "http://allowed.example/", "method": "STEAL"}, "no method"),
        ({"url": "http://allowed.example/", "headers": {"Host": "x"}}, "cannot be set"),
        ({"url": "http://allowed.example/", "headers": {"X": "a\r\nb"}}, "cannot be set"),
        ({"url": "http://allowed.example/", "headers": "X"}, "must be a context"),
        ({"url": "http://allowed.example/", "timeout": 61}, "at most 60"),
    ],
)
def test_what_must_not_go_out_is_refused_for_good(told: dict[str, Any], said: str) -> None:
    with pytest.raises(Failed, match=said) as failed:
        web.ask(told, "key", frozenset({"allowed.example"}))
    assert failed.value.for_good


def test_what_may_go_better_later_is_not_for_good(permits: str) -> None:
    for path in ("/later", "/broken"):
        with pytest.raises(Failed) as failed:
            ask(permits, path)
        assert not failed.value.for_good
    with pytest.raises(Failed, match="No answer") as failed:
        web.ask({"url": "http://127.0.0.1:1/"}, "k", frozenset({"127.0.0.1:1"}))
    assert not failed.value.for_good


def asking(town: Town, step: str) -> int:
    town.publish("asking", d.start(inner=form("a")), step, user("n"), d.end(), d.flows("s ask n e"))
    return town.open("asking", a=7)


def work(town: Town, doors: connectors.Doors | None = None) -> int:
    return connectors.once(town.sessions, doors or connectors.Doors(), clock=lambda: town.at)


def test_a_case_asks_fails_asks_again_and_goes_on(town: Town, permits: str) -> None:
    step = outside(
        "ask", "http", "out status code", "out =answer.body.holder holder", url=f'="http://{permits}/" + way'
    )
    town.publish("asking", d.start(inner=form("a")), d.script("s2", '{way: "later"}'), step, user("n"), d.end(),
                 d.flows("s s2 ask n e"))  # fmt: skip
    case = town.open("asking", a=7)
    assert work(town) == 1
    why = (town.case(case).stuck_why or {})["en"]
    assert "is not allowed" in why  # no host is, at first
    with town.sessions() as session, session.begin():
        worker_keys.allow_hosts(session, [permits], by=CLOCK, at=town.at)
    with town.sessions() as session, session.begin():
        repairs.retry(session, case, by=town.cast.actor(session, "admin"), at=town.at)
    assert work(town) == 1  # 503
    assert town.case(case).stuck_at is None
    assert work(town) == 0  # not before its time
    town.at += timedelta(minutes=1)
    assert work(town) == 1
    assert town.values(case) == {"a": 7, "way": "later", "code": 200, "holder": "Harbour"}
    assert town.waiting(case) == "n"
    assert len({one["key"] for one in SEEN}) == 1
    assert jobs(town) == []
    town.lawful()


class _Post(socketserver.StreamRequestHandler):
    """As much of a mail server as one mail needs."""

    letters: list[str] = []  # noqa: RUF012

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        lines: list[str] | None = None
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            if lines is not None:
                if line == ".":
                    self.letters.append("\n".join(lines))
                    lines = None
                    self.wfile.write(b"250 kept\r\n")
                else:
                    lines.append(line)
            elif line.upper() == "DATA":
                lines = []
                self.wfile.write(b"354 go on\r\n")
            elif line.upper() == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            elif line.lower().startswith("rcpt to:<nobody"):
                self.wfile.write(b"550 nobody\r\n")
            else:
                self.wfile.write(b"250 ok\r\n")


def test_a_case_sends_a_mail(town: Town) -> None:
    case = asking(town, outside("ask", "mail", "out message_id letter", to="head@example.org", subject="整改",
                                text='="还有 " + string(a) + " 天"'))  # fmt: skip
    _Post.letters.clear()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Post) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        door = mail.server_of(f"smtp://127.0.0.1:{server.server_address[1]}", "bihuan@example.org")
        assert work(town, connectors.Doors(door)) == 1
        with pytest.raises(Failed, match="refused") as failed:
            mail.send({"to": "nobody@example.org", "text": "x"}, "k", door)
        assert failed.value.for_good
        server.shutdown()
    (letter,) = _Post.letters
    assert "To: head@example.org" in letter
    assert town.values(case)["letter"] in letter
    assert town.waiting(case) == "n"
    town.lawful()


def test_without_a_mail_server_and_with_bad_letters_it_is_said(town: Town) -> None:
    door = mail.server_of("smtp://127.0.0.1:1", "bihuan@example.org")
    for told, said in (({"to": ""}, "must be mail addresses"), ({"to": "a@b.example", "subject": "a\nb"}, "written")):
        with pytest.raises(Failed, match=said):
            mail.send(told, "k", door)
    with pytest.raises(Failed, match="No mail server"):
        mail.send({"to": "a@b.example"}, "k", None)
    with pytest.raises(mail.NoServer):
        mail.server_of("http://x", "a@b.example")
    with pytest.raises(Failed, match="was not sent") as failed:
        mail.send({"to": "a@b.example"}, "k", door)
    assert not failed.value.for_good
    with town.sessions() as session, session.begin(), pytest.raises(NotValid):
        worker_keys.allow_hosts(session, ["http://x/"], by=CLOCK, at=town.at)
