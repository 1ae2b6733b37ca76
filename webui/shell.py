"""The frame around every page: who is signed in, which rooms are open to that officer, and how much waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, flash, g, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from engine.acts import incidents as stopped
from engine.reads import inbox, incidents, unreceived
from models import Officer
from webui import letters, operations
from webui.locale import say
from webui.request import here


@dataclass(frozen=True, slots=True)
class Room:
    endpoint: str
    label: str
    key: str
    here: bool


def prepare(app: Flask) -> None:
    def rooms() -> list[Room]:
        return [
            Room(endpoint, label, key, request.blueprint in {endpoint.partition(".")[0], *beside})
            for endpoint, label, key, roles, beside in _doors()
            if (not roles or _holds(*roles)) and (endpoint != "intake.index" or may_raise())
        ]

    app.jinja_env.globals.update(
        rooms=rooms, signed_in=signed_in, open_tasks=open_tasks, as_many=as_many,
        case_url=case_url, evidence_url=evidence_url,
        plain_page=lambda: bool(g.get("plain")), may_raise=may_raise, stuck_cases=stuck_cases,
        unreceived_messages=unreceived_messages, stuck_door=lambda: _holds("admin", "designer", "auditor"),
        letters_door=lambda: _holds(*letters.ROLES),
        alarm=lambda: operations.alarm() if signed_in() else None,
    )  # fmt: skip


def signed_in() -> Officer | None:
    if g.get("plain") or not current_user or not current_user.is_authenticated:
        return None
    officer: Officer = current_user.officer
    return officer


def open_tasks() -> int:
    """How many tasks this officer could do now; asked once a page."""
    if "open_tasks" not in g:
        session, officer, _at = here()
        g.open_tasks = inbox.count(session, officer)
    counted: int = g.open_tasks
    return counted


def as_many(count: int) -> str:
    """A number of tasks as a person reads it: nobody counts beyond `inbox.MOST`."""
    return str(count) if count <= inbox.MOST else f"{inbox.MOST}+"


def stuck_cases() -> int:
    """How many cases wait for repair, for those who repair."""
    if "stuck_cases" not in g:
        g.stuck_cases = incidents.count(here().session)
    counted: int = g.stuck_cases
    return counted


def unreceived_messages() -> int:
    """How many messages of cases this officer may see have not been received."""
    if "unreceived_messages" not in g:
        session, officer, _at = here()
        g.unreceived_messages = unreceived.count(session, officer)
    counted: int = g.unreceived_messages
    return counted


def _holds(*roles: str) -> bool:
    return any(here().officer.has(role) for role in roles)


def say_if_stuck(case_id: int) -> bool:
    """One clear sentence for whoever has just handed something in that the process cannot go on with."""
    why = stopped.told(here().session, case_id)
    if why is not None:
        sentence = _("内容已保存，但流程停住了，已转管理人员处理，您不用重填：%(why)s", why=say(why.zh, why.en))
        flash(sentence, "warning")
    return why is not None


def may_raise() -> bool:
    return not here().officer.reads_only


def case_url(case_id: int) -> str:
    return url_for("cases.index", case_id=case_id)


def evidence_url(ref: Mapping[str, Any], width: int | None = None) -> str:
    """Where a photo or file is served; `pass` (only on what was just uploaded) opens it before it hangs on a case."""
    return url_for("evidence.index", sha=ref["sha"], width=width, **{"pass": ref.get("pass")})


def _doors() -> list[tuple[str, str, str, tuple[str, ...], tuple[str, ...]]]:
    """First page, label, keys, roles (none: everyone), other rooms that belong under the same label."""
    return [
        ("inbox.index", _("收件箱"), "g i", (), ("documents",)),
        ("ledger.index", _("台账"), "g l", (), ("cases", "jobs", "areas")),
        ("intake.index", _("提出问题"), "g n", (), ()),
        (
            "designer.index",
            _("流程"),
            "g p",
            ("designer", "admin", "auditor"),
            ("arrivals", "law_pages", "moving", "paper_templates"),
        ),
        ("audit.index", _("审计"), "g a", ("auditor", "admin"), ()),
        ("repair.index", _("故障处理"), "g r", ("admin", "designer"), ()),
        ("letters.index", say("消息", "Messages"), "g m", letters.ROLES, ("slips",)),
        ("units.index", say("单位", "Units"), "g u", ("admin",), ()),
        ("operations.index", _("运行"), "g o", ("admin",), ("outside",)),
    ]
