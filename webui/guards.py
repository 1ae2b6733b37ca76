"""Who may come in: signed in by default, roles where a room asks for them, and what a page may load."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, current_user
from flask_talisman import Talisman
from sqlalchemy.orm import joinedload, selectinload

from engine.words.errors import NotAllowed
from engine.words.terms import ROLES
from models import Grant, Officer
from webui.request import database, here

View = TypeVar("View", bound=Callable[..., Any])

# What a page may load. No page needs eval, another host, or (but for the two designers) a style that is written inline.
PAGES: dict[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self'",
    "style-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
MODELER: dict[str, str] = {**PAGES, "style-src-attr": "'unsafe-inline'"}
TABLES: dict[str, str] = {**PAGES, "style-src": "'self' 'unsafe-inline'"}

limiter = Limiter(get_remote_address, headers_enabled=True, storage_uri="memory://", strategy="moving-window")
_signing_in = LoginManager()


class SignedIn(UserMixin):  # type: ignore[misc]
    """The officer behind the cookie. Its id carries the session key: a new key signs out everywhere."""

    def __init__(self, officer: Officer) -> None:
        self.officer = officer

    def get_id(self) -> str:
        return f"{self.officer.id}:{self.officer.session_key}"


def prepare(app: Flask) -> None:
    _signing_in.init_app(app)
    limiter.init_app(app)
    Talisman(
        app,
        force_https=app.config["HTTPS"],
        session_cookie_secure=app.config["HTTPS"],
        strict_transport_security=app.config["HTTPS"],
        session_cookie_samesite="Lax",
        frame_options="DENY",
        referrer_policy="same-origin",
        content_security_policy=PAGES,
        permissions_policy={"camera": "()", "microphone": "()", "geolocation": "()", "browsing-topics": "()"},
    )
    app.before_request(_signed_in_or_public)


def public(view: View) -> View:
    """A page for everyone. Every other one wants a signed-in officer."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def policy(content: dict[str, str]) -> Callable[[View], View]:
    """Another content policy for this one page: `@guards.policy(guards.MODELER)`."""

    def mark(view: View) -> View:
        view.talisman_view_options = {"content_security_policy": content}  # type: ignore[attr-defined]
        return view

    return mark


def for_roles(room: Blueprint, *roles: str) -> None:
    """Only officers who hold one of these roles (for whatever unit) enter the room."""

    def hold_one() -> None:
        need(*roles)

    room.before_request(hold_one)


def need(*roles: str) -> None:
    """Raises NotAllowed unless the officer holds one of the roles."""
    if not any(here().officer.has(role) for role in roles):
        zh = "、".join(ROLES[role].zh for role in roles)
        en = ", ".join(ROLES[role].en for role in roles)
        raise NotAllowed(f"这里只对以下角色开放：{zh}。", f"This is open to these roles only: {en}.")


def load(officer_id: int) -> Officer | None:
    """An officer with unit and grants, in a fixed number of statements."""
    return database().get(
        Officer,
        officer_id,
        options=[joinedload(Officer.unit), selectinload(Officer.grants).joinedload(Grant.unit)],
    )


@_signing_in.user_loader  # type: ignore[untyped-decorator]
def _remembered(cookie: str) -> SignedIn | None:
    number, _, key = cookie.partition(":")
    officer = load(int(number)) if number.isdigit() else None
    if officer is None or officer.ended_at is not None or officer.session_key != key:
        return None
    return SignedIn(officer)


@_signing_in.unauthorized_handler  # type: ignore[untyped-decorator]
def _to_the_door() -> ResponseReturnValue:
    if request.headers.get("HX-Request") or request.accept_mimetypes.best == "application/json":
        return "", 401, {"HX-Redirect": url_for("account.sign_in")}
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("account.sign_in", next=back))


def _signed_in_or_public() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    if getattr(current_app.view_functions[request.endpoint], "is_public", False) or current_user.is_authenticated:
        return None
    answer: ResponseReturnValue = _signing_in.unauthorized()
    return answer
