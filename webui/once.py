"""Sent twice, done once: a double click, a second try on a bad line, the back button get the first outcome again.

Every form carries a key, drawn when its page was: it rides on the token against forgery, so no form can lack it. The
key and what was sent with it are put down in the very transaction of the act, with where the act led.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from operator import itemgetter
from typing import Any, TypeVar

from flask import Flask, current_app, flash, g, redirect, request, session
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect, generate_csrf
from sqlalchemy import Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert
from werkzeug.wrappers import Response

from models import Submission
from models.base import table_of

View = TypeVar("View", bound=Callable[..., Any])
_TABLE: Table = table_of(Submission)
# They tell the key they put down; nothing when it is there already.
_INSERTS: dict[str, ReturningInsert[Any]] = {
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.key),
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.key),
}
_MARK = "~"
_FLASHES = "_flashes"


class Guard(CSRFProtect):  # type: ignore[misc]
    """Checks the part of the token that is against forgery, and leaves the key alone."""

    def _get_csrf_token(self) -> str | None:
        token: str | None = super()._get_csrf_token()
        return token.partition(_MARK)[0] if token else token


def prepare(app: Flask) -> None:
    Guard(app)
    app.jinja_env.globals["csrf_token"] = token
    app.context_processor(lambda: {"csrf_token": token})


def token() -> str:
    """What a form carries: the token against forgery, when it was drawn, and a key of its own."""
    drawn = int(_moment().timestamp() * 1000)
    return f"{generate_csrf()}{_MARK}{drawn:x}{_MARK}{secrets.token_urlsafe(12)}"


def drawn_at() -> datetime | None:
    """When the form that came was drawn; None when it does not say."""
    _forgery, _, rest = request.form.get("csrf_token", "").partition(_MARK)
    try:
        return datetime.fromtimestamp(int(rest.partition(_MARK)[0], 16) / 1000, UTC) if rest else None
    except (ValueError, OverflowError, OSError):
        return None


def repeatable(view: View) -> View:
    """A form that may be sent as often as one likes (choosing the language); sent again, it acts again."""
    view.is_repeatable = True  # type: ignore[attr-defined]
    return view


def earlier(database: Callable[[], Session], at: datetime) -> Response | None:
    """What came of this very form when it came before; None the first time, which is put down. One that comes while
    the first is under way waits for it."""
    key = _key()
    if key is None:
        return None
    officer: int = current_user.officer.id
    row = {"key": key, "officer_id": officer, "path": request.path[:300], "at": at, "answer": None}
    connection = database().connection()
    if connection.execute(_INSERTS[connection.dialect.name], row).scalar_one_or_none() is not None:
        g.once, g.said_before = key, len(session.get(_FLASHES, []))
        return None
    answer = connection.execute(select(_TABLE.c.answer).where(_TABLE.c.key == key)).scalar_one()
    for kind, sentence in answer["said"]:
        flash(sentence, kind)
    return redirect(answer["location"], answer["code"])


def note(database: Callable[[], Session], answer: Response) -> None:
    """Puts down where the act led. A form that was handed back to be corrected has not been used."""
    key = g.pop("once", None)
    if key is None:
        return
    this = _TABLE.c.key == key
    if answer.status_code in {302, 303}:
        said = [[kind, str(sentence)] for kind, sentence in session.get(_FLASHES, [])[g.said_before :]]
        kept = {"code": answer.status_code, "location": answer.headers["Location"], "said": said}
        database().connection().execute(update(_TABLE).where(this).values(answer=kept))
    else:
        database().connection().execute(delete(_TABLE).where(this))


def claim(session: Session, key: str, *, officer: int | None, at: datetime) -> dict[str, Any] | None:
    """For programs, which name their own keys: what was answered under this key before (`keep_answer`); None the first
    time, which is put down. One that comes while the first is under way waits for it."""
    row = {"key": key, "officer_id": officer, "path": request.path[:300], "at": at, "answer": None}
    connection = session.connection()
    if connection.execute(_INSERTS[connection.dialect.name], row).scalar_one_or_none() is not None:
        return None
    answer: dict[str, Any] = connection.execute(select(_TABLE.c.answer).where(_TABLE.c.key == key)).scalar_one()
    return answer


def keep_answer(session: Session, key: str, answer: dict[str, Any]) -> None:
    session.connection().execute(update(_TABLE).where(_TABLE.c.key == key).values(answer=answer))


def _key() -> str | None:
    """Officer, address, key and all that was sent: whoever goes back and changes an answer sends another form."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or getattr(view, "is_repeatable", False) or getattr(view, "is_public", False):
        return None  # and what a program sends is left unread, whatever it calls it
    sent = request.form.get("csrf_token", "") if request.method == "POST" and not request.is_json else ""
    drawn = sent.partition(_MARK)[2]
    if not drawn or request.headers.get("HX-Request") or not current_user.is_authenticated:
        return None
    digest = sha256(f"{request.path}\n{drawn}\n".encode())
    for name, value in sorted(request.form.items(multi=True)):
        if name != "csrf_token":
            digest.update(f"{name}={len(value)}:{value}\n".encode())
    for name, file in sorted(request.files.items(multi=True), key=itemgetter(0)):
        size = file.stream.seek(0, 2)
        file.stream.seek(0)
        digest.update(f"{name}={file.filename}:{size}\n".encode())
    return f"{current_user.officer.id}:{digest.hexdigest()}"


def _moment() -> datetime:
    if "now" not in g:
        g.now = current_app.config["CLOCK"]()
    moment: datetime = g.now
    return moment
