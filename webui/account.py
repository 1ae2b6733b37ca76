"""The door: signing in and out, choosing a language, and seeing which duties one holds."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from flask_login import current_user, login_user, logout_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from engine.acts import officers
from models import Officer
from webui import guards, once
from webui.locale import COOKIE, language
from webui.request import database, here
from webui.translations.compile import LANGUAGES

room = Blueprint("account", __name__)

PASSWORDS = PasswordHasher()
# Checked when there is no such officer, so that the time of an answer does not tell which logins exist.
_NOBODY = PASSWORDS.hash("nobody signs in with this")
SHORTEST = 8
_YEAR = 365 * 24 * 3600


def _who() -> str:
    return f"{get_remote_address()} {request.form.get('login', '').strip().lower()[:64]}"


@room.route("/")
def home() -> ResponseReturnValue:
    return redirect(url_for("inbox.index"))


@room.route("/sign-in", methods=["GET", "POST"])
@guards.public
@guards.limiter.limit("60 per minute", methods=["POST"])
@guards.limiter.limit(
    "8 per 5 minutes", key_func=_who, methods=["POST"], deduct_when=lambda answer: answer.status_code == 422
)
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(_way_back())
    if request.method == "GET":
        return _door()
    officer = _recognised(request.form.get("login", "").strip(), request.form.get("password", ""))
    if officer is None:
        return _door(_("用户名或密码不正确。")), 422
    session.clear()
    session.permanent = True
    login_user(guards.SignedIn(officer))
    return redirect(_way_back())


@room.post("/sign-out")
@once.repeatable
def sign_out() -> ResponseReturnValue:
    logout_user()
    session.clear()
    flash(_("您已退出登录。"))
    return redirect(url_for("account.sign_in"))


@room.get("/account")
def index() -> ResponseReturnValue:
    return render_template("account/index.html", officer=current_user.officer, faults={})


@room.post("/account/password")
@once.repeatable
@guards.limiter.limit("10 per 10 minutes")
def change_password() -> ResponseReturnValue:
    """A new password ends every other session of this officer; this one goes on."""
    session, officer, _at = here()
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    faults = {}
    if _recognised(officer.login, old) is None:
        faults["old"] = _("现在的密码不正确。")
    if len(new) < SHORTEST:
        faults["new"] = _("新密码至少 %(n)s 位。", n=SHORTEST)
    elif new == old:
        faults["new"] = _("新密码不能与现在的相同。")
    elif new != again:
        faults["again"] = _("两次输入的新密码不一致。")
    if faults:
        return render_template("account/index.html", officer=current_user.officer, faults=faults), 422
    officers.set_password(session, current_user.officer.id, new)
    session.refresh(current_user.officer, ["session_key"])
    login_user(guards.SignedIn(current_user.officer))
    flash(_("密码已更改，其他设备上的登录已全部退出。"), "success")
    return redirect(url_for("account.index"))


@room.post("/language")
@once.repeatable
@guards.public
def choose_language() -> ResponseReturnValue:
    chosen = request.form.get("language", "")
    answer: Response = make_response(redirect(_way_back()))
    answer.set_cookie(
        COOKIE,
        chosen if chosen in LANGUAGES else language(),
        max_age=_YEAR,
        httponly=True,
        secure=request.is_secure,
        samesite="Lax",
    )
    return answer


def _door(fault: str | None = None) -> str:
    accounts, password = [], ""
    if current_app.config["DEMO"]:
        from webui.demo import city

        accounts, password = city.accounts(database()), city.PASSWORD
    return render_template("account/sign_in.html", fault=fault, accounts=accounts, password=password)


def _recognised(login: str, password: str) -> Officer | None:
    officer = database().scalar(select(Officer).where(Officer.login == login, Officer.ended_at.is_(None)))
    try:
        PASSWORDS.verify(officer.password_hash if officer is not None else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return None
    return officer


def _way_back() -> str:
    """Only a path of our own: never another host, whatever the address line says."""
    path = request.form.get("next") or request.args.get("next") or ""
    if path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable():
        return path
    return url_for("account.home")
