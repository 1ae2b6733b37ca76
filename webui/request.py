"""One request is one officer, one moment, one transaction: answering keeps it, raising undoes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from engine.acts import outbox
from engine.acts.officers import actor_of
from engine.words.officers import Actor
from models.session import only_read
from webui import once

_READING = {"GET", "HEAD", "OPTIONS"}


class Here(NamedTuple):
    session: Session
    officer: Actor
    at: datetime


class Office(Flask):
    """Flask, with the two rules of this house: what an answered request has written is kept before the answer leaves,
    and what came before is not done again."""

    def dispatch_request(self) -> ResponseReturnValue:
        if request.method in _READING:
            return super().dispatch_request()
        known = once.earlier(database, now())
        answer = known if known is not None else self.make_response(super().dispatch_request())
        once.note(database, answer)
        keep()
        return answer


def prepare(app: Flask) -> None:
    app.teardown_request(_end)


def here() -> Here:
    """The session, the signed-in officer and the moment of this request. What a view needs to call an act."""
    if "actor" not in g:
        g.actor = actor_of(current_user.officer)
    return Here(database(), g.actor, now())


def now() -> datetime:
    """The moment of this request: one, however long it takes. Tests tell it by the setting CLOCK."""
    if "now" not in g:
        g.now = current_app.config["CLOCK"]()
    moment: datetime = g.now
    return moment


def database() -> Session:
    """The request's session. Reading requests get a transaction that never takes the writers' lock."""
    if "database" not in g:
        g.database = current_app.extensions["sessions"]()
        if request.method in _READING:
            only_read(g.database)
    opened: Session = g.database
    return opened


def read_only() -> None:
    """Undoes what this request has written and lets it only read from here on, without waiting for any writer."""
    opened: Session | None = g.pop("database", None)
    if opened is not None:
        opened.expunge_all()  # whoever is signed in is known already
        opened.rollback()
        opened.close()
    g.database = current_app.extensions["sessions"]()
    only_read(g.database)


def keep() -> None:
    """Commits a writing request. What fails here is told to the officer like any other error."""
    if "database" in g and request.method not in _READING:
        g.database.commit()
        _hand_on(g.database.info.pop("sent", ()))


def _hand_on(cases: Iterable[int]) -> None:
    """What the cases of this request have just sent, and what that sets off, each in a transaction of its own: the
    officer need not wait for the worker. His own act is kept already, whatever happens here."""
    if not cases:
        return
    try:
        outbox.deliver_from(current_app.extensions["sessions"], cases, at=now())
    except OperationalError as error:  # the database is busy: the worker hands it on
        current_app.logger.warning("left to the worker: %s", error.orig)


def _end(_error: BaseException | None) -> None:
    opened: Session | None = g.pop("database", None)
    if opened is not None:
        opened.rollback()
        opened.close()
