"""The door: who comes in, who does not, in which language, and what every page sends along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import officers
from engine.words.errors import OutOfDate
from tests.cast import MORNING, PASSWORD, Cast
from tests.webui.conftest import Browser
from webui.app import create_app
from webui.request import here


@pytest.fixture(autouse=True)
def cast(published: Cast) -> Cast:
    """The copied database is put in place before anything opens it."""
    return published


def test_whoever_is_not_signed_in_is_led_to_the_door(stranger: Browser) -> None:
    answer = stranger.get("/inbox?tray=unit")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/inbox?tray%3Dunit"
    assert stranger.get("/inbox", headers={"HX-Request": "true"}).status_code == 401


def test_every_page_but_the_door_wants_a_signed_in_officer(app: Flask) -> None:
    public = {end for end, view in app.view_functions.items() if getattr(view, "is_public", False)}
    # Programs are let in by their token, see `test_worker_api` and `test_source_api`.
    officers = {end for end in public if not end.startswith(("worker_api.", "source_api."))}
    assert officers == {"account.sign_in", "account.choose_language"}
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if rule.endpoint in public | {"static"} or rule.arguments or "GET" not in (rule.methods or ()):
            continue
        assert client.get(rule.rule).status_code == 302, rule.endpoint


def test_signing_in_and_out(stranger: Browser) -> None:
    answer = stranger.sign_in("clerk")
    assert answer.status_code == 302
    assert "港口经办" in stranger.get("/account").text
    assert "责任单位经办" in stranger.get("/account").text
    assert stranger.post("/sign-out").status_code == 302
    assert stranger.get("/account").status_code == 302


@pytest.mark.parametrize(("login", "password"), [("clerk", "wrong"), ("nobody", PASSWORD), ("", ""), ("clerk", "")])
def test_a_wrong_word_does_not_say_which_was_wrong(stranger: Browser, login: str, password: str) -> None:
    answer = stranger.sign_in(login, password)
    assert answer.status_code == 422
    assert "用户名或密码不正确" in answer.text
    assert stranger.get("/account").status_code == 302


def test_guessing_is_slowed_down(engine: Engine, cast: Cast, tmp_path: Path) -> None:
    guesser = Browser(create_app(str(engine.url), config={"SECRET_KEY": "x"}).test_client())
    codes = [guesser.sign_in("clerk", f"guess {n}").status_code for n in range(10)]
    assert codes == [422] * 8 + [429] * 2
    assert guesser.sign_in("head").status_code == 302


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example/", "/\\evil.example", "evil", "/a\nb"])
def test_the_way_back_is_never_another_host(stranger: Browser, elsewhere: str) -> None:
    stranger.get("/sign-in")
    answer = stranger.post("/sign-in", {"login": "clerk", "password": PASSWORD, "next": elsewhere})
    assert answer.location == "/"


def test_a_new_session_key_signs_out_everywhere(
    browser: Callable[[str], Browser], sessions: sessionmaker[Session], cast: Cast
) -> None:
    first, second = browser("clerk"), browser("clerk")
    with sessions() as session, session.begin():
        officers.set_password(session, cast.people["clerk"], "another-word")
    assert first.get("/account").status_code == 302
    assert second.get("/account").status_code == 302
    assert first.sign_in("clerk", "another-word").status_code == 302


def test_changing_the_password_ends_the_other_sessions(browser: Callable[[str], Browser]) -> None:
    here, elsewhere = browser("clerk"), browser("clerk")
    change = {"old": PASSWORD, "new": "a-longer-word", "again": "a-longer-word"}
    for wrong, said in [
        ({**change, "old": "nonsense"}, "现在的密码不正确"),
        ({**change, "new": "short"}, "至少 8 位"),
        ({**change, "again": "another"}, "不一致"),
        ({**change, "new": PASSWORD, "again": PASSWORD}, "相同"),
    ]:
        answer = here.post("/account/password", wrong)
        assert answer.status_code == 422
        assert said in answer.text
    assert here.post("/account/password", change).status_code == 302
    assert "密码已更改" in here.get("/account").text
    assert elsewhere.get("/account").status_code == 302
    assert elsewhere.sign_in("clerk").status_code == 422
    assert elsewhere.sign_in("clerk", "a-longer-word").status_code == 302


def test_an_officer_who_has_left_comes_in_no_more(
    browser: Callable[[str], Browser], sessions: sessionmaker[Session], cast: Cast
) -> None:
    inside = browser("clerk")
    with sessions() as session, session.begin():
        from models import Officer

        session.get_one(Officer, cast.people["clerk"]).ended_at = MORNING
    assert inside.get("/account").status_code == 302
    assert inside.sign_in("clerk").status_code == 422


def test_a_form_without_its_token_is_refused_in_words(browser: Callable[[str], Browser]) -> None:
    clerk = browser("clerk")
    answer = clerk.client.post("/sign-out")
    assert answer.status_code == 400
    assert "表单已失效" in answer.text
    assert clerk.get("/account").status_code == 200


def test_the_language_is_the_browsers_at_the_door_then_the_officers_choice(stranger: Browser) -> None:
    assert "Sign in" in stranger.get("/sign-in", headers={"Accept-Language": "en-GB,en"}).text
    page = stranger.get("/sign-in", headers={"Accept-Language": "fr"})
    assert "登录" in page.text
    assert '<html lang="zh-CN"' in page.text
    stranger.sign_in("clerk")
    assert "我的账户" in stranger.get("/account", headers={"Accept-Language": "en"}).text
    answer = stranger.post("/language", {"language": "en", "next": "/account"})
    assert answer.location == "/account"
    page = stranger.get("/account")
    assert '<html lang="en"' in page.text
    assert "My account" in page.text
    assert "Harbour street" in page.text
    stranger.post("/language", {"language": "xx"})
    assert '<html lang="en"' in stranger.get("/account").text


def test_what_is_not_there_is_told_as_a_page_or_as_json(browser: Callable[[str], Browser]) -> None:
    clerk = browser("clerk")
    page = clerk.get("/no/such/page")
    assert page.status_code == 404
    assert "没有找到" in page.text
    told = clerk.get("/no/such/page", headers={"Accept": "application/json"})
    assert told.status_code == 404
    assert "没有找到" in told.json["sentence"]


def test_every_page_says_what_it_may_load(browser: Callable[[str], Browser], app: Flask) -> None:
    clerk = browser("clerk")
    for path in ("/account", "/inbox", "/nowhere"):
        headers = clerk.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in headers


def test_cookies_are_kept_from_scripts_and_under_https_from_the_wire(
    stranger: Browser, engine: Engine, cast: Cast
) -> None:
    cookie = stranger.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    safe = create_app(str(engine.url), config={"SECRET_KEY": "x", "HTTPS": True}).test_client()
    assert safe.get("/sign-in").location == "https://localhost/sign-in"
    answer = safe.get("/sign-in", base_url="https://localhost")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in answer.headers


def test_what_was_written_is_kept_when_answered_and_undone_when_refused(
    app: Flask, browser: Callable[[str], Browser], sessions: sessionmaker[Session]
) -> None:
    from models import Unit

    def rename(refuse: bool) -> str:
        session = here().session
        session.get_one(Unit, 1).name = "改了"
        session.flush()
        if refuse:
            raise OutOfDate("已有变化。", "It has changed.")
        return "done"

    app.add_url_rule("/rename/<int:refuse>", "rename", rename, methods=["GET", "POST"])
    clerk = browser("clerk")

    def name() -> str:
        with sessions() as session:
            return session.get_one(Unit, 1).name

    assert clerk.post("/rename/1").status_code == 409
    assert name() == "青澜市"
    assert clerk.get("/rename/0").text == "done"
    assert name() == "青澜市", "a reading request never writes"
    assert clerk.post("/rename/0").text == "done"
    assert name() == "改了"


def test_what_breaks_is_told_calmly_with_a_number_that_is_in_the_log(
    app: Flask, browser: Callable[[str], Browser], caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> str:
        raise ZeroDivisionError

    app.add_url_rule("/broken", "broken", broken)
    answer = browser("clerk").get("/broken")
    assert answer.status_code == 500
    assert "系统出错" in answer.text
    assert "ZeroDivisionError" not in answer.text
    reference = caplog.records[-1].getMessage().split()[0]
    assert reference in answer.text


def test_the_frame_costs_a_fixed_number_of_statements(
    engine: Engine, app: Flask, browser: Callable[[str], Browser]
) -> None:
    clerk = browser("clerk")
    asked: list[str] = []
    event.listen(
        app.extensions["database"], "before_cursor_execute", lambda _c, _u, statement, *_: asked.append(statement)
    )
    clerk.get("/account")
    assert len(asked) <= 6, asked
